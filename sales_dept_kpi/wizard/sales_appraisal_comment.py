from odoo import fields, models


class SalesAppraisalComment(models.TransientModel):
    """The dialog in which a person says a word about their own appraisal; it stays with it."""

    _name = "sales.appraisal.comment"
    _description = "Comment an Appraisal"

    appraisal_id = fields.Many2one("sales.appraisal", required=True, readonly=True, ondelete="cascade")
    comment = fields.Text(required=True)

    def action_comment(self):
        self.ensure_one()
        self.appraisal_id._comment(self.comment)
        return {"type": "ir.actions.act_window_close"}
