from datetime import datetime

from odoo.fields import Command
from odoo.tests import tagged

from .kpi_common import KpiCommon


@tagged("post_install", "-at_install")
class TestKpiSourceCollection(KpiCommon):
    """What fell due in March 2026, and was paid by then."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._keep_books()

    def _of(self, user, now=None, day="2026-03-01"):
        return self._sums("collection", day, now).get(user, (0, 0, 0))

    def test_paid_in_parts(self):
        """B8: 100 paid 60 + 40 is settled; what of it came late is late."""
        invoice = self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-20")
        self._pay(self._due(invoice), 60, "2026-03-20")
        self.assertEqual(self._of(self.manager1), (60, 100, 0))
        self._pay(self._due(invoice), 40, "2026-03-21")
        self.assertEqual(self._of(self.manager1), (60, 100, 0))
        (row,) = self._evidence("collection", "2026-03-01")
        self.assertEqual((row["res_id"], row["name"], row["reason"]), (invoice.id, invoice.name, "partly"))

    def test_paid_late_has_a_row_and_counts_nothing(self):
        invoice = self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-20")
        self._pay(self._due(invoice), 100, "2026-03-21")
        self.assertEqual(self._of(self.manager1), (0, 100, 0))
        self.assertEqual(self._evidence("collection", "2026-03-01")[0]["reason"], "late")

    def test_instalments_fall_due_in_their_own_months(self):
        """B6: 30/30/40 % of 90,000 are 27, 27 and 36 thousand in three months; the invoice's own date is the last."""
        terms = self._terms((30, 10), (30, 40), (40, 70))
        invoice = self._invoice(self.manager1, 90000, "2026-03-01", invoice_payment_term_id=terms.id)
        for day, due in (("2026-03-01", 27000), ("2026-04-01", 27000), ("2026-05-01", 36000)):
            self.assertEqual(self._of(self.manager1, day=day), (0, due, 0))
        first = self._due(invoice)[0]
        self._pay(first, 27000, "2026-03-11")
        self.assertEqual(self._of(self.manager1), (27000, 27000, 0))

    def test_paid_before_it_was_invoiced(self):
        invoice = self._invoice(self.manager1, 100, "2026-03-10", due="2026-03-20")
        self._pay(self._due(invoice), 100, "2026-02-01")
        self.assertEqual(self._of(self.manager1), (100, 100, 0))

    def test_a_credit_note_reduces_what_falls_due(self):
        invoice = self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-20")
        refund = self._invoice(self.manager1, 30, "2026-03-25", kind="out_refund")
        (self._due(invoice) | self._due(refund)).reconcile()
        self.assertEqual(self._of(self.manager1), (0, 70, 0))
        self._pay(self._due(invoice), 70, "2026-03-20")
        self.assertEqual(self._of(self.manager1), (70, 70, 0))

    def test_all_of_it_credited_is_neither_due_nor_late(self):
        invoice = self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-20")
        refund = self._invoice(self.manager1, 100, "2026-03-25", kind="out_refund")
        (self._due(invoice) | self._due(refund)).reconcile()
        self.assertEqual(self._of(self.manager1), (0, 0, 0))
        self.assertFalse(self._compute("2026-03-01").result_ids.filtered("has_value"))

    def test_exchange_differences_are_no_collection(self):
        """100 EUR at 7 are 700, paid in full at 6.5: all of it is collected, and no more than 700."""
        euro = self.env["res.currency"].create({"name": "KEU", "symbol": "K€", "rounding": 0.01})
        euro.rate_ids = [
            Command.create({"name": "2026-01-01", "rate": 1 / 7, "company_id": self.company.id}),
            Command.create({"name": "2026-03-15", "rate": 1 / 6.5, "company_id": self.company.id}),
        ]
        invoice = self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-20", currency=euro)
        self._pay(self._due(invoice), 100, "2026-03-16", currency=euro)
        self.assertEqual(self._due(invoice).amount_residual, 0)
        self.assertEqual(self._of(self.manager1), (700, 700, 0))

    def test_what_is_not_due_yet_is_not_decided(self):
        """B14: due today is not overdue, by the company's day: at 16:30 UTC it is tomorrow in Shanghai."""
        self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-20")
        self.assertEqual(self._of(self.manager1, now=datetime(2026, 3, 20, 15, 59)), (0, 0, 100))
        self.assertEqual(self._of(self.manager1, now=datetime(2026, 3, 20, 16, 1)), (0, 100, 0))

    def test_paid_early_in_part_the_rest_is_not_decided(self):
        invoice = self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-20")
        self._pay(self._due(invoice), 60, "2026-03-05")
        self.assertEqual(self._of(self.manager1, now=datetime(2026, 3, 10)), (60, 60, 40))

    def test_drafts_and_cancelled_invoices_are_not_due(self):
        invoice = self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-20")
        invoice.button_draft()
        self.assertEqual(self._of(self.manager1), (0, 0, 0))

    def test_the_month_of_another_year_and_of_another_company(self):
        self._invoice(self.manager1, 100, "2025-03-01", due="2025-03-20")
        self._invoice(self.manager1, 7, "2026-03-01", due="2026-04-01")
        self._invoice(self.manager1, 8, "2026-02-01", due="2026-02-28")
        self.assertEqual(self._of(self.manager1), (0, 0, 0))
        other = self.env["res.company"].create({"name": "Other"})
        self.assertFalse(self._evidence("collection", "2025-03-01", company=other))

    def test_it_is_the_invoices_salesperson_also_after_a_change(self):
        """Re-assigned before the lock it moves, after it it stays: results are values."""
        invoice = self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-20")
        month = self._compute("2026-03-01")
        self.assertEqual(self._result(month, "collection", self.manager1).denominator, 100)
        invoice.invoice_user_id = self.manager2
        self.assertEqual(self._result(month, "collection", self.manager1).denominator, 100)
        month._compute()
        self.assertFalse(self._result(month, "collection", self.manager1))
        self.assertEqual(self._result(month, "collection", self.manager2).denominator, 100)

    def test_exactly_90_per_cent_is_met_and_a_hair_less_is_missed(self):
        for user, paid in ((self.manager1, 90000), (self.manager2, 89999)):
            invoice = self._invoice(user, 100000, "2026-03-01", due="2026-03-20")
            self._pay(self._due(invoice), paid, "2026-03-20")
        month = self._compute("2026-03-01")
        met, missed = (self._result(month, "collection", user) for user in (self.manager1, self.manager2))
        self.assertEqual((met.verdict, met.value_text), ("met", "90.0 %"))
        self.assertEqual((missed.verdict, missed.value_text), ("missed", "89.9 %"))
