from odoo import api, models
from odoo.tools import SQL, formatLang

from ..approval.glance import Fact, percent_text, share_text

# Who may see what an order earns.
MARGIN_GROUPS = ("sales_dept_roles.group_general_manager", "sales_dept_roles.group_finance_verifier")
# So many prices are named one by one.
MOST_PRICES = 3
# What the database reads for the sums of a quotation's lines at list prices.
LIST_PRICE_FIELDS = {
    "sale.order.line": [
        "order_id",
        "display_type",
        "product_id",
        "product_uom_id",
        "product_uom_qty",
        "price_unit",
        "discount",
    ],
    "product.product": ["product_tmpl_id", "product_template_attribute_value_ids"],
    "product.template": ["list_price", "uom_id", "company_id"],
    "product.template.attribute.value": ["price_extra"],
    "uom.uom": ["factor"],
    "res.company": ["currency_id"],
}


class SaleOrder(models.Model):
    """What is seen at a glance of a quotation: how its prices stand beside the list, and beside the last order."""

    _inherit = "sale.order"

    def _approval_glance(self, is_short=False):
        glance = super()._approval_glance(is_short)
        # Together, and no more than the facts are made of.
        self.fetch(["currency_id", "company_id", "date_order", "partner_id", "payment_term_id"])
        for company, orders in self.grouped("company_id").items():
            orders.partner_id.with_company(company).property_payment_term_id.mapped("display_name")
        amounts = self._glance_amounts()
        last_prices = {} if is_short else self._last_prices()
        priced = [line_id for prices in last_prices.values() for line_id in prices]
        self.env["sale.order.line"].browse(priced).product_id.mapped("display_name")
        for order in self:
            gross, net, listed = amounts.get(order.id, (0.0, 0.0, {}))
            glance[order.id] += [
                *([] if is_short else order._glance_margin()),
                *order._glance_discount(gross, net),
                *order._glance_list_price(net, listed),
                *order._glance_last_prices(last_prices.get(order.id, {})),
                *order._glance_payment_term(),
            ]
        return glance

    def _glance_amounts(self):
        """Return ``{order id: (before discounts, after them, {currency: at the products' list prices})}``.

        The list prices are those of ``lst_price`` in the units of the lines. By the database: a page of requests would
        read hundreds of lines and products for a few sums.
        """
        for model, names in LIST_PRICE_FIELDS.items():
            self.env[model].flush_model(names)
        query = SQL(
            """
            SELECT line.order_id,
                   COALESCE(company.currency_id, %(currency)s),
                   COALESCE(SUM(line.product_uom_qty * line.price_unit), 0)::float8,
                   COALESCE(
                       SUM(line.product_uom_qty * line.price_unit * (1 - COALESCE(line.discount, 0) / 100)), 0
                   )::float8,
                   COALESCE(SUM(
                       line.product_uom_qty
                       * (COALESCE(template.list_price, 0) + extra.price)
                       * CASE WHEN sold.id IS NULL OR sold.id = own.id THEN 1 ELSE sold.factor / own.factor END
                   ), 0)::float8
              FROM sale_order_line line
              JOIN product_product product ON product.id = line.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
         LEFT JOIN res_company company ON company.id = template.company_id
         LEFT JOIN uom_uom own ON own.id = template.uom_id
         LEFT JOIN uom_uom sold ON sold.id = line.product_uom_id
        CROSS JOIN LATERAL (
                   SELECT COALESCE(SUM(attribute.price_extra), 0) AS price
                     FROM product_variant_combination combination
                     JOIN product_template_attribute_value attribute
                       ON attribute.id = combination.product_template_attribute_value_id
                    WHERE combination.product_product_id = product.id
                   ) extra
             WHERE line.order_id = ANY(%(orders)s) AND line.display_type IS NULL
             GROUP BY 1, 2
            """,
            currency=self.env["res.company"]._get_main_company().currency_id.id,
            orders=self.ids,
        )
        amounts = {}
        for order_id, currency_id, gross, net, listed in self.env.execute_query(query):
            before, after, by_currency = amounts.get(order_id, (0.0, 0.0, {}))
            currency = self.env["res.currency"].browse(currency_id)
            amounts[order_id] = (before + gross, after + net, {**by_currency, currency: listed})
        return amounts

    # === FACTS === #

    @api.model
    def _glance_sees_margin(self):
        return any(self.env.user.has_group(group) for group in MARGIN_GROUPS)

    def _glance_margin(self):
        """What it earns, where the company keeps costs with orders."""
        if "margin" not in self._fields or not self._glance_sees_margin():
            return []
        amount = formatLang(self.env, self.margin, currency_obj=self.currency_id)
        tone = "danger" if self.currency_id.compare_amounts(self.margin, 0) < 0 else ""
        return [Fact(self.env._("Margin"), f"{amount} ({percent_text(self.margin_percent)})", tone=tone)]

    def _glance_discount(self, gross, net):
        share = share_text(net / gross - 1) if gross else ""
        return [Fact(self.env._("Discount"), share.lstrip("−"), is_short=True)] if share.startswith("−") else []

    def _glance_list_price(self, net, listed):
        """The price beside that of the products' list, in the currency of the order by its rate of that day.

        :param dict listed: ``{currency: amount}`` of the list
        """
        day = self.company_id._local_day(self.date_order)
        listed = sum(
            currency._convert(amount, self.currency_id, self.company_id, day, round=False)
            for currency, amount in listed.items()
        )
        share = share_text(net / listed - 1) if listed else ""
        tone = "warning" if share.startswith("−") else ""
        return [Fact(self.env._("Against List Price"), share, tone=tone, is_short=True)] if share else []

    def _glance_last_prices(self, last_prices):
        """How prices differ from those of the customer's last order of the same products.

        :param dict last_prices: ``{line id: price}`` of :meth:`_last_prices`
        """
        changed = []
        for line in self.order_line.filtered(lambda line: line.id in last_prices) if last_prices else ():
            before, now = last_prices[line.id], line._glance_price()
            if before and (share := share_text(now / before - 1)):
                changed.append((line, before, now, share))
        facts = [
            Fact(
                self.env._("%(product)s, against the last order", product=line.product_id.display_name),
                f"{formatLang(self.env, now, currency_obj=self.currency_id)} ({share})",
                before=formatLang(self.env, before, currency_obj=self.currency_id),
                tone="warning" if now < before else "",
            )
            for line, before, now, share in changed[:MOST_PRICES]
        ]
        if len(changed) > MOST_PRICES:
            more = self.env._("%(count)s more prices differ", count=len(changed) - MOST_PRICES)
            facts.append(Fact(self.env._("Against the last order"), more))
        return facts

    def _glance_payment_term(self):
        usual = self.partner_id.with_company(self.company_id).property_payment_term_id
        term = self.payment_term_id
        if not term and not usual:
            return []
        is_other = bool(usual) and term != usual
        none = self.env._("none")
        return [
            Fact(
                self.env._("Payment Terms"),
                term.display_name or none,
                before=usual.display_name if is_other else "",
                tone="warning" if is_other else "",
                is_short=is_other,
            )
        ]

    # === THE LAST ORDER === #

    def _last_prices(self):
        """Return ``{order id: {line id: price of the same product in the customer's last confirmed order}}``.

        After its discount, in the same currency and unit; of a product that she never ordered so there is none.
        """
        self.env["sale.order"].flush_model(["partner_id", "state", "date_order", "currency_id", "company_id"])
        self.env["sale.order.line"].flush_model()
        query = SQL(
            """
            SELECT line.order_id, line.id, last.price
              FROM sale_order_line line
              JOIN sale_order quotation ON quotation.id = line.order_id
              JOIN res_partner customer ON customer.id = quotation.partner_id
        CROSS JOIN LATERAL (
                   SELECT earlier.price_unit * (1 - COALESCE(earlier.discount, 0) / 100) AS price
                     FROM sale_order_line earlier
                     JOIN sale_order ordered ON ordered.id = earlier.order_id
                     JOIN res_partner buyer ON buyer.id = ordered.partner_id
                    WHERE earlier.product_id = line.product_id
                      AND earlier.product_uom_id = line.product_uom_id
                      AND earlier.product_uom_qty > 0
                      AND ordered.state = 'sale'
                      AND ordered.id <> quotation.id
                      AND ordered.company_id = quotation.company_id
                      AND ordered.currency_id = quotation.currency_id
                      AND buyer.commercial_partner_id = customer.commercial_partner_id
                 ORDER BY ordered.date_order DESC, earlier.id DESC
                    LIMIT 1
                   ) last
             WHERE line.order_id = ANY(%s) AND line.display_type IS NULL
            """,
            self.ids,
        )
        prices = {}
        for order_id, line_id, price in self.env.execute_query(query):
            prices.setdefault(order_id, {})[line_id] = float(price)
        return prices
