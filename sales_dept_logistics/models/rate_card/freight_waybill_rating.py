from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .freight_waybill import COST_GROUPS
from .rating_sql import rating_sql

# How far back the daily turn looks for prices that changed after the goods had left.
LOOKS_BACK_DAYS = 100
BATCH_SIZE = 5_000
CRON = "sales_dept_logistics.ir_cron_freight_rating"


class FreightWaybill(models.Model):
    """Waybills are priced by the card that is in use for them when their goods leave, and again when that changes.

    :meth:`_rate` alone writes prices, for all its waybills at once. What a statement of the carrier was compared with
    stays as it is: see :meth:`_rating_open_sql`.
    """

    _inherit = "freight.waybill"

    declared_value = fields.Monetary(help="What the goods were insured for with the carrier.")
    cash_amount = fields.Monetary("Cash on Delivery", help="What the carrier collects from the receiver for us.")
    service_ids = fields.Many2many(
        "freight.charge.kind",
        "freight_waybill_service_rel",
        "waybill_id",
        "kind_id",
        "Services Ordered",
        check_company=True,
        help="What was ordered with the carrier besides the transport: then it may charge for it.",
    )
    rate_card_id = fields.Many2one(
        "freight.rate.card", readonly=True, ondelete="set null", copy=False, groups=COST_GROUPS
    )
    rating_state = fields.Selection(
        [
            ("rated", "Priced"),
            ("no_card", "No rate card in use"),
            ("no_zone", "No zone found"),
            ("no_tier", "No price for it on the card"),
            ("no_quantity", "Without weight or volume"),
        ],
        "Expected Cost is",
        readonly=True,
        copy=False,
        groups=COST_GROUPS,
    )
    rating_basis = fields.Json(readonly=True, copy=False, groups=COST_GROUPS)

    _values_of_services = models.Constraint(
        "CHECK (declared_value >= 0 AND cash_amount >= 0)", "Declared value and cash on delivery are not negative."
    )

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"rate_card_id", "rating_state", "rating_basis"}

    # === WHEN === #

    @api.model
    def _rating_fields(self):
        """Return the names of the fields by which a waybill is priced."""
        return {
            "company_id",
            "carrier_id",
            "partner_id",
            "picking_ids",
            "mode",
            "shipped_date",
            "zone",
            "zone_id",
            "pieces",
            "weight",
            "volume",
            "declared_value",
            "cash_amount",
            "service_ids",
        }

    @api.model_create_multi
    def create(self, vals_list):
        waybills = super().create(vals_list)
        waybills.sudo()._rate()
        return waybills

    def write(self, vals):
        if not vals.keys() & self._rating_fields():
            return super().write(vals)
        zones = {} if "zone_id" in vals else {waybill: waybill._zone_of() for waybill in self.sudo()}
        result = super().write(vals)
        moved = self.sudo().filtered(lambda waybill: waybill in zones and zones[waybill] != waybill._zone_of())
        super(FreightWaybill, moved.filtered("zone_id")).write({"zone_id": False})
        self.sudo()._rate()
        return result

    def _zone_of(self):
        """What a zone is found by: when it changes, the zone is found anew."""
        return self.company_id, self.carrier_id, self.partner_id, self.zone

    def _weigh_again(self):
        result = super()._weigh_again()
        self.sudo()._rate()
        return result

    @api.model
    def _rating_open_sql(self, waybill):
        """Whether the rating may still change the waybill of the alias `waybill`. Extension point."""
        return SQL("TRUE")

    # === PRICING === #

    def _rate(self):
        """Price those of `self` that are open (set-based)."""
        # Cards in use stay: where there is none there never was one.
        if not self or not self.env["freight.rate.card"].sudo().search_count([("state", "=", "in_use")], limit=1):
            return
        self._assign_zones()
        self.env.flush_all()
        for waybills in self._rating_turns():
            query = waybills._rating_sql(waybills._rating_ids_sql())
            self.env.cr.execute(SQL("WITH %s, %s", query, self._rating_writes_sql()))
        self.invalidate_recordset(
            ["charge_ids", "expected_cost", "rate_card_id", "rating_state", "rating_basis", "chargeable_weight"],
            flush=False,
        )
        self.env["freight.waybill.charge"].invalidate_model(flush=False)

    def _rating_turns(self):
        """`self` as it is priced: together, or month by month where a discount goes by what the month before costs."""
        by_amount = Domain("state", "=", "in_use") & Domain("discount_basis", "=", "amount")
        by_amount &= Domain("carrier_id", "in", self.carrier_id.ids)
        if not self.env["freight.rate.card"].sudo().search_count(by_amount, limit=1):
            return [self]
        months = self.grouped("statement_month")
        return [months[month] for month in sorted(months)]

    @api.model
    def _rating_sql(self, waybills, card=None, carrier=None):
        """:func:`.rating_sql` of the ids `waybills`; with `carrier` as if they had gone with that one."""
        kinds = self.env["freight.charge.kind"]
        zones = carrier and self._zones_sql(waybills, carrier)
        return rating_sql(
            waybills, card, freight=kinds._freight().id, fuel=kinds._fuel().id, carrier=carrier, zones=zones
        )

    def _rating_ids_sql(self):
        return SQL(
            "SELECT waybill.id FROM freight_waybill waybill WHERE waybill.id = ANY(%s) AND %s",
            list(self.ids),
            self._rating_open_sql(SQL("waybill")),
        )

    @api.model
    def _rating_writes_sql(self):
        """What a rating writes: charges that are due no more go, others come or change, and waybills say what it is."""
        return SQL(
            """
            removed AS (
                DELETE FROM freight_waybill_charge old
                 USING priced
                 WHERE priced.waybill_id = old.waybill_id
                   AND NOT EXISTS (SELECT FROM charge
                                    WHERE charge.waybill_id = old.waybill_id AND charge.kind_id = old.kind_id)
            ), written AS (
                INSERT INTO freight_waybill_charge AS old
                            (waybill_id, kind_id, company_id, currency_id, rate_card_id, expected_amount)
                     SELECT charge.waybill_id, charge.kind_id, priced.company_id, charge.currency_id, charge.card_id,
                            charge.amount
                       FROM charge JOIN priced USING (waybill_id)
                ON CONFLICT (waybill_id, kind_id) DO UPDATE
                        SET currency_id = EXCLUDED.currency_id, rate_card_id = EXCLUDED.rate_card_id,
                            expected_amount = EXCLUDED.expected_amount
                      WHERE (old.currency_id, old.rate_card_id, old.expected_amount)
                            IS DISTINCT FROM (EXCLUDED.currency_id, EXCLUDED.rate_card_id, EXCLUDED.expected_amount)
            ), result AS (
                SELECT priced.waybill_id, priced.card_id, priced.state,
                       CASE WHEN priced.state = 'rated' THEN priced.charged_weight END AS charged_weight,
                       CASE WHEN priced.state = 'rated' THEN %(in_company_currency)s END AS cost,
                       CASE WHEN priced.state = 'rated' THEN JSONB_BUILD_OBJECT(
                            'weight', priced.weight::text, 'volume', priced.volume::text,
                            'pieces', priced.pieces::integer, 'zone', priced.zone_id, 'remote', priced.remote,
                            'declared', priced.declared::text, 'cash', priced.cash::text,
                            'month_volume', priced.month_volume::text, 'fuel_percent', priced.fuel_percent::text,
                            'services', COALESCE((SELECT JSONB_AGG(rel.kind_id ORDER BY rel.kind_id)
                                                    FROM freight_waybill_service_rel rel
                                                   WHERE rel.waybill_id = priced.waybill_id), '[]'::jsonb)
                            ) END AS basis
                  FROM priced
             LEFT JOIN (SELECT waybill_id, SUM(amount) AS amount FROM charge GROUP BY waybill_id) total
                       USING (waybill_id)
                  JOIN res_company company ON company.id = priced.company_id
                  JOIN res_currency own ON own.id = company.currency_id
            )
            UPDATE freight_waybill waybill
               SET rate_card_id = result.card_id, rating_state = result.state, rating_basis = result.basis,
                   expected_cost = result.cost,
                   chargeable_weight = COALESCE(result.charged_weight, waybill.chargeable_weight)
              FROM result
             WHERE result.waybill_id = waybill.id
               AND (waybill.rate_card_id, waybill.rating_state, waybill.rating_basis, waybill.expected_cost,
                    waybill.chargeable_weight)
                   IS DISTINCT FROM (result.card_id, result.state, result.basis, result.cost,
                                     COALESCE(result.charged_weight, waybill.chargeable_weight))
            """,
            in_company_currency=self._in_company_currency_sql(),
        )

    @api.model
    def _in_company_currency_sql(self):
        """The sum of the charges in the company's currency, at the rate of the day of shipping."""
        return SQL(
            """
            CASE WHEN priced.currency_id = own.id THEN total.amount
                 ELSE ROUND(total.amount * %(to)s / %(from)s / own.rounding) * own.rounding END
            """,
            **{
                "to": rate_sql(SQL("own.id"), SQL("priced.shipped_date")),
                "from": rate_sql(SQL("priced.currency_id"), SQL("priced.shipped_date")),
            },
        )

    @api.model
    def _cron_rate(self):
        """Once a day: price what left lately again; fuel, volumes, signatures and zones may have come since."""
        day = fields.Date.subtract(self.env.company._local_today(), days=LOOKS_BACK_DAYS)
        waybills = self.search(Domain("shipped_date", ">=", day))
        self.env["sales.dept.job"]._run(
            CRON, waybills, lambda batch: batch._rate(), batch_size=BATCH_SIZE, goes_on=True
        )


def rate_sql(currency, day):
    """The rate of `currency` on `day` for ``company``, as `res.currency` finds it."""
    return SQL(
        """
        COALESCE(
            (SELECT rate.rate FROM res_currency_rate rate
              WHERE rate.currency_id = %(currency)s AND rate.name <= %(day)s
                AND (rate.company_id IS NULL OR rate.company_id = SPLIT_PART(company.parent_path, '/', 1)::integer)
           ORDER BY rate.company_id, rate.name DESC LIMIT 1),
            (SELECT rate.rate FROM res_currency_rate rate
              WHERE rate.currency_id = %(currency)s
                AND (rate.company_id IS NULL OR rate.company_id = SPLIT_PART(company.parent_path, '/', 1)::integer)
           ORDER BY rate.company_id, rate.name LIMIT 1),
            1.0)
        """,
        currency=currency,
        day=day,
    )
