from odoo import Command
from odoo.tests import tagged

from odoo.addons.sales_dept_roles.tests.right_matrix import RightMatrixCase

HEAD = """# Who may what with milestones

Made by a test that tries all of it (`make rights` writes it, `make test` compares it):
`sales_dept_logistics/tests/test_right_matrix_milestone.py`. The roles are those of `rights.md`. Record rules narrow
what is seen further: one's own orders, one's own company, and of a department the milestones that it ticks.
"""


@tagged("post_install", "-at_install")
class TestRightMatrixMilestone(RightMatrixCase):
    """docs/rights-milestones.md says what each role may do with milestones; each cell of it is tried here."""

    addon = "sales_dept_logistics"
    prefix = "sale.order.milestone"
    page = "rights-milestones.md"
    head = HEAD

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.sales_dept_milestones = True
        cls.goods = cls.env["product.product"].create(
            {"name": "Shaft", "type": "consu", "milestone_supply": "made", "taxes_id": False}
        )
        cls.env["sale.order.milestone"]._refresh_marked()

    def _milestone(self, kind="produced"):
        """A milestone of an order of the account manager's."""
        order = self._order(order_line=[Command.create({"product_id": self.goods.id, "product_uom_qty": 1})]).sudo()
        order.action_confirm()
        self.env["sale.order.milestone"]._refresh_marked()
        return order.milestone_ids.filtered(lambda row: row.kind == kind)

    def _make_company_records(self):
        self._milestone()

    def _action_cases(self):
        for kind, name in (
            ("material", "material ready"),
            ("produced", "produced"),
            ("inspected", "inspected"),
            ("stock", "in stock"),
        ):
            yield f"Read: {name}", lambda kind=kind: self._milestone(kind), lambda row: row.read(["date_planned"])
        for kind, name in (
            ("material", "material ready"),
            ("production", "in production"),
            ("produced", "produced"),
            ("inspected", "inspected"),
        ):
            yield f"Tick: {name}", lambda kind=kind: self._milestone(kind), lambda row: row.action_tick()
        yield "Take a tick back", self._ticked, lambda row: row.action_untick()
        yield "Plan", self._milestone, lambda row: row.write({"date_planned": "2030-05-20"})
        yield "Download the register", self._milestone, lambda row: row._register_records([])

    def _ticked(self):
        row = self._milestone()
        row.action_tick()
        return row
