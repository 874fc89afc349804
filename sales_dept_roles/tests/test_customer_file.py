import base64
import doctest
from datetime import timedelta
from unittest.mock import patch

from lxml import etree
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from ..models.customer_file import keys
from ..models.customer_file.keys import fill_keys, name_key, vat_country, vat_key
from .common import SalesDeptCommon


class CustomerFileCommon(SalesDeptCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.sales_dept_quote_signoff = "off"
        cls.company.sales_dept_order_review = "off"
        cls.company.sales_dept_customer_file = True
        cls.term = cls.env["account.payment.term"].create({"name": "60 days"})
        cls._complete(cls.customer)

    @classmethod
    def _file_values(cls, vat):
        return {
            "vat": vat,
            "user_id": cls.manager1.id,
            "customer_file_invoice_title": "Test Customer Ltd",
            "street": "1 Mill Lane",
            "city": "Leeds",
            "country_id": cls.env.ref("base.uk").id,
            "phone": "+44 113 496 0000",
            "customer_file_invoice_kind": "special",
            "customer_file_payment_method": "transfer",
            "property_payment_term_id": cls.term.id,
            "customer_file_closing_day": 25,
            "bank_ids": [Command.create({"acc_number": f"6222 {vat}"})],
            "child_ids": [
                Command.create({"name": "Pat Buyer", "customer_file_function": "purchasing"}),
                Command.create({"name": "Fay Ledger", "customer_file_function": "finance"}),
            ],
            "customer_file_paper_ids": [
                Command.create(
                    {
                        "kind": "licence",
                        "number": f"L-{vat}",
                        "expiry_date": fields.Date.today() + timedelta(days=400),
                        "file": base64.b64encode(b"%PDF-1.4 scan"),
                        "file_name": "licence.pdf",
                    }
                )
            ],
        }

    @classmethod
    def _complete(cls, partner, vat="GB 123-456-789"):
        partner.write(cls._file_values(vat))
        return partner

    @classmethod
    def _archive(cls, partner):
        partner.with_user(cls.manager1).action_approval_submit()
        partner.with_user(cls.finance).action_approval_approve()
        return partner


@tagged("post_install", "-at_install")
class TestCustomerFile(CustomerFileCommon):
    # === THE WAY OF A FILE === #

    def test_submitted_archived_reopened(self):
        self.assertEqual(self.customer.customer_file_state, "none")
        self.customer.with_user(self.manager1).action_approval_submit()
        self.assertEqual(self.customer.customer_file_state, "submitted")
        approval = self.env["sales.approval"].with_user(self.finance).search([("can_decide", "=", True)])
        self.assertEqual(approval.partner_id, self.customer)
        self.assertDialogSays(self.customer, self.finance, "Tax ID", "Payment Terms", "Papers")
        self.assertEqual(approval.kind, "Customer File")
        self.assertEqual(approval.action_open_document()["res_model"], "res.partner", "finance opens the contact")
        self.customer.with_user(self.finance).action_approval_approve()
        self.assertEqual(self.customer.customer_file_state, "archived")
        self.assertTrue(self.customer.customer_file_archive_date)
        self.customer.with_user(self.manager1).customer_file_closing_day = 20
        self.assertEqual(self.customer.customer_file_state, "reopened")
        self.assertEqual(approval.sudo()._diff(), [("Closing Day", "25", "20")])
        self.assertIn("Closing Day", self.customer.with_user(self.finance).approval_summary)
        self.customer.customer_file_closing_day = 25
        self.assertEqual(self.customer.customer_file_state, "archived", "undone, it is what was archived")

    def test_same_click_twice(self):
        self.customer.with_user(self.manager1).action_approval_submit()
        self.customer.with_user(self.assistant).action_approval_submit()
        self.assertEqual(len(self.customer.approval_ids), 1)
        self.customer.with_user(self.finance).action_approval_approve()
        with self.assertRefused("not waiting for approval"):
            self.customer.with_user(self.finance).action_approval_approve()
        self.assertEqual(len(self.customer.sudo().approval_ids.decision_ids), 1)

    def test_refused_with_a_reason(self):
        self.customer.with_user(self.director).action_approval_submit()
        with self.assertRefused("Say why"):
            self.customer.with_user(self.finance)._approval_decide("rejected", "", False)
        self.customer.with_user(self.finance).action_approval_reject("The bank account is not theirs")
        self.assertEqual(self.customer.customer_file_state, "refused")
        order = self._create_quotation()
        with self.assertRefused("Customer File Test Customer Ltd was refused: The bank account"):
            order.action_confirm()

    def test_who_submits_and_who_archives(self):
        for user in (self.manager1, self.assistant, self.director):
            with self.subTest(user=user.login):
                self.customer.with_user(user).action_approval_submit()
                self.customer.with_user(user).action_approval_withdraw()
        keeper = new_test_user(self.env, "keeper_test", "base.group_user,base.group_partner_manager")
        for user in (self.gm, self.finance, self.engineering, self.outsider, keeper, self.portal_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.customer.with_user(user).action_approval_submit()
        self.customer.with_user(self.manager1).action_approval_submit()
        for user in (self.manager1, self.director, self.gm, self.assistant, self.engineering, self.portal_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.customer.with_user(user).action_approval_approve()
        both = self._create_role_user("both_test", "group_account_manager", "group_finance_verifier")
        other = self._complete(self.env["res.partner"].create({"name": "Other", "is_company": True}), "GB999")
        other.with_user(both).action_approval_submit()
        with self.assertRefused("You asked for approval", AccessError):
            other.with_user(both).action_approval_approve()

    def test_finance_writes_in_the_file(self):
        """What finance knows better it enters; the file is submitted by the sales department all the same."""
        customer = self.customer.with_user(self.finance)
        with Form(customer) as form:
            self.assertEqual(form.customer_file_invoice_title, "Test Customer Ltd")
            self.assertEqual(len(form.customer_file_paper_ids), 1)
            form.customer_file_closing_day = 20
        self._archive(self.customer)
        customer.write({"vat": "GB1", "bank_ids": [Command.create({"acc_number": "77"})]})
        self.customer.customer_file_paper_ids.with_user(self.finance).write({"number": "X"})
        self.assertEqual(self.customer.customer_file_state, "reopened", "who files it does not pass it off as filed")
        with self.assertRaises(AccessError):
            customer.action_approval_submit()
        with self.assertRaises(AccessError):
            self.env["res.partner"].with_user(self.finance).create({"name": "New"})
        with self.assertRaises(AccessError):
            customer.unlink()
        self.assertIn(customer, customer.search([("customer_file_state", "=", "reopened")]))
        self.assertIn("customer_file", customer.get_view(view_type="form")["arch"])

    def test_refused_file_is_mended_first(self):
        self.customer.with_user(self.manager1).action_approval_submit()
        self.customer.with_user(self.finance).action_approval_reject("The bank account is not theirs.")
        with self.assertRefused("The bank account is not theirs. Nothing was changed since"):
            self.customer.with_user(self.manager1).action_approval_submit()
        self.assertEqual(self.customer.customer_file_state, "refused")
        self.customer.bank_ids.acc_number = "6222 0000"
        self.customer.with_user(self.manager1).action_approval_submit()
        self.assertEqual(self.customer.customer_file_state, "submitted")

    def test_licence_counts_with_its_scan(self):
        self.customer.customer_file_paper_ids.file = False
        with self.assertRefused("Missing: Business licence with its scan, not expired"):
            self.customer.with_user(self.manager1).action_approval_submit()

    def test_links_open_its_tab(self):
        action = self.customer.child_ids[0].action_open_customer_file()
        self.assertEqual(action["res_id"], self.customer.id)
        view = self.env.ref("sales_dept_roles.view_customer_file_form")
        self.assertEqual(action["views"], [(view.id, "form")])
        arch = etree.fromstring(self.env["res.partner"].with_user(self.manager1).get_view(view.id, "form")["arch"])
        self.assertEqual([page.get("name") for page in arch.iterfind(".//page[@autofocus]")], ["customer_file"])

    def test_the_tab_is_the_departments(self):
        arch = self.customer.with_user(self.outsider).get_view(view_type="form")["arch"]
        self.assertNotIn("customer_file_paper_ids", arch)
        with Form(self.customer.with_user(self.engineering)) as form:
            self.assertEqual(form.name, "Test Customer Ltd")
        for user in (self.engineering, self.outsider, self.portal_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.customer.customer_file_paper_ids.with_user(user).read(["number"])
        with self.assertRaises(AccessError):
            self.customer.with_user(self.portal_user).read(["customer_file_duplicate_reason"])

    def test_account_manager_keeps_the_file_on_the_form(self):
        with Form(self.env["res.partner"].with_user(self.manager1)) as form:
            form.name = "Made On The Form Ltd"
            form.company_type = "company"
            form.customer_file_closing_day = 5
            with form.bank_ids.new() as bank:
                bank.acc_number = "12345"
            with form.customer_file_paper_ids.new() as paper:
                paper.number = "L-1"
        partner = form.record
        self.assertEqual(partner.bank_ids.acc_number, "12345")
        self.assertEqual(partner.customer_file_paper_ids.number, "L-1")
        self.assertIn("Tax number", partner.customer_file_missing)

    def test_nobody_writes_the_result(self):
        manager = self.customer.with_user(self.manager1)
        for vals in (
            {"customer_file_state": "archived"},
            {"approval_state": "approved"},
            {"customer_file_name_key": "x"},
            {"customer_file_vat_key": "x"},
            {"approval_ids": [Command.create({"state": "approved"})]},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                manager.write(vals)
            with self.subTest(create=vals), self.assertRaises(AccessError):
                manager.create({"name": "X", **vals})
        created = manager.with_context(default_customer_file_state="archived").create({"name": "X"})
        self.assertEqual(created.customer_file_state, "none")
        result = manager.load(["name", "customer_file_state"], [["Imported", "archived"]])
        self.assertFalse(result["ids"])

    # === COMPLETENESS === #

    def test_incomplete_file_is_not_submitted(self):
        self.customer.vat = False
        self.customer.child_ids.filtered(lambda child: child.customer_file_function == "finance").unlink()
        with self.assertRefused("not complete. Missing: Tax number, Contact: finance"):
            self.customer.with_user(self.manager1).action_approval_submit()
        with patch.object(type(self.customer), "_customer_file_missing_items", lambda self: dict.fromkeys(self, ())):
            self.customer.with_user(self.manager1).action_approval_submit()

    def test_what_is_required_is_each_companys(self):
        item = self.env.ref("sales_dept_roles.customer_file_item_contact_quality")
        self.assertNotIn(item.name, self.customer.customer_file_missing)
        self.company.sales_dept_customer_file_item_ids |= item
        self.customer.invalidate_recordset()
        self.assertIn(item.name, self.customer.customer_file_missing)
        other = self.env["res.company"].create({"name": "Other Company"})
        self.assertNotIn(item, other.sales_dept_customer_file_item_ids)
        in_other = self.customer.with_company(other)
        self.assertNotIn(item.name, in_other.customer_file_missing)
        self.assertIn("Payment terms", in_other.customer_file_missing, "they are given per company")
        for user in (self.director, self.manager1, self.finance):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                item.with_user(user).write({"name": "Nothing"})
        item.domain = "[('child_ids.customer_file_function', '=', 'purchasing')]"
        self.customer.invalidate_recordset()
        self.assertFalse(self.customer.customer_file_missing)

    def test_a_condition_that_is_none(self):
        with self.assertRefused("cannot be read", ValidationError):
            self.env["sales.customer.file.item"].create({"name": "Bad", "domain": "[('no_such_field', '=', 1)]"})

    def test_paper_on_its_last_day(self):
        paper = self.customer.customer_file_paper_ids[0]
        with freeze_time("2027-03-31 12:00:00"):
            for expiry, is_expired in (("2027-03-31", False), ("2027-03-30", True), (False, False)):
                with self.subTest(expiry=expiry):
                    paper.expiry_date = expiry
                    self.assertEqual(paper.is_expired, is_expired)
                    self.assertEqual(paper in paper.search([("is_expired", "=", True)]), is_expired)
                    self.assertEqual(paper in paper.search([("is_expired", "=", False)]), not is_expired)

    def test_expired_paper(self):
        paper = self.customer.customer_file_paper_ids
        self.assertFalse(paper.is_expired)
        paper.expiry_date = fields.Date.today() - timedelta(days=1)
        self.assertTrue(paper.is_expired)
        self.assertIn(paper, paper.search([("is_expired", "=", True)]))
        self.assertNotIn(paper, paper.search([("is_expired", "=", False)]))
        self.assertIn("Business licence", self.customer.customer_file_missing)

    def test_bad_input(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.customer.customer_file_closing_day = 32
            self.env.flush_all()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.customer.customer_file_paper_ids.write({"issue_date": "2024-02-01", "expiry_date": "2024-01-01"})
            self.env.flush_all()
        with self.assertRefused("Papers belong to the customer itself", ValidationError):
            self.env["res.partner.paper"].create({"partner_id": self.customer.child_ids[0].id})
        with self.assertRefused("the file is kept there"):
            self.customer.child_ids[0].with_user(self.manager1).action_approval_submit()

    # === WHAT IS ARCHIVED === #

    def test_each_part_reopens_the_file(self):
        self._archive(self.customer)
        contact = self.customer.child_ids.filtered(lambda child: child.customer_file_function == "finance")
        parts = {
            "contact": lambda: contact.write({"phone": "1"}),
            "contact removed": lambda: contact.write({"active": False}),
            "address": lambda: self.env["res.partner"].create(
                {"parent_id": self.customer.id, "type": "delivery", "street": "2 Dock Road"}
            ),
            "bank": lambda: self.customer.bank_ids.write({"acc_number": "999"}),
            "bank removed": lambda: self.customer.bank_ids.unlink(),
            "paper": lambda: self.customer.customer_file_paper_ids.write({"number": "L2"}),
            "scan": lambda: self.customer.customer_file_paper_ids.write(
                {"file": base64.b64encode(b"%PDF-1.4 another scan")}
            ),
            "terms": lambda: self.customer.write({"property_payment_term_id": False}),
            "tax number": lambda: self.customer.write({"vat": "GB5"}),
            "credit limit": lambda: self.customer.write({"credit_limit": 5000}),
        }
        for what, change in parts.items():
            with self.subTest(part=what):
                self.assertEqual(self.customer.customer_file_state, "archived")
                savepoint = self.env.cr.savepoint()
                change()
                self.env.flush_all()
                self.assertEqual(self.customer.customer_file_state, "reopened")
                self.assertTrue(self.customer._approval_lacking())
                self.assertTrue(self.customer.sudo().approval_ids._diff())
                savepoint.close(rollback=True)
                self.env.invalidate_all()

    def test_what_is_no_part_of_it(self):
        self._archive(self.customer)
        self.customer.write({"user_id": self.manager2.id, "comment": "Likes tea", "website": "https://x.example"})
        self.env["res.partner"].create({"name": "Subsidiary", "is_company": True, "parent_id": self.customer.id})
        self.assertEqual(self.customer.customer_file_state, "archived")
        self.assertFalse(self.customer.with_context(active_test=False)._approval_lacking())

    def test_portal_edit_reopens(self):
        self._archive(self.customer)
        self.portal_user.partner_id.with_user(self.portal_user).sudo().write({"street": "9 New Street"})
        self.assertEqual(self.customer.customer_file_state, "reopened")

    def test_credit_limit_is_shown_to_those_without_accounting_rights(self):
        self.customer.credit_limit = 7000
        self.assertEqual(self.customer.with_user(self.finance).customer_file_credit_limit, 7000)
        self.customer.with_user(self.manager1).write({"customer_file_credit_limit": 9})
        self.customer.invalidate_recordset()
        self.assertEqual(self.customer.credit_limit, 7000, "accounting sets it")

    def test_general_credit_limit_is_no_term(self):
        """What accounting sets for all customers at once re-opens no file; a limit of the customer's own does."""
        self._archive(self.customer)
        self.env["ir.default"].set("res.partner", "credit_limit", 5000.0, company_id=self.company.id)
        self.env.invalidate_all()
        self.assertEqual(self.customer.credit_limit, 5000)
        self.assertFalse(self.customer._approval_lacking())
        self.customer.credit_limit = 7000
        self.assertEqual(self.customer.customer_file_state, "reopened")

    # === ONE FILE, SEVERAL COMPANIES === #

    def test_checklist_is_that_of_its_company(self):
        other = self.env["res.company"].create({"name": "Other Company", "sales_dept_customer_file": True})
        other.sales_dept_customer_file_item_ids = self.env.ref("sales_dept_roles.customer_file_item_vat")
        self.company.sales_dept_customer_file_item_ids = False
        theirs = self.env["res.partner"].create({"name": "Theirs", "is_company": True, "company_id": other.id})
        self.assertEqual(theirs.customer_file_missing, "Tax number")
        with self.assertRefused("Missing: Tax number"):
            theirs.action_approval_submit()

    def test_shared_customer_has_one_file(self):
        other = self.env["res.company"].create({"name": "Other Company", "sales_dept_customer_file": True})
        self._archive(self.customer)
        in_other = self.customer.with_company(other)
        in_other.property_payment_term_id = self.env["account.payment.term"].create({"name": "Other's own"})
        self.assertEqual(in_other.customer_file_state, "archived", "its terms are those of who archived it")
        self.assertFalse(in_other._approval_lacking())
        in_other.customer_file_closing_day = 3
        self.assertEqual(in_other.customer_file_state, "reopened")

    def test_papers_of_another_company(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        partner = self.env["res.partner"].create({"name": "Theirs", "company_id": other.id})
        paper = self.env["res.partner.paper"].create({"partner_id": partner.id, "number": "1"})
        self.assertEqual(paper.company_id, other)
        self.assertNotIn(paper, paper.with_user(self.manager1).search([]))
        with self.assertRaises(AccessError):
            paper.with_user(self.manager1).read(["number"])

    # === DUPLICATES === #

    def test_names(self):
        same = (
            ("Acme Tools Co., Ltd.", "ACME-TOOLS"),
            ("Keller Antriebstechnik GmbH", "keller antriebstechnik G.m.b.H."),
            ("苏州恒泰自动化有限公司", "苏州恒泰自动化股份有限公司"),
            ("苏州恒泰（自动化）有限公司", "苏州恒泰(自动化)"),
            ("ＡＣＭＥ", "acme"),
            ("Northline Ltd 北线有限公司", "Northline 北线"),
        )
        for one, other in same:
            with self.subTest(one=one):
                self.assertEqual(name_key(one), name_key(other))
        for one, other in (("Acme Tools", "Acme Fools"), ("恒泰集团有限公司", "恒泰有限公司"), ("Ltd", "Co")):
            with self.subTest(one=one):
                self.assertNotEqual(name_key(one), name_key(other))
        self.assertEqual([name_key(name) for name in (None, "", " .,()")], [None] * 3)
        self.assertEqual(vat_key("gb 123-456.789"), "123456789")
        placeholders = (None, "", "/", "N/A", "n.a.", "-", "0000", "CN 0000 0000", "none", "无", "xxx")
        self.assertEqual([vat_key(vat) for vat in placeholders], [None] * len(placeholders))
        same = ("91320500MA1XYZ1234", "CN91320500MA1XYZ1234", "cn-9132 0500 ma1xyz1234", "ＣＮ91320500MA1XYZ1234")
        self.assertEqual({vat_key(vat) for vat in same}, {"91320500MA1XYZ1234"})
        self.assertEqual([vat_country(vat) for vat in same], [None, "CN", "CN", "CN"])
        self.assertEqual(vat_country("XAXX010101000"), None, "a number may begin with letters")
        self.assertEqual(doctest.testmod(keys).failed, 0)
        self.assertGreater(doctest.testmod(keys).attempted, 4)

    def test_same_tax_number_is_refused(self):
        with self.assertRefused("GB123456789 is the tax number of Test Customer Ltd already", ValidationError):
            self.env["res.partner"].with_user(self.manager1).create({"name": "Twin", "vat": "GB123456789"})
        twin = self.env["res.partner"].create({"name": "Twin"})
        with self.assertRefused("is the tax number of Test Customer Ltd already", ValidationError):
            twin.with_user(self.manager1).vat = "gb 123456789"
        self.assertFalse(self.customer.copy().vat, "a copy is another customer")
        self.env["res.partner"].create({"name": "Branch", "parent_id": self.customer.id, "is_company": True})
        # With the policy off it is Odoo's to say, until the file is submitted.
        self.company.sales_dept_customer_file = False
        twin.vat = "GB123456789"
        self.assertEqual(self.customer.copy().vat, self.customer.vat)
        with self.assertRefused("is the tax number of Test Customer Ltd"):
            twin.with_user(self.manager1).action_approval_submit()

    def test_tax_number_with_and_without_its_country(self):
        Partner = self.env["res.partner"].with_user(self.manager1)
        for vat in ("123456789", "gb123456789", "GB 123.456.789"):
            with self.subTest(vat=vat), self.assertRefused("is the tax number of Test Customer Ltd", ValidationError):
                Partner.create({"name": "Twin", "vat": vat})
        # The same digits are another number in another country, told by the number or by the customer.
        Partner.create({"name": "German", "vat": "DE123456789"})
        austrian = Partner.create({"name": "Austrian", "vat": "123456789", "country_id": self.env.ref("base.at").id})
        with self.assertRefused("is the tax number of", ValidationError):
            austrian.country_id = self.env.ref("base.de")

    def test_placeholders_are_no_tax_numbers(self):
        Partner = self.env["res.partner"].with_user(self.manager1)
        for vat in ("N/A", "-", "0000", "none", "无"):
            with self.subTest(vat=vat):
                partners = Partner.create([{"name": f"{vat} one", "vat": vat}, {"name": f"{vat} two", "vat": vat}])
                self.assertEqual(partners.mapped("customer_file_vat_key"), [False, False])
                self.assertIn("Tax number", partners[0].customer_file_missing)

    def test_tax_number_of_an_archived_customer(self):
        self.customer.active = False
        with self.assertRefused("already, a customer that was archived: take it out", ValidationError):
            self.env["res.partner"].with_user(self.manager1).create({"name": "Twin", "vat": "123456789"})

    def test_an_outsider_is_not_told_who_else_is_a_customer(self):
        partner = self.env["res.partner"].create({"name": "Signed Up", "user_ids": [Command.clear()]})
        stranger = new_test_user(self.env, "stranger_test", "base.group_portal")
        stranger.partner_id.with_user(stranger).sudo().vat = "GB123456789"
        with self.assertRefused("is the tax number of"):
            stranger.partner_id.with_user(self.manager1).action_approval_submit()
        self.assertFalse(partner.vat)

    def test_other_companys_customer_is_no_duplicate(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        self.env["res.partner"].create({"name": "Somebody Inc", "vat": "GB321", "company_id": other.id})
        twin = self.env["res.partner"].create({"name": "Somebody Ltd", "vat": "GB321"})
        self.assertFalse(twin.customer_file_duplicate_ids)

    def test_same_name_is_shown_and_asks_for_a_reason(self):
        twin = self.env["res.partner"].create({"name": "TEST  customer, Limited", "is_company": True})
        self._complete(twin, "GB777")
        self.assertEqual(twin.customer_file_duplicate_ids, self.customer)
        with self.assertRefused("has the same name as Test Customer Ltd"):
            twin.with_user(self.manager1).action_approval_submit()
        twin.customer_file_duplicate_reason = "Its sister in Leeds, tax number of its own"
        self._archive(twin)
        self.assertEqual(twin.customer_file_state, "archived")
        with Form(self.env["res.partner"].with_user(self.manager1)) as form:
            form.name = "Test Customer"
            self.assertIn(self.customer, form.customer_file_duplicate_ids[:])

    def test_import_stays_possible(self):
        rows = [
            ["One Ltd", "GB901", "special", "25"],
            ["Two Ltd", "GB902", "ordinary", "31"],
        ]
        columns = ["name", "vat", "customer_file_invoice_kind", "customer_file_closing_day"]
        manager = self.env["res.partner"].with_user(self.manager1)
        result = manager.load(columns, rows)
        self.assertEqual(len(result["ids"]), 2, result["messages"])
        imported = manager.browse(result["ids"])
        self.assertEqual(imported.mapped("customer_file_vat_key"), ["GB901", "GB902"])
        self.assertEqual(imported.mapped("customer_file_name_key"), ["one", "two"])
        result = manager.load(columns, [["Three Ltd", "GB903", "special", "1"], ["Twin", "GB 901", "special", "1"]])
        self.assertFalse(result["ids"])
        self.assertIn("is the tax number of One Ltd", str(result["messages"]))

    # === QUERIES === #

    def _count(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_creating_costs_no_query_per_customer(self):
        numbers = iter(range(1000))

        def create(count):
            self.env["res.partner"].create(
                [{"name": f"Customer {next(numbers)}", "vat": f"GB8{next(numbers):05}"} for _each in range(count)]
            )

        create(2)
        self.assertEqual(self._count(lambda: create(10)), self._count(lambda: create(20)))

    def test_gate_costs_no_query_per_order(self):
        def orders(count):
            customers = self.env["res.partner"].create(
                [{"name": f"Gate {count} {number}", "is_company": True} for number in range(count)]
            )
            for number, customer in enumerate(customers):
                self._complete(customer, f"GB{count}X{number}")
            self._archive(customers)
            customers[0].phone = "changed"
            return self.env["sale.order"].create([{"partner_id": customer.id} for customer in customers])

        few, many = orders(5), orders(10)
        few._gate_messages("sale")
        self.assertEqual(
            self._count(lambda: few._gate_messages("sale")), self._count(lambda: many._gate_messages("sale"))
        )
        self.assertEqual(list(many._gate_messages("sale")), many[0].ids)

    def test_list_costs_no_query_per_customer(self):
        customers = self.env["res.partner"].create(
            [{"name": f"Listed {number}", "customer_file_closing_day": 1} for number in range(20)]
        )
        names = ["customer_file_state", "customer_file_missing", "customer_file_duplicate_ids"]
        customers[:2].read(names)
        self.assertEqual(self._count(lambda: customers[:5].read(names)), self._count(lambda: customers[5:].read(names)))

    def test_keys_of_customers_that_were_there_before(self):
        self.env.flush_all()
        contact = self.customer.child_ids[0]
        self.env.cr.execute("UPDATE res_partner SET customer_file_name_key = NULL, customer_file_vat_key = NULL")
        fill_keys(self.env.cr, chunk=3)
        self.env.invalidate_all()
        self.assertEqual(self.customer.customer_file_name_key, "testcustomer")
        self.assertEqual(self.customer.customer_file_vat_key, "123456789")
        self.assertFalse(contact.customer_file_name_key)


@tagged("post_install", "-at_install")
class TestColleaguesCustomer(SalesDeptCommon):
    """Who sees own documents only, and quotes to a colleague's customer, reads whose customer it is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.user_id = cls.manager2
        cls.contact = cls.env["res.partner"].create({"name": "Buyer", "parent_id": cls.customer.id})

    def test_sentence(self):
        sentence = "Test Customer Ltd is a customer of manager2_test.* Ask manager2_test"
        for partner in (self.customer, self.contact):
            with self.subTest(partner=partner.name):
                with self.assertRefused(sentence, AccessError):
                    self._create_quotation(partner_id=partner.id)
                with (
                    self.assertRefused(sentence, AccessError),
                    Form(self.env["sale.order"].with_user(self.manager1)) as form,
                ):
                    form.partner_id = partner
        own = self._create_quotation(user_id=self.manager1.id)
        self.assertEqual(own.user_id, self.manager1)
        self.assertTrue(self._create_quotation(self.director))

    def test_quotation_in_the_name_of_a_colleague(self):
        self.customer.user_id = self.manager1
        with self.assertRefused("A quotation of manager2_test.* is made by manager2_test", AccessError):
            self._create_quotation(user_id=self.manager2.id)

    def test_own_quotation_refused_by_another_rule(self):
        """That it is a colleague's is said where it is; else Odoo's own words stand."""
        for owner, customer_of in ((self.manager1, self.manager1), (self.manager1, self.manager2), (False, False)):
            self.customer.user_id = customer_of
            order = self._create_quotation(user_id=self.manager1.id)
            order.sudo().user_id = owner
            with self.subTest(owner=owner, customer_of=customer_of):
                rule = self.env["ir.rule"].with_user(self.manager1)
                self.assertFalse(rule._refusal_message("create", order))
                self.assertFalse(rule._refusal_message("create", order.order_line))

    def test_nothing_is_told_of_what_is_there(self):
        order = self._create_quotation(self.manager2).with_user(self.manager1)
        line = {"order_id": order.id, "product_id": self.product.id}
        for attempt in (
            lambda: order.read(["name"]),
            lambda: order.write({"note": "x"}),
            order.unlink,
            lambda: order.env["sale.order.line"].create(line),
        ):
            with self.assertRaises(AccessError) as caught:
                attempt()
            self.assertNotIn("manager2_test", str(caught.exception))
            self.assertNotIn(self.customer.name, str(caught.exception))


@tagged("post_install", "-at_install")
class TestCustomerFileGate(CustomerFileCommon):
    def test_held_until_archived(self):
        order = self._create_quotation()
        with self.assertRefused("The file of customer Test Customer Ltd is not filed. An account manager"):
            order.action_confirm()
        with self.assertRefused("is not filed"):
            order.write({"state": "sale"})
        self.customer.with_user(self.manager1).action_approval_submit()
        with self.assertRefused("still waits for the signature of: Finance Verifier"):
            order.action_confirm()
        self.customer.with_user(self.finance).action_approval_approve()
        self.customer.customer_file_closing_day = 3
        with self.assertRefused("was changed after it was submitted"):
            order.action_confirm()
        self._archive(self.customer)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_what_is_missing_is_said(self):
        self.customer.bank_ids.unlink()
        with self.assertRefused("Missing: Bank and account."):
            self._create_quotation().action_confirm()

    def test_without_the_gate_it_passes(self):
        order = self._create_quotation()
        with patch.object(type(order), "_customer_file_messages", lambda self: {}):
            order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_policy_off_changes_nothing(self):
        self.company.sales_dept_customer_file = False
        order = self._create_quotation()
        self.assertFalse(order.customer_file_hold)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.company.sales_dept_customer_file = True
        self.assertFalse(order.customer_file_hold, "it is confirmed already")

    def test_changed_past_the_orm(self):
        self._archive(self.customer)
        order = self._create_quotation()
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_partner SET vat = 'GB0' WHERE id = %s", [self.customer.id])
        self.env.invalidate_all()
        self.assertEqual(self.customer.customer_file_state, "archived")
        with self.assertRefused("was changed"):
            order.action_confirm()

    def test_order_of_a_contact_and_of_another_company(self):
        order = self._create_quotation(partner_id=self.customer.child_ids[0].id)
        with self.assertRefused("Test Customer Ltd is not filed"):
            order.action_confirm()
        self.assertEqual(order.action_open_customer_file()["res_id"], self.customer.id)
        other = self.env["res.company"].create({"name": "Other Company"})
        Orders = self.env["sale.order"].with_context(allowed_company_ids=[other.id, self.company.id])
        theirs = Orders.create({"partner_id": self.customer.id, "company_id": other.id})
        self.assertFalse(theirs._gate_messages("sale"), "their policy is off")

    def test_served_on_the_file_of_another(self):
        """Another customer hung below a contact of an archived one is not archived by that."""
        self._archive(self.customer)
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        order = self._create_quotation(partner_id=stranger.id)
        with self.assertRefused("The file of customer Stranger is not filed"):
            order.action_confirm()
        stranger.with_user(self.manager1).parent_id = self.customer.child_ids[0]
        self.assertEqual(stranger.commercial_partner_id, self.customer)
        for attempt in (order.action_confirm, lambda: order.write({"state": "sale"})):
            with self.assertRefused("Stranger does not stand in the file of customer Test Customer Ltd"):
                attempt()
        stranger.write({"parent_id": self.customer.id, "active": False})
        with self.assertRefused("Stranger does not stand in the file"):
            order.action_confirm()
        # In the file, so finance looks at it.
        stranger.active = True
        with self.assertRefused("was changed"):
            order.action_confirm()
        self._archive(self.customer)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_the_form_shows_it(self):
        with Form(self.env["sale.order"].with_user(self.manager1)) as form:
            form.partner_id = self.customer
            [step] = [step for step in form.gate_rail if step["key"] == "customer_file"]
            self.assertIn("is not filed", step["sentence"])
        self._archive(self.customer)
        form.record.invalidate_recordset()
        self.assertFalse(form.record.customer_file_hold)

    def test_outsiders_do_not_read_it(self):
        order = self._create_quotation(partner_id=self.customer.id)
        with self.assertRaises(AccessError):
            order.with_user(self.portal_user).read(["customer_file_hold"])

    def test_handbook_switches_it_on(self):
        self.company.sales_dept_customer_file = False
        self.company.action_sales_dept_apply_handbook()
        self.assertTrue(self.company.sales_dept_customer_file)


@tagged("post_install", "-at_install")
class TestCustomerFileMerge(CustomerFileCommon):
    def _merge(self, partners, destination):
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(partners.ids, destination)

    def test_merge(self):
        self._archive(self.customer)
        self.company.sales_dept_customer_file = False
        twin = self._complete(self.env["res.partner"].create({"name": "Twin", "is_company": True}))
        self.company.sales_dept_customer_file = True
        twin.bank_ids.acc_number = "777"
        self._merge(self.customer | twin, self.customer)
        self.assertFalse(twin.exists())
        self.assertEqual(self.customer.vat, "GB 123-456-789")
        self.assertEqual(len(self.customer.customer_file_paper_ids), 2)
        self.assertEqual(self.customer.customer_file_state, "reopened", "accounts and contacts came in")

    def test_merge_brings_the_tax_number(self):
        target = self.env["res.partner"].create({"name": "Target", "is_company": True})
        self._merge(self.customer | target, target)
        self.assertEqual(target.vat, "GB 123-456-789")
        self.assertEqual(target.customer_file_state, "none")
        self.assertIn("Fay Ledger", target.child_ids.mapped("name"))

    def test_merge_of_contacts_leaves_their_company_alone(self):
        self._archive(self.customer)
        one, other = self.customer.child_ids.filtered(lambda child: child.customer_file_function)
        self._merge(one | other, one)
        self.assertEqual(self.customer.vat, "GB 123-456-789")
        self.assertEqual(self.customer.customer_file_state, "reopened")

    # === NOTHING THAT WAS SIGNED IS LOST === #

    def _target(self, **vals):
        return self.env["res.partner"].create({"name": self.customer.name, "is_company": True, **vals})

    def _in_force(self, partner):
        approvals = partner.sudo()._approval_in_force()
        self.assertLessEqual(len(approvals), 1, "one file in force")
        return approvals

    def test_archived_file_goes_along(self):
        self._archive(self.customer)
        approval = self._in_force(self.customer)
        target = self._target()
        self._merge(self.customer | target, target)
        self.assertEqual(self._in_force(target), approval)
        self.assertEqual(target.customer_file_state, "archived", "it is the same customer, word for word")
        order = self._create_quotation(partner_id=target.id)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_archived_file_of_another_name_is_archived_again(self):
        self._archive(self.customer)
        approval = self._in_force(self.customer)
        target = self._target(name="Other Name Ltd")
        told = []
        with patch.object(
            self.registry["res.users"], "_bus_send", lambda users, kind, message, **kw: told.append(str(message))
        ):
            self._merge(self.customer | target, target)
        self.assertEqual(self._in_force(target), approval)
        self.assertEqual(target.customer_file_state, "reopened")
        self.assertIn("customer file", str(target.message_ids[0].body))
        self.assertIn("again: the customer file", str(told))
        target.with_user(self.manager1).action_approval_submit()
        target.with_user(self.finance).action_approval_approve()
        self.assertEqual(target.customer_file_state, "archived")

    def test_file_that_waits_goes_along(self):
        self.customer.with_user(self.manager1).action_approval_submit()
        approval = self._in_force(self.customer)
        target = self._target()
        self._merge(self.customer | target, target)
        self.assertEqual((self._in_force(target), approval.state), (approval, "pending"))
        kind = self.env.ref("sales_dept_roles.mail_activity_approval")
        todos = self.env["mail.activity"].sudo().search([("activity_type_id", "=", kind.id)])
        todos = todos.filtered(lambda todo: todo.user_id == self.finance and todo.res_model == "res.partner")
        self.assertEqual(todos.mapped("res_id"), target.ids)
        target.with_user(self.finance).action_approval_approve()
        self.assertEqual(target.customer_file_state, "archived")

    def test_of_two_files_one_is_in_force(self):
        """Whatever waits or is archived on either side: one is left, the others stay on record."""
        states = ("pending", "approved")
        for mine, other in [(mine, other) for mine in states for other in states]:
            with self.subTest(target=mine, source=other), self.cr.savepoint() as savepoint:
                self.company.sales_dept_customer_file = False
                source = self._complete(self.env["res.partner"].create({"name": "Twin", "is_company": True}), "DE1")
                self.company.sales_dept_customer_file = True
                for partner, state in ((self.customer, mine), (source, other)):
                    partner.with_user(self.manager1).action_approval_submit()
                    if state == "approved":
                        partner.with_user(self.finance).action_approval_approve()
                approvals = (self.customer | source).sudo().approval_ids
                decisions = approvals.decision_ids
                self._merge(self.customer | source, self.customer)
                self.assertEqual(self.customer.sudo().approval_ids, approvals)
                self.assertEqual(approvals.exists().decision_ids, decisions)
                self._in_force(self.customer)
                self.assertFalse(
                    approvals.filtered(lambda approval: approval.state == "pending"), "it says other things"
                )
                self.assertFalse(self.customer.sudo().activity_ids)
                savepoint.rollback()

    def test_documents_stay_signed_or_say_that_they_are_not(self):
        self.company.sales_dept_quote_signoff = "all"
        source = self._target(name="Old Name Ltd")
        order = self._create_quotation(partner_id=source.id)
        self._sign(order)
        agreement = (
            self.env["sales.agreement"]
            .with_user(self.manager1)
            .create({"partner_id": source.id, "subject": "Parts", "terms": "<p>Net 30</p>"})
        )
        agreement.action_approval_submit()
        target = self._target(name="New Name Ltd")
        self._merge(source | target, target)
        self.assertEqual((order.partner_id, agreement.partner_id), (target, target))
        self.assertEqual((order.approval_state, agreement.approval_state), ("stale", "stale"))
        note = str(target.message_ids[0].body)
        for document in (order, agreement):
            self.assertIn(document.display_name, note)
        self.assertFalse(order.quote_released)

    def test_no_row_of_ours_is_deleted(self):
        """Where a unique constraint makes rows clash, Odoo deletes them: none of ours has one on a customer."""
        tables = {
            model._table: name
            for name, model in self.registry.items()
            if model._original_module == "sales_dept_roles" and model._auto and not model._abstract
        }
        wizard = self.env["base.partner.merge.automatic.wizard"]
        concerned = [(table, column) for table, column in wizard._get_fk_on("res_partner") if table in tables]
        self.assertIn(("sales_agreement", "partner_id"), concerned)
        self.assertIn(("res_partner_paper", "partner_id"), concerned)
        for table, column in concerned:
            with self.subTest(table=table, column=column):
                self.assertFalse(wizard._has_check_or_unique_constraint(table, column))
                self.env.cr.execute(
                    """
                    SELECT indexdef FROM pg_indexes WHERE tablename = %s AND indexdef LIKE 'CREATE UNIQUE%%'
                    """,
                    (table,),
                )
                self.assertFalse([row for (row,) in self.env.cr.fetchall() if column in row.partition("(")[2]])


@tagged("post_install", "-at_install")
class TestCustomerFileWeb(CustomerFileCommon, HttpCase):
    def test_no_archive_of_odoos_beside_it(self):
        url = f"/odoo/customer-files/{self.customer.id}"
        self.start_tour(url, "sales_dept_customer_file_menu", login="manager1_test")

    def test_printed_form(self):
        self._archive(self.customer)
        report = self.env["ir.actions.report"]
        html, _type = report.with_user(self.finance)._render_qweb_html(
            "sales_dept_roles.report_customer_file", self.customer.ids
        )
        for text in (b"Customer File", b"GB 123-456-789", b"Fay Ledger", b"licence.pdf", b"finance_test", b"SHA-256"):
            self.assertIn(text, html)
        self.customer.customer_file_closing_day = 3
        html, _type = report.with_user(self.manager1)._render_qweb_html(
            "sales_dept_roles.report_customer_file", self.customer.ids
        )
        self.assertNotIn(b"SHA-256", html)
        self.assertIn(b"Not filed as it stands", html)
        for user in (self.portal_user, self.outsider):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                report.with_user(user)._render_qweb_html("sales_dept_roles.report_customer_file", self.customer.ids)

    def test_address_edited_on_the_portal(self):
        self._archive(self.customer)
        self.portal_user.partner_id.parent_id = False
        self.portal_user.partner_id = self.customer
        self.authenticate("portal_test", "portal_test")
        from odoo.http import Request  # noqa: PLC0415

        response = self.url_open(
            "/my/address/submit",
            data={
                "csrf_token": Request.csrf_token(self),
                "partner_id": self.customer.id,
                "address_type": "billing",
                "use_delivery_as_billing": "true",
                "name": "Test Customer Ltd",
                "email": "buyer@customer.example",
                "phone": "+44 113 496 0000",
                "street": "77 Portal Street",
                "city": "Leeds",
                "zip": "LS1 1AA",
                "country_id": self.env.ref("base.uk").id,
                "required_fields": "",
            },
        )
        self.assertEqual(response.status_code, 200)
        self.customer.invalidate_recordset()
        self.assertEqual(self.customer.street, "77 Portal Street", response.text)
        self.assertEqual(self.customer.customer_file_state, "reopened")
