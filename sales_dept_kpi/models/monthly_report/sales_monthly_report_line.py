from odoo import api, fields, models

from .sections import SECTIONS


class SalesMonthlyReportLine(models.Model):
    """A document that a monthly report lists, as it stood when the figures were taken.

    The system makes them; nobody has the right to make, change or delete one.
    """

    _name = "sales.monthly.report.line"
    _description = "Open Document of a Monthly Report"
    _inherit = ["sales.document.link.mixin"]
    _order = "report_id, sequence, date, id"

    report_id = fields.Many2one("sales.monthly.report", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="report_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(related="report_id.date_from", store=True, index=True)
    month_text = fields.Char(related="report_id.month_text")
    kind = fields.Selection(related="report_id.kind", store=True)
    section = fields.Selection(
        selection=[
            ("collection", "Open collections"),
            ("review", "Overdue order reviews"),
            ("overstock", "Overstock"),
            ("exception", "Order exceptions"),
            ("follow_up", "Follow-ups with other departments"),
        ],
        required=True,
        readonly=True,
        index=True,
    )
    sequence = fields.Integer(compute="_compute_sequence", store=True)
    user_id = fields.Many2one("res.users", "Responsible", readonly=True, index="btree_not_null", ondelete="restrict")
    res_model = fields.Char("Document Model", readonly=True)
    res_id = fields.Many2oneReference("Document ID", model_field="res_model", readonly=True)
    name = fields.Char("Document", readonly=True)
    partner_name = fields.Char("Customer or Person", readonly=True)
    date = fields.Date("Due", readonly=True)
    days = fields.Integer(readonly=True, aggregator=None, help="Since it was due, when the figures were taken.")
    amount = fields.Monetary(readonly=True)
    detail = fields.Text("Remark", readonly=True)

    @api.depends("section")
    def _compute_sequence(self):
        order = list(SECTIONS)
        for line in self:
            line.sequence = order.index(line.section) if line.section in SECTIONS else len(order)

    @api.readonly
    def action_open_document(self):
        """Open the document as it is now."""
        return self._open_document(
            self.env._("%(document)s is not there any more. The report keeps what it was.", document=self.name or "")
        )
