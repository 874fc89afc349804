from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain


class SalesAcceptanceDraft(models.Model):
    """What each step is in the books.

    Received, a draft is a payment of Odoo's on the journal of drafts, matched with the invoices that it pays; its value
    lies on the journal's account of drafts. Each later step is an entry that takes it from there. One that comes back
    takes the payment back as well: matched with each other both are settled, and the invoices are open again with the
    due dates that they always had. No entry of the past is changed, so that locked periods stay as they are.
    """

    _inherit = "sales.acceptance.draft"

    payment_id = fields.Many2one(
        "account.payment",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )

    def action_open_entries(self):
        """Open the payment and the entries of this draft, for those who may read the books."""
        self.ensure_one()
        self.check_access("read")
        draft = self.sudo()
        return (draft.payment_id.move_id | draft.event_ids.move_id)._get_records_action(name=self.name)

    # === RECEIPT === #

    def _book(self, event):
        """Make the entry of an event; `self` is superuser's.

        :return: a posted ``account.move``
        """
        if event["kind"] == "held":
            return self._book_receipt()
        if event["kind"] in ("dishonoured", "returned"):
            return self._book_back(event)
        return self._book_on(event)

    def _book_receipt(self):
        lines = self._lines_to_pay()
        payment = self.env["account.payment"].create(self._prepare_payment_values(lines))
        payment.action_post()
        self._write_protected({"payment_id": payment.id})
        (self._received_lines() | lines).reconcile()
        return payment.move_id

    def _lines_to_pay(self):
        """The receivable lines that it pays, on one account: of the chosen invoices, else of all that are open."""
        domain = (
            Domain("company_id", "=", self.company_id.id)
            & Domain("account_id.account_type", "=", "asset_receivable")
            & Domain("parent_state", "=", "posted")
            & Domain("reconciled", "=", False)
            & Domain("balance", ">", 0)
        )
        if self.invoice_ids:
            domain &= Domain("move_id", "in", self.invoice_ids.ids)
        else:
            domain &= Domain("partner_id", "child_of", self.commercial_partner_id.id)
            domain &= Domain("move_id.move_type", "in", ("out_invoice", "out_receipt"))
        lines = self.env["account.move.line"].search(domain, order="date_maturity, id")
        lines = lines.filtered(lambda line: line.account_id == lines[0].account_id)
        return lines.filtered(lambda line: line.currency_id == self.currency_id) or lines

    def _prepare_payment_values(self, lines):
        journal = self.company_id.sales_dept_draft_journal_id
        method = journal.inbound_payment_method_line_ids.filtered("payment_account_id")[:1]
        if not method:
            raise UserError(self._setup_message(journal))
        values = {
            "payment_type": "inbound",
            "partner_type": "customer",
            "partner_id": self.commercial_partner_id.id,
            "company_id": self.company_id.id,
            "journal_id": journal.id,
            "payment_method_line_id": method.id,
            "amount": self.amount,
            "currency_id": self.currency_id.id,
            "date": self.receipt_date,
            "memo": self.name,
            "invoice_ids": [Command.set(lines.move_id.ids)],
        }
        return {**values, "destination_account_id": lines.account_id.id} if lines else values

    @api.model
    def _setup_message(self, journal):
        if not journal:
            return self.env._(
                "Drafts are booked on a journal of their own: choose it in the settings of Sales, under Acceptance "
                "Drafts."
            )
        return self.env._(
            "Journal %(journal)s has no account for what is received: enter one, for drafts in hand, in its incoming "
            "payments.",
            journal=journal.name,
        )

    # === PASSED ON, CASHED === #

    def _book_on(self, event):
        """From drafts in hand to where it went: a bank account, or a supplier who is paid with it."""
        costs = self.company_id.sales_dept_draft_cost_account_id
        cost = self.currency_id.round(event["interest"] + event["fee"])
        if message := self._book_on_error_message(event, cost and not costs):
            raise UserError(message)
        held = self._held_lines()
        rows = [(event["account_id"], event["net_amount"], event.get("partner_id")), (held.account_id.id, -self.amount)]
        if cost:
            rows.append((costs.id, cost))
        move = self._post_entry(event, rows)
        self._settle(move, held)
        return move

    def _book_on_error_message(self, event, lacks_costs):
        """Return which account is missing, or False."""
        if not event.get("account_id"):
            return self.env._(
                "Draft %(number)s: %(party)s has no account that it could be booked on. Enter one with the "
                "supplier, or with the bank's journal.",
                number=self.name,
                party=event.get("party") or "–",
            )
        if lacks_costs:
            return self.env._(
                "Interest and fees of drafts need an account: choose it in the settings of Sales, under Acceptance "
                "Drafts."
            )
        return False

    # === BACK === #

    def _book_back(self, event):
        """Take the payment back: from where the value of the draft lies to what the customer owes."""
        received = self._received_lines()
        passed_on = self.event_ids.filtered("account_id")[-1:]
        held = self._held_lines()
        source = (passed_on.account_id or held.account_id).id
        # First, so that what it paid is open, and the lines of the payment can be matched with what takes it back.
        received.remove_move_reconcile()
        move = self._post_entry(
            event,
            [
                (received.account_id.id, self.amount, received.partner_id.id),
                (source, -self.amount, passed_on.partner_id.id),
            ],
        )
        self._settle(move, received)
        if not passed_on:
            self._settle(move, held)
        self.payment_id.action_reject()
        return move

    # === ENTRIES === #

    def _received_lines(self):
        return self.payment_id._seek_for_lines()[1]

    def _held_lines(self):
        return self.payment_id._seek_for_lines()[0]

    def _settle(self, move, lines):
        """Match the lines of `move` with `lines` of the payment, which they take back."""
        if lines.account_id.reconcile:
            (move.line_ids.filtered(lambda line: line.account_id == lines.account_id) | lines).reconcile()

    def _post_entry(self, event, rows):
        """Post an entry of rows ``(account id, amount in the draft's currency[, partner id])``.

        The first row takes what rounding leaves: it is where the value goes.
        """
        round_ = self.company_id.currency_id.round
        rate = self._entry_rate(event)
        balances = [round_(amount * rate) for _account, amount, *_partner in rows]
        balances[0] -= sum(balances)
        values = self._prepare_entry_values(event)
        values["line_ids"] = [
            Command.create(self._prepare_entry_line_values(values["ref"], *row, balance=round_(balance)))
            for row, balance in zip(rows, balances, strict=True)
        ]
        move = self.env["account.move"].create(values)
        move._post()
        return move

    def _entry_rate(self, event):
        """What one unit of the draft's currency is in the company's, in the entry of `event`.

        Where money moves it is that day's, as with any payment: matching the entry with what it takes back, Odoo books
        the exchange difference. Where a draft in hand just goes back, and on an account that is not matched, it is the
        rate at which it was received.
        """
        held = self._held_lines()
        is_matched = held.account_id.reconcile
        if event["kind"] in ("dishonoured", "returned"):
            # Its own lines of what the customer owes are matched; whoever had it takes the money of that day back.
            is_matched = bool(self.event_ids.filtered("account_id"))
        if not is_matched:
            return abs(held.balance / held.amount_currency)
        company = self.company_id
        return self.currency_id._get_conversion_rate(self.currency_id, company.currency_id, company, event["date"])

    def _prepare_entry_values(self, event):
        kinds = dict(self.env["sales.acceptance.draft.event"]._fields["kind"]._description_selection(self.env))
        journal = self.payment_id.journal_id
        return {
            "move_type": "entry",
            "company_id": self.company_id.id,
            "journal_id": journal.id,
            "date": self._open_day(event["date"], journal),
            "ref": f"{self.name} {kinds[event['kind']]}",
        }

    def _prepare_entry_line_values(self, name, account, amount, partner=None, *, balance):
        return {
            "name": name,
            "account_id": account,
            "partner_id": partner or self.commercial_partner_id.id,
            "currency_id": self.currency_id.id,
            "amount_currency": amount,
            "balance": balance,
        }

    def _open_day(self, day, journal):
        """`day`, or the first after it that is not locked: the event keeps the day on which it happened."""
        locks = self.company_id._get_violated_lock_dates(day, False, journal)
        return max([day, *(lock + timedelta(days=1) for lock, _field in locks)])
