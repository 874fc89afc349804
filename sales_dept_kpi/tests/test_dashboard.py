import json
from datetime import datetime

from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import file_open

from .dashboard_common import DashboardCommon


@tagged("post_install", "-at_install")
class TestDashboardMatrix(DashboardCommon):
    """The figures of all people side by side."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._review(None, datetime(cls.this.year, cls.this.month, 1) - relativedelta(hours=7), False)
        cls._compute(str(cls.this))
        cls.Matrix = cls.env["sales.kpi.matrix"].with_user(cls.director)

    def _rows(self, data):
        return {row["name"]: row for row in data["rows"]}

    def _cell(self, data, name, column=None):
        index = [each["id"] for each in data["columns"]].index(column or self.kpi.id)
        return self._rows(data)[name]["cells"][index]

    def test_month(self):
        data = self.Matrix.read_month()
        rows = data["rows"]
        self.assertEqual([rows[0]["kind"], rows[-1]["kind"]], ["department", "nobody"])
        self.assertIn(self.kpi.name, [column["name"] for column in data["columns"]])
        mine = self._cell(data, self.manager1.name)
        self.assertEqual((mine["text"], mine["verdict"], mine["trend"]), ("75.0 %", "missed", "up"))
        theirs = self._cell(data, self.manager2.name)
        self.assertEqual((theirs["text"], theirs["verdict"], theirs["trend"]), ("100.0 %", "met", False))
        department = self._cell(data, "Department")
        # 4 of 5, and one that is nobody's and late.
        self.assertEqual((department["text"], department["model"]), ("66.6 %", "sales.kpi.total"))
        self.assertEqual(self._cell(data, "Nobody's")["text"], "0.0 %")
        for row in rows:
            self.assertEqual(len(row["cells"]), len(data["columns"]))

    def test_a_cell_opens_its_documents(self):
        for name, count in ((self.manager1.name, 4), ("Department", 6), ("Nobody's", 1)):
            cell = self._cell(self.Matrix.read_month(), name)
            figure = self.env[cell["model"]].with_user(self.director).browse(cell["id"])
            evidence = self.env["sales.kpi.evidence"].with_user(self.director)
            self.assertEqual(evidence.search_count(figure.action_open_evidence()["domain"]), count)

    def test_year(self):
        data = self.Matrix.read_year(str(self.this), self.kpi.id)
        self.assertEqual(len(data["columns"]), 12)
        self.assertEqual(data["kpi"]["name"], self.kpi.name)
        self.assertEqual(self._cell(data, self.manager1.name, str(self.this))["text"], "75.0 %")
        if self.last.year == self.this.year:
            self.assertEqual(self._cell(data, self.manager1.name, str(self.last))["text"], "50.0 %")
        self.assertEqual(self._cell(data, self.manager1.name, str(self.this))["trend"], "up")
        next_month = self.this + relativedelta(months=1)
        if next_month.year == self.this.year:
            self.assertIsNone(self._cell(data, self.manager1.name, str(next_month)))

    def test_people_stand_by_their_team(self):
        team = self.env["crm.team"].create({"name": "Export", "company_id": self.company.id, "sequence": 0})
        self.env["crm.team.member"].search([("user_id", "in", (self.manager1 | self.manager2).ids)]).unlink()
        self.env["crm.team.member"].create({"crm_team_id": team.id, "user_id": self.manager2.id})
        self._compute(str(self.this))
        heads = [(row["kind"], row["name"]) for row in self.Matrix.read_month()["rows"]]
        self.assertEqual(
            heads[:5],
            [
                ("department", "Department"),
                ("team", "Export"),
                ("person", self.manager2.name),
                ("team", "Without a Team"),
                ("person", self.manager1.name),
            ],
        )

    def test_whoever_left_stays_in_the_figures(self):
        self.manager2.active = False
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.manager1.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        self.assertLessEqual({self.manager1.name, self.manager2.name}, set(self._rows(self.Matrix.read_month())))

    def test_period(self):
        with freeze_time("2026-11-30 20:00:00"):
            # In Shanghai December has begun.
            period = self.Matrix.read_month()["period"]
            self.assertEqual((period["date"], period["next"], period["is_over"]), ("2026-12-01", False, False))
            period = self.Matrix.read_month("2026-11-17")["period"]
            self.assertEqual((period["name"], period["previous"]), ("November 2026", "2026-10-01"))
            self.assertEqual((period["next"], period["is_over"]), ("2026-12-01", True))
            self.assertEqual([month["has_begun"] for month in period["months"]], [True] * 12)

    def test_a_month_without_figures_is_empty(self):
        data = self.Matrix.read_month("2019-05-01")
        self.assertEqual((data["rows"], data["columns"], data["period"]["id"]), ([], [], False))

    # === WHO === #

    def test_who_sees_it(self):
        for user in (self.director, self.gm):
            self.assertTrue(self.env["sales.kpi.matrix"].with_user(user).read_month()["rows"])
        for user in (self.manager1, self.assistant, self.finance, self.engineering, self.outsider, self.portal_user):
            matrix = self.env["sales.kpi.matrix"].with_user(user)
            for ask in (
                matrix.read_month,
                lambda matrix=matrix: matrix.read_year(False, self.kpi.id),
                lambda matrix=matrix: matrix.compute_month(False),
            ):
                with self.assertRaises(AccessError):
                    ask()

    def test_figures_of_another_company_are_not_there(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.director.company_ids |= other
        matrix = self.Matrix.with_context(allowed_company_ids=[other.id, self.company.id])
        self.assertEqual(matrix.read_month()["rows"], [])

    # === DOING === #

    def test_compute_now(self):
        self._reviews(self.manager2, self.this, late=1)
        self.Matrix.compute_month(str(self.this))
        self.assertEqual(self._cell(self.Matrix.read_month(), self.manager2.name)["text"], "50.0 %")
        with self.assertRefused("has not begun"):
            self.Matrix.compute_month(str(self.this + relativedelta(months=2)))
        before = self.this - relativedelta(months=7)
        self.Matrix.compute_month(str(before))
        self.assertTrue(self.Matrix.read_month(str(before))["period"]["computed"])
        self._month_of(before).with_user(self.director).action_lock()
        with self.assertRefused("is locked", UserError):
            self.Matrix.compute_month(str(before))
        self.assertEqual(self.Matrix.read_month(str(before))["period"]["state"], "locked")

    # === COST === #

    def test_query_count(self):
        """As many queries for twice the people, with twice the history."""
        few = [
            self._queries(lambda: self.Matrix.read_month()),
            self._queries(lambda: self.Matrix.read_year(str(self.this), self.kpi.id)),
        ]
        people = [self._create_role_user(f"matrix{number}", "group_account_manager") for number in range(4)]
        for person in people:
            for ago in range(3):
                self._reviews(person, self.this - relativedelta(months=ago), on_time=1)
        for ago in range(3):
            self._compute(str(self.this - relativedelta(months=ago)))
        many = [
            self._queries(lambda: self.Matrix.read_month()),
            self._queries(lambda: self.Matrix.read_year(str(self.this), self.kpi.id)),
        ]
        self.assertEqual(many, few)

    def test_it_goes_to_a_replica(self):
        for name in ("read_month", "read_year"):
            self.assertTrue(getattr(type(self.Matrix), name)._readonly, name)


@tagged("post_install", "-at_install")
class TestDashboardDigest(DashboardCommon):
    """The figures in the mails of figures."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.digest = cls.env["digest.digest"].create(
            {
                "name": "Figures",
                "user_ids": [Command.set(cls.manager1.ids)],
                "kpi_sales_dept_order_review": True,
                "kpi_my_sales_dept_order_review": True,
                "kpi_sales_dept_invoicing": True,
            }
        )

    def _kpis(self, user):
        # In the midst of the month: Odoo's month ago is another one than the company's in the first hours of it.
        with freeze_time(f"{self.this:%Y-%m}-15 04:00:00"):
            kpis = self.digest._compute_kpis(self.company, user)
        return {kpi["kpi_name"]: kpi for kpi in kpis if "sales_dept" in kpi["kpi_name"]}

    def test_the_departments_and_ones_own(self):
        kpis = self._kpis(self.manager1)
        self.assertEqual(kpis["kpi_sales_dept_order_review"]["kpi_col1"]["value"], "80.00")
        self.assertEqual(kpis["kpi_my_sales_dept_order_review"]["kpi_col1"]["value"], "75.00")
        # Against the month before: from 50 to 75.
        self.assertEqual(kpis["kpi_my_sales_dept_order_review"]["kpi_col3"]["margin"], 50.0)
        self.assertEqual(self._kpis(self.manager2)["kpi_my_sales_dept_order_review"]["kpi_col1"]["value"], "100.00")

    def test_without_a_verdict_it_is_left_out(self):
        self.assertNotIn("kpi_sales_dept_invoicing", self._kpis(self.manager1))
        self.assertEqual(set(self._kpis(self.finance)), {"kpi_sales_dept_order_review"})

    def test_another_companys_figures_are_not_told(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.manager1.company_ids |= other
        self.digest.company_id = other
        kpis = self.digest._compute_kpis(other, self.manager1)
        self.assertFalse([kpi for kpi in kpis if "sales_dept" in kpi["kpi_name"]])

    def test_colleagues_of_other_departments(self):
        """They have no figures here, and their mail comes all the same: as do the others' after it."""
        colleague = new_test_user(self.env, "warehouse_clerk", "base.group_user", email="clerk@company.example")
        self.assertFalse(self._kpis(colleague))
        self.digest.user_ids = colleague | self.manager1
        self.digest.action_send()
        self.assertTrue(self.env["mail.mail"].search([("email_to", "ilike", self.manager1.email)]))

    def test_off_until_chosen(self):
        digest = self.env["digest.digest"].create({"name": "New"})
        names = digest._sales_dept_names()
        self.assertEqual(len(names), 10)
        self.assertFalse([name for name in names if digest[name]])
        self.assertFalse([name for name in names if self.env.ref("digest.digest_digest_default")[name]])

    def test_it_is_sent(self):
        self.digest.action_send()
        mail = self.env["mail.mail"].search([("email_to", "ilike", self.manager1.email)], limit=1, order="id desc")
        self.assertIn("80.00", mail.body_html)
        self.assertIn("action_sales_kpi_totals", mail.body_html)


@tagged("post_install", "-at_install")
class TestDashboardScreens(DashboardCommon):
    """What menus open, and for whom."""

    def test_my_figures_are_ones_own(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_dept_kpi.action_my_kpi_figures")
        self.assertIn("uid", action["domain"])
        for user in (self.manager1, self.assistant):
            figures = self.env["sales.kpi.result"].with_user(user).search([("user_id", "=", user.id)])
            self.assertEqual(figures.user_id, user if user == self.manager1 else figures.user_id.browse())

    def test_who_has_the_matrix_in_the_menu(self):
        menu = self.env.ref("sales_dept_kpi.menu_sales_kpi_matrix")
        for user, sees in ((self.director, True), (self.gm, True), (self.manager1, False), (self.finance, False)):
            self.assertEqual(menu.id in self.env["ir.ui.menu"].with_user(user)._visible_menu_ids(), sees, user.login)

    def test_the_sheet_reads_fields_that_there_are(self):
        """What the shipped sheet asks for, the models have; and it is for those who see all."""
        dashboard = self.env.ref("sales_dept_kpi.spreadsheet_dashboard_kpi")
        for user, sees in ((self.director, True), (self.gm, True), (self.manager1, False), (self.outsider, False)):
            found = self.env["spreadsheet.dashboard"].with_user(user).search([("id", "=", dashboard.id)])
            self.assertEqual(bool(found), sees, user.login)
        with file_open("sales_dept_kpi/data/files/kpi_dashboard.json") as file:
            sheet = json.load(file)
        filters = {each["id"] for each in sheet["globalFilters"]}
        for pivot in sheet["pivots"].values():
            model = self.env[pivot["model"]]
            names = [each["fieldName"] for each in pivot["rows"] + pivot["columns"] + pivot["measures"]]
            names += [each["chain"] for each in pivot["fieldMatching"].values()]
            self.assertLessEqual(set(names), set(model._fields))
            self.assertLessEqual(set(pivot["fieldMatching"]), filters)
        for figure in sheet["sheets"][0]["figures"]:
            asked = figure["data"]["metaData"]
            names = [name.partition(":")[0] for name in asked["groupBy"]] + [asked["measure"]]
            self.assertLessEqual(set(names), set(self.env[asked["resModel"]]._fields))
