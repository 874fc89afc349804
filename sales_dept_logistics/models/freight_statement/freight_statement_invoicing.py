from datetime import time

from odoo import api, fields, models

from .freight_carrier_invoice import CHASE

DAY_BEGIN = time.min


class FreightStatement(models.Model):
    """The carrier's invoice is expected once the statement is signed, and chased until it is here."""

    _inherit = "freight.statement"

    invoice_ids = fields.One2many("freight.carrier.invoice", "statement_id", string="Carrier's Invoices", copy=False)
    invoice_count = fields.Integer(compute="_compute_invoice_count")
    closing_hours = fields.Float(
        "Hours to Signature",
        compute="_compute_closing_hours",
        store=True,
        aggregator="avg",
        help="From the end of the period to the last signature, in hours of the clock.",
    )

    @api.depends("invoice_ids")
    def _compute_invoice_count(self):
        for statement in self:
            statement.invoice_count = len(statement.invoice_ids)

    @api.depends("signed_date", "date_to")
    def _compute_closing_hours(self):
        for statement in self:
            if statement.signed_date:
                closed = statement.company_id._moment_of(fields.Date.add(statement.date_to, days=1), DAY_BEGIN)
                statement.closing_hours = (statement.signed_date - closed).total_seconds() / 3600
            else:
                statement.closing_hours = 0

    def _after_signing(self):
        self._expect_invoice()
        return super()._after_signing()

    def _expect_invoice(self):
        """Write down which invoice is expected, and who asks for it."""
        self.ensure_one()
        if self.invoice_ids:
            return
        today = self.company_id._local_today()
        invoice = self.env["freight.carrier.invoice"].create(
            {
                "statement_id": self.id,
                "company_id": self.company_id.id,
                "currency_id": self.currency_id.id,
                "due_date": fields.Date.add(today, days=self.carrier_id.invoice_days),
            }
        )
        if self.user_id.active:
            self.env["sales.dept.telling"]._ask(
                CHASE, [(invoice, self.user_id, {"date_deadline": invoice.due_date})], quiet=True
            )

    def action_open_invoices(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_dept_logistics.action_freight_carrier_invoices")
        action |= {"domain": [("statement_id", "=", self.id)], "context": {"default_statement_id": self.id}}
        if len(self.invoice_ids) == 1:
            action |= {"views": [(False, "form")], "res_id": self.invoice_ids.id}
        return action
