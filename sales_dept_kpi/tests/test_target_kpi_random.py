from collections import defaultdict
from datetime import date
from decimal import Decimal

from odoo.tests import tagged

from .sales_basis_random_common import SalesBasisRandomCommon
from .target_common import TargetCommon

MONTHS = [date(2026, number, 1) for number in (3, 4, 5, 6)]


@tagged("post_install", "-at_install")
class TestTargetKpiRandom(SalesBasisRandomCommon, TargetCommon):
    """Histories by chance, in two currencies: sales attainment and new customers as a walk through documents has them.

    By each basis; against the months of the target in force, and not of the revision that nobody signed.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for measure, most in (("sales", 90000), ("new_customers", 40)):
            cls._share(cls.chance.randint(20, most), cls.manager2, measure=measure)
            cls._share(cls.chance.randint(20, most), cls.director, team=cls.other_team, measure=measure)
            cls._share(cls.chance.randint(20, most), team=cls.team, measure=measure)
        cls._share(600, cls.manager2, categ=cls.parts)
        cls._approve()
        revision = cls.target._revise("More is possible")
        revision.share_ids.filtered("user_id").amount = 77777

    # === WHAT IS COMPUTED === #

    def _computed(self, code, day):
        """Return ``{person: (numerator, denominator, overlay)}`` of the results of the month."""
        month = self.env["sales.kpi.month"].sudo()._of(self.company, day)
        kpi = self.env.ref(f"sales_dept_kpi.kpi_{code}").sudo()
        self.env["sales.kpi.total"].sudo()._make(month, kpi)
        self.env.invalidate_all()
        total = month.total_ids.filtered(lambda total: total.kpi_id == kpi)
        total._compute_figures()
        sums = ("numerator", "denominator", "overlay")
        found = {
            result.user_id: tuple(Decimal(repr(result[name])) for name in sums)
            for result in total.result_ids
            if any(result[name] for name in sums)
        }
        self.assertEqual(sum(sums[0] for sums in found.values()), Decimal(repr(total.numerator)), "the department's")
        return found

    # === THE REFERENCE === #

    def _planned(self, measure, day):
        """``{person: what the target in force asks for in the month}``; of nobody: the team's own."""
        found = defaultdict(Decimal)
        for share in self.target.share_ids.filtered(lambda share: share.measure == measure and not share.categ_id):
            for line in share.line_ids.filtered(lambda line: line.date == day):
                found[share.user_id] += Decimal(repr(line.amount))
        return found

    def _together(self, reached, planned):
        """``{person: (numerator, denominator, overlay)}`` of what was reached, with its overlay, and planned."""
        people = [*reached, *(user for user in planned if user not in reached)]
        rows = {user: (*reached.get(user, (Decimal(0), Decimal(0))), planned.get(user, Decimal(0))) for user in people}
        return {user: (amount, out_of, overlay) for user, (amount, overlay, out_of) in rows.items()}

    def _first_documents(self, basis):
        """Yield ``(customer, day, salesperson)`` of the documents that make a customer, in their order."""
        if basis == "invoiced":
            rows = [
                (move.invoice_date, move.id, (move.reversed_entry_id or move).invoice_user_id, move.partner_id)
                for move in self.orders.invoice_ids
                if move.state == "posted" and move.amount_untaxed_signed > 0
            ]
        elif basis == "ordered":
            rows = [
                (self.company._local_day(order.date_order), order.id, order.user_id, order.partner_id)
                for order in self.orders
                if any(line.price_subtotal > 0 and not line.is_downpayment for line in order.order_line)
            ]
        else:
            rows = [
                (self.company._local_day(move.date), move.picking_id.id, order.user_id, order.partner_id)
                for order in self.orders
                for move in order.picking_ids.move_ids
                if move.state == "done" and move.location_dest_id.usage == "customer"
            ]
        for day, _number, user, partner in sorted(rows, key=lambda row: row[:2]):
            yield partner.commercial_partner_id, day, user

    def _new_customers(self, basis, day):
        first = {}
        for customer, bought, user in self._first_documents(basis):
            first.setdefault(customer, (bought.replace(day=1), user))
        found = defaultdict(Decimal)
        for month, user in first.values():
            found[user] += month == day
        return {user: (count, Decimal(0)) for user, count in found.items() if count}

    # === TESTS === #

    def _compare(self, code, reached, measure):
        """Hold `code` against ``reached(basis, first of month, first of the next)`` in each month by each basis."""
        compared = 0
        for basis in ("invoiced", "ordered", "delivered"):
            self.company.sales_dept_sales_basis = basis
            for day, until in zip(MONTHS, MONTHS[1:], strict=False):
                expected = self._together(reached(basis, day, until), self._planned(measure, day))
                with self.subTest(basis=basis, day=day):
                    self.assertEqual(self._computed(code, day), expected)
                compared += sum(1 for amount, _out_of, overlay in expected.values() if amount or overlay)
        self.assertGreater(compared, 9, "Histories that say nothing prove nothing")

    def test_attainment(self):
        self._compare("sales_attainment", lambda basis, *span: self._reference(basis, span), "sales")

    def test_new_customers(self):
        self._compare("new_customers", lambda basis, day, _until: self._new_customers(basis, day), "new_customers")
