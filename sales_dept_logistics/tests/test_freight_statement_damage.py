from datetime import timedelta

from odoo.fields import Date
from odoo.tests import tagged

from .delivery_notice_common import DeliveryNoticeCommon


@tagged("post_install", "-at_install")
class TestFreightStatementDamage(DeliveryNoticeCommon):
    """What was signed for as damaged or lost is claimed from the carrier that brought it, once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        service = cls.env["product.product"].create({"name": "Freight", "type": "service"})
        cls.carrier, cls.other = cls.env["delivery.carrier"].create(
            [{"name": name, "product_id": service.id} for name in ("Carrier", "Other")]
        )

    def _signed(self, carrier):
        """Ten shafts at 10.00, of which one came damaged and two not at all."""
        order = self._order()
        notice = self._notice((order.order_line, 10))
        picking = order.picking_ids
        picking.write({"carrier_id": carrier.id, "carrier_tracking_ref": f"N{picking.id}"})
        self._ship(picking)
        received = {"qty_received": 7, "qty_damaged": 1, "qty_lost": 2, "sign_reason": "Wet carton"}
        notice.with_user(self.assistant).action_sign_for("Mr Li", received={notice.line_ids.id: received})
        return notice, picking.waybill_ids

    def _statement(self, carrier, days=1):
        today = Date.today()
        return self.env["freight.statement"].create(
            {"carrier_id": carrier.id, "date_from": today - timedelta(days=30), "date_to": today + timedelta(days=days)}
        )

    def test_claimed_once_at_the_price_of_sale(self):
        notice, waybill = self._signed(self.carrier)
        statement = self._statement(self.carrier).with_user(self.assistant)
        statement.action_claim_damage()
        credit = self.env["freight.credit"].search([("carrier_id", "=", self.carrier.id)])
        self.assertEqual((credit.amount, credit.waybill_id, credit.state), (30, waybill, "claimed"))
        self.assertEqual(credit.notice_line_id, notice.line_ids)
        self.assertIn("Shaft", credit.reason)
        statement.action_claim_damage()
        self.assertEqual(self.env["freight.credit"].search_count([("carrier_id", "=", self.carrier.id)]), 1)
        self.assertEqual(statement.credit_count, 1)

    def test_not_from_another_carrier_nor_of_another_period(self):
        self._signed(self.carrier)
        self._statement(self.other).with_user(self.assistant).action_claim_damage()
        self._statement(self.carrier, days=-5).with_user(self.assistant).action_claim_damage()
        self.assertFalse(self.env["freight.credit"].search([]))

    def test_given_up(self):
        self._signed(self.carrier)
        statement = self._statement(self.carrier).with_user(self.assistant)
        statement.action_claim_damage()
        credit = statement.credit_ids
        credit.action_promised()
        self.assertEqual(credit.state, "promised")
        credit.action_give_up()
        self.assertEqual(credit.state, "refused")
        statement.invalidate_recordset()
        self.assertFalse(statement.credit_count)
