import random
from datetime import date, datetime, timedelta

from odoo.tests import freeze_time
from odoo.tools import SQL

from .kpi_common import KpiCommon

SEED = 2026
MONTHS = ("2026-02-01", "2026-03-01", "2026-04-01")
# The last moment of March in Shanghai, and other times.
NOWS = (datetime(2026, 3, 12, 4), datetime(2026, 3, 31, 15, 59), datetime(2026, 7, 1))


def first(day):
    return day.replace(day=1)


def last(day):
    return first(first(day) + timedelta(days=31)) - timedelta(days=1)


class KpiRandomCommon(KpiCommon):
    """Random histories of three months, and what a walk from document to document says of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chance = random.Random(SEED)
        cls.people = [cls.manager1, cls.manager2, cls.env["res.users"]]

    def _day(self):
        return date(2026, 2, 1) + timedelta(days=self.chance.randrange(90))

    def _moment(self):
        return datetime(2026, 1, 31, 12) + timedelta(minutes=self.chance.randrange(90 * 24 * 60))

    def _compare(self, code, reference):
        """Hold the source `code` against `reference`: ``(month, now) -> {user: (numerator, denominator, pending)}``."""
        compared = 0
        for day in MONTHS:
            for now in NOWS:
                expected = {user: sums for user, sums in reference(date.fromisoformat(day), now).items() if any(sums)}
                with freeze_time(now):
                    found = {user: sums for user, sums in self._sums(code, day, now).items() if any(sums)}
                self.assertEqual(found, expected, (code, day, now))
                compared += len(expected)
            self._compare_stored(code, day)
        self.assertGreater(compared, 6, "Histories that say nothing prove nothing")

    def _compare_stored(self, code, day):
        """What is stored: each result is the sum of its evidence, the department's figure that of its people."""
        month = self.Month._of(self.company, date.fromisoformat(day))
        total = month._totals().filtered(lambda total: total.kpi_id.source == code)
        with freeze_time(NOWS[-1]):
            total._compute_figures()
            expected = {user: sums for user, sums in self._sums(code, day, NOWS[-1]).items() if any(sums)}
        columns = SQL("SUM(numerator), SUM(denominator), SUM(pending)")
        rows = self.env.execute_query(
            SQL(
                """
                SELECT result.user_id, result.numerator, result.denominator, result.pending, sums.*
                  FROM sales_kpi_result result
             LEFT JOIN LATERAL (SELECT %s FROM sales_kpi_evidence WHERE result_id = result.id) sums ON TRUE
                 WHERE result.total_id = %s
                """,
                columns,
                total.id,
            )
        )
        for user_id, *figures in rows:
            self.assertEqual(figures[:3], figures[3:], (code, day, user_id))
        found = {self.env["res.users"].browse(user_id): tuple(figures[:3]) for user_id, *figures in rows}
        self.assertEqual({user: sums for user, sums in found.items() if any(sums)}, expected, (code, day))
        ((*sums,),) = self.env.execute_query(
            SQL("SELECT %s FROM sales_kpi_result WHERE total_id = %s", columns, total.id)
        )
        ((*department,),) = self.env.execute_query(
            SQL("SELECT numerator, denominator, pending FROM sales_kpi_total WHERE id = %s", total.id)
        )
        self.assertEqual([value or 0 for value in sums], department, (code, day))
