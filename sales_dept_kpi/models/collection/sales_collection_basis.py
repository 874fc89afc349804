from odoo import api, models
from odoo.tools import SQL

LINE_FIELDS = [
    "company_id", "move_id", "parent_state", "account_id", "partner_id", "currency_id", "date", "date_maturity",
    "amount_residual", "amount_residual_currency", "balance", "amount_currency", "reconciled",
]  # fmt: skip
# What the SQL below reads, for models that stand on it.
DEPENDS = {
    "account.move.line": LINE_FIELDS,
    "account.move": ["name", "move_type", "invoice_user_id", "invoice_date", "date", "state"],
    "account.account": ["account_type"],
    "account.partial.reconcile": [
        "debit_move_id", "credit_move_id", "amount", "debit_amount_currency", "credit_amount_currency", "max_date",
    ],
    "res.partner": ["commercial_partner_id", "user_id"],
}  # fmt: skip


class SalesCollectionBasis(models.AbstractModel):
    """What customers owe, in SQL: each instalment of an invoice, each credit note and payment on a receivable account.

    Everything of the collection stands on these rows: open items, plans, ageing, letters. An amount is positive where
    the customer owes it. What an item belongs to is said here once: the customer is the commercial entity; the person
    is the invoice's salesperson, else the customer's; an instalment is due on its own date (of a payment: its date).
    """

    _name = "sales.collection.basis"
    _description = "Basis of the Collection"

    @api.model
    def _flush_basis(self):
        """Bring to the database what the SQL reads."""
        for model, names in DEPENDS.items():
            self.env[model].flush_model(names)
        self.env["sales.collection.dispute"].flush_model()

    @api.model
    def _open_items_sql(self, company=None):
        """Rows of what is open now, with the columns of :meth:`_item_columns_sql`.

        :param company: only of this one; of all without it
        """
        return SQL(
            """
            SELECT %(columns)s, line.amount_residual_currency AS amount, line.amount_residual AS amount_company
            %(tables)s
             WHERE %(receivable)s AND line.reconciled IS NOT TRUE
               AND (line.amount_residual_currency <> 0 OR line.amount_residual <> 0)
               AND %(company)s
            """,
            columns=self._item_columns_sql(),
            tables=self._item_tables_sql(),
            receivable=self._receivable_sql(),
            company=SQL("line.company_id = %s", company.id) if company else SQL("TRUE"),
        )

    @api.model
    def _items_as_of_sql(self, company, day):
        """Rows of what was open at the end of `day`, a date of the company's: what was reconciled later is undone.

        A reconciliation counts from the day on which both of its items were there. So the rows of a company add up to
        the balance of its receivable accounts on that day.
        """
        return SQL(
            """
            SELECT %(columns)s,
                   line.amount_currency - COALESCE(as_debit.currency, 0) + COALESCE(as_credit.currency, 0) AS amount,
                   line.balance - COALESCE(as_debit.company, 0) + COALESCE(as_credit.company, 0) AS amount_company
            %(tables)s
              LEFT JOIN (%(debits)s) as_debit ON as_debit.id = line.id
              LEFT JOIN (%(credits)s) as_credit ON as_credit.id = line.id
             WHERE %(receivable)s AND line.company_id = %(company)s AND line.date <= %(day)s
               AND (line.amount_currency - COALESCE(as_debit.currency, 0) + COALESCE(as_credit.currency, 0) <> 0
                    OR line.balance - COALESCE(as_debit.company, 0) + COALESCE(as_credit.company, 0) <> 0)
            """,
            columns=self._item_columns_sql(),
            tables=self._item_tables_sql(),
            receivable=self._receivable_sql(),
            debits=self._matched_sql("debit", day),
            credits=self._matched_sql("credit", day),
            company=company.id,
            day=day,
        )

    @api.model
    def _matched_sql(self, side, day):
        """How much of each item had been matched, as `side` of the reconciliation, at the end of `day`."""
        return SQL(
            "SELECT %(item)s AS id, SUM(amount) AS company, SUM(%(currency)s) AS currency"
            " FROM account_partial_reconcile WHERE max_date <= %(day)s GROUP BY %(item)s",
            item=SQL.identifier(f"{side}_move_id"),
            currency=SQL.identifier(f"{side}_amount_currency"),
            day=day,
        )

    @api.model
    def _item_columns_sql(self):
        return SQL(
            """
            line.id, line.company_id, line.move_id, move.name,
            COALESCE(partner.commercial_partner_id, line.partner_id) AS partner_id,
            COALESCE(move.invoice_user_id, customer.user_id) AS user_id,
            line.currency_id, COALESCE(move.invoice_date, move.date) AS date_invoice,
            COALESCE(line.date_maturity, line.date) AS date_due,
            CASE WHEN move.move_type IN ('out_invoice', 'out_receipt') THEN 'invoice'
                 WHEN move.move_type = 'out_refund' THEN 'credit'
                 WHEN line.amount_currency < 0 THEN 'payment'
                 ELSE 'other' END AS kind
            """
        )

    @api.model
    def _item_tables_sql(self):
        return SQL(
            """
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
              JOIN account_account account ON account.id = line.account_id
         LEFT JOIN res_partner partner ON partner.id = line.partner_id
         LEFT JOIN res_partner customer ON customer.id = partner.commercial_partner_id
            """
        )

    @api.model
    def _receivable_sql(self):
        return SQL("line.parent_state = 'posted' AND account.account_type = 'asset_receivable'")

    @api.model
    def _disputed_sql(self):
        """How much of each item is disputed now: rows of `id` and `amount`, in the item's currency."""
        return SQL(
            "SELECT move_line_id AS id, SUM(amount) AS amount FROM sales_collection_dispute"
            " WHERE state = 'open' GROUP BY move_line_id"
        )
