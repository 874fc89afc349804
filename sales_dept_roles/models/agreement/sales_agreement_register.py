from odoo import api, models

from ..register.register_column import RegisterColumn


class SalesAgreement(models.Model):
    """The register of agreements."""

    _name = "sales.agreement"
    _inherit = ["sales.agreement", "sales.dept.register.mixin"]

    @api.model
    def _register_title(self):
        return self.env._("Agreement Register")

    @api.model
    def _register_columns(self):
        return [
            "name",
            "kind",
            RegisterColumn("partner_id", width=36),
            RegisterColumn("subject", width=36),
            "date_start",
            RegisterColumn("date_end", value=lambda agreement: agreement.date_end or agreement.env._("Open-ended")),
            "signed_date",
            "our_signatory_id",
            "their_signatory",
            "payment_term_id",
            "user_id",
            "state",
            RegisterColumn("predecessor_id", value=lambda agreement: agreement.predecessor_id.sudo().name),
            RegisterColumn("successor_id", value=lambda agreement: agreement.sudo().successor_id.name),
            RegisterColumn("termination_date", self.env._("Terminated From"), 14),
            RegisterColumn("company_id", width=30),
            "payment_base",
        ]
