from odoo.tests import HttpCase, tagged

from .milestone_common import MilestoneCommon


@tagged("post_install", "-at_install")
class TestMilestonePortal(MilestoneCommon, HttpCase):
    """The customer reads what is ready, has left and was signed for, and nothing of how we work."""

    def test_page(self):
        self.portal_user.password = "portal_test"  # noqa: S105 # a login of this test
        order = self._order(10)
        self._promise(order.order_line, "2030-05-20")
        self._milestones(order.order_line)["produced"].with_user(self.assistant).date_planned = "2031-11-11"
        self._ship(order.picking_ids, {self.shaft: 4})
        self.Milestone._refresh_marked()
        self.authenticate("portal_test", "portal_test")
        page = self.url_open(f"/my/orders/{order.id}").text
        section = page[page.index('id="milestones"') :]
        section = section[: section.index("</section>")]
        for shown in ("Where your goods are", "Ready", "Shipped", "4/10", "05/20/2030"):
            self.assertIn(shown, section)
        for hidden in ("Material", "Produc", "Inspected", "2031", "text-bg-danger"):
            self.assertNotIn(hidden, section)

    def test_off(self):
        self.portal_user.password = "portal_test"  # noqa: S105 # a login of this test
        order = self._order(10)
        self.Milestone._refresh_marked()
        self.company.sales_dept_milestones = False
        self.authenticate("portal_test", "portal_test")
        self.assertNotIn('id="milestones"', self.url_open(f"/my/orders/{order.id}").text)

    def test_not_over_rpc(self):
        self._order(10)
        self.Milestone._refresh_marked()
        self.assertFalse(self.Milestone.with_user(self.portal_user).has_access("read"))
