from odoo import models

from ..register.register_xlsx import register_xlsx


class SalesAgreement(models.Model):
    """The register of agreements."""

    _inherit = "sales.agreement"

    # === REGISTER === #

    def action_export_register(self):
        """Download the register; of the selected lines, or of all when none is selected."""
        ids = ",".join(map(str, self.ids))
        return {
            "type": "ir.actions.act_url",
            "url": f"/sales_dept/agreement_register.xlsx?ids={ids}",
            "target": "download",
        }

    def _register_columns(self):
        """Columns of the exported register: ``[(title, width, function of an agreement)]``."""
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        states = dict(self._fields["state"]._description_selection(self.env))
        return [
            (self.env._("Number"), 16, lambda agreement: agreement.name),
            (self.env._("Kind"), 20, lambda agreement: kinds[agreement.kind]),
            (self.env._("Other Party"), 36, lambda agreement: agreement.partner_id.display_name),
            (self.env._("Subject"), 36, lambda agreement: agreement.subject),
            (self.env._("Start"), 12, lambda agreement: agreement.date_start),
            (self.env._("End"), 12, lambda agreement: agreement.date_end or self.env._("Open-ended")),
            (self.env._("Signed On"), 12, lambda agreement: agreement.signed_date),
            (self.env._("Our Signatory"), 18, lambda agreement: agreement.our_signatory_id.sudo().name),
            (self.env._("Their Signatory"), 18, lambda agreement: agreement.their_signatory),
            (self.env._("Payment Terms"), 18, lambda agreement: agreement.payment_term_id.sudo().name),
            (self.env._("Responsible"), 18, lambda agreement: agreement.user_id.sudo().name),
            (self.env._("Status"), 14, lambda agreement: states[agreement.state]),
            (self.env._("Renews"), 16, lambda agreement: agreement.predecessor_id.sudo().name),
            (self.env._("Renewed By"), 16, lambda agreement: agreement.sudo().successor_id.name),
            (self.env._("Terminated From"), 14, lambda agreement: agreement.termination_date),
            (self.env._("Company"), 30, lambda agreement: agreement.company_id.sudo().name),
        ]

    def _register_xlsx(self):
        """Return the register of `self` as the bytes of an XLSX workbook."""
        return register_xlsx(self, self.env._("Agreement Register"), self._register_columns())
