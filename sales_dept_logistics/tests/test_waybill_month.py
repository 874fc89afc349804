from datetime import date, datetime, timedelta

from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.sales_dept_roles.models.customer_file.closing_day import closing_date, closing_date_sql

from ..models.carrier.statement_month import statement_month, statement_month_sql
from .waybill_common import WaybillCommon


@tagged("post_install", "-at_install")
class TestWaybillMonth(WaybillCommon):
    """The folder of a carrier and a month: what is there, and what is missing."""

    def _folders(self, user=None, **domain):
        self.env.flush_all()
        self.env.invalidate_all()
        Folder = self.env["freight.waybill.month"].with_user(user or self.assistant)
        return Folder.search([("carrier_id", "in", (self.sf | self.truck).ids)])

    def test_what_is_there_and_what_is_missing(self):
        there = self._waybill("SF00000001", shipped_date="2031-03-02", weight=2, signed_date="2031-03-04")
        self._attach(there)
        self._attach(there, "second.pdf")
        self._waybill("SF00000002", shipped_date="2031-03-30", weight=3)
        self._waybill("SF00000003", shipped_date="2031-02-10")
        self._waybill("T1", self.truck)
        self.truck.waybill_paper_required = False
        unnumbered = self._done(refs=False)
        march, february, truck = self._folders().sorted(
            lambda folder: (folder.carrier_id.id, -folder.month.toordinal())
        )
        self.assertRecordValues(
            march | february | truck,
            [
                {
                    "month": date(2031, 3, 1),
                    "waybill_count": 2,
                    "paper_count": 1,
                    "missing_paper_count": 1,
                    "unnumbered_count": 1,
                    "unsigned_count": 1,
                    "weight": 5.0,
                },
                {
                    "month": date(2031, 2, 1),
                    "waybill_count": 1,
                    "paper_count": 0,
                    "missing_paper_count": 1,
                    "unnumbered_count": 0,
                    "unsigned_count": 1,
                    "weight": 0.0,
                },
                {
                    "month": date(2031, 3, 1),
                    "waybill_count": 1,
                    "paper_count": 0,
                    "missing_paper_count": 0,
                    "unnumbered_count": 0,
                    "unsigned_count": 1,
                    "weight": 0.0,
                },
            ],
        )
        self.assertEqual(march.month_name, "March 2031")
        self.env["res.lang"]._activate_lang("zh_CN")
        self.assertEqual(march.with_context(lang="zh_CN").month_name, "2031年3月")
        self.assertIn("SF Test", march.display_name)
        Waybill = self.env["freight.waybill"]
        self.assertEqual(len(Waybill.search(march.action_open_waybills()["domain"])), 2)
        missing = march.action_open_missing_papers()
        self.assertEqual(Waybill.search(missing["domain"]).name, "SF00000002")
        self.assertEqual(self.env["stock.picking"].search(march.action_open_unnumbered()["domain"]), unnumbered)
        self.assertFalse(february.action_open_unnumbered()["domain"][0][2])

    def test_number_comes_later(self):
        picking = self._done(refs=False)
        self.assertEqual(self._folders().unnumbered_count, 1)
        picking.carrier_tracking_ref = "SF00000001"
        folder = self._folders()
        self.assertEqual((folder.unnumbered_count, folder.waybill_count), (0, 1))

    def test_deliveries_that_are_expected_to_have_one(self):
        # Nothing is settled with this one, as with what customers fetch.
        self._done(refs=False, carrier=self.truck)
        self.assertFalse(self._folders())
        self.truck.cooperation_mode = "prepaid"
        self.assertEqual(self._folders().unnumbered_count, 1)

    def test_same_deliveries_in_both_languages(self):
        """What Python and the database take for a delivery that left is the same."""
        back = self._done(refs=False)
        wizard = self.env["stock.return.picking"].create({"picking_id": back.id})
        wizard.product_return_moves.quantity = 3
        returned = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        returned.carrier_id = self.sf
        returned.button_validate()
        suppliers = self.env.ref("stock.stock_location_suppliers")
        supplier = self._delivery(refs=False, location_dest_id=suppliers.id)
        supplier.move_ids.location_dest_id = suppliers
        supplier.button_validate()
        pickings = back | returned | supplier | self._delivery(refs=False) | self._done(carrier=self.truck)
        self.env.flush_all()
        Picking = self.env["stock.picking"]
        by_sql = SQL(
            "SELECT picking.id FROM stock_picking picking JOIN delivery_carrier carrier "
            "ON carrier.id = picking.carrier_id WHERE picking.id IN %s AND %s",
            pickings._ids,
            Picking._shipped_sql(SQL("picking"), SQL("carrier")),
        )
        found = {row[0] for row in self.env.execute_query(by_sql)}
        self.assertEqual(found, set(pickings._shipped().ids))
        self.assertEqual(len(found), 2)
        domain = Picking._shipped_domain() & Domain("id", "in", pickings.ids)
        self.assertEqual(set(Picking.search(domain).ids), found)

    def test_month_in_both_languages(self):
        for day in (date(2031, 2, 28), date(2031, 3, 25), date(2031, 3, 26), date(2031, 12, 31), date(2031, 1, 30)):
            for closing_day in (0, 1, 25, 29, 30, 31):
                query = SQL("SELECT %s", statement_month_sql(SQL("%s::date", day), SQL("%s::integer", closing_day)))
                with self.subTest(day=day, closing_day=closing_day):
                    self.assertEqual(self.env.execute_query(query)[0][0], statement_month(day, closing_day))
        query = SQL("SELECT %s", statement_month_sql(SQL("%s::date", day), SQL("NULL::integer")))
        self.assertEqual(self.env.execute_query(query)[0][0], date(2031, 1, 1))

    def test_closing_dates_in_both_languages(self):
        """The same days close a month in Python and in SQL, and it is the day before the next month begins."""
        for month in (date(2031, 2, 1), date(2032, 2, 1), date(2031, 4, 1), date(2031, 12, 1)):
            for closing_day in (0, 1, 25, 28, 29, 30, 31):
                query = SQL("SELECT %s", closing_date_sql(SQL("%s::integer", closing_day), SQL("%s::date", month)))
                ((in_sql,),) = self.env.execute_query(query)
                closing = closing_date(closing_day, month)
                self.assertEqual(in_sql, closing)
                self.assertEqual(statement_month(closing, closing_day), month)
                self.assertGreater(statement_month(closing + timedelta(days=1), closing_day), month)

    def test_days_are_the_companys(self):
        picking = self._done(refs=False)
        # 1 March in Shanghai.
        picking.date_done = datetime(2031, 2, 28, 17, 0)
        folder = self._folders()
        self.assertEqual(folder.month, date(2031, 3, 1))
        self.assertEqual(self.env["stock.picking"].search(folder.action_open_unnumbered()["domain"]), picking)

    def test_rights(self):
        self._waybill()
        for user in (self.assistant, self.director, self.gm, self.finance, self.logistics):
            self.assertEqual(len(self._folders(user)), 1, user.name)
        for user in (self.manager1, self.warehouse_user, self.outsider):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self._folders(user)
        with self.assertRaises(AccessError):
            self._folders(self.gm).write({"waybill_count": 7})

    def test_duty_leads_there(self):
        links = self.env.ref("sales_dept_roles.duty_assistant_3_3_2").link_ids
        names = [
            "link_assistant_3_3_2_month_folders",
            "link_assistant_3_3_2_papers_missing",
            "link_assistant_3_3_2_scans",
        ]
        self._waybill()
        for name in names:
            link = self.env.ref(f"sales_dept_logistics.{name}")
            self.assertIn(link, links)
            self.assertTrue(link.with_user(self.assistant).action_open()["res_model"])
        missing = self.env.ref("sales_dept_logistics.link_assistant_3_3_2_papers_missing")
        self.assertGreaterEqual(missing.with_user(self.assistant).waiting_count, 1)
