from odoo import api, models
from odoo.tools import SQL


class SalesKpiSourceInvoicing(models.AbstractModel):
    _inherit = "sales.kpi.source.invoicing"

    @api.model
    def _kpi_explanation(self):
        explanation = super()._kpi_explanation()
        uses = self.env._(
            "Where the company uses tax-office invoices, it goes by their dates, and red letters take back."
        )
        return {**explanation, "basis": f"{explanation['basis']} {uses}"}

    @api.model
    def _invoiced_sql(self, company):
        """Where the company uses tax-office invoices, as much of a line is invoiced as of its invoice stands on them.

        Red letters take back. An invoice of nothing, whose goods were paid for in advance, stands on none.
        """
        if not company.sales_dept_tax_invoices:
            return super()._invoiced_sql(company)
        return SQL(
            """
            SELECT COALESCE(stood.date, move.invoice_date) AS date,
                   CASE WHEN move.move_type = 'out_refund' THEN -1 ELSE 1 END
                       * item.quantity * unit.factor / due.own_factor
                       * COALESCE(stood.amount / move.amount_total_signed, 1) AS quantity
              FROM sale_order_line_invoice_rel rel
              JOIN account_move_line item ON item.id = rel.invoice_line_id
              JOIN account_move move ON move.id = item.move_id
              JOIN uom_uom unit ON unit.id = item.product_uom_id
         LEFT JOIN LATERAL (
                   SELECT tax.date, line.amount
                     FROM sales_tax_invoice_line line
                     JOIN sales_tax_invoice tax ON tax.id = line.tax_invoice_id
                    WHERE line.move_id = move.id AND tax.state IN ('issued', 'red_lettered')
                      AND move.amount_total_signed <> 0) stood ON TRUE
             WHERE rel.order_line_id = due.line_id
               AND move.state = 'posted' AND move.move_type IN ('out_invoice', 'out_refund')
               AND (stood.amount IS NOT NULL OR move.amount_total_signed = 0)
            """
        )
