from odoo import api, models
from odoo.tools import SQL


class SalesKpiSourceSalesAttainment(models.AbstractModel):
    _name = "sales.kpi.source.sales_attainment"
    _inherit = "sales.kpi.source"
    _description = "Sales Attainment"
    _kpi_sequence = 10
    _kpi_is_growing = True
    _kpi_unit = "money"

    @api.model
    def _kpi_explanation(self):
        return {
            "counts": self.env._("Sales of the month, of the month's target in force."),
            "basis": self.env._(
                "What the company's setting counts as a sale: posted invoices, goods that left, or confirmed orders. "
                "Without taxes, in the company's currency, less credit notes and returns; the document's salesperson, "
                "or those who share the order's credit; the company's day."
            ),
            "exclusions": self.env._(
                "Targets by product category are parts of the whole and do not count again. Who has no target gets no "
                "verdict."
            ),
        }

    @api.model
    def _kpi_reasons(self):
        return {
            "sale": self.env._("Sold"),
            "return": self.env._("Credited or returned"),
            "split": self.env._("Share of an order's credit"),
            "overlay": self.env._("Credit for a colleague's order"),
            "target": self.env._("Target of the month"),
        }

    @api.model
    def _kpi_evidence_sql(self, period):
        return SQL(
            """
            SELECT sale.user_id, sale.res_model, sale.res_id, sale.name, sale.date, sale.amount AS numerator,
                   0::numeric AS denominator, sale.overlay, 0::numeric AS pending,
                   CASE WHEN sale.overlay <> 0 AND sale.amount = 0 THEN 'overlay'
                        WHEN sale.is_split THEN 'split'
                        WHEN sale.amount < 0 THEN 'return' ELSE 'sale' END AS reason
              FROM (%s) sale
             WHERE sale.amount <> 0 OR sale.overlay <> 0
         UNION ALL
            %s
            """,
            self.env["sales.basis"]._documents_sql(period.company, period.date_from, period.date_to),
            self.env["sales.target.line"]._kpi_targets_sql(period, "sales"),
        )
