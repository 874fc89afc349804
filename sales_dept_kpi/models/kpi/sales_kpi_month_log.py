from odoo import fields, models


class SalesKpiMonthLog(models.Model):
    """Who locked a month or opened it again, when and why. Nobody writes it but the month itself."""

    _name = "sales.kpi.month.log"
    _description = "Lock of a Month"
    _order = "id desc"
    _rec_name = "month_id"

    month_id = fields.Many2one("sales.kpi.month", required=True, readonly=True, ondelete="restrict", index=True)
    company_id = fields.Many2one(related="month_id.company_id", store=True)
    kind = fields.Selection(
        [("locked", "Locked"), ("opened", "Opened Again")], string="Action", required=True, readonly=True
    )
    user_id = fields.Many2one("res.users", "Done By", required=True, readonly=True, ondelete="restrict")
    date = fields.Datetime("Done On", required=True, readonly=True, default=fields.Datetime.now)
    reason = fields.Text(readonly=True)
