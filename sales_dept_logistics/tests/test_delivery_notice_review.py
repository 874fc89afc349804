from odoo.tests import tagged

from odoo.addons.sales_dept_roles.tests.test_order_review import OrderReviewCommon

from .delivery_notice_common import DeliveryNoticeCommon


@tagged("post_install", "-at_install")
class TestDeliveryNoticeReview(DeliveryNoticeCommon, OrderReviewCommon):
    def test_order_that_changed_after_its_review(self):
        """Reviewed, confirmed, changed: neither issued nor accepted nor shipped before it is reviewed again."""
        order = self._order(10, confirm=False, user_id=self.manager1.id, commitment_date="2030-03-15 09:00:00")
        self._pass(order)
        order.with_user(self.manager1).action_confirm()
        line = order.order_line
        accepted = self._notice((line, 4))
        issued = self._notice((line, 3), state="issued")
        draft = self._notice((line, 3), state="draft")
        line.with_user(self.manager1).price_unit = 9
        self.assertEqual(order.order_review_state, "stale")
        for path in (
            draft.action_issue,
            issued.with_user(self.keeper).action_accept,
            lambda: self._ship(order.picking_ids, {self.shaft: 4}),
        ):
            with self.assertRefused("its goods wait for a supplementary review"):
                path()
        self.assertEqual((accepted.state, issued.state, draft.state), ("accepted", "issued", "draft"))
        # As it was reviewed, nothing waits.
        line.with_user(self.manager1).price_unit = 10
        draft.action_issue()
        issued.with_user(self.keeper).action_accept()
        self._ship(order.picking_ids, {self.shaft: 4})
        self.assertEqual(accepted.state, "shipped")
