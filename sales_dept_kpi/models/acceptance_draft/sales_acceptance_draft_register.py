from odoo import api, models

from odoo.addons.sales_dept_roles.models.register.register_column import RegisterColumn


class SalesAcceptanceDraft(models.Model):
    """The book of drafts as XLSX: bank and commercial acceptances in columns of their own."""

    _name = "sales.acceptance.draft"
    _inherit = ["sales.acceptance.draft", "sales.dept.register.mixin"]

    @api.model
    def _register_title(self):
        return self.env._("Acceptance Drafts")

    @api.model
    def _register_columns(self):
        def amount_of(kind):
            return lambda draft: draft.amount if draft.kind == kind else None

        return [
            RegisterColumn("name", width=32),
            "kind",
            "medium",
            RegisterColumn("partner_id", width=32),
            RegisterColumn("drawer", width=28),
            RegisterColumn("acceptor", width=28),
            "issue_date",
            "maturity_date",
            "receipt_date",
            RegisterColumn("bank_amount", self.env._("Bank Acceptance"), 16, amount_of("bank")),
            RegisterColumn("commercial_amount", self.env._("Commercial Acceptance"), 16, amount_of("commercial")),
            "currency_id",
            "state",
            "close_date",
            RegisterColumn("party", self.env._("With Whom"), 28, lambda draft: draft.event_ids[-1:].party),
            RegisterColumn("cost", value=lambda draft: draft.cost or None),
            "user_id",
            RegisterColumn("company_id", width=30),
        ]
