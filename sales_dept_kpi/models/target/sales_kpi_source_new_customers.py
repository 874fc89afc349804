from odoo import api, models
from odoo.tools import SQL


class SalesKpiSourceNewCustomers(models.AbstractModel):
    _name = "sales.kpi.source.new_customers"
    _inherit = "sales.kpi.source"
    _description = "New Customers"
    _kpi_sequence = 80
    _kpi_is_growing = True

    @api.model
    def _kpi_explanation(self):
        return {
            "counts": self.env._("Customers who bought for the first time ever, of as many as the target asks for."),
            "basis": self.env._(
                "What the company's setting counts as a sale; a company with all its contacts is one customer. The "
                "salesperson of the first document, and its day at the company."
            ),
            "exclusions": self.env._(
                "Credit notes and free goods make no customer. Who has no target gets no verdict."
            ),
        }

    @api.model
    def _kpi_reasons(self):
        return {
            "first": self.env._("The customer's first sale"),
            "target": self.env._("Target of the month"),
        }

    @api.model
    def _kpi_evidence_sql(self, period):
        # The customer is the document, so that each counts once.
        return SQL(
            """
            SELECT sale.user_id, 'res.partner' AS res_model, sale.partner_id AS res_id,
                   COALESCE(partner.name, '') || ' · ' || COALESCE(sale.name, '') AS name, sale.date,
                   1::numeric AS numerator, 0::numeric AS denominator, 0::numeric AS overlay, 0::numeric AS pending,
                   'first' AS reason
              FROM (%s) sale
              JOIN res_partner partner ON partner.id = sale.partner_id
         UNION ALL
            %s
            """,
            self.env["sales.basis"]._first_sales_sql(period.company, period.date_from, period.date_to),
            self.env["sales.target.line"]._kpi_targets_sql(period, "new_customers"),
        )
