from odoo import api, models
from odoo.tools import SQL


class SalesKpiSourceCollection(models.AbstractModel):
    _name = "sales.kpi.source.collection"
    _inherit = "sales.kpi.source"
    _description = "Collection on Time"
    _kpi_sequence = 20
    _kpi_unit = "money"

    @api.model
    def _kpi_explanation(self):
        return {
            "counts": self.env._("What customers paid by the due date, of what fell due in the month, by instalment."),
            "basis": self.env._(
                "The invoice's salesperson, the due date of each instalment, and the company's currency at the "
                "invoice's rate."
            ),
            "exclusions": self.env._(
                "What was credited reduces what falls due. Exchange differences do not count. What falls due later in "
                "the month is not decided yet."
            ),
        }

    @api.model
    def _kpi_reasons(self):
        return {
            "on_time": self.env._("Paid by the due date"),
            "partly": self.env._("Paid in part by the due date"),
            "late": self.env._("Paid after the due date"),
            "open": self.env._("Overdue, not paid"),
            "credited": self.env._("Credited in full"),
            "pending": self.env._("Falls due later"),
        }

    @api.model
    def _kpi_counted_from_sql(self, period):
        """From which day what was matched counts as paid: an ``SQL`` of a date, over `partial` and `other`, its entry.

        Extension point, for payments that are a promise themselves. Infinity: it does not count yet, and is no reason
        to call an instalment paid; the reason is ``awaited``, which is to be explained with it.
        """
        return SQL("partial.max_date")

    @api.model
    def _kpi_evidence_sql(self, period):
        # By the document's own currency, in which exchange differences are nothing; then as much of the balance.
        return SQL(
            """
            WITH instalment AS (
                SELECT line.id, line.move_id, move.name, move.invoice_user_id AS user_id, line.date_maturity,
                       line.balance, line.amount_currency
                  FROM account_move_line line
                  JOIN account_move move ON move.id = line.move_id
                  JOIN account_account account ON account.id = line.account_id
                 WHERE line.company_id = %(company)s AND line.parent_state = 'posted'
                   AND line.date_maturity >= %(since)s AND line.date_maturity < %(until)s
                   AND account.account_type = 'asset_receivable'
                   AND move.move_type IN ('out_invoice', 'out_receipt') AND line.amount_currency > 0
            ),
            matched AS (
                SELECT instalment.id,
                       SUM(partial.debit_amount_currency) FILTER (WHERE other.move_type = 'out_refund') AS credited,
                       SUM(partial.debit_amount_currency) FILTER (
                           WHERE other.move_type <> 'out_refund' AND counted_from <= instalment.date_maturity
                       ) AS on_time,
                       SUM(partial.debit_amount_currency) FILTER (
                           WHERE other.move_type <> 'out_refund' AND counted_from < 'infinity'
                       ) AS paid,
                       BOOL_OR(other.move_type <> 'out_refund' AND counted_from = 'infinity') AS is_awaited
                  FROM instalment
                  JOIN account_partial_reconcile partial ON partial.debit_move_id = instalment.id
                  JOIN account_move_line credit ON credit.id = partial.credit_move_id
                  JOIN account_move other ON other.id = credit.move_id
            CROSS JOIN LATERAL (SELECT %(counted_from)s AS counted_from) counting
              GROUP BY instalment.id
            ),
            owed AS (
                SELECT instalment.*, COALESCE(paid, 0) AS paid, COALESCE(on_time, 0) AS on_time, is_awaited,
                       amount_currency - COALESCE(credited, 0) AS due,
                       balance / amount_currency AS rate
                  FROM instalment
             LEFT JOIN matched ON matched.id = instalment.id
            ),
            judged AS (
                SELECT owed.*,
                       CASE WHEN due <= 0 THEN 'credited'
                            WHEN on_time >= due THEN 'on_time'
                            WHEN date_maturity >= %(today)s THEN 'pending'
                            WHEN on_time > 0 THEN 'partly'
                            WHEN paid > 0 THEN 'late'
                            WHEN is_awaited THEN 'awaited'
                            ELSE 'open' END AS standing,
                       CASE WHEN date_maturity >= %(today)s THEN on_time ELSE due END AS decided
                  FROM owed
            )
            SELECT user_id, 'account.move' AS res_model, move_id AS res_id, name, MIN(date_maturity) AS date,
                   SUM(CASE WHEN on_time = amount_currency THEN balance ELSE ROUND(on_time * rate, %(digits)s) END)
                       AS numerator,
                   SUM(CASE WHEN decided = amount_currency THEN balance ELSE ROUND(decided * rate, %(digits)s) END)
                       AS denominator,
                   0::numeric AS overlay,
                   SUM(ROUND((due - decided) * rate, %(digits)s)) AS pending,
                   CASE WHEN MIN(standing) = MAX(standing) THEN MIN(standing)
                        WHEN BOOL_OR(standing = 'pending') THEN 'pending' ELSE 'partly' END AS reason
              FROM judged
          GROUP BY user_id, move_id, name
            """,
            counted_from=self._kpi_counted_from_sql(period),
            company=period.company.id,
            since=period.date_from,
            until=period.date_to,
            today=period.today,
            digits=period.company.currency_id.decimal_places,
        )
