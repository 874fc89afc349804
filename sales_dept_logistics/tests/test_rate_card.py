from datetime import date
from unittest.mock import patch

from psycopg2.errors import ExclusionViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..models.rate_card import freight_waybill_rating
from .rate_card_common import SCAN, RateCardCommon


@tagged("post_install", "-at_install")
class TestRateCard(RateCardCommon):
    """When a card counts, and who may change it."""

    def test_signed_with_the_agreement(self):
        """A card comes into use when both have signed, and is a term of what they sign."""
        card = self._express_card()
        waybill = self._waybill(weight=1.5, shipped_date="2031-03-01")
        self.agreement.with_user(self.assistant).action_approval_submit()
        with self.assertRefused("is in approval, with the prices of Card"):
            card.tier_ids.price = 3
        self.agreement.with_user(self.director).action_approval_approve()
        self.agreement.with_user(self.gm).action_approval_approve()
        self.assertEqual((card.state, waybill.expected_cost), ("draft", 0))
        self.agreement.write({"signed_scan": SCAN, "signed_date": "2031-01-02"})
        self.assertEqual((card.state, waybill.expected_cost), ("in_use", 6))

    def test_changed_prices_make_the_approval_stale(self):
        card = self._express_card()
        self.agreement.with_user(self.assistant).action_approval_submit()
        self.agreement.with_user(self.director).action_approval_approve()
        self.agreement.with_user(self.gm).action_approval_approve()
        self.assertEqual(self.agreement.approval_state, "approved")
        card.tier_ids.price = 3
        self.assertEqual(self.agreement.approval_state, "stale")
        card.tier_ids.price = 2
        self.assertEqual(self.agreement.approval_state, "approved")

    def test_frozen(self):
        """Nothing of a card in use changes, through its rows either; its remark does."""
        card = self._express_card(
            surcharges=[{"kind_id": self.kinds["remote"].id, "amount": 10}],
            discounts=[{"start_volume": 10, "percent": 5}],
        )
        self._in_use(card)
        card.note = "Called about it"
        for change in (
            lambda: card.write({"minimum_amount": 1}),
            lambda: card.write({"tier_ids": [Command.create({"start_quantity": 9})]}),
            lambda: card.tier_ids.write({"price": 1}),
            lambda: card.tier_ids.unlink(),
            lambda: card.rounding_ids.write({"step": 1}),
            lambda: card.surcharge_ids.unlink(),
            lambda: card.discount_ids.copy({"start_volume": 99}),
            lambda: card.unlink(),
        ):
            with self.assertRefused("Rate card Card is in use"):
                change()
        with self.assertRaises(AccessError):
            card.state = "draft"
        with self.assertRaises(AccessError):
            self._card(state="in_use")

    def test_supplement(self):
        """What comes under a signed agreement the director brings into use; it takes the place of the card before."""
        old = self._express_card()
        self._in_use(old)
        new = old.with_user(self.assistant).action_new_version()
        new = self.env["freight.rate.card"].browse(new["res_id"])
        self.assertEqual((new.state, new.is_supplement, new.date_from), ("draft", True, date(2031, 4, 1)))
        self.assertEqual(new.tier_ids.mapped("fixed_amount"), [5])
        new.write({"date_from": date(2031, 3, 20)})
        new.tier_ids.fixed_amount = 8
        self.assertIn(self.agreement.state, ("in_force", "expiring"))
        with self.assertRefused("Only the sales director", AccessError):
            new.with_user(self.assistant).action_bring_into_use()
        before, after = (self._waybill(f"SF0000010{n}", weight=1, shipped_date=f"2031-03-{n}") for n in (19, 20))
        new.with_user(self.director).action_bring_into_use()
        self.assertEqual((old.date_to, old.followed_date, old.date_last), (False, new.date_from, date(2031, 3, 19)))
        self.assertEqual((before.expected_cost, after.expected_cost), (5, 8))
        self.assertEqual((before.rate_card_id, after.rate_card_id), (old, new))

    def test_renewal(self):
        """The renewed agreement begins with the prices of the last; signed, they follow each other without a gap."""
        old = self._express_card()
        self._in_use(old)
        renewal = self.env["sales.agreement"].browse(self.agreement.with_user(self.assistant).action_renew()["res_id"])
        card = renewal.rate_card_ids
        self.assertEqual((card.state, card.is_supplement, card.date_from), ("draft", False, date(2032, 1, 1)))
        self.assertEqual(card.content_digest, old.content_digest)
        self._sign_agreement(renewal)
        self.assertEqual((card.state, old.date_last), ("in_use", date(2031, 12, 31)))

    def test_percent_of_values_in_another_currency(self):
        other = self.env["res.currency"].create({"name": "TST", "symbol": "T"})
        row = {"kind_id": self.kinds["insurance"].id, "method": "value", "amount": 1}
        card = self._express_card(surcharges=[row])
        with self.assertRefused("Card is in TST", ValidationError):
            card.currency_id = other
        card.surcharge_ids.method = "fixed"
        card.currency_id = other
        with self.assertRefused("Card is in TST", ValidationError):
            card.surcharge_ids.method = "cash"

    def test_no_overlap(self):
        old = self._express_card(date_to=date(2031, 6, 30))
        self._in_use(old)
        new = self._express_card(date_from=date(2031, 6, 30))
        with self.assertRefused("is in use on some of its days"):
            new.with_user(self.director).action_bring_into_use()
        new.date_from = date(2031, 7, 1)
        other_mode = self._express_card(mode="air")
        (new + other_mode).with_user(self.director).action_bring_into_use()
        self.assertEqual(set((old + new + other_mode).mapped("state")), {"in_use"})

    @mute_logger("odoo.sql_db")
    def test_no_overlap_in_the_database(self):
        """Two people at once pass the sentence, and not the database."""
        first, second = self._express_card(), self._express_card(mode="air")
        self._in_use(first, second)
        self.env.flush_all()
        query = "UPDATE freight_rate_card SET mode = NULL WHERE id IN %s"
        with self.assertRaises(ExclusionViolation), self.env.cr.savepoint():
            self.env.cr.execute(query, [tuple((first + second).ids)])

    def test_agreement_of_another(self):
        with self.assertRefused("is with Carrier Ltd, and Other is not", ValidationError):
            self._card(carrier=self._carrier("Other"))
        sales = self.env["sales.agreement"].create(
            {"partner_id": self.carrier_company.id, "subject": "Shafts", "date_start": "2031-01-01"}
        )
        with self.assertRefused("no agreement with a carrier", ValidationError):
            self._card(agreement_id=sales.id)

    def test_without_prices(self):
        card = self._card()
        with self.assertRefused("has no price yet"):
            self._sign_agreement()
        card.unlink()

    def test_kinds_stay(self):
        with self.assertRefused("Freight stays", UserError):
            self.kinds["freight"].unlink()

    def test_no_expected_cost_by_hand(self):
        waybill = self._waybill()
        for values in ({"expected_cost": 9}, {"rating_state": "rated"}, {"charge_ids": [Command.clear()]}):
            with self.assertRaises(AccessError):
                waybill.with_user(self.assistant).write(values)
        values = {"waybill_id": waybill.id, "kind_id": self.kinds["freight"].id, "expected_amount": 9}
        with self.assertRaises(AccessError):
            self.env["freight.waybill.charge"].with_user(self.director).create(values)


