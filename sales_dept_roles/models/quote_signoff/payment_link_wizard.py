from odoo import models


class PaymentLinkWizard(models.TransientModel):
    """Instead of a link that would be refused, show what is missing."""

    _inherit = "payment.link.wizard"

    def _compute_warning_message(self):
        result = super()._compute_warning_message()
        for wizard in self:
            if order := wizard._quote_unreleased():
                wizard.warning_message = order._quote_signoff_message()
        return result

    def _compute_link(self):
        result = super()._compute_link()
        self.filtered(lambda wizard: wizard._quote_unreleased()).link = False
        return result

    def _quote_unreleased(self):
        """The order that this link is for, if it may not be paid yet."""
        order = self.env["sale.order"].browse(self.res_model == "sale.order" and self.res_id)
        return order.exists()._quote_signoff_unreleased()
