from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL


class FreightRateComparison(models.TransientModel):
    """What the shipments of some months would have cost with each carrier whose card is in use, side by side."""

    _name = "freight.rate.comparison"
    _description = "Comparison of Carriers"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    carrier_id = fields.Many2one(
        "delivery.carrier", "Shipments of", check_company=True, help="Empty: those of all carriers."
    )
    mode = fields.Selection(
        selection=lambda self: self.env["delivery.carrier"]._fields["transport_mode"]._description_selection(self.env),
        string="Transport",
        help="Of the shipments, and of the cards. Empty: all.",
    )
    date_from = fields.Date(
        "Shipped from", required=True, default=lambda self: self.env.company._local_today() - relativedelta(months=3)
    )
    date_to = fields.Date("Shipped until", required=True, default=lambda self: self.env.company._local_today())
    line_ids = fields.One2many("freight.rate.comparison.line", "comparison_id", "By Card", readonly=True)

    @api.depends("date_from", "date_to")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for comparison in self:
            comparison.display_name = self.env._("Comparison of Carriers")

    def action_compare(self):
        """Price the same waybills by each card that is in use today; zones are each carrier's own."""
        self.ensure_one()
        if self.date_to < self.date_from:
            raise UserError(self.env._("The last day is before the first one: correct the dates."))
        self.line_ids.unlink()
        self.env.flush_all()
        for card in self._cards():
            self.env.cr.execute(self._compare_sql(card))
        self.invalidate_recordset(flush=False)
        return True

    def _cards(self):
        today = self.company_id._local_today()
        domain = (
            Domain("company_id", "=", self.company_id.id)
            & Domain("state", "=", "in_use")
            & Domain("date_from", "<=", today)
            & (Domain("date_last", "=", False) | Domain("date_last", ">=", today))
        )
        return self.env["freight.rate.card"].search(
            domain & Domain("mode", "in", [self.mode, False]) if self.mode else domain
        )

    def _waybills_sql(self):
        # Those that the user sees.
        domain = (
            Domain("company_id", "=", self.company_id.id)
            & Domain("shipped_date", ">=", self.date_from)
            & Domain("shipped_date", "<=", self.date_to)
        )
        if self.carrier_id:
            domain &= Domain("carrier_id", "=", self.carrier_id.id)
        if self.mode:
            domain &= Domain("mode", "=", self.mode)
        return self.env["freight.waybill"]._search(domain).select()

    def _compare_sql(self, card):
        """What lacks one of the two prices is counted, and left out of both sums."""
        return SQL(
            """
            WITH %(compared)s
            INSERT INTO freight_rate_comparison_line
                        (comparison_id, card_id, carrier_id, waybill_count, left_out_count, weight, old_amount,
                         new_amount, difference, create_uid, create_date, write_uid, write_date)
                 SELECT %(comparison)s, %(card)s, %(carrier)s, COUNT(old), COUNT(*) - COUNT(old),
                        COALESCE(SUM(weight) FILTER (WHERE old IS NOT NULL), 0), COALESCE(SUM(old), 0),
                        COALESCE(SUM(new) FILTER (WHERE old IS NOT NULL), 0), COALESCE(SUM(new - old), 0),
                        %(uid)s, NOW() AT TIME ZONE 'UTC', %(uid)s, NOW() AT TIME ZONE 'UTC'
                   FROM compared
                 HAVING COUNT(*) > 0
            """,
            compared=self.env["freight.waybill"]._comparison_sql(
                self._waybills_sql(), SQL("%s", card.id), SQL("%s", card.carrier_id.id)
            ),
            comparison=self.id,
            card=card.id,
            carrier=card.carrier_id.id,
            uid=self.env.uid,
        )
