from odoo.tests import tagged

from odoo.addons.sales_dept_roles.tests.right_matrix import RightMatrixCase

HEAD = """# Who may what with satisfaction surveys

Made by a test that tries all of it (`make rights` writes it, `make test` compares it):
`sales_dept_kpi/tests/test_right_matrix_satisfaction.py`. A role is a group; one person may hold several. Record rules
narrow what is seen further: an account manager sees what counts for them and what their customers answered. Odoo's
surveys themselves (questions, links) stay with those who hold Odoo's own survey rights.
"""


@tagged("post_install", "-at_install")
class TestRightMatrixSatisfaction(RightMatrixCase):
    """docs/rights-satisfaction.md says what each role may do; each cell of it is tried here."""

    addon = "sales_dept_kpi"
    prefix = "sales.satisfaction"
    page = "rights-satisfaction.md"
    head = HEAD

    def _survey(self, answered=False, owner=None):
        """A survey that counts for the account manager."""
        owner = owner or self.owner
        self.customer.user_id = owner
        invited = self.env["survey.user_input"]._satisfaction_invite(
            self.company, [{"contact": self.customer, "customer": self.customer}]
        )
        if answered:
            question = self.env.ref("sales_dept_kpi.survey_satisfaction_quality")
            invited._save_lines(question, "2")
            invited._mark_done()
        return self.env["sales.satisfaction.answer"].browse(invited.ids)

    def _make_company_records(self):
        self._survey(answered=True)

    def _others(self, **values):
        return self._survey(owner=self.asker, **values)

    def _send(self, answers):
        partner = self.env["res.partner"].browse(answers.env.context["customer"])
        dialog = answers.env["sales.satisfaction.send"].with_context(active_model="res.partner", active_ids=partner.ids)
        dialog.create({}).action_send()

    def _customer_of(self, user):
        customer = self.env["res.partner"].create({"name": "N", "email": "n@example.com", "user_id": user.id})
        return self.env["sales.satisfaction.answer"].with_context(customer=customer.id)

    def _enter(self, answer):
        dialog = answer.env["sales.satisfaction.enter"].with_context(default_answer_id=answer.id).create({})
        dialog.line_ids.filtered("hint")[:1].value = "4"
        dialog.action_enter()

    def _action_cases(self):
        yield (
            "Surveys: read the account manager's",
            lambda: self._survey(answered=True),
            lambda answer: answer.read(["score", "remarks", "score_ids"]),
        )
        yield (
            "Surveys: read a colleague's",
            lambda: self._others(answered=True),
            lambda answer: answer.read(["score", "remarks", "score_ids"]),
        )
        yield (
            "Scores: read the account manager's",
            lambda: self._survey(answered=True).score_ids,
            lambda scores: scores.read(["score"]),
        )
        yield "Surveys: ask the account manager's customer", lambda: self._customer_of(self.owner), self._send
        yield "Surveys: ask a colleague's customer", lambda: self._customer_of(self.asker), self._send
        yield "Surveys: enter a paper answer of the account manager's customer", self._survey, self._enter
        yield "Surveys: enter a paper answer of a colleague's customer", self._others, self._enter
        yield (
            "Surveys: download as XLSX",
            lambda: self._survey(answered=True),
            lambda answer: answer._register_records(answer.ids).check_access("read"),
        )
