from odoo import api, fields, models

from .sales_monthly_report import AMOUNTS, COUNTS


class SalesMonthlyReportMember(models.Model):
    """A person's row in the department's report, as their own report stood when it was last looked at.

    The system makes them; nobody has the right to make, change or delete one.
    """

    _name = "sales.monthly.report.member"
    _description = "Person in the Department's Monthly Report"
    _order = "report_id, user_id, id"

    report_id = fields.Many2one("sales.monthly.report", required=True, readonly=True, index=True, ondelete="cascade")
    source_id = fields.Many2one(
        "sales.monthly.report", "Own Report", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="report_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one("res.users", "Person", readonly=True, index="btree_not_null", ondelete="restrict")
    state = fields.Selection(
        [
            ("draft", "To Be Written"),
            ("waiting", "Waiting for Confirmation"),
            ("sent_back", "Sent Back"),
            ("confirmed", "Confirmed"),
        ],
        string="Status",
        readonly=True,
    )
    submitted_date = fields.Datetime("Submitted On", readonly=True)
    is_late = fields.Boolean("Late", readonly=True)
    kpi_count = fields.Integer("KPIs Judged", readonly=True)
    kpi_met_count = fields.Integer("Number of KPIs Met", readonly=True)
    kpi_text = fields.Char("KPIs Met", compute="_compute_kpi_text")
    collection_count = fields.Integer("Open Collections", readonly=True)
    collection_amount = fields.Monetary("Overdue Receivables", readonly=True)
    review_count = fields.Integer("Overdue Order Reviews", readonly=True)
    review_amount = fields.Monetary("Value of Overdue Order Reviews", readonly=True)
    overstock_count = fields.Integer("Overstock Lines", readonly=True)
    overstock_amount = fields.Monetary("Overstock Value", readonly=True)
    exception_count = fields.Integer("Order Exceptions", readonly=True)
    follow_up_count = fields.Integer("Follow-ups with Other Departments", readonly=True)
    results = fields.Text(readonly=True)
    help_needed = fields.Text(readonly=True)

    @api.depends("kpi_count", "kpi_met_count")
    def _compute_kpi_text(self):
        for member in self:
            member.kpi_text = f"{member.kpi_met_count} / {member.kpi_count}" if member.kpi_count else "–"

    def _copied_fields(self):
        """What a row copies from the person's report."""
        copied = ("state", "submitted_date", "is_late", "kpi_count", "kpi_met_count", "results", "help_needed")
        return [*copied, *COUNTS, *AMOUNTS]

    @api.readonly
    def action_open_report(self):
        self.ensure_one()
        return self.source_id._open_form()
