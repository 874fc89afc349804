from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def action_archive(self):
        # Odoo deletes the activities of who leaves. What was given stays open, for the giver to pass on.
        return super(ResUsers, self.with_context(keep_assignments=True)).action_archive()
