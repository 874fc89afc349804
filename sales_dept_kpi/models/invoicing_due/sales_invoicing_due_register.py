from odoo import api, models

from odoo.addons.sales_dept_roles.models.register.register_column import RegisterColumn


class SalesInvoicingDue(models.Model):
    """The list of what is to be invoiced as XLSX."""

    _inherit = "sales.invoicing.due"

    @api.model
    def _register_title(self):
        return self.env._("Shipments to Invoice")

    @api.model
    def _register_columns(self):
        return [
            RegisterColumn("partner_id", width=36),
            "name",
            "order_id",
            "ship_date",
            "closing_date",
            RegisterColumn(
                "days_left", value=lambda row: row.days_left if row.state in ("due", "late") else None, width=10
            ),
            "amount",
            "invoiced_amount",
            "on_time_amount",
            "remaining_amount",
            "handover_date",
            "user_id",
            "state",
            RegisterColumn("company_id", width=30),
        ]
