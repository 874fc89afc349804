from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from .asked import FIRST_DAY, LAST_DAY, NO_DAY, Days

# An id holds its source's number, the person, and in its last three bits which source it is: below 2 ** 53, the
# greatest whole number that a browser keeps exactly.
SOURCES = ("sale.order", "stock.picking", "stock.move", "account.move", "receipt", "applied")
SOURCE_BITS = 3
USER_BITS = 19
# How :class:`sales.basis` names what the figures count.
BASES = {"order": "ordered", "shipment": "delivered", "invoice": "invoiced"}


class SalesProgressDocument(models.Model):
    """Which documents make up each figure, as SQL: one query a figure for everybody.

    What an order, a shipment and an invoice are worth, and whose they are, is the one rule of `sales.basis`. Each query
    returns ``id, name, date, figure, company_id, user_id, team_id, partner_id, res_model, res_id, amount``.
    """

    _inherit = "sales.progress.document"

    @api.model
    def _documents_sql(self, days, companies):
        """The documents of the :class:`Days` of `companies`."""
        days = Days(days.first or FIRST_DAY, days.last or LAST_DAY)
        return SQL(" UNION ALL ").join(
            SQL("(%s)", query)
            for company in companies.sudo()
            for query in (
                *(self._sales_sql(figure, days, company) for figure in BASES),
                self._receipts_sql(days, company),
            )
        )

    # === PARTS === #

    @api.model
    def _number(self, source, number, user):
        """SQL of the id of a row."""
        return SQL(
            "((%s::bigint << %s) | (MOD(COALESCE(%s, 0), %s) << %s) | (%s))",
            number,
            SOURCE_BITS + USER_BITS,
            user,
            1 << USER_BITS,
            SOURCE_BITS,
            source,
        )

    @api.model
    def _team(self, user, team, company):
        """SQL of the team with which an amount is added up: its person's; of nobody's, the document's own."""
        return SQL("CASE WHEN %s IS NULL THEN %s ELSE %s END", user, team, self._team_of(user, company))

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

    # === FIGURES === #

    @api.model
    def _sales_sql(self, figure, days, company):
        """Orders confirmed, what left less what came back, or invoices less credit notes.

        By document and person: the credit of an order may be shared.
        """
        source = SQL("ARRAY_POSITION(%s, sale.res_model::text) - 1", list(SOURCES))
        user = SQL("sale.user_id")
        return SQL(
            """
            SELECT %(number)s AS id, sale.name, sale.date, %(figure)s AS figure, %(company)s AS company_id,
                   sale.user_id, %(team)s AS team_id, sale.partner_id, sale.res_model, sale.res_id, sale.amount
              FROM (
                   SELECT line.user_id, MIN(line.team_id) AS team_id, MIN(line.partner_id) AS partner_id,
                          line.res_model, line.res_id, line.name, line.date, SUM(line.amount) AS amount
                     FROM (%(lines)s) line
                 GROUP BY line.user_id, line.res_model, line.res_id, line.name, line.date
                   ) sale
             WHERE sale.amount != 0
            """,
            number=self._number(source, SQL("sale.res_id"), user),
            figure=figure,
            company=company.id,
            team=self._team(user, SQL("sale.team_id"), company),
            lines=self._sale_lines_sql(BASES[figure], days, company),
        )

    @api.model
    def _sale_lines_sql(self, basis, days, company):
        sales = self.env["sales.basis"]
        sales._flush_sales()
        span = company, days.first, days.last + timedelta(days=1)
        is_split = sales._has_splits(company)
        if basis == "invoiced" and not is_split:
            # Odoo has added up its lines already.
            return sales._invoices_sql(*span)
        lines = getattr(sales, f"_{basis}_lines_sql")(*span)
        return sales._credited_sql(company, lines) if is_split else lines

    @api.model
    def _receipts_sql(self, days, company):
        """What customers paid, less what they were paid back, on the day of the payment.

        It is shared by the invoices that it pays. What pays no invoice, or none yet, goes to whose invoice it pays
        most of, else to the customer's account manager.
        """
        user = SQL("part.user_id")
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
                 WHERE line.company_id = %(company)s AND line.parent_state = 'posted'
                   AND line.date >= %(first)s AND line.date <= %(last)s
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
                SELECT applied.id AS number, %(applied)s AS source, applied.receipt_id, applied.user_id,
                       applied.team_id, applied.amount
                  FROM applied
             UNION ALL
                SELECT receipt.id, %(rest)s, receipt.id,
                       CASE WHEN most.id IS NULL THEN COALESCE(partner.user_id, commercial.user_id)
                            ELSE most.user_id END,
                       most.team_id, receipt.amount - COALESCE(total.amount, 0)
                  FROM receipt
             LEFT JOIN res_partner partner ON partner.id = receipt.partner_id
             LEFT JOIN res_partner commercial ON commercial.id = partner.commercial_partner_id
             LEFT JOIN (
                       SELECT applied.receipt_id, SUM(applied.amount) AS amount FROM applied GROUP BY 1
                       ) total ON total.receipt_id = receipt.id
             LEFT JOIN (
                       SELECT DISTINCT ON (applied.receipt_id) applied.receipt_id, applied.id, applied.user_id,
                              applied.team_id
                         FROM applied ORDER BY applied.receipt_id, ABS(applied.amount) DESC, applied.id
                       ) most ON most.receipt_id = receipt.id
                 WHERE receipt.amount != COALESCE(total.amount, 0)
            )
            SELECT %(number)s AS id, COALESCE(payment.name, move.name) AS name, receipt.date, 'receipt' AS figure,
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
            first=days.first,
            last=days.last,
            applied=SOURCES.index("applied"),
            rest=SOURCES.index("receipt"),
            number=self._number(SQL("part.source"), SQL("part.number"), user),
            team=self._team(user, SQL("part.team_id"), company),
        )

    # === ROWS BY THEIR IDS === #

    @api.model
    def _asked_by_ids(self, ids):
        """The :class:`Days` and the companies of the rows `ids`, looked up by the numbers that they hold."""
        numbers = {name: [] for name in SOURCES}
        for key in ids:
            numbers[SOURCES[key & (1 << SOURCE_BITS) - 1]].append(key >> SOURCE_BITS + USER_BITS)
        ((first, last, companies),) = self.env.execute_query(
            SQL(
                """
                SELECT MIN(day)::date, MAX(day)::date, ARRAY_AGG(DISTINCT company_id) FROM (
                    SELECT date_order AS day, company_id FROM sale_order WHERE id = ANY(%(orders)s)
                     UNION ALL SELECT date, company_id FROM stock_move
                                WHERE picking_id = ANY(%(pickings)s) OR id = ANY(%(moves)s)
                     UNION ALL SELECT invoice_date, company_id FROM account_move WHERE id = ANY(%(invoices)s)
                     UNION ALL SELECT line.date, line.company_id FROM account_move_line line
                                WHERE line.id = ANY(%(receipts)s) OR line.id IN (
                                      SELECT UNNEST(ARRAY[credit_move_id, debit_move_id])
                                        FROM account_partial_reconcile WHERE id = ANY(%(applied)s))
                ) document
                """,
                orders=numbers["sale.order"],
                pickings=numbers["stock.picking"],
                moves=numbers["stock.move"],
                invoices=numbers["account.move"],
                receipts=numbers["receipt"],
                applied=numbers["applied"],
            )
        )
        if not first:
            return NO_DAY, self.env.companies
        # Moments are UTC: the company's day may be the one before or after.
        days = Days(first - timedelta(days=1), last + timedelta(days=1))
        return days, self.env["res.company"].browse(companies)
