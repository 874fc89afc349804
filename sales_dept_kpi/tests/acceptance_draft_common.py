from datetime import date, timedelta
from decimal import Decimal

from odoo.fields import Command

from .kpi_common import KpiCommon


class DraftCommon(KpiCommon):
    """A company with a journal of drafts, a bank, a supplier, and March's invoices."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._keep_books()
        Account, Journal = cls.env["account.account"], cls.env["account.journal"]
        cls.in_hand, cls.bank_account, cls.costs, cls.payable = (
            Account.create({"name": name, "code": code, "account_type": kind, "reconcile": reconciles})
            for name, code, kind, reconciles in (
                ("Drafts in hand", "K11210", "asset_current", True),
                ("Bank ICBC", "K10021", "asset_cash", False),
                ("Interest", "K66031", "expense", False),
                ("Payable", "K22020", "liability_payable", True),
            )
        )
        cls.draft_journal = Journal.create({"name": "Acceptance Drafts", "code": "KADR", "type": "bank"})
        cls.draft_journal.inbound_payment_method_line_ids.payment_account_id = cls.in_hand
        cls.icbc = Journal.create(
            {"name": "ICBC", "code": "KICB", "type": "bank", "default_account_id": cls.bank_account.id}
        )
        cls.company.write(
            {
                "sales_dept_drafts": True,
                "sales_dept_draft_journal_id": cls.draft_journal.id,
                "sales_dept_draft_cost_account_id": cls.costs.id,
            }
        )
        cls.supplier = cls.env["res.partner"].create({"name": "Steel Supplier Ltd", "is_company": True})
        cls.supplier.property_account_payable_id = cls.payable
        cls.customer.user_id = cls.manager1
        cls.Draft = cls.env["sales.acceptance.draft"]
        cls.today = cls.company._local_today()

    @classmethod
    def _prepare_draft(cls, amount=100, received="2026-03-05", **vals):
        received = date.fromisoformat(received)
        return {
            "name": f"1308{cls.Draft.search_count([]):026d}",
            "partner_id": cls.customer.id,
            "drawer": "Test Customer Ltd",
            "acceptor": "Bank of Ningbo",
            "amount": amount,
            "issue_date": received,
            "receipt_date": received,
            "maturity_date": received + timedelta(days=100),
            **vals,
        }

    @classmethod
    def _draft(cls, amount=100, received="2026-03-05", user=None, **vals):
        """A draft as it is entered."""
        return cls.Draft.with_user(user or cls.manager1).create(cls._prepare_draft(amount, received, **vals))

    @classmethod
    def _held(cls, amount=100, received="2026-03-05", invoices=None, **vals):
        draft = cls._draft(amount, received, **vals)
        if invoices:
            draft.sudo().invoice_ids = [Command.set(invoices.ids)]
        draft.with_user(cls.finance).action_receive()
        return draft.sudo()

    @classmethod
    def _step(cls, draft, kind, day, user=None, **vals):
        """Take a step by its dialog."""
        given = {
            "endorsed": {"partner_id": cls.supplier.id},
            "discounted": {"journal_id": cls.icbc.id},
            "paid": {"journal_id": cls.icbc.id},
            "dishonoured": {"note": "No cover"},
            "returned": {"note": "Endorsed to the wrong company"},
        }
        dialog = cls.env["sales.acceptance.draft.step"].with_user(user or cls.finance)
        dialog.create({"draft_id": draft.id, "kind": kind, "date": day, **given[kind], **vals}).action_confirm()

    @classmethod
    def _balance(cls, account):
        """What lies on an account, exactly."""
        lines = cls.env["account.move.line"].search(
            [("account_id", "=", account.id), ("parent_state", "=", "posted"), ("company_id", "=", cls.company.id)]
        )
        return sum((Decimal(str(balance)) for balance in lines.mapped("balance")), Decimal(0))

    @classmethod
    def _overdue(cls, day):
        """What is overdue on `day`, by due date, as ageing and reminders see it."""
        lines = cls.env["account.move.line"].search(
            [
                ("account_id", "=", cls.receivable.id),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("date_maturity", "<", day),
            ],
            order="date_maturity",
        )
        return [(line.date_maturity, line.amount_residual) for line in lines]
