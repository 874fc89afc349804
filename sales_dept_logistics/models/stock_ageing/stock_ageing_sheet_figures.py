from datetime import time, timedelta

from odoo import fields, models
from odoo.tools import SQL

from .days import cuts

MIDNIGHT = time.min


class StockAgeingSheet(models.Model):
    """How old what lies in stock is: one query over quants and done moves, which writes the lines itself.

    *First in, first out, by the company.* What is on hand are the latest receipts, up to as much as there is. So the
    age of a product asks for no more than what came in since each of the days that count, however long its history.
    Layers are the company's: goods that go from one warehouse to another are as old as before.

    *A receipt* brings goods into the company's own locations, internal or in transit, from outside: from a supplier,
    from production, from another company, by an adjustment. *What is returned belongs to what it returns*: goods that
    go back to the supplier take their receipt back, on its day; if they come again, it counts again. Goods that a
    customer returns went out and never did: they restart nothing.

    *Where the old goods lie* is not recorded. The newest are taken to lie where goods came in last, and the oldest
    where none came in for longest. So each warehouse has a stretch of the company's layers, as long as what lies
    there, and nothing is rounded but the position of its ends; values are taken at the same positions.

    What is below zero in a warehouse is shown beside its line and takes nothing from the others; goods of other owners
    have no age and no value.
    """

    _inherit = "stock.ageing.sheet"

    def _moments(self):
        """The moments that the figures go by, as ``{name: naive UTC datetime}``."""
        self.ensure_one()
        company, days = self.company_id, cuts(self.date, self.limit_months)
        moments = {name: company._moment_of(day, MIDNIGHT) for name, day in days._asdict().items()}
        moments["end"] = company._moment_of(self.date + timedelta(days=1), MIDNIGHT)
        # All that counts of receipts, and all that happened since.
        moments["since"] = min(moments.values())
        return moments

    def _write_lines(self, before=None):
        """Write the lines of this sheet.

        Not one by one as records: there are tens of thousands of them.

        :param before: the sheet that this one replaces, or none
        """
        self.ensure_one()
        self.env.flush_all()
        self.env.cr.execute(self._lines_query(before or self.browse()))
        self.env["stock.ageing.line"].invalidate_model()
        self.invalidate_recordset(["line_ids"])

    def _lines_query(self, before):
        columns = self._line_columns()
        return SQL(
            "%s INSERT INTO stock_ageing_line (%s) SELECT %s FROM placed %s",
            self._with(self._tables(before)),
            SQL(", ").join(SQL.identifier(name) for name in columns),
            SQL(", ").join(columns.values()),
            self._line_joins(),
        )

    def _figures_query(self):
        """The figures alone, as rows of product, warehouse, and the columns of :meth:`_figure_columns`."""
        tables = self._tables(self.browse())
        del tables["buyer"]
        return SQL(
            "%s SELECT placed.product_id, placed.warehouse_id, %s FROM placed",
            self._with(tables),
            SQL(", ").join(self._figure_columns().values()),
        )

    def _with(self, tables):
        return SQL(
            "WITH RECURSIVE %s",
            SQL(", ").join(SQL("%s AS (%s)", SQL.identifier(name), query) for name, query in tables.items()),
        )

    # === THE LAYERS === #

    def _tables(self, before):
        """Return ``{name: query}`` of what the lines are made of, each by those above it."""
        moments = self._moments()
        answered = self._last_month()
        return {
            "place": self._places_query(),
            "held_now": self._held_now_query(),
            "moved": self._moved_query(moments),
            "changed": self._changed_query(moments),
            "chain": self._chain_query(moments),
            "undone": self._undone_query(moments),
            "arrived": self._arrived_query(moments),
            "received": self._received_query(moments),
            "moving": self._moving_query(moments),
            "answered": self._answers_query(answered),
            "carried": self._answers_query(before),
            "held": self._held_query(),
            "cost": self._costs_query(moments["end"]),
            "layered": self._layered_query(),
            "placed": self._placed_query(),
            "buyer": self._buyers_query(moments["end"]),
        }

    def _places_query(self):
        """Where goods of the company lie: as in Odoo's valuation."""
        return SQL(
            """
            SELECT id, COALESCE(warehouse_id, 0) AS warehouse_id FROM stock_location
             WHERE company_id = %s AND usage IN ('internal', 'transit')
            """,
            self.company_id.id,
        )

    def _held_now_query(self):
        return SQL(
            """
            SELECT quant.product_id, place.warehouse_id,
                   SUM(quant.quantity) FILTER (WHERE %(is_own)s) AS own,
                   SUM(quant.quantity) FILTER (WHERE NOT %(is_own)s) AS consigned
              FROM stock_quant quant
              JOIN place ON place.id = quant.location_id
          GROUP BY quant.product_id, place.warehouse_id
            """,
            is_own=self._is_own(SQL("quant.owner_id")),
        )

    def _is_own(self, owner):
        return SQL("(%s IS NULL OR %s = %s)", owner, owner, self.company_id.partner_id.id)

    def _moved_query(self, moments):
        """What came in and went out since the first day that counts; and what went from place to place since the end.

        `outside` is the kind of place where goods came from, or went to.
        """
        return SQL(
            """
            SELECT line.product_id, move.id, move.date, move.origin_returned_move_id AS origin_id,
                   line.quantity_product_uom AS quantity, %(is_own)s AS is_own,
                   source.warehouse_id AS source_id, target.warehouse_id AS target_id,
                   CASE WHEN target.id IS NULL THEN line.location_dest_id ELSE line.location_id END AS outside_id
              FROM stock_move move
              JOIN stock_move_line line ON line.move_id = move.id
         LEFT JOIN place source ON source.id = line.location_id
         LEFT JOIN place target ON target.id = line.location_dest_id
             WHERE move.state = 'done' AND move.date >= %(since)s
               AND CASE WHEN source.id IS NULL THEN target.id IS NOT NULL
                        ELSE target.id IS NULL
                             OR (move.date >= %(end)s AND source.warehouse_id <> target.warehouse_id) END
            """,
            is_own=self._is_own(SQL("line.owner_id")),
            since=moments["since"],
            end=moments["end"],
        )

    def _changed_query(self, moments):
        """By product and warehouse: what came and went since the end of the day."""
        return SQL(
            """
            SELECT product_id, warehouse_id,
                   SUM(quantity) FILTER (WHERE is_own) AS own,
                   SUM(quantity) FILTER (WHERE NOT is_own) AS consigned
              FROM (
                    SELECT product_id, target_id AS warehouse_id, is_own, quantity
                      FROM moved WHERE target_id IS NOT NULL AND date >= %(end)s
                 UNION ALL
                    SELECT product_id, source_id, is_own, -quantity
                      FROM moved WHERE source_id IS NOT NULL AND date >= %(end)s
                   ) side
          GROUP BY product_id, warehouse_id
            """,
            end=moments["end"],
        )

    def _chain_query(self, moments):
        """From what came back, or went back, to what it returns, over returns of returns."""
        return SQL(
            """
            SELECT id AS move_id, origin_id FROM moved WHERE origin_id IS NOT NULL AND is_own AND date < %(end)s
             UNION
            SELECT chain.move_id, origin.origin_returned_move_id
              FROM chain
              JOIN stock_move origin ON origin.id = chain.origin_id
             WHERE origin.origin_returned_move_id IS NOT NULL
            """,
            end=moments["end"],
        )

    def _is_receipt(self, moments):
        """Whether a line of `moved` is a receipt of its own."""
        return SQL(
            """
            moved.is_own AND moved.date < %(end)s AND moved.source_id IS NULL AND moved.origin_id IS NULL
                AND moved.outside_id NOT IN (SELECT id FROM stock_location WHERE usage = 'customer')
            """,
            end=moments["end"],
        )

    def _undone_query(self, moments):
        """What of receipts went back to where it came from: of each no more than it brought."""
        return SQL(
            """
            SELECT moved.product_id, moved.date, LEAST(returned.quantity, SUM(moved.quantity)) AS quantity
              FROM (
                    SELECT chain.origin_id AS move_id, moved.product_id,
                           SUM(CASE WHEN moved.source_id IS NULL THEN -moved.quantity ELSE moved.quantity END)
                               AS quantity
                      FROM chain
                      JOIN moved ON moved.id = chain.move_id AND moved.is_own
                  GROUP BY chain.origin_id, moved.product_id
                   ) returned
              JOIN moved ON moved.id = returned.move_id AND moved.product_id = returned.product_id
             WHERE %(is_receipt)s
          GROUP BY returned.move_id, moved.product_id, moved.date, returned.quantity
            """,
            is_receipt=self._is_receipt(moments),
        )

    def _arrived_query(self, moments):
        """By product and warehouse: what came in since each of the days that count, and when it did last."""
        return SQL(
            """
            SELECT moved.product_id, moved.target_id AS warehouse_id, MAX(moved.date) AS last_date, %(sums)s
              FROM moved
             WHERE %(is_receipt)s
          GROUP BY moved.product_id, moved.target_id
            """,
            sums=SQL(", ").join(
                SQL("SUM(moved.quantity) FILTER (WHERE moved.date >= %s) AS %s", moments[name], SQL.identifier(name))
                for name in cuts(self.date, self.limit_months)._fields
            ),
            is_receipt=self._is_receipt(moments),
        )

    def _received_query(self, moments):
        """By product: what came in since each of the days that count, without what was undone."""
        names = cuts(self.date, self.limit_months)._fields
        return SQL(
            """
            SELECT product_id, %(sums)s
              FROM (
                    SELECT product_id, %(names)s FROM arrived
                 UNION ALL
                    SELECT product_id, %(undone)s FROM undone
                   ) receipt
          GROUP BY product_id
            """,
            sums=SQL(", ").join(SQL("SUM(%s) AS %s", SQL.identifier(name), SQL.identifier(name)) for name in names),
            names=SQL(", ").join(SQL.identifier(name) for name in names),
            undone=SQL(", ").join(SQL("CASE WHEN date >= %s THEN -quantity END", moments[name]) for name in names),
        )

    def _moving_query(self, moments):
        """Products of which something was used within the limit: sold, put into production, sent to another company."""
        return SQL(
            """
            SELECT DISTINCT moved.product_id
              FROM moved
             WHERE moved.is_own AND moved.date >= %(within_limit)s AND moved.date < %(end)s
               AND moved.target_id IS NULL
               AND moved.outside_id IN (
                   SELECT id FROM stock_location WHERE usage IN ('customer', 'production', 'transit')
               )
            """,
            **moments,
        )

    def _answers_query(self, sheet):
        """The lines of `sheet`, which may be none."""
        return SQL(
            """
            SELECT line.*, COALESCE(line.warehouse_id, 0) AS of_warehouse_id
              FROM stock_ageing_line line WHERE line.sheet_id = %s
            """,
            sheet.id or 0,
        )

    def _held_query(self):
        """What was on hand at the end of the day; and what was over the limit last time, even where it is gone."""
        return SQL(
            """
            SELECT held.product_id, held.warehouse_id,
                   ROUND(SUM(held.own)::numeric, %(digits)s) AS quantity,
                   ROUND(SUM(held.consigned)::numeric, %(digits)s) AS consigned,
                   BOOL_OR(held.is_answered) AS is_answered
              FROM (
                    SELECT product_id, warehouse_id, COALESCE(own, 0) AS own, COALESCE(consigned, 0) AS consigned,
                           FALSE AS is_answered
                      FROM held_now
                 UNION ALL
                    SELECT product_id, warehouse_id, -COALESCE(own, 0), -COALESCE(consigned, 0), FALSE FROM changed
                 UNION ALL
                    SELECT product_id, of_warehouse_id, 0, 0, TRUE FROM answered WHERE is_over
                   ) held
          GROUP BY held.product_id, held.warehouse_id
            """,
            digits=self.env["decimal.precision"].precision_get("Product Unit"),
        )

    def _layered_query(self):
        """Each warehouse's stretch of the company's layers, from the newest on, and where its ages change."""
        return SQL(
            """
            SELECT stretch.*, stretch.above - GREATEST(stretch.quantity, 0) AS below,
                   %(positions)s, moving.product_id IS NOT NULL AS is_moving
              FROM (
                    SELECT held.*, template.uom_id, GREATEST(COALESCE(cost.cost, %(price)s, 0), 0)::numeric AS cost,
                           SUM(GREATEST(held.quantity, 0)) OVER (
                               PARTITION BY held.product_id
                               ORDER BY arrived.last_date DESC NULLS LAST, held.warehouse_id
                               ROWS UNBOUNDED PRECEDING
                           ) AS above
                      FROM held
                      JOIN product_product product ON product.id = held.product_id
                      JOIN product_template template ON template.id = product.product_tmpl_id
                 LEFT JOIN cost ON cost.product_id = held.product_id
                 LEFT JOIN arrived ON arrived.product_id = held.product_id AND arrived.warehouse_id = held.warehouse_id
                     WHERE template.is_storable
                   ) stretch
         LEFT JOIN received ON received.product_id = stretch.product_id
         LEFT JOIN moving ON moving.product_id = stretch.product_id
             WHERE stretch.quantity <> 0 OR stretch.consigned <> 0 OR stretch.is_answered
            """,
            price=self.env["product.product"].with_company(self.company_id)._field_to_sql("product", "standard_price"),
            positions=SQL(", ").join(
                SQL(
                    """
                    LEAST(stretch.above, GREATEST(
                        stretch.above - GREATEST(stretch.quantity, 0),
                        ROUND(COALESCE(received.%(name)s, 0)::numeric, %(digits)s)
                    )) AS %(name)s
                    """,
                    name=SQL.identifier(name),
                    digits=self.env["decimal.precision"].precision_get("Product Unit"),
                )
                for name in cuts(self.date, self.limit_months)._fields
            ),
        )

    def _placed_query(self):
        """The positions, and what the layers up to each of them are worth, rounded as money."""
        places = ["above", "below", *cuts(self.date, self.limit_months)._fields]
        return SQL(
            "SELECT layered.*, %s FROM layered",
            SQL(", ").join(
                SQL(
                    "ROUND(layered.%s * layered.cost / %s) * %s AS %s",
                    SQL.identifier(name),
                    self._rounding(),
                    self._rounding(),
                    SQL.identifier(f"value_{name}"),
                )
                for name in places
            ),
        )

    def _rounding(self):
        # As decimal text: 0.01 as a float is no hundredth.
        return SQL("%s::numeric", f"{self.currency_id.rounding:.6f}")

    # === WHO IS RESPONSIBLE === #

    def _buyers_query(self, end):
        """By product: for whom it is made, by the oldest order that is still to be delivered; else who bought it last.

        The account manager is the salesperson of that order, or the customer's where that one has left.
        """
        return SQL(
            """
            SELECT DISTINCT ON (line.product_id) line.product_id, sale.partner_id,
                   COALESCE(salesperson.id, manager.id) AS user_id,
                   CASE WHEN demand.is_open THEN 'order' ELSE 'buyer' END AS origin
              FROM sale_order_line line
              JOIN sale_order sale ON sale.id = line.order_id
              JOIN res_partner partner ON partner.id = sale.partner_id
              JOIN res_partner customer ON customer.id = partner.commercial_partner_id
         LEFT JOIN res_users salesperson ON salesperson.id = sale.user_id AND salesperson.active
         LEFT JOIN res_users manager ON manager.id = customer.user_id AND manager.active
        CROSS JOIN LATERAL (SELECT line.product_uom_qty > COALESCE(line.qty_delivered, 0) AS is_open) demand
             WHERE sale.company_id = %(company)s AND sale.state = 'sale' AND sale.date_order < %(end)s
               AND line.product_uom_qty > 0
               AND line.product_id IN (SELECT placed.product_id FROM placed)
               AND COALESCE(salesperson.id, manager.id) IS NOT NULL
          ORDER BY line.product_id, demand.is_open DESC,
                   CASE WHEN demand.is_open THEN sale.date_order END, sale.date_order DESC, line.id DESC
            """,
            company=self.company_id.id,
            end=end,
        )

    # === THE LINES === #

    def _line_joins(self):
        return SQL(
            """
            LEFT JOIN buyer ON buyer.product_id = placed.product_id
            LEFT JOIN answered ON answered.product_id = placed.product_id
                  AND answered.of_warehouse_id = placed.warehouse_id
            LEFT JOIN carried ON carried.product_id = placed.product_id
                  AND carried.of_warehouse_id = placed.warehouse_id
            """
        )

    def _line_columns(self):
        """Return ``{column of a line: SQL of a row of `placed`}``."""
        now = fields.Datetime.now()
        return {
            "sheet_id": SQL("%s", self.id),
            "company_id": SQL("%s", self.company_id.id),
            "date": SQL("%s::date", self.date),
            "create_uid": SQL("%s", self.env.uid),
            "create_date": SQL("%s::timestamp", now),
            "write_uid": SQL("%s", self.env.uid),
            "write_date": SQL("%s::timestamp", now),
            "product_id": SQL("placed.product_id"),
            "uom_id": SQL("placed.uom_id"),
            "warehouse_id": SQL("NULLIF(placed.warehouse_id, 0)"),
            **self._figure_columns(),
            **self._answer_columns(),
        }

    def _figure_columns(self):
        stretches = {
            "0_30": ("below", "within_30"),
            "31_60": ("within_30", "within_60"),
            "61_90": ("within_60", "within_90"),
            "over_90": ("within_90", "above"),
        }
        columns = {
            "quantity": _stretch("below", "above"),
            "value": _worth("below", "above"),
            "over_quantity": _stretch("within_limit", "above"),
            "over_value": _worth("within_limit", "above"),
            "soon_quantity": SQL("GREATEST(%s, 0)", _stretch("within_soon", "within_limit")),
            "is_over": SQL("placed.above > placed.within_limit"),
            "non_moving_quantity": SQL(
                "CASE WHEN placed.is_moving THEN 0 ELSE %s END", _stretch("within_limit", "above")
            ),
            "non_moving_value": SQL("CASE WHEN placed.is_moving THEN 0 ELSE %s END", _worth("within_limit", "above")),
            "negative_quantity": SQL("LEAST(placed.quantity, 0)"),
            "consigned_quantity": SQL("placed.consigned"),
        }
        for name, (start, end) in stretches.items():
            columns[f"quantity_{name}"] = _stretch(start, end)
            columns[f"value_{name}"] = _worth(start, end)
        return columns

    def _answer_columns(self):
        """Who answers for the line, what was answered last month, and what was answered on the sheet replaced."""
        by_hand = SQL(
            """
            COALESCE(
                CASE WHEN carried.responsible_from = 'hand' THEN carried.user_id END,
                CASE WHEN answered.responsible_from = 'hand' THEN answered.user_id END
            )
            """
        )
        answers = ("cause", "measure", "measure_date", "measure_user_id", "explained_date")
        return {
            "partner_id": SQL("buyer.partner_id"),
            "user_id": SQL("COALESCE(buyer.user_id, %s)", by_hand),
            "responsible_from": SQL("COALESCE(buyer.origin, CASE WHEN %s IS NOT NULL THEN 'hand' END)", by_hand),
            "previous_id": SQL("CASE WHEN answered.is_over THEN answered.id END"),
            **{name: SQL("carried.%s", SQL.identifier(name)) for name in answers},
            "is_explained": SQL("COALESCE(carried.is_explained, FALSE)"),
        }


def _stretch(start, end):
    """SQL of the quantity between two positions in the layers."""
    return SQL("placed.%s - placed.%s", SQL.identifier(end), SQL.identifier(start))


def _worth(start, end):
    return SQL("placed.%s - placed.%s", SQL.identifier(f"value_{end}"), SQL.identifier(f"value_{start}"))
