from odoo import fields, models


class SalesTargetRevise(models.TransientModel):
    """Why a target in force is revised."""

    _name = "sales.target.revise"
    _description = "Revise a Target"

    target_id = fields.Many2one("sales.target", required=True, readonly=True, ondelete="cascade")
    reason = fields.Text(required=True)

    def action_revise(self):
        self.ensure_one()
        return self.target_id._revise(self.reason)._open_form()
