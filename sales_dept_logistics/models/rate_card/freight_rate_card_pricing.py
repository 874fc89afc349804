from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Domain

from ... import rating


class FreightRateCard(models.Model):
    """One shipment priced by hand, as the database prices many: for the calculator."""

    _inherit = "freight.rate.card"

    @api.model
    def _in_use_on(self, company, carrier, mode, day):
        """The card in use for what leaves on `day`; that of the transport `mode` goes before that of all."""
        cards = self.sudo().search(
            Domain("state", "=", "in_use")
            & Domain("company_id", "=", company.id)
            & Domain("carrier_id", "=", carrier.id)
            & Domain("mode", "in", [mode, False])
            & Domain("date_from", "<=", day)
            & (Domain("date_last", "=", False) | Domain("date_last", ">=", day))
            & (Domain("agreement_id.date_last", "=", False) | Domain("agreement_id.date_last", ">=", day))
        )
        return (cards.filtered("mode") or cards)[:1].sudo(self.env.su)

    def _month_volume(self, day):
        """What counts for the discount of something that leaves on `day`, as a Decimal."""
        self.ensure_one()
        if not self.discount_basis:
            return rating.exact(0, 3)
        month = self.carrier_id.sudo()._statement_month(day)
        if self.discount_month == "before":
            month -= relativedelta(months=1)
        waybills = (
            Domain("company_id", "=", self.company_id.id)
            & Domain("carrier_id", "=", self.carrier_id.id)
            & Domain("statement_month", "=", month)
        )
        if self.discount_basis == "amount":
            charges = (
                Domain("waybill_id", "any", waybills)
                & Domain("kind_id", "=", self.env["freight.charge.kind"]._freight().id)
                & Domain("currency_id", "=", self.currency_id.id)
            )
            model, domain, aggregate = "freight.waybill.charge", charges, "expected_amount:sum"
        else:
            aggregate = {"waybills": "__count", "weight": "weight:sum"}[self.discount_basis]
            model, domain = "freight.waybill", waybills
        ((volume,),) = self.env[model].sudo()._read_group(domain, aggregates=[aggregate])
        return rating.exact(volume or 0, 3)
