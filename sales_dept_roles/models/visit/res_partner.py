from ast import literal_eval
from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import AccessError

READERS = "sales_team.group_sale_salesman,sales_dept_roles.group_review_department"


class ResPartner(models.Model):
    _inherit = "res.partner"

    contact_class_id = fields.Many2one(
        "sales.contact.class",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        groups=READERS,
        help="How often the customer is to be visited or called. Set by the heads of the department and the assistant.",
    )
    contact_class_date = fields.Date(
        "In the Contact Plan Since",
        compute="_compute_contact_class_date",
        store=True,
        groups=READERS,
        help="The day from which the class holds: nothing falls due before.",
    )
    contact_last_date = fields.Date("Last Contact", compute="_compute_contact_plan", groups=READERS)
    contact_due_date = fields.Date("Next Contact Due", compute="_compute_contact_plan", groups=READERS)
    contact_may_plan = fields.Boolean(compute="_compute_contact_may_plan", groups=READERS)
    visit_count = fields.Integer("Number of Visits", compute="_compute_visit_count", groups=READERS)

    @api.depends("contact_class_id")
    def _compute_contact_class_date(self):
        for partner in self:
            company = partner.company_id or self.env.company
            partner.contact_class_date = company._local_today() if partner.contact_class_id else False

    @api.depends_context("uid")
    def _compute_contact_may_plan(self):
        self.contact_may_plan = self._may_plan_contacts()

    def _compute_contact_plan(self):
        rows = self.env["sales.contact.due"].sudo().browse(self.commercial_partner_id.ids).exists().grouped("id")
        for partner in self:
            row = rows.get(partner.commercial_partner_id.id)
            partner.contact_last_date = row and row.last_date
            partner.contact_due_date = row and row.date_due

    def _compute_visit_count(self):
        counts = Counter()
        for visited, count in self.env["calendar.event"]._read_group(
            [("visit_partner_id.commercial_partner_id", "in", self.commercial_partner_id.ids)],
            ["visit_partner_id"],
            ["__count"],
        ):
            counts[visited.commercial_partner_id] += count
        for partner in self:
            partner.visit_count = counts[partner.commercial_partner_id]

    # === RIGHTS === #

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"contact_class_id", "contact_class_date"}

    def _refused_fields(self, names):
        refused = super()._refused_fields(names)
        return refused - {"contact_class_id"} if self._may_plan_contacts() else refused

    @api.model
    def _may_plan_contacts(self):
        user = self.env.user
        return (
            self.env.su
            or user.has_group("sales_dept_roles.group_assistant")
            or self.env["mail.activity"]._assignment_is_head(user)
        )

    @api.model
    def _refuse_protected(self, names):
        if "contact_class_id" in names:
            raise AccessError(
                self.env._(
                    "How often a customer is contacted is decided by the heads of the sales department, and entered "
                    "by them or the assistant."
                )
            )
        return super()._refuse_protected(names)

    # === ACTIONS === #

    def action_plan_visit(self):
        return self._action_visit_dialog("sales_dept_roles.action_sales_visit_plan")

    def action_log_call(self):
        return self._action_visit_dialog("sales_dept_roles.action_sales_visit_log")

    def _action_visit_dialog(self, xmlid):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        context = {**literal_eval(action["context"] or "{}"), "default_partner_id": self.id}
        return {**action, "context": context}

    def action_view_visits(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("sales_dept_roles.action_visits"),
            "domain": [
                ("visit_purpose", "!=", False),
                ("visit_partner_id.commercial_partner_id", "=", self.commercial_partner_id.id),
            ],
            "context": {"default_visit_partner_id": self.id, "default_visit_purpose": "relationship"},
        }
