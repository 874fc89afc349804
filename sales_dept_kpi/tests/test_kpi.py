from datetime import date, datetime, timedelta
from unittest.mock import patch

from openpyxl import load_workbook
from psycopg2 import IntegrityError
from psycopg2.errors import SerializationFailure, UndefinedTable

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Datetime
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL, mute_logger

from .kpi_common import KpiCommon

NOON = datetime(2026, 3, 10, 4)
LATER = NOON + timedelta(hours=2)


@tagged("post_install", "-at_install")
class TestKpi(KpiCommon):
    """The month of March 2026 of a company in Shanghai, by its order reviews."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kpi = cls.env.ref("sales_dept_kpi.kpi_order_review")
        cls.reviews = [cls._review(cls.manager1, NOON, NOON) for _number in range(3)]
        cls.reviews.append(cls._review(cls.manager1, NOON, LATER))
        cls._review(cls.manager2, NOON, NOON)

    def setUp(self):
        super().setUp()
        with freeze_time("2026-03-15 04:00:00"):
            self.month = self._compute("2026-03-01")

    def _of(self, user, month=None):
        return self._result(month or self.month, "order_review", user)

    def _total(self):
        return self.month.total_ids.filtered(lambda total: total.kpi_id == self.kpi)

    # === FIGURES === #

    def test_a_result_is_the_sum_of_its_evidence(self):
        mine, theirs = self._of(self.manager1), self._of(self.manager2)
        self.assertEqual((mine.numerator, mine.denominator, mine.value, mine.verdict), (3, 4, 75, "missed"))
        self.assertEqual((theirs.value, theirs.verdict), (100, "met"))
        for result in self.month.result_ids:
            for column in ("numerator", "denominator", "overlay", "pending"):
                self.assertEqual(result[column], sum(result.evidence_ids.mapped(column)))
        total = self._total()
        self.assertEqual((total.numerator, total.denominator, total.value, total.verdict), (4, 5, 80, "missed"))
        self.assertIn("Received after its deadline", mine.evidence_ids.mapped("reason_text"))
        self.assertEqual(mine.evidence_ids[0].action_open_document()["res_model"], "sale.order.review")

    def test_evidence_is_found_grouped_and_sorted_by_what_its_result_knows(self):
        Evidence = self.env["sales.kpi.evidence"].with_user(self.director)
        domain = [("total_id", "=", self._total().id)]
        counts = Evidence._read_group(domain, ["user_id"], ["__count"])
        self.assertEqual(dict(counts), {self.manager1: 4, self.manager2: 1})
        self.assertEqual(Evidence.search_count([*domain, ("user_id", "=", self.manager1.id)]), 4)
        people = Evidence.search(domain, order="user_id desc").mapped("user_id")
        self.assertEqual(people, (self.manager1 | self.manager2).sorted(reverse=True))

    def test_evidence_has_one_key_into_another_table(self):
        """Each key is looked up for each document that is written."""
        self.env.cr.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'sales_kpi_evidence'::regclass AND contype = 'f'"
        )
        self.assertEqual(self.env.cr.fetchall(), [("sales_kpi_evidence_result_id_fkey",)])

    def test_documents_and_people_are_not_compared_each_with_each(self):
        self.env.cr.execute("SET LOCAL enable_nestloop = off")
        self.env.cr.execute(SQL("EXPLAIN %s", self._total()._figures_sql()))
        plan = "\n".join(line for (line,) in self.env.cr.fetchall())
        self.assertRegex(plan, r"(Hash|Merge) Cond: .*COALESCE\(result\.user_id, 0\)")

    def test_computed_again_nothing_doubles_and_results_stay_the_same_records(self):
        before = self.month.result_ids
        self.reviews[3]._write_protected({"receive_date": NOON})
        self.month.action_compute()
        self.assertEqual(self.month.result_ids, before)
        self.assertEqual(self._of(self.manager1).value, 100)
        self.assertEqual(len(self._of(self.manager1).evidence_ids), 4)

    def test_computed_again_it_is_nobodys(self):
        """Nobody who computed it once, before results were nobody's, is said to have done it now."""
        result = self._of(self.manager1)
        self.env.flush_all()
        self.env.cr.execute("UPDATE sales_kpi_result SET write_uid = %s WHERE id = %s", [self.gm.id, result.id])
        self.month.action_compute()
        self.env.invalidate_all()
        self.assertFalse(result.write_uid)

    def test_whoever_has_no_document_any_more_has_no_result(self):
        self.env["sale.order.review"].search([("user_id", "=", self.manager2.id)])._write_protected(
            {"state": "superseded"}
        )
        self.month.action_compute()
        self.assertFalse(self._of(self.manager2))
        self.assertEqual(self._total().denominator, 4)

    def test_what_belongs_to_nobody_counts_for_the_department(self):
        """Person and company reconcile, also where an order has no salesperson."""
        self._review(None, NOON, NOON)
        self.month.action_compute()
        nobody = self._of(self.env["res.users"])
        self.assertEqual(nobody.denominator, 1)
        results = self.month.result_ids.filtered(lambda result: result.kpi_id == self.kpi)
        self.assertEqual(self._total().denominator, sum(results.mapped("denominator")))

    def test_an_archived_person_keeps_what_they_did(self):
        self.manager2.active = False
        self.month.action_compute()
        self.assertEqual(self._of(self.manager2).value, 100)

    def test_team_is_that_of_the_person(self):
        team = self.env["crm.team"].create({"name": "East", "member_ids": self.manager1.ids})
        self.month.action_compute()
        self.assertEqual(self._of(self.manager1).team_id, team)
        self.assertFalse(self._of(self.manager2).team_id)

    def test_groups_show_the_share_of_the_sums(self):
        """3 of 4 and 1 of 1 are 80 %, not 87.5; also with subtotals; several KPIs together have no value."""
        Result = self.env["sales.kpi.result"]
        domain = [("month_id", "=", self.month.id), ("kpi_id", "=", self.kpi.id)]
        self.assertEqual(Result._read_group(domain, [], ["value:avg"])[0][0], 80)
        sets = Result._read_grouping_sets(domain, [["user_id"], []], ["value:avg"])
        self.assertEqual(sorted(value for _user, value in sets[0]), [75, 100])
        self.assertEqual(sets[1][0][-1], 80)
        self._review_assignment()
        self.month.action_compute()
        everything = Result._read_group([("month_id", "=", self.month.id)], [], ["value:avg"])
        self.assertFalse(everything[0][0])

    def _review_assignment(self):
        kind = self.env["mail.activity.type"].search([("assignment_kind", "=", "assignment")], limit=1)
        with freeze_time("2026-03-02"):
            self.env["mail.activity"].with_user(self.director).create(
                {
                    "activity_type_id": kind.id,
                    "user_id": self.manager1.id,
                    "summary": "Call them",
                    "date_deadline": "2026-03-05",
                    "res_model_id": self.env["ir.model"]._get_id("res.partner"),
                    "res_id": self.customer.id,
                }
            )

    # === THRESHOLDS === #

    def _threshold(self, value, day="2026-01-01", **vals):
        return self.env["sales.kpi.threshold"].create(
            {"kpi_id": self.kpi.id, "date_from": day, "threshold": value, **vals}
        )

    def test_thresholds_are_inclusive(self):
        self._threshold(75)
        self.month.action_compute()
        self.assertEqual(self._of(self.manager1).verdict, "met")
        self._threshold(75.001, day="2026-02-01")
        self.month.action_compute()
        self.assertEqual(self._of(self.manager1).verdict, "missed")

    def test_the_most_particular_threshold_counts_and_of_several_the_latest(self):
        post = self.env.ref("sales_dept_roles.role_manager")
        self._threshold(70, day="2026-03-01")
        self._threshold(99, day="2026-04-01")
        self.month.action_compute()
        self.assertEqual(self._of(self.manager1).threshold, 70)
        self._threshold(80, role_id=post.id, weight=3)
        self.month.action_compute()
        self.assertEqual((self._of(self.manager1).threshold, self._of(self.manager1).weight), (80, 3))
        self._threshold(60, user_id=self.manager1.id)
        self.month.action_compute()
        self.assertEqual(self._of(self.manager1).threshold, 60)
        self.assertEqual(self._of(self.manager2).threshold, 80)
        self.assertEqual(self._total().threshold, 70)

    def test_a_threshold_begins_with_a_month(self):
        with mute_logger("odoo.sql_db"), self.assertRefused("first_of_month", IntegrityError):
            self._threshold(90, day="2026-03-02")
        with mute_logger("odoo.sql_db"), self.assertRefused("person_or_post", IntegrityError):
            self._threshold(90, user_id=self.manager1.id, role_id=self.env.ref("sales_dept_roles.role_manager").id)

    def _changes(self):
        """What was kept of changes since the test began: ``[(what, by, from, before, after, weights)]``."""
        logs = self.kpi.threshold_log_ids.filtered(lambda log: log.id > self.last_log).sorted("id")
        return [
            (log.kind, log.user_id, str(log.date_from), log.threshold_before, log.threshold)
            + (log.weight_before, log.weight)
            for log in logs
        ]

    def test_who_changed_what_is_kept(self):
        self.last_log = max(self.kpi.threshold_log_ids.ids, default=0)
        kpi = self.kpi.with_user(self.director)
        kpi.threshold_ids = [Command.create({"date_from": "2026-02-01", "threshold": 80, "weight": 2})]
        line = self.kpi.threshold_ids.filtered(lambda line: line.threshold == 80)
        line.with_user(self.gm).write({"threshold": 85})
        line.with_user(self.gm).write({"threshold": 85, "weight": 2})
        line.with_user(self.director).write({"date_from": "2026-03-01", "weight": 3})
        kpi.threshold_ids = [Command.delete(line.id)]
        self.assertEqual(
            self._changes(),
            [
                ("set", self.director, "2026-02-01", 0, 80, 0, 2),
                ("changed", self.gm, "2026-02-01", 80, 85, 2, 2),
                # From another month on: removed there, and set here.
                ("removed", self.director, "2026-02-01", 85, 0, 2, 0),
                ("set", self.director, "2026-03-01", 0, 85, 0, 3),
                ("removed", self.director, "2026-03-01", 85, 0, 3, 0),
            ],
        )

    def test_several_at_once_are_kept_one_by_one(self):
        lines = self._threshold(70, day="2026-02-01") | self._threshold(60, user_id=self.manager1.id)
        self.last_log = max(self.kpi.threshold_log_ids.ids)
        lines.write({"threshold": 70})
        self.assertEqual([row[3:5] for row in self._changes()], [(60, 70)])
        self.assertEqual(self.kpi.threshold_log_ids[0].person_id, self.manager1)

    def test_changes_are_seen_by_who_makes_them_and_written_by_nobody(self):
        self._threshold(70)
        log = self.kpi.threshold_log_ids[0]
        for user in (self.director, self.gm, self.env.ref("base.user_admin")):
            self.assertTrue(log.with_user(user).read(["threshold"]))
            self.assertTrue(self.kpi.with_user(user).read(["threshold_log_ids"])[0]["threshold_log_ids"])
            for attempt in (
                lambda own: own.write({"threshold": 1}),
                lambda own: own.unlink(),
                lambda own: own.copy({"threshold": 1}),
            ):
                with self.assertRaises(AccessError):
                    attempt(log.with_user(user))
        for user in (self.manager1, self.assistant, self.finance):
            with self.assertRaises(AccessError):
                log.with_user(user).read(["threshold"])
            with self.assertRaises(AccessError):
                self.kpi.with_user(user).read(["threshold_log_ids"])

    # === LOCKING === #

    def test_a_locked_month_stays_as_it_is(self):
        """Also when its documents change, are cancelled or are gone; the difference to now is shown on request."""
        with freeze_time("2026-04-02"):
            self.month.with_user(self.director).action_lock()
        result = self._of(self.manager1)
        evidence = result.evidence_ids.read(["name", "numerator", "denominator"])
        self.reviews[0]._write_protected({"receive_date": LATER})
        gone = self.reviews[1]
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM sale_order_review WHERE id = %s", [gone.id])
        self.env.invalidate_all()
        with self.assertRefused("is locked"):
            self.month.action_compute()
        self.env.invalidate_all()
        self.assertEqual((result.numerator, result.denominator, result.state), (3, 4, "locked"))
        self.assertEqual(result.evidence_ids.read(["name", "numerator", "denominator"]), evidence)
        with self.assertRefused("does not exist any more"):
            result.evidence_ids.filtered(lambda line: line.res_id == gone.id).action_open_document()
        action = self.month.with_user(self.director).action_show_difference()
        lines = self.env["sales.kpi.difference"].browse(action["res_id"]).line_ids
        changed = {line.name: (line.kept_numerator, line.now_numerator, line.now_denominator) for line in lines}
        self.assertEqual(sorted(changed.values()), [(1, 0, 0), (1, 0, 1)])

    def test_the_hourly_job_leaves_locked_months_alone(self):
        with freeze_time("2026-04-02"):
            self.month.with_user(self.director).action_lock()
            self.company.sales_dept_kpi = True
            self.reviews[0]._write_protected({"receive_date": LATER})
            self.Month._cron_compute()
        self.assertEqual(self._of(self.manager1).numerator, 3)
        self.assertEqual(self._of(self.manager1, self.Month._of(self.company, date(2026, 4, 1))).numerator, 0)

    def test_a_month_is_locked_when_it_is_over(self):
        # It is still 31 March in Shanghai at 15:59 UTC, and 1 April a minute later.
        with freeze_time("2026-03-31 15:59:00"), self.assertRefused("is not over yet"):
            self.month.with_user(self.director).action_lock()
        with freeze_time("2026-03-31 16:00:00"):
            self.month.with_user(self.director).action_lock()
        self.assertEqual((self.month.state, self.month.locked_by_id), ("locked", self.director))

    def test_it_is_opened_again_with_a_reason_that_is_kept(self):
        with freeze_time("2026-04-02"):
            self.month.with_user(self.director).action_lock()
            wizard = self.env["sales.kpi.reopen"].with_user(self.gm)
            wizard.create({"month_id": self.month.id, "reason": "A credit note was missing"}).action_confirm()
        self.assertEqual(self.month.state, "open")
        self.assertEqual(self.month.log_ids.mapped("kind"), ["opened", "locked"])
        self.assertEqual(self.month.log_ids[0].reason, "A credit note was missing")
        self.assertEqual(self.month.log_ids[0].user_id, self.gm)
        self.reviews[3]._write_protected({"receive_date": NOON})
        self.month.action_compute()
        self.assertEqual(self._of(self.manager1).value, 100)

    def test_a_kpi_with_locked_figures_keeps_its_meaning(self):
        with freeze_time("2026-04-02"):
            self.month.with_user(self.director).action_lock()
        with self.assertRefused("would get another meaning"):
            self.kpi.measure = "total"
        with self.assertRefused("is archived, not deleted"):
            self.kpi.unlink()
        self.kpi.active = False

    # === THE HOURLY JOB === #

    def test_the_job_computes_what_is_older_than_an_hour(self):
        with freeze_time("2026-03-20 04:00:00"):
            self.Month._cron_compute()
            self.assertFalse(self._total().computed_date == Datetime.now(), "It is off")
            self.company.sales_dept_kpi = True
            self.Month._cron_compute()
            self.assertEqual(set(self.month.total_ids.mapped("computed_date")), {Datetime.now()})
        with freeze_time("2026-03-20 04:30:00"):
            self.Month._cron_compute()
            self.assertNotIn(Datetime.now(), self.month.total_ids.mapped("computed_date"))
        with freeze_time("2026-03-20 05:00:00"):
            self.Month._cron_compute()
            self.assertEqual(set(self.month.total_ids.mapped("computed_date")), {Datetime.now()})

    def _turn(self):
        """Do a turn of the hourly job; return the months that it computed."""
        self.Month._cron_compute()
        totals = self.env["sales.kpi.total"].search(
            [("company_id", "=", self.company.id), ("computed_date", "=", Datetime.now())]
        )
        return sorted({str(total.date) for total in totals})

    def test_the_job_computes_older_months_while_they_are_open(self):
        self.company.sales_dept_kpi = True
        older = [self.Month._of(self.company, date(year, 9, 1)) for year in (2024, 2025)]
        with freeze_time("2026-05-20 03:00:00"):
            self.month.with_user(self.director).action_lock()
        with freeze_time("2026-05-20 04:00:00"):
            self.assertEqual(self._turn(), ["2024-09-01", "2025-09-01", "2026-04-01", "2026-05-01"])
        with freeze_time("2026-05-20 05:00:00"):
            older[1].with_user(self.director).action_lock()
        with freeze_time("2026-05-20 06:00:00"):
            self.assertEqual(self._turn(), ["2024-09-01", "2026-04-01", "2026-05-01"])
        self.assertEqual(len(self.Month.search([("company_id", "=", self.company.id)])), 5, "and makes none of them")

    def test_so_many_older_months_and_the_latest_first(self):
        self.company.sales_dept_kpi = True
        for year in (2024, 2025):
            self.Month._of(self.company, date(year, 9, 1))
        asked = []
        job = type(self.env["sales.dept.job"])
        with (
            freeze_time("2026-05-20 04:00:00"),
            patch("odoo.addons.sales_dept_kpi.models.kpi.sales_kpi_month.OLDER", 2),
            patch.object(job, "_run", lambda job, cron, totals, *args, **kwargs: asked.extend(totals.mapped("date"))),
        ):
            self.Month._cron_compute()
        self.assertEqual(sorted(set(map(str, asked))), ["2025-09-01", "2026-03-01", "2026-04-01", "2026-05-01"])
        self.assertEqual(asked, sorted(asked, reverse=True))

    def test_one_that_fails_holds_no_other_up(self):
        self.company.sales_dept_kpi = True
        Source = type(self.env["sales.kpi.source.order_review"])
        with freeze_time("2026-03-20"), patch.object(Source, "_kpi_evidence_sql", side_effect=UserError("Broken")):
            before = self._total().computed_date
            self.Month._cron_compute()
            self.assertEqual(self._total().computed_date, before)
            others = self.month.total_ids - self._total()
            self.assertEqual(set(others.mapped("computed_date")), {Datetime.now()})
        log = self.env["sales.dept.job.log"].search([], limit=1)
        self.assertIn("Broken", log.errors)

    # === A QUERY THAT FAILS === #

    def _broken(self, query="SELECT wrong FROM nowhere"):
        """The KPI's own query does not run, as that of a team's KPI after a change of its table."""
        Source = type(self.env["sales.kpi.source.order_review"])
        return patch.object(Source, "_kpi_evidence_sql", lambda source, period: SQL(query))

    def _compute_broken(self):
        with freeze_time("2026-04-02"), self._broken(), mute_logger("odoo.sql_db"):
            return self.month.with_user(self.director).action_compute()

    def test_compute_now_names_the_one_that_fails_and_computes_the_others(self):
        before = self._total().computed_date
        action = self._compute_broken()
        self.assertEqual((action["tag"], action["params"]["type"]), ("display_notification", "warning"))
        self.assertIn(
            '“Order Reviews on Time” could not be computed (relation "nowhere" does not exist).\n',
            action["params"]["message"],
        )
        self.assertNotIn("SELECT", action["params"]["message"], "its reader is no programmer")
        self.assertEqual(self._total().computed_date, before)
        self.assertEqual((self._of(self.manager1).numerator, len(self._of(self.manager1).evidence_ids)), (3, 4))
        others = self.month.total_ids - self._total()
        self.assertEqual(set(others.mapped("computed_date")), {datetime(2026, 4, 2)})
        self.assertIs(self.month.action_compute(), True, "mended, nothing is said")

    def test_without_a_transaction_of_its_own_it_holds_all_of_them_up(self):
        """The counterfactual."""
        job = type(self.env["sales.dept.job"])
        with patch.object(job, "_do", lambda job, batch, work: work(batch) or {}), self.assertRaises(UndefinedTable):
            with self.env.cr.savepoint():
                self._compute_broken()

    def test_a_month_is_locked_whole(self):
        month = self.month.with_user(self.director)
        with freeze_time("2026-04-02"), mute_logger("odoo.sql_db"):
            with self._broken(), self.assertRefused("“Order Reviews on Time” could not be computed"):
                month.action_lock()
            self.env.invalidate_all()
            self.assertEqual((self.month.state, self.month.log_ids.ids), ("open", []))
            self.kpi.active = False
            with self._broken():
                month.action_lock()
        self.assertEqual(self.month.state, "locked")
        self.assertEqual(self._of(self.manager1).numerator, 3, "it keeps what it said last")

    def test_the_difference_names_the_one_that_fails_and_compares_the_others(self):
        other = self.env.ref("sales_dept_kpi.kpi_assignment")
        rows = SQL(
            "SELECT %s AS user_id, 'res.partner' AS res_model, 1 AS res_id, 'Call back' AS name,"
            " 1::numeric AS numerator, 1::numeric AS denominator, 0::numeric AS overlay",
            self.manager1.id,
        )
        Other = type(self.env["sales.kpi.source.assignment"])
        month = self.month.with_user(self.director)
        with (
            freeze_time("2026-04-02"),
            self._broken(),
            patch.object(Other, "_kpi_evidence_sql", lambda source, period: rows),
            mute_logger("odoo.sql_db"),
        ):
            difference = self.env["sales.kpi.difference"].browse(month.action_show_difference()["res_id"])
        self.assertEqual(
            difference.failed_text,
            '“Order Reviews on Time” could not be computed (relation "nowhere" does not exist).',
        )
        line = difference.line_ids
        self.assertEqual((line.kpi_id, line.user_id, line.name), (other, self.manager1, "Call back"))
        self.assertEqual((line.kept_numerator, line.now_numerator), (0, 1))
        self.assertEqual(self._of(self.manager1).numerator, 3, "nothing of the month is touched")
        with freeze_time("2026-04-02"):
            mended = self.env["sales.kpi.difference"].browse(month.action_show_difference()["res_id"])
        self.assertFalse(mended.failed_text, "mended, nothing is said")

    def test_what_only_came_in_each_others_way_is_tried_again(self):
        with (
            patch.object(type(self._total()), "_compute_figures", side_effect=SerializationFailure),
            self.assertRaises(SerializationFailure),
        ):
            self.month.action_compute()

    def test_the_difference_makes_nothing_of_a_locked_month(self):
        """A KPI that was made since has no figure in it, and none is made by looking."""
        with freeze_time("2026-04-02"):
            self.month.with_user(self.director).action_lock()
            model = self.env["ir.model"]._get("res.partner")
            names = {field.name: field.id for field in model.field_id}
            kpi = self.env["sales.kpi"].create(
                {
                    "name": "Contacts made",
                    "measure": "total",
                    "model_id": model.id,
                    "date_field_id": names["create_date"],
                    "person_field_id": names["user_id"],
                    "company_id": False,
                }
            )
            action = self.month.with_user(self.director).action_show_difference()
        self.assertNotIn(kpi, self.month.total_ids.kpi_id)
        self.assertFalse(self.env["sales.kpi.difference"].browse(action["res_id"]).line_ids)

    # === XLSX === #

    def test_the_register_says_what_it_is(self):
        """As of when the figures are, by the company's clock, and whether they still change."""

        def head(results):
            self.env.flush_all()
            sheet = load_workbook(results.with_user(self.director)._register_file()).active
            return [row[:2] for row in sheet.iter_rows(max_row=5, values_only=True)]

        computed = "03/15/2026 12:00:00 PM (Asia/Shanghai)"
        self.assertEqual(
            head(self.month.result_ids),
            [
                ("Company", self.company.name),
                ("Period", "March 2026"),
                ("As Of", computed),
                ("Status", "Open"),
                (None, None),
            ],
        )
        self.assertEqual(head(self._of(self.manager1).evidence_ids)[1:4], head(self.month.result_ids)[1:4])
        with freeze_time("2026-04-02 04:00:00"):
            other = self._compute("2026-04-01")
            self.month.with_user(self.director).action_lock()
        self.assertEqual(head(self.month.result_ids)[2:4][1], ("Status", "Locked"))
        self._review(self.manager1, datetime(2026, 4, 1, 4), None)
        with freeze_time("2026-04-02 05:00:00"):
            self._compute("2026-04-01")
        both = head(self.month.result_ids | other.result_ids)
        self.assertEqual(both[1], ("April 2026", "Open, as of 04/02/2026 01:00:00 PM (Asia/Shanghai)"))
        self.assertEqual(both[2], ("March 2026", "Locked, as of 04/02/2026 12:00:00 PM (Asia/Shanghai)"))

    # === RIGHTS === #

    def test_a_colleagues_figures_are_theirs(self):
        mine = self.env["sales.kpi.result"].with_user(self.manager1).search([("month_id", "=", self.month.id)])
        self.assertEqual(mine.user_id, self.manager1)
        theirs = self._of(self.manager2)
        with self.assertRaises(AccessError):
            theirs.with_user(self.manager1).read(["value"])
        with self.assertRaises(AccessError):
            theirs.evidence_ids.with_user(self.manager1).read(["numerator"])
        groups = self.env["sales.kpi.result"].with_user(self.manager1)._read_group([], [], ["denominator:sum"])
        self.assertEqual(groups[0][0], 4)
        for reader in (self.director, self.gm):
            self.assertTrue(theirs.with_user(reader).read(["value"]))
        # The assistant answers for the department's reviews, and so for each of them.
        self.assertTrue(theirs.with_user(self.assistant).read(["value"]))
        self.kpi.department_role_ids = False
        with self.assertRaises(AccessError):
            theirs.with_user(self.assistant).read(["value"])

    def test_nobody_writes_figures(self):
        for user in (self.director, self.gm, self.manager1, self.env.ref("base.user_admin")):
            for record in (self.month.result_ids[0], self._total(), self.month.result_ids.evidence_ids[0]):
                with self.assertRaises(AccessError):
                    record.with_user(user).write({"numerator": 100})
                with self.assertRaises(AccessError):
                    record.with_user(user).unlink()
        with self.assertRaises(AccessError):
            self.month.with_user(self.director).write({"state": "locked"})

    def test_who_locks(self):
        for user in (self.manager1, self.assistant, self.finance):
            with freeze_time("2026-04-02"), self.assertRaises(AccessError):
                self.month.with_user(user).action_lock()
            with self.assertRaises(AccessError):
                self.month.with_user(user)._reopen("No reason")
            with self.assertRaises(AccessError):
                self.month.with_user(user).action_show_difference()

    def test_figures_of_another_company_are_hidden(self):
        other = self.env["res.company"].create({"name": "Other"})
        month = self._compute("2026-03-01", other)
        self.assertFalse(self.env["sales.kpi.month"].with_user(self.director).search([("id", "=", month.id)]))
        self.assertFalse(self.env["sales.kpi.total"].with_user(self.director).search([("month_id", "=", month.id)]))
        self.assertFalse(month.result_ids)

    # === A SOURCE === #

    def test_each_source_has_its_kpi_and_says_what_it_counts(self):
        Source = self.env["sales.kpi.source"]
        codes = Source._kpi_codes()
        self.assertIn("order_review", codes)
        kpis = self.env["sales.kpi"].with_context(active_test=False).search([("source", "!=", False)])
        self.assertEqual(sorted(kpis.mapped("source")), codes)
        for kpi in kpis:
            explanation = kpi._explanation()
            self.assertEqual(list(explanation), ["counts", "basis", "exclusions"])
            self.assertTrue(all(explanation.values()) and kpi._reasons() and kpi.threshold_ids, kpi.name)
        self.assertEqual(self.env["sales.kpi"].search([("name", "=", "Order Reviews on Time")]), self.kpi)

    def test_every_reason_has_its_text(self):
        for result in self.month.result_ids:
            self.assertTrue(all(result.evidence_ids.mapped("reason_text")))

    def test_what_has_to_happen_next(self):
        """Two are due later, one is late: both of them reach 75 %, and 90 % are out of reach."""
        moment = datetime(2026, 3, 25, 4)
        late = self._review(self.manager2, NOON, LATER)
        for _number in range(2):
            self._review(self.manager2, moment, None)
        self._threshold(75, user_id=self.manager2.id)
        with freeze_time("2026-03-20"):
            self.month.action_compute()
        result = self._of(self.manager2)
        self.assertEqual((result.numerator, result.denominator, result.pending), (1, 2, 2))
        self.assertEqual(result.next_step, "2 of 2 still open must be on time to reach 75 %.")
        self._threshold(90, day="2026-02-01", user_id=self.manager2.id)
        with freeze_time("2026-03-20"):
            self.month.action_compute()
        self.assertEqual(result.next_step, "The threshold of 90 % cannot be reached any more this month.")
        late._write_protected({"state": "superseded"})
        with freeze_time("2026-03-20"):
            self.month.action_compute()
        self.assertEqual(result.next_step, "2 of 2 still open must be on time to reach 90 %.")
        # What passed is decided: nothing can be done about it, unless more can be reached out of the same.
        self.month.action_compute()
        self.assertEqual((result.pending, result.next_step), (0, False))
        self.kpi.is_growing = True
        self.env.invalidate_all()
        self.assertEqual(result.next_step, "2 more reach 90 %.")
