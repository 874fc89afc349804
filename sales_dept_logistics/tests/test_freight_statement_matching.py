from datetime import date
from unittest.mock import patch

from psycopg2.errors import ExclusionViolation, UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .freight_statement_common import FreightStatementCommon

APRIL = (date(2031, 4, 1), date(2031, 4, 30))


@tagged("post_install", "-at_install")
class TestFreightStatementMatching(FreightStatementCommon):
    def _found(self, statement, reference):
        line = self._line(statement, reference)
        return line.waybill_id, line.match_pass, line.role

    # === PASSES === #

    def test_number_as_the_carrier_writes_it(self):
        waybill = self._shipped(1)
        statement = self._statement({"reference": " sf 0000-0001 "})
        self.assertEqual(self._found(statement, " sf 0000-0001 "), (waybill, "number", "original"))
        line = self._line(statement, " sf 0000-0001 ")
        self.assertIn("SF00000001", line.match_reason)
        self.assertFalse(line.difference_kind)
        self.assertEqual((line.expected_amount, line.payable_amount, line.difference), (100, 100, 0))

    def test_reader_may_leave_company_carrier_and_key_out(self):
        """A reader that writes rows past the ORM leaves them to the matching."""
        waybill = self._shipped(1)
        statement = self._statement({"reference": "SF00000001"}, matched=False)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE freight_statement_line SET company_id = NULL, carrier_id = NULL, number_key = NULL "
            "WHERE statement_id = %s",
            [statement.id],
        )
        self.env.invalidate_all()
        self._match(statement)
        self.assertEqual(self._found(statement, "SF00000001"), (waybill, "number", "original"))

    def test_number_used_again_goes_by_the_day(self):
        """Identity is the waybill's record: the carrier gave the number to another shipment."""
        self.sf.number_reuse_days = 20
        old = self._shipped(1, shipped_date=date(2031, 1, 5))
        new = self._shipped(1, day=10)
        self.assertNotEqual(old, new)
        statement = self._statement({"reference": "SF00000001", "ship_date": date(2031, 3, 9)})
        self.assertEqual(self._line(statement, "SF00000001").waybill_id, new)
        late = self._statement(
            {"reference": "SF00000001", "ship_date": date(2031, 1, 6)}, period=(date(2031, 1, 1), date(2031, 1, 31))
        )
        self.assertEqual(self._line(late, "SF00000001").waybill_id, old)

    def test_number_too_long_ago_is_another_shipment(self):
        self._shipped(1, shipped_date=date(2030, 3, 5))
        statement = self._statement({"reference": "SF00000001", "destination": "Hunan"})
        self.assertEqual(self._line(statement, "SF00000001").role, "unmatched")

    def test_destination_day_and_weight(self):
        waybill = self._shipped(1, day=10, zone="广东省", weight=10)
        statement = self._statement(
            {"reference": "X-1", "destination": "广东", "ship_date": date(2031, 3, 13), "weight": 10.5}
        )
        self.assertEqual(self._found(statement, "X-1"), (waybill, "shipment", "original"))

    def test_destination_day_and_weight_at_their_bounds(self):
        self._shipped(1, day=10, weight=10)
        for reference, values in {
            "DAY": {"ship_date": date(2031, 3, 14)},
            "WEIGHT": {"weight": 10.51},
            "PLACE": {"destination": "Hunan"},
        }.items():
            row = {"reference": reference, "destination": "Guangdong", **values}
            statement = self._statement(row)
            self.assertEqual(self._line(statement, reference).role, "unmatched", reference)
            statement.action_cancel()

    def test_likeness_is_unique_both_ways(self):
        self._shipped(1)
        self._shipped(2)
        statement = self._statement({"reference": "X-1", "destination": "Guangdong"})
        self.assertFalse(self._line(statement, "X-1").waybill_id, "two waybills fit")
        statement.action_cancel()
        self._shipped(3, zone="Hunan")
        statement = self._statement(
            {"reference": "X-1", "destination": "Hunan"}, {"reference": "X-2", "destination": "Hunan"}
        )
        self.assertFalse(statement.line_ids.filtered("match_pass"), "two shipments fit")

    def test_charges_of_one_number_are_one_shipment(self):
        waybill = self._shipped(1, fuel=10)
        statement = self._statement(
            {"reference": "X-1", "destination": "Guangdong"},
            {"reference": "X-1", "destination": "Guangdong", "kind_id": self.fuel.id, "amount": 10, "weight": 0},
        )
        self.assertEqual(self._line(statement, "X-1").waybill_id, waybill)
        self.assertEqual(self._line(statement, "X-1").mapped("role"), ["original", "original"])

    def test_one_edit_apart(self):
        for number, written in ((11115555, "SF11115556"), (22226666, "SF222266660"), (33337777, "SF3333777")):
            waybill = self._shipped(number)
            statement = self._statement({"reference": written})
            self.assertEqual(self._found(statement, written), (waybill, "near", "original"), written)
            statement.action_cancel()

    def test_two_edits_are_another_number(self):
        self._shipped(11115555)
        for written in ("SF11115566", "SF11151555", "SF111155"):
            statement = self._statement({"reference": written})
            self.assertEqual(self._line(statement, written).role, "unmatched", written)
            statement.action_cancel()

    def test_near_number_with_another_place_is_none(self):
        self._shipped(11115555)
        statement = self._statement({"reference": "SF11115556", "destination": "Hunan"})
        self.assertEqual(self._line(statement, "SF11115556").role, "unmatched")

    def test_neighbours_are_not_guessed(self):
        """Running numbers are one edit apart from each other."""
        self._shipped(11110001)
        self._shipped(11110002)
        statement = self._statement({"reference": "SF11110003"})
        self.assertEqual(self._line(statement, "SF11110003").role, "unmatched")

    def test_other_carrier(self):
        other = self._shipped("T-77", carrier=self.truck)
        statement = self._statement({"reference": "T77"})
        line = self._line(statement, "T77")
        self.assertEqual((line.role, line.other_waybill_id, line.difference_kind), ("unmatched", other, "carrier"))
        self.assertIn("Truck Test", line.difference_reason)

    # === WHAT LINES COUNT AS === #

    def test_repeated_on_the_same_statement(self):
        self._shipped(1)
        statement = self._statement({"reference": "SF00000001"}, {"reference": "SF00000001"})
        first, second = self._line(statement, "SF00000001")
        self.assertEqual((first.role, second.role, second.original_id), ("original", "duplicate", first))
        self.assertEqual((second.difference_kind, second.expected_amount), ("twice", 0))
        self.assertIn(statement.name, second.difference_reason)

    def test_repeated_on_a_later_statement(self):
        self._shipped(1)
        march = self._statement({"reference": "SF00000001"})
        april = self._statement({"reference": "SF00000001"}, period=APRIL)
        line = self._line(april, "SF00000001")
        self.assertEqual((line.role, line.original_id), ("duplicate", march.line_ids))

    def test_correction_on_a_later_statement(self):
        """What was paid too much comes back: the credit is what was still due."""
        self._shipped(1)
        march = self._statement({"reference": "SF00000001", "amount": 120})
        march.line_ids._decide("accept")
        april = self._statement({"reference": "SF00000001", "amount": -20}, period=APRIL)
        line = self._line(april, "SF00000001")
        self.assertEqual((line.role, line.original_id, line.expected_amount), ("adjustment", march.line_ids, -20))
        self.assertFalse(line.is_exception)

    def test_correction_upwards_is_looked_at(self):
        self._shipped(1)
        self._statement({"reference": "SF00000001"})
        april = self._statement({"reference": "SF00000001", "amount": 15}, period=APRIL)
        line = self._line(april, "SF00000001")
        self.assertEqual((line.role, line.difference_kind, line.difference), ("adjustment", "price", 15))
        self.assertIn("15.00", line.difference_reason)

    def test_corrected_on_the_same_statement(self):
        self._shipped(1)
        statement = self._statement(
            {"reference": "SF00000001", "amount": 120}, {"reference": "SF00000001", "amount": -20}
        )
        self.assertEqual(self._line(statement, "SF00000001").mapped("role"), ["original", "adjustment"])
        self.assertFalse(statement.exception_count)
        self.assertEqual((statement.total_amount, statement.expected_total), (100, 100))

    def test_billed_once_ever_by_the_database(self):
        waybill = self._shipped(1)
        march = self._statement({"reference": "SF00000001"})
        april = self._statement({"reference": "A-1", "destination": "x"}, period=APRIL)
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            april.line_ids.filtered(lambda line: line.reference == "A-1")._write_protected(
                {"waybill_id": waybill.id, "role": "original", "kind_id": march.line_ids.kind_id.id}
            )
            self.env.flush_all()

    def test_cancelled_statement_lets_others_bill(self):
        self._shipped(1)
        self._statement({"reference": "SF00000001"}).action_cancel()
        again = self._statement({"reference": "SF00000001"})
        self.assertEqual(self._line(again, "SF00000001").role, "original")

    def test_missing_on_their_side(self):
        self._shipped(1)
        silent = self._shipped(2, day=31, fuel=7)
        self._shipped(3, shipped_date=date(2031, 2, 28))
        statement = self._statement({"reference": "SF00000001"})
        missing = statement.line_ids.filtered(lambda line: line.role == "missing")
        self.assertEqual(missing.waybill_id, silent)
        self.assertEqual(sorted(missing.mapped("expected_amount")), [7, 100])
        self.assertEqual(set(missing.mapped("difference_kind")), {"missing"})
        self.assertFalse(missing.filtered("is_exception"))

    def test_matching_again_changes_nothing(self):
        for number in range(1, 6):
            self._shipped(number)
        rows = [{"reference": f"SF{number:08}"} for number in range(1, 5)]
        statement = self._statement(*rows, {"reference": "SF00000001"}, {"reference": "NONE"})
        names = ["waybill_id", "role", "match_pass", "difference_kind", "expected_amount", "payable_amount"]
        before = statement.line_ids.filtered("row_id").read(names), statement.total_amount, statement.expected_total
        self._match(statement)
        after = statement.line_ids.filtered("row_id").read(names), statement.total_amount, statement.expected_total
        self.assertEqual(before, after)

    def test_background_takes_what_waits(self):
        self._shipped(1)
        statement = self._statement({"reference": "SF00000001"}, matched=False)
        statement.with_user(self.assistant).action_match()
        self.assertEqual(statement.state, "matching")
        self.env["freight.statement"]._cron_match()
        self.assertEqual(statement.state, "open")
        self.env["freight.statement"]._cron_match()
        self.assertEqual(len(self._line(statement, "SF00000001")), 1)

    # === BY HAND === #

    def test_candidates_are_ranked(self):
        right = self._shipped(11115555, day=10)
        self._shipped(22224444, day=28, zone="Hunan", weight=90)
        # Two characters wrong, and a day too far for any pass.
        statement = self._statement(
            {"reference": "SF11115599", "destination": "Guangdong", "ship_date": date(2031, 3, 14)}
        )
        line = self._line(statement, "SF11115599")
        self.assertEqual(line.role, "unmatched")
        action = line.with_user(self.assistant).action_match_by_hand()
        match = self.env["freight.statement.match"].browse(action["res_id"])
        self.assertEqual(match.candidate_ids[0].waybill_id, right)
        self.assertGreater(match.candidate_ids[0].score, 60)

    def test_chosen_by_hand_stays(self):
        waybill = self._shipped(1, fuel=10, zone="Hunan")
        statement = self._statement(
            {"reference": "??", "destination": "Tibet", "weight": 3},
            {"reference": "X-9", "destination": "Tibet", "weight": 3},
            {"reference": "X-9", "destination": "Tibet", "kind_id": self.fuel.id, "amount": 10, "weight": 3},
        )
        line = self._line(statement, "X-9")[0]
        line.with_user(self.assistant)._match_by_hand(waybill)
        lines = self._line(statement, "X-9")
        self.assertEqual((lines.waybill_id, set(lines.mapped("match_pass"))), (waybill, {"hand"}))
        self._match(statement)
        self.assertEqual(self._line(statement, "X-9").waybill_id, waybill)
        self._line(statement, "X-9")[0].with_user(self.assistant).action_unmatch()
        self.assertFalse(self._line(statement, "X-9").waybill_id)

    def test_others_may_not_decide(self):
        self._shipped(1)
        statement = self._statement({"reference": "SF00000001", "amount": 120})
        for user in (self.finance, self.logistics, self.gm, self.manager1):
            with self.assertRaises(AccessError):
                statement.line_ids.with_user(user).action_accept()

    def test_results_are_not_written_by_hand(self):
        self._shipped(1)
        line = self._statement({"reference": "SF00000001", "amount": 120}).line_ids
        for name, value in {"waybill_id": False, "expected_amount": 5, "decision": "accept", "role": "missing"}.items():
            with self.assertRaises(AccessError):
                line.with_user(self.assistant).write({name: value})

    def test_agreeing_line_is_not_decided(self):
        self._shipped(1)
        statement = self._statement({"reference": "SF00000001"})
        with self.assertRaisesRegex(UserError, "no exception"):
            statement.line_ids.with_user(self.assistant).action_accept()

    def test_left_out_lets_the_repeated_one_bill(self):
        self._shipped(1)
        statement = self._statement({"reference": "SF00000001"}, {"reference": "SF00000001"})
        first, second = self._line(statement, "SF00000001")
        first.with_user(self.assistant)._decide("exclude", "test row")
        self.assertEqual((first.role, second.role), (False, "original"))
        self.assertEqual((statement.excluded_row_count, statement.matched_row_count), (1, 1))
        self.assertEqual((statement.total_amount, statement.payable_total, statement.excluded_total), (200, 100, 100))
        self.assertIn("test row", first.match_reason)
        first.with_user(self.assistant).action_undo()
        self.assertEqual((first.role, second.role), ("original", "duplicate"))

    # === A NEW ONE === #

    def test_period_is_the_last_that_the_carrier_closed(self):
        """On 31 March: of one who closes on the 25th to 25 March; at the end of the month, February."""
        Statement = self.env["freight.statement"]
        for closing_day, begin, end in (
            (25, date(2031, 2, 26), date(2031, 3, 25)),
            (0, date(2031, 2, 1), date(2031, 2, 28)),
            (30, date(2031, 3, 1), date(2031, 3, 30)),
        ):
            self.sf.closing_day = closing_day
            statement = Statement.create({"carrier_id": self.sf.id})
            self.assertEqual((statement.date_from, statement.date_to), (begin, end), closing_day)
            statement.action_cancel()
        self.assertEqual(statement.currency_id, self.company.currency_id)

    @mute_logger("odoo.sql_db")
    def test_one_statement_for_each_day(self):
        """Other carriers, currencies, days and cancelled statements are in nobody's way."""
        first = self._statement(matched=False)
        with self.assertRaises(ExclusionViolation) as caught, self.env.cr.savepoint():
            self._statement(matched=False, period=(date(2031, 3, 31), date(2031, 4, 29)))
        self.assertIn("put the file on it", first._sql_error_to_message(caught.exception))
        april = self._statement(matched=False, period=APRIL)
        with self.assertRaises(ExclusionViolation), self.env.cr.savepoint():
            april.date_from = date(2031, 3, 31)
            april.flush_recordset()
        april.invalidate_recordset(flush=False)
        other = self.env["res.currency"].with_context(active_test=False).search([("id", "!=", self.currency.id)])[0]
        other.active = True
        self._statement(matched=False, currency_id=other.id)
        self._statement(matched=False, carrier=self.truck)
        first.action_cancel()
        self._statement(matched=False)

    def test_days_that_two_statements_had_before(self):
        """A database from before the rule keeps both, says which they are, and refuses a third."""
        first = self._statement(matched=False)
        self.assertFalse(first._sharing_days())
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE freight_statement DROP CONSTRAINT freight_statement_no_overlap")
        with self.assertRefused(f"{first.name}.*03/01/2031 – 03/31/2031.*put the file on it", ValidationError):
            self._statement(matched=False, period=(date(2031, 3, 31), date(2031, 4, 29)))
        first._write_protected({"cancelled_date": "2031-03-01 00:00:00"})
        second = self._statement({"reference": "SF00000001"}, matched=False)
        first._write_protected({"cancelled_date": False})
        self.env.flush_all()
        self.assertEqual(first._sharing_days(), [(first.name, second.name)])
        with self.assertLogs("odoo.addons.sales_dept_logistics.models.freight_statement", "WARNING") as logs:
            self.env["freight.statement"].init()
        self.assertIn(f"{first.name} and {second.name}", logs.output[0])
        self.assertTrue(first.exists() and second.line_ids)
        with self.assertRefused("put the file on it", ValidationError):
            self._statement(matched=False)
        first.action_cancel()
        with self.assertNoLogs("odoo.addons.sales_dept_logistics.models.freight_statement", "WARNING"):
            self.env["freight.statement"].init()

    def test_rules_of_numbers_that_change(self):
        """What is compared follows what the carrier's form says of its numbers, on both sides."""
        self.sf.write({"number_prefix": False, "number_digits": 0})
        small, large = (self._shipped(name, freight=50) for name in ("ab-1", "AB-2"))
        statement = self._statement({"reference": "ab-1", "amount": 50}, {"reference": "AB-2", "amount": 50})
        self.assertEqual(statement.line_ids.waybill_id, small | large)
        self.sf.write({"number_keeps_case": True, "number_keeps_dashes": True})
        statement._match_again()
        self.assertEqual(self._line(statement, "ab-1").number_key, "ab-1")
        self.assertEqual(self._line(statement, "ab-1").waybill_id, small)
        self.assertEqual(statement.line_ids.mapped("match_pass"), ["number", "number"])

    # === STOPPED === #

    def test_stopped_at_any_moment_it_changes_nothing(self):
        """The turn of the background that dies leaves the lines as they were, and the next one ends it."""
        for number in range(1, 4):
            self._shipped(number)
        statement = self._statement({"reference": "SF00000001"}, {"reference": "SF00000001"}, matched=False)
        statement._after_reading()
        Statement = self.registry["freight.statement"]
        for step in ("_match_shipments", "_audit", "_write_missing", "_take_totals", "_after_matching"):

            def die(_self, *_args):
                raise RuntimeError("killed")

            with patch.object(Statement, step, die):
                self.env["freight.statement"]._cron_match()
            self.assertEqual((statement.state, statement.row_count), ("matching", 0), step)
            self.assertFalse(statement.line_ids.filtered("role"), step)
            self.assertEqual(len(statement.line_ids), 2, step)
        self.env["freight.statement"]._cron_match()
        self.assertEqual(statement.state, "open")
        self.assertEqual(sorted(statement.line_ids.mapped("role")), ["duplicate", "missing", "missing", "original"])

    def test_one_statement_that_fails_holds_up_no_other(self):
        self._shipped(1)
        first = self._statement({"reference": "SF00000001"}, matched=False)
        second = self._statement({"reference": "SF00000002"}, period=APRIL, matched=False)
        (first | second)._after_reading()
        audit = self.registry["freight.statement"]._audit

        def fail(statement):
            if statement == first:
                raise RuntimeError("broken")
            return audit(statement)

        with patch.object(self.registry["freight.statement"], "_audit", fail):
            self.env["freight.statement"]._cron_match()
        self.assertEqual((first.state, second.state), ("matching", "open"))
