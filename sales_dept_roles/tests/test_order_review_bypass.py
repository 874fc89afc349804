from odoo.tests import tagged

from .order_bypass import OrderBypassCase, OrderBypassWideCase
from .test_order_review import OrderReviewCommon


class OrderReviewGate(OrderReviewCommon):
    """The gate of the order review."""

    sentence = "was not reviewed|still waits for|was changed after it was submitted"
    gate = "_order_review_missing"

    @classmethod
    def _switch_on(cls):
        cls.company.sales_dept_order_review = "all"

    def _open_gate(self, records, *args, **kwargs):
        return records.browse()

    def _meet(self, order):
        self._pass(order)

    def _miss(self, order):
        order.order_line[0].sudo().price_unit -= 1


@tagged("post_install", "-at_install")
class TestOrderReviewBypass(OrderReviewGate, OrderBypassCase):
    def test_c3_makes_the_review_by_itself(self):
        order = self._create_gated()
        self.authenticate(None, None)
        self._accept(order)
        review = order.order_review_id
        self.assertEqual(review.state, "sales")
        self.assertEqual(review._approval_in_force().requester_id, self.manager1)
        self._accept(order)
        self.assertEqual(len(order.order_review_ids), 1)


@tagged("post_install", "-at_install", "-standard", "sales_dept_wide")
class TestOrderReviewBypassWide(OrderReviewGate, OrderBypassWideCase):
    pass
