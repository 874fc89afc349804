from odoo import models
from odoo.tools import SQL

from .customer_statement import ONE_DAY


class CustomerStatement(models.Model):
    """Kits, which leave component by component: as many are shipped as their components make by the last day.

    Manufacturing is no dependency: its models are looked for.
    """

    _inherit = "customer.statement"

    def _kits_sql(self):
        """``(statement_id, sale_line_id, quantity)``: kits that were shipped from the first day of all to the last one.

        Without manufacturing there is none, and what Odoo says is delivered is taken.
        """
        rows = [SQL("(%s, %s, %s::numeric)", *row) for row in self._kits()]
        if not rows:
            return SQL("SELECT 0 AS statement_id, 0 AS sale_line_id, 0.0 AS quantity WHERE FALSE")
        return SQL("SELECT * FROM (VALUES %s) kit (statement_id, sale_line_id, quantity)", SQL(", ").join(rows))

    def _kits(self):
        if "mrp.bom" not in self.env or not self.env["mrp.bom"].sudo().search_count(
            [("type", "=", "phantom")], limit=1
        ):
            return []
        found = self.env.execute_query(
            SQL(
                "WITH asked AS MATERIALIZED (%s), payer AS MATERIALIZED (%s) "
                "SELECT DISTINCT statement_id, sale_line_id FROM (%s) moved WHERE is_part",
                self._asked_sql(),
                self._payers_sql(),
                self._moved_sql(),
            )
        )
        lines = self.env["sale.order.line"].sudo().browse({line_id for _statement_id, line_id in found})
        rows = []
        for statement_id, line_id in found:
            statement, line = self.browse(statement_id), lines.browse(line_id).with_prefetch(lines.ids)
            quantities = [
                line._kits_shipped_until(day) for day in (statement.date_to, statement.chain_date_from - ONE_DAY)
            ]
            if None not in quantities:
                rows.append((statement_id, line_id, quantities[0] - quantities[1]))
        return rows
