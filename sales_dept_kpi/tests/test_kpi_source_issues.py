from datetime import datetime, timedelta
from random import Random

from odoo.tests import tagged

from .kpi_common import KpiCommon

DUE = datetime(2026, 3, 10, 9)
NOW = datetime(2026, 3, 20, 12)


@tagged("post_install", "-at_install")
class TestKpiSourceIssues(KpiCommon):
    """Issues answered by their deadline, of those due in the month; by the account manager of the issue."""

    def _issue(self, user, deadline, answered=None, state="in_progress", waiting_since=None):
        issue = self.env["customer.issue"].create(
            {
                "title": "Where are they?",
                "kind": "delivery",
                "partner_id": self.customer.id,
                "user_id": user.id,
                "cancel_reason": "None",
            }
        )
        issue._write_protected(
            {
                "response_deadline": deadline,
                "answered_at": answered,
                "state": state,
                "waiting_since": waiting_since,
            }
        )
        return issue

    def _of(self, user, now=NOW, day="2026-03-01"):
        return self._sums("issues", day, now).get(user, (0, 0, 0))

    def test_by_the_deadline_inclusively(self):
        self._issue(self.manager1, DUE, DUE)
        self._issue(self.manager1, DUE, DUE + timedelta(seconds=1))
        self._issue(self.manager1, DUE, DUE - timedelta(days=40), state="closed")
        self.assertEqual(self._of(self.manager1), (2, 3, 0))

    def test_open(self):
        self._issue(self.manager1, DUE)
        self._issue(self.manager1, NOW + timedelta(hours=1), state="new")
        self.assertEqual(self._of(self.manager1), (0, 1, 1), "Overdue is late, what is to come is not decided")

    def test_waiting_for_the_customer(self):
        self._issue(self.manager1, DUE, state="waiting", waiting_since=DUE - timedelta(hours=1))
        self.assertEqual(self._of(self.manager1), (0, 0, 1))
        self._issue(self.manager1, DUE, state="waiting", waiting_since=DUE + timedelta(hours=1))
        self.assertEqual(self._of(self.manager1), (0, 1, 1), "It was late before the customer was asked")

    def test_cancelled(self):
        self._issue(self.manager1, DUE, state="cancelled")
        self.assertEqual(self._of(self.manager1), (0, 0, 0))
        self._issue(self.manager1, DUE, DUE, state="cancelled")
        self.assertEqual(self._of(self.manager1), (1, 1, 0))

    def test_month_of_the_company(self):
        """B22: due on 31 March at 16:30 UTC is due in April in Shanghai."""
        self._issue(self.manager1, datetime(2026, 3, 31, 16, 30), DUE)
        self._issue(self.manager1, datetime(2026, 2, 28, 16, 0), DUE)
        self.assertEqual(self._of(self.manager1), (0, 1, 0))
        self.assertEqual(self._of(self.manager1, day="2026-04-01"), (1, 1, 0))

    def test_without_a_limit(self):
        self._issue(self.manager1, False, DUE)
        self.assertEqual(self._of(self.manager1), (0, 0, 0))

    def test_as_counted_one_by_one(self):
        random = Random(38)
        issues = self.env["customer.issue"]
        for _number in range(60):
            deadline = datetime(2026, 2, 20) + timedelta(minutes=random.randrange(60 * 24 * 50))
            answered = random.choice([None, deadline + timedelta(minutes=random.randint(-500, 500))])
            state = random.choice(["new", "in_progress", "waiting", "solved", "closed", "cancelled"])
            if state in ("solved", "closed"):
                answered = answered or deadline
            since = deadline + timedelta(minutes=random.randint(-90, 90)) if state == "waiting" else None
            issues |= self._issue(random.choice((self.manager1, self.manager2)), deadline, answered, state, since)
        for user in (self.manager1, self.manager2):
            self.assertEqual(self._of(user), self._counted(issues, user))

    def _counted(self, issues, user):
        """Numerator, denominator and pending of `user` in March 2026, one issue after the other."""
        sums = [0, 0, 0]
        for issue in issues.filtered(lambda issue: issue.user_id == user):
            day = self.company._local_day(issue.response_deadline)
            if (day.year, day.month) != (2026, 3):
                continue
            if issue.answered_at:
                sums[0] += issue.answered_at <= issue.response_deadline
                sums[1] += 1
            elif issue.state != "cancelled":
                # The verdict that the issue itself shows.
                if issue._standing_at(NOW) == "late":
                    sums[1] += 1
                else:
                    sums[2] += 1
        return tuple(sums)

    def test_kpi(self):
        issue = self._issue(self.manager1, DUE, DUE)
        result = self._result(self._compute("2026-03-01"), "issues", self.manager1)
        self.assertEqual(result.value, 100)
        self.assertEqual(result.evidence_ids.res_id, issue.id)
        duties = result.kpi_id.duty_ids
        self.assertIn(self.env.ref("sales_dept_roles.duty_customer_service_1"), duties)
