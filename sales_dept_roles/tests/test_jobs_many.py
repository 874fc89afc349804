from odoo.tests import tagged

from ..models.jobs.hashed import hashed
from .common import SalesDeptCommon

CODE = "sales.dept.test.many"


@tagged("post_install", "-at_install")
class TestManyAtOnce(SalesDeptCommon):
    """What is done for many records at once: their numbers, and how the database looks for what belongs to them."""

    def _sequence(self, **vals):
        values = {"name": "Many", "code": CODE, "prefix": "M/", "padding": 3, "company_id": False, **vals}
        return self.env["ir.sequence"].create(values)

    def test_numbers_as_one_by_one(self):
        kinds = {"plain": {}, "without gaps": {"implementation": "no_gap"}, "by periods": {"use_date_range": True}}
        for kind, values in kinds.items():
            with self.subTest(kind):
                sequence = self._sequence(**values)
                many = sequence._next_many(CODE, 3)
                self.assertEqual([*many, sequence.next_by_code(CODE)], ["M/001", "M/002", "M/003", "M/004"])
                sequence.unlink()

    def test_numbers_of_a_period(self):
        """Each year counts for itself, and one that has no period yet gets it."""
        sequence = self._sequence(prefix="M/%(range_year)s/", use_date_range=True)
        for day in ("2031-05-01", "2030-12-31"):
            many = sequence._next_many(CODE, 2, day)
            self.assertEqual(
                [*many, sequence.next_by_code(CODE, sequence_date=day)],
                [f"M/{day[:4]}/{number:03}" for number in (1, 2, 3)],
            )

    def test_numbers_of_the_company(self):
        self._sequence()
        self._sequence(prefix="OWN/", company_id=self.company.id)
        self.assertEqual(self.env["ir.sequence"].with_company(self.company)._next_many(CODE, 1), ["OWN/001"])

    def test_numbers_of_no_sequence(self):
        self.assertEqual(self.env["ir.sequence"]._next_many(CODE, 2), [False, False])

    def test_one_query_for_all(self):
        for kind, values in {"plain": {}, "by periods": {"use_date_range": True}}.items():
            with self.subTest(kind):
                sequence = self._sequence(**values)
                # Its row is read once, and its period made.
                sequence._next_many(CODE, 1)
                counts = []
                for count in (2, 20):
                    before = self.cr.sql_log_count
                    sequence._next_many(CODE, count)
                    counts.append(self.cr.sql_log_count - before)
                self.assertEqual(*counts)
                sequence.unlink()

    def _setting(self):
        self.cr.execute("SHOW enable_nestloop")
        return self.cr.fetchone()[0]

    def test_hashed_for_many_only(self):
        before = self._setting()
        with hashed(self.cr, False):
            self.assertEqual(self._setting(), "on")
        with hashed(self.cr):
            self.assertEqual(self._setting(), "off")
            with hashed(self.cr):
                pass
            self.assertEqual(self._setting(), "off", "one within another leaves it as it was")
        self.assertEqual(self._setting(), before)
