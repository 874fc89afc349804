from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.sales_dept_logistics.models.stock_ageing.days import last_month_end, month_end

TAKERS = (
    "sales_team.group_sale_salesman_all_leads",
    "sales_dept_roles.group_finance_verifier",
)


class SalesReceivableAgeingMake(models.TransientModel):
    """The dialog in which the ageing of a month's end is taken that is not there yet."""

    _name = "sales.receivable.ageing.make"
    _description = "Take the Ageing"

    company_id = fields.Many2one("res.company", required=True, readonly=True, default=lambda self: self.env.company)
    date = fields.Date(
        "In Which Month",
        required=True,
        default=lambda self: last_month_end(self.env.company._local_today()),
        help="Any day of a month that is over: the ageing is of its end.",
    )

    def action_take(self):
        self.ensure_one()
        if not any(self.env.user.has_group(group) for group in TAKERS):
            raise AccessError(self.env._("The ageing is taken by those who lead or assist the department, or finance."))
        day = month_end(self.date)
        if day >= self.company_id._local_today():
            raise UserError(
                self.env._("%(day)s is not over yet: what is open then is not known. Choose a month before.", day=day)
            )
        self.env["sales.receivable.ageing"].sudo()._take(self.company_id, day)
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_dept_kpi.action_sales_receivable_ageing")
        return {**action, "domain": [("date", "=", day)], "context": {}, "target": "main"}
