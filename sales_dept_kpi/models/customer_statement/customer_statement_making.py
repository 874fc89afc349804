from datetime import time

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.sales_dept_roles.models.customer_file.closing_day import closing_date_before

from .customer_statement import ONE_DAY

CRON = "sales_dept_kpi.ir_cron_customer_statement_make"
# A first statement is made of who was shipped something in the last two months.
RECENT = 62
# The tables are read as a whole for each batch: fewer read less.
BATCH = 5_000


class CustomerStatement(models.Model):
    """The statements of many customers: whose closing day passed, and who has none yet."""

    _inherit = "customer.statement"

    @api.model
    def _due(self, company, until):
        """Return ``[(customer, currency id, last day)]`` of who has none until their last closing day.

        Whoever owes nothing and had nothing since is left out.

        :param date until: nothing after this day
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                WITH moved AS (
                    SELECT payer.commercial_partner_id AS partner_id, ordered.currency_id,
                           %(last_day)s AS last_day
                      FROM stock_move move
                      JOIN sale_order_line line ON line.id = move.sale_line_id
                      JOIN sale_order ordered ON ordered.id = line.order_id
                      JOIN res_partner payer ON payer.id = ordered.partner_invoice_id
                     WHERE move.company_id = %(company)s AND move.state = 'done' AND move.date >= %(recent)s
                       AND move.date < %(after)s
                  GROUP BY 1, 2
                ),
                last AS (
                    SELECT DISTINCT ON (partner_id, currency_id) partner_id, currency_id, date_to, closing_balance
                      FROM customer_statement
                     WHERE company_id = %(company)s AND cancelled_date IS NULL
                  ORDER BY partner_id, currency_id, date_to DESC
                )
                SELECT COALESCE(moved.partner_id, last.partner_id), COALESCE(moved.currency_id, last.currency_id),
                       last.date_to
                  FROM moved
             FULL JOIN last ON last.partner_id = moved.partner_id AND last.currency_id = moved.currency_id
                 WHERE last.date_to IS NULL OR last.closing_balance <> 0 OR moved.last_day > last.date_to
              ORDER BY 1, 2
                """,
                company=company.id,
                recent=fields.Date.subtract(until, days=RECENT),
                last_day=company._local_day_sql(SQL("MAX(move.date)"), SQL("%s", company.id)),
                after=company._moment_of(until + ONE_DAY, time.min),
            )
        )
        partners = self.env["res.partner"].sudo().browse([row[0] for row in rows])
        partners.fetch(["customer_file_closing_day", "user_id"])
        due = []
        for partner_id, currency_id, stated_to in rows:
            partner = partners.browse(partner_id)
            last_day = closing_date_before(partner.customer_file_closing_day or 0, until + ONE_DAY)
            if not stated_to or stated_to < last_day:
                due.append((partner, currency_id, last_day))
        return due

    @api.model
    def _make(self, company, until, partners=None, skip_drafts=True):
        """Make the statements that are due, as drafts, many at a time.

        :param date until: their periods end on the last closing day until then
        :param partners: of these customers only
        :return: the statements
        """
        due = self._due(company, until)
        if partners is not None:
            due = [row for row in due if row[0] in partners]
        if skip_drafts:
            due = self._without_drafts(company, due)
        made = self.browse()
        for start in range(0, len(due), BATCH):
            rows = due[start : start + BATCH]
            made |= self.with_context(tracking_disable=True).create(
                [self._prepare_due_values(company, *row) for row in rows]
            )
        return made

    @api.model
    def _without_drafts(self, company, due):
        """Those of `due` whose last statement went out: a draft is sent before the next one is made."""
        drafts = self.sudo().search(Domain("company_id", "=", company.id) & Domain("state", "=", "draft"))
        waiting = {(draft.partner_id.id, draft.currency_id.id) for draft in drafts}
        return [row for row in due if (row[0].id, row[1]) not in waiting]

    @api.model
    def _prepare_due_values(self, company, partner, currency_id, date_to):
        return {
            "company_id": company.id,
            "partner_id": partner.id,
            "currency_id": currency_id,
            "date_to": date_to,
        }

    @api.model
    def _cron_make(self):
        """Make what is due in the companies that want it so, customer by customer."""
        for company in self.env["res.company"].search([("sales_dept_customer_statement", "=", True)]):
            Statement = self.with_company(company).with_context(allowed_company_ids=company.ids)
            until = company._local_today() - ONE_DAY
            due = self._without_drafts(company, Statement._due(company, until))
            partners = self.env["res.partner"].union(*(row[0] for row in due)).with_company(company)
            self.env["sales.dept.job"]._run(
                CRON,
                partners,
                lambda batch, Statement=Statement, company=company, until=until: Statement._make(company, until, batch),
                batch_size=BATCH,
            )

    # === THE FIRST ONE === #

    def action_propose_opening(self):
        """Open a customer's first statement with what its account says on the day before."""
        for statement in self:
            statement.check_access("write")
            statement._check_draft()
            if statement.previous_id:
                raise UserError(
                    self.env._(
                        "%(statement)s opens with what %(previous)s closed with.",
                        statement=statement.display_name,
                        previous=statement.previous_id.name,
                    )
                )
            statement.write(statement._prepare_opening_values())
        return True

    def _prepare_opening_values(self):
        self.ensure_one()
        day = self.date_from - ONE_DAY
        ((amount,),) = (
            self.env["account.move.line"]
            .sudo()
            ._read_group(
                Domain("company_id", "=", self.company_id.id)
                & Domain("partner_id.commercial_partner_id", "=", self.partner_id.id)
                & Domain("currency_id", "=", self.currency_id.id)
                & Domain("account_id.account_type", "=", "asset_receivable")
                & Domain("parent_state", "=", "posted")
                & Domain("date", "<=", day),
                [],
                ["amount_currency:sum"],
            )
        )
        return {
            "opening_balance": amount,
            "opening_note": self.env._("Balance of the account on %(day)s", day=day),
        }
