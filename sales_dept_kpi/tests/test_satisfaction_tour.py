from odoo.tests import HttpCase, tagged

from .satisfaction_common import SatisfactionCommon


@tagged("post_install", "-at_install")
class TestSatisfactionTour(SatisfactionCommon, HttpCase):
    """From the mail to the answer, from the answer to the issue, in a browser."""

    def test_survey_to_issue(self):
        invited = self._invite()
        self.start_tour(invited.get_start_url(), "sales_dept_satisfaction_answer")
        self.env.invalidate_all()
        answer = self._as(self.manager1, invited)
        self.assertEqual((answer.state, answer.score, answer.issue_count), ("answered", 50, 1))
        self.start_tour("/odoo/satisfaction-surveys", "sales_dept_satisfaction_issue", login="manager1_test")
        issue = self.env["customer.issue"].search([("satisfaction_input_id", "=", invited.id)])
        self.assertEqual((issue.kind, issue.channel, issue.state), ("logistics", "survey", "solved"))
