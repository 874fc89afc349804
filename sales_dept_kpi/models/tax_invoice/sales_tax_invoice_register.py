from odoo import api, models

from odoo.addons.sales_dept_roles.models.register.register_column import RegisterColumn


class SalesTaxInvoice(models.Model):
    """The register of tax-office invoices as XLSX."""

    _inherit = "sales.tax.invoice"

    @api.model
    def _register_title(self):
        return self.env._("Tax-Office Invoices")

    @api.model
    def _register_columns(self):
        return [
            "date",
            "kind",
            RegisterColumn("code", width=14),
            RegisterColumn("number", width=24),
            RegisterColumn("partner_id", width=36),
            RegisterColumn("buyer_vat", width=22),
            "amount_untaxed",
            "amount_tax",
            "amount_total",
            RegisterColumn("blue_id", width=24),
            "red_amount",
            RegisterColumn(
                "moves",
                self.env._("Invoices in Odoo"),
                36,
                lambda invoice: ", ".join(invoice.sudo().line_ids.move_id.mapped("name")) or None,
            ),
            "open_amount",
            "handover_date",
            "user_id",
            "issued_by_id",
            "state",
            RegisterColumn("company_id", width=30),
        ]
