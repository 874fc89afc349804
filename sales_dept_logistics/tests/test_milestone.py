from odoo.fields import Date
from odoo.tests import tagged

from .milestone_common import KINDS, MilestoneCommon


@tagged("post_install", "-at_install")
class TestMilestone(MilestoneCommon):
    """Milestones without manufacturing and purchase: from moves and delivery notices, the rest by hand."""

    def test_made_when_confirmed(self):
        order = self._order(10, confirm=False)
        self.assertFalse(self._milestones(order.order_line))
        order.action_confirm()
        rows = self._milestones(order.order_line)
        self.assertEqual(tuple(rows), KINDS)
        self.assertEqual({row.quantity for row in rows.values()}, {10})
        self.assertEqual([row.kind for row in rows.values() if row.is_current], ["material"])
        self.assertEqual(rows["stock"].user_id, order.user_id)

    def test_shipped(self):
        order = self._order(10)
        self._ship(order.picking_ids, {self.shaft: 4})
        self.assertMilestones(order.order_line, material=4, production=4, produced=4, stock=4, shipped=4)
        self._ship(order.picking_ids.filtered(lambda picking: picking.state != "done"))
        self.assertMilestones(order.order_line, material=10, production=10, produced=10, stock=10, shipped=10)
        rows = self._milestones(order.order_line)
        self.assertTrue(rows["inspected"].is_passed)
        self.assertTrue(rows["signed"].is_current)
        self.assertEqual(rows["shipped"].date_actual, self.company._local_today())
        self.assertEqual(rows["shipped"].date_actual, Date.to_date(rows["produced"].date_actual))
