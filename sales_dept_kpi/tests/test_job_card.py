from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.sales_dept_kpi.models.job_card.sales_kpi_source import DUTIES

from .dashboard_common import DashboardCommon


@tagged("post_install", "-at_install")
class TestJobCard(DashboardCommon):
    """A duty shows the figures that prove it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.duty = cls.env.ref("sales_dept_roles.duty_manager_3_2_5")
        cls.duty.kpi_ids = cls.kpi
        cls.reviews_duty = cls.env.ref("sales_dept_roles.duty_assistant_3_3_4")

    def _figures(self, user, duty=None, **context):
        return (duty or self.duty).with_user(user).with_context(**context).figures

    # === WHOSE FIGURE === #

    def test_ones_own_figure(self):
        [figure] = self._figures(self.manager1)
        self.assertEqual((figure["text"], figure["verdict"], figure["threshold"]), ("75.0 %", "missed", "≥ 90 %"))
        self.assertFalse(figure["is_department"])
        result = self.env["sales.kpi.result"].browse(figure["id"])
        self.assertEqual((result.user_id, result.date), (self.manager1, self.this))
        [theirs] = self._figures(self.manager2)
        self.assertEqual((theirs["text"], theirs["verdict"]), ("100.0 %", "met"))

    def test_the_departments_figure_where_the_post_answers_for_it(self):
        [figure] = self._figures(self.assistant, self.reviews_duty)
        self.assertEqual((figure["text"], figure["is_department"]), ("80.0 %", True))
        total = self.env[figure["model"]].with_user(self.assistant).browse(figure["id"])
        evidence = self.env["sales.kpi.evidence"].with_user(self.assistant)
        self.assertEqual(evidence.search_count(total.action_open_evidence()["domain"]), 5)
        # Taken away, nothing of the assistant's own counts.
        self.kpi.department_role_ids = False
        [figure] = self._figures(self.assistant, self.reviews_duty)
        self.assertEqual((figure["text"], figure["id"], figure["is_department"]), (False, False, False))

    def test_a_leader_without_figures_sees_the_departments(self):
        duty = self.env.ref("sales_dept_roles.duty_director_3_1_9")
        duty.kpi_ids = self.kpi
        self.kpi.department_role_ids = False
        [figure] = self._figures(self.director, duty)
        self.assertTrue(figure["is_department"])
        self._reviews(self.director, self.this, on_time=1)
        self._compute(str(self.this))
        [figure] = self._figures(self.director, duty)
        self.assertEqual((figure["text"], figure["is_department"]), ("100.0 %", False))

    def test_a_duty_of_another_post_shows_none(self):
        self.assertFalse(self._figures(self.assistant))
        self.assertFalse(self._figures(self.manager1, self.reviews_duty))

    def test_nothing_is_shown_before_something_is_computed(self):
        self.duty.kpi_ids = self.env["sales.kpi"].create(
            {
                "name": "Opportunities",
                "measure": "total",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "date_field_id": self.env["ir.model.fields"]._get("crm.lead", "create_date").id,
                "person_field_id": self.env["ir.model.fields"]._get("crm.lead", "user_id").id,
            }
        )
        self.assertFalse(self._figures(self.manager1))

    def test_a_month_without_documents_is_not_nought(self):
        self.env["sale.order.review"].search([("user_id", "=", self.manager1.id)])._write_protected(
            {"state": "superseded"}
        )
        self._compute(str(self.this))
        [figure] = self._figures(self.manager1)
        self.assertEqual((figure["text"], figure["verdict"], figure["next_step"]), (False, "none", False))

    # === TREND === #

    def test_trend_of_six_months(self):
        [figure] = self._figures(self.manager1)
        self.assertEqual([point["value"] for point in figure["trend"]], [None] * 4 + [50, 75])
        self.assertEqual([point["verdict"] for point in figure["trend"][-2:]], ["missed", "missed"])
        [theirs] = self._figures(self.manager2)
        self.assertEqual([point["value"] for point in theirs["trend"]], [None] * 5 + [100])

    def test_trend_on_figures(self):
        result = self._result(self._month_of(self.last), "order_review", self.manager1)
        self.assertEqual([point["value"] for point in result.trend], [None] * 5 + [50])
        both = result | self._result(self._month_of(self.this), "order_review", self.manager2)
        self.assertEqual([figure.trend[-1]["value"] for figure in both], [50, 100])

    def test_months_are_named_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        [figure] = self._figures(self.manager1, lang="zh_CN")
        self.assertEqual(figure["trend"][-1]["month"], f"{self.this.year}年{self.this.month}月")

    # === SOMEBODY ELSE'S CARD === #

    def test_the_director_sees_a_persons_card(self):
        action = self.env["sales.dept.duty"].with_user(self.director).action_open_job_card(self.manager1.id)
        duties = self.env["sales.dept.duty"].with_user(self.director).with_context(**action["context"])
        self.assertIn(self.duty, duties.search(action["domain"]))
        duty = duties.browse(self.duty.id)
        self.assertEqual(duty.figures[0]["text"], "75.0 %")
        # What waits for the director is not what waits for them.
        self.assertFalse(duty.work)
        self.assertTrue(self.duty.with_user(self.manager1).work)

    def test_a_colleague_does_not(self):
        [figure] = self._figures(self.manager2, job_card_user_id=self.manager1.id)
        self.assertEqual((figure["text"], figure["id"]), (False, False))
        self.assertEqual([point["value"] for point in figure["trend"]], [None] * 6)

    def test_the_card_that_is_printed_is_that_of_the_person(self):
        duties = self.env["sales.dept.duty"].with_user(self.director)
        for person in (self.manager1, self.director):
            action = duties.with_context(job_card_user_id=person.id).action_print_my_job_description()
            roles = self.env["sales.dept.role"].search([("user_ids", "in", person.ids)])
            self.assertEqual(action["context"]["active_ids"], roles.ids)

    # === THE LINK === #

    def test_shipped_duties_are_proved_by_their_kpis(self):
        """Every source that is there is linked to every duty that the table names."""
        for kpi in self.env["sales.kpi"].search([("source", "in", list(DUTIES))]):
            for name in DUTIES[kpi.source]:
                duty = self.env.ref(f"sales_dept_roles.duty_{name}")
                if duty != self.duty:
                    self.assertIn(kpi, duty.kpi_ids, name)

    def test_printed_thresholds(self):
        self.assertEqual(self.duty._indicator_lines(), [f"{self.kpi.name} ≥ 90 %"])
        role = self.duty.role_id
        self.env["sales.kpi.threshold"].create(
            [
                {"kpi_id": self.kpi.id, "date_from": "2020-01-01", "threshold": 95, "role_id": role.id},
                {"kpi_id": self.kpi.id, "date_from": "2090-01-01", "threshold": 99, "role_id": role.id},
                {"kpi_id": self.kpi.id, "date_from": "2024-01-01", "threshold": 97, "user_id": self.manager1.id},
                {"kpi_id": self.kpi.id, "date_from": "2024-01-01", "threshold": 96},
            ]
        )
        self.assertEqual(self.duty._indicator_lines(), [f"{self.kpi.name} ≥ 95 %"])
        html = self.env["ir.actions.report"]._render_qweb_html("sales_dept_roles.report_job_card", role.ids)[0]
        self.assertIn(f"{self.kpi.name} ≥ 95", html.decode())

    def test_a_post_without_sales_rights(self):
        """Duties are for all to read, KPIs are not: the card is as it was before there were any."""
        self.duty.role_id.assigned_user_ids = self.outsider
        self.assertFalse(self._figures(self.outsider))
        self.assertFalse(self.duty.with_user(self.outsider)._indicator_lines())
        arch = self.env["sales.dept.duty"].with_user(self.outsider).get_view(view_type="form")["arch"]
        self.assertNotIn('name="kpi_ids"', arch)
        self.assertTrue(self.env["sales.dept.duty"].with_user(self.manager1).get_view(view_type="form")["arch"])

    def test_who_links(self):
        for user in (self.manager1, self.assistant):
            with self.assertRaises(UserError):
                self.duty.with_user(user).kpi_ids = False

    # === COST === #

    def test_query_count(self):
        """As many queries for a board full of figures as for one."""
        kpis = self.env["sales.kpi"].search([])
        duties = self.env["sales.dept.duty"].search([("role_id", "=", self.duty.role_id.id)])

        def board(linked):
            for duty in duties:
                duty.kpi_ids = kpis if duty in linked else False
            mine = duties.with_user(self.manager1)
            return self._queries(lambda: mine.mapped("figures"))

        board(duties)
        few = board(duties[:1])
        self.assertEqual(board(duties), few)
        self.assertGreater(len(duties), 4)
