from datetime import timedelta
from unittest.mock import patch

from odoo.fields import Datetime
from odoo.tests import freeze_time, tagged

from .kpi_common import KpiCommon

CODE = "order_review"


@tagged("post_install", "-at_install")
class TestKpiRetired(KpiCommon):
    """A KPI whose program goes, and comes back; as `tests/test_own_kpi.py` does with a module."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.kpi = cls.env.ref(f"sales_dept_kpi.kpi_{CODE}")
        cls.source = type(cls.env["sales.kpi.source"]._kpi_of(CODE))
        cls._review(cls.manager1, Datetime.to_datetime("2026-03-10"), Datetime.to_datetime("2026-03-09"))
        with freeze_time("2026-03-15 04:00:00"):
            cls.month = cls._compute("2026-03-01")

    def _retire(self):
        """Uninstall the module of this source alone."""
        self.patch(self.source, "_original_module", "own")
        self.env["sales.kpi"]._retire(["own"])
        # From now on the program is gone.
        patcher = patch.object(type(self.kpi), "_source", lambda kpi: None)
        self.startPatcher(patcher)
        self.env.invalidate_all()
        return patcher

    def _texts(self, lang):
        kpi = self.kpi.with_context(lang=lang)
        return kpi.name, kpi.explanation, kpi._reasons()

    def test_it_says_what_it_was_in_every_language(self):
        before = {lang: self._texts(lang) for lang in ("en_US", "zh_CN")}
        self._retire()
        self.assertFalse(self.kpi.active)
        self.assertEqual({lang: self._texts(lang) for lang in before}, before)
        self.assertTrue(self._texts("en_US")[2])
        result = self._result(self.month, CODE, self.manager1)
        self.assertIn("Order Reviews on Time", result.display_name)
        self.assertEqual(result.evidence_ids.reason_text, "Received by its deadline")

    def test_without_that_it_would_say_nothing(self):
        with patch.object(type(self.kpi), "_kept", lambda _kpi, _part: {}):
            self._retire()
            self.assertFalse(self.kpi._reasons())

    def test_only_those_of_the_module_and_only_what_was_computed(self):
        others = self.env["sales.kpi"].search([]) - self.kpi
        self._retire()
        self.assertEqual(self.env["sales.kpi"].search([]), others)
        self.assertFalse(self.env.ref(f"sales_dept_kpi.kpi_{CODE}", raise_if_not_found=False))

    def test_never_computed_it_is_left_to_go_with_its_module(self):
        self.env["sales.kpi.total"].search([("kpi_id", "=", self.kpi.id)]).result_ids.unlink()
        self.env["sales.kpi.total"].search([("kpi_id", "=", self.kpi.id)]).unlink()
        self._retire()
        self.assertTrue(self.kpi.active)
        self.assertTrue(self.env.ref(f"sales_dept_kpi.kpi_{CODE}"))

    def test_back_again_it_speaks_for_itself(self):
        patcher = self._retire()
        patcher.stop()
        self.env["sales.kpi.source"]._kpi_of(CODE)._make_kpi()
        self.assertTrue(self.kpi.active)
        self.assertFalse(self.kpi.own_name or self.kpi.kept_texts)
        self.assertEqual(self.env.ref(f"own.kpi_{CODE}"), self.kpi)

    def test_a_name_of_ones_own_stays(self):
        self.kpi.name = "Reviews"
        patcher = self._retire()
        self.assertEqual(self.kpi.name, "Reviews")
        patcher.stop()
        self.env["sales.kpi.source"]._kpi_of(CODE)._make_kpi()
        self.assertEqual(self.kpi.name, "Reviews")

    def test_one_archived_by_hand_stays_archived(self):
        self.kpi.active = False
        self.env["sales.kpi.source"]._kpi_of(CODE)._make_kpi()
        self.assertFalse(self.kpi.active)

    def test_what_nobody_computes_stays_also_where_it_is_not_archived(self):
        before = self._result(self.month, CODE, self.manager1)
        self._retire()
        self.kpi.active = True
        self.month.action_compute()
        self.assertEqual(self._result(self.month, CODE, self.manager1), before)

    def test_it_does_not_hold_up_how_fresh_the_month_is(self):
        total = self.month.total_ids.filtered(lambda total: total.kpi_id == self.kpi)
        old = self.month.computed_date - timedelta(days=9)
        self.env.cr.execute("UPDATE sales_kpi_total SET computed_date = %s WHERE id = %s", [old, total.id])
        self.env.invalidate_all()
        self.assertEqual(self.month.computed_date, old)
        self._retire()
        self.assertGreater(self.month.computed_date, old)