@tagged("post_install", "-at_install")
class TestExpectedCost(RateCardCommon):
    """What a waybill should cost: computed when the goods leave, shown where it counts."""

    def test_goods_leave(self):
        """3 shafts of 2 kg and 0.01 m³: 6 kg, 5 + 5 × 2 = 15."""
        self._in_use(self._express_card())
        picking = self._done("SF00000001")
        self.assertEqual(picking.waybill_ids.expected_cost, 15)
        self.assertEqual(picking.with_user(self.manager1).sudo().expected_freight, 15)
        self.assertEqual(self._charges(picking.waybill_ids), {"freight": 15})

    def test_cost_is_not_what_the_customer_pays(self):
        """A11: the carrier's rate is 10 and its margin 10 %: expected cost 10, charged 11."""
        rule = {"variable": "weight", "operator": ">=", "max_value": 0, "list_base_price": 10}
        self.sf.write({"delivery_type": "base_on_rule", "margin": 0.1, "price_rule_ids": [Command.create(rule)]})
        self._in_use(self._card(tiers=[{"fixed_amount": 10}], basis="shipment"))
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [Command.create({"product_id": self.shaft.id, "product_uom_qty": 1, "tax_ids": False})],
            }
        )
        order.set_delivery_line(self.sf, self.sf.rate_shipment(order)["price"])
        order.action_confirm()
        order.picking_ids.carrier_tracking_ref = "SF00000001"
        order.picking_ids.button_validate()
        self.assertAlmostEqual(order.order_line.filtered("is_delivery").price_unit, 11)
        self.assertEqual(order.picking_ids.waybill_ids.expected_cost, 10)
        self.assertEqual((order.picking_ids.expected_freight, order.expected_freight), (10, 10))

    def test_first_and_further_weight(self):
        """A12: 1.5 kg are 6 by steps of 0.5 kg, and 7 by steps of 1 kg."""
        half = self._express_card(date_to=date(2031, 1, 31))
        whole = self._express_card(date_from=date(2031, 2, 1), roundings=[{"step": 1}])
        self._in_use(half, whole)
        january, march = (
            self._waybill(f"SF0000000{at}", weight=1.5, shipped_date=day)
            for at, day in enumerate(["2031-01-31", "2031-02-01"])
        )
        self.assertEqual((january.expected_cost, march.expected_cost), (6, 7))
        self.assertEqual((january.chargeable_weight, march.chargeable_weight), (1.5, 2))

    def test_tiers(self):
        """A13: tiers 2 / 1.5 / 1 at 100 / 500 kg: 150 kg 275 or 225, 600 kg 900 or 600."""
        tiers = [(0, 2), (100, 1.5), (500, 1)]
        slab, slices = (
            self._card(tiers=tiers, tier_kind=kind, mode=mode)
            for kind, mode in (("slab", "express"), ("cumulative", "air"))
        )
        self._in_use(slab, slices)
        paid = {}
        for kind, mode in (("slab", "express"), ("cumulative", "air")):
            for weight in (150, 600):
                waybill = self._waybill(f"SF{weight}{mode}", weight=weight)
                waybill.mode = mode
                paid[kind, weight] = waybill.expected_cost
        self.assertEqual(
            paid, {("slab", 150): 225, ("slab", 600): 600, ("cumulative", 150): 275, ("cumulative", 600): 900}
        )

    def test_follows_its_waybill(self):
        """Weight, zone, carrier and services change: so does the cost, and charges that are due no more go."""
        far = self._zone("Far", areas=[{"state_id": self.zhejiang.id}], is_remote=True)
        card = self._express_card(
            surcharges=[
                {"kind_id": self.kinds["remote"].id, "amount": 10, "condition": "remote"},
                {"kind_id": self.kinds["upstairs"].id, "amount": 30, "condition": "request"},
            ]
        )
        self._in_use(card)
        waybill = self._waybill(weight=1)
        self.assertEqual(self._charges(waybill), {"freight": 5})
        waybill.weight = 2
        self.assertEqual(self._charges(waybill), {"freight": 7})
        waybill.service_ids = self.kinds["upstairs"]
        waybill.zone_id = far
        self.assertEqual(self._charges(waybill), {"freight": 7, "upstairs": 30, "remote": 10})
        self.assertEqual(waybill.expected_cost, 47)
        waybill.carrier_id = self.truck
        self.assertEqual((self._charges(waybill), waybill.expected_cost, waybill.rating_state), ({}, 0, "no_card"))
        self.assertFalse(waybill.zone_id)

    def test_until_a_statement_used_it(self):
        """What is not open stays as it was. Counterfactual: open again it follows."""
        self._in_use(self._express_card())
        waybill = self._waybill(weight=1)
        cls = type(self.env["freight.waybill"])
        self.patch(cls, "_rating_open_sql", lambda self, waybill: SQL("FALSE"))
        waybill.weight = 3
        self.assertEqual(waybill.expected_cost, 5)
        self.patch(cls, "_rating_open_sql", lambda self, waybill: SQL("TRUE"))
        waybill.weight = 4
        self.assertEqual(waybill.expected_cost, 11)

    def test_why_there_is_none(self):
        zone = self._zone("Near", areas=[{"state_id": self.zhejiang.id}])
        other = self._zone("Other")
        card = self._card(tiers=[{"zone_id": zone.id, "price": 1, "start_quantity": 10}])
        self._in_use(card)
        waybill = self._waybill(weight=20)
        self.assertEqual(waybill.rating_state, "no_zone")
        for values, state in (
            ({"zone_id": other.id}, "no_tier"),
            ({"zone_id": zone.id, "weight": 5}, "no_tier"),
            ({"weight": 0}, "no_quantity"),
            ({"weight": 10}, "rated"),
            ({"shipped_date": "2030-12-31"}, "no_card"),
        ):
            waybill.write(values)
            self.assertEqual(waybill.rating_state, state, values)

    def test_fuel_of_the_month(self):
        self._in_use(self._express_card(has_fuel=True))
        self.env["freight.fuel.rate"].create(
            [
                {"carrier_id": self.sf.id, "month": "2031-01-01", "percent": 10},
                {"carrier_id": self.sf.id, "month": "2031-03-01", "percent": 20},
            ]
        )
        for at, (day, fuel) in enumerate([("2031-02-28", 0.5), ("2031-03-01", 1.0)]):
            waybill = self._waybill(f"SF0000002{at}", weight=1, shipped_date=day)
            self.assertEqual(self._charges(waybill), {"freight": 5, "fuel": fuel})

    def test_month_volume(self):
        """10 % off from the third waybill of the month before."""
        card = self._express_card(
            discount_basis="waybills", discount_month="before", discounts=[{"start_volume": 3, "percent": 10}]
        )
        self._in_use(card)
        for at in range(3):
            self._waybill(f"SF0000003{at}", weight=1, shipped_date="2031-02-10")
        march = self._waybill("SF00000040", weight=1, shipped_date="2031-03-10")
        february = self.env["freight.waybill"].search([("name", "=", "SF00000030")])
        self.assertEqual((march.expected_cost, february.expected_cost), (4.5, 5))

    def test_daily_turn(self):
        """What changed since, like the fuel of the month, is priced again once a day."""
        self._in_use(self._express_card(has_fuel=True))
        waybill = self._waybill(weight=1)
        self.env["freight.fuel.rate"].create({"carrier_id": self.sf.id, "month": "2031-03-01", "percent": 20})
        self.assertEqual(waybill.expected_cost, 5)
        self.env["freight.waybill"]._cron_rate()
        self.assertEqual(waybill.expected_cost, 6)

    def test_daily_turn_goes_on(self):
        """A turn whose time is up leaves the later waybills to the next one, which does not begin anew."""
        self._in_use(self._express_card(has_fuel=True))
        waybills = self._waybill("A1", weight=1) | self._waybill("A2", weight=1)
        self.env["freight.fuel.rate"].create({"carrier_id": self.sf.id, "month": "2031-03-01", "percent": 20})
        job = self.registry["sales.dept.job"]
        with (
            patch.object(freight_waybill_rating, "BATCH_SIZE", 1),
            patch.object(job, "_commit", lambda self, done, remaining: 0 if done else 1),
        ):
            self.env["freight.waybill"]._cron_rate()
            self.assertEqual(waybills.mapped("expected_cost"), [6, 5])
            self.env["freight.waybill"]._cron_rate()
        self.assertEqual(waybills.mapped("expected_cost"), [6, 6])

    def test_currency(self):
        """A card in another currency: charges in it, the cost in the company's, at the day's rate."""
        usd = self.env["res.currency"].with_context(active_test=False).search([("name", "=", "USD")])
        other = usd if self.company.currency_id != usd else self.env.ref("base.EUR")
        other.active = True
        self.env["res.currency.rate"].search([("currency_id", "=", other.id)]).unlink()
        self.env["res.currency.rate"].create(
            [
                {"currency_id": other.id, "name": day, "rate": rate, "company_id": self.company.id}
                for day, rate in (("2031-01-01", 0.25), ("2031-03-01", 0.125))
            ]
        )
        self._in_use(self._express_card(currency_id=other.id))
        for at, (day, cost) in enumerate([("2031-02-28", 20), ("2031-03-01", 40)]):
            waybill = self._waybill(f"SF0000005{at}", weight=1, shipped_date=day)
            self.assertEqual((waybill.charge_ids.currency_id, self._charges(waybill)), (other, {"freight": 5}))
            self.assertEqual(waybill.expected_cost, cost)

    def test_shared_by_deliveries(self):
        """A waybill of three deliveries: their parts add up to it."""
        self._in_use(self._card(tiers=[{"fixed_amount": 10}], basis="shipment"))
        pickings = self._done("SF1") + self._done("SF1") + self._done("SF1")
        self.assertEqual(len(pickings.waybill_ids), 1)
        self.assertEqual(pickings.mapped("expected_freight"), [3.33, 3.34, 3.33])

    def test_queries(self):
        """As many for two waybills as for one."""
        self._in_use(self._express_card())
        waybills = self._waybill("SF00000061") + self._waybill("SF00000062") + self._waybill("SF00000063")
        counts = []
        for some in (waybills[:1], waybills):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some._rate()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_explanation(self):
        """Each step in words, in the reader's language; what was priced, also when the waybill changes later."""
        self._in_use(self._express_card(has_fuel=True))
        self.env["freight.fuel.rate"].create({"carrier_id": self.sf.id, "month": "2031-03-01", "percent": 20})
        waybill = self._waybill(weight=1.3)
        freight, fuel = waybill.charge_ids.sorted("kind_id")
        self.assertIn("rounded from 1.3 kg", freight.explanation)
        self.assertIn("0.5 kg ×", freight.explanation)
        self.assertIn("20 % fuel on", fuel.explanation)
