from datetime import date

from odoo.tests import tagged

from odoo.addons.sales_dept_roles.tests.right_matrix import RightMatrixCase

HEAD = """# Who may what with acceptance drafts

Made by a test that tries all of it (`make rights` writes it, `make test` compares it):
`sales_dept_kpi/tests/test_right_matrix_acceptance_draft.py`. A role is a group; one person may hold several.
Record rules narrow what is seen further: account managers see drafts of their own customers, in one's own company.
Odoo's accountants (*Invoicing*) do what finance does.
"""


@tagged("post_install", "-at_install")
class TestRightMatrix(RightMatrixCase):
    """docs/rights-acceptance-drafts.md says what each role may do; each cell of it is tried here."""

    addon = "sales_dept_kpi"
    prefix = "sales.acceptance"
    page = "rights-acceptance-drafts.md"
    head = HEAD

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Account, Journal = cls.env["account.account"], cls.env["account.journal"]
        cls.receivable, in_hand, bank = (
            Account.create({"name": name, "code": code, "account_type": kind, "reconcile": kind != "asset_cash"})
            for name, code, kind in (
                ("Receivable", "RM1122", "asset_receivable"),
                ("Drafts in hand", "RM1121", "asset_current"),
                ("Bank", "RM1002", "asset_cash"),
            )
        )
        journal = Journal.create({"name": "Drafts", "code": "RMAD", "type": "bank"})
        journal.inbound_payment_method_line_ids.payment_account_id = in_hand
        cls.bank = Journal.create({"name": "Bank", "code": "RMBK", "type": "bank", "default_account_id": bank.id})
        cls.company.sales_dept_draft_journal_id = journal
        cls.customer.write({"property_account_receivable_id": cls.receivable.id, "user_id": cls.owner.id})

    def _prepare_draft(self, **vals):
        return {
            "name": f"{self.env['sales.acceptance.draft'].sudo().search_count([]):030d}",
            "partner_id": self.customer.id,
            "drawer": "Customer",
            "acceptor": "Bank of Ningbo",
            "amount": 100,
            "issue_date": "2026-03-05",
            "receipt_date": "2026-03-05",
            "maturity_date": "2026-06-05",
            **vals,
        }

    def _draft(self):
        return self.env["sales.acceptance.draft"].sudo().create(self._prepare_draft())

    def _held(self):
        draft = self._draft()
        draft.with_user(self.people["Finance"]).action_receive()
        return draft

    def _make_company_records(self):
        self._held()

    def _steps(self, draft, kind, **vals):
        dialog = draft.env["sales.acceptance.draft.step"]
        dialog.create({"draft_id": draft.id, "kind": kind, "date": "2026-06-08", **vals}).action_confirm()

    def _action_cases(self):
        yield (
            "Draft of the account manager's customer: enter",
            lambda: self.env["sales.acceptance.draft"],
            lambda model: model.create(self._prepare_draft()),
        )
        yield ("Draft: read", self._held, lambda draft: draft.read(["name", "amount", "paid_names", "state_note"]))
        yield ("Draft: read what happened", self._held, lambda draft: draft.event_ids.read(["party", "net_amount"]))
        yield ("Draft: correct what was entered", self._draft, lambda draft: draft.write({"drawer": "Customer Ltd"}))
        yield ("Draft: delete what was entered", self._draft, lambda draft: draft.unlink())
        yield ("Draft: register", self._draft, lambda draft: draft.action_receive())
        yield (
            "Draft: note that it was paid",
            self._held,
            lambda draft: self._steps(draft, "paid", journal_id=self.bank.id),
        )
        yield (
            "Draft: note that it was dishonoured",
            self._held,
            lambda draft: self._steps(draft, "dishonoured", note="No cover"),
        )
        yield (
            "Draft: take a step without the dialog",
            self._held,
            lambda draft: draft._take("returned", date(2026, 6, 8), party="Customer"),
        )
        yield ("Draft: register as XLSX", self._held, lambda draft: draft._register_file())
