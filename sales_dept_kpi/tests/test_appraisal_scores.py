import doctest
from datetime import date
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ..models.appraisal import periods, scores, sums
from ..models.appraisal.periods import period_of
from ..models.appraisal.scores import points, ranks, rounded, weighted
from ..models.appraisal.sums import combined

D = Decimal


@tagged("post_install", "-at_install")
class TestAppraisalScores(BaseCase):
    """The arithmetic of appraisals, by a table of cases."""

    def test_examples(self):
        for module in (scores, sums, periods):
            result = doctest.testmod(module)
            self.assertTrue(result.attempted, module.__name__)
            self.assertFalse(result.failed, module.__name__)

    def test_weights_are_shares(self):
        """B20: weights of any size add up to the whole; what is missing is left out, and is not nothing."""
        for parts, wanted in [
            ([("0.75", 100), ("0.75", 100), ("98.5", 100)], "100"),
            ([("0.75", 0), ("0.75", 0), ("98.5", 100)], "98.50"),
            ([("1", 5), ("1", 5), ("1", None)], "5"),
            ([("1", 5), ("1", 5), ("1", 0)], "3.33"),
            ([("7", 80), ("3", 50)], "71"),
            ([("70", 80), ("30", 50)], "71"),
            ([("70", 80), ("30", None)], "80"),
            ([("0", 10), ("2", 40)], "40"),
            ([("1", "0.1"), ("1", "0.2")], "0.15"),
            ([("1", None)], None),
            ([("0", 50)], None),
            ([], None),
        ]:
            with self.subTest(parts=parts):
                found = weighted((D(weight), None if score is None else D(score)) for weight, score in parts)
                self.assertEqual(rounded(found), None if wanted is None else D(wanted))

    def test_floats_count_as_they_are_written(self):
        self.assertEqual(weighted([(0.1, 0.3), (0.1, 0.1), (0.1, 0.2)]), D("0.2"))

    def test_points(self):
        for value, threshold, cap, wanted in [
            ("90", "90", 120, "100"),
            ("89.999", "90", 120, "99.99888888888888888888888889"),
            ("0", "90", 120, "0"),
            ("-5", "90", 120, "0"),
            ("108", "90", 120, "120"),
            ("200", "90", 120, "120"),
            ("200", "90", 100, "100"),
            ("200", "90", 1000, "222.2222222222222222222222222"),
            (None, "90", 120, None),
            ("5", "0", 120, None),
            ("5", None, 120, None),
            ("5", "-1", 120, None),
        ]:
            with self.subTest(value=value, threshold=threshold, cap=cap):
                found = points(None if value is None else D(value), None if threshold is None else D(threshold), cap)
                self.assertEqual(found, None if wanted is None else D(wanted))

    def test_months_together(self):
        """A ratio is that of the sums: never the mean of the ratios."""
        ninety = D(90)
        for measure, rows, value, threshold in [
            ("share", [(9, 10, ninety), (1, 90, ninety)], "10", "90"),
            ("share", [(9, 10, ninety), (0, 0, ninety)], "90", "90"),
            ("share", [(9, 10, ninety), (9, 10, None)], "90", "90"),
            ("mean", [(160, 2, D(80)), (90, 1, D(80))], "83.33", "80"),
            ("total", [(2, 0, D(1)), (0, 0, D(1)), (3, 0, D(2))], "5", "4"),
            ("share", [(0, 0, ninety)], None, None),
            ("total", [], None, None),
        ]:
            with self.subTest(measure=measure, rows=rows):
                found = combined(measure, [(D(n), D(d), t) for n, d, t in rows])
                self.assertEqual(rounded(found.value), None if value is None else D(value).quantize(D("0.01")))
                self.assertEqual(found.threshold, None if threshold is None else D(threshold))

    def test_ranks(self):
        self.assertEqual(ranks({"a": 90, "b": 95, "c": 90, "d": 70}), {"b": 1, "a": 2, "c": 2, "d": 4})
        self.assertEqual(ranks({"a": None}), {})
        self.assertEqual(ranks({"a": 1, "b": 1, "c": 1}), {"a": 1, "b": 1, "c": 1})

    def test_periods(self):
        for kind, day, first, last in [
            ("month", date(2026, 12, 31), date(2026, 12, 1), date(2026, 12, 31)),
            ("month", date(2027, 2, 3), date(2027, 2, 1), date(2027, 2, 28)),
            ("quarter", date(2026, 12, 31), date(2026, 10, 1), date(2026, 12, 31)),
            ("quarter", date(2026, 4, 1), date(2026, 4, 1), date(2026, 6, 30)),
            ("year", date(2026, 6, 1), date(2026, 1, 1), date(2026, 12, 31)),
        ]:
            with self.subTest(kind=kind, day=day):
                self.assertEqual(period_of(kind, day), (first, last))
