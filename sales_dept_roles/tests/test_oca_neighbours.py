from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .test_order_review import OrderReviewCommon


@tagged("post_install", "-at_install", "-standard", "sales_dept_oca")
class TestOcaNeighbours(OrderReviewCommon):
    """Beside OCA's `sale_tier_validation` and `sale_exception`, each holds what it holds alone."""

    def test_tier_validation_beside_review(self):
        self.env["tier.definition"].create(
            {
                "model_id": self.env.ref("sale.model_sale_order").id,
                "review_type": "individual",
                "reviewer_id": self.director.id,
                "definition_domain": "[('amount_untaxed', '>', 50.0)]",
            }
        )
        order = self._create_order()
        self._pass(order)
        with self.assertRaises(ValidationError):
            order.with_user(self.manager1).action_confirm()
        self.assertEqual(order.state, "draft")
        order.with_user(self.manager1).request_validation()
        order.with_user(self.director).validate_tier()
        order.invalidate_recordset()
        order.with_user(self.manager1).action_confirm()
        self.assertEqual(order.state, "sale")
        other = self._create_order()
        other.with_user(self.manager1).request_validation()
        other.with_user(self.director).validate_tier()
        other.invalidate_recordset()
        with self.assertRefused("was not reviewed"):
            other.with_user(self.manager1).action_confirm()

    def test_exception_beside_review(self):
        self.env["exception.rule"].create(
            {
                "name": "No reference",
                "model": "sale.order",
                "exception_type": "by_domain",
                "domain": "[('client_order_ref', '=', False)]",
                "active": True,
            }
        )
        order = self._create_order()
        self._pass(order)
        order.with_user(self.manager1).action_confirm()
        self.assertEqual(order.state, "draft")
        # A client may have its exceptions ignored, which is OCA's rule; ours holds all the same.
        other = self._create_order()
        with self.assertRaises(UserError):
            other.with_user(self.manager1).write({"ignore_exception": True, "state": "sale"})
        order.client_order_ref = "PO 1"
        order.with_user(self.manager1).action_confirm()
        self.assertEqual(order.state, "sale")
