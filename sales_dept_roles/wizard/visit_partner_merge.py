from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merged customers stay in the contact plan since when the one whose class is kept was."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_values(self, src_partners, dst_partner):
        planned = (dst_partner | src_partners).sudo().filtered("contact_class_id")
        since = {
            contact_class: min(partners.mapped("contact_class_date"))
            for contact_class, partners in planned.grouped("contact_class_id").items()
        }
        result = super()._update_values(src_partners, dst_partner)
        target = dst_partner.sudo()
        if target.contact_class_id in since:
            self.env.flush_all()
            target._write_protected({"contact_class_date": since[target.contact_class_id]})
        return result
