from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # As its ``sale_line_ids``, of lines that are about the price of what was sold, and about no quantity.
    statement_sale_line_ids = fields.Many2many(
        "sale.order.line",
        "customer_statement_price_rel",
        "invoice_line_id",
        "sale_line_id",
        "Price Corrected Of",
        readonly=True,
        copy=False,
    )

    def _copy_data_extend_business_fields(self, values):
        """A credit note takes back what its invoice says, prices too."""
        result = super()._copy_data_extend_business_fields(values)
        values["statement_sale_line_ids"] = [fields.Command.set(self.statement_sale_line_ids.ids)]
        return result
