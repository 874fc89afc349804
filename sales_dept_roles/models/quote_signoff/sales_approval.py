from odoo import api, fields, models
from odoo.fields import Domain

from ..approval.sales_approval_mixin import IN_FORCE
from ..register.register_column import RegisterColumn


class SalesApproval(models.Model):
    """The register of quotations: of each, the request that counts now."""

    _name = "sales.approval"
    _inherit = ["sales.approval", "sales.dept.register.mixin"]

    signed_by = fields.Char(compute="_compute_signed_by", help="Who decided, in the order of the decisions.")
    signed_date = fields.Datetime(
        "Signed",
        compute="_compute_signed_by",
        help="When the last signature was given; empty while one is missing, and where one was refused.",
    )

    @api.depends("decision_ids.display_name", "task_ids.state")
    def _compute_signed_by(self):
        for approval in self:
            decisions = approval.decision_ids
            approval.signed_by = ", ".join(decisions.mapped("display_name"))
            is_signed = (
                decisions
                and set(approval.task_ids.mapped("state")) == {"done"}
                and "rejected" not in decisions.mapped("outcome")
            )
            approval.signed_date = is_signed and max(decisions.mapped("date"))

    # === REGISTER === #

    @api.model
    def _register_title(self):
        return self.env._("Quotation Register")

    @api.model
    def _register_domain(self):
        return Domain("res_model", "=", "sale.order") & Domain("state", "in", IN_FORCE)

    @api.model
    def _register_records(self, ids):
        return super()._register_records(ids).filtered_domain([("res_model", "=", "sale.order")])

    @api.model
    def _register_columns(self):
        return [
            RegisterColumn("res_name", self.env._("Quotation"), 16),
            RegisterColumn("partner_id", self.env._("Customer"), 36),
            RegisterColumn("amount", self.env._("Amount")),
            RegisterColumn("currency_id", self.env._("Currency"), 9),
            RegisterColumn("requester_name", self.env._("Requester")),
            "request_date",
            "signed_date",
            RegisterColumn("signed_by", self.env._("Signed By"), 24),
            RegisterColumn(
                "working_days",
                width=12,
                value=lambda approval: approval.working_days if approval.close_date else None,
            ),
            "state",
        ]
