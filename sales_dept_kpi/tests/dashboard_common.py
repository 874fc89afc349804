from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta

from .kpi_common import KpiCommon


class DashboardCommon(KpiCommon):
    """Two months of order reviews: this one and the last, of two account managers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kpi = cls.env.ref("sales_dept_kpi.kpi_order_review")
        cls.this = cls.company._local_today().replace(day=1)
        cls.last = cls.this - relativedelta(months=1)
        # Of the first manager 3 of 4, a month ago 1 of 2; of the second all.
        cls._reviews(cls.manager1, cls.this, on_time=3, late=1)
        cls._reviews(cls.manager1, cls.last, on_time=1, late=1)
        cls._reviews(cls.manager2, cls.this, on_time=1)
        for day in (cls.last, cls.this):
            cls._compute(str(day))

    @classmethod
    def _reviews(cls, user, day, on_time=0, late=0):
        # The company's first of the month, some hours in: it is past whenever the test runs.
        due = datetime(day.year, day.month, 1) - timedelta(hours=7)
        for is_late in [False] * on_time + [True] * late:
            cls._review(user, due, due + timedelta(hours=1) if is_late else due)

    @classmethod
    def _month_of(cls, day):
        return cls.Month._of(cls.company, day)

    def _queries(self, ask):
        """How many queries `ask` takes; rules and names of models are known, as on a server that runs."""
        ask()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        ask()
        return self.env.cr.sql_log_count - before
