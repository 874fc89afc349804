from odoo import api, fields, models

from .price import PRICE_PLACES, agreed_price, exact, line_amount

# Who reads what goods cost on orders, or judges it. Other departments read notices without.
READERS = "sales_team.group_sale_salesman,stock.group_stock_user,sales_dept_roles.group_finance_verifier"


class SaleDeliveryNoticeLine(models.Model):
    """What the goods of a line cost, as the order says: values, and frozen once the notice is issued."""

    _inherit = "sale.delivery.notice.line"

    price_unit = fields.Float(
        "Agreed Price",
        digits=(16, PRICE_PLACES),
        readonly=True,
        copy=False,
        groups=READERS,
        help="Of the order line, after discount, when the notice was issued.",
    )
    price_currency_id = fields.Many2one(
        "res.currency", "Currency of the Price", readonly=True, copy=False, groups=READERS
    )
    price_with_tax = fields.Boolean("Price with Tax", readonly=True, copy=False, groups=READERS)

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"price_unit", "price_currency_id", "price_with_tax"}

    def _freeze_prices(self):
        """Keep what is agreed now: later changes of orders, taxes and rates change no paper."""
        for line in self:
            line._write_protected(line._prepare_price_values())

    def _prepare_price_values(self):
        sale_line = self.sale_line_id
        taxes = sale_line.tax_ids
        return {
            "price_unit": float(agreed_price(sale_line.price_unit, sale_line.discount)),
            "price_currency_id": sale_line.currency_id.id,
            "price_with_tax": bool(taxes) and all(taxes.mapped("price_include")),
        }

    def _paper_price(self, quantity):
        """Return what `quantity` of the line costs: frozen, or as agreed now where the notice is still changed.

        :return: ``{"price", "amount": Decimal, "currency": record, "with_tax": bool}``
        """
        self.ensure_one()
        values = self._prepare_price_values()
        if self.price_currency_id:
            values = {name: self[name] for name in values} | {"price_currency_id": self.price_currency_id.id}
        currency = self.env["res.currency"].browse(values["price_currency_id"])
        price = exact(values["price_unit"])
        return {
            "price": price,
            "amount": line_amount(quantity, price, currency.rounding),
            "currency": currency,
            "with_tax": values["price_with_tax"],
        }
