from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.sales_dept_logistics.models.stock_ageing.days import last_month_end
from odoo.addons.sales_dept_roles.models.clock.bounds import check_dates

# Who rates whom: the role of the user at work, as `sales.appraisal.rater` has it.
RATERS = {
    "director": "sales_dept_roles.group_director",
    "general_manager": "sales_dept_roles.group_general_manager",
}


class SalesAppraisalMake(models.TransientModel):
    """The dialog in which the director, or the general manager, begins the appraisals of a period."""

    _name = "sales.appraisal.make"
    _description = "Make Appraisals"

    company_id = fields.Many2one("res.company", required=True, readonly=True, default=lambda self: self.env.company)
    kind = fields.Selection(
        [("month", "Month"), ("quarter", "Quarter"), ("year", "Year")], string="For", required=True, default="quarter"
    )
    date = fields.Date(
        "In Which",
        required=True,
        default=lambda self: last_month_end(self.env.company._local_today()),
        help="Any day of the period.",
    )
    user_ids = fields.Many2many(
        "res.users",
        string="People",
        domain="[('share', '=', False), ('company_ids', 'in', [company_id])]",
        default=lambda self: self._proposed_users(),
        help="Those whose posts are appraised, and whom you rate. Who has an appraisal of the period keeps it.",
    )

    @api.constrains("date")
    def _check_dates(self):
        check_dates(self, "date")

    @api.model
    def _proposed_users(self):
        company = self.env.company
        roles = (
            self.env["sales.dept.role"]
            .sudo()
            .search([("is_appraised", "=", True), ("company_id", "in", [False, company.id])])
        )
        users = (roles.group_id.all_user_ids | roles.assigned_user_ids).filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        )
        raters = self.env["sales.appraisal"]._rater_of(users)
        return users.filtered(lambda user: user != self.env.user and self._rates(raters[user])).with_env(self.env)

    @api.model
    def _rates(self, rater):
        """Whether the user at work rates those of `rater`."""
        return self.env.user.has_group(RATERS[rater])

    def action_make(self):
        self.ensure_one()
        Appraisal = self.env["sales.appraisal"]
        for user, rater in Appraisal._rater_of(self.user_ids).items():
            if user == self.env.user or not self._rates(rater):
                raise AccessError(
                    self.env._(
                        "%(name)s is not appraised by you: the director appraises the department, and the general "
                        "manager the director.",
                        name=user.name,
                    )
                )
        # They are made by the system; what follows is the rater's.
        appraisals = Appraisal.sudo()._make(self.company_id, self.kind, self.date, self.user_ids)
        if not appraisals:
            raise UserError(self.env._("All of these people have an appraisal for that period already."))
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_dept_kpi.action_sales_appraisals")
        return {**action, "domain": [("id", "in", appraisals.ids)], "context": {}, "target": "main"}
