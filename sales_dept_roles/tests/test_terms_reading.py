from odoo.fields import Command, Date, Datetime
from odoo.tests import tagged
from odoo.tools import format_date, format_datetime

from .common import SalesDeptCommon


@tagged("post_install", "-at_install")
class TestTermsReading(SalesDeptCommon):
    """Terms as people read them: each kind of value, and each kind of difference."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.sales_dept_quote_signoff = "off"
        cls.term = cls.env["account.payment.term"].create({"name": "Thirty days", "note": "<p>Net</p>"})
        cls.term.line_ids.nb_days = 30
        cls.customer.street = "Main Street 1"
        cls.order = cls._create_quotation(
            payment_term_id=cls.term.id,
            validity_date="2031-02-01",
            commitment_date="2031-03-14 09:00:00",
            note="<p>General <b>terms</b></p>",
            require_signature=True,
            require_payment=False,
            order_line=[
                Command.create({"product_id": cls.product.id, "name": "Shaft\nground", "product_uom_qty": 1234.5}),
                Command.create({"display_type": "line_note", "name": "10 years' warranty"}),
            ],
        ).sudo()
        cls.shaft, cls.remark = cls.order.order_line

    def _sections(self, **changes):
        return self.order._approval_terms_sections(
            {**self.order._approval_terms(), **changes}, self.order._approval_terms_spec()
        )

    def _diff(self, change):
        spec, before = self.order._approval_terms_spec(), self.order._approval_terms()
        change()
        self.env.invalidate_all()
        return self.order._approval_terms_diff(before, self.order._approval_terms(), spec)

    def test_what_is_kept_is_not_copied(self):
        """Gates read it with each confirmation, and it is as long as the document."""
        self.company.sales_dept_quote_signoff = "all"
        self.order.with_user(self.manager1).action_approval_submit()
        approval = self.order._approval_in_force()
        approval.invalidate_recordset()
        self.assertTrue(approval.terms and approval.terms_spec)
        self.assertIs(approval.terms, approval.terms)
        self.assertIs(approval.terms_spec, approval.terms_spec)

    def test_the_documents_own(self):
        (_title, _columns, head), _lines = self._sections()
        texts = dict(head)
        self.assertEqual(texts["Expiration"], format_date(self.env, Date.to_date("2031-02-01")))
        moment = Datetime.to_datetime("2031-03-14 09:00:00")
        self.assertEqual(texts["Delivery Date (Quoted)"], format_datetime(self.env, moment))
        self.assertEqual(texts["Terms and conditions"], "General *terms*")
        self.assertEqual(texts["Online signature"], "Yes")
        self.assertNotIn("Online payment", texts, "what is not so is not said")
        self.assertNotIn("Prepayment percentage", texts)
        self.assertEqual(texts["Total (Quoted)"], "123,450")
        self.assertIn("Street: Main Street 1", texts["Customer"])
        self.assertTrue(texts["Customer"].startswith("Test Customer Ltd\n"))
        self.assertNotIn("Complete Name", texts["Customer"], "not twice what its name says already")
        self.assertIn("Thirty days", texts["Payment Terms"])
        self.assertIn("Days: 30", texts["Payment Terms"])
        self.assertNotIn("ID:", texts["Payment Terms"])

    def test_json_is_a_text(self):
        """So that each dict among the terms is a record, and equal contents are equal texts."""
        self.shaft.extra_tax_data = {"b": 1, "a": 2}
        (shaft, remark) = self.order._approval_terms()["order_line"]
        self.assertEqual((shaft["extra_tax_data"], remark["extra_tax_data"]), ('{"a": 2, "b": 1}', None))

    def test_lines(self):
        _head, (title, columns, rows) = self._sections()
        self.assertEqual(title, "Order Lines")
        self.assertNotIn("Sequence", columns, "where a line stands is seen")
        self.assertNotIn("Taxes", columns, "no line has any")
        shaft, remark = (dict(zip(columns, row, strict=True)) for row in rows)
        self.assertEqual((shaft["Quantity"], shaft["Unit Price"]), ("1,234.5", "100"))
        self.assertEqual(shaft["Description"], "Shaft\nground")
        self.assertEqual((shaft["Display Type"], remark["Display Type"]), ("", "Note"))
        self.shaft.tax_ids = self.env["account.tax"].create({"name": "Tax thirteen", "amount": 13})
        _head, (_title, columns, _rows) = self._sections()
        self.assertIn("Taxes", columns)
        self.assertEqual(self._sections(order_line=None)[1][2], [])

    def test_changed(self):
        self.assertEqual(self._diff(lambda: None), [])
        self.assertEqual(
            self._diff(lambda: self.order.write({"note": "<p>Other</p>"})),
            [("Terms and conditions", "General *terms*", "Other")],
        )
        self.assertEqual(
            self._diff(lambda: self.customer.write({"street": "Side Street 2"})),
            [
                (f"{label} › Street", "Main Street 1", "Side Street 2")
                for label in ("Customer", "Invoice Address", "Delivery Address")
            ],
        )
        self.assertEqual(
            self._diff(lambda: self.term.line_ids.write({"nb_days": 60})),
            [("Payment Terms › Terms › Days", "30", "60")],
        )
        self.assertEqual(
            self._diff(lambda: self.order.write({"payment_term_id": False})), [("Payment Terms", "Thirty days", "")]
        )
        self.assertIn(("Shaft: Quantity", "1,234.5", "2"), self._diff(lambda: self.shaft.write({"product_uom_qty": 2})))

    def test_added_removed_and_moved(self):
        self.assertEqual(
            self._diff(lambda: self.remark.write({"sequence": 1}) or self.shaft.write({"sequence": 2})),
            [("Order Lines", "Shaft · 10 years' warranty", "10 years' warranty · Shaft")],
        )
        ((label, before, after),) = self._diff(lambda: self.remark.unlink())
        self.assertEqual((label, before, after), ("10 years' warranty", "Note", "removed"))
        section = Command.create({"display_type": "line_section", "name": "Spare"})
        ((label, before, after),) = self._diff(lambda: self.order.write({"order_line": [section]}))
        self.assertEqual((label, before, after), ("Spare", "", "added: Section"))
