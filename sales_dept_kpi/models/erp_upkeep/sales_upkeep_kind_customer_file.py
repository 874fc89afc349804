from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class SalesUpkeepKindCustomerFile(models.AbstractModel):
    """Customers with orders whose file is not with finance, where the company keeps customer files."""

    _name = "sales.upkeep.kind.customer_file"
    _inherit = "sales.upkeep.kind"
    _description = "Incomplete Customer Files"
    _upkeep_model = "res.partner"
    _upkeep_action = "sales_dept_roles.action_customer_files"
    _upkeep_sequence = 50

    @api.model
    def _upkeep_hint(self):
        return self.env._("Fill in what the checklist asks for, and submit the file to finance.")

    @api.model
    def _upkeep_scope(self, company):
        if not company.sales_dept_customer_file:
            return Domain.FALSE
        self.env["sale.order"].flush_model(["company_id", "partner_id", "state"])
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        customers = SQL(
            """
            (SELECT partner.commercial_partner_id
               FROM sale_order sale JOIN res_partner partner ON partner.id = sale.partner_id
              WHERE sale.company_id = %s AND sale.state = 'sale')
            """,
            company.id,
        )
        return Domain("id", "in", customers)

    @api.model
    def _upkeep_untended(self, company):
        return Domain("customer_file_state", "not in", ["submitted", "archived"])

    @api.model
    def _upkeep_user_sql(self, alias):
        """The customer's account manager, else whose order is the latest."""
        return SQL(
            """
            COALESCE(%s, (
                SELECT sale.user_id
                  FROM sale_order sale JOIN res_partner partner ON partner.id = sale.partner_id
                 WHERE partner.commercial_partner_id = %s AND sale.state = 'sale'
              ORDER BY sale.date_order DESC, sale.id DESC LIMIT 1
            ))
            """,
            super()._upkeep_user_sql(alias),
            SQL.identifier(alias, "id"),
        )
