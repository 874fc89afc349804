from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.sales_dept_roles.models.jobs.hashed import hashed
from odoo.addons.sales_dept_roles.models.protected_results.key import Key

SUMS = ("shipped_total", "returned_total", "adjusted_total", "received_total")


class CustomerStatement(models.Model):
    """What the lines come to: opening balance + shipments − returns ± adjustments − receipts = closing balance."""

    _inherit = "customer.statement"

    shipped_total = fields.Monetary("Shipments", readonly=True, copy=False)
    returned_total = fields.Monetary("Returns", readonly=True, copy=False)
    adjusted_total = fields.Monetary("Adjustments", readonly=True, copy=False)
    received_total = fields.Monetary("Receipts", readonly=True, copy=False)
    closing_balance = fields.Monetary(readonly=True, copy=False)
    line_count = fields.Integer("Lines on It", readonly=True, copy=False)
    late_count = fields.Integer("Late Lines", readonly=True, copy=False, help="Of earlier days than its period.")
    lines_digest = Key("Digest of the Lines", readonly=True, copy=False)

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {
            *SUMS,
            "closing_balance",
            "line_count",
            "late_count",
            "lines_digest",
        }

    def _take_totals(self, unnumbered=None):
        """Sum the lines of `self` anew, all statements at once, and number them.

        :param unnumbered: those of `self` whose lines are to be numbered, where it is not all
        """
        if not self:
            return
        self.env.flush_all()
        unnumbered = self if unnumbered is None else unnumbered
        with hashed(self.env.cr):
            if unnumbered:
                self.env.cr.execute(unnumbered._numbering_sql())
            self.env.cr.execute(self._totals_sql())
        names = [*SUMS, "closing_balance", "line_count", "late_count", "lines_digest"]
        self.invalidate_recordset(names)
        self.env["customer.statement.line"].invalidate_model(["number", "balance"])
        self.modified(names)

    def _numbering_sql(self):
        return SQL(
            """
            UPDATE customer_statement_line line
               SET number = placed.number, balance = placed.balance
              FROM (
                    SELECT row.id, %(placing)s
                      FROM customer_statement_line row
                      JOIN customer_statement statement ON statement.id = row.statement_id
                     WHERE row.statement_id IN %(ids)s
                    WINDOW by_day AS (%(by_day)s)
                   ) placed
             WHERE placed.id = line.id AND line.statement_id IN %(ids)s
               AND (line.number, line.balance) IS DISTINCT FROM (placed.number, placed.balance)
            """,
            placing=self._placing_sql(),
            by_day=self._by_day_sql(SQL("row.id")),
            ids=tuple(self.ids),
        )

    @api.model
    def _placing_sql(self):
        """Number and balance of each `row` of a `statement`."""
        return SQL(
            "ROW_NUMBER() OVER by_day AS number,"
            " COALESCE(statement.opening_balance, 0) + SUM(row.amount) OVER by_day AS balance"
        )

    @api.model
    def _by_day_sql(self, last):
        """By day, on each day what adds first: a balance falls below nothing only where it really did.

        :param last: by what rows are told apart that are alike in all that
        """
        return SQL(
            """
            PARTITION BY row.statement_id
            ORDER BY row.date, row.amount < 0, row.kind = 'receipt', row.delivery_note, %s
            ROWS UNBOUNDED PRECEDING
            """,
            last,
        )

    def _totals_sql(self):
        return SQL(
            """
            UPDATE customer_statement statement
               SET shipped_total = summed.shipped, returned_total = summed.returned,
                   adjusted_total = summed.adjusted, received_total = summed.received,
                   closing_balance = COALESCE(statement.opening_balance, 0) + summed.total,
                   line_count = summed.count, late_count = summed.late, lines_digest = summed.digest
              FROM (
                    SELECT asked.id,
                           COALESCE(SUM(line.amount) FILTER (WHERE line.kind = 'shipment'), 0) AS shipped,
                           COALESCE(-SUM(line.amount) FILTER (WHERE line.kind = 'return'), 0) AS returned,
                           COALESCE(SUM(line.amount) FILTER (WHERE line.kind = 'adjustment'), 0) AS adjusted,
                           COALESCE(-SUM(line.amount) FILTER (WHERE line.kind = 'receipt'), 0) AS received,
                           COALESCE(SUM(line.amount), 0) AS total, COUNT(line.id) AS count,
                           COUNT(line.id) FILTER (WHERE line.is_late OR line.is_difference) AS late,
                           %(digest)s AS digest
                      FROM customer_statement asked
                 LEFT JOIN customer_statement_line line ON line.statement_id = asked.id
                     WHERE asked.id IN %(ids)s
                  GROUP BY asked.id
                   ) summed
             WHERE summed.id = statement.id
            """,
            ids=tuple(self.ids),
            digest=self._digest_sql(),
        )

    @api.model
    def _digest_sql(self):
        """SHA-256 of what is stated of the rows `line`, in their order."""
        return SQL(
            """
            encode(sha256(convert_to(COALESCE(string_agg(ROW(line.number, line.kind, line.date, line.delivery_note,
                   line.customer_order_number, line.customer_part_number, line.name, line.unit, line.quantity,
                   line.price_unit, line.price_with_tax, line.tax_rate, line.amount_untaxed, line.amount_tax,
                   line.amount, line.balance)::text, E'\\n' ORDER BY line.number)
                   FILTER (WHERE line.id IS NOT NULL), ''), 'UTF8')), 'hex')
            """
        )

    def _digest_lines(self):
        """The digest of the lines as they are now."""
        self.ensure_one()
        self.env.flush_all()
        ((digest,),) = self.env.execute_query(
            SQL("SELECT %s FROM customer_statement_line line WHERE line.statement_id = %s", self._digest_sql(), self.id)
        )
        return digest
