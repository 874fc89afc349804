from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .right_matrix import RightMatrixCase

HEAD = """# Who may what with visits and the contact plan

Made by a test that tries all of it (`make rights` writes it, `make test` compares it):
`sales_dept_roles/tests/test_right_matrix_visit.py`. A role is a group; one person may hold several. A visit is an event
of the calendar: who reads it is what its privacy says. Account managers find their own customers in the contact plan,
and those of nobody.
"""
NOON = "2031-03-10 12:00:00"


@tagged("post_install", "-at_install")
class TestRightMatrix(RightMatrixCase):
    """docs/rights-visits.md says what each role may do; each cell of it is tried here."""

    addon = "sales_dept_roles"
    prefix = ("sales.contact", "sales.visit")
    page = "rights-visits.md"
    head = HEAD

    def _make_company_records(self):
        contact_class = self.env["sales.contact.class"].create({"name": "Theirs", "company_id": self.company.id})
        self.env["res.partner"].create(
            {
                "name": "Theirs",
                "is_company": True,
                "company_id": self.company.id,
                "contact_class_id": contact_class.id,
            }
        )

    def _visit(self, privacy=False, reported=False):
        visit = (
            self.env["calendar.event"]
            .with_user(self.owner)
            .create(
                {
                    "name": "Visit",
                    "start": datetime(2031, 3, 10, 11),
                    "stop": datetime(2031, 3, 10, 13),
                    "user_id": self.owner.id,
                    "privacy": privacy,
                    "visit_purpose": "relationship",
                    "visit_partner_id": self.customer.id,
                    "visit_result": "neutral",
                    "visit_outcome": "All is well",
                }
            )
        )
        if reported:
            with freeze_time(NOON):
                visit.action_visit_done()
        self.env.flush_all()
        self.env.invalidate_all()
        return visit

    def _row(self):
        self.customer.write({"user_id": self.owner.id, "customer_rank": 1})
        self.env.flush_all()
        return self.env["sales.contact.due"].browse(self.customer.id)

    def _action_cases(self):
        def at_noon(act):
            def acting(record):
                with freeze_time(NOON):
                    act(record)

            return acting

        def found(domain):
            def acting(visit):
                if not visit.search([("id", "=", visit.id), *domain]):
                    raise AccessError(str(domain))

            return acting

        yield "Visit: check in", self._visit, at_noon(lambda visit: visit.action_visit_check_in())
        yield "Visit: write the outcome", self._visit, lambda visit: visit.write({"visit_outcome": "Well"})
        yield "Visit: report", self._visit, at_noon(lambda visit: visit.action_visit_done())
        yield "Visit: move", self._visit, lambda visit: visit.write({"stop": datetime(2031, 3, 10, 14)})
        yield "Visit: cancel", self._visit, lambda visit: visit.action_visit_cancel()
        yield "Visit: find by its outcome", self._visit, found([("visit_outcome", "ilike", "well")])
        yield (
            "Private visit: find by its outcome",
            lambda: self._visit("private"),
            found([("visit_outcome", "ilike", "well")]),
        )
        yield "Visit: read where the check-in was", self._visit, lambda visit: visit.read(["visit_latitude"])
        yield (
            "Reported visit: add to the outcome",
            lambda: self._visit(reported=True),
            lambda visit: visit.write({"visit_outcome": "Well"}),
        )
        yield "Visit: follow-up", self._visit, lambda visit: self._follow_up(visit)
        yield "Contact plan: read the account manager's row", self._row, lambda row: row.read(["state"])
        yield "Contact plan: log a call", self._row, at_noon(self._log_call)
        yield (
            "Customer: choose the contact class",
            lambda: self._row().partner_id,
            lambda customer: customer.write({"contact_class_id": self.env.ref("sales_dept_roles.contact_class_a").id}),
        )
        yield (
            "Contact class: change how often",
            lambda: self.env.ref("sales_dept_roles.contact_class_a"),
            lambda contact_class: contact_class.write({"interval_number": 2}),
        )

    def _follow_up(self, visit):
        visit.env["sales.assignment.give"].with_context(**visit.action_meeting_follow_up()["context"]).create(
            {
                "kind": "follow_up",
                "name": "Send a sample",
                "user_ids": self.people["Engineering"].ids,
                "date_deadline": "2099-01-01",
            }
        ).action_give()

    def _log_call(self, row):
        action = row.action_log_call()
        row.env[action["res_model"]].with_context(**action["context"]).create(
            {"visit_result": "neutral", "visit_outcome": "All is well"}
        ).action_plan()
