from datetime import time, timedelta

from odoo import api, models
from odoo.tools import SQL

# An id holds its source's number and, in its last three bits, which source it is.
SOURCES = ("order", "shipment", "invoice", "receipt", "applied")
SOURCE_BITS = 3


class SalesProgressDocument(models.Model):
    """Which documents make up each figure, as SQL: one query a figure for everybody.

    Each returns ``id, name, date, figure, company_id, user_id, team_id, partner_id, res_model, res_id, amount``.
    Amounts are those that the documents keep, at the rate of their own day, never converted anew.
    """

    _inherit = "sales.progress.document"

    @api.model
    def _documents_sql(self, days, companies, ids=()):
        """The documents of `days` of `companies`; with `ids`, of those only."""
        return SQL(" UNION ALL ").join(
            SQL("(%s)", query)
            for company in companies.sudo()
            for query in (
                self._orders_sql(days, company, ids),
                self._shipments_sql(days, company, ids),
                self._invoices_sql(days, company, ids),
                self._receipts_sql(days, company, ids),
            )
        )

    # === PARTS === #

    @api.model
    def _number(self, source, number):
        return SQL("(%s::bigint << %s | %s)", number, SOURCE_BITS, SOURCES.index(source))

    @api.model
    def _among(self, source, number, ids):
        """SQL of whether `number` is among the rows `ids`, where there are any: their table's index finds it."""
        if not ids:
            return SQL("TRUE")
        wanted = [key >> SOURCE_BITS for key in ids if key & (1 << SOURCE_BITS) - 1 == SOURCES.index(source)]
        return SQL("%s = ANY(%s)", number, wanted)

    @api.model
    def _between(self, column, days):
        """SQL of whether a date is among `days`."""
        return SQL(
            "%s AND %s",
            SQL("%s >= %s", column, days.first) if days.first else SQL("TRUE"),
            SQL("%s < %s", column, days.last + timedelta(days=1)) if days.last else SQL("TRUE"),
        )

    @api.model
    def _within(self, column, days, company):
        """SQL of whether a moment is among the `days` of `company`, so that an index of it is used."""
        return SQL(
            "%s AND %s",
            SQL("%s >= %s", column, company._moment_of(days.first, time.min)) if days.first else SQL("TRUE"),
            SQL("%s < %s", column, company._moment_of(days.last + timedelta(days=1), time.min))
            if days.last
            else SQL("TRUE"),
        )

    @api.model
    def _team_of(self, user, company):
        """SQL of the team of a person, where it is one of `company`."""
        return SQL(
            """
            (SELECT team.id FROM res_users of_team JOIN crm_team team ON team.id = of_team.sale_team_id
              WHERE of_team.id = %s AND COALESCE(team.company_id, %s) = %s)
            """,
            user,
            company.id,
            company.id,
        )

    @api.model
    def _team(self, user, team, company):
        """SQL of who a document's amount is added up with: its person's team; of nobody's, its own."""
        return SQL("CASE WHEN %s IS NULL THEN %s ELSE %s END", user, team, self._team_of(user, company))

    # === FIGURES === #

    @api.model
    def _orders_sql(self, days, company, ids):
        """Orders confirmed, on the day of their confirmation."""
        user = SQL("sale.user_id")
        return SQL(
            """
            SELECT %(number)s AS id, sale.name, %(day)s AS date, 'order' AS figure, sale.company_id, sale.user_id,
                   %(team)s AS team_id, partner.commercial_partner_id AS partner_id,
                   'sale.order' AS res_model, sale.id AS res_id,
                   ROUND(sale.amount_untaxed / NULLIF(sale.currency_rate, 0)::numeric, %(digits)s) AS amount
              FROM sale_order sale
              JOIN res_partner partner ON partner.id = sale.partner_id
             WHERE sale.company_id = %(company)s AND sale.state = 'sale' AND %(within)s AND %(among)s
            """,
            number=self._number("order", SQL("sale.id")),
            day=self.env["res.company"]._local_day_sql(SQL("sale.date_order"), SQL("%s", company.id)),
            team=self._team(user, SQL("sale.team_id"), company),
            digits=company.currency_id.decimal_places,
            company=company.id,
            within=self._within(SQL("sale.date_order"), days, company),
            among=self._among("order", SQL("sale.id"), ids),
        )

    @api.model
    def _shipments_sql(self, days, company, ids):
        """What left for customers, less what came back, at the price of its order's line.

        Of a kit its components leave: each bears its part of the kit's price, by quantity.
        """
        return SQL(
            """
            SELECT %(number)s AS id, COALESCE(picking.name, sale.name) AS name, %(day)s AS date,
                   'shipment' AS figure, move.company_id, sale.user_id,
                   %(team)s AS team_id, partner.commercial_partner_id AS partner_id,
                   CASE WHEN picking.id IS NULL THEN 'sale.order' ELSE 'stock.picking' END AS res_model,
                   COALESCE(picking.id, sale.id) AS res_id,
                   ROUND(
                       CASE WHEN target.usage = 'customer' THEN 1 ELSE -1 END
                       * CASE
                           WHEN move.product_id != line.product_id
                           THEN line.price_subtotal * move.quantity * unit.factor::numeric / NULLIF(kit.quantity, 0)
                           WHEN line.product_uom_qty = 0
                           THEN line.price_unit * (1 - line.discount / 100)
                                * move.quantity * unit.factor::numeric / line_unit.factor::numeric
                           ELSE line.price_subtotal / line.product_uom_qty
                                * move.quantity * unit.factor::numeric / line_unit.factor::numeric
                         END / NULLIF(sale.currency_rate, 0)::numeric,
                       %(digits)s
                   ) AS amount
              FROM stock_move move
              JOIN stock_location origin ON origin.id = move.location_id
              JOIN stock_location target ON target.id = move.location_dest_id
              JOIN uom_uom unit ON unit.id = move.product_uom
              JOIN sale_order_line line ON line.id = move.sale_line_id
              JOIN uom_uom line_unit ON line_unit.id = line.product_uom_id
              JOIN sale_order sale ON sale.id = line.order_id
              JOIN res_partner partner ON partner.id = sale.partner_id
         LEFT JOIN stock_picking picking ON picking.id = move.picking_id
         LEFT JOIN LATERAL (
                   SELECT SUM(part.product_uom_qty * part_unit.factor::numeric) AS quantity
                     FROM stock_move part
                     JOIN stock_location part_target ON part_target.id = part.location_dest_id
                     JOIN uom_uom part_unit ON part_unit.id = part.product_uom
                    WHERE part.sale_line_id = line.id AND part.state != 'cancel'
                      AND part_target.usage = 'customer'
                   ) kit ON move.product_id != line.product_id
             WHERE move.company_id = %(company)s AND move.state = 'done'
               AND (origin.usage = 'customer') != (target.usage = 'customer')
               AND %(within)s AND %(among)s
            """,
            number=self._number("shipment", SQL("move.id")),
            day=self.env["res.company"]._local_day_sql(SQL("move.date"), SQL("%s", company.id)),
            team=self._team(SQL("sale.user_id"), SQL("sale.team_id"), company),
            digits=company.currency_id.decimal_places,
            company=company.id,
            within=self._within(SQL("move.date"), days, company),
            among=self._among("shipment", SQL("move.id"), ids),
        )

    @api.model
    def _invoices_sql(self, days, company, ids):
        """Invoices and credit notes that are posted, on their date."""
        return SQL(
            """
            SELECT %(number)s AS id, invoice.name, invoice.invoice_date AS date, 'invoice' AS figure,
                   invoice.company_id, invoice.invoice_user_id AS user_id,
                   %(team)s AS team_id, partner.commercial_partner_id AS partner_id,
                   'account.move' AS res_model, invoice.id AS res_id, invoice.amount_untaxed_signed AS amount
              FROM account_move invoice
              JOIN res_partner partner ON partner.id = invoice.partner_id
             WHERE invoice.company_id = %(company)s AND invoice.state = 'posted'
               AND invoice.move_type IN ('out_invoice', 'out_refund') AND %(between)s AND %(among)s
            """,
            number=self._number("invoice", SQL("invoice.id")),
            team=self._team(SQL("invoice.invoice_user_id"), SQL("invoice.team_id"), company),
            company=company.id,
            between=self._between(SQL("invoice.invoice_date"), days),
            among=self._among("invoice", SQL("invoice.id"), ids),
        )

    @api.model
    def _receipts_sql(self, days, company, ids):
        """What customers paid, less what they were paid back, on the day of the payment.

        It is shared by the invoices that it pays. What pays no invoice, or none yet, goes to whose invoice it pays
        most of, else to the customer's account manager.
        """
        return SQL(
            """
            WITH receipt AS (
                SELECT line.id, line.date, line.company_id, line.move_id, line.payment_id, line.partner_id,
                       -line.balance AS amount
                  FROM account_move_line line
                  JOIN account_account account ON account.id = line.account_id
                   AND account.account_type = 'asset_receivable'
                  JOIN account_journal journal ON journal.id = line.journal_id
                   AND journal.type IN ('bank', 'cash', 'credit')
                 WHERE line.company_id = %(company)s AND line.parent_state = 'posted' AND %(between)s
                   AND %(among_receipts)s
            ), applied AS (
                SELECT receipt.id AS receipt_id, partial.id, invoice.invoice_user_id AS user_id, invoice.team_id,
                       partial.amount * SIGN(receipt.amount) AS amount
                  FROM receipt
                  JOIN account_partial_reconcile partial
                    ON partial.credit_move_id = receipt.id OR partial.debit_move_id = receipt.id
                  JOIN account_move_line other
                    ON other.id = CASE WHEN partial.credit_move_id = receipt.id
                                       THEN partial.debit_move_id ELSE partial.credit_move_id END
                  JOIN account_move invoice ON invoice.id = other.move_id
                   AND invoice.move_type IN ('out_invoice', 'out_refund')
            ), part AS (
                SELECT %(number_applied)s AS id, applied.receipt_id, applied.user_id, applied.team_id, applied.amount
                  FROM applied
             UNION ALL
                SELECT %(number_rest)s, receipt.id,
                       CASE WHEN most.id IS NULL THEN customer.user_id ELSE most.user_id END,
                       CASE WHEN most.id IS NULL THEN customer.team_id ELSE most.team_id END,
                       receipt.amount - COALESCE(total.amount, 0)
                  FROM receipt
             LEFT JOIN res_partner partner ON partner.id = receipt.partner_id
             LEFT JOIN res_partner commercial ON commercial.id = partner.commercial_partner_id
            CROSS JOIN LATERAL (
                       SELECT COALESCE(partner.user_id, commercial.user_id) AS user_id, NULL::integer AS team_id
                       ) customer
             LEFT JOIN LATERAL (
                       SELECT SUM(applied.amount) AS amount FROM applied WHERE applied.receipt_id = receipt.id
                       ) total ON TRUE
             LEFT JOIN LATERAL (
                       SELECT applied.id, applied.user_id, applied.team_id FROM applied
                        WHERE applied.receipt_id = receipt.id
                     ORDER BY ABS(applied.amount) DESC, applied.id LIMIT 1
                       ) most ON TRUE
                 WHERE receipt.amount != COALESCE(total.amount, 0)
            )
            SELECT part.id, COALESCE(payment.name, move.name) AS name, receipt.date, 'receipt' AS figure,
                   receipt.company_id, part.user_id, %(team)s AS team_id,
                   partner.commercial_partner_id AS partner_id,
                   CASE WHEN payment.id IS NULL THEN 'account.move' ELSE 'account.payment' END AS res_model,
                   COALESCE(payment.id, move.id) AS res_id, part.amount
              FROM part
              JOIN receipt ON receipt.id = part.receipt_id
              JOIN account_move move ON move.id = receipt.move_id
         LEFT JOIN account_payment payment ON payment.id = receipt.payment_id
         LEFT JOIN res_partner partner ON partner.id = receipt.partner_id
            """,
            company=company.id,
            between=self._between(SQL("line.date"), days),
            among_receipts=self._among_receipts(ids),
            number_applied=self._number("applied", SQL("applied.id")),
            number_rest=self._number("receipt", SQL("receipt.id")),
            team=self._team(SQL("part.user_id"), SQL("part.team_id"), company),
        )

    @api.model
    def _among_receipts(self, ids):
        """SQL of whether a line of a payment is what a row of `ids` is made of."""
        if not ids:
            return SQL("TRUE")
        return SQL(
            """
            (%s OR line.id IN (
                SELECT UNNEST(ARRAY[partial.credit_move_id, partial.debit_move_id])
                  FROM account_partial_reconcile partial WHERE %s
            ))
            """,
            self._among("receipt", SQL("line.id"), ids),
            self._among("applied", SQL("partial.id"), ids),
        )
