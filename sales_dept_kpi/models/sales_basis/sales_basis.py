from datetime import time

from odoo import api, models
from odoo.tools import SQL

MIDNIGHT = time()
READ = (
    "account.move",
    "account.move.line",
    "crm.team.member",
    "product.product",
    "product.template",
    "res.company",
    "res.partner",
    "res.users",
    "sale.order",
    "sale.order.line",
    "sales.credit.split",
    "stock.move",
    "stock.picking",
    "uom.uom",
)


class SalesBasis(models.AbstractModel):
    """What a sale is, when it was, whose it is and how much: the one rule of targets, KPIs and reports.

    By the company's setting it is a posted invoice or credit note, a transfer to or from the customer, or a confirmed
    order. Amounts are without taxes, in the company's currency, as the document keeps them or by the rate that it
    keeps: history does not move with today's rate. Days are the company's.
    """

    _name = "sales.basis"
    _description = "What a Sale Is"

    # === WHAT OTHERS ASK === #

    @api.model
    @api.private
    def _lines_sql(self, company, date_from, date_to):
        """Return the ``SQL`` of the sales of `company` from `date_from` until before `date_to`, line by line.

        Its columns: `user_id`, `team_id`, `product_id`, `categ_id`, `partner_id` (commercial), `order_id`,
        `res_model`, `res_id`, `name` (of the document), `date`, `amount`, `overlay` (credit that is none of the
        company's), `is_split`. A line whose credit is split has rows that add up to it.
        """
        self._flush_sales()
        lines = self._plain_lines_sql(company, date_from, date_to)
        if not self._has_splits(company):
            return SQL("SELECT sale.*, 0::numeric AS overlay, FALSE AS is_split FROM (%s) sale", lines)
        return self._credited_sql(company, lines)

    @api.model
    @api.private
    def _documents_sql(self, company, date_from, date_to):
        """As :meth:`_lines_sql`, one row for each document and person, without products and orders (faster)."""
        if company.sales_dept_sales_basis == "invoiced" and not self._has_splits(company):
            self._flush_sales()
            return self._invoices_sql(company, date_from, date_to)
        return SQL(
            """
            SELECT user_id, MIN(team_id) AS team_id, partner_id, res_model, res_id, name, date,
                   SUM(amount) AS amount, SUM(overlay) AS overlay, BOOL_OR(is_split) AS is_split
              FROM (%s) line
          GROUP BY user_id, partner_id, res_model, res_id, name, date
            """,
            self._lines_sql(company, date_from, date_to),
        )

    @api.model
    @api.private
    def _first_sales_sql(self, company, date_from, date_to):
        """Return the ``SQL`` of the customers who bought for the first time ever in that span, as companies.

        Its columns: `partner_id` (commercial), `user_id` (of the salesperson of that first document), `team_id`,
        `res_model`, `res_id`, `name`, `date`. Who left, was archived or merged counts as they do now.
        """
        self._flush_sales()
        return SQL(
            """
            SELECT DISTINCT ON (sale.partner_id) sale.partner_id, sale.user_id, sale.team_id,
                   sale.res_model, sale.res_id, sale.name, sale.date
              FROM (%(lines)s) sale
             WHERE sale.amount > 0
               AND NOT EXISTS (%(earlier)s)
          ORDER BY sale.partner_id, sale.date, sale.res_id
            """,
            lines=self._first_candidates_sql(company, date_from, date_to),
            earlier=getattr(self, f"_earlier_{company.sales_dept_sales_basis}_sql")(company, date_from),
        )

    @api.model
    @api.private
    def _first_products_sql(self, company, date_from, date_to):
        """Return the ``SQL`` of the products that were sold for the first time ever in that span.

        Its columns: `product_id`, and of the first document `user_id`, `team_id`, `date`.
        """
        self._flush_sales()
        return SQL(
            """
            SELECT DISTINCT ON (sale.product_id) sale.product_id, sale.user_id, sale.team_id, sale.date
              FROM (%(lines)s) sale
              JOIN product_product product ON product.id = sale.product_id
             WHERE sale.amount > 0
               AND NOT EXISTS (%(earlier)s)
          ORDER BY sale.product_id, sale.date, sale.res_id
            """,
            lines=self._plain_lines_sql(company, date_from, date_to),
            earlier=getattr(self, f"_product_{company.sales_dept_sales_basis}_sql")(company, date_from),
        )

    # === THE THREE BASES === #

    @api.model
    def _plain_lines_sql(self, company, date_from, date_to):
        """Lines with their document's salesperson, whatever is said of splits."""
        return getattr(self, f"_{company.sales_dept_sales_basis}_lines_sql")(company, date_from, date_to)

    @api.model
    def _invoiced_lines_sql(self, company, date_from, date_to):
        # Of the lines those that Odoo adds up to the untaxed amount: deposits, and their deduction, among them.
        return SQL(
            """
            SELECT %(whose)s, line.product_id, template.categ_id,
                   move.commercial_partner_id AS partner_id,
                   (SELECT MIN(ordered.order_id)
                      FROM sale_order_line_invoice_rel rel
                      JOIN sale_order_line ordered ON ordered.id = rel.order_line_id
                     WHERE rel.invoice_line_id = line.id) AS order_id,
                   'account.move' AS res_model, move.id AS res_id, move.name, move.invoice_date AS date,
                   -line.balance AS amount
              FROM account_move move
              JOIN account_move_line line ON line.move_id = move.id
         LEFT JOIN LATERAL (%(reversed)s) reversed ON TRUE
         LEFT JOIN product_product product ON product.id = line.product_id
         LEFT JOIN product_template template ON template.id = product.product_tmpl_id
             WHERE %(condition)s
               AND (line.display_type IN ('product', 'non_deductible_product', 'non_deductible_product_total')
                    OR line.display_type = 'rounding' AND line.tax_repartition_line_id IS NULL)
            """,
            whose=self._invoice_owner_sql(),
            reversed=self._reversed_sql(),
            condition=self._invoices_condition(company, date_from, date_to),
        )

    @api.model
    def _invoice_owner_sql(self):
        """Salesperson and team of an invoice; a credit note takes back from whoever had the sale.

        Odoo names the one who makes the credit note, if the customer has nobody.
        """
        return SQL(
            "COALESCE(reversed.invoice_user_id, move.invoice_user_id) AS user_id,"
            " COALESCE(reversed.team_id, move.team_id) AS team_id"
        )

    @api.model
    def _reversed_sql(self):
        """The invoice that `move` takes back, if it is a credit note of one.

        Looked up by itself: next to none has one, and joined to all the entries there are it would have them all read.
        """
        return SQL(
            "SELECT original.invoice_user_id, original.team_id FROM account_move original"
            " WHERE original.id = move.reversed_entry_id OFFSET 0"
        )

    @api.model
    def _invoices_sql(self, company, date_from, date_to):
        """As the lines of invoices, added up by Odoo: see :meth:`_documents_sql`."""
        return SQL(
            """
            SELECT %(whose)s, move.commercial_partner_id AS partner_id,
                   'account.move' AS res_model, move.id AS res_id, move.name, move.invoice_date AS date,
                   move.amount_untaxed_signed AS amount, 0::numeric AS overlay, FALSE AS is_split
              FROM account_move move
         LEFT JOIN LATERAL (%(reversed)s) reversed ON TRUE
             WHERE %(condition)s
            """,
            whose=self._invoice_owner_sql(),
            reversed=self._reversed_sql(),
            condition=self._invoices_condition(company, date_from, date_to),
        )

    @api.model
    def _invoices_condition(self, company, date_from, date_to):
        return SQL(
            """
            move.company_id = %s AND move.invoice_date >= %s AND move.invoice_date < %s
            AND move.state = 'posted' AND move.move_type IN ('out_invoice', 'out_refund')
            """,
            company.id,
            date_from,
            date_to,
        )

    @api.model
    def _delivered_lines_sql(self, company, date_from, date_to):
        """What left for the customer and counts as delivered, less what came back to be refunded."""
        return SQL(
            """
            SELECT sale.user_id, sale.team_id, line.product_id, template.categ_id,
                   partner.commercial_partner_id AS partner_id, sale.id AS order_id,
                   CASE WHEN picking.id IS NULL THEN 'stock.move' ELSE 'stock.picking' END AS res_model,
                   COALESCE(picking.id, move.id) AS res_id, COALESCE(picking.name, move.reference) AS name,
                   %(day)s AS date,
                   ROUND(direction.sign * COALESCE(%(part)s, 0) * line.price_subtotal
                         / COALESCE(NULLIF(sale.currency_rate, 0), 1), %(digits)s) AS amount
              FROM stock_move move
              JOIN stock_location source ON source.id = move.location_id
              JOIN stock_location target ON target.id = move.location_dest_id
        CROSS JOIN LATERAL (
                   SELECT CASE WHEN target.usage = 'customer' AND source.usage <> 'customer' THEN 1
                               WHEN source.usage = 'customer' AND target.usage <> 'customer' THEN -1 END AS sign
                   ) direction
              JOIN sale_order_line line ON line.id = move.sale_line_id
              JOIN sale_order sale ON sale.id = line.order_id
              JOIN res_partner partner ON partner.id = sale.partner_id
         LEFT JOIN stock_picking picking ON picking.id = move.picking_id
         LEFT JOIN product_product product ON product.id = line.product_id
         LEFT JOIN product_template template ON template.id = product.product_tmpl_id
             WHERE %(condition)s
               AND move.date >= %(begin)s AND move.date < %(end)s
               AND direction.sign IS NOT NULL
               AND (move.to_refund OR direction.sign = 1 AND move.origin_returned_move_id IS NULL)
            """,
            day=self.env["res.company"]._local_day_sql(SQL("move.date"), SQL("%s", company.id)),
            part=self._delivered_part_sql(),
            digits=company.currency_id.decimal_places,
            condition=self._moves_condition(company),
            begin=company._moment_of(date_from, MIDNIGHT),
            end=company._moment_of(date_to, MIDNIGHT),
        )

    @api.model
    def _delivered_part_sql(self):
        """Which part of its order line a move is. Of a kit it is a part of its component's, each counting alike."""
        return SQL(
            """
            CASE WHEN move.product_id = line.product_id
                 THEN move.quantity
                      * (SELECT factor FROM uom_uom WHERE id = move.product_uom)
                      / (SELECT factor FROM uom_uom WHERE id = line.product_uom_id)
                      / NULLIF(line.product_uom_qty, 0)
                 ELSE (SELECT move.quantity
                              / NULLIF(SUM(asked.product_uom_qty) FILTER (WHERE asked.product_id = move.product_id), 0)
                              / NULLIF(COUNT(DISTINCT asked.product_id), 0)
                         FROM stock_move asked
                        WHERE asked.sale_line_id = line.id AND asked.state <> 'cancel'
                          AND asked.location_dest_id = CASE WHEN direction.sign = 1
                                                            THEN move.location_dest_id ELSE move.location_id END)
            END
            """
        )

    @api.model
    def _moves_condition(self, company):
        return SQL("move.company_id = %s AND move.state = 'done' AND move.sale_line_id IS NOT NULL", company.id)

    @api.model
    def _ordered_lines_sql(self, company, date_from, date_to):
        """Confirmed orders as they stand now, without down payments, which are no goods."""
        return SQL(
            """
            SELECT sale.user_id, sale.team_id, line.product_id, template.categ_id,
                   partner.commercial_partner_id AS partner_id, sale.id AS order_id,
                   'sale.order' AS res_model, sale.id AS res_id, sale.name, %(day)s AS date,
                   ROUND(line.price_subtotal / COALESCE(NULLIF(sale.currency_rate, 0), 1), %(digits)s) AS amount
              FROM sale_order sale
              JOIN sale_order_line line ON line.order_id = sale.id
              JOIN res_partner partner ON partner.id = sale.partner_id
         LEFT JOIN product_product product ON product.id = line.product_id
         LEFT JOIN product_template template ON template.id = product.product_tmpl_id
             WHERE sale.company_id = %(company)s AND sale.state = 'sale'
               AND sale.date_order >= %(begin)s AND sale.date_order < %(end)s
               AND line.display_type IS NULL AND line.is_downpayment IS NOT TRUE
            """,
            day=self.env["res.company"]._local_day_sql(SQL("sale.date_order"), SQL("%s", company.id)),
            digits=company.currency_id.decimal_places,
            company=company.id,
            begin=company._moment_of(date_from, MIDNIGHT),
            end=company._moment_of(date_to, MIDNIGHT),
        )

    # === WHO BOUGHT BEFORE === #

    @api.model
    def _first_candidates_sql(self, company, date_from, date_to):
        """Documents of the span by which somebody may have become a customer."""
        if company.sales_dept_sales_basis == "invoiced":
            return self._invoices_sql(company, date_from, date_to)
        return self._plain_lines_sql(company, date_from, date_to)

    @api.model
    def _earlier_invoiced_sql(self, company, date_from):
        return SQL(
            """
            SELECT 1 FROM account_move earlier
             WHERE earlier.commercial_partner_id = sale.partner_id AND earlier.company_id = %s
               AND earlier.invoice_date < %s AND earlier.state = 'posted' AND earlier.move_type = 'out_invoice'
               AND earlier.amount_untaxed_signed > 0
            """,
            company.id,
            date_from,
        )

    @api.model
    def _earlier_delivered_sql(self, company, date_from):
        return SQL(
            """
            SELECT 1 FROM res_partner buyer
              JOIN sale_order earlier ON earlier.partner_id = buyer.id
              JOIN sale_order_line line ON line.order_id = earlier.id
              JOIN stock_move move ON move.sale_line_id = line.id
              JOIN stock_location target ON target.id = move.location_dest_id
             WHERE buyer.commercial_partner_id = sale.partner_id AND %s AND move.date < %s
               AND target.usage = 'customer' AND line.price_subtotal > 0
            """,
            self._moves_condition(company),
            company._moment_of(date_from, MIDNIGHT),
        )

    @api.model
    def _earlier_ordered_sql(self, company, date_from):
        return SQL(
            """
            SELECT 1 FROM res_partner buyer
              JOIN sale_order earlier ON earlier.partner_id = buyer.id
              JOIN sale_order_line line ON line.order_id = earlier.id
             WHERE buyer.commercial_partner_id = sale.partner_id AND earlier.company_id = %s
               AND earlier.state = 'sale' AND earlier.date_order < %s
               AND line.display_type IS NULL AND line.is_downpayment IS NOT TRUE AND line.price_subtotal > 0
            """,
            company.id,
            company._moment_of(date_from, MIDNIGHT),
        )

    # === WHAT WAS SOLD BEFORE === #

    @api.model
    def _product_invoiced_sql(self, company, date_from):
        return SQL(
            """
            SELECT 1 FROM account_move_line line
              JOIN account_move earlier ON earlier.id = line.move_id
             WHERE line.product_id = sale.product_id AND line.display_type = 'product' AND line.balance < 0
               AND earlier.company_id = %s AND earlier.invoice_date < %s
               AND earlier.state = 'posted' AND earlier.move_type = 'out_invoice'
            """,
            company.id,
            date_from,
        )

    @api.model
    def _product_delivered_sql(self, company, date_from):
        return SQL(
            """
            SELECT 1 FROM sale_order_line line
              JOIN stock_move move ON move.sale_line_id = line.id
              JOIN stock_location target ON target.id = move.location_dest_id
             WHERE line.product_id = sale.product_id AND %s AND move.date < %s AND target.usage = 'customer'
               AND line.price_subtotal > 0
            """,
            self._moves_condition(company),
            company._moment_of(date_from, MIDNIGHT),
        )

    @api.model
    def _product_ordered_sql(self, company, date_from):
        return SQL(
            """
            SELECT 1 FROM sale_order_line line
              JOIN sale_order earlier ON earlier.id = line.order_id
             WHERE line.product_id = sale.product_id AND earlier.company_id = %s AND earlier.state = 'sale'
               AND earlier.date_order < %s AND line.is_downpayment IS NOT TRUE AND line.price_subtotal > 0
            """,
            company.id,
            company._moment_of(date_from, MIDNIGHT),
        )

    # === SPLITS === #

    @api.model
    def _has_splits(self, company):
        return bool(self.env["sales.credit.split"].sudo().search_count([("company_id", "=", company.id)], limit=1))

    @api.model
    def _credited_sql(self, company, lines):
        """The `lines` with their credit given to those who share it.

        A share is the difference of two rounded sums, the salesperson's what is left: so nothing is lost or made by
        rounding. Whose own share it is by now has it with what is left.
        """
        return SQL(
            """
            WITH sold AS MATERIALIZED (%(lines)s),
                 shared AS (
                    SELECT sold.*, split.user_id AS to_user_id, colleague.sale_team_id AS to_team_id, split.kind,
                           CASE split.kind
                                WHEN 'overlay' THEN ROUND(sold.amount * split.share / 100, %(digits)s)
                                ELSE ROUND(sold.amount * split.upto / 100, %(digits)s)
                                     - ROUND(sold.amount * (split.upto - split.share) / 100, %(digits)s)
                           END AS part
                      FROM sold
                      JOIN (SELECT given.*,
                                   SUM(given.share) OVER (PARTITION BY given.order_id, given.kind ORDER BY given.id)
                                   AS upto
                              FROM sales_credit_split given
                             WHERE given.company_id = %(company)s) split
                        ON split.order_id = sold.order_id
                           AND (split.kind = 'overlay' OR split.user_id IS DISTINCT FROM sold.user_id)
                      JOIN res_users colleague ON colleague.id = split.user_id
                 )
            SELECT sold.*, 0::numeric AS overlay,
                   EXISTS (SELECT 1 FROM sales_credit_split given
                            WHERE given.order_id = sold.order_id AND given.kind = 'revenue'
                              AND given.user_id IS DISTINCT FROM sold.user_id) AS is_split
              FROM sold
         UNION ALL
            SELECT %(others)s, -shared.part, 0, TRUE FROM shared WHERE shared.kind = 'revenue'
         UNION ALL
            SELECT shared.to_user_id, COALESCE(shared.to_team_id, shared.team_id), %(document)s,
                   CASE shared.kind WHEN 'revenue' THEN shared.part ELSE 0 END,
                   CASE shared.kind WHEN 'overlay' THEN shared.part ELSE 0 END, TRUE
              FROM shared
            """,
            lines=lines,
            digits=company.currency_id.decimal_places,
            company=company.id,
            others=SQL("shared.user_id, shared.team_id, %s", _document("shared")),
            document=_document("shared"),
        )

    @api.model
    def _flush_sales(self):
        for model in READ:
            self.env[model].flush_model()


def _document(alias):
    """The columns of a line that its credit leaves as they are."""
    names = ("product_id", "categ_id", "partner_id", "order_id", "res_model", "res_id", "name", "date")
    return SQL(", ").join(SQL.identifier(alias, name) for name in names)
