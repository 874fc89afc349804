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

    def test_numbers_of_the_company(self):
        self._sequence()
        self._sequence(prefix="OWN/", company_id=self.company.id)
        self.assertEqual(self.env["ir.sequence"].with_company(self.company)._next_many(CODE, 1), ["OWN/001"])

    def test_numbers_of_no_sequence(self):
        self.assertEqual(self.env["ir.sequence"]._next_many(CODE, 2), [False, False])

    def test_one_query_for_all(self):
        sequence = self._sequence()
        # Its row is read once.
        sequence._next_many(CODE, 1)
        counts = []
        for count in (2, 20):
            before = self.cr.sql_log_count
            sequence._next_many(CODE, count)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(*counts)

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
