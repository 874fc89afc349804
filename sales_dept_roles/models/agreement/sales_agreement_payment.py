from odoo import api, fields, models
from odoo.fields import Domain

from .sales_agreement import IN_FORCE


class SalesAgreement(models.Model):
    """From which day the agreed payment terms count, and what that means."""

    _inherit = "sales.agreement"

    payment_base = fields.Selection(
        [("shipment", "Shipment"), ("statement", "Confirmed Statement"), ("invoice", "Invoice")],
        "Payment Terms Count From",
        tracking=True,
        help="Shipment: the day on which the last of the invoiced goods left. Confirmed statement: the last day of the "
        "period that the customer confirmed. Empty, as Odoo does it: the invoice.",
    )
    payment_example_dates = fields.Html(
        "Example Dates",
        related="payment_term_id.sales_dept_example_dates",
        help="What falls due when, by three days of the base.",
    )

    def _expected_due_date(self, base_date):
        """The day by which all is paid that counts from `base_date`; that day itself where nothing else was agreed."""
        self.ensure_one()
        term = self.payment_term_id
        return max(term._due_dates(base_date), default=base_date) if term else base_date

    @api.model
    def _in_force_with_base(self, base, companies, partners):
        """Return ``{(company, partner): agreement in force}`` of those whose payment terms count from `base`.

        :param str base: a value of `payment_base`
        :param partners: the companies that signed, not their contacts
        """
        found = self.search(
            Domain("payment_base", "=", base)
            & Domain("company_id", "in", companies.ids)
            & Domain("partner_id", "in", partners.ids)
            & Domain("state", "in", IN_FORCE),
            order="date_start, id",
        )
        return {(agreement.company_id, agreement.partner_id): agreement for agreement in found}
