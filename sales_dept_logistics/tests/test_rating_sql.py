from datetime import date, timedelta
from decimal import Decimal
from random import Random

from psycopg2.errors import CheckViolation

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .. import rating
from .rate_card_common import RateCardCommon


@tagged("post_install", "-at_install")
class TestRatingSql(RateCardCommon):
    """The database prices as the plain arithmetic does, on random cards and shipments."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.random = Random(20260)
        cls.zones = cls.env["freight.zone"].union(*(cls._zone(f"Zone {at}", is_remote=at % 3 == 0) for at in range(6)))
        cls.env["freight.fuel.rate"].create(
            [
                {"carrier_id": cls.sf.id, "month": "2031-01-01", "percent": 8.25},
                {"carrier_id": cls.sf.id, "month": "2031-03-01", "percent": 13.5, "mode": "express"},
                {"carrier_id": cls.sf.id, "month": "2031-03-01", "percent": 11},
            ]
        )

    # === RANDOM CARDS AND SHIPMENTS === #

    def _amount(self, most=50, digits=2):
        return round(self.random.uniform(0, most), digits)

    def _random_tiers(self):
        places = [False, *self.random.sample(self.zones.ids, 3)][self.random.randint(0, 1) :]
        rows = []
        for zone in places:
            starts = [self.random.choice([0, 0, 0.5]), *self.random.sample(range(1, 300), self.random.randint(0, 4))]
            for start in starts:
                first = self.random.random() < 0.5
                rows.append(
                    {
                        "zone_id": zone,
                        "start_quantity": start,
                        "fixed_amount": self._amount(30) if first else 0,
                        "included_quantity": start + self.random.choice([0, 1, 0.5]) if first else 0,
                        "price": self._amount(4, 4),
                        "minimum_amount": self._amount(60) if self.random.random() < 0.3 else 0,
                    }
                )
        return rows

    def _random_surcharges(self):
        methods = ["fixed", "weight", "piece", "freight", "value", "cash"]
        kinds = [kind.id for kind in self.kinds.values()]
        return [
            {
                "kind_id": self.random.choice(kinds),
                "method": self.random.choice(methods),
                "amount": self._amount(5, 3),
                "condition": condition,
                "zone_ids": [Command.set(self.random.sample(self.zones.ids, 2))],
                "above_weight": self.random.choice([0, 0, 20, 100]),
                "minimum_amount": self.random.choice([0, 0, 5.5]),
                "most_amount": self.random.choice([0, 0, 12.3]),
            }
            for condition in self.random.sample(["always", "remote", "zones", "request"], self.random.randint(0, 4))
        ]

    def _random_card(self):
        choice = self.random.choice
        bands = [
            {"start_quantity": start, "step": choice([0.5, 1, 0.1, 0.3, 5]), "rule": choice(["up", "nearest", "down"])}
            for start in choice([(), (0,), (0, 100), (10,)])
        ]
        discount = choice([False, "waybills", "weight", "amount"])
        return self._card(
            tiers=self._random_tiers(),
            roundings=bands,
            surcharges=self._random_surcharges(),
            discounts=[{"start_volume": start, "percent": self._amount(40)} for start in (0, 30, 500, 5000)],
            basis=choice(["weight", "weight", "volume", "pieces", "shipment"]),
            tier_kind=choice(["slab", "cumulative"]),
            tier_start=choice(["from", "over"]),
            break_weight=choice([True, False]),
            volumetric_divisor=choice([0, 6000, 12000, 7000, 333]),
            minimum_amount=choice([0, 12.5]),
            fee_step=choice([0.01, 0.01, 0.1, 0.5, 1]),
            fee_rule=choice(["up", "nearest", "down"]),
            has_fuel=choice([True, False]),
            discount_basis=discount,
            discount_month="before" if discount == "amount" else choice(["same", "before"]),
        )

    def _random_waybills(self, count):
        choice = self.random.choice
        vals_list = [
            {
                "name": f"SF{at:08}",
                "carrier_id": self.sf.id,
                "shipped_date": date(2031, 1, 1) + timedelta(days=self.random.randint(0, 88)),
                "weight": choice([0, 0.5, 1, 100, 299, self._amount(5, 3), self._amount(400, 3)]),
                "volume": choice([0, 0.006, self._amount(0.1, 6), self._amount(3, 6)]),
                "pieces": self.random.randint(1, 40),
                "zone_id": choice([False, *self.zones.ids]),
                "declared_value": self._amount(20000),
                "cash_amount": choice([0, self._amount(500)]),
                "service_ids": [Command.set([kind.id for kind in self.kinds.values() if choice([True, False])])],
            }
            for at in range(count)
        ]
        return self.env["freight.waybill"].create(vals_list)

    # === BY BOTH === #

    def _by_python(self, card, waybills):
        """``{(waybill id, kind id): amount}``, and ``{waybill id: why there is none}``."""
        values, charges, states = card._values(), {}, {}
        for waybill in waybills:
            try:
                result = rating.rate(values, self._shipment(card, waybill))
            except rating.NoPrice as error:
                states[waybill.id] = error.code
                continue
            states[waybill.id] = "rated"
            charges |= {(waybill.id, kind): amount for kind, amount in result.charges.items()}
        return charges, states

    def _shipment(self, card, waybill):
        exact = rating.exact
        return rating.Shipment(
            weight=exact(waybill.weight, 3),
            volume=exact(waybill.volume, 6),
            pieces=waybill.pieces,
            zone=waybill.zone_id.id or None,
            remote=waybill.zone_id.is_remote,
            declared=exact(waybill.declared_value, 6),
            cash=exact(waybill.cash_amount, 6),
            services=frozenset(waybill.service_ids.ids),
            month_volume=self._month_volume(card, waybill),
            fuel_percent=exact(
                self.env["freight.fuel.rate"]._percent_of(self.company, self.sf, waybill.mode, waybill.shipped_date),
                3,
            ),
        )

    def _month_volume(self, card, waybill):
        month = waybill.statement_month
        if card.discount_month == "before":
            month = (month - timedelta(days=1)).replace(day=1)
        of_month = self.waybills.filtered(lambda other: other.statement_month == month)
        if card.discount_basis == "weight":
            return sum((rating.exact(other.weight, 3) for other in of_month), Decimal(0))
        if card.discount_basis == "amount":
            freight = of_month.charge_ids.filtered(lambda charge: charge.kind_id == self.kinds["freight"])
            return sum((rating.exact(charge.expected_amount, 3) for charge in freight), Decimal(0))
        return Decimal(len(of_month))

    def _by_sql(self, card, waybills):
        self.env.flush_all()
        query = self.env["freight.waybill"]._rating_sql(
            SQL("SELECT UNNEST(%s)", list(waybills.ids)), SQL("%s", card.id)
        )
        rows = self.env.execute_query(SQL("WITH %s SELECT waybill_id, kind_id, amount FROM charge", query))
        states = self.env.execute_query(SQL("WITH %s SELECT waybill_id, state FROM priced", query))
        return {(waybill, kind): amount for waybill, kind, amount in rows}, dict(states)

    def _charge(self, waybills):
        """Freight as it may stand on waybills that were priced before."""
        self.env["freight.waybill.charge"].sudo().create(
            [
                {
                    "waybill_id": waybill.id,
                    "kind_id": self.kinds[kind].id,
                    "company_id": self.company.id,
                    "currency_id": self.company.currency_id.id,
                    "expected_amount": self._amount(60),
                }
                for waybill in waybills
                for kind in ("freight", "fuel")
            ]
        )

    def test_equal_on_random_cards(self):
        self.waybills = self._random_waybills(60)
        self._charge(self.waybills)
        rated, with_extras = 0, 0
        for at in range(60):
            card = self._random_card()
            charges, states = self._by_python(card, self.waybills)
            sql_charges, sql_states = self._by_sql(card, self.waybills)
            with self.subTest(card=at):
                self.assertEqual(sql_states, states)
                self.assertEqual(
                    {key: Decimal(str(amount)).normalize() for key, amount in sql_charges.items()},
                    {key: amount.normalize() for key, amount in charges.items()},
                )
            rated += sum(state == "rated" for state in states.values())
            with_extras += len(charges) - sum(state == "rated" for state in states.values())
        # Most random shipments have a price, and many more than the freight.
        self.assertGreater(rated, 2000)
        self.assertGreater(with_extras, 2000)

    def test_discount_by_what_the_month_before_costs(self):
        """January costs 120: February is a tenth cheaper, and comes to so little that March is not."""
        self.env["freight.fuel.rate"].search([]).unlink()
        card = self._card(
            tiers=[(0, 2)],
            discounts=[{"start_volume": 0, "percent": 0}, {"start_volume": 100, "percent": 10}],
            discount_basis="amount",
        )
        weights = {"2031-01-05": 35, "2031-01-20": 25, "2031-02-10": 10, "2031-03-10": 10}
        waybills = self.env["freight.waybill"].create(
            [
                {"name": f"SF{at:08}", "carrier_id": self.sf.id, "shipped_date": day, "weight": weight}
                for at, (day, weight) in enumerate(weights.items())
            ]
        )
        self._in_use(card)
        self.assertEqual(waybills.mapped("expected_cost"), [70, 50, 18, 20])
        self.assertEqual(card._month_volume(date(2031, 2, 3)), 120)
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation), self.env.cr.savepoint():
            self._card(tiers=[(0, 2)], discount_basis="amount", discount_month="same")

    def test_cheapest_of_all_break_weights(self):
        """80 kg at 3 are 240; as 100 kg at 2.80 they are 280, as 200 kg at 1 no more than 200."""
        values = {"tiers": [(0, 3), (100, 2.8), (200, 1), (500, 0.9)], "break_weight": True}
        self._in_use(self._card(**values))
        waybill = self._waybill("SF00000001", weight=80)
        self.assertEqual(waybill.expected_cost, 200)
        self.assertIn("200", waybill.charge_ids.explanation)

    def test_what_is_stored_is_what_both_say(self):
        card = self._random_card()
        waybills = self.waybills = self._random_waybills(40)
        self._in_use(card)
        # Volumes of the month are of all of them.
        waybills._rate()
        charges, states = self._by_python(card, waybills)
        self.assertEqual({waybill.id: waybill.rating_state for waybill in waybills}, states)
        stored = {(c.waybill_id.id, c.kind_id.id): c.expected_amount for c in waybills.charge_ids}
        self.assertEqual(stored, {key: float(amount) for key, amount in charges.items()})
        for waybill in waybills:
            of_it = [amount for (waybill_id, _kind), amount in charges.items() if waybill_id == waybill.id]
            self.assertAlmostEqual(waybill.expected_cost, float(sum(of_it)))
            # And each charge can be told step by step.
            self.assertTrue(all(charge.explanation for charge in waybill.charge_ids))
