from odoo import models


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Whoever has something to do on a document is told by their activity, not by all the customer's mail."""
        if self.env.context.get("sales_dept_no_followers"):
            return True
        return super().message_subscribe(partner_ids, subtype_ids)
