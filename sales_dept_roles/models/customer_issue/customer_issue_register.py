from odoo import api, models
from odoo.tools import html2plaintext

from ..register.register_column import RegisterColumn


class CustomerIssue(models.Model):
    """The register of issues as XLSX: what customers said, until when it was answered and solved, and when it was."""

    _inherit = "customer.issue"

    @api.model
    def _register_title(self):
        return self.env._("Customer Issues")

    @api.model
    def _register_columns(self):
        return [
            RegisterColumn("name", width=16),
            "reported_at",
            RegisterColumn("partner_id", width=36),
            "email_from",
            RegisterColumn("title", width=40),
            RegisterColumn(
                "description", width=50, value=lambda issue: html2plaintext(issue.description or "").strip() or None
            ),
            "kind",
            "channel",
            "user_id",
            "group_id",
            RegisterColumn("sale_order_id", width=14),
            RegisterColumn("picking_id", width=16),
            RegisterColumn("product_id", width=36),
            RegisterColumn("lot_id", width=16),
            "response_deadline",
            "answered_at",
            RegisterColumn(
                "is_answered_on_time",
                value=lambda issue: (
                    (issue.env._("Yes") if issue.is_answered_on_time else issue.env._("No"))
                    if issue.answered_at
                    else None
                ),
            ),
            "solution_deadline",
            "solved_at",
            RegisterColumn(
                "solution", width=50, value=lambda issue: html2plaintext(issue.solution or "").strip() or None
            ),
            RegisterColumn("reopen_count", value=lambda issue: issue.reopen_count or None),
            "closed_at",
            "state",
            RegisterColumn("cancel_reason", width=30),
            RegisterColumn("company_id", width=30),
        ]
