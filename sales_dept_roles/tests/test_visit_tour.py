from datetime import datetime

from freezegun import freeze_time

from odoo.tests import HttpCase, tagged

from .test_visit import VisitCommon


@tagged("post_install", "-at_install")
class TestVisitTour(VisitCommon, HttpCase):
    browser_size = "390x844"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Where it is about noon now, so that an hour later is the same day. Etc/GMT-8 is eight hours east of Greenwich.
        cls.company.resource_calendar_id.tz = f"Etc/GMT{datetime.now().astimezone().utctimetuple().tm_hour - 12:+d}"
        cls.visit.sudo().unlink()

    def test_visit(self):
        """From the plan to the follow-up, on the phone."""
        self.start_tour("/odoo/visits", "sales_dept_visit", login="manager1_test")
        visit = self.env["calendar.event"].search([("visit_outcome", "=", "They want a sample by Friday")])
        self.assertEqual((visit.user_id, visit.visit_partner_id), (self.manager1, self.customer))
        self.assertTrue(visit.visit_checkin_date)
        self.assertEqual(visit.visit_date, self.company._local_today())
        self.assertEqual(self.env["mail.activity"].search([("meeting_id", "=", visit.id)]).user_id, self.engineering)

    def test_who_is_due(self):
        with freeze_time("2020-01-10 02:00:00"):
            self.customer.contact_class_id = self.env.ref("sales_dept_roles.contact_class_c")
            self.env.flush_all()
        self.start_tour("/odoo/contacts-due", "sales_dept_contacts_due", login="manager1_test")
        call = self.env["calendar.event"].search([("visit_outcome", "=", "All is well")])
        self.assertEqual((call.visit_kind, call.visit_date), ("call", self.company._local_today()))
