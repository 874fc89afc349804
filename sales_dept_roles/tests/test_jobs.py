from unittest.mock import patch

from lxml import etree

from odoo.modules import Manifest
from odoo.tests import tagged
from odoo.tools import file_path

from .common import SalesDeptCommon

CRON = "sales_dept_roles.ir_cron_quote_signoff_recheck"


class Killed(BaseException):
    """As when the server is stopped: nothing catches it."""


@tagged("post_install", "-at_install")
class TestJobs(SalesDeptCommon):
    """Long work of crons can be stopped at any moment, and says what it did."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Log = cls.env["sales.dept.job.log"]
        cls.partners = cls.env["res.partner"].create([{"name": f"P{number}"} for number in range(10)])
        cls.done = []

    def _run(self, work=None, **options):
        options = {"batch_size": 3, **options}
        return self.env["sales.dept.job"]._run(CRON, self.partners, work or self._work, **options)

    def _work(self, batch):
        self.done.extend(batch.ids)
        batch.comment = "<p>Done</p>"

    def _kill(self, call):
        """Not by `assertRaises`, which would undo what was committed before."""
        try:
            call()
        except Killed:
            return
        self.fail("It was not killed.")

    def setUp(self):
        super().setUp()
        self.done.clear()

    def test_log(self):
        log = self._run()
        self.assertEqual(self.done, self.partners.ids)
        self.assertEqual((log.done_count, log.remaining_count, log.error_count, log.state), (10, 0, 0, "done"))
        self.assertEqual(log.cron_id, self.env.ref(CRON))

    def test_logged_whoever_it_runs_as(self):
        """An administrator may give a cron to a user, who cannot write the log by hand."""
        work = self.env(user=self.manager1)["sales.dept.job"]
        log = work._run(CRON, self.partners.with_env(work.env), lambda batch: self.done.extend(batch.ids))
        self.assertEqual(log.sudo().done_count, 10)

    def test_killed_and_resumed(self):
        """Killed after the second of four batches, it goes on with the third."""

        def work(batch):
            if len(self.done) == 6:
                raise Killed
            self._work(batch)

        self._kill(lambda: self._run(work, goes_on=True))
        log = self.Log.search([], limit=1)
        self.assertEqual((log.done_count, log.remaining_count, log.state), (6, 4, "running"))
        self.assertEqual(self.done, self.partners[:6].ids)
        resumed = self._run(goes_on=True)
        self.assertEqual(log.state, "stopped")
        self.assertEqual((resumed.done_count, resumed.remaining_count, resumed.state), (4, 0, "done"))
        self.assertEqual(self.done, self.partners.ids, "each once")
        # The turn after one that came to its end begins from the start.
        self._run(goes_on=True)
        self.assertEqual(self.done, self.partners.ids * 2)

    def test_killed_cron_keeps_what_was_done(self):
        """In the cron itself: what was done before is committed, with its line in the log."""
        self.company.sales_dept_quote_signoff = "rule"
        orders = self.env["sale.order"].concat(*(self._create_quotation() for _number in range(4)))
        recheck = type(orders)._quote_signoff_recheck_now
        looked_at = []

        def work(batch):
            if len(looked_at) == 2:
                raise Killed
            looked_at.extend(batch.ids)
            return recheck(batch)

        self.patch(type(orders), "_quote_signoff_recheck_now", work)
        run = type(self.env["sales.dept.job"])._run
        self.patch(
            type(self.env["sales.dept.job"]),
            "_run",
            lambda job, cron, records, work, **options: run(
                job, cron, records & orders, work, **{**options, "batch_size": 1}
            ),
        )
        commits = []
        crons = self.env["sale.order"]
        self.patch(
            type(self.env["sales.dept.job"]),
            "_commit",
            lambda job, done, remaining: commits.append((done, remaining)) or 60,
        )
        self._kill(crons._cron_quote_signoff_recheck)
        self.assertEqual(commits, [(0, 4), (1, 3), (1, 2)])
        self.patch(type(orders), "_quote_signoff_recheck_now", lambda batch: looked_at.extend(batch.ids))
        crons._cron_quote_signoff_recheck()
        self.assertEqual(looked_at, orders.ids, "the rest, and each once")

    def test_no_time_left(self):
        turns = iter([60, 60, 0])
        self.patch(type(self.env["sales.dept.job"]), "_commit", lambda job, done, remaining: next(turns))
        log = self._run(goes_on=True)
        self.assertEqual((log.done_count, log.remaining_count, log.state), (6, 4, "stopped"))

    def test_one_that_fails_holds_nobody_up(self):
        bad = self.partners[4]

        def work(batch):
            if bad in batch:
                raise ValueError("no such thing")
            self._work(batch)

        log = self._run(work)
        self.assertEqual((log.done_count, log.error_count, log.state), (9, 1, "done"))
        self.assertIn(f"res.partner {bad.id}: no such thing", log.errors)
        self.assertFalse(bad.comment)
        self.assertTrue(all((self.partners - bad).mapped("comment")))

    def test_seen_by_the_administrator_only(self):
        self._run()
        admin = self.env.ref("base.user_admin")
        self.assertTrue(self.Log.with_user(admin).search([]))
        for user in (self.gm, self.director, self.manager1, self.outsider):
            self.assertFalse(self.Log.with_user(user).has_access("read"))
        self.assertFalse(self.Log.with_user(admin).has_access("write"))

    def _crons(self):
        """Those of all our addons that are installed."""
        names = [name for name in self.env["ir.module.module"]._installed() if name.startswith("sales_dept_")]
        data = self.env["ir.model.data"].search([("module", "in", names), ("model", "=", "ir.cron")])
        self.assertGreaterEqual(len(data), 5)
        return {record.complete_name: self.env["ir.cron"].browse(record.res_id) for record in data}

    def test_crons_keep_their_times(self):
        """An upgrade leaves alone what somebody set."""
        for name in self._crons():
            with self.subTest(cron=name):
                self.assertTrue(self._is_noupdate(*name.split(".")))

    def test_every_cron_runs(self):
        """As the server runs it, and it is switched on."""
        for name, cron in self._crons().items():
            with self.subTest(cron=name):
                self.assertTrue(cron.active)
                self.assertEqual(cron.user_id, self.env.ref("base.user_root"), "it sees all companies")
                with patch.object(self.registry["ir.cron"], "_commit_progress", return_value=60):
                    cron.ir_actions_server_id.with_user(cron.user_id).run()

    def _is_noupdate(self, module, name):
        for path in Manifest.for_addon(module)["data"]:
            if path.endswith(".xml"):
                for record in etree.parse(file_path(f"{module}/{path}")).iterfind(f".//record[@id='{name}']"):
                    return any(node.get("noupdate") == "1" for node in record.iterancestors())
        return False
