from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def session_info(self):
        """Where a user has no home action, let the web client begin with that of a post that is held."""
        info = super().session_info()
        if info["is_internal_user"] and not info["home_action_id"]:
            info["home_action_id"] = self.env["sales.dept.role"]._home_action().id
        return info
