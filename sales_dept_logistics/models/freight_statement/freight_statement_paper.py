from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

# As many exceptions are printed; more of them are in the XLSX.
PRINTED = 200


class FreightStatement(models.Model):
    """What stands on the printed statement (物流对账单)."""

    _inherit = "freight.statement"

    def _printed_kinds(self):
        """Return a row for each kind of charge: ``[{"label", "count", "expected", "amount", "payable"}]``."""
        self.ensure_one()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT kind_id, COUNT(*) AS count, SUM(expected_amount) AS expected, SUM(amount) AS amount,
                       SUM(payable_amount) AS payable
                  FROM freight_statement_line line
             LEFT JOIN freight_charge_kind kind ON kind.id = line.kind_id
                 WHERE line.statement_id = %s
              GROUP BY kind_id, kind.sequence ORDER BY kind.sequence, kind_id
                """,
                self.id,
            )
        )
        kinds = self.env["freight.charge.kind"]
        return [{**row, "label": kinds.browse(row["kind_id"]).name or self.env._("Other charges")} for row in rows]

    def _printed_lines(self):
        """The exceptions, those disputed first."""
        return self.env["freight.statement.line"].search(
            Domain("statement_id", "=", self.id) & Domain("is_exception", "=", True),
            order="decision desc, id",
            limit=PRINTED,
        )

    def _printed_capitals(self):
        """What is to be paid in capitals, on Chinese papers only; or False."""
        self.ensure_one()
        return self.company_id._capitals_of(self.payable_total, self.currency_id)
