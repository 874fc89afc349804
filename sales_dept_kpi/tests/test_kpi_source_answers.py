from datetime import date, datetime
from random import Random

from odoo.tests import freeze_time, tagged

from .kpi_common import KpiCommon

DUE = date(2026, 3, 10)
NOW = datetime(2026, 3, 20, 12)
SEED = 41


@tagged("post_install", "-at_install")
class TestKpiSourceAnswers(KpiCommon):
    """What departments are asked about issues, answered by its day: one KPI for each department."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.quality = cls._create_role_user("quality_kpi", "group_review_quality")
        cls.engineering = cls._create_role_user("engineering_kpi", "group_review_engineering")
        cls.issue = cls.env["customer.issue"].create(
            {"title": "Scratched", "kind": "quality", "partner_id": cls.customer.id, "user_id": cls.manager1.id}
        )

    def _question(self, deadline=DUE, answered=None, state=None, user=None, role="quality"):
        question = self.env["customer.issue.question"].create(
            {
                "issue_id": self.issue.id,
                "group_id": self.env.ref(f"sales_dept_roles.group_review_{role}").id,
                "user_id": (user or self.quality).id,
                "question": "Why?",
                "deadline": deadline,
            }
        )
        question._write_protected({"answered_at": answered, "state": state or ("answered" if answered else "open")})
        return question

    def _of(self, code="answers_quality", user=None, now=NOW, day="2026-03-01"):
        return self._sums(code, day, now).get(user or self.quality, (0, 0, 0))

    def test_by_the_end_of_the_day_at_the_company(self):
        """In Shanghai 15:59 UTC is still the 10th, 16:00 is the 11th."""
        in_time = self._question(answered=datetime(2026, 3, 10, 15, 59))
        late = self._question(answered=datetime(2026, 3, 10, 16, 0))
        self.assertEqual((in_time.is_on_time, late.is_on_time), (True, False))
        self.assertEqual(self._of(), (1, 2, 0))

    def test_open(self):
        self._question()
        self._question(deadline=date(2026, 3, 20))
        self._question(deadline=date(2026, 3, 25))
        self.assertEqual(self._of(), (0, 1, 2), "overdue is late; what is due today or later is not decided")

    def test_taken_back(self):
        self._question(state="cancelled")
        self.assertEqual(self._of(), (0, 0, 0))

    def test_each_department_has_its_own(self):
        self._question(answered=datetime(2026, 3, 9))
        self._question(user=self.engineering, role="engineering")
        self.assertEqual(self._of(), (1, 1, 0))
        self.assertEqual(self._of("answers_engineering", self.engineering), (0, 1, 0))
        self.assertEqual(self._of("answers_engineering"), (0, 0, 0))

    def test_month_of_the_deadline(self):
        self._question(deadline=date(2026, 3, 31), answered=datetime(2026, 4, 2))
        self._question(deadline=date(2026, 4, 1), answered=datetime(2026, 3, 2))
        self.assertEqual(self._of(now=datetime(2026, 5, 1)), (0, 1, 0))
        self.assertEqual(self._of(now=datetime(2026, 5, 1), day="2026-04-01"), (1, 1, 0))

    def test_figure_of_the_department(self):
        """It comes archived; taken out, its total is the department's, and opens to the questions."""
        kpi = self.env["sales.kpi"].with_context(active_test=False).search([("source", "=", "answers_quality")])
        self.assertFalse(kpi.active)
        self.assertEqual(kpi.name, "Answers on Time: Quality")
        kpi.active = True
        colleague = self._create_role_user("quality_kpi_2", "group_review_quality")
        self._question(answered=datetime(2026, 3, 9))
        asked = self._question(user=colleague)
        month = self._compute("2026-03-01")
        total = month.total_ids.filtered(lambda total: total.kpi_id == kpi)
        self.assertEqual((total.numerator, total.denominator, total.value), (1, 2, 50))
        result = self._result(month, "answers_quality", colleague)
        self.assertEqual(result.evidence_ids.name, self.issue.name)
        action = result.evidence_ids.action_open_document()
        self.assertEqual((action["res_model"], action["res_id"]), ("customer.issue.question", asked.id))

    def test_real_answers(self):
        """As people ask and answer with the buttons."""
        with freeze_time("2026-03-10 02:00:00"):
            question = self._question()
            question.with_user(self.quality).answer = "The tool was worn."
            question.with_user(self.quality).action_answer()
        self.assertTrue(question.is_on_time)
        self.assertEqual(self._of(), (1, 1, 0))

    def test_as_counted_one_by_one(self):
        random = Random(SEED)
        today = self.company._local_day(NOW)
        sums = [0, 0, 0]
        for _number in range(40):
            deadline = date.fromordinal(DUE.toordinal() + random.randint(-15, 30))
            state = random.choice(["open", "answered", "cancelled"])
            minute = random.randrange(60 * 24 * 3)
            answered = datetime.fromordinal(deadline.toordinal() - 1)
            answered = answered.replace(hour=minute // 60 % 24, minute=minute % 60) if state == "answered" else None
            self._question(deadline, answered, state)
            if (deadline.year, deadline.month) != (2026, 3) or state == "cancelled":
                continue
            if state == "answered":
                sums[0] += self.company._local_day(answered) <= deadline
                sums[1] += 1
            else:
                sums[1 if deadline < today else 2] += 1
        self.assertEqual(self._of(), tuple(sums))
