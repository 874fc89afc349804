from datetime import datetime

from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .test_assignment import AssignmentCommon


@tagged("post_install", "-at_install")
class TestAssignmentTour(AssignmentCommon, HttpCase):
    def test_give_do_look(self):
        self.start_tour("/odoo/sales-assignments", "sales_dept_assignment_give", login="director_test")
        activity = self.env["mail.activity"].search([("summary", "=", "Call Hengtai about the drawing")])
        self.assertEqual(activity.user_id, self.manager1)
        self.start_tour("/odoo/sales-assignments", "sales_dept_assignment_do", login="manager1_test")
        self.assertFalse(activity.active)
        self.assertEqual(activity.feedback, "They agreed to the new drawing")
        self.start_tour("/odoo/sales-assignments", "sales_dept_assignment_look", login="director_test")

    def test_read_a_policy(self):
        policy = self.env["sales.policy"].create(
            {"name": "Credit terms", "number": "XS-07", "body": "<p>No shipment beyond the limit.</p>"}
        )
        policy.action_publish()
        self.start_tour("/odoo/sales-policies", "sales_dept_policy_read", login="manager1_test")
        self.assertEqual(policy.receipt_ids.user_id, self.manager1)

    def test_meeting(self):
        meeting = (
            self.env["calendar.event"]
            .with_user(self.director)
            .create(
                {
                    "name": "Weekly meeting",
                    "is_department_meeting": True,
                    "start": datetime(2026, 5, 11, 1),
                    "stop": datetime(2026, 5, 11, 2),
                    "partner_ids": [Command.set((self.director | self.assistant).partner_id.ids)],
                }
            )
        )
        self.start_tour(f"/odoo/sales-meetings/{meeting.id}", "sales_dept_meeting_decide", login="assistant_test")
        self.assertEqual(self.env["mail.activity"].search([("meeting_id", "=", meeting.id)]).user_id, self.engineering)
        ordinary = self.env["calendar.event"].with_user(self.assistant).create({"name": "Lunch"})
        self.start_tour(f"/odoo/sales-meetings/{ordinary.id}", "sales_dept_ordinary_event", login="assistant_test")
