from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_values(self, src_partners, dst_partner):
        """For a moment the merged customers stand side by side: the tax number moves over before that."""
        sources = src_partners.filtered(
            lambda partner: partner.vat and partner._is_customer_file_holder() and partner._customer_file_policy()
        )
        if sources:
            vat = sources[-1].vat
            sources.vat = False
            if not dst_partner.vat:
                dst_partner.vat = vat
        return super()._update_values(src_partners, dst_partner)

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Contacts, accounts and papers were moved by SQL: look at the file of the customer that stays."""
        result = super()._merge(partner_ids, dst_partner, extra_checks)
        left = self.env["res.partner"].browse(partner_ids).exists().commercial_partner_id
        left.invalidate_recordset()
        self.env.add_to_compute(left._fields["approval_state"], left)
        return result
