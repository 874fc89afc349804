from collections import defaultdict

from odoo import models
from odoo.tools import SQL

from .costs import IN, OUT, PRICE, THROUGH, average_cost, first_in_cost


class StockAgeingSheet(models.Model):
    """What a unit cost on the day of the sheet, by the costing method of its category.

    Odoo keeps what it costs today. That is right as well for each product whose price did not change since and of
    which, where its price follows from them, no goods came or went. Of the others it is worked out again from what
    happened until then: a few on a sheet of last month's end.
    """

    _inherit = "stock.ageing.sheet"

    def _costs_query(self, end):
        """The costs that differ from today's, as rows of `product_id` and `cost`."""
        costs = self._past_costs(end)
        return SQL(
            "SELECT * FROM UNNEST(%s::int[], %s::numeric[]) AS cost (product_id, cost)",
            list(costs),
            [str(cost) for cost in costs.values()],
        )

    def _past_costs(self, end):
        """Return ``{product id: cost of a unit at the moment `end`}`` of those that changed since."""
        by_price, by_move = [], defaultdict(list)
        for product_id, method, price_changed in self._changed_since(end):
            if method != "standard":
                by_move[method].append(product_id)
            elif price_changed:
                by_price.append(product_id)
        costs = self._past_prices(by_price, end) if by_price else {}
        if products := [product_id for ids in by_move.values() for product_id in ids]:
            events = self._cost_events(products, end)
            on_hand = self._valued_quantities(products, end)
            first_in = set(by_move["fifo"])
            for product_id in products:
                happened = events.get(product_id, [])
                costs[product_id] = (
                    first_in_cost(happened, on_hand.get(product_id, 0.0))
                    if product_id in first_in
                    else average_cost(happened)
                )
        return costs

    def _cost_methods(self, category_ids):
        """Return ``{category id, or 0 for none: costing method}``."""
        company = self.company_id
        categories = self.env["product.category"].with_company(company).browse(category_ids)
        methods = {category.id: category.property_cost_method or company.cost_method for category in categories}
        return {**methods, 0: company.cost_method}

    def _changed_since(self, end):
        """Return rows of product, costing method and whether a price was set, of all that changed since `end`."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT changed.product_id, COALESCE(template.categ_id, 0), BOOL_OR(changed.is_price)
                  FROM (
                        SELECT DISTINCT product_id, FALSE AS is_price FROM stock_move
                         WHERE company_id = %(company)s AND state = 'done' AND date >= %(end)s
                           AND (is_in OR is_out OR is_dropship)
                     UNION
                        SELECT product_id, TRUE FROM product_value
                         WHERE company_id = %(company)s AND date >= %(end)s AND move_id IS NULL AND lot_id IS NULL
                       ) changed
                  JOIN product_product product ON product.id = changed.product_id
                  JOIN product_template template ON template.id = product.product_tmpl_id AND template.is_storable
              GROUP BY changed.product_id, template.categ_id
                """,
                company=self.company_id.id,
                end=end,
            )
        )
        methods = self._cost_methods({category_id for _product_id, category_id, _is_price in rows} - {0})
        return [(product_id, methods[category_id], is_price) for product_id, category_id, is_price in rows]

    def _past_prices(self, products, end):
        """Return the prices set last before `end`; of what had none yet, the first that was set.

        One that was never changed is today's: the history keeps money, a price may have more decimals.
        """
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT product_id, value
                      FROM (
                            SELECT DISTINCT ON (product_id) product_id, value,
                                   id = FIRST_VALUE(id) OVER (
                                       PARTITION BY product_id ORDER BY date DESC, id DESC
                                   ) AS is_latest
                              FROM product_value
                             WHERE company_id = %(company)s AND product_id = ANY(%(products)s)
                               AND move_id IS NULL AND lot_id IS NULL
                          ORDER BY product_id, date < %(end)s DESC,
                                   CASE WHEN date < %(end)s THEN date END DESC,
                                   CASE WHEN date < %(end)s THEN id END DESC,
                                   date, id
                           ) price
                     WHERE NOT is_latest
                    """,
                    company=self.company_id.id,
                    products=products,
                    end=end,
                )
            )
        )

    def _cost_events(self, products, end):
        """Return ``{product id: its events for costs.py, in their order}``."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT move.product_id, move.date, 1, move.id,
                       CASE WHEN move.is_dropship THEN %(through)s WHEN move.is_in THEN %(in)s ELSE %(out)s END,
                       SUM(line.quantity_product_uom), move.value
                  FROM stock_move move
                  JOIN stock_move_line line ON line.move_id = move.id AND %(is_own)s
                  JOIN stock_location source ON source.id = line.location_id
                  JOIN stock_location target ON target.id = line.location_dest_id
                 WHERE move.company_id = %(company)s AND move.state = 'done' AND move.date < %(end)s
                   AND move.product_id = ANY(%(products)s) AND (move.is_in OR move.is_out OR move.is_dropship)
                   AND (move.is_dropship OR %(source_valued)s <> %(target_valued)s)
              GROUP BY move.id
             UNION ALL
                SELECT product_id, date, 0, id, %(price)s, 0, value
                  FROM product_value
                 WHERE company_id = %(company)s AND date < %(end)s AND product_id = ANY(%(products)s)
                   AND move_id IS NULL AND lot_id IS NULL
              ORDER BY 1, 2, 3, 4
                """,
                **{"through": THROUGH, "in": IN, "out": OUT, "price": PRICE},
                is_own=self._is_own(SQL("line.owner_id")),
                source_valued=self._is_valued(SQL("source")),
                target_valued=self._is_valued(SQL("target")),
                company=self.company_id.id,
                products=products,
                end=end,
            )
        )
        events = defaultdict(list)
        for product_id, _date, _rank, _id, kind, quantity, value in rows:
            events[product_id].append((kind, float(quantity or 0), float(value or 0)))
        return events

    @staticmethod
    def _is_valued(location):
        return SQL("(%s.company_id IS NOT NULL AND %s.usage IN ('internal', 'transit'))", location, location)

    def _valued_quantities(self, products, end):
        """Return ``{product id: what was on hand at the moment `end`}``."""
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    WITH place AS (%(places)s)
                    SELECT product_id, SUM(quantity)::float
                      FROM (
                            SELECT quant.product_id, quant.quantity
                              FROM stock_quant quant
                              JOIN place ON place.id = quant.location_id
                             WHERE quant.product_id = ANY(%(products)s) AND %(quant_own)s
                         UNION ALL
                            SELECT line.product_id,
                                   CASE WHEN target.id IS NULL THEN 1 WHEN source.id IS NULL THEN -1 ELSE 0 END
                                       * line.quantity_product_uom
                              FROM stock_move move
                              JOIN stock_move_line line ON line.move_id = move.id
                         LEFT JOIN place source ON source.id = line.location_id
                         LEFT JOIN place target ON target.id = line.location_dest_id
                             WHERE move.state = 'done' AND move.date >= %(end)s
                               AND move.product_id = ANY(%(products)s) AND %(line_own)s
                               AND (source.id IS NOT NULL OR target.id IS NOT NULL)
                           ) held
                  GROUP BY product_id
                    """,
                    places=self._places_query(),
                    products=products,
                    quant_own=self._is_own(SQL("quant.owner_id")),
                    line_own=self._is_own(SQL("line.owner_id")),
                    end=end,
                )
            )
        )
