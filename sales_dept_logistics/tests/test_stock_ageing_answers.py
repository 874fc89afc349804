from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .stock_ageing_common import StockAgeingCommon

APPROVAL = "sales_dept_roles.mail_activity_approval"
EXPLAIN = "sales_dept_logistics.mail_activity_stock_ageing_explain"
UNANSWERED = "sales_dept_logistics.mail_activity_stock_ageing_unanswered"


@tagged("post_install", "-at_install")
@freeze_time("2026-09-10 02:00:00")
class TestStockAgeingAnswers(StockAgeingCommon):
    """Who explains what, who is reminded, who confirms; and that nothing over the limit stays without an answer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shaft = cls._create_goods("Shaft")
        cls.fresh = cls._create_goods("Fresh")
        cls._move(cls.supplier, cls.stock, 5, "2026-01-10")
        cls._move(cls.supplier, cls.stock, 3, "2026-02-10", product=cls.shaft)
        cls._move(cls.supplier, cls.stock, 2, "2026-06-20", product=cls.fresh)
        cls._sell(cls.goods, cls.manager1)
        cls._sell(cls.shaft, cls.manager2)
        cls._sell(cls.fresh, cls.manager2)

    def _open_sheet(self, day="2026-08-31"):
        sheet = self._sheet(day)
        return sheet, self._lines(sheet), self._lines(sheet, self.shaft)

    def _todos(self, sheet, kind):
        activities = self.env["mail.activity"].search(
            [
                ("res_model", "=", sheet._name),
                ("res_id", "=", sheet.id),
                ("activity_type_id", "=", self.env.ref(kind).id),
            ]
        )
        return activities.user_id

    def _messages(self, sheet, user):
        return self.env["mail.message"].search(
            [
                ("model", "=", sheet._name),
                ("res_id", "=", sheet.id),
                ("notified_partner_ids", "in", user.partner_id.ids),
                ("message_type", "=", "user_notification"),
            ]
        )

    def _trigger(self, cron):
        """Run what the cron runs, in the test's own transaction."""
        self.env.ref(cron).sudo().ir_actions_server_id.run()

    # === EXPLAINING === #

    def test_only_the_responsible_explains(self):
        _sheet, gear, shaft = self._open_sheet()
        for user in (self.manager2, self.director, self.assistant):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._explain(gear, user=user)
        with self.assertRefused("is explained by", AccessError):
            self._explain(gear, user=self.director)
        with self.assertRaises(AccessError):
            gear.with_user(self.gm).cause = "Because"
        self._explain(gear)
        self.assertTrue(gear.is_explained and gear.explained_date)
        self.assertFalse(shaft.is_explained)
        self.assertTrue(gear.with_user(self.manager1).can_explain)
        self.assertFalse(gear.with_user(self.director).can_explain)

    def test_all_four_are_wanted(self):
        _sheet, gear, _shaft = self._open_sheet()
        for name in ("cause", "measure", "measure_date", "measure_user_id"):
            self._explain(gear, **{name: False})
            self.assertFalse(gear.is_explained or gear.explained_date, name)
        self._explain(gear, cause="   ")
        self.assertFalse(gear.is_explained)
        self._explain(gear)
        self.assertTrue(gear.is_explained)

    def test_who_says_who_is_responsible(self):
        _sheet, gear, _shaft = self._open_sheet()
        with self.assertRefused("director or the assistant", AccessError):
            gear.with_user(self.manager1).user_id = self.manager2
        gear.with_user(self.director).user_id = self.manager2
        self.assertEqual(gear.responsible_from, "hand")
        self._explain(gear, user=self.manager2)
        gear.with_user(self.assistant).user_id = self.manager1
        self.assertFalse(gear.with_user(self.manager2).search([("id", "=", gear.id)]))

    def test_not_submitted_before_all_is_explained(self):
        sheet, gear, shaft = self._open_sheet()
        with self.assertRefused(r"\(2\): .*Gear.*\(manager1_test.*Shaft.*\(manager2_test"):
            sheet.action_approval_submit()
        self._explain(gear)
        with self.assertRefused(r"\(1\): .*Shaft"):
            sheet.action_approval_submit()
        self.assertEqual(sheet.state, "computed")
        self._explain(shaft)
        sheet.action_approval_submit()
        self.assertEqual(sheet.state, "waiting")

    def test_without_the_rule(self):
        """The counterfactual: it is this rule that holds the sheet back."""
        sheet, _gear, _shaft = self._open_sheet()
        with patch.object(self.registry["stock.ageing.sheet"], "_unexplained_message", lambda self: False):
            sheet.action_approval_submit()
        self.assertEqual(sheet.state, "waiting")

    def test_nobody_responsible(self):
        lonely = self._create_goods("Lonely")
        self._move(self.supplier, self.stock, 1, "2026-01-10", product=lonely)
        sheet, gear, shaft = self._open_sheet()
        self._explain(gear)
        self._explain(shaft)
        with self.assertRefused(r"Lonely.*nobody responsible"):
            sheet.action_approval_submit()
        self.assertIn(self.director, self._todos(sheet, UNANSWERED))
        self._lines(sheet, lonely).with_user(self.director).user_id = self.manager1
        self.assertNotIn(self.director, self._todos(sheet, UNANSWERED))
        self.assertIn(self.manager1, self._todos(sheet, EXPLAIN))

    # === CONFIRMING === #

    def _confirmed(self):
        sheet, gear, shaft = self._open_sheet()
        self._explain(gear)
        self._explain(shaft)
        sheet.action_approval_submit()
        sheet.with_user(self.director).action_approval_approve()
        return sheet

    def test_director_confirms(self):
        sheet = self._confirmed()
        self.assertEqual(sheet.state, "confirmed")
        self.assertTrue(sheet.confirmed_date)
        line = self._lines(sheet)
        with self.assertRefused("stays as it is"):
            line.with_user(self.manager1).cause = "Something else"
        with self.assertRefused("stays as it is"):
            line.with_user(self.director).user_id = self.manager2
        with self.assertRefused("not taken again"):
            sheet.action_compute_again()
        with self.assertRefused("confirmed already"):
            sheet.sudo()._approval_in_force()._close("superseded")
            sheet.action_approval_submit()

    def test_what_is_signed(self):
        sheet = self._confirmed()
        terms = sheet.sudo()._approval_in_force().terms
        self.assertEqual(len(terms["line_ids"]), 2, "those over the limit")
        self.assertEqual(terms["over_value"], "80.000000")
        (gear,) = [row for row in terms["line_ids"] if row["product_id"]["text"].endswith("Gear")]
        self.assertEqual((gear["cause"], gear["measure"]), ("The customer put the order off", "ship"))

    def test_four_eyes(self):
        sheet, gear, shaft = self._open_sheet()
        self._explain(gear)
        self._explain(shaft)
        sheet.with_user(self.director).action_approval_submit()
        with self.assertRaises(AccessError):
            sheet.with_user(self.director).action_approval_approve()
        sheet.with_user(self.gm).action_approval_approve()
        self.assertEqual(sheet.state, "confirmed")

    def test_fixed_while_it_waits(self):
        sheet, gear, shaft = self._open_sheet()
        self._explain(gear)
        self._explain(shaft)
        sheet.action_approval_submit()
        with self.assertRefused("withdraw the request"):
            gear.with_user(self.manager1).cause = "Something else"
        sheet.action_approval_withdraw()
        gear.with_user(self.manager1).cause = "Something else"
        sheet.action_approval_submit()
        sheet.with_user(self.director).action_approval_reject("Ship them sooner")
        self.assertEqual(sheet.state, "computed")
        gear.with_user(self.manager1).measure_date = date(2026, 9, 12)
        sheet.action_approval_submit()
        self.assertEqual(sheet.state, "waiting")

    def test_taken_again_while_it_waits(self):
        sheet, gear, shaft = self._open_sheet()
        self._explain(gear)
        self._explain(shaft)
        sheet.action_approval_submit()
        approval = sheet.sudo().approval_ids
        self.assertIn(self.director, self._todos(sheet, APPROVAL))
        again = sheet.browse(sheet.action_compute_again()["res_id"])
        self.assertEqual(approval.state, "superseded")
        self.assertIn("taken again", approval.reason)
        self.assertFalse(approval.task_ids.filtered(lambda task: task.state in ("open", "waiting")))
        self.env["sales.approval"].sudo()._cron_notify()
        for kind in (APPROVAL, EXPLAIN, UNANSWERED):
            self.assertFalse(self._todos(sheet, kind), kind)
        self.assertNotIn(approval, approval.with_user(self.director).search([("can_decide", "=", True)]))
        again.action_approval_submit()
        self.assertEqual((sheet.state, again.state), ("superseded", "waiting"))

    # === LAST MONTH === #

    def test_last_month_beside(self):
        """What was said last month, and what came of it: less, as much, more, gone."""
        goods = {name: self._create_goods(name) for name in ("gone", "less", "same", "more")}
        for product in goods.values():
            self._move(self.supplier, self.stock, 4, "2026-01-10", product=product)
            self._sell(product, self.manager1)
        self._move(self.supplier, self.stock, 2, "2026-05-20", product=goods["more"])
        july = self._sheet("2026-07-31")
        for product in goods.values():
            self._explain(self._lines(july, product))
        self._move(self.stock, self.client, 4, "2026-08-05", product=goods["gone"])
        self._move(self.stock, self.client, 1, "2026-08-05", product=goods["less"])
        august = self._sheet("2026-08-31")
        for outcome, product in goods.items():
            line = self._lines(august, product).with_user(self.manager1)
            self.assertEqual(line.outcome, outcome)
            self.assertEqual(line.previous_cause, "The customer put the order off")
            self.assertEqual((line.previous_measure, line.previous_measure_user_id), ("ship", self.manager1))
            self.assertFalse(line.cause, "a new month wants a new answer")
        self.assertEqual(self._lines(august, goods["gone"]).quantity, 0)
        self.assertFalse(self._lines(august, self.fresh).outcome)

    # === TELLING === #

    def test_asked_at_once(self):
        sheet, gear, shaft = self._open_sheet()
        self.assertEqual(self._todos(sheet, EXPLAIN), self.manager1 | self.manager2)
        self.assertFalse(self._todos(sheet, UNANSWERED))
        body = self._messages(sheet, self.manager2).body
        self.assertIn("Shaft", body)
        self.assertIn("Fresh", body, "it passes the limit within a month")
        self.assertNotIn("Gear", body)
        self._explain(gear)
        self.assertEqual(self._todos(sheet, EXPLAIN), self.manager2)
        self._explain(shaft)
        self.assertFalse(self._todos(sheet, EXPLAIN))

    def test_other_days_ask_nobody(self):
        for day in ("2026-07-31", "2026-09-09"):
            sheet = self._sheet(day)
            self.assertFalse(self._todos(sheet, EXPLAIN) or self._messages(sheet, self.manager1))
            sheet.action_ask()
            self.assertTrue(self._todos(sheet, EXPLAIN) and self._messages(sheet, self.manager1))
            with self.assertRaises(AccessError):
                sheet.with_user(self.manager1).action_ask()

    def test_reminder_and_escalation(self):
        sheet, gear, _shaft = self._open_sheet()
        self._explain(gear)
        seen = []
        for day in ("2026-09-22", "2026-09-23", "2026-09-24", "2026-09-26", "2026-09-27", "2026-09-28"):
            with freeze_time(f"{day} 02:00:00"):
                self._trigger("sales_dept_logistics.ir_cron_stock_ageing_reminders")
            counts = [len(self._messages(sheet, user)) for user in (self.manager1, self.manager2, self.director)]
            seen.append((*counts, self.director in self._todos(sheet, UNANSWERED)))
        self.assertEqual(
            seen,
            [
                (1, 1, 0, False),
                (1, 2, 0, False),
                (1, 2, 0, False),
                (1, 2, 0, False),
                (1, 2, 1, True),
                (1, 2, 1, True),
            ],
        )
        self.assertIn("manager2_test", self._messages(sheet, self.director).body)

    def test_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.manager1.lang = "zh_CN"
        sheet, _gear, _shaft = self._open_sheet()
        self.assertIn("库龄", self._messages(sheet, self.manager1).subject)
        self.assertNotIn("库龄", self._messages(sheet, self.manager2).subject)

    def test_deadline(self):
        for day, deadline in (("2026-08-31", date(2026, 9, 30)), ("2026-09-09", date(2026, 9, 30))):
            self.assertEqual(self._sheet(day).deadline, deadline)

    # === EACH MONTH === #

    def _run_cron(self, moment):
        with freeze_time(moment):
            self._trigger("sales_dept_logistics.ir_cron_stock_ageing_sheets")
        return self.env["stock.ageing.sheet"].search([("company_id", "=", self.company.id)], order="id")

    def test_cron(self):
        self.assertFalse(self._run_cron("2026-09-10 02:00:00"), "no policy, no sheet")
        self.company.sales_dept_stock_ageing = True
        sheet = self._run_cron("2026-09-10 02:00:00")
        self.assertEqual((sheet.date, sheet.state), (date(2026, 8, 31), "computed"))
        self.assertTrue(sheet.asked_date)
        self.assertEqual(self._run_cron("2026-09-11 02:00:00"), sheet, "one a month")
        # 30 September 16:30 in UTC is October in Shanghai.
        self.assertEqual(self._run_cron("2026-09-30 15:30:00"), sheet)
        self.assertEqual(self._run_cron("2026-09-30 16:30:00")[1:].date, date(2026, 9, 30))

    def test_cron_takes_early_figures_again(self):
        self.company.sales_dept_stock_ageing = True
        with freeze_time("2026-09-30 02:00:00"):
            early = self._sheet("2026-09-30")
            self._explain(self._lines(early))
        sheets = self._run_cron("2026-10-01 02:00:00")
        self.assertEqual(sheets.mapped("state"), ["superseded", "computed"])
        self.assertTrue(self._lines(sheets[1]).is_explained, "answers go on")

    def test_cron_takes_a_draft(self):
        self.company.sales_dept_stock_ageing = True
        draft = self.env["stock.ageing.sheet"].create({"date": "2026-08-31"})
        self.assertEqual(self._run_cron("2026-09-10 02:00:00"), draft)
        self.assertEqual(draft.state, "computed")

    def test_cron_of_two_companies(self):
        other = self.env["res.company"].create({"name": "Second Company", "sales_dept_stock_ageing": True})
        self.company.sales_dept_stock_ageing = True
        self._run_cron("2026-09-10 02:00:00")
        sheets = self.env["stock.ageing.sheet"].search([("company_id", "in", (self.company | other).ids)])
        self.assertEqual(sheets.company_id, self.company | other)
        self.assertFalse(sheets.filtered(lambda sheet: sheet.company_id == other).line_ids)

    def test_handbook(self):
        self.assertFalse(self.company.sales_dept_stock_ageing)
        self.company.action_sales_dept_apply_handbook()
        self.assertTrue(self.company.sales_dept_stock_ageing)
        self.assertEqual(self.company.sales_dept_max_stock_months, 3)

    # === WHO SEES WHAT === #

    def test_lines_seen(self):
        sheet, gear, shaft = self._open_sheet()
        self.env.invalidate_all()
        lines = self.env["stock.ageing.line"]
        domain = [("sheet_id", "=", sheet.id)]
        fresh = self._lines(sheet, self.fresh)
        for user in (self.director, self.assistant, self.gm, self.finance):
            self.assertEqual(lines.with_user(user).search(domain), gear | shaft | fresh, user.login)
            self.assertTrue(sheet.with_user(user).total_value)
        self.assertEqual(lines.with_user(self.manager1).search(domain), gear)
        self.env.invalidate_all()
        self.assertEqual(sheet.with_user(self.manager2).line_ids, shaft | fresh)
        with self.assertRaises(AccessError):
            sheet.with_user(self.manager1).read(["total_value"])
        self.assertEqual(sheet.with_user(self.manager1).unexplained_count, 2)
        self.assertEqual(sheet.with_user(self.manager1).mine_count, 1)
        for user in (self.engineering, self.outsider, self.portal_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                lines.with_user(user).search(domain)
        for user in (self.manager1, self.gm, self.finance):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._sheet("2026-07-31", user=user)

    def test_screens(self):
        """Each role's screens show what they show: no field on them is refused."""
        sheet, gear, _shaft = self._open_sheet()
        for user in (self.director, self.assistant, self.gm, self.finance, self.manager1):
            for record in (sheet, gear):
                with self.subTest(user=user.login, model=record._name):
                    own = record.with_user(user)
                    view = own.get_views([(False, "form")])
                    names = view["models"][own._name]["fields"]
                    spec = {
                        name: {"fields": {"display_name": {}}} if own._fields[name].type == "many2one" else {}
                        for name in names
                    }
                    self.assertTrue(own.web_read(spec))

    def test_register(self):
        sheet, gear, shaft = self._open_sheet()
        older = self._sheet("2026-07-31")
        lines = self.env["stock.ageing.line"].with_user(self.director)._register_records([])
        self.assertEqual(lines, sheet.sudo().line_ids)
        self.assertFalse(lines & older.sudo().line_ids)
        self.assertEqual(self.env["stock.ageing.line"].with_user(self.manager1)._register_records([]), gear)
        self.assertTrue(lines._register_file().read(2) == b"PK" and shaft in lines)

    def test_paper(self):
        sheet = self._confirmed()
        report = self.env["ir.actions.report"].with_user(self.director)
        html = report._render_qweb_html("sales_dept_logistics.report_stock_ageing", sheet.ids)[0].decode()
        self.assertIn("Gear", html)
        self.assertIn("The customer put the order off", html)
        self.assertNotIn("Fresh", html, "within the limit")
        self.assertIn(sheet.sudo()._approval_in_force().digest, html)
        own = self.env["ir.actions.report"].with_user(self.manager1)
        html = own._render_qweb_html("sales_dept_logistics.report_stock_ageing", sheet.ids)[0].decode()
        self.assertNotIn("Shaft", html)

    def test_actions(self):
        sheet, gear, _shaft = self._open_sheet()
        for name in ("action_open_lines", "action_open_mine", "action_open_unexplained"):
            action = getattr(sheet.with_user(self.manager1), name)()
            self.assertEqual(action["domain"], [("sheet_id", "=", sheet.id)])
        self.assertIn(("product_id", "=", self.goods.id), list(gear.action_open_moves()["domain"]))

    def test_duties(self):
        """The duties about overstock count what waits."""
        sheet, gear, shaft = self._open_sheet()
        self.assertTrue(sheet and gear and shaft)
        for user, link, count in (
            (self.manager1, "link_manager_3_2_7_explain", 1),
            (self.manager2, "link_manager_3_2_7_soon", 1),
            (self.director, "link_director_3_2_1_unexplained", 2),
        ):
            record = self.env.ref(f"sales_dept_logistics.{link}").with_user(user)
            domain = record._domain() if hasattr(record, "_domain") else None
            if domain is not None:
                self.assertEqual(self.env["stock.ageing.line"].with_user(user).search_count(domain), count)

    def test_user_of_another_company_is_not_asked(self):
        other = self.env["res.company"].create({"name": "Second Company"})
        self.manager2.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        sheet, _gear, _shaft = self._open_sheet()
        self.assertEqual(self._todos(sheet, EXPLAIN), self.manager1)
        self.assertIn(self.director, self._todos(sheet, UNANSWERED))
        self.assertTrue(sheet.deadline - timedelta(days=3) > self.company._local_today())
