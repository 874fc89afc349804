import random
from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal

from odoo.tests import tagged

from .acceptance_draft_common import DraftCommon

SEED = 2026
MODES = ("receipt", "maturity", "discount")
PAID, OWED, PENDING = range(3)


@tagged("post_install", "-at_install")
class TestAcceptanceDraftKpi(DraftCommon):
    """From which day a draft counts for the KPI of collection."""

    def _of(self, mode, now=None, day="2026-03-01"):
        self.company.sales_dept_draft_collected = mode
        return self._sums("collection", day, now).get(self.manager1, (0, 0, 0))

    def _reason(self, mode, now=None):
        self.company.sales_dept_draft_collected = mode
        (row,) = self._evidence("collection", "2026-03-01", now)
        return row["reason"]

    def _paid_by_draft(self, **vals):
        invoice = self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-31")
        return self._held(100, invoices=invoice, **vals)

    def test_held(self):
        """Received in time, matures after the due date."""
        self._paid_by_draft(maturity_date="2026-06-13")
        self.assertEqual([self._of(mode)[PAID] for mode in MODES], [100, 0, 0])
        self.assertEqual([self._reason(mode) for mode in MODES], ["on_time", "late", "late"])

    def test_before_it_matures_it_is_awaited(self):
        """Due, and paid by something that is no money yet: not open, not late."""
        self._paid_by_draft(maturity_date="2026-06-13")
        now = datetime(2026, 4, 20)
        self.assertEqual([self._reason(mode, now) for mode in MODES], ["on_time", "awaited", "awaited"])
        self.assertIn("awaited", self.env["sales.kpi.source.collection"]._kpi_reasons())
        self.assertEqual([self._of(mode, now) for mode in MODES], [(100, 100, 0), (0, 100, 0), (0, 100, 0)])

    def test_matures_by_the_due_date(self):
        self._paid_by_draft(maturity_date="2026-03-30")
        self.assertEqual([self._of(mode)[PAID] for mode in MODES], [100, 100, 100])
        before = datetime(2026, 3, 20)
        self.assertEqual([self._of(mode, before) for mode in MODES], [(100, 100, 0), (0, 0, 100), (0, 0, 100)])

    def test_discounted_or_passed_on(self):
        for kind in ("discounted", "endorsed"):
            with self.subTest(kind=kind):
                self._step(self._paid_by_draft(), kind, "2026-03-20")
        self.assertEqual([self._of(mode)[PAID] for mode in MODES], [200, 0, 200])

    def test_discounted_after_the_due_date(self):
        self._step(self._paid_by_draft(), "discounted", "2026-04-02")
        self.assertEqual([self._of(mode)[PAID] for mode in MODES], [100, 0, 0])
        self.assertEqual(self._reason("discount", datetime(2026, 4, 20)), "late")

    def test_dishonoured_never_counts(self):
        for first in (None, "discounted", "endorsed"):
            draft = self._paid_by_draft()
            if first:
                self._step(draft, first, "2026-03-20")
            self._step(draft, "dishonoured", "2026-06-20")
        self.assertEqual([self._of(mode) for mode in MODES], [(0, 300, 0)] * 3)
        self.assertEqual({row["reason"] for row in self._evidence("collection", "2026-03-01")}, {"open"})

    def test_money_beside_a_draft(self):
        """60 in money in time, 40 by a draft that matures later."""
        invoice = self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-31")
        self._pay(self._due(invoice), 60, "2026-03-20")
        self._held(40, invoices=invoice)
        self.assertEqual([self._of(mode)[PAID] for mode in MODES], [100, 60, 60])
        self.assertEqual([self._reason(mode) for mode in MODES], ["on_time", "partly", "partly"])

    def test_without_drafts_all_settings_say_the_same(self):
        invoice = self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-31")
        self._pay(self._due(invoice), 60, "2026-03-20")
        self._pay(self._due(invoice), 40, "2026-04-20")
        self.assertEqual([self._of(mode) for mode in MODES], [(60, 100, 0)] * 3)

    # === RANDOM HISTORIES === #

    def test_random_histories(self):
        """What one statement says of all drafts is what a walk from draft to draft says."""
        chance = random.Random(SEED)
        drafts = []
        for _number in range(16):
            # Else Odoo looks again, with each match, at all payments that it has in memory.
            self.env.flush_all()
            self.env.invalidate_all()
            due = date(2026, 3, 1) + timedelta(days=chance.randrange(60))
            amount = chance.choice((100, 250.5, 33.33))
            invoice = self._invoice(chance.choice((self.manager1, self.manager2)), amount, "2026-03-01", due=due)
            received = date(2026, 3, 1) + timedelta(days=chance.randrange(40))
            draft = self._held(
                amount,
                received=str(received),
                invoices=invoice,
                maturity_date=received + timedelta(days=chance.choice((10, 60, 120))),
            )
            self._random_steps(draft, chance)
            drafts.append((draft, invoice, due))
        self.assertEqual(len({draft.state for draft, _invoice, _due in drafts}), 6)
        compared = 0
        for mode in MODES:
            self.company.sales_dept_draft_collected = mode
            for day in ("2026-03-01", "2026-04-01"):
                for now in (datetime(2026, 4, 1), datetime(2026, 4, 25), datetime(2026, 10, 1)):
                    expected = self._walk(drafts, mode, date.fromisoformat(day), self.company._local_day(now))
                    found = {user: sums for user, sums in self._sums("collection", day, now).items() if any(sums)}
                    self.assertEqual(found, expected, (mode, day, now))
                    compared += len(expected)
        self.assertGreater(compared, 30)

    def _random_steps(self, draft, chance):
        later = draft.receipt_date + timedelta(days=chance.randrange(1, 9))
        first = chance.choice(("endorsed", "discounted", "paid", "returned", "dishonoured", None))
        if first:
            self._step(draft, first, str(later))
        if first in ("endorsed", "discounted") and chance.random() < 0.4:
            self._step(draft, "dishonoured", str(draft.maturity_date))

    def _walk(self, drafts, mode, month, today):
        sums = defaultdict(lambda: [Decimal(0)] * 3)
        for draft, invoice, due in drafts:
            if due.replace(day=1) != month:
                continue
            amount = Decimal(str(draft.amount))
            counts = self._counts_from(draft, mode)
            paid = amount if counts and counts <= due and (mode == "receipt" or counts <= today) else Decimal(0)
            if due >= today:
                new = (paid, paid, amount - paid)
            else:
                new = (paid, amount, Decimal(0))
            for position, value in enumerate(new):
                sums[invoice.invoice_user_id][position] += value
        return {user: tuple(values) for user, values in sums.items()}

    def _counts_from(self, draft, mode):
        """The day from which the draft counts, or None where it never does."""
        if draft.state in ("dishonoured", "returned"):
            return None
        if mode == "receipt":
            return draft.receipt_date
        if mode == "discount" and draft.realised_date:
            return min(draft.realised_date, draft.maturity_date)
        return draft.maturity_date
