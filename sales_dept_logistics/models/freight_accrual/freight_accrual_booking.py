from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import SQL, format_date

from odoo.addons.sales_dept_roles.models.protected_results.client_context import without_client_context


class FreightAccrual(models.Model):
    """The entry of an accrual, and the one that takes it back on the next day: Odoo's own reversal."""

    _inherit = "freight.accrual"

    move_id = fields.Many2one(
        "account.move", "Entry", readonly=True, index="btree_not_null", ondelete="set null", check_company=True
    )
    reversal_id = fields.Many2one(
        "account.move", readonly=True, index="btree_not_null", ondelete="set null", check_company=True
    )
    is_booked = fields.Boolean("Booked", compute="_compute_is_booked", compute_sudo=True)
    entry_name = fields.Char("Booked As", compute="_compute_is_booked", compute_sudo=True)

    @api.depends("move_id.state", "move_id.name")
    def _compute_is_booked(self):
        """An entry that was cancelled or deleted lets the month be booked anew."""
        for accrual in self:
            accrual.is_booked = bool(accrual.move_id) and accrual.move_id.state != "cancel"
            accrual.entry_name = accrual.is_booked and accrual.move_id.name

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"move_id", "reversal_id"}

    def _check_open(self):
        if booked := self.filtered("is_booked")[:1]:
            raise UserError(
                self.env._(
                    "%(accrual)s: it is booked as %(entry)s, and stays as it was counted.",
                    accrual=booked.display_name,
                    entry=booked.entry_name,
                )
            )
        return super()._check_open()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_booked(self):
        self._check_open()

    # === ACTIONS === #

    def action_book(self):
        """Count once more, post the entry at the month's end, and the one that reverses it on the day after."""
        self.ensure_one()
        if not (self.env.su or self.env.user.has_group("sales_dept_roles.group_finance_verifier")):
            raise AccessError(self.env._("Freight is accrued by finance."))
        self.check_access("write")
        # Finance verifies without a right to the books: the entry is made for them, as counted.
        without_client_context(self.sudo())._book()
        return True

    def action_open_entries(self):
        self.ensure_one()
        self.check_access("read")
        return (self.sudo().move_id | self.sudo().reversal_id)._get_records_action(name=self.env._("Freight Accruals"))

    # === THE ENTRIES === #

    def _book(self):
        self.ensure_one()
        self._lock()
        self._check_open()
        self._count()
        if self.currency_id.is_zero(self.amount):
            raise UserError(self.env._("%(accrual)s: there is nothing to accrue.", accrual=self.display_name))
        move = self.env["account.move"].with_company(self.company_id).create(self._prepare_entry_values())
        move._post()
        reversal = move._reverse_moves([self._prepare_reversal_values(move)])
        reversal._post()
        self._write_protected({"move_id": move.id, "reversal_id": reversal.id})
        self._message_log(
            body=self.env._(
                "Booked as %(entry)s; taken back on %(date)s.",
                entry=move._get_html_link(),
                date=format_date(self.env, reversal.date),
            ),
            author_id=self.env.user.partner_id.id,
        )

    def _lock(self):
        """Whoever presses the button at the same time begins anew, and finds it booked."""
        self.env.flush_all()
        self.env.cr.execute(SQL("UPDATE freight_accrual SET write_date = write_date WHERE id = %s", self.id))
        self.invalidate_recordset()

    def _prepare_entry_values(self):
        company = self.company_id
        journal, account = (
            company.sales_dept_freight_accrual_journal_id,
            company.sales_dept_freight_accrual_account_id,
        )
        if not journal or not account:
            raise UserError(
                self.env._("Choose a journal and an account for freight accruals in the settings of Sales first.")
            )
        return {
            "move_type": "entry",
            "company_id": company.id,
            "journal_id": journal.id,
            "date": self.date,
            "ref": self.display_name,
            "line_ids": [
                Command.create(values)
                for line in self.line_ids
                for values in (
                    self._prepare_expense_values(line),
                    self._prepare_counterpart_values(line, account),
                )
            ],
        }

    def _prepare_expense_values(self, line):
        analytic = line.kind_id.with_company(self.company_id).analytic_account_id
        return {
            **self._prepare_entry_line_values(line, 1),
            "account_id": self._expense_account(line.carrier_id).id,
            **({"analytic_distribution": {str(analytic.id): 100}} if analytic else {}),
        }

    def _prepare_counterpart_values(self, line, account):
        return {**self._prepare_entry_line_values(line, -1), "account_id": account.id}

    def _prepare_entry_line_values(self, line, sign):
        return {
            "name": self.env._(
                "%(carrier)s: %(charge)s, %(count)s waybills",
                carrier=line.carrier_id.name,
                charge=line.kind_id.name or "",
                count=line.waybill_count,
            ),
            "partner_id": line.carrier_id.partner_id.commercial_partner_id.id,
            "currency_id": line.currency_id.id,
            "amount_currency": sign * line.amount_currency,
            "balance": sign * line.amount,
        }

    def _expense_account(self, carrier):
        """Where the carrier's bills are booked."""
        account = carrier.product_id.product_tmpl_id.with_company(self.company_id).get_product_accounts()["expense"]
        if not account:
            raise UserError(
                self.env._(
                    "%(carrier)s: its delivery product %(product)s has no expense account. Choose one there, or on its "
                    "category.",
                    carrier=carrier.name,
                    product=carrier.product_id.display_name,
                )
            )
        return account

    def _prepare_reversal_values(self, move):
        return {
            "ref": self.env._("Reversal of: %(entry)s", entry=move.ref),
            "date": self.date + relativedelta(days=1),
            "journal_id": move.journal_id.id,
        }
