from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.sales_dept_roles.models.clock.bounds import check_dates


class SalesCollectionPlanMake(models.TransientModel):
    """The dialog in which the collection plans of a month are begun: one's own, or those of the department."""

    _name = "sales.collection.plan.make"
    _description = "Make Collection Plans"

    company_id = fields.Many2one("res.company", required=True, readonly=True, default=lambda self: self.env.company)
    date = fields.Date(
        "In Which Month",
        required=True,
        default=lambda self: self.env["sales.collection.plan"]._default_month(),
        help="Any day of the month.",
    )
    user_ids = fields.Many2many(
        "res.users",
        string="Account Managers",
        compute="_compute_user_ids",
        store=True,
        readonly=False,
        domain="[('share', '=', False), ('company_ids', 'in', [company_id])]",
        help="Those who have something to collect by the month's end. Who has a plan of the month keeps it.",
    )

    @api.constrains("date")
    def _check_dates(self):
        check_dates(self, "date")

    @api.depends("date", "company_id")
    def _compute_user_ids(self):
        Plan = self.env["sales.collection.plan"]
        for dialog in self:
            until = dialog.date and fields.Date.end_of(dialog.date, "month")
            users = Plan.sudo()._owed_users(dialog.company_id.sudo(), until) if until else self.env["res.users"]
            # Who does not lead or assist the department plans for themselves.
            if not self.env.user.has_group("sales_team.group_sale_salesman_all_leads"):
                users &= self.env.user
            dialog.user_ids = users.with_env(self.env)

    def action_make(self):
        self.ensure_one()
        plans = self.env["sales.collection.plan"]._make(self.company_id, self.date.replace(day=1), self.user_ids)
        if not plans:
            raise UserError(
                self.env._(
                    "No plan was made: nobody who is chosen lacks one for that month. Those that are there stand under "
                    "Collection Plans."
                )
            )
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_dept_kpi.action_sales_collection_plans")
        return {**action, "domain": [("id", "in", plans.ids)], "context": {}, "target": "main"}
