from unittest.mock import patch

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SalesDeptCommon


class CustomerPartCommon(SalesDeptCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Part = cls.env["sales.customer.part"]
        cls.other = cls.env["res.partner"].create({"name": "Other Customer Ltd", "is_company": True})

    @classmethod
    def _part(cls, number, **vals):
        values = {"partner_id": cls.customer.id, "product_tmpl_id": cls.product.product_tmpl_id.id, "company_id": False}
        return cls.Part.create({**values, "part_number": number, **vals})

    @classmethod
    def _line(cls, **vals):
        return cls._create_quotation(**vals).sudo().order_line


@tagged("post_install", "-at_install")
class TestCustomerPart(CustomerPartCommon):
    """How a customer calls a product is found by that customer only, and stands on its papers."""

    def test_found_by_that_customer_only(self):
        self._part("A-1", name="Bearing", specification="6204")
        self._part("B-1", partner_id=self.other.id)
        line = self._line()
        self.assertEqual((line.customer_part_number, line.customer_part_name), ("A-1", "Bearing, 6204"))
        self.assertEqual(self._line(partner_id=self.other.id).customer_part_number, "B-1")
        third = self.env["res.partner"].create({"name": "Third Ltd", "is_company": True})
        self.assertFalse(self._line(partner_id=third.id).customer_part_number)

    def test_same_product_in_several_lines_and_quotations(self):
        """Each is asked about once, and all of its lines are told."""
        self._part("A-1")
        self._part("B-1", partner_id=self.other.id)
        ours, theirs = self._line(), self._line(partner_id=self.other.id)
        lines = ours | ours.copy({"order_id": ours.order_id.id}) | theirs
        lines.invalidate_recordset()
        self.assertEqual(lines.mapped("customer_part_number"), ["A-1", "A-1", "B-1"])

    def test_of_any_of_its_contacts(self):
        contact = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.customer.id})
        part = self._part("A-1", partner_id=contact.id)
        self.assertEqual(part.partner_id, self.customer.commercial_partner_id)
        self.assertEqual(self._line(partner_id=contact.id).customer_part_number, "A-1")

    def test_which_comes_first(self):
        """A variant's own before that of all variants, a company's own before what all share; archived ones not."""
        shared = self._part("SHARED")
        own = self._part("OWN", company_id=self.company.id)
        line = self._line()
        self.assertEqual(line.customer_part_number, "OWN")
        variant = self._part("VARIANT", product_id=self.product.id)
        line.invalidate_recordset()
        self.assertEqual(line.customer_part_number, "VARIANT")
        (variant | own).active = False
        line.invalidate_recordset()
        self.assertEqual(line.customer_part_number, "SHARED")
        shared.company_id = self.env["res.company"].create({"name": "Elsewhere"})
        line.invalidate_recordset()
        self.assertFalse(line.customer_part_number)

    def test_once(self):
        part = self._part("A-1")
        with self.assertRefused("has a part number for", ValidationError):
            self._part("A-2")
        part.active = False
        self._part("A-2")
        with self.assertRefused("is no variant of", ValidationError):
            self._part("A-3", product_id=self.env["product.product"].create({"name": "Another"}).id)

    def test_lines_by_one_query(self):
        self._part("A-1")
        one = self._line()
        many = self._line(order_line=[Command.create({"product_id": self.product.id}) for _number in range(20)])
        counts = []
        for lines in (one, many):
            lines.mapped("order_id.partner_id.commercial_partner_id")
            self.env.flush_all()
            lines.invalidate_recordset(["customer_part_number"])
            before = self.cr.sql_log_count
            self.assertEqual(set(lines.mapped("customer_part_number")), {"A-1"})
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_on_paper(self):
        self._part("PN-7788", name="Housing")
        order = self._line().order_id
        report = self.env["ir.actions.report"]
        html = report._render_qweb_html("sales_dept_roles.report_product_quotation", order.ids)[0].decode()
        self.assertIn("PN-7788 · Housing", html)
        review = self.env["sale.order.review"].create({"order_id": order.id})
        html = report._render_qweb_html("sales_dept_roles.report_order_review", review.ids)[0].decode()
        self.assertIn("PN-7788", html)

    def test_rights(self):
        part = self._part("A-1", company_id=self.company.id)
        values = {"partner_id": self.other.id, "product_tmpl_id": self.product.product_tmpl_id.id, "part_number": "X"}
        for user in (self.assistant, self.manager1, self.director):
            part.with_user(user).write({"specification": f"by {user.login}"})
            self.Part.with_user(user).create({**values, "company_id": self.company.id}).unlink()
        self.assertEqual(part.with_user(self.finance).part_number, "A-1")
        with self.assertRaises(AccessError):
            part.with_user(self.finance).write({"part_number": "B"})
        with self.assertRaises(AccessError):
            part.with_user(self.engineering).read(["part_number"])
        # What all companies share is changed by who keeps it.
        self.env["res.company"].create({"name": "Elsewhere"})
        part.company_id = False
        with self.assertRaises(AccessError):
            part.with_user(self.assistant).write({"part_number": "B"})


