from odoo import api, models
from odoo.tools import SQL


class SalesKpiSourceDelivery(models.AbstractModel):
    _name = "sales.kpi.source.delivery"
    _inherit = "sales.kpi.source"
    _description = "Deliveries on Time"
    _kpi_sequence = 60

    @api.model
    def _kpi_explanation(self):
        return {
            "counts": self.env._(
                "Order lines of goods that had left in full by the end of the day they were promised for, of the lines "
                "promised for the month."
            ),
            "basis": self.env._(
                "The order's salesperson, and the day at the company: the one promised in the review, else the order's "
                "delivery date."
            ),
            "exclusions": self.env._(
                "Services, cancelled orders, lines without any date. What came back by that day is not delivered. A "
                "kit is delivered when its components are."
            ),
        }

    @api.model
    def _kpi_reasons(self):
        return {
            "on_time": self.env._("All of it left on time"),
            "partly": self.env._("Some lines left late, or not yet"),
            "late": self.env._("Left late, or not in full"),
            "pending": self.env._("Promised for a later day"),
        }

    @api.model
    def _kpi_evidence_sql(self, period):
        return SQL(
            """
            WITH line AS (%(lines)s),
            moved AS (
                SELECT line.id,
                       SUM(move.quantity * unit.factor / line.own_factor
                           * CASE WHEN target.usage = 'customer' THEN 1 ELSE -1 END)
                           FILTER (WHERE move.product_id = line.product_id AND %(moved_day)s <= line.day) AS by_day,
                       MAX(%(moved_day)s) FILTER (WHERE target.usage = 'customer') AS last_day,
                       BOOL_OR(move.product_id <> line.product_id) AS is_kit
                  FROM line
                  JOIN stock_move move ON move.sale_line_id = line.id AND move.state = 'done'
                  JOIN stock_location source ON source.id = move.location_id
                  JOIN stock_location target ON target.id = move.location_dest_id
                  JOIN uom_uom unit ON unit.id = move.product_uom
                 WHERE (target.usage = 'customer') <> (source.usage = 'customer')
              GROUP BY line.id
            ),
            judged AS (
                SELECT line.*,
                       CASE WHEN CASE WHEN moved.is_kit
                                      THEN line.delivered >= line.wanted AND moved.last_day <= line.day
                                      ELSE ROUND(moved.by_day, 6) >= ROUND(line.wanted * line.per_unit, 6) END
                            THEN 'on_time'
                            WHEN line.day >= %(today)s THEN 'pending'
                            ELSE 'late' END AS standing
                  FROM line
             LEFT JOIN moved ON moved.id = line.id
            )
            SELECT user_id, 'sale.order' AS res_model, order_id AS res_id, order_name AS name, MIN(day) AS date,
                   COUNT(*) FILTER (WHERE standing = 'on_time')::numeric AS numerator,
                   COUNT(*) FILTER (WHERE standing <> 'pending')::numeric AS denominator, 0::numeric AS overlay,
                   COUNT(*) FILTER (WHERE standing = 'pending')::numeric AS pending,
                   CASE WHEN MIN(standing) = MAX(standing) THEN MIN(standing)
                        WHEN BOOL_OR(standing = 'late') THEN 'partly' ELSE 'pending' END AS reason
              FROM judged
          GROUP BY user_id, order_id, order_name
            """,
            lines=self._lines_sql(period),
            moved_day=period.day_sql(SQL("move.date")),
            today=period.today,
        )

    @api.model
    def _lines_sql(self, period):
        """Lines of goods promised for the period, by their own date or else by that of the order."""
        return SQL(
            """
            SELECT line.id, line.order_id, ordered.name AS order_name, ordered.user_id, line.product_id,
                   line.product_uom_qty AS wanted, COALESCE(line.qty_delivered, 0) AS delivered,
                   (unit.factor / own_unit.factor)::numeric AS per_unit, own_unit.factor AS own_factor,
                   COALESCE(line.promised_date, %(day)s) AS day
              FROM sale_order ordered
              JOIN sale_order_line line ON line.order_id = ordered.id
              JOIN product_product product ON product.id = line.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
              JOIN uom_uom unit ON unit.id = line.product_uom_id
              JOIN uom_uom own_unit ON own_unit.id = template.uom_id
             WHERE ordered.company_id = %(company)s AND ordered.state = 'sale' AND template.type = 'consu'
               AND line.product_uom_qty > 0 AND line.display_type IS NULL
               AND NOT COALESCE(line.is_downpayment, FALSE)
               AND (line.promised_date >= %(since)s AND line.promised_date < %(until)s
                    OR line.promised_date IS NULL AND ordered.commitment_date >= %(moment_from)s
                       AND ordered.commitment_date < %(moment_to)s)
            """,
            day=period.day_sql(SQL("ordered.commitment_date")),
            company=period.company.id,
            since=period.date_from,
            until=period.date_to,
            moment_from=period.moment_from,
            moment_to=period.moment_to,
        )
