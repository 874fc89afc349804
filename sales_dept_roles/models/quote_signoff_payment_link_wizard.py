from odoo import models


class PaymentLinkWizard(models.TransientModel):
    _inherit = "payment.link.wizard"

    def _compute_warning_message(self):
        """Instead of a link that would be refused, show what is missing."""
        result = super()._compute_warning_message()
        for wizard in self.filtered(lambda wizard: wizard.res_model == "sale.order"):
            order = self.env["sale.order"].browse(wizard.res_id)
            if order._quote_signoff_unreleased():
                wizard.warning_message = order._quote_signoff_message()
        return result
