from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import html2plaintext

from .rate_card_common import RateCardCommon


@tagged("post_install", "-at_install")
class TestRateCalculator(RateCardCommon):
    """A price before there is a waybill, and the waybills of some months by another card."""

    def _calculator(self, user=None, **values):
        form = Form(self.env["freight.rate.calculator"].with_user(user or self.manager1))
        for name, value in {"carrier_id": self.sf, **values}.items():
            setattr(form, name, value)
        return form

    def test_each_step(self):
        """The account manager sees how the price comes about, before anything is saved."""
        self._zone("Far", areas=[{"state_id": self.zhejiang.id}], is_remote=True)
        card = self._express_card(
            has_fuel=True,
            surcharges=[{"kind_id": self.kinds["remote"].id, "amount": 10, "condition": "remote"}],
        )
        self._in_use(card)
        self.env["freight.fuel.rate"].create({"carrier_id": self.sf.id, "month": "2031-03-01", "percent": 20})
        self.customer.write({"country_id": self.china.id, "state_id": self.zhejiang.id})
        form = self._calculator(weight=1.3, partner_id=self.customer)
        self.assertEqual((form.card_id, form.zone_id.name), (card, "Far"))
        text = html2plaintext(form.result)
        for part in ("rounded from 1.3 kg", "20 % fuel", "Remote area", "17.20"):
            self.assertIn(part, text)

    def test_as_the_waybill(self):
        """What the calculator says is what the waybill then should cost."""
        card = self._card(
            tiers=[(0, 3), (50, 2), (100, 1)], break_weight=True, minimum_amount=20, volumetric_divisor=5000
        )
        self._in_use(card)
        for at, (weight, volume) in enumerate([(4, 0), (45, 0), (12, 0.3), (99.999, 0)]):
            waybill = self._waybill(f"SF0000007{at}", weight=weight, volume=volume)
            form = self._calculator(weight=weight, volume=volume)
            self.assertIn(f"{waybill.expected_cost:.2f}", html2plaintext(form.result))

    def test_why_there_is_none(self):
        form = self._calculator(weight=1)
        self.assertIn("SF Test has no rate card in use", form.result)
        zone = self._zone("Near")
        draft = self._card(tiers=[{"zone_id": zone.id, "price": 1}])
        form.card_id = draft
        self.assertIn("Say where it goes", form.result)
        form.zone_id = zone
        self.assertIn("1.00", html2plaintext(form.result))
        form.weight = 0
        self.assertIn("Say what it weighs", form.result)

    def test_what_if(self):
        """Two zones, one waybill without a price: sums, differences and what is left out, in as many queries."""
        near, far = self._zone("Near"), self._zone("Far")
        self._in_use(self._card(tiers=[(0, 2), {"zone_id": far.id, "price": 3}]))
        for at, (zone, weight, day) in enumerate(
            [(near, 10, "2031-03-01"), (near, 20, "2031-02-01"), (far, 10, "2031-01-15"), (False, 0, "2031-03-01")]
        ):
            self._waybill(f"SF0000008{at}", zone_id=zone and zone.id, weight=weight, shipped_date=day)
        # Not of these months.
        self._waybill("SF00000089", weight=500, zone_id=near.id, shipped_date="2030-12-01")
        draft = self._card(tiers=[(0, 1.5), {"zone_id": far.id, "price": 4}], name="New", date_from="2031-05-01")
        what_if = self.env["freight.rate.what.if"].with_user(self.assistant).create({"card_id": draft.id})
        what_if.action_compare()
        rows = {
            line.zone_id.name: (line.waybill_count, line.left_out_count, line.old_amount, line.new_amount)
            for line in what_if.line_ids
        }
        self.assertEqual(rows, {"Near": (2, 0, 60, 45), "Far": (1, 0, 30, 40), False: (0, 1, 0, 0)})
        self.assertEqual((what_if.old_amount, what_if.new_amount, what_if.difference), (90, 85, -5))
        self.assertEqual(what_if.left_out_count, 1)
        # Nothing else was priced by it.
        self.assertNotIn(draft, self.env["freight.waybill"].search([]).rate_card_id)

    # === CARRIERS SIDE BY SIDE === #

    def _compare(self, user=None, **values):
        comparison = self.env["freight.rate.comparison"].with_user(user or self.assistant).create(values)
        comparison.action_compare()
        return {
            line.carrier_id.name: (line.waybill_count, line.left_out_count, line.old_amount, line.new_amount)
            for line in comparison.line_ids
        }

    def _two_carriers(self):
        """SF by weight for each of two zones of its own; the truck for one of them, by its own zone and divisor."""
        self.customer.write({"country_id": self.china.id, "state_id": self.zhejiang.id})
        far = self.env["res.partner"].create({"name": "Far", "country_id": self.china.id, "state_id": self.jiangsu.id})
        near = self._zone("Near", areas=[{"state_id": self.zhejiang.id}])
        other = self._zone("Other", areas=[{"state_id": self.jiangsu.id}])
        theirs = self._zone("East", self.truck, areas=[{"state_id": self.zhejiang.id}])
        self._in_use(
            self._card(tiers=[{"zone_id": near.id, "price": 3}, {"zone_id": other.id, "price": 5}]),
            self._card(
                self.truck,
                tiers=[{"zone_id": theirs.id, "price": 2}],
                volumetric_divisor=4000,
                has_fuel=True,
            ),
        )
        self.env["freight.fuel.rate"].create({"carrier_id": self.truck.id, "month": "2031-01-01", "percent": 10})
        self._waybill("SF00000081", weight=10, partner_id=self.customer.id, shipped_date="2031-03-01")
        self._waybill("SF00000082", weight=10, volume=0.08, partner_id=self.customer.id, shipped_date="2031-03-02")
        self._waybill("SF00000083", weight=10, partner_id=far.id, shipped_date="2031-03-03")

    def test_same_shipments_with_each_carrier(self):
        """The truck has no price for one of them; the other two cost 22 (10 kg) and 44 (20 kg by volume)."""
        self._two_carriers()
        before = self.env["freight.waybill"].search([]).mapped("zone_id.carrier_id")
        self.assertEqual(self._compare(), {"SF Test": (3, 0, 110, 110), "Truck Test": (2, 1, 60, 66)})
        self.assertEqual(self._compare(carrier_id=self.truck.id), {})
        self.assertEqual(self.env["freight.waybill"].search([]).mapped("zone_id.carrier_id"), before)
        comparison = (
            self.env["freight.rate.comparison"]
            .with_user(self.assistant)
            .create({"date_from": "2031-03-02", "date_to": "2031-03-01"})
        )
        with self.assertRefused("The last day is before the first one"):
            comparison.action_compare()

    def test_more_shipments_take_no_more_queries(self):
        self._two_carriers()

        def queries():
            comparison = self.env["freight.rate.comparison"].create({})
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            comparison.action_compare()
            return self.env.cr.sql_log_count - before

        queries()
        few = queries()
        for at in range(20):
            self._waybill(f"SF000001{at:02}", weight=5, partner_id=self.customer.id, shipped_date="2031-03-04")
        self.assertEqual(queries(), few)

    def test_who_compares(self):
        for user in (self.manager1, self.outsider, self.warehouse_user):
            with self.assertRefused(".", AccessError):
                self._compare(user=user)
