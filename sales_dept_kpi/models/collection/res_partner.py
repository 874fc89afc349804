from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

READERS = "sales_team.group_sale_salesman,sales_dept_roles.group_finance_verifier"


class ResPartner(models.Model):
    """What a customer owes, and how long it takes to pay, as far as the reader answers for it."""

    _inherit = "res.partner"

    collection_open_amount = fields.Monetary(
        "Owes", compute="_compute_collection_amounts", currency_field="currency_id", groups=READERS
    )
    collection_overdue_amount = fields.Monetary(
        "Overdue", compute="_compute_collection_amounts", currency_field="currency_id", groups=READERS
    )
    collection_days_to_pay = fields.Float(
        "Days to Pay",
        compute="_compute_collection_days_to_pay",
        digits=(16, 1),
        groups=READERS,
        help="From the invoice's date to the payment, over the last twelve months, weighted by what was paid.",
    )

    @api.depends_context("uid", "company")
    def _compute_collection_amounts(self):
        sums = self.env["sales.receivable.item"]._read_group(
            [("partner_id", "in", self.ids), ("company_id", "=", self.env.company.id)],
            ["partner_id", "is_overdue"],
            ["amount_company:sum"],
        )
        owed = {(partner.id, overdue): amount for partner, overdue, amount in sums}
        for partner in self:
            overdue = owed.get((partner._origin.id, True), 0)
            partner.collection_overdue_amount = overdue
            partner.collection_open_amount = overdue + owed.get((partner._origin.id, False), 0)

    @api.depends_context("company")
    def _compute_collection_days_to_pay(self):
        days = self._collection_days_to_pay(self.env.company)
        for partner in self:
            partner.collection_days_to_pay = days.get(partner._origin.id, 0)

    def _collection_days_to_pay(self, company):
        """Return ``{id of a customer: days}`` of those of `self` that paid something in the last twelve months."""
        if not self.ids:
            return {}
        self.env["sales.collection.basis"]._flush_basis()
        return dict(self.env.execute_query(self._collection_days_sql(company)))

    def _collection_days_sql(self, company):
        today = company._local_today()
        return SQL(
            """
            SELECT partner.commercial_partner_id,
                   (SUM(partial.amount * (partial.max_date - COALESCE(move.invoice_date, move.date)))
                       / NULLIF(SUM(partial.amount), 0))::float
              FROM account_partial_reconcile partial
              JOIN account_move_line line ON line.id = partial.debit_move_id
              JOIN account_move move ON move.id = line.move_id
              JOIN account_account account ON account.id = line.account_id
              JOIN account_move_line credit ON credit.id = partial.credit_move_id
              JOIN account_move payment ON payment.id = credit.move_id
              JOIN res_partner partner ON partner.id = line.partner_id
             WHERE partner.commercial_partner_id IN %(partners)s AND line.company_id = %(company)s
               AND account.account_type = 'asset_receivable' AND line.parent_state = 'posted'
               AND move.move_type IN ('out_invoice', 'out_receipt') AND payment.move_type <> 'out_refund'
               AND partial.debit_amount_currency > 0
               AND partial.max_date > %(since)s AND partial.max_date <= %(today)s
          GROUP BY partner.commercial_partner_id
            """,
            partners=self._ids,
            company=company.id,
            since=today - relativedelta(months=12),
            today=today,
        )

    # === ACTIONS === #

    def action_open_receivable_items(self):
        """Open what the customer owes."""
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_dept_kpi.action_sales_receivable_items")
        return {**action, "domain": [("partner_id", "in", self.commercial_partner_id.ids)], "context": {}}

    def action_collection_remind(self):
        """Open what would be mailed to the customers of `self`."""
        return self.env["sales.collection.remind"]._open(self.commercial_partner_id, self.env.company)
