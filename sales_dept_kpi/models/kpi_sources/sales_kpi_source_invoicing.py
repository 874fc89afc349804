from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.sales_dept_roles.models.customer_file.closing_day import closing_date_sql

# Of a unit: what is missing to a whole by so little was lost in division.
TRIFLE = Decimal("0.000001")


class SalesKpiSourceInvoicing(models.AbstractModel):
    _name = "sales.kpi.source.invoicing"
    _inherit = "sales.kpi.source"
    _description = "Invoicing on Time"
    _kpi_sequence = 30
    _kpi_unit = "money"

    @api.model
    def _kpi_explanation(self):
        return {
            "counts": self.env._(
                "The value of the month's shipments that was invoiced by the customer's closing day, of the value of "
                "all its shipments: also of those that were never invoiced."
            ),
            "basis": self.env._(
                "The order's salesperson, the day of the shipment at the company, the order's price and rate. Invoices "
                "are taken for an order line's shipments in their order; a customer without a closing day closes with "
                "the month."
            ),
            "exclusions": self.env._(
                "What came back of a shipment; draft invoices. What is to be invoiced by a later day is not decided "
                "yet."
            ),
        }

    @api.model
    def _kpi_reasons(self):
        return {
            "on_time": self.env._("Invoiced by the closing day"),
            "partly": self.env._("Invoiced in part by the closing day"),
            "late": self.env._("Not invoiced by the closing day"),
            "pending": self.env._("The closing day is still to come"),
        }

    @api.model
    def _kpi_evidence_sql(self, period):
        month = SQL("date >= %s AND date < %s", period.moment_from, period.moment_to)
        return SQL(
            """
            WITH %(rule)s
            SELECT user_id, 'stock.picking' AS res_model, picking_id AS res_id, name, MIN(day) AS date,
                   SUM(reached) AS numerator,
                   SUM(CASE WHEN is_pending THEN reached ELSE amount END) AS denominator,
                   0::numeric AS overlay,
                   SUM(CASE WHEN is_pending THEN amount - reached ELSE 0 END) AS pending,
                   CASE WHEN BOOL_OR(is_pending) THEN 'pending'
                        WHEN SUM(reached) = SUM(amount) THEN 'on_time'
                        WHEN SUM(reached) > 0 THEN 'partly' ELSE 'late' END AS reason
              FROM valued
          GROUP BY user_id, picking_id, name
            """,
            rule=self._valued_sql(period.company, period.today, self._shipped_lines_sql(period.company, month), month),
        )

    # === THE RULE === #

    @api.model
    def _valued_sql(self, company, today, lines, shown):
        """Common table expressions that end in `valued`: what left, and what of it was invoiced by when.

        One row per stock move that left: `id`, `line_id`, `order_id`, `user_id`, `picking_id`, `name`, `day`,
        `due_date` (the closing day), `amount` and of this `reached` (invoiced by then) and `so_far` (at all), and
        `is_pending` (the closing day is to come). What is invoiced of an order line is taken for its shipments in their
        order.

        :param SQL lines: ids of the order lines that are looked at, with all that ever left for them
        :param SQL shown: a condition on the moment `date`: of which shipments rows are wanted
        """
        return SQL(
            """
            asked AS MATERIALIZED (%(asked)s),
            shipment AS (%(shipments)s),
            placed AS (
                SELECT shipment.*,
                       SUM(quantity) OVER (PARTITION BY line_id ORDER BY date, id) - quantity AS before
                  FROM shipment
            ),
            due AS (
                SELECT dated.*, %(closing)s AS due_date
                  FROM (SELECT placed.*, %(day)s AS day FROM placed WHERE %(shown)s AND quantity > 0) dated
            ),
            judged AS (
                SELECT due.*, LEAST(GREATEST(COALESCE(covered.by_then, 0) - before, 0), quantity) AS qty_reached,
                       LEAST(GREATEST(COALESCE(covered.so_far, 0) - before, 0), quantity) AS qty_so_far
                  FROM due
                 -- Looked up for each: how many there will be is guessed too low for a join to be planned well.
             LEFT JOIN LATERAL (
                       SELECT SUM(quantity) FILTER (WHERE invoiced.date <= due.due_date) AS by_then,
                              SUM(quantity) AS so_far
                         FROM (%(invoiced)s) invoiced) covered ON TRUE
            ),
            valued AS (
                SELECT judged.*, ROUND(quantity * price, %(digits)s) AS amount,
                       %(reached)s AS reached, %(so_far)s AS so_far,
                       due_date >= %(today)s AND qty_reached + %(trifle)s < quantity AS is_pending
                  FROM judged
            )
            """,
            asked=self._asked_sql(lines),
            shipments=self._shipments_sql(),
            shown=shown,
            day=self._day(SQL("date"), company),
            closing=closing_date_sql(SQL("dated.closing_day"), SQL("dated.day")),
            invoiced=self._invoiced_sql(company),
            digits=company.currency_id.decimal_places,
            reached=self._value_sql(SQL("qty_reached"), company),
            so_far=self._value_sql(SQL("qty_so_far"), company),
            today=today,
            trifle=TRIFLE,
        )

    @api.model
    def _value_sql(self, quantity, company):
        """What `quantity` of a shipment is worth; all of it as much as the shipment, whatever shares it came in."""
        return SQL(
            "ROUND(CASE WHEN %(quantity)s + %(trifle)s >= quantity THEN quantity ELSE %(quantity)s END * price,"
            " %(digits)s)",
            quantity=quantity,
            trifle=TRIFLE,
            digits=company.currency_id.decimal_places,
        )

    @api.model
    def _shipped_lines_sql(self, company, moments):
        """Ids of the order lines of which something left; `moments` is a condition on when."""
        return SQL(
            "SELECT move.sale_line_id FROM stock_move move"
            " WHERE move.company_id = %s AND move.state = 'done' AND move.sale_line_id IS NOT NULL AND %s",
            company.id,
            moments,
        )

    @api.model
    def _asked_sql(self, lines):
        """The order lines `lines`, with what a unit of the product's own is worth."""
        return SQL(
            """
            SELECT line.id, line.order_id, ordered.user_id, line.product_id, customer.id AS partner_id,
                   COALESCE(customer.customer_file_closing_day, 0) AS closing_day,
                   own.factor AS own_factor,
                   COALESCE(line.price_subtotal / NULLIF(line.product_uom_qty, 0),
                            line.price_unit * (1 - COALESCE(line.discount, 0) / 100))
                       / COALESCE(NULLIF(ordered.currency_rate, 0), 1) / (unit.factor / own.factor) AS price,
                   line.qty_delivered * unit.factor / own.factor AS delivered
              FROM (SELECT DISTINCT id FROM (%s) left_of(id)) shipped
              JOIN sale_order_line line ON line.id = shipped.id
              JOIN sale_order ordered ON ordered.id = line.order_id
              JOIN res_partner partner ON partner.id = ordered.partner_id
              JOIN res_partner customer ON customer.id = partner.commercial_partner_id
              JOIN uom_uom unit ON unit.id = line.product_uom_id
             -- Planned for itself: so many tables at once take longer to plan than to read.
             CROSS JOIN LATERAL (
                   SELECT own_unit.factor
                     FROM product_product product
                     JOIN product_template template ON template.id = product.product_tmpl_id
                     JOIN uom_uom own_unit ON own_unit.id = template.uom_id
                    WHERE product.id = line.product_id
                   OFFSET 0) own
             WHERE line.is_downpayment IS NOT TRUE
            """,
            lines,
        )

    @api.model
    def _shipments_sql(self):
        """All that ever left for these lines, less what came back of it, in the product's own unit.

        Of a kit it is the last of its components that counts as the shipment, with what Odoo says is delivered.
        """
        return SQL(
            """
            SELECT asked.id AS line_id, asked.order_id, asked.user_id, asked.partner_id, asked.closing_day,
                   asked.own_factor, asked.price, move.id, move.date, move.picking_id, picking.name,
                   CASE WHEN move.product_id = asked.product_id
                        THEN move.quantity * unit.factor / asked.own_factor - COALESCE(back.quantity, 0)
                        WHEN move.id = MAX(move.id) OVER (PARTITION BY asked.id) THEN asked.delivered
                        ELSE 0 END AS quantity
              FROM asked
             -- Looked up by line: beside so many tables the whole of the moves would be read.
             CROSS JOIN LATERAL (
                   SELECT done.* FROM stock_move done
                    WHERE done.sale_line_id = asked.id AND done.state = 'done' OFFSET 0) move
              JOIN stock_location source ON source.id = move.location_id AND source.usage <> 'customer'
              JOIN stock_location target ON target.id = move.location_dest_id AND target.usage = 'customer'
              JOIN uom_uom unit ON unit.id = move.product_uom
         LEFT JOIN stock_picking picking ON picking.id = move.picking_id
         LEFT JOIN LATERAL (
                   SELECT SUM(returned.quantity * (SELECT factor FROM uom_uom WHERE id = returned.product_uom)
                              / asked.own_factor) AS quantity
                     FROM stock_move returned
                    -- Little comes back: unit and place are looked up for what does, not joined for what does not.
                    WHERE returned.origin_returned_move_id = move.id AND returned.state = 'done'
                      AND (SELECT usage FROM stock_location WHERE id = returned.location_id) = 'customer') back ON TRUE
            """
        )

    @api.model
    def _invoiced_sql(self, company):
        """What was invoiced of the order line of the shipment `due`, and when, less what was credited.

        Rows of `date` and `quantity` (in the product's own unit). Extension point: what an invoice is, is another
        matter where a company has other papers.
        """
        return SQL(
            """
            SELECT move.invoice_date AS date,
                   CASE WHEN move.move_type = 'out_refund' THEN -1 ELSE 1 END
                       * item.quantity * unit.factor / due.own_factor AS quantity
              FROM sale_order_line_invoice_rel rel
              JOIN account_move_line item ON item.id = rel.invoice_line_id
              JOIN account_move move ON move.id = item.move_id
              JOIN uom_uom unit ON unit.id = item.product_uom_id
             WHERE rel.order_line_id = due.line_id
               AND move.state = 'posted' AND move.move_type IN ('out_invoice', 'out_refund')
            """
        )

    @api.model
    def _day(self, moment, company):
        return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", moment, company._local_zone().zone)
