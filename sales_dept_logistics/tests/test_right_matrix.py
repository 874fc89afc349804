from odoo import Command
from odoo.fields import Date
from odoo.tests import new_test_user, tagged

from odoo.addons.sales_dept_roles.tests.right_matrix import RightMatrixCase

HEAD = """# Who may what: logistics

Made by a test that tries all of it (`make rights` writes it, `make test` compares it):
`sales_dept_logistics/tests/test_right_matrix.py`. The warehouse is Odoo's *Inventory: User*.
"""


@tagged("post_install", "-at_install")
class TestRightMatrix(RightMatrixCase):
    """docs/rights-logistics.md says what each role may do; each cell of it is tried here."""

    addon = "sales_dept_logistics"
    prefix = ("sale.delivery.", "sales.dept.")
    page = "rights-logistics.md"
    head = HEAD

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Besides the roles of the department: who ships what it notices.
        cls.people = {
            "Warehouse": new_test_user(
                cls.env, "matrix_stock", "base.group_user,stock.group_stock_user", email="stock@company.example"
            ),
            **cls.people,
        }
        cls.goods = cls.env["product.product"].create({"name": "Goods", "type": "consu", "taxes_id": False})

    def _goods_order(self):
        line = {"product_id": self.goods.id, "product_uom_qty": 3, "price_unit": 1.0}
        order = self._order(order_line=[Command.create(line)]).sudo()
        order.action_confirm()
        return order

    def _notice(self, state="draft"):
        """A notice of the account manager's customer, made by a colleague."""
        order = self._goods_order()
        notice = (
            self.env["sale.delivery.notice"]
            .with_user(self.asker)
            .create(
                {
                    "partner_id": self.customer.id,
                    "user_id": self.owner.id,
                    "wanted_date": Date.today(),
                    "line_ids": [Command.create({"sale_line_id": order.order_line.id, "quantity": 2})],
                }
            )
        )
        warehouse = notice.with_user(self.people["Warehouse"])
        if state != "draft":
            notice.action_issue()
        if state in ("accepted", "shipped"):
            warehouse.action_accept()
        if state == "shipped":
            move = order.picking_ids.move_ids
            move.write({"quantity": 2, "picked": True})
            order.picking_ids._action_done()
            self.assertEqual(notice.state, "shipped")
        return notice

    def _make_company_records(self):
        self._notice("shipped")

    def _action_cases(self):
        def method(name, *arguments):
            return lambda record: getattr(record, name)(*arguments)

        issued, accepted = (lambda state=state: self._notice(state) for state in ("issued", "accepted"))
        yield "Delivery notice: issue", self._notice, method("action_issue")
        yield (
            "Delivery notice: add what is open",
            lambda: self._goods_order() and self._notice(),
            method("action_add_open"),
        )
        yield "Delivery notice: change a draft", self._notice, method("write", {"note": "Call before"})
        yield "Delivery notice: cancel", issued, method("action_cancel")
        yield "Delivery notice: accept", issued, method("action_accept")
        yield "Delivery notice: send back", issued, method("action_send_back", "No pallets")
        yield "Delivery notice: say which dock", issued, method("write", {"dock": "3"})
        yield "Delivery notice: start loading", accepted, method("action_load")
        yield (
            "Delivery notice: note what is loaded",
            accepted,
            lambda notice: notice.line_ids.write({"qty_loaded": 1, "left_reason": "Full"}),
        )
        yield "Delivery notice: note who signed", lambda: self._notice("shipped"), method("action_sign_for", "Mr Li")
        yield "Delivery notice: register as XLSX", issued, lambda notice: notice._register_records([])._register_file()
