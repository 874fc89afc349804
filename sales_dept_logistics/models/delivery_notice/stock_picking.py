from odoo import api, fields, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    delivery_notice_ids = fields.Many2many(
        "sale.delivery.notice", string="Delivery Notices", compute="_compute_delivery_notice_ids", compute_sudo=True
    )
    delivery_notice_hold = fields.Text(
        compute="_compute_delivery_notice_hold", help="Why these goods may not leave now."
    )

    def _compute_delivery_notice_ids(self):
        for picking in self:
            lines = picking.move_ids.sale_line_id.notice_line_ids
            open_lines = lines.filtered(lambda line: line.notice_id.state in ("issued", "accepted", "loading"))
            shipped = lines.filtered(lambda line, picking=picking: picking in line.shipment_ids.move_id.picking_id)
            is_over = picking.state in ("done", "cancel")
            picking.delivery_notice_ids = (shipped if is_over else open_lines | shipped).notice_id

    @api.depends("state", "move_ids.quantity", "move_ids.state")
    @api.depends_context("lang")
    def _compute_delivery_notice_hold(self):
        moves = self.move_ids.filtered(lambda move: move.state not in ("done", "cancel", "draft"))
        messages = moves._gate_messages("done")
        for picking in self:
            sentences = [text for move in picking.move_ids for text in messages.get(move.id, ())]
            picking.delivery_notice_hold = "\n".join(dict.fromkeys(sentences)) or False

    @api.model_create_multi
    def create(self, vals_list):
        pickings = super().create(vals_list)
        pickings.filtered(lambda picking: picking.state == "done").move_ids._check_gates("done")
        return pickings

    def write(self, vals):
        if vals.get("state") == "done":
            # The paper says that the goods left, whatever its moves say.
            self.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))._check_gates("done")
        return super().write(vals)

    def action_view_delivery_notices(self):
        self.ensure_one()
        return self.delivery_notice_ids._get_records_action(name=self.env._("Delivery Notices"))
