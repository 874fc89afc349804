from datetime import timedelta

from odoo import Command
from odoo.fields import Datetime
from odoo.tests import tagged

from odoo.addons.sales_dept_roles.tests.right_matrix import RightMatrixCase

HEAD = """# Who may what with order exceptions

Made by a test that tries all of it (`make rights` writes it, `make test` compares it):
`sales_dept_logistics/tests/test_right_matrix_order_exception.py`. The roles are those of `rights.md`. Record rules
narrow what is seen further: a salesperson's own customers, one's own company. What proves something (the promise as it
was, when and with which words the customer was told, whether that was in advance, the status) is written by nobody.
"""


@tagged("post_install", "-at_install")
class TestRightMatrix(RightMatrixCase):
    """docs/rights-order-exceptions.md says what each role may do; each cell of it is tried here."""

    addon = "sales_dept_logistics"
    prefix = "sale.order.exception"
    page = "rights-order-exceptions.md"
    head = HEAD

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goods = cls.env["product.product"].create({"name": "Goods", "type": "consu", "taxes_id": False})

    def _goods_order(self):
        line = {"product_id": self.goods.id, "product_uom_qty": 3, "price_unit": 1.0}
        order = self._order(order_line=[Command.create(line)]).sudo()
        order.action_confirm()
        return order

    def _exception(self, **vals):
        """An exception of an order of the account manager's, entered by a colleague."""
        order = self._goods_order()
        values = {"order_id": order.id, "sale_line_id": order.order_line.id, "cause": "production", **vals}
        exception = self.env["sale.order.exception"].with_user(self.asker).create(values)
        exception.sudo()._write_protected({"date_opened": Datetime.now() - timedelta(hours=1)})
        return exception

    def _told(self, **vals):
        exception = self._exception(**vals)
        self._write(exception)
        self.assertTrue(exception.date_told)
        return exception

    def _write(self, exception):
        exception.order_id.with_user(self.asker).message_post(
            body="Late",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.customer.ids,
        )

    def _written_before(self):
        """One of two, of which nobody said which was meant."""
        exception = self._exception()
        exception.copy({"cause": "other"})
        self._write(exception)
        self.assertFalse(exception.date_told)
        return exception

    def _make_company_records(self):
        self._exception()

    def _action_cases(self):
        def method(name, *arguments):
            return lambda record: getattr(record, name)(*arguments)

        number = self._goods_order().name
        day = self.company._local_today() + timedelta(days=9)
        exceptions = self.env["sale.order.exception"]
        yield (
            "Enter, by the order's number",
            lambda: exceptions,
            lambda records: records.create({"order_number": number, "cause": "other"}),
        )
        yield "Read", self._exception, method("read", ["name", "measure", "told_text"])
        yield "Say what is done about it", self._exception, method("write", {"measure": "Rework"})
        yield "Correct the cause", self._exception, method("write", {"cause": "purchase"})
        yield "Propose a new date", self._exception, method("write", {"date_new": day})
        yield "Say who tells the customer, by when", self._exception, method("write", {"teller_id": self.owner.id})
        yield "Accept the new date", lambda: self._exception(date_new=day), method("action_accept_date")
        yield "Tell the customer (opens the letter)", self._exception, method("action_tell_customer")
        yield "Take the last message for it", self._written_before, method("action_told_by_last")
        yield "Say that she was not told with it", self._told, method("action_not_told")
        yield "Close", lambda: self._told(measure="Rework"), method("action_close")
        yield (
            "Cancel with a reason",
            self._exception,
            lambda exception: exception.write({"cancel_reason": "None"}) and exception.action_cancel(),
        )
        yield "Register as XLSX", self._exception, lambda exception: exception._register_records([])._register_file()

    def test_nobody(self):
        """Neither deletes anybody an exception, nor sets when the customer was told."""
        told = {"date_told": "2026-01-01 00:00:00"}
        for label, prepare, act in (
            ("tell", self._told, lambda exception: exception.write(told)),
            ("delete", self._exception, lambda exception: exception.unlink()),
        ):
            with self.subTest(action=label):
                self.assertFalse(any(self._tried(prepare, act).values()))
