from odoo import api, fields, models
from odoo.tools import SQL

from .sales_collection_basis import DEPENDS

# Ratios: numerator and denominator, of a row or of the sums of a group.
RATIOS = {
    "cei": ("collected", "collectable"),
    "dso": ("closing", "billed_a_day"),
    "on_time_share": ("on_time", "fell_due"),
}


class SalesCollectionFigure(models.Model):
    """How well a person collected in a month: CEI and DSO, by the ageing kept at its end, beside the on-time rate.

    The on-time rate is that of the KPI, as computed or locked; nothing of it is computed here.
    """

    _name = "sales.collection.figure"
    _description = "Figures of the Collection"
    _auto = False
    _order = "date desc, user_id, id"
    _rec_name = "date"
    _depends = {
        **DEPENDS,
        "sales.receivable.ageing": ["company_id", "date", "user_id", "total", "not_due"],
        "sales.kpi.result": ["numerator", "denominator", "kpi_id", "date", "user_id", "company_id"],
    }

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date("Month", readonly=True)
    user_id = fields.Many2one("res.users", "Account Manager", readonly=True)
    opening = fields.Monetary("Open Before", readonly=True, aggregator=None)
    billed = fields.Monetary(readonly=True, help="In the month, with tax, less credit notes.")
    closing = fields.Monetary("Open at Its End", readonly=True, aggregator=None)
    closing_not_due = fields.Monetary("Of Which Not Due", readonly=True, aggregator=None)
    collected = fields.Monetary(readonly=True, help="Open before + invoiced − open at its end.")
    collectable = fields.Monetary(readonly=True, help="Open before + invoiced − what was not due at its end.")
    billed_a_day = fields.Monetary("Invoiced a Day", readonly=True, help="Over the three months that end with it.")
    on_time = fields.Monetary("Paid in Time", readonly=True)
    fell_due = fields.Monetary(readonly=True)
    cei = fields.Float(
        "CEI (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Collection effectiveness: what was collected, of what could be. 100: nothing overdue is left.",
    )
    dso = fields.Float(
        "DSO (Days)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Days of sales outstanding: what is open, in days of what was invoiced in the last three months.",
    )
    on_time_share = fields.Float(
        "On Time (%)", readonly=True, aggregator="avg", digits=(16, 1), help="As the KPI Collection on Time says."
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT summed.*, %(ratios)s
              FROM (SELECT row.*, opening + billed - closing AS collected,
                           opening + billed - closing_not_due AS collectable
                      FROM (%(rows)s) row) summed
            """,
            ratios=SQL(", ").join(
                SQL(
                    "%s * %s / NULLIF(%s, 0) AS %s",
                    1 if name == "dso" else 100,
                    SQL.identifier(above),
                    SQL.identifier(below),
                    SQL.identifier(name),
                )
                for name, (above, below) in RATIOS.items()
            ),
            rows=self._rows_sql(),
        )

    @api.model
    def _rows_sql(self):
        return SQL(
            """
            SELECT person.id, person.company_id, person.user_id, person.month AS date,
                   COALESCE(aged.closing, 0) AS closing, COALESCE(aged.closing_not_due, 0) AS closing_not_due,
                   CASE WHEN EXISTS (SELECT 1 FROM sales_receivable_ageing any_row
                                      WHERE any_row.company_id = person.company_id
                                        AND any_row.date = person.month - 1)
                        THEN COALESCE(before.closing, 0) END AS opening,
                   COALESCE(billed.amount, 0) AS billed,
                   billed_before.amount / (person.date - (person.month - INTERVAL '2 months')::date + 1)
                       AS billed_a_day,
                   result.numerator AS on_time, result.denominator AS fell_due
              FROM (%(people)s) person
         LEFT JOIN (%(aged)s) aged ON aged.company_id = person.company_id AND aged.date = person.date
                   AND aged.user_id IS NOT DISTINCT FROM person.user_id
         LEFT JOIN (%(aged)s) before ON before.company_id = person.company_id AND before.date = person.month - 1
                   AND before.user_id IS NOT DISTINCT FROM person.user_id
         LEFT JOIN LATERAL (SELECT SUM(amount) AS amount FROM (%(billed)s) billed
                             WHERE billed.company_id = person.company_id AND billed.month = person.month
                               AND billed.user_id IS NOT DISTINCT FROM person.user_id) billed ON TRUE
         LEFT JOIN LATERAL (SELECT SUM(amount) AS amount FROM (%(billed)s) billed
                             WHERE billed.company_id = person.company_id AND billed.month <= person.month
                               AND billed.month >= person.month - INTERVAL '2 months'
                               AND billed.user_id IS NOT DISTINCT FROM person.user_id) billed_before ON TRUE
         LEFT JOIN sales_kpi_result result ON result.company_id = person.company_id AND result.date = person.month
                   AND result.user_id = person.user_id
                   AND result.kpi_id = (SELECT id FROM sales_kpi WHERE source = 'collection' LIMIT 1)
            """,
            people=self._people_sql(),
            aged=self._aged_sql(),
            billed=self._billed_sql(),
        )

    @api.model
    def _people_sql(self):
        """Who has a row in each month whose ageing was taken, also who collected all of it and has none in the ageing:
        who was owed something at its end or before it, or invoiced something in the three months that end with it.
        """
        return SQL(
            """
            SELECT ROW_NUMBER() OVER (ORDER BY taken.company_id, taken.month, person.user_id) AS id,
                   taken.company_id, person.user_id, taken.month, taken.date
              FROM (SELECT DISTINCT company_id, month, date FROM (%(aged)s) month_end) taken
        CROSS JOIN LATERAL (
                   SELECT owed.user_id FROM (%(aged)s) owed
                    WHERE owed.company_id = taken.company_id AND owed.date IN (taken.date, taken.month - 1)
                    UNION
                   SELECT invoiced.user_id FROM (%(billed)s) invoiced
                    WHERE invoiced.company_id = taken.company_id AND invoiced.month <= taken.month
                      AND invoiced.month >= taken.month - INTERVAL '2 months') person
            """,
            aged=self._aged_sql(),
            billed=self._billed_sql(),
        )

    @api.model
    def _aged_sql(self):
        """The ageings by person; of a month's end only."""
        return SQL(
            "SELECT MIN(id) AS id, company_id, user_id, date, date_trunc('month', date)::date AS month,"
            " SUM(total) AS closing, SUM(not_due) AS closing_not_due FROM sales_receivable_ageing"
            " WHERE date = (date_trunc('month', date) + INTERVAL '1 month - 1 day')::date"
            " GROUP BY company_id, user_id, date"
        )

    @api.model
    def _billed_sql(self):
        """What was invoiced, with tax and less credit notes, by person and month."""
        basis = self.env["sales.collection.basis"]
        return SQL(
            """
            SELECT company_id, user_id, date_trunc('month', booked)::date AS month, SUM(balance) AS amount
              FROM (SELECT %(columns)s, line.balance, line.date AS booked %(tables)s
                     WHERE %(receivable)s AND move.move_type IN ('out_invoice', 'out_receipt', 'out_refund')) line
          GROUP BY 1, 2, 3
            """,
            columns=basis._item_columns_sql(),
            tables=basis._item_tables_sql(),
            receivable=basis._receivable_sql(),
        )

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """The ratio of a group is that of its sums."""
        name, _colon, function = aggregate_spec.partition(":")
        if name not in RATIOS or function != "avg":
            return super()._read_group_select(aggregate_spec, query)
        above, below = (self._field_to_sql(self._table, part, query) for part in RATIOS[name])
        return SQL("%s * SUM(%s) / NULLIF(SUM(%s), 0)", 1 if name == "dso" else 100, above, below)
