from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SalesDeptCommon


@tagged("post_install", "-at_install")
class TestStoredResults(SalesDeptCommon):
    """Odoo takes a written value for a stored computed field: nobody may pass a gate that way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_quotation(user_id=cls.manager1.id)

    def test_lines(self):
        line = self.order.order_line.with_user(self.manager1)
        values = {
            "state": "sale",
            "salesman_id": self.gm.id,
            "order_partner_id": self.customer.copy({"name": "Somebody Else"}).id,
            "price_subtotal": 1.0,
            "price_total": 1.0,
        }
        for name, value in values.items():
            with self.subTest(field=name), self.assertRefused("cannot be set", AccessError):
                line.write({name: value})
        with self.assertRefused("cannot be set", AccessError):
            self.order.with_user(self.manager1).write({"order_line": [Command.update(line.id, {"state": "sale"})]})
        self.assertEqual(line.state, "draft")
        self.company.sales_dept_quote_signoff = "off"
        line.write({"price_total": line.price_total})

    def test_amounts(self):
        for name in ("amount_total", "amount_untaxed", "amount_tax"):
            with self.subTest(field=name), self.assertRefused("cannot be set", AccessError):
                self.order.with_user(self.manager1).write({name: 1.0})

    def test_customer_is_not_passed_off_as_another(self):
        archived = self.env["res.partner"].create({"name": "Archived", "is_company": True})
        with self.assertRaises(AccessError):
            self.customer.with_user(self.manager1).write({"commercial_partner_id": archived.id})

    def test_customer_of_a_confirmed_order(self):
        """Another customer than the one whose file was looked at asks the gates again."""
        self.company.sales_dept_quote_signoff = "off"
        self.order.with_user(self.manager1).action_confirm()
        self.company.sales_dept_customer_file = True
        other = self.env["res.partner"].create({"name": "Without a File", "is_company": True})
        with self.assertRefused("The file of customer Without a File", UserError):
            self.order.with_user(self.manager1).write({"partner_id": other.id})
        with self.assertRefused("The file of customer Without a File", UserError):
            self.order.with_user(self.manager1).write({"partner_invoice_id": other.id})
        # Its own contact is the same customer.
        contact = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.customer.id})
        self.order.with_user(self.manager1).write({"partner_id": contact.id})

    def test_invoiced_customer_needs_a_file_too(self):
        self.company.write({"sales_dept_quote_signoff": "off", "sales_dept_customer_file": True})
        self.company.sales_dept_customer_file_item_ids = False
        self.customer.with_user(self.manager1).action_approval_submit()
        self.customer.with_user(self.finance).action_approval_approve()
        other = self.env["res.partner"].create({"name": "Without a File", "is_company": True})
        self.order.partner_invoice_id = other
        with self.assertRefused("The file of customer Without a File"):
            self.order.with_user(self.manager1).action_confirm()

    def test_review_stays_with_its_account_manager(self):
        review = self.order.with_user(self.manager1)._order_review()
        for name, value in {"user_id": self.assistant.id, "partner_id": self.customer.copy().id}.items():
            with self.subTest(field=name), self.assertRefused("cannot be set", AccessError):
                review.with_user(self.assistant).write({name: value})

    def test_scan_of_a_paper(self):
        paper = self.env["res.partner.paper"].create(
            {"partner_id": self.customer.id, "file": b"JVBERg==", "file_name": "licence.pdf"}
        )
        with self.assertRefused("cannot be set", AccessError):
            paper.with_user(self.manager1).file_checksum = "0"
        file = self.env["ir.attachment"].search(
            [("res_model", "=", "res.partner.paper"), ("res_field", "=", "file"), ("res_id", "=", paper.id)]
        )
        with self.assertRaises(AccessError):
            file.with_user(self.manager1).write({"raw": b"forged"})
        with self.assertRaises(AccessError):
            file.with_user(self.manager1).unlink()
        before = paper.file_checksum
        paper.with_user(self.manager1).file = b"JVBERi0x"
        self.assertNotEqual(paper.file_checksum, before)

    def test_conditions_of_a_changed_order(self):
        """A review that is asked again passes only when all have agreed again."""
        self.company.write({"sales_dept_quote_signoff": "off", "sales_dept_order_review": "all"})
        self.order.commitment_date = "2031-03-14 09:00:00"
        review = self.order.with_user(self.manager1)._order_review()
        review.action_approval_submit()
        review.with_user(self.gm).action_approval_approve()
        judge = self._create_role_user(
            "all_departments",
            "group_review_engineering",
            "group_review_production",
            "group_review_purchasing",
            "group_review_quality",
        )
        review.with_user(judge).action_approval_approve()
        review.with_user(self.finance).action_approval_agree_with_conditions("Payment in advance")
        self.assertEqual(review.state, "conditions")
        self.order.order_line.with_user(self.manager1).product_uom_qty = 50
        with self.assertRefused("no conditions to accept"):
            review.with_user(self.manager1).action_accept_conditions()
        review.with_user(self.manager1).action_approval_submit()
        self.assertEqual(review.state, "sales")
        self.assertFalse(self.order.order_line.promised_date)
