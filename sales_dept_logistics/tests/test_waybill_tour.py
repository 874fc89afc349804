from odoo.tests import HttpCase, tagged

from .waybill_common import WaybillCommon


@tagged("post_install", "-at_install")
class TestWaybillTour(WaybillCommon, HttpCase):
    def test_scans_and_month_folder(self):
        """The assistant drops scans, sees which found no waybill, and what is missing in the carrier's month."""
        first, second = (self._done(f"SF0000000{number}").waybill_ids for number in (1, 2))
        path = "/odoo/waybill-scans"
        self.start_tour(path, "sales_dept_waybill_scans", login="assistant_test")
        self.env.invalidate_all()
        self.assertEqual((first.paper_state, second.paper_state), ("there", "missing"))
        self.assertEqual(self.env["freight.waybill.scan"].search([]).mapped("name"), ["IMG_4711.pdf"])
        self.start_tour("/odoo/waybill-months", "sales_dept_waybill_month", login="assistant_test")
