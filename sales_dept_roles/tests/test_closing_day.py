from datetime import date, timedelta

from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from odoo.addons.sales_dept_roles.models.customer_file.closing_day import (
    closing_date,
    closing_date_before,
    closing_date_sql,
)


@tagged("post_install", "-at_install")
class TestClosingDay(TransactionCase):
    def test_cases(self):
        for closing_day, day, following, before in [
            (25, date(2026, 3, 25), date(2026, 3, 25), date(2026, 2, 25)),
            (25, date(2026, 3, 26), date(2026, 4, 25), date(2026, 3, 25)),
            (31, date(2026, 2, 10), date(2026, 2, 28), date(2026, 1, 31)),
            (31, date(2026, 1, 31), date(2026, 1, 31), date(2025, 12, 31)),
            (30, date(2024, 2, 29), date(2024, 2, 29), date(2024, 1, 30)),
            (0, date(2026, 12, 5), date(2026, 12, 31), date(2026, 11, 30)),
            (1, date(2026, 12, 2), date(2027, 1, 1), date(2026, 12, 1)),
        ]:
            with self.subTest(closing_day=closing_day, day=day):
                self.assertEqual(closing_date(closing_day, day), following)
                self.assertEqual(closing_date_before(closing_day, day), before)

    def test_sql_says_the_same(self):
        """For each closing day and each day of a leap year and the one after it."""
        days = [date(2024, 1, 1) + timedelta(days=number) for number in range(731)]
        rows = self.env.execute_query(
            SQL(
                "SELECT closing_day, day, %s FROM unnest(%s::date[]) day, generate_series(0, 31) closing_day",
                closing_date_sql(SQL("closing_day"), SQL("day")),
                days,
            )
        )
        self.assertEqual(len(rows), 731 * 32)
        self.assertFalse([row for row in rows if closing_date(row[0], row[1]) != row[2]])
