from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from ..models.waybill.freight_waybill_scan import numbers_in
from .waybill_common import WaybillCommon


@tagged("post_install", "-at_install")
class TestWaybillPapers(WaybillCommon):
    """Scans find their waybills by the number in their name; what does not is kept and listed."""

    def _drop(self, *names, user=None, carrier=None, raw=None):
        user = user or self.assistant
        batch = self.env["freight.waybill.scan.batch"].with_user(user).create({"carrier_id": carrier and carrier.id})
        files = self.env["ir.attachment"].with_user(user)
        for at, name in enumerate(names):
            files |= files.create({"name": name, "raw": raw or f"{name} {at}".encode(), "res_model": batch._name})
        batch.attachment_ids = files
        return batch.action_file()

    def _left(self):
        return self.env["freight.waybill.scan"].search([("company_id", "=", self.company.id)])

    def _state(self, waybill):
        waybill.invalidate_recordset()
        return waybill.paper_state, waybill.paper_count

    def test_state(self):
        waybill = self._waybill()
        self.assertEqual(self._state(waybill), ("missing", 0))
        self._attach(waybill)
        self.assertEqual(self._state(waybill), ("there", 1))
        express = self._waybill("A1", self._carrier("No paper", waybill_paper_required=False))
        self.assertEqual(self._state(express), ("none", 0))
        Waybill = self.env["freight.waybill"].with_user(self.assistant)
        all_of_them = [("id", "in", (waybill | express).ids)]
        bare = self._waybill("SF00000002")
        for state, found in (("there", waybill), ("none", express)):
            self.assertEqual(Waybill.search([("paper_state", "=", state), *all_of_them]), found)
        self.assertIn(bare, Waybill.search([("paper_state", "=", "missing")]))
        self.assertNotIn(waybill, Waybill.search([("paper_state", "=", "missing")]))
        self.assertEqual(Waybill.search([("paper_state", "!=", "missing"), *all_of_them]), waybill | express)
        self.assertEqual(Waybill.search([("paper_state", "in", ("none", "there")), *all_of_them]), waybill | express)

    def test_numbers_in_names(self):
        self.assertIn("SF00000001", numbers_in("顺丰SF00000001.pdf"))
        self.assertIn("SF0000 0001", numbers_in("SF0000 0001 (2).jpg"))
        self.assertIn("DP-2026 00317", numbers_in("DP-2026 00317_2.pdf"))
        self.assertIn("SF00000001", numbers_in("ＳＦ００００００01.pdf"))
        # Pages and copies are no numbers, unless the file is named by nothing else.
        self.assertNotIn("2", numbers_in("SF00000001 (2).jpg"))
        self.assertEqual(numbers_in("12.pdf"), {"12"})
        self.assertLess(len(numbers_in("a b " * 60)), 1000)

    def test_batch(self):
        waybills = [self._waybill(f"SF0000000{at}") for at in (1, 2, 3)]
        action = self._drop("SF00000001.pdf", "sf0000-0002 receipt (1).jpg", "运单 00000003_1.png", "IMG_4711.png")
        for waybill in waybills:
            self.assertEqual(self._state(waybill), ("there", 1), waybill.name)
        self.assertTrue(waybills[0].message_main_attachment_id)
        # What does not match is listed, and its file is kept.
        self.assertEqual(action["res_model"], "freight.waybill.scan")
        left = self._left()
        self.assertRecordValues(left, [{"name": "IMG_4711.png", "reason": "unknown", "waybill_id": False}])
        self.assertEqual((left.attachment_id.res_model, left.attachment_id.res_id), (left._name, left.id))
        self.assertEqual(left.with_user(self.logistics).attachment_id.raw, b"IMG_4711.png 3")

    def test_all_filed(self):
        waybill = self._waybill("SF00000001")
        action = self._drop("SF00000001 a.pdf", "SF00000001 b.pdf")
        self.assertEqual(action["res_id"], waybill.id)
        self.assertEqual(self._state(waybill), ("there", 2))

    def test_same_scan_twice(self):
        waybill = self._waybill("SF00000001")
        self._drop("SF00000001.pdf", raw=b"the same")
        self._drop("SF00000001.pdf", "SF00000001 copy.pdf", raw=b"the same")
        self.assertEqual(self._state(waybill), ("there", 1))

    def test_several_waybills(self):
        first = self._waybill("SF00000001", shipped_date="2030-01-01")
        again = self._waybill("SF00000001", shipped_date="2031-03-30")
        self._drop("SF00000001.pdf")
        left = self._left()
        self.assertEqual((left.reason, left.candidate_ids), ("several", first | again))
        with self.assertRefused("choose the waybill"):
            left.with_user(self.assistant).action_file()
        left.with_user(self.assistant).waybill_id = again
        file = left.attachment_id
        left.with_user(self.assistant).action_file()
        self.assertFalse(left.exists())
        self.assertTrue(file.exists())
        self.assertEqual((self._state(first), self._state(again)), (("missing", 0), ("there", 1)))

    def test_carrier_decides(self):
        mine, other = self._waybill("12345678"), self._waybill("12345678", self.truck)
        self._drop("12345678.pdf")
        self.assertEqual(self._left().reason, "several")
        self._drop("12345678.pdf", carrier=self.truck, raw=b"other")
        self.assertEqual((self._state(mine), self._state(other)), (("missing", 0), ("there", 1)))

    def test_part_of_a_number_is_another_number(self):
        short, long = self._waybill("12345", self.truck), self._waybill("12345-678", self.truck)
        self._drop("12345-678.pdf")
        self.assertEqual((self._state(short), self._state(long)), (("missing", 0), ("there", 1)))

    def test_match_again(self):
        self._drop("SF00000001.pdf", "IMG.png")
        self.assertEqual(len(self._left()), 2)
        waybill = self._waybill("SF00000001")
        self._left().with_user(self.assistant).action_match_again()
        self.assertEqual(self._state(waybill), ("there", 1))
        self.assertEqual(self._left().mapped("name"), ["IMG.png"])

    def test_deleted_scan_takes_its_file_along(self):
        self._drop("IMG.png")
        file = self._left().attachment_id
        self._left().with_user(self.assistant).unlink()
        self.assertFalse(file.exists())

    def test_nothing_dropped(self):
        with self.assertRefused("choose them first"):
            self._drop()

    def test_other_peoples_files_stay_where_they_are(self):
        self._waybill("SF00000001")
        order = self._create_quotation(self.manager2)
        file = self._attach(order, "SF00000001.pdf")
        batch = self.env["freight.waybill.scan.batch"].with_user(self.logistics).create({})
        with self.assertRaises(AccessError):
            batch.attachment_ids = [Command.set(file.ids)]
            batch.action_file()
        self.assertEqual(file.res_model, "sale.order")

    def test_other_companies_waybills_are_not_found(self):
        other = self.env["res.company"].create({"name": "Another Company"})
        theirs = self._waybill("SF00000001", company_id=other.id)
        self._drop("SF00000001.pdf")
        self.assertEqual(self._left().reason, "unknown")
        self.assertEqual(self._state(theirs), ("missing", 0))

    def test_who_may(self):
        self._waybill("SF00000001")
        for user in (self.manager1, self.finance, self.gm, self.warehouse_user, self.outsider):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self._drop("SF00000001.pdf", user=user)

    def test_queries_do_not_grow_with_scans(self):
        def queries(count):
            numbers = [f"SF{count}{at:06}" for at in range(count)]
            Waybill = self.env["freight.waybill"]
            Waybill.create([{"name": number, "carrier_id": self.sf.id} for number in numbers])
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            found = self.env["freight.waybill.scan"]._match(
                [f"{number}.pdf" for number in numbers], self.company, self.env["delivery.carrier"]
            )
            self.assertEqual(len([True for waybills in found.values() if len(waybills) == 1]), count)
            return self.env.cr.sql_log_count - start

        queries(10)
        self.assertEqual(queries(40), queries(20))

    def test_list_reads_papers_together(self):
        def queries(count):
            Waybill = self.env["freight.waybill"]
            waybills = Waybill.create([{"name": f"SF{count}{at:06}", "carrier_id": self.sf.id} for at in range(count)])
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            waybills.with_user(self.assistant).read(["name", "paper_state", "delivery_names", "carrier_id"])
            return self.env.cr.sql_log_count - start

        queries(10)
        self.assertEqual(queries(40), queries(20))
