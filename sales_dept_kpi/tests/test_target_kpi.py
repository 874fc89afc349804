from datetime import date

from odoo.tests import freeze_time, tagged

from .target_common import TargetCommon

APRIL = date(2026, 4, 10)


@tagged("post_install", "-at_install")
class TestTargetKpi(TargetCommon):
    """Sales attainment and new customers: the month's sales, and first sales, of its target in force."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._share(12000, cls.manager1)
        cls._share(24000, cls.manager2)
        cls._share(1200, team=cls.team)
        cls._share(6000, cls.manager1, categ=cls.parts)
        cls._share(24, cls.manager1, measure="new_customers")
        cls.old = cls._make_customer("Old")
        cls._invoice("2026-03-10", 1, partner_id=cls.old.id)
        cls._approve()

    def _results(self, code):
        """Compute April; return ``{person: result}`` and the department's figure."""
        month = self.env["sales.kpi.month"].sudo()._of(self.company, APRIL)
        kpi = self.env.ref(f"sales_dept_kpi.kpi_{code}").sudo()
        self.env["sales.kpi.total"].sudo()._make(month, kpi)
        self.env.invalidate_all()
        total = month.total_ids.filtered(lambda total: total.kpi_id == kpi)
        total._compute_figures()
        for result in total.result_ids:
            for name in ("numerator", "denominator", "overlay"):
                self.assertAlmostEqual(sum(result.evidence_ids.mapped(name)), result[name], msg="Σ evidence")
        return {result.user_id: result for result in total.result_ids}, total

    def test_attainment(self):
        """89.999 % misses, 90.000 % passes; who sold without a target gets no verdict; the department is all of it."""
        self._invoice("2026-04-10", 899.99, partner_id=self.old.id)
        self._invoice("2026-04-11", 2000, user=self.manager2, partner_id=self.old.id)
        self._invoice("2026-04-12", 200, user=self.manager2, move_type="out_refund", partner_id=self.old.id)
        self._invoice("2026-04-12", 70, user=self.director, partner_id=self.old.id)
        results, total = self._results("sales_attainment")
        first, second = results[self.manager1], results[self.manager2]
        self.assertEqual((first.numerator, first.denominator, first.verdict), (899.99, 1000, "missed"))
        self.assertEqual((second.numerator, second.denominator, second.verdict), (1800, 2000, "met"))
        self.assertEqual((results[self.director].has_value, results[self.director].verdict), (False, "none"))
        # The team's own, which nobody has taken on, counts for the department.
        self.assertEqual((total.numerator, total.denominator), (2769.99, 3100))
        kinds = {line.reason for line in second.evidence_ids}
        self.assertEqual(kinds, {"sale", "return", "target"})
        self.assertTrue(all(second.evidence_ids.mapped("reason_text")))

    def test_no_sale_is_nothing_reached(self):
        results, total = self._results("sales_attainment")
        self.assertEqual((results[self.manager1].value, results[self.manager1].verdict), (0, "missed"))
        self.assertEqual(total.denominator, 3100)

    def test_shares_and_credit_beside_it(self):
        """B1: parts of an order; credit beside it lifts the person's figure and not the department's."""
        self._bill(self._order([(1, 500)], confirmed="2026-04-01 02:00:00", partner_id=self.old.id), "2026-04-02")
        shared = self._order([(1, 1000)], user=self.manager2, confirmed="2026-04-01 02:00:00", partner_id=self.old.id)
        self._split(shared, self.manager1, 40)
        self._split(shared, self.manager1, 10, "overlay")
        self._bill(shared, "2026-04-03")
        results, total = self._results("sales_attainment")
        first = results[self.manager1]
        self.assertEqual((first.numerator, first.overlay, first.value, first.verdict), (900, 100, 100, "met"))
        self.assertEqual((results[self.manager2].numerator, total.numerator), (600, 1500))

    def test_a_revision_counts_once_signed(self):
        self._invoice("2026-04-10", 450, partner_id=self.old.id)
        self.assertEqual(self._results("sales_attainment")[0][self.manager1].value, 45)
        revision = self.target._revise("Half of the plant")
        share = revision.share_ids.filtered(lambda share: share.user_id == self.manager1 and share.measure == "sales")
        share.filtered(lambda share: not share.categ_id).amount = 6000
        self.assertEqual(self._results("sales_attainment")[0][self.manager1].value, 45)
        self._approve(revision)
        self.assertEqual(self._results("sales_attainment")[0][self.manager1].value, 90)

    def test_new_customers(self):
        self._invoice("2026-04-10", 10)
        self._invoice("2026-04-11", 10, partner_id=self._make_customer("B").id, user=self.manager2)
        self._invoice("2026-04-12", 10, partner_id=self.old.id)
        merged = self._make_customer("A, entered twice")
        self._invoice("2026-04-20", 10, partner_id=merged.id)
        results, total = self._results("new_customers")
        self.assertEqual((results[self.manager1].numerator, results[self.manager1].denominator), (2, 2))
        self.assertEqual(results[self.manager1].verdict, "met")
        # Without a target there is no verdict.
        self.assertEqual((results[self.manager2].numerator, results[self.manager2].verdict), (1, "none"))
        self.assertEqual((total.numerator, total.denominator), (3, 2))
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((merged | self.customer).ids, self.customer)
        self.customer.active = False
        results, _total = self._results("new_customers")
        self.assertEqual(results[self.manager1].numerator, 1)

    def test_merged_after_the_month_was_locked(self):
        """What was counted stays, and each figure is still the sum of its evidence."""
        merged = self._make_customer("A, entered twice")
        self._invoice("2026-04-10", 10)
        self._invoice("2026-04-20", 10, partner_id=merged.id)
        results, _total = self._results("new_customers")
        mine = results[self.manager1]
        with freeze_time("2026-05-02"):
            mine.month_id.with_user(self.director).action_lock()
        gone = merged.id
        self.env["base.partner.merge.automatic.wizard"].create({})._merge((merged | self.customer).ids, self.customer)
        self.env.invalidate_all()
        self.assertEqual((mine.numerator, mine.denominator), (2, 2))
        for name in ("numerator", "denominator"):
            self.assertEqual(sum(mine.evidence_ids.mapped(name)), mine[name])
        (of_gone,) = mine.evidence_ids.filtered(lambda line: (line.res_model, line.res_id) == ("res.partner", gone))
        self.assertIn("A, entered twice", of_gone.name)
        with self.assertRefused("does not exist any more"):
            of_gone.action_open_document()
        with freeze_time("2026-05-02"):
            action = mine.month_id.with_user(self.director).action_show_difference()
        lines = self.env["sales.kpi.difference"].browse(action["res_id"]).line_ids
        lines = lines.filtered(lambda line: line.kpi_id == mine.kpi_id)
        self.assertEqual([(line.kept_numerator, line.now_numerator) for line in lines], [(1, 0)])

    def test_cancelled_after_the_month_was_locked(self):
        """Documents that are cancelled, or somebody else's, and people who left: what was counted stays."""
        cancelled, moved = (self._invoice("2026-04-10", amount, partner_id=self.old.id) for amount in (70, 30))
        mine = self._results("sales_attainment")[0][self.manager1]
        with freeze_time("2026-05-02"):
            mine.month_id.with_user(self.director).action_lock()
        names = ["name", "numerator", "denominator", "reason"]
        kept = mine.evidence_ids.read(names)
        cancelled.button_draft()
        cancelled.button_cancel()
        moved.invoice_user_id = self.manager2
        self.manager1.active = False
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((mine.numerator, mine.denominator, mine.state), (100, 1000, "locked"))
        self.assertEqual(mine.evidence_ids.read(names), kept)
        for name in ("numerator", "denominator"):
            self.assertEqual(sum(mine.evidence_ids.mapped(name)), mine[name])
        with freeze_time("2026-05-02"):
            action = mine.month_id.with_user(self.director).action_show_difference()
        lines = self.env["sales.kpi.difference"].browse(action["res_id"]).line_ids
        lines = lines.filtered(lambda line: line.kpi_id == mine.kpi_id)
        self.assertEqual(
            sorted((line.user_id.id, line.kept_numerator, line.now_numerator) for line in lines),
            sorted([(self.manager1.id, 70, 0), (self.manager1.id, 30, 0), (self.manager2.id, 0, 30)]),
        )

    def test_set_based(self):
        """One statement for everybody: ten people more cost no query more."""

        def queries():
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self._results("sales_attainment")
            return self.env.cr.sql_log_count - before

        queries()
        few = queries()
        for number in range(5):
            user = self._create_role_user(f"seller{number}_test", "group_account_manager")
            self._invoice("2026-04-15", 10, user=user, partner_id=self.old.id)
        self.assertLessEqual(queries(), few + 2)
