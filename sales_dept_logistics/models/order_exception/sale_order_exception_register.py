from odoo import api, models

from odoo.addons.sales_dept_roles.models.register.register_column import RegisterColumn


class SaleOrderException(models.Model):
    """The register of exceptions as XLSX: what happened, what was done, and when the customer was told."""

    _inherit = "sale.order.exception"

    @api.model
    def _register_title(self):
        return self.env._("Order Exceptions")

    @api.model
    def _register_columns(self):
        return [
            RegisterColumn("name", width=16),
            "date_opened",
            RegisterColumn("order_id", width=14),
            RegisterColumn("partner_id", width=36),
            RegisterColumn("product_id", width=36),
            "user_id",
            "cause",
            "kind",
            "origin",
            "found_documents",
            RegisterColumn("description", width=40),
            RegisterColumn("measure", width=40),
            "date_handled",
            "handled_by_id",
            "date_promised",
            "date_found",
            "date_new",
            "date_accepted",
            "accepted_by_id",
            "teller_id",
            "date_tell_by",
            "date_in_advance_until",
            "date_told",
            "told_by_id",
            RegisterColumn("told_text", width=50),
            RegisterColumn(
                "is_in_advance",
                # Without a promise there is nothing to be told in advance of.
                value=lambda exception: (
                    (exception.env._("Yes") if exception.is_in_advance else exception.env._("No"))
                    if exception.date_told and exception.date_in_advance_until
                    else None
                ),
            ),
            "state",
            RegisterColumn("cancel_reason", width=30),
            RegisterColumn("company_id", width=30),
        ]
