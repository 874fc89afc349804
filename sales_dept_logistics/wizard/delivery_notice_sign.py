from odoo import api, fields, models
from odoo.fields import Command


class SaleDeliveryNoticeSign(models.TransientModel):
    """Who signed for the goods of a notice, and what of them was received."""

    _name = "sale.delivery.notice.sign"
    _description = "Signing for a Delivery"

    notice_ids = fields.Many2many("sale.delivery.notice", required=True, readonly=True)
    signed_by = fields.Char("Signed For By", required=True)
    sign_date = fields.Datetime("Signed For On", required=True, default=fields.Datetime.now)
    source = fields.Selection(
        [("us", "Our Own Record"), ("carrier", "Carrier's Paper")], "Proof", required=True, default="us"
    )
    signature = fields.Image("Drawn Signature")
    proof = fields.Binary("Photo or Scan")
    proof_name = fields.Char()
    line_ids = fields.One2many("sale.delivery.notice.sign.line", "wizard_id", "Goods")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        notices = self.env["sale.delivery.notice"].browse(self.env.context.get("default_notice_ids", ()))
        values["line_ids"] = [
            Command.create({"line_id": line.id, "qty_received": line.qty_shipped})
            for line in notices.line_ids
            if line.qty_shipped
        ]
        return values

    def action_confirm(self):
        self.ensure_one()
        names = self.env["sale.delivery.notice.line"]._received_fields()
        self.notice_ids.action_sign_for(
            self.signed_by,
            self.sign_date,
            self.source,
            self.signature,
            self.proof,
            self.proof_name,
            {line.line_id.id: {name: line[name] for name in names} for line in self.line_ids},
        )
        return {"type": "ir.actions.act_window_close"}
