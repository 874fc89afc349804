from odoo import api, fields, models


class SalesManpowerRequisitionClose(models.TransientModel):
    """The dialog in which somebody says that fewer people are needed, or nobody any more, and why."""

    _name = "sales.manpower.requisition.close"
    _description = "Close or Lower a Manpower Requisition"

    requisition_id = fields.Many2one("sales.manpower.requisition", required=True, readonly=True, ondelete="cascade")
    hired_count = fields.Integer(related="requisition_id.hired_count", related_sudo=False)
    is_opened = fields.Boolean(compute="_compute_is_opened")
    number = fields.Integer(
        "People Needed in All", help="With those hired already. 0, or as many as were hired, closes the requisition."
    )
    reason = fields.Text(required=True)

    @api.depends("requisition_id")
    def _compute_is_opened(self):
        for wizard in self:
            wizard.is_opened = bool(wizard.requisition_id.opened_job_id)

    def action_close(self):
        self.ensure_one()
        if self.number > self.hired_count:
            self.requisition_id._lower(self.number, self.reason)
        else:
            self.requisition_id._close_requisition(self.reason)
        return {"type": "ir.actions.act_window_close"}
