from odoo import models
from odoo.exceptions import AccessError


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _get_rendering_context(self, report, docids, data):
        data = super()._get_rendering_context(report, docids, data)
        if report.model == "sale.order":
            orders = self.env["sale.order"].sudo().browse(docids)
            if unreleased := orders._quote_signoff_unreleased():
                # The portal renders as superuser: it is the user at the door who counts.
                if not self.env.user._is_internal():
                    raise AccessError(self.env._("This quotation is still being prepared."))
                data["quotes_not_signed_off"] = unreleased
        return data
