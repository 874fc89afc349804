from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

COMPARISONS = {">": SQL(">"), ">=": SQL(">="), "<": SQL("<"), "<=": SQL("<="), "in": SQL("IN"), "not in": SQL("NOT IN")}


class SaleOrder(models.Model):
    """Amounts for conditions of flows: a limit is one amount, whatever currency an order is in."""

    _inherit = "sale.order"

    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency")
    amount_untaxed_company = fields.Monetary(
        "Untaxed Amount in Company Currency",
        compute="_compute_amounts_company",
        search="_search_amount_untaxed_company",
        currency_field="company_currency_id",
        help="At the order's own rate. For conditions of approval flows.",
    )
    amount_total_company = fields.Monetary(
        "Total in Company Currency",
        compute="_compute_amounts_company",
        search="_search_amount_total_company",
        currency_field="company_currency_id",
        help="At the order's own rate. For conditions of approval flows.",
    )

    @api.depends("amount_untaxed", "amount_total", "currency_rate", "company_id")
    def _compute_amounts_company(self):
        for order in self:
            order.amount_untaxed_company = order._in_company_currency(order.amount_untaxed)
            order.amount_total_company = order._in_company_currency(order.amount_total)

    def _in_company_currency(self, amount):
        """Return `amount`, which is in the order's currency, in that of its company."""
        currency = (self.company_id or self.env.company).currency_id
        return currency.round(amount / (self.currency_rate or 1.0))

    def _search_amount_untaxed_company(self, operator, value):
        return self._search_company_amount(SQL("ord.amount_untaxed"), operator, value)

    def _search_amount_total_company(self, operator, value):
        return self._search_company_amount(SQL("ord.amount_total"), operator, value)

    @api.model
    def _search_company_amount(self, amount, operator, value):
        """Search for orders by `amount`, a column of ``ord``, as :meth:`_in_company_currency` has it."""
        self.env["sale.order"].flush_model(["amount_untaxed", "amount_total", "currency_rate", "company_id"])
        orders = SQL("SELECT ord.id FROM sale_order ord %s", self._company_amount_condition(amount, operator, value))
        return Domain("id", "in", SQL("(%s)", orders))

    @api.model
    def _company_amount_condition(self, amount, operator, value):
        """Return the SQL that keeps, of ``ord``, the orders whose `amount` compares with `value`."""
        return SQL(
            """
            JOIN res_company company ON company.id = ord.company_id
            JOIN res_currency currency ON currency.id = company.currency_id
            WHERE round(%s::numeric / COALESCE(NULLIF(ord.currency_rate, 0), 1)::numeric / currency.rounding)
                  * currency.rounding %s %s
            """,
            amount,
            COMPARISONS[operator],
            tuple(value) if operator in ("in", "not in") else value,
        )
