import doctest
from decimal import Decimal

from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from odoo.addons.sales_dept_kpi.models.kpi import measure

NUMBERS = ("-1", "0", "0.1", "1", "89.999", "90.000", "90.001", "1000000")


@tagged("post_install", "-at_install")
class TestKpiMeasure(TransactionCase):
    def test_examples(self):
        self.assertEqual(doctest.testmod(measure).failed, 0)

    def test_python_and_database_say_the_same(self):
        cases = [
            (kind, Decimal(numerator), Decimal(denominator), Decimal("90"))
            for kind in measure.FACTORS
            for numerator in NUMBERS
            for denominator in NUMBERS
        ]
        column = {name: SQL.identifier("c", name) for name in ("measure", "numerator", "denominator", "threshold")}
        rows = self.env.execute_query(
            SQL(
                "SELECT %s, %s FROM (VALUES %s) c (measure, numerator, denominator, threshold)",
                measure.value_sql(column["measure"], column["numerator"], column["denominator"]),
                measure.verdict_sql(**column),
                SQL(", ").join(SQL("(%s, %s, %s, %s)", *case) for case in cases),
            )
        )
        self.assertEqual(len(rows), len(cases))
        for (kind, numerator, denominator, threshold), (value, verdict) in zip(cases, rows, strict=True):
            with self.subTest(kind=kind, numerator=numerator, denominator=denominator):
                expected = measure.value_of(kind, numerator, denominator)
                self.assertEqual(value is None, expected is None)
                if expected is not None:
                    self.assertAlmostEqual(value, float(expected), 9)
                met = measure.is_met(kind, numerator, denominator, threshold)
                self.assertEqual(verdict, {True: "met", False: "missed", None: "none"}[met])

    def test_nothing_is_rounded_up_to_its_threshold(self):
        self.assertEqual(measure.shown(89.96, False), "89.9")
        self.assertEqual(measure.shown(90.0, True), "90.0")
        self.assertEqual(measure.missing("share", Decimal(8), Decimal(10), Decimal(90)), Decimal(1))
        self.assertEqual(measure.missing("share", Decimal(10), Decimal(10), Decimal(90)), 0)
