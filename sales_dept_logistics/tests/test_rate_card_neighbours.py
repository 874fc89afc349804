from odoo.fields import Command
from odoo.tests import Form, tagged

from .rate_card_common import RateCardCommon


@tagged("post_install", "-at_install", "sales_dept_wide")
class TestMarginAfterFreight(RateCardCommon):
    """With the module that brings the margin of orders."""

    def test_margin_after_freight(self):
        """C9: sold for 1,000, bought for 700, expected freight 40: 260."""
        self.assertIn("margin", self.env["sale.order"]._fields)
        self.shaft.standard_price = 700
        self._in_use(self._card(tiers=[{"fixed_amount": 40}], basis="shipment"))
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "carrier_id": self.sf.id,
                "order_line": [
                    Command.create(
                        {"product_id": self.shaft.id, "product_uom_qty": 1, "price_unit": 1000, "tax_ids": False}
                    )
                ],
            }
        )
        self.assertEqual((order.margin, order.has_margin, order.margin_after_freight), (300, True, 300))
        order.action_confirm()
        order.picking_ids.write({"carrier_id": self.sf.id, "carrier_tracking_ref": "SF00000001"})
        order.picking_ids.button_validate()
        self.assertEqual((order.margin, order.expected_freight, order.margin_after_freight), (300, 40, 260))
        with Form(order) as form:
            self.assertEqual(form.margin_after_freight, 260)
