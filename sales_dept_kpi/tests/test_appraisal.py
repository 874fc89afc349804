from datetime import date
from io import BytesIO
from unittest.mock import patch

from freezegun import freeze_time
from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..models.appraisal.sales_appraisal import SalesAppraisal
from .report_common import ReportCommon

JULY, AUGUST, SEPTEMBER, OCTOBER = (date(2026, month, 1) for month in (7, 8, 9, 10))


class AppraisalCommon(ReportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Appraisal = cls.env["sales.appraisal"]
        cls.company.write({"sales_dept_appraisal_kpi_weight": 70, "sales_dept_appraisal_rating_weight": 30})
        cls.env["sales.appraisal.criterion"].search([]).active = False
        cls.criteria = cls.env["sales.appraisal.criterion"].create(
            [{"name": name, "weight": weight, "company_id": False} for name, weight in (("Tasks", 3), ("Care", 1))]
        )

    @classmethod
    def _appraise(cls, users=None, kind="quarter", day=AUGUST):
        users = users or cls.manager1
        appraisals = cls.Appraisal._make(cls.company, kind, day, users)
        return appraisals.sorted(lambda appraisal: users.ids.index(appraisal.user_id.id))

    @classmethod
    def _rate(cls, appraisal, *ratings, **vals):
        """Rate as who rates it, and return it in their name."""
        own = appraisal.with_user(cls.gm if appraisal.rater == "general_manager" else cls.director)
        for line, rating in zip(own.rating_ids, ratings or (80, 60), strict=True):
            line.rating = rating
        own.write(vals)
        return own

    @classmethod
    def _approved(cls, appraisal, **vals):
        own = cls._rate(appraisal, **vals)
        own.action_approval_submit()
        own.with_user(cls.gm).action_approval_approve("Fine")
        return own

    @classmethod
    def _released(cls, appraisal, **vals):
        own = cls._approved(appraisal, **vals)
        own.action_release()
        return own


@tagged("post_install", "-at_install")
@freeze_time("2026-10-02 04:00:00")
class TestAppraisal(AppraisalCommon):
    """What somebody gets for a period: the score, who decides on it, and when it stays as it is."""

    # === THE SCORE === #

    def test_locked_months_only(self):
        self._measured(self.manager1, 90, 100, day=JULY)
        self._measured(self.manager1, 30, 100, day=AUGUST)
        self._measured(self.manager1, 0, 100, day=SEPTEMBER, locked=False)
        self._measured(self.manager1, 0, 100, day=OCTOBER)
        self._measured(self.manager2, 0, 100, day=JULY)
        appraisal = self._appraise()
        figure = appraisal.figure_ids
        self.assertEqual((figure.numerator, figure.denominator, figure.value), (120, 200, 60))
        self.assertEqual((figure.threshold, figure.points, figure.month_count), (90, 66.67, 2))
        self.assertEqual((figure.value_text, figure.threshold_text), ("60.0 %", "90.0 %"))
        self.assertEqual((appraisal.locked_count, appraisal.month_count), (2, 3), "September is open")
        self.assertEqual(appraisal.kpi_score, 66.67)

    def test_score(self):
        """KPIs by their weights, ratings by theirs, and both by the company's."""
        total = self._create_kpi("New customers", "total")
        self._measured(self.manager1, 81, 90, day=JULY, weight=3)
        self._measured(self.manager1, 6, 0, day=JULY, kpi=total, threshold=2, weight=1)
        self._measured(self.manager1, 0, 0, day=JULY, kpi=self._create_kpi("Nothing due"), weight=50)
        appraisal = self._appraise(kind="month", day=JULY)
        self.assertEqual(appraisal.figure_ids.mapped("points"), [100, 120, 0])
        self.assertEqual(appraisal.kpi_score, 105, "(3 × 100 + 1 × 120) / 4; what has no verdict is left out")
        self.assertEqual((appraisal.score, appraisal.has_rating_score), (105, False), "not rated yet")
        self._rate(appraisal, 80, 60)
        self.assertEqual(appraisal.rating_score, 75, "(3 × 80 + 1 × 60) / 4")
        self.assertEqual(appraisal.score, 96, "0.7 × 105 + 0.3 × 75")

    def test_without_results_the_rating_counts(self):
        appraisal = self._appraise()
        self.assertFalse(appraisal.has_score)
        self._rate(appraisal, 80, 60)
        self.assertEqual((appraisal.score, appraisal.has_kpi_score), (75, False))

    def test_means(self):
        """The mean score of several leaves out who has none."""
        self._measured(self.manager1, 90, 100, day=JULY)
        one, other = self._appraise(self.manager1 | self.manager2)
        self.assertEqual(self.Appraisal._read_group([], [], ["kpi_score:avg", "rating_score:avg"]), [(100, False)])
        self._rate(other, 80, 60)
        self.assertEqual(self.Appraisal._read_group([], [], ["rating_score:avg", "score:avg"]), [(75, 87.5)])
        self.assertEqual(one.kpi_score, 100)

    def test_left_out(self):
        """A criterion that does not apply is left out, one rated with nothing counts as nothing."""
        appraisal = self._rate(self._appraise(), 80, 0)
        with self.assertRefused("rate “Care”, or say that it is left out"):
            appraisal.action_approval_submit()
        tasks, care = appraisal.rating_ids
        self.assertEqual(appraisal.score, 80)
        care.is_rated = True
        self.assertEqual(appraisal.score, 60)
        care.write({"is_rated": False, "is_left_out": True})
        self.assertEqual(appraisal.score, 80)
        with self.assertRefused("either rated or left out"):
            care.rating = 10
        self.assertEqual(tasks.rating, 80)

    def test_rules_of_the_day_it_was_made(self):
        """Weights, cap and criteria stay those with which it was made."""
        appraisal = self._appraise()
        self.company.write({"sales_dept_appraisal_kpi_weight": 1, "sales_dept_appraisal_cap": 100})
        self.criteria[0].write({"name": "Else", "weight": 99})
        self.assertEqual((appraisal.kpi_weight, appraisal.cap), (70, 120))
        self.assertEqual((appraisal.rating_ids[0].name, appraisal.rating_ids[0].weight), ("Tasks", 3))

    def test_figures_taken_again(self):
        appraisal = self._appraise()
        self.assertFalse(appraisal.figure_ids)
        self._measured(self.manager1, 90, 100, day=JULY)
        appraisal.with_user(self.director).action_take_figures()
        self.assertEqual((appraisal.kpi_score, appraisal.locked_count), (100, 3))
        for user in (self.manager1, self.gm):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                appraisal.with_user(user).action_take_figures()

    def test_ranks(self):
        one, other, third = self._appraise(self.manager1 | self.manager2 | self.assistant)
        self.assertEqual((one.rank, one.rank_count), (0, 0))
        self._rate(one, 80, 60)
        self._rate(other, 100, 60)
        self._rate(third, 80, 60)
        self.assertEqual([(a.rank, a.rank_count) for a in (one, other, third)], [(2, 3), (1, 3), (2, 3)])
        self.assertEqual(one.rank_text, "2 of 3")
        one.with_user(self.director).action_approval_submit()
        self._rate(third, 100, 100)
        self.assertEqual([a.rank for a in (one, other, third)], [2, 2, 1], "one that was submitted keeps its rank")
        self.assertEqual(one.approval_state, "pending")
        self._rate(self._appraise(self.manager2, kind="month", day=AUGUST), 1, 1)
        self.assertEqual(other.rank_count, 3, "of the same period only")

    # === ITS COURSE === #

    def test_course(self):
        appraisal = self._rate(self._appraise(), 80, 60, reward_amount=500)
        with self.assertRefused("proposes a reward: say what for"):
            appraisal.action_approval_submit()
        appraisal.reward_reason = "Three new customers"
        with self.assertRefused("not approved yet"):
            appraisal.action_release()
        appraisal.action_approval_submit()
        self.assertEqual(appraisal.state, "waiting")
        self.assertEqual(appraisal.approval_ids.waiting_for, "General Manager")
        with self.assertRaises(AccessError):
            appraisal.action_approval_approve()
        appraisal.with_user(self.gm).action_approval_approve()
        self.assertEqual((appraisal.state, appraisal.approver_id), ("approved", self.gm))
        appraisal.action_release()
        self.assertEqual(appraisal.state, "released")

    def test_refused_and_mended(self):
        appraisal = self._rate(self._appraise())
        appraisal.action_approval_submit()
        appraisal.with_user(self.gm).action_approval_reject("Too much")
        self.assertEqual(appraisal.state, "refused")
        self._rate(appraisal, 60, 60)
        appraisal.action_approval_submit()
        self.assertEqual(appraisal.state, "waiting")

    def test_what_was_submitted_stays(self):
        self._measured(self.manager1, 90, 100, day=JULY)
        appraisal = self._rate(self._appraise())
        appraisal.action_approval_submit()
        for stage in ("waiting", "approved", "released"):
            for change in (
                lambda: appraisal.write({"reward_amount": 9000}),
                lambda: appraisal.write({"assessment": "Else"}),
                lambda: appraisal.write({"rating_ids": [Command.update(appraisal.rating_ids[0].id, {"rating": 1})]}),
                lambda: appraisal.rating_ids[0].write({"rating": 1}),
                lambda: appraisal.rating_ids[0].write({"remark": "Else"}),
                lambda: appraisal.action_take_figures(),
                lambda: appraisal.unlink(),
            ):
                with self.subTest(stage=stage), self.assertRefused("was submitted: it stays as it is"):
                    change()
            if stage == "waiting":
                appraisal.with_user(self.gm).action_approval_approve()
            else:
                self.assertEqual(appraisal.state, stage)
                stage == "approved" and appraisal.action_release()
        for vals in ({"score": 1}, {"rank": 1}, {"state": "draft"}, {"user_id": self.manager2.id}, {"comment": "Good"}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                appraisal.write(vals)
        self.kpi.name = "Renamed"
        self.assertEqual(appraisal.figure_ids.name, "Calls answered")
        with patch.object(SalesAppraisal, "_check_open", lambda appraisal: None):
            appraisal.write({"reward_amount": 9000})
        self.assertEqual(appraisal.approval_state, "stale", "without the rule it would have changed")

    def test_director_is_rated_by_the_general_manager(self):
        appraisal = self._appraise(self.director)
        self.assertEqual(appraisal.rater, "general_manager")
        with self.assertRaises(AccessError):
            appraisal.with_user(self.director).read(["score"])
        own = self._rate(appraisal)
        own.action_settle()
        self.assertEqual((own.state, own.approver_id), ("approved", self.gm))
        own.action_release()
        self.assertEqual(appraisal.with_user(self.director).score, 75)
        with self.assertRaises(AccessError):
            appraisal.with_user(self.director).check_access("write")

    def test_general_manager_does_not_settle_for_the_director(self):
        appraisal = self._rate(self._appraise())
        with self.assertRefused("is submitted to the general manager"):
            appraisal.action_settle()
        with self.assertRaises(AccessError):
            appraisal.with_user(self.gm).action_settle()

    def test_comment(self):
        appraisal = self._approved(self._appraise())
        own = appraisal.with_user(self.manager1)
        with self.assertRaises(AccessError):
            own._comment("I disagree")
        appraisal.action_release()
        action = own.action_open_comment()
        wizard = self.env["sales.appraisal.comment"].with_user(self.manager1).with_context(**action["context"])
        wizard.create({"comment": " I disagree "}).action_comment()
        self.assertEqual(own.comment, "I disagree")
        with self.assertRefused("commented this appraisal already"):
            own._comment("Still")
        for user in (self.director, self.gm):
            self.assertEqual(appraisal.with_user(user).comment, "I disagree")
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                appraisal.with_user(user)._comment("Mine")

    # === MAKING === #

    def test_by_hand(self):
        wizard = self.env["sales.appraisal.make"]
        with Form(wizard.with_user(self.director)) as form:
            form.kind = "quarter"
        made = form.record
        self.assertEqual(made.user_ids, self.manager1 | self.manager2 | self.assistant, "not those above")
        appraisals = self.Appraisal.search(made.action_make()["domain"])
        self.assertEqual(set(appraisals.mapped("date_from")), {JULY})
        with self.assertRefused("have an appraisal for that period already"):
            made.action_make()
        for user in (self.director, self.gm):
            made.user_ids = user
            with self.subTest(user=user.login), self.assertRefused("is not appraised by you", AccessError):
                made.action_make()
        theirs = wizard.with_user(self.gm).create({"kind": "quarter"})
        self.assertEqual(theirs.user_ids, self.director)
        theirs.action_make()
        with self.assertRaises(AccessError):
            wizard.with_user(self.manager1).create({"kind": "quarter"})

    def test_query_count(self):
        people = self.env["res.users"].union(
            *(self._create_role_user(f"rated{number}_test", "group_account_manager") for number in range(12))
        )
        for user in people:
            self._measured(user, 90, 100, day=JULY)
        counts = []
        for users in (people[:4], people[4:12]):
            appraisals = self._appraise(users)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            appraisals._take_figures()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLess(counts[1] - counts[0], 12)

    # === PAPERS === #

    def test_paper(self):
        self._measured(self.manager1, 90, 100, day=JULY)
        appraisal = self._released(self._appraise(), reward_amount=500, reward_reason="Three new customers")
        name = "sales_dept_kpi.report_appraisal"
        html = self.env["ir.actions.report"].with_user(self.manager1)._render_qweb_html(name, appraisal.ids)[0].decode()
        for text in ("Calls answered", "Tasks", "Three new customers", "gm_test"):
            self.assertIn(text, html)
        self.assertNotIn("Fine", html, "what was said when it was decided")

    def test_register(self):
        self._rate(self._appraise())
        # A register forgets what it has written, and so it is asked in a request of its own.
        self.env.flush_all()
        register = self.Appraisal.with_user(self.director)
        sheet = load_workbook(BytesIO(register._register_records([])._register_file().read())).active
        self.assertIn(75, [cell for row in sheet.iter_rows(values_only=True) for cell in row])
        with self.assertRaises(UserError):
            self.Appraisal.with_user(self.manager2)._register_records([])
