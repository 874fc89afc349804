from odoo.tests import HttpCase, tagged

from .test_gate_rail import GateRailCommon


@tagged("post_install", "-at_install")
class TestGateRailTour(GateRailCommon, HttpCase):
    def test_always_the_button_that_stands_out(self):
        """Through all gates without looking for the next button."""
        self.manager1.group_ids += self.env.ref("base.group_partner_manager")
        order = self._create_order()
        url = f"/odoo/sales/{order.id}"
        self.start_tour(url, "sales_dept_rail_submit", login="manager1_test")
        self.start_tour(url, "sales_dept_rail_sign", login="gm_test")
        self.start_tour(url, "sales_dept_rail_send", login="manager1_test")
        self.assertEqual((order.state, order.sudo().sending_ids.way), ("sent", "mail"))
        review = order.sudo().order_review_id
        self.assertEqual(review.state, "sales")
        review.with_user(self.gm).action_approval_approve()
        self._agree(review)
        review.with_user(self.assistant).action_hand_out()
        self.start_tour(url, "sales_dept_rail_confirm", login="manager1_test")
        self.assertTrue(review.receive_date)
        self.assertEqual(order.state, "sale")
