"""Expected cost of waybills, beside a hand-written query that multiplies the weight by the price of its tier.

At SCALE=1 there are 100,000 waybills of ten carriers, whose rate cards have 67,000 tiers, in a database of their own.
The bare query knows no volume, no rounding, no minimum, no fuel and no surcharges, and writes nothing.
"""

from contextlib import closing

from common import addons
from databases import clone, depends_of, installed
from postgres import execute

from odoo.tools import SQL

from bench import operations
from bench.data import cursor_of
from bench.harness import Comparison
from bench.subjects.stock_ageing import Copies

DATABASE = "sd_bench_rating"
# For the 20,000 quotations of SCALE=1.
QUOTATIONS, WAYBILLS = 20_000, 100_000
CARRIERS, ZONES, STARTS = 10, 67, 100
# To price 100,000 waybills.
SECONDS_LIMIT = 5
PAIRS = 3


def measure_installed(bench):
    scale = bench.quotations / QUOTATIONS
    waybills, starts = round(WAYBILLS * scale), max(1, round(STARTS * scale))
    clone(bench.variables, installed(bench.variables, "minimal", depends_of(addons())), bench.database(DATABASE))
    with closing(bench.worker(DATABASE)) as worker:
        models = worker("rating_models")
    with cursor_of(bench.variables, DATABASE) as cursor:
        Waybills(cursor, models).make(waybills, starts)
    execute(bench.variables, "VACUUM ANALYZE", database=DATABASE)
    worker = bench.worker(DATABASE)
    worker("settle")
    beside = f"bare SQL, {CARRIERS * ZONES * starts:,} tiers"
    for label, command, limit in (
        (f"Price {waybills:,} waybills", "rating_read", SECONDS_LIMIT),
        ("… and write what each costs", "rating_write", None),
    ):
        costs = Comparison.run(lambda _n: worker("rating_bare"), lambda _n, command=command: worker(command), PAIRS)
        bench.table.times(label, beside, costs, seconds_limit=limit)


class Waybills(Copies):
    """Ten carriers with a rate card each, by zones and weights, and what left with them in three months."""

    def make(self, waybills, starts):
        self.cursor.execute("SELECT setseed(0.13)")
        carrier = self._copy("delivery_carrier", CARRIERS, {})
        card = self._copy("freight_rate_card", CARRIERS, {"carrier_id": f"{carrier} + n"})
        for rows in ("freight_rate_rounding", "freight_rate_surcharge"):
            self._copy(rows, CARRIERS, {"card_id": f"{card} + n"})
        self._copy("freight_fuel_rate", CARRIERS, {"carrier_id": f"{carrier} + n"})
        zone = self._copy(
            "freight_zone",
            CARRIERS * ZONES,
            {"carrier_id": f"{carrier} + n / {ZONES}", "name": "'Zone ' || n", "is_remote": "n %% 10 = 0"},
        )
        self._copy(
            "freight_rate_tier",
            CARRIERS * ZONES * starts,
            {
                "card_id": f"{card} + n / {ZONES * starts}",
                "zone_id": f"{zone} + n / {starts}",
                "start_quantity": f"n %% {starts} * 10",
                "price": f"5 - 0.01 * (n %% {starts})",
            },
        )
        of_zone = f"(n * 7919) %% {CARRIERS * ZONES}"
        self._copy(
            "freight_waybill",
            waybills,
            {
                "carrier_id": f"{carrier} + {of_zone} / {ZONES}",
                "zone_id": f"{zone} + {of_zone}",
                "name": "'W' || n",
                "number_key": "'W' || n",
                "weight": "ROUND((random() * 990 + 0.5)::numeric, 3)",
                "volume": "ROUND((random() * 3)::numeric, 6)",
                "shipped_date": "model.shipped_date - n %% 90",
                "statement_month": "date_trunc('month', model.shipped_date - n %% 90)::date",
            },
        )


class Operations(operations.Operations):
    def rating_models(self):
        """Make a carrier with a rate card in use, and a waybill; return their ids by table."""
        with self.environment() as env:
            party = env["res.partner"].create({"name": "Carrier", "is_company": True})
            service = env["product.product"].create({"name": "Freight", "type": "service"})
            carrier = env["delivery.carrier"].create(
                {"name": "Carrier", "product_id": service.id, "partner_id": party.id}
            )
            zone = env["freight.zone"].create({"name": "Zone", "carrier_id": carrier.id})
            agreement = env["sales.agreement"].create(
                {
                    "kind": "logistics",
                    "partner_id": party.id,
                    "subject": "Freight",
                    "date_start": "2020-01-01",
                    "signed_scan": "JVBERi0=",
                    "signed_date": "2020-01-01",
                }
            )
            card = env["freight.rate.card"].create(self._rating_card(env, agreement, carrier, zone))
            agreement.action_record_signed()
            fuel = env["freight.fuel.rate"].create({"carrier_id": carrier.id, "month": "2020-01-01", "percent": 12.5})
            waybill = env["freight.waybill"].create({"name": "W", "carrier_id": carrier.id, "zone_id": zone.id})
            return {
                record._table: record.id
                for record in (
                    carrier,
                    zone,
                    card,
                    card.tier_ids,
                    card.rounding_ids,
                    card.surcharge_ids,
                    fuel,
                    waybill,
                )
            }

    @staticmethod
    def _rating_card(env, agreement, carrier, zone):
        return {
            "name": "Card",
            "agreement_id": agreement.id,
            "carrier_id": carrier.id,
            "date_from": "2020-01-01",
            "volumetric_divisor": 6000,
            "break_weight": True,
            "has_fuel": True,
            "minimum_amount": 12,
            "tier_ids": [(0, 0, {"zone_id": zone.id, "price": 2})],
            "rounding_ids": [(0, 0, {"step": 0.5})],
            "surcharge_ids": [
                (
                    0,
                    0,
                    {
                        "kind_id": env.ref("sales_dept_logistics.charge_remote").id,
                        "method": "weight",
                        "amount": 0.5,
                        "condition": "remote",
                    },
                )
            ],
        }

    def rating_bare(self):
        with self.measured() as (env, measure):
            return measure(lambda: env.execute_query(SQL(BARE)))

    def rating_read(self):
        """The charges alone, as the query of the rating finds them."""
        with self.measured() as (env, measure):
            query = env["freight.waybill"]._rating_sql(SQL("SELECT id FROM freight_waybill"))
            return measure(lambda: env.execute_query(SQL("WITH %s SELECT * FROM charge", query)))

    def rating_write(self):
        with self.measured() as (env, measure):
            waybills = env["freight.waybill"].search([])
            return measure(lambda: waybills._rate())


BARE = """
    SELECT waybill.id, waybill.weight * tier.price
      FROM freight_waybill waybill
      JOIN freight_rate_card card ON card.carrier_id = waybill.carrier_id AND card.state = 'in_use'
      JOIN LATERAL (
           SELECT price FROM freight_rate_tier tier
            WHERE tier.card_id = card.id AND COALESCE(tier.zone_id, 0) = waybill.zone_id
              AND tier.start_quantity <= waybill.weight
         ORDER BY tier.start_quantity DESC
            LIMIT 1
           ) tier ON TRUE
"""
