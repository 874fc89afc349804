from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.acceptance_draft.sales_acceptance_draft_event import EVENTS


class SalesAcceptanceDraftStep(models.TransientModel):
    _name = "sales.acceptance.draft.step"
    _description = "Step of an Acceptance Draft"

    draft_id = fields.Many2one("sales.acceptance.draft", required=True, readonly=True)
    kind = fields.Selection(EVENTS, required=True, readonly=True)
    company_id = fields.Many2one(related="draft_id.company_id")
    currency_id = fields.Many2one(related="draft_id.currency_id")
    amount = fields.Monetary(related="draft_id.amount")
    date = fields.Date(required=True, compute="_compute_date", store=True, readonly=False)
    partner_id = fields.Many2one(
        "res.partner", "Endorsed To", domain="[('company_id', 'in', (False, company_id))]", help="Who is paid with it."
    )
    journal_id = fields.Many2one(
        "account.journal",
        "Into Bank Account",
        domain="[('type', '=', 'bank'), ('company_id', '=', company_id), ('default_account_id', '!=', False)]",
    )
    interest = fields.Monetary(help="What the bank keeps for paying before maturity.")
    fee = fields.Monetary()
    net_amount = fields.Monetary("Net", compute="_compute_net_amount")
    note = fields.Char("Reason")

    @api.depends("draft_id")
    def _compute_date(self):
        for step in self:
            step.date = step.date or (step.draft_id.company_id or self.env.company)._local_today()

    @api.depends("amount", "interest", "fee")
    def _compute_net_amount(self):
        for step in self:
            step.net_amount = step.amount - step.interest - step.fee

    def action_confirm(self):
        self.ensure_one()
        if message := self._error_message():
            raise UserError(message)
        self.draft_id._take(self.kind, self.date, **self._prepare_step_values())
        return {"type": "ir.actions.act_window_close"}

    def _error_message(self):
        """Return what is not filled in yet, or False."""
        if self.kind == "endorsed" and not self.partner_id:
            return self.env._("Say to whom it was endorsed.")
        if self.kind in ("discounted", "paid") and not self.journal_id:
            return self.env._("Say into which bank account the money came.")
        if self.kind in ("dishonoured", "returned") and not (self.note or "").strip():
            return self.env._("Say why it came back or went back: the reason stays with it.")
        return False

    def _prepare_step_values(self):
        draft = self.draft_id
        values = {"note": self.note}
        if self.kind == "endorsed":
            partner = self.partner_id.commercial_partner_id
            account = partner.sudo().with_company(self.company_id).property_account_payable_id
            return {**values, "party": partner.name, "partner_id": partner.id, "account_id": account.id}
        if self.kind in ("discounted", "paid"):
            return {
                **values,
                "party": self.journal_id.name,
                "account_id": self.journal_id.sudo().default_account_id.id,
                "interest": self.interest,
                "fee": self.fee,
            }
        party = draft.acceptor if self.kind == "dishonoured" else draft.commercial_partner_id.name
        return {**values, "party": party}
