from odoo.tests import HttpCase, tagged

from .daily_progress_common import DailyProgressCommon


@tagged("post_install", "-at_install")
class TestDailyProgressTour(DailyProgressCommon, HttpCase):
    def test_from_the_day_to_the_document_and_what_is_left(self):
        self._ordered("2031-03-05", 4321, self.manager1)
        action = self.env.ref("sales_dept_kpi.action_sales_daily_progress")
        # As if today were the 6th: the browser's clock is its own.
        action.context = "{'search_default_date': '2031-03-06', 'progress_day': '2031-03-06'}"
        self.start_tour("/odoo/daily-progress", "sales_dept_daily_progress", login="director_test")
        self.start_tour("/odoo/erp-upkeep", "sales_dept_erp_upkeep", login="director_test")