@tagged("post_install", "-at_install", "-standard", "sales_dept_oca")
class TestCustomerPartOfOca(CustomerPartCommon):
    """What OCA's `product_customerinfo` keeps is found, too."""

    def _info(self, code, **vals):
        template = self.product.product_tmpl_id
        return self.env["product.customerinfo"].create(
            {"partner_id": self.customer.id, "product_tmpl_id": template.id, "product_code": code, **vals}
        )

    def test_found(self):
        self._info("OCA-1", product_name="Bearing")
        line = self._line()
        self.assertEqual((line.customer_part_number, line.customer_part_name), ("OCA-1", "Bearing"))
        # Of several the one that OCA's own takes.
        self._info("OCA-2", sequence=0)
        line.invalidate_recordset()
        chosen = line.product_id._select_customerinfo(partner=self.customer)
        self.assertEqual(line.customer_part_number, chosen.product_code)
        self.assertFalse(self._line(partner_id=self.other.id).customer_part_number)

    def test_ours_comes_first(self):
        self._info("OCA-1")
        self._part("A-1")
        self.assertEqual(self._line().customer_part_number, "A-1")


@tagged("post_install", "-at_install")
class TestCustomerPartSigned(CustomerPartCommon):
    """What the customer reads of it on the quotation is signed with the quotation."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.sales_dept_quote_signoff = "all"
        cls.part = cls._part("A-1", name="Bearing")
        cls.order = cls._create_quotation()

    def _is_held(self):
        self.env.flush_all()
        self.env.invalidate_all()
        held = bool(self.order._quote_signoff_unreleased())
        self.assertEqual(self.order.quote_released, not held, "lists go by what is stored")
        return held

    def test_changed_after_signing(self):
        self._sign(self.order)
        self.assertFalse(self._is_held())
        part = self.part.with_user(self.manager1)
        part.specification = "Ceramic, for twice the load"
        self.assertTrue(self._is_held())
        part.specification = False
        self.assertFalse(self._is_held(), "undone")
        part.unlink()
        self.assertTrue(self._is_held())

    def test_first_number_after_signing(self):
        self.part.unlink()
        self._sign(self.order)
        self._part("A-2")
        self.assertTrue(self._is_held())

    def test_others_change_nothing(self):
        self._sign(self.order)
        self._part("B-1", partner_id=self.other.id).part_number = "B-2"
        self.assertFalse(self._is_held())

    def test_counterfactual(self):
        """Not among the terms, the paper would change under the signature."""
        spec = type(self.order)._quote_terms_line_spec

        def without(order):
            return {name: rule for name, rule in spec(order).items() if not name.startswith("customer_part")}

        self.addCleanup(self.registry.clear_cache)
        with patch.object(self.registry["sale.order"], "_quote_terms_line_spec", without):
            self.registry.clear_cache()
            self._sign(self.order)
            self.part.with_user(self.manager1).specification = "Ceramic, for twice the load"
            self.assertFalse(self._is_held())
