from odoo.exceptions import AccessError
from odoo.tests import tagged

from .order_exception_common import OrderExceptionCommon


@tagged("post_install", "-at_install")
class TestOrderExceptionIssue(OrderExceptionCommon):
    """An exception of which the customer complains becomes an issue, once."""

    def test_open_issue(self):
        order = self._promised()
        exception = self._exception(order, cause="damaged")
        action = exception.with_user(self.manager1).action_open_issue()
        issue = self.env["customer.issue"].browse(action["res_id"])
        self.assertEqual((issue.kind, issue.channel), ("quality", "exception"))
        self.assertEqual((issue.sale_order_id, issue.partner_id), (order, order.partner_id))
        self.assertEqual(issue.order_exception_id, exception)
        self.assertEqual(issue.product_id, exception.product_id)
        self.assertFalse(issue.description, "What we wrote of it is internal")
        again = exception.with_user(self.manager1).action_open_issue()
        self.assertEqual(again["res_id"], issue.id, "Pressed twice, it is one")
        exception.invalidate_recordset()
        self.assertEqual(exception.customer_issue_count, 1)
        exception.cancel_reason = "A false alarm"
        exception.action_cancel()
        self.assertEqual(issue.state, "new", "What the customer says is not taken back by us")
        with self.assertRaises(AccessError):
            exception.with_user(self.engineering).action_open_issue()
