import hashlib
import importlib.util
import json
from pathlib import Path

from odoo.tests import tagged

from .common import SalesDeptCommon

# What version 19.0.1.0.0 had signed of a quotation.
HEAD = (
    "company_id partner_id partner_invoice_id partner_shipping_id currency_id payment_term_id validity_date "
    "require_payment prepayment_percent note"
).split()
LINE = "quote_section product_id name product_uom_qty product_uom_id price_unit discount tax_ids".split()


@tagged("post_install", "-at_install")
class TestTermsUpgrade(SalesDeptCommon):
    """Signatures from before terms were values stay valid for what they covered, and read as they did."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tax = cls.env["account.tax"].create({"name": "Tax thirteen", "amount": 13})
        cls.order = cls._create_quotation()
        cls.order.order_line.tax_ids = cls.tax
        cls._sign(cls.order)
        cls.approval = cls.order.sudo().approval_ids
        cls._make_old(cls.approval)

    @classmethod
    def _make_old(cls, approval):
        """Write `approval` as version 19.0.1.0.0 did."""
        order = cls.order.sudo()

        def value(record, name):
            field = record._fields[name]
            if field.type == "many2one":
                return record[name].id or None
            if field.relational:
                return sorted(record[name].ids)
            if field.type in ("float", "monetary"):
                return f"{round(record[name], 6) or 0.0:.6f}"
            if field.type in ("date", "datetime"):
                return field.to_string(record[name]) or None
            return record[name] or None

        terms = {name: value(order, name) for name in HEAD}
        terms["order_line"] = [
            {"id": line.id, **{name: value(line, name) for name in LINE}} for line in order.order_line
        ]
        encode = json.JSONEncoder(sort_keys=True).encode
        canonical = {
            **terms,
            "order_line": sorted(encode({**line, "id": None}) for line in terms["order_line"]),
        }
        digest = hashlib.sha256(encode(canonical).encode()).hexdigest()
        spec = {**{name: [] for name in HEAD}, "order_line": LINE}
        cls.env.flush_all()
        cls.env.cr.execute(
            """
            UPDATE sales_approval
               SET terms = %s, terms_spec = %s, digest = %s, terms_form = 1, terms_lang = NULL, requester_name = NULL
             WHERE id = %s
            """,
            [json.dumps(terms), json.dumps(spec), digest, approval.id],
        )
        cls.env.cr.execute("UPDATE sales_approval_decision SET user_name = NULL WHERE approval_id = %s", [approval.id])
        cls.env.cr.execute("UPDATE sales_approval_task SET group_name = NULL WHERE approval_id = %s", [approval.id])
        cls.env.invalidate_all()

    def _upgrade(self):
        path = Path(__file__).parents[1] / "migrations" / "19.0.1.1.0" / "post-terms_as_values.py"
        spec = importlib.util.spec_from_file_location("post_terms_as_values", path)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()

    def _is_held(self):
        self.env.flush_all()
        self.env.invalidate_all()
        return bool(self.order._quote_signoff_unreleased())

    def test_signature_stands_for_what_it_covered(self):
        self._upgrade()
        self.assertFalse(self._is_held())
        self.assertFalse(self.approval._diff())
        # Not covered then: what master data says.
        self.tax.amount = 50
        self.customer.name = "Quite Another Ltd"
        self.assertFalse(self._is_held())
        self.order.order_line.price_unit = 90
        self.assertTrue(self._is_held())
        self.assertEqual(self.approval._diff(), [("Precision Shaft: Unit Price", "100", "90")])
        self.order.order_line.write({"price_unit": 100, "tax_ids": False})
        self.assertTrue(self._is_held())
        self.assertEqual(self.approval._diff(), [("Precision Shaft: Taxes", "Tax thirteen", "")])
        self.order.order_line.tax_ids = self.tax
        self.assertFalse(self._is_held(), "undone")

    def test_reads_as_it_did_when_it_was_upgraded(self):
        self._upgrade()
        self.customer.name = "Quite Another Ltd"
        self.gm.name = "Married Now"
        self.manager1.name = "Left Us"
        self.approval.invalidate_recordset()
        self.assertIn("Test Customer Ltd", self.approval.terms_text)
        self.assertNotIn("Quite Another Ltd", self.approval.terms_text)
        self.assertIn("gm_test", self.approval.decision_ids.display_name)
        self.assertIn("manager1_test", self.approval.requester_name)
        self.assertEqual(self.approval.task_ids.group_name, "General Manager")
        again = (self.approval.terms, self.approval.terms_spec)
        self._upgrade()
        self.assertEqual((self.approval.terms, self.approval.terms_spec), again, "twice is the same")

    def test_says_that_it_was_signed_before(self):
        self._upgrade()
        note = "Signed before version 19.0.1.1.0"
        Report = self.env["ir.actions.report"]
        paper = Report._render_qweb_html("sales_dept_roles.action_report_product_quotation", self.order.ids)[0].decode()
        for text in (self.approval.terms_text, self.order.with_user(self.manager1).approval_summary, paper):
            self.assertIn(note, text)
        self.order.order_line.price_unit = 90
        self._sign(self.order)
        self.assertNotIn(note, self.order.sudo()._approval_in_force().terms_text)
        self.assertNotIn(note, self.order.with_user(self.manager1).approval_summary)
        self.assertIn(note, self.approval.terms_text, "that one stays what it was")

    def test_model_that_is_gone(self):
        """With its module: what was signed is kept, and there is nothing left to read it by."""
        self._upgrade()
        self.assertTrue(self.approval._is_signed_for_less())
        self.env.flush_all()
        self.env.cr.execute("UPDATE sales_approval SET res_model = 'gone.model' WHERE id = %s", [self.approval.id])
        self.env.invalidate_all()
        self.assertFalse(self.approval._is_signed_for_less())
        self.assertFalse(self.approval.terms_text)
        self.assertEqual(self.approval.kind, "gone.model")

    def test_records_that_are_gone(self):
        tax_id = self.tax.id
        self.order.order_line.tax_ids = False
        self.tax.unlink()
        self._upgrade()
        self.assertIn(str(tax_id), self.approval.terms_text)
        self.assertNotIn("deleted", self.approval.terms_text)
