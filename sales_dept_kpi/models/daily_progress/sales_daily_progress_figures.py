from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.sales_dept_logistics.models.stock_ageing.days import month_end

from .asked import DAY_SHIFT, EPOCH, HOLDER_BITS
from .sales_daily_progress import SELLERS
from .sales_progress_document import FIGURES
from .sales_progress_document_figures import BASES

ONE_DAY = timedelta(days=1)


class SalesDailyProgress(models.Model):
    """The sheet as SQL: the documents of the months concerned, the plan, and the days of each month added up."""

    _inherit = "sales.daily.progress"

    @api.model
    def _sheet_sql(self, days_of):
        """The rows of ``{company: Days}``."""
        return SQL(" UNION ALL ").join(
            SQL("(%s)", self._company_sheet_sql(company.sudo(), days)) for company, days in days_of.items()
        )

    @api.model
    def _company_sheet_sql(self, company, days):
        figures = [
            SQL(
                """
                COALESCE(SUM(fact.amount) FILTER (WHERE fact.figure = %(figure)s AND fact.date = day.date), 0)
                    AS %(day)s,
                COALESCE(SUM(fact.amount) FILTER (WHERE fact.figure = %(figure)s), 0) AS %(month)s
                """,
                figure=figure,
                day=SQL.identifier(f"{figure}_day"),
                month=SQL.identifier(f"{figure}_month"),
            )
            for figure, _label in FIGURES
        ]
        summed = SQL(
            """
            SELECT day.date, fact.user_id, fact.team_id, %(figures)s,
                   COALESCE(SUM(fact.amount) FILTER (WHERE fact.figure = 'plan'), 0) AS plan_month,
                   ROUND(COALESCE(SUM(fact.amount) FILTER (WHERE fact.figure = 'plan'), 0)
                         * day.worked / day.working, %(digits)s) AS plan_day,
                   COALESCE(SUM(fact.amount) FILTER (WHERE fact.figure = %(basis)s), 0) AS reached
              FROM (VALUES %(days)s) day(date, first, worked, working)
              JOIN (%(facts)s) fact ON fact.date BETWEEN day.first AND day.date
          GROUP BY day.date, day.worked, day.working, fact.user_id, fact.team_id
            """,
            figures=SQL(", ").join(figures),
            digits=company.currency_id.decimal_places,
            basis=self._basis_figure(company),
            days=SQL(", ").join(self._day_rows(company, days)),
            facts=self._facts_sql(company, days),
        )
        return SQL(
            """
            SELECT ((sheet.date - %(epoch)s::date)::bigint << %(day_shift)s)
                   | (%(company)s::bigint << %(holder_bits)s)
                   | CASE WHEN sheet.user_id IS NULL THEN COALESCE(sheet.team_id, 0) * 2 + 1
                          ELSE sheet.user_id * 2 END AS id,
                   %(company)s AS company_id, sheet.*, %(share)s AS share
              FROM (%(summed)s) sheet
            """,
            epoch=EPOCH,
            day_shift=DAY_SHIFT,
            holder_bits=HOLDER_BITS,
            company=company.id,
            share=SQL("100 * sheet.reached / NULLIF(sheet.plan_day, 0)"),
            summed=summed,
        )

    @api.model
    def _share_sql(self, reached, query):
        """Of a group of rows, what is reached of the plan to date of those that have one."""
        plan = self._field_to_sql(self._table, "plan_day", query)
        return SQL("100 * SUM(%s) FILTER (WHERE %s != 0) / NULLIF(SUM(%s), 0)", reached, plan, plan)

    # === DAYS === #

    @api.model
    def _day_rows(self, company, days):
        """Yield, as SQL, each day with the first of its month and how many of the month's working days are over."""
        first = company._moment_of(days.first.replace(day=1))
        clock = company.resource_calendar_id._working_days([first], company)
        day = days.first
        while day <= days.last:
            start = day.replace(day=1)
            before = clock.count(start - ONE_DAY)
            working = clock.count(month_end(day)) - before
            # A month without a working day has its plan on its last day.
            worked = clock.count(day) - before if working else int(day == month_end(day))
            yield SQL("(%s::date, %s::date, %s::numeric, %s::numeric)", day, start, worked, working or 1)
            day += ONE_DAY

    # === FACTS === #

    @api.model
    def _facts_sql(self, company, days):
        """``user_id, team_id, date, figure, amount`` of the months of `days` until the last of them, added up."""
        documents = self.env["sales.progress.document"]
        asked = days._replace(first=days.first.replace(day=1))
        return SQL(
            """
            SELECT document.user_id, document.team_id, document.date, document.figure, SUM(document.amount) AS amount
              FROM (%(documents)s) document
          GROUP BY document.user_id, document.team_id, document.date, document.figure
         UNION ALL %(plan)s
         UNION ALL %(sellers)s
            """,
            documents=documents._documents_sql(asked, company),
            plan=self._plan_sql(company, asked),
            sellers=self._sellers_sql(company, asked),
        )

    @api.model
    def _basis_figure(self, company):
        """Which figure the company's targets count."""
        return next(figure for figure, basis in BASES.items() if basis == company.sales_dept_sales_basis)

    @api.model
    def _plan_sql(self, company, days):
        """``user_id, team_id, date, 'plan', amount`` of the targets of the months of `days`, dated on their first.

        Targets by product category are parts of the whole and do not count again.
        """
        self.env["sales.target.line"].flush_model()
        documents = self.env["sales.progress.document"]
        return SQL(
            """
            SELECT line.user_id, %(team)s, line.date, 'plan', line.amount
              FROM sales_target_line line
             WHERE line.in_force AND line.company_id = %(company)s AND line.measure = 'sales'
               AND line.categ_id IS NULL AND line.date >= %(first)s AND line.date <= %(last)s
            """,
            team=documents._team(SQL("line.user_id"), SQL("line.team_id"), company),
            company=company.id,
            first=days.first,
            last=days.last,
        )

    @api.model
    def _sellers_sql(self, company, days):
        """Nothing yet, for each person who sells, on the first of each month of `days`."""
        return SQL(
            """
            SELECT seller.id, %(team)s, month::date, NULL, 0
              FROM UNNEST(%(users)s::integer[]) seller(id),
                   GENERATE_SERIES(%(first)s::date, %(last)s::date, '1 month') month
            """,
            team=self.env["sales.progress.document"]._team_of(SQL("seller.id"), company),
            users=self._sellers(company).ids,
            first=days.first,
            last=days.last,
        )

    @api.model
    def _sellers(self, company):
        return self.env["res.users"].union(*(self.env.ref(role)._role_holders(company) for role in SELLERS))
