from datetime import date, timedelta
from random import Random

from odoo.tests import tagged
from odoo.tools import SQL

from .freight_statement_common import MARCH, FreightStatementCommon

LINES = 2_000


@tagged("post_install", "-at_install")
class TestFreightStatementAudit(FreightStatementCommon):
    """Each class of difference, its words, tolerances, and that what is right is accused of nothing."""

    def _judged(self, statement, reference="SF00000001"):
        line = self._line(statement, reference)
        return line.difference_kind, line.difference, line.is_exception

    def test_price(self):
        self._shipped(1)
        statement = self._statement({"reference": "SF00000001", "amount": 130})
        self.assertEqual(self._judged(statement), ("price", 30, True))
        reason = self._line(statement, "SF00000001").difference_reason
        for part in ("130.00", "100.00", "+", "30.00"):
            self.assertIn(part, reason)

    def test_weight(self):
        self._shipped(1)
        statement = self._statement({"reference": "SF00000001", "amount": 150, "weight": 15})
        self.assertEqual(self._judged(statement), ("weight", 50, True))
        self.assertIn("15 kg charged, 10 kg chargeable", self._line(statement, "SF00000001").difference_reason)

    def test_weight_that_goes_the_other_way_is_a_price(self):
        self._shipped(1)
        statement = self._statement({"reference": "SF00000001", "amount": 150, "weight": 9})
        self.assertEqual(self._judged(statement)[0], "price")

    def test_unknown(self):
        statement = self._statement({"reference": "SF99999999", "destination": "Hunan"})
        self.assertEqual(self._judged(statement, "SF99999999"), ("unknown", 100, True))

    def test_surcharge(self):
        self._shipped(1)
        statement = self._statement(
            {"reference": "SF00000001"}, {"reference": "SF00000001", "kind_id": self.upstairs.id, "amount": 50}
        )
        line = self._line(statement, "SF00000001").filtered(lambda line: line.kind_id == self.upstairs)
        self.assertEqual((line.role, line.difference_kind, line.difference), ("original", "surcharge", 50))
        self.assertIn(self.upstairs.name, line.difference_reason)

    def test_nothing_was_agreed(self):
        self._shipped(1, freight=None)
        statement = self._statement({"reference": "SF00000001"})
        self.assertEqual(self._judged(statement), ("price", 100, True))
        self.assertIn("No price was agreed", self._line(statement, "SF00000001").difference_reason)

    def test_period(self):
        self._shipped(1, shipped_date=date(2031, 2, 20))
        statement = self._statement({"reference": "SF00000001", "ship_date": date(2031, 2, 20)})
        self.assertEqual(self._judged(statement), ("period", 0, True))

    def test_edge_of_the_period(self):
        """Shipped on the last day of February, and picked up on the first of March: that is no wrong period."""
        self._shipped(1, shipped_date=date(2031, 2, 28))
        statement = self._statement({"reference": "SF00000001", "ship_date": date(2031, 3, 1)})
        self.assertEqual(self._judged(statement), (False, 0, False))

    def _tax(self, amount, **values):
        return self.env["account.tax"].create(
            {"name": f"VAT {amount}", "amount": amount, "type_tax_use": "purchase", **values}
        )

    def test_tax_rate(self):
        self.sf.freight_tax_id = self._tax(6)
        self._shipped(1)
        statement = self._statement({"reference": "SF00000001", "tax_rate": 9, "tax_amount": 9})
        self.assertEqual(self._judged(statement), ("tax", 0, True))
        self.assertEqual(self._line(statement, "SF00000001").difference_reason, "9% tax charged, 6% agreed.")

    def test_tax_in_the_price(self):
        """The same net amount with another rate in it is a difference of tax, not of price."""
        self.sf.freight_tax_id = self._tax(6)
        self._shipped(1, freight=106)
        statement = self._statement({"reference": "SF00000001", "amount": 109, "tax_rate": 9, "tax_amount": 9})
        self.assertEqual(self._judged(statement), ("tax", 3, True))

    def test_tax_amount(self):
        self._shipped(1)
        statement = self._statement({"reference": "SF00000001", "tax_rate": 6, "tax_amount": 9})
        self.assertEqual(self._judged(statement), ("tax", 0, True))
        self.assertIn("is not 6% of", self._line(statement, "SF00000001").difference_reason)
        statement.action_cancel()
        for tax_amount in (6, 5.66):
            statement = self._statement({"reference": "SF00000001", "tax_rate": 6, "tax_amount": tax_amount})
            self.assertEqual(self._judged(statement), (False, 0, False), tax_amount)
            statement.action_cancel()

    def test_one_amount_for_all_that_was_agreed(self):
        """A carrier that writes one amount for a waybill is compared with the sum."""
        self._shipped(1, fuel=12)
        statement = self._statement({"reference": "SF00000001", "amount": 112})
        self.assertEqual(self._judged(statement), (False, 0, False))
        self.assertFalse(statement.line_ids.filtered(lambda line: line.role == "missing"))

    # === TOLERANCES === #

    def test_rounding_at_its_bound(self):
        for number, (amount, kind) in enumerate(
            [(100.05, "rounding"), (100.06, "price"), (99.95, "rounding"), (99.94, "price")], 1
        ):
            self._shipped(number)
            statement = self._statement({"reference": f"SF{number:08}", "amount": amount})
            self.assertEqual(self._judged(statement, f"SF{number:08}")[0], kind, amount)
            self.assertEqual(self._judged(statement, f"SF{number:08}")[2], kind == "price", amount)
            statement.action_cancel()

    def test_narrowest_tolerance_holds(self):
        Tolerance = self.env["freight.tolerance"]
        self._shipped(1)

        def kind_of(amount):
            statement = self._statement({"reference": "SF00000001", "amount": amount})
            kind = self._judged(statement)[0]
            statement.action_cancel()
            return kind

        self.assertEqual(kind_of(104), "price")
        Tolerance.create({"kind_id": self.freight.id, "over_percent": 4})
        self.assertEqual(kind_of(104), "rounding", "kind over default")
        self.assertEqual(kind_of(104.01), "price")
        self.assertEqual(kind_of(99.99), "price", "nothing is tolerated below by this rule")
        Tolerance.create({"carrier_id": self.sf.id, "over_amount": 2, "under_amount": 1})
        self.assertEqual(kind_of(104), "price", "carrier over kind")
        self.assertEqual(kind_of(102), "rounding")
        Tolerance.create({"carrier_id": self.sf.id, "kind_id": self.freight.id, "over_amount": 9, "over_percent": 5})
        self.assertEqual(kind_of(105), "rounding", "carrier and kind over carrier")
        self.assertEqual(kind_of(105.01), "price", "both limits hold")
        Tolerance.create({"carrier_id": self.truck.id, "over_amount": 99})
        self.assertEqual(kind_of(110), "price", "that of another carrier")

    # === DECISIONS === #

    def test_decisions_stand_while_the_difference_does(self):
        waybill = self._shipped(1)
        statement = self._statement({"reference": "SF00000001", "amount": 120})
        line = statement.line_ids
        line.with_user(self.assistant).action_dispute()
        self.assertEqual((line.payable_amount, statement.disputed_total, statement.open_count), (100, 20, 0))
        self._match(statement)
        self.assertEqual((line.decision, line.payable_amount), ("dispute", 100))
        waybill.charge_ids.expected_amount = 110
        self._match(statement)
        self.assertEqual((line.decision, line.payable_amount, statement.open_count), (False, 120, 1))

    def test_words_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self._shipped(1)
        line = self._statement({"reference": "SF00000001", "amount": 130}).line_ids
        self.assertNotEqual(line.with_context(lang="zh_CN").difference_reason, line.difference_reason)
        self.assertIn("130.00", line.with_context(lang="zh_CN").difference_reason)

    # === ALL OF IT === #

    def _plan(self, random):
        """2,000 rows with planted differences: ``[(row, expected kind)]``, and the waybills for them.

        Numbers lie so far apart that none is a neighbour of another.
        """
        zones = ["Guangdong", "Hunan", "Hubei", "Sichuan"]
        numbers = [10_000_000 + at * 3_711 for at in range(LINES)]
        waybills, planned = [], []
        kinds = ["price", "weight", "unknown", "twice", "surcharge", "rounding", "period", "carrier", "tax"]
        for at, number in enumerate(numbers):
            kind = kinds[at // 40 % len(kinds)] if at % 40 == 7 else None
            day = MARCH[0] + timedelta(days=at % 31)
            weight, amount = random.randrange(10, 400) / 10, random.randrange(800, 90_000) / 100
            zone = random.choice(zones)
            row = {
                "reference": f"SF{number}",
                "ship_date": day,
                "destination": zone,
                "weight": weight,
                "amount": amount,
                "tax_rate": 6,
                "tax_amount": round(amount * 0.06, 2),
            }
            shipped = MARCH[0] - timedelta(days=20) if kind == "period" else day
            carrier = self.truck if kind == "carrier" else self.sf
            if kind != "unknown":
                waybills.append((f"SF{number}", carrier, shipped, weight, zone, amount))
            else:
                row["destination"] = "Tibet"
            if kind == "period":
                row["ship_date"] = shipped
            if kind == "price":
                row["amount"] = round(amount * 1.1, 2)
                row["tax_amount"] = round(row["amount"] * 0.06, 2)
            elif kind == "weight":
                row |= {"weight": weight * 2, "amount": round(amount * 2, 2), "tax_amount": round(amount * 0.12, 2)}
            elif kind == "rounding":
                row["amount"] = round(amount + 0.05, 2)
            elif kind == "tax":
                row |= {"tax_rate": 9, "tax_amount": round(amount * 0.09, 2)}
            if kind == "twice":
                planned.append((row, None))
            if kind == "surcharge":
                planned.append((row, None))
                row = {**row, "kind_id": self.upstairs.id, "amount": 30.0, "tax_amount": 1.8}
            planned.append((row, kind))
        # Found without their number: none of them is an error.
        for at in (100, 200, 300):
            row, kind = planned[at]
            self.assertIsNone(kind)
            planned[at] = ({**row, "reference": row["reference"][:-1] + "X"}, None)
        random.shuffle(planned)
        return waybills, planned

    def test_every_planted_difference_and_no_other(self):
        """A seeded statement of more than 2,000 lines: all that was planted is found, and nothing else is accused."""
        self.sf.freight_tax_id = self._tax(6)
        waybills, planned = self._plan(Random(9))
        records = self.env["freight.waybill"].create(
            [
                {"name": name, "carrier_id": carrier.id, "shipped_date": day, "weight": weight, "zone": zone}
                for name, carrier, day, weight, zone, _amount in waybills
            ]
        )
        self.env["freight.waybill.charge"].sudo().create(
            [
                {
                    "waybill_id": record.id,
                    "kind_id": self.freight.id,
                    "company_id": self.company.id,
                    "currency_id": self.currency.id,
                    "expected_amount": amount,
                }
                for record, (*_values, amount) in zip(records, waybills, strict=True)
            ]
        )
        statement = self._statement(*(row for row, _kind in planned), matched=False)
        lines = statement.line_ids.sorted("id")
        self._match(statement)
        found = [line.difference_kind or None for line in lines]
        wrong = [(row["reference"], kind, got) for (row, kind), got in zip(planned, found, strict=True) if kind != got]
        # Of two equal rows the later one is the repeated one, whichever was planted as such.
        twice = [kind for _reference, *kinds in wrong for kind in kinds if kind]
        self.assertEqual(set(twice) - {"twice"}, set())
        self.assertEqual(found.count("twice"), sum(kind == "twice" for _row, kind in planned))
        self.assertGreater(len([kind for _row, kind in planned if kind]), 45)
        self.assertFalse(statement.line_ids.filtered(lambda line: line.role == "missing"))
        rows = (statement.matched_row_count, statement.exception_row_count, statement.excluded_row_count)
        self.assertEqual(sum(rows), len(planned))
        self.assertEqual(statement.row_count, len(planned))
        ((adds_up, explained),) = self.env.execute_query(
            SQL(
                "SELECT SUM(expected_amount) + SUM(difference) = SUM(amount), SUM(difference) "
                "FROM freight_statement_line WHERE statement_id = %s",
                statement.id,
            )
        )
        self.assertTrue(adds_up, "to the last digit, in the database")
        parts = statement._reconciliation_parts()
        self.assertAlmostEqual(sum(amount for _label, _count, amount in parts), explained, 2)
        self.assertAlmostEqual(statement.total_amount, sum(row["amount"] for row, _kind in planned), 2)
