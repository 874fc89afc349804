from odoo import fields, models


class SaleDeliveryNoticeReason(models.TransientModel):
    _name = "sale.delivery.notice.reason"
    _description = "Reason for a Delivery Notice"

    notice_ids = fields.Many2many("sale.delivery.notice", required=True, readonly=True)
    purpose = fields.Selection([("send_back", "Send Back"), ("close", "Close the Rest")], required=True)
    reason = fields.Text(required=True)

    def action_confirm(self):
        self.ensure_one()
        method = {"send_back": "action_send_back", "close": "action_close"}[self.purpose]
        getattr(self.notice_ids, method)(self.reason)
        return {"type": "ir.actions.act_window_close"}
