from collections import defaultdict
from datetime import datetime, time, timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .sales_target import READERS
from .spreading import exact
from .years import months_from, reference_year


class SalesTarget(models.Model):
    """The figures of a target: sums of its months, beside what was reached and what is in sight."""

    _inherit = "sales.target"

    sales_amount = fields.Float("Sales of the Year", digits=(16, 2), compute="_compute_amounts", groups=READERS)
    last_amount = fields.Float("Sales Last Year", digits=(16, 2), compute="_compute_amounts", groups=READERS)
    unassigned_amount = fields.Float(
        "Nobody's Yet",
        digits=(16, 2),
        compute="_compute_amounts",
        groups=READERS,
        help="What of the year's sales no person has taken on.",
    )
    actual_amount = fields.Float("Sold until Now", digits=(16, 2), compute="_compute_outlook", groups=READERS)
    in_hand_amount = fields.Float("Orders in Hand", digits=(16, 2), compute="_compute_outlook", groups=READERS)
    pipeline_amount = fields.Float("Weighted Pipeline", digits=(16, 2), compute="_compute_outlook", groups=READERS)
    forecast_amount = fields.Float(
        "Forecast to Year's End",
        digits=(16, 2),
        compute="_compute_outlook",
        groups=READERS,
        help="What was sold, orders in hand by their expected dates, and open opportunities by their probability.",
    )

    @api.depends("share_ids.amount", "share_ids.last_amount")
    def _compute_amounts(self):
        rows = self.env["sales.target.share"]._read_group(
            Domain("target_id", "in", self.ids) & Domain("measure", "=", "sales") & Domain("categ_id", "=", False),
            ["target_id", "user_id"],
            ["amount:sum", "last_amount:sum"],
        )
        sums = defaultdict(lambda: [0.0, 0.0, 0.0])
        for target, user, amount, last in rows:
            sums[target.id][0] += amount
            sums[target.id][1] += last
            sums[target.id][2] += 0 if user else amount
        for target in self:
            target.sales_amount, target.last_amount, target.unassigned_amount = sums[target._origin.id]

    @api.depends("state")
    def _compute_outlook(self):
        for target in self:
            amounts = target._outlook() if target.state == "approved" else (0, 0, 0)
            target.actual_amount, target.in_hand_amount, target.pipeline_amount = amounts
            target.forecast_amount = sum(amounts)

    def _outlook(self):
        """Return the sales of the year until now, those in hand and those in sight."""
        self.ensure_one()
        ((*amounts,),) = self.env["sales.target.report"]._read_group(
            self._report_domain() & Domain("measure", "=", "sales") & Domain("categ_id", "=", False),
            [],
            ["actual:sum", "in_hand:sum", "pipeline:sum"],
        )
        return tuple(amount or 0.0 for amount in amounts)

    def _report_domain(self):
        """The rows of plan against actual that are about this target's year."""
        self.ensure_one()
        return (
            Domain("company_id", "=", self.company_id.id)
            & Domain("date", ">=", self.date_from)
            & Domain("date", "<=", self.date_to)
        )

    # === WEIGHTS === #

    def _weights(self):
        """Return ``{month: weight}``."""
        self.ensure_one()
        return {weight.date: weight.weight for weight in self.weight_ids}

    def _weights_by(self, spread):
        """Return ``{month: weight}`` as `spread` says; months that it says nothing of weigh 1 each."""
        months = months_from(self.date_from) if self.date_from else []
        by_number = {"season": self._season, "days": self._days}.get(spread, dict)()
        return {month: by_number.get(month.month, 0 if by_number else 1) for month in months}

    def _season(self):
        """Return ``{number of the month: what was sold in it in the year compared with}``; empty where nothing was."""
        date_from, date_to = self._reference()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT EXTRACT(MONTH FROM date)::int, SUM(amount) FROM (%s) sale GROUP BY 1 HAVING SUM(amount) > 0
                """,
                self.env["sales.basis"]._documents_sql(self.company_id, date_from, date_to),
            )
        )
        return {month: float(amount) for month, amount in rows}

    def _days(self):
        """Return ``{number of the month: its working days}`` by the company's schedule."""
        calendar = self.company_id.resource_calendar_id
        clock = calendar._working_days([datetime.combine(self.date_from, time.min)], self.company_id)
        return {
            month.month: clock.count(month + relativedelta(months=1) - timedelta(days=1))
            - clock.count(month - timedelta(days=1))
            for month in months_from(self.date_from)
        }

    # === LAST YEAR === #

    def _reference(self):
        """The year compared with: its first day, and the first after it."""
        self.ensure_one()
        return reference_year(self.date_from, self.company_id._local_today())

    def _reached_last_year(self):
        """Return ``{measure: {(team id, user id): Decimal}}`` of the year compared with, of people as they are now.

        What somebody sold who is not there any more is their team's.
        """
        date_from, date_to = self._reference()
        basis = self.env["sales.basis"]
        sources = {
            "sales": (SQL("SUM(sale.amount)"), basis._documents_sql(self.company_id, date_from, date_to)),
            "new_customers": (SQL("COUNT(*)"), basis._first_sales_sql(self.company_id, date_from, date_to)),
            "new_products": (SQL("COUNT(*)"), basis._first_products_sql(self.company_id, date_from, date_to)),
        }
        return {measure: self._by_person(*source) for measure, source in sources.items()}

    def _by_person(self, figure, rows):
        present = self._people()
        found = defaultdict(Decimal)
        query = SQL(
            """
            SELECT sale.user_id, COALESCE(seller.sale_team_id, MIN(sale.team_id)), %s
              FROM (%s) sale LEFT JOIN res_users seller ON seller.id = sale.user_id
          GROUP BY sale.user_id, seller.sale_team_id
            """,
            figure,
            rows,
        )
        for user_id, team_id, amount in self.env.execute_query(query):
            found[team_id or False, user_id if user_id in present else False] += exact(amount)
        return found

    def _people(self):
        """Ids of the users of the company to whom a target may be given."""
        return set(
            self.env["res.users"].sudo().search([("share", "=", False), ("company_ids", "in", self.company_id.ids)]).ids
        )
