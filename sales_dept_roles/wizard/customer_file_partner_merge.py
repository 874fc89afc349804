from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_values(self, src_partners, dst_partner):
        """For a moment the merged customers stand side by side: the tax number moves over before that."""
        if not dst_partner.vat and (vat := next(filter(None, reversed(src_partners.mapped("vat"))), False)):
            src_partners.vat = False
            dst_partner.vat = vat
        elif dst_partner.vat:
            src_partners.vat = False
        return super()._update_values(src_partners, dst_partner)

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Contacts, accounts and papers were moved by SQL: look at the file of the customer that stays."""
        result = super()._merge(partner_ids, dst_partner, extra_checks)
        left = self.env["res.partner"].browse(partner_ids).exists()
        left.invalidate_recordset()
        self.env.add_to_compute(left._fields["approval_state"], left)
        return result
