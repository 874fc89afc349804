from odoo import api, fields, models
from odoo.fields import Domain

from ..kpi.sales_kpi_month import LEADERS

# In the context: whose job card it is, where that is not the reader's own.
PERSON = "job_card_user_id"


class SalesDeptDuty(models.Model):
    """A duty with its live figures: the person's own, or the department's where the post answers for that."""

    _inherit = "sales.dept.duty"

    kpi_ids = fields.Many2many(
        "sales.kpi",
        string="KPIs",
        groups="sales_team.group_sale_salesman,sales_dept_roles.group_review_department,base.group_system",
        help="The figures that prove the duty.",
    )
    figures = fields.Json(compute="_compute_figures")

    @api.model
    def _card_person(self):
        return self.env["res.users"].browse(self.env.context.get(PERSON) or self.env.uid)

    @api.depends("kpi_ids.department_role_ids", "role_id")
    @api.depends_context("uid", "allowed_company_ids", "lang", PERSON)
    def _compute_figures(self):
        person = self._card_person()
        # A post may be held without any right to figures.
        readable = self if self.env["sales.kpi"].has_access("read") else self.browse()
        held = readable.filtered(lambda duty: person in duty.role_id.user_ids)
        department, own = held._figure_series(person)
        for duty in self:
            duty.figures = [
                duty._figure_values(kpi, person, department, own)
                for kpi in (duty.kpi_ids if duty in held else ())
                # Computed once at least, for somebody.
                if (self.env.company.id, kpi.id) in department
            ]

    def _figure_series(self, person):
        """The months of the department's and of the person's own figures; two queries, whatever cards there are."""
        if not self:
            return {}, {}
        month = self.env.company._local_today().replace(day=1)
        domain = Domain("kpi_id", "in", self.kpi_ids.ids) & Domain("company_id", "=", self.env.company.id)
        return (
            self.env["sales.kpi.total"]._series(domain, month, month),
            self.env["sales.kpi.result"]._series(domain & Domain("user_id", "=", person.id), month, month),
        )

    def _figure_values(self, kpi, person, department, own):
        """What the card shows of a KPI."""
        key, month = (self.env.company.id, kpi.id), self.env.company._local_today().replace(day=1)
        months = own.get((*key, person.id), {})
        # Who leads the department, and sells nothing, answers for what the others sell.
        is_department = self.role_id in kpi.department_role_ids or not months and self._is_of_leader()
        months = department[key] if is_department else months
        figures = self.env["sales.kpi.total" if is_department else "sales.kpi.result"]
        return {
            "kpi": kpi.name,
            "is_department": is_department,
            "trend": figures._trend(months, month),
            **months.get(month, figures)._card_values(),
        }

    def _is_of_leader(self):
        # Which role a post comes with is for all to read, groups are for administrators.
        group = self.sudo().role_id.group_id
        return group.id in [self.env["ir.model.data"]._xmlid_to_res_id(leaders) for leaders in LEADERS]

    @api.depends_context(PERSON)
    def _compute_work(self):
        if self._card_person() == self.env.user:
            return super()._compute_work()
        # What waits for them is counted by their rights, not by those of whoever looks at their card.
        self.work = []

    def action_print_my_job_description(self):
        """On somebody else's card: theirs."""
        if self._card_person() == self.env.user:
            return super().action_print_my_job_description()
        return self.env["sales.dept.role"].search([("user_ids", "in", self._card_person().ids)]).action_print_job_card()

    @api.model
    def action_open_job_card(self, user_id):
        """Open the duties of somebody with their figures, as far as the reader may see these."""
        person = self.env["res.users"].browse(user_id)
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_dept_roles.action_my_duties")
        name = self.env._("Job Card of %(person)s", person=person.name)
        return {
            **action,
            "name": name,
            "display_name": name,
            "domain": [("role_id.user_ids", "in", person.ids)],
            "context": {PERSON: person.id},
        }

    def _indicator_lines(self):
        """The thresholds that hold today, for the printed form."""
        self.ensure_one()
        if not self.env["sales.kpi"].has_access("read"):
            return []
        return [text for kpi in self.kpi_ids if (text := kpi._indicator_of_post(self.role_id))]
