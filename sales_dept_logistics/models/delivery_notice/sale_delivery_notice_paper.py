from odoo import api, fields, models
from odoo.tools import formatLang

from odoo.addons.sales_dept_roles.models.paper.capitals import amount_in_capitals

from .price import price_places
from .sale_delivery_notice_line_price import READERS


class SaleDeliveryNotice(models.Model):
    """What the delivery paper (送货单) says."""

    _inherit = "sale.delivery.notice"

    delivery_paper_prices = fields.Boolean(
        "Prices on the Delivery Paper",
        compute="_compute_delivery_paper_prices",
        store=True,
        readonly=False,
        precompute=True,
        help="The paper that goes along with the goods says what they cost. By default as the customer's form says.",
    )

    @api.depends("partner_id")
    def _compute_delivery_paper_prices(self):
        for notice in self:
            notice.delivery_paper_prices = notice.partner_id.commercial_partner_id.delivery_paper_prices

    @api.model
    def _terms(self):
        return super()._terms() | {"delivery_paper_prices"}

    def action_issue(self):
        result = super().action_issue()
        self.filtered("delivery_paper_prices").line_ids.sudo()._freeze_prices()
        return result

    def _delivery_paper_parts(self):
        """Who keeps the three parts of the paper."""
        return [
            self.env._("Part 1: customer"),
            self.env._("Part 2: finance"),
            self.env._("Part 3: file"),
        ]

    def _delivery_paper_rows(self):
        """Return the rows of the paper: what was ordered, what leaves with it, what is open after it, what it costs.

        Until goods have left, what leaves is what was loaded, or else what was noticed.
        """
        self.ensure_one()
        rows = []
        for line in self.sudo().line_ids:
            is_over = self.state in ("shipped", "signed")
            now = line.qty_shipped if is_over or line.qty_shipped else line.qty_loaded or line.quantity
            ordered = line.sale_line_id.product_uom_qty
            # What left by now is with the customer; what did not will be, when the paper goes along.
            delivered = line.sale_line_id.qty_delivered + (0.0 if line.qty_shipped else now)
            row = {"line": line, "ordered": ordered, "now": now, "open": max(ordered - delivered, 0.0)}
            rows.append(row | (line._paper_price(now) if self._paper_has_prices() else {}))
        return rows

    def _paper_has_prices(self):
        """Whether prices were asked for, and whoever prints the paper may know them."""
        may_read = self.env.su or any(map(self.env.user.has_group, READERS.split(",")))
        return self.delivery_paper_prices and may_read

    def _delivery_paper_totals(self, rows):
        """Return the totals of the `rows`: one for each currency, and each for prices with and without tax.

        :return: ``[{"currency", "with_tax", "amount": Decimal, "capitals": str or False}]``
        """
        totals = {}
        for row in rows:
            key = (row["currency"], row["with_tax"])
            totals[key] = totals.get(key, 0) + row["amount"]
        return [
            {
                "currency": currency,
                "with_tax": with_tax,
                "amount": amount,
                "capitals": self.company_id._writes_capitals(currency) and f"人民币{amount_in_capitals(amount)}",
            }
            for (currency, with_tax), amount in totals.items()
        ]

    def _paper_price_text(self, price):
        """The unit `price` with all decimals that it was agreed with."""
        least = self.env["decimal.precision"].precision_get("Product Price")
        return formatLang(self.env, float(price), digits=price_places(price, least))

    def _paper_amount_text(self, amount, currency):
        return formatLang(self.env, float(amount), digits=currency.decimal_places)
