from markupsafe import Markup

from odoo import Command
from odoo.tests import tagged

from .right_matrix import RightMatrixCase

HEAD = """# Who may what with customer issues

Made by a test that tries all of it (`make rights` writes it, `make test` compares it):
`sales_dept_roles/tests/test_right_matrix_customer_issue.py`. The roles are those of `rights.md`. Record rules narrow
what is seen further: a salesperson's own customers, a department's own questions, one's own company, a customer's own
issues. What proves something (deadlines, what was said and when, the status) is written by nobody.
"""


@tagged("post_install", "-at_install")
class TestRightMatrixCustomerIssue(RightMatrixCase):
    """docs/rights-customer-issues.md says what each role may do; each cell of it is tried here."""

    addon = "sales_dept_roles"
    prefix = "customer.issue"
    page = "rights-customer-issues.md"
    head = HEAD

    def _issue(self, **vals):
        """An issue of the account manager's own customer, entered by a colleague."""
        values = {"title": "Scratched", "kind": "delivery", "partner_id": self.customer.id, **vals}
        return self.env["customer.issue"].with_user(self.asker).create({"user_id": self.owner.id, **values})

    def _solved(self):
        issue = self._issue()
        issue._say("solution", Markup("<p>Replaced</p>"), "call")
        return issue

    def _question(self):
        issue = self._issue(kind="quality")
        values = {
            "group_id": self.env.ref("sales_dept_roles.group_review_quality").id,
            "user_id": self.people["Quality"].id,
            "question": "Why?",
            "deadline": "2099-01-01",
        }
        return self.env["customer.issue.question"].with_user(self.asker)._ask(issue, values)

    def _service(self):
        values = {"issue_id": self._issue(kind="after_sales").id, "work_done": "Repaired"}
        service = self.env["customer.issue.service"].with_user(self.asker).create(values)
        service.part_ids = [Command.create({"product_id": self.product.id})]
        return service

    def _make_company_records(self):
        self._question()
        self._service()
        issue = self._issue()
        issue._say("question", Markup("<p>Which?</p>"), "call")
        self.env["customer.issue.limit"].create({"kind": "quality", "company_id": self.company.id})

    def _action_cases(self):
        yield "Enter", lambda: self.env["customer.issue"], self._enter
        yield "Change the subject", self._issue, lambda issue: issue.write({"title": "Broken"})
        yield "Answer the customer", self._issue, lambda issue: self._reply(issue, "answer")
        yield "Ask the customer", self._issue, lambda issue: self._reply(issue, "question")
        yield "Ask a department", self._issue, self._ask
        yield "Solve", self._issue, lambda issue: self._reply(issue, "solution")
        yield "Close", self._solved, lambda issue: issue.action_close()
        yield "Reopen", self._solved, lambda issue: issue.action_reopen()
        yield (
            "It is none",
            lambda: self._issue(cancel_reason="Entered twice"),
            lambda issue: issue.action_cancel(),
        )
        yield "See an issue of which quality was asked", self._question, lambda one: one.issue_id.read(["title"])
        yield "Answer a question to quality", self._question, self._answer
        yield "Take a question back", self._question, lambda question: question.action_cancel()
        yield (
            "Write a step of the 8D report of which quality was asked",
            self._question,
            lambda question: question.issue_id.step_ids[0].write({"text": "Found"}),
        )
        yield "Write a service record", self._service, lambda service: service.write({"work_done": "Replaced"})
        yield "Export the register", self._issue, lambda issue: issue._register_records(issue.ids)

    def _enter(self, issues):
        return issues.create({"title": "Scratched", "partner_id": self.customer.id, "user_id": self.owner.id})

    def _reply(self, issue, kind):
        values = {"issue_id": issue.id, "kind": kind, "by": "call", "text": "<p>It leaves tomorrow</p>"}
        issue.env["customer.issue.reply"].create(values).action_send()

    def _ask(self, issue):
        values = {
            "issue_id": issue.id,
            "group_id": self.env.ref("sales_dept_roles.group_review_quality").id,
            "user_id": self.people["Quality"].id,
            "question": "Why?",
        }
        issue.env["customer.issue.ask"].create(values).action_ask()

    def _answer(self, question):
        question.answer = "Passed"
        question.action_answer()
