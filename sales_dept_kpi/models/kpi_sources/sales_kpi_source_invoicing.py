from odoo import api, models
from odoo.tools import SQL

from odoo.addons.sales_dept_roles.models.customer_file.closing_day import closing_date_sql


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
        return SQL(
            """
            WITH asked AS (%(asked)s),
            shipment AS (%(shipments)s),
            placed AS (
                SELECT shipment.*,
                       SUM(quantity) OVER (PARTITION BY line_id ORDER BY date, id) - quantity AS before
                  FROM shipment
            ),
            due AS (
                SELECT placed.*, %(closing)s AS due_date FROM placed
                 WHERE date >= %(since)s AND date < %(until)s AND quantity > 0
            ),
            judged AS (
                SELECT due.*, LEAST(GREATEST(COALESCE(invoiced.quantity, 0) - before, 0), due.quantity) AS on_time
                  FROM due
             LEFT JOIN LATERAL (%(invoiced)s) invoiced ON TRUE
            ),
            valued AS (
                SELECT judged.*, ROUND(quantity * price, %(digits)s) AS amount,
                       CASE WHEN on_time >= quantity THEN ROUND(quantity * price, %(digits)s)
                            ELSE ROUND(on_time * price, %(digits)s) END AS reached,
                       due_date >= %(today)s AND on_time < quantity AS is_pending
                  FROM judged
            )
            SELECT user_id, 'stock.picking' AS res_model, picking_id AS res_id, name, MIN(%(day)s) AS date,
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
            asked=self._asked_sql(period),
            shipments=self._shipments_sql(),
            closing=closing_date_sql(SQL("placed.closing_day"), self._day(SQL("placed.date"), period)),
            invoiced=self._invoiced_sql(),
            since=period.moment_from,
            until=period.moment_to,
            digits=period.company.currency_id.decimal_places,
            today=period.today,
            day=self._day(SQL("date"), period),
        )

    @api.model
    def _asked_sql(self, period):
        """The order lines of which something left in the month, with what a unit of the product's own is worth."""
        return SQL(
            """
            SELECT line.id, line.order_id, ordered.user_id, line.product_id,
                   COALESCE(customer.customer_file_closing_day, 0) AS closing_day,
                   own_unit.factor AS own_factor,
                   COALESCE(line.price_subtotal / NULLIF(line.product_uom_qty, 0),
                            line.price_unit * (1 - COALESCE(line.discount, 0) / 100))
                       / COALESCE(NULLIF(ordered.currency_rate, 0), 1) / (unit.factor / own_unit.factor) AS price,
                   line.qty_delivered * unit.factor / own_unit.factor AS delivered
              FROM sale_order_line line
              JOIN sale_order ordered ON ordered.id = line.order_id
              JOIN res_partner partner ON partner.id = ordered.partner_id
              JOIN res_partner customer ON customer.id = partner.commercial_partner_id
              JOIN product_product product ON product.id = line.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
              JOIN uom_uom unit ON unit.id = line.product_uom_id
              JOIN uom_uom own_unit ON own_unit.id = template.uom_id
             WHERE NOT COALESCE(line.is_downpayment, FALSE)
               AND line.id IN (
                   SELECT move.sale_line_id FROM stock_move move
                    WHERE move.company_id = %s AND move.state = 'done' AND move.sale_line_id IS NOT NULL
                      AND move.date >= %s AND move.date < %s)
            """,
            period.company.id,
            period.moment_from,
            period.moment_to,
        )

    @api.model
    def _shipments_sql(self):
        """All that ever left for these lines, less what came back of it, in the product's own unit.

        Of a kit it is the last of its components that counts as the shipment, with what Odoo says is delivered.
        """
        return SQL(
            """
            SELECT asked.id AS line_id, asked.user_id, asked.closing_day, asked.own_factor, asked.price, move.id,
                   move.date, move.picking_id, picking.name,
                   CASE WHEN move.product_id = asked.product_id
                        THEN move.quantity * unit.factor / asked.own_factor - COALESCE(back.quantity, 0)
                        WHEN move.id = MAX(move.id) OVER (PARTITION BY asked.id) THEN asked.delivered
                        ELSE 0 END AS quantity
              FROM asked
              JOIN stock_move move ON move.sale_line_id = asked.id AND move.state = 'done'
              JOIN stock_location source ON source.id = move.location_id AND source.usage <> 'customer'
              JOIN stock_location target ON target.id = move.location_dest_id AND target.usage = 'customer'
              JOIN uom_uom unit ON unit.id = move.product_uom
         LEFT JOIN stock_picking picking ON picking.id = move.picking_id
         LEFT JOIN LATERAL (
                   SELECT SUM(returned.quantity * returned_unit.factor / asked.own_factor) AS quantity
                     FROM stock_move returned
                     JOIN uom_uom returned_unit ON returned_unit.id = returned.product_uom
                     JOIN stock_location place ON place.id = returned.location_id AND place.usage = 'customer'
                    WHERE returned.origin_returned_move_id = move.id AND returned.state = 'done') back ON TRUE
            """
        )

    @api.model
    def _invoiced_sql(self):
        """How much of the order line was invoiced by the due date, less what was credited by then."""
        return SQL(
            """
            SELECT SUM(CASE WHEN move.move_type = 'out_refund' THEN -1 ELSE 1 END
                       * item.quantity * unit.factor / due.own_factor) AS quantity
              FROM sale_order_line_invoice_rel rel
              JOIN account_move_line item ON item.id = rel.invoice_line_id
              JOIN account_move move ON move.id = item.move_id
              JOIN uom_uom unit ON unit.id = item.product_uom_id
             WHERE rel.order_line_id = due.line_id AND move.state = 'posted'
               AND move.move_type IN ('out_invoice', 'out_refund') AND move.invoice_date <= due.due_date
            """
        )

    @api.model
    def _day(self, moment, period):
        return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", moment, period.company._local_zone().zone)
