from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.sales_dept_logistics.models.stock_ageing.days import last_month_end
from odoo.addons.sales_dept_roles.models.clock.bounds import check_dates


class SalesMonthlyReportMake(models.TransientModel):
    """The dialog in which those who lead the department have the reports of a month made."""

    _name = "sales.monthly.report.make"
    _description = "Make Monthly Reports"

    company_id = fields.Many2one("res.company", required=True, readonly=True, default=lambda self: self.env.company)
    date = fields.Date(
        "Month",
        required=True,
        default=lambda self: last_month_end(self.env.company._local_today()),
        help="Any day of it.",
    )
    user_ids = fields.Many2many(
        "res.users",
        string="People",
        domain="[('share', '=', False), ('company_ids', 'in', [company_id])]",
        default=lambda self: self.env.company._monthly_report_writers(),
        help="Those whose posts write a report, unless you choose others. Who has one of the month keeps it.",
    )

    @api.constrains("date")
    def _check_dates(self):
        check_dates(self, "date")

    def action_make(self):
        self.ensure_one()
        Report = self.env["sales.monthly.report"]
        if not Report._may_make():
            raise AccessError(self.env._("Monthly reports are made by those who lead the department."))
        first = self.date.replace(day=1)
        if first > self.company_id._local_today():
            raise UserError(self.env._("This month is still to come: choose one that has begun."))
        # They belong to their writers; who leads the department decides that there is one.
        reports = Report.sudo()._make(self.company_id, first, self.user_ids)
        if not reports:
            raise UserError(self.env._("All of these people have a report of that month already."))
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_dept_kpi.action_sales_monthly_reports")
        return {**action, "domain": [("id", "in", reports.ids)], "context": {}, "target": "main"}
