from math import isfinite

from odoo import api, fields, models

RESULTS = {"is_customer_choice"}
# What the pricelist says again when the quantity changes.
PRICES = ("price_unit", "technical_price_unit", "discount")


class SaleOrderLine(models.Model):
    """Lines that the customer changes on the portal. Who wrote a quantity is recorded with it."""

    _inherit = "sale.order.line"

    is_customer_choice = fields.Boolean(
        "Chosen by the Customer",
        readonly=True,
        copy=False,
        help="The quantity is what the customer chose on the portal, of a line that was offered as optional.",
    )

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | RESULTS

    @api.model_create_multi
    def create(self, vals_list):
        orders = self.env["sale.order"].browse({vals["order_id"] for vals in vals_list if vals.get("order_id")})
        with orders._customer_choosing():
            return super().create(vals_list)

    def write(self, vals):
        if "product_uom_qty" not in vals:
            with self.order_id._customer_choosing():
                return super().write(vals)
        if not self._is_written_by_customer():
            result = super().write(vals)
            self.sudo().filtered("is_customer_choice")._write_protected({"is_customer_choice": False})
            return result
        kept = [self._fields[name] for name in PRICES]
        with self.order_id._customer_choosing() as orders:
            priced_by_hand = self.filtered(lambda line: line.order_id in orders and not line._is_priced_by_pricelist())
            with self.env.protecting(kept, priced_by_hand):
                result = super().write(vals)
            chosen = self.filtered(lambda line: line.order_id in orders and line._is_option())
            chosen._write_protected({"is_customer_choice": True})
        return result

    def unlink(self):
        with self.order_id._customer_choosing():
            return super().unlink()

    @api.model
    def _is_written_by_customer(self):
        """Whether a customer is at work: the portal writes as superuser, in the customer's name."""
        return self.env.su and not self.env.user._is_internal()

    def _is_option(self):
        """Whether the line is offered as optional: it is the customer's to take or to leave."""
        # Odoo's field depends on nothing, so a cached one may be out of date.
        self.order_id.order_line.invalidate_recordset(["parent_id"], flush=False)
        return not self.display_type and self._is_line_optional()

    def _is_permitted_choice(self):
        """Whether the customer's quantity is one that the offer lets her choose."""
        quantity = self.product_uom_qty
        return self.is_customer_choice and isfinite(quantity) and quantity >= 0 and self._is_option()

    def _is_priced_by_pricelist(self):
        """Whether the line has the price that Odoo would give it, and nobody gave it another."""
        if not self.product_id:
            return False
        priced = self.new(origin=self)
        priced._reset_price_unit()
        priced._compute_discount()
        return not (
            self.currency_id.compare_amounts(self.price_unit, priced.price_unit)
            or fields.Float.compare(self.discount, priced.discount, precision_digits=6)
        )
