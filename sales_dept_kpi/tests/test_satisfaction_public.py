from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .satisfaction_common import SatisfactionCommon


@tagged("post_install", "-at_install")
class TestSatisfactionPublic(SatisfactionCommon, HttpCase):
    """What customers reach with the links of their mail, and what they do not."""

    def _stop_url(self, invited):
        return invited._satisfaction_stop_url().replace(invited.get_base_url(), "")

    def test_stop(self):
        invited = self._invite()
        page = self.url_open(self._stop_url(invited))
        self.assertEqual(page.status_code, 200)
        # Programs that look into mail open all links: nothing has changed yet.
        self.assertFalse(self.buyer.sales_dept_survey_opt_out)
        token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
        confirmed = self.url_open(self._stop_url(invited) + "/confirm", {"csrf_token": token})
        self.assertIn("You will not be asked any more", confirmed.text)
        self.buyer.invalidate_recordset()
        self.assertTrue(self.buyer.sales_dept_survey_opt_out)
        self.assertFalse((self.customer | self.inspector).filtered("sales_dept_survey_opt_out"))
        self.assertIn("by the link", " ".join(self.buyer.message_ids.mapped("body")))

    def test_stop_with_wrong_token(self):
        stranger = self.survey._create_answer(partner=self.buyer, check_attempts=False)
        for token in ("nothing", stranger.access_token):
            self.assertEqual(self.url_open(f"/satisfaction/stop/{token}").status_code, 404)
        self.assertFalse(self.buyer.sales_dept_survey_opt_out)

    def _submit(self, invited, *values):
        answers = {
            str(self._question(subject).id): str(value)
            for subject, value in zip(("quotation", "technical"), values, strict=False)
        }
        return self.make_jsonrpc_request(
            f"/survey/submit/{self.survey.access_token}/{invited.access_token}",
            {"page_id": "", **answers},
        )

    def test_answered_once(self):
        """One answer for an invitation: neither another page of it, nor a second try."""
        invited = self._invite()
        self.url_open(f"/survey/start/{self.survey.access_token}?answer_token={invited.access_token}")
        self.make_jsonrpc_request(f"/survey/begin/{self.survey.access_token}/{invited.access_token}", {})
        self._submit(invited, 2, 3)
        answer = self.Answer.browse(invited.ids)
        answer.invalidate_recordset()
        self.assertEqual((answer.state, answer.score), ("answered", 37.5))
        _html, error = self._submit(invited, 5, 5)
        self.assertEqual(error, {"error": "unauthorized"})
        self.url_open(f"/survey/retry/{self.survey.access_token}/{invited.access_token}")
        self.assertEqual(self.Answer.search_count([("partner_id", "=", self.customer.id)]), 1)
        self.assertEqual(self.Input.search_count([("survey_id", "=", self.survey.id)]), 1)
        answer.invalidate_recordset()
        self.assertEqual(answer.score, 37.5)

    def test_expired(self):
        invited = self._invite()
        invited.deadline = fields.Datetime.now() - timedelta(days=1)
        page = self.url_open(f"/survey/start/{self.survey.access_token}?answer_token={invited.access_token}")
        self.assertIn("expired", page.text.lower())
        _html, error = self._submit(invited, 5, 5)
        self.assertEqual(error, {"error": "answer_deadline"})
        self.assertFalse(invited.user_input_line_ids)

    def test_no_token(self):
        """The survey's own address without an invitation, and another survey's invitation, lead nowhere."""
        before = self.Input.search_count([])
        self.url_open(f"/survey/start/{self.survey.access_token}")
        self.assertEqual(self.Input.search_count([]), before)
