from odoo import api, fields, models
from odoo.fields import Command


class SaleRushRequestDates(models.TransientModel):
    """The dialog in which production says what it can promise, while it judges a rush request.

    It writes nothing itself: :meth:`SaleRushRequest.action_give_dates` decides who may.
    """

    _name = "sale.rush.request.dates"
    _description = "Dates Given by Production"

    request_id = fields.Many2one("sale.rush.request", required=True, readonly=True, ondelete="cascade")
    line_ids = fields.One2many("sale.rush.request.dates.line", "wizard_id", domain=[("rush_line_id", "!=", False)])
    affected_ids = fields.One2many("sale.rush.request.dates.line", "wizard_id", domain=[("affected_id", "!=", False)])

    @api.model_create_multi
    def create(self, vals_list):
        wizards = super().create(vals_list)
        for wizard in wizards:
            wizard.request_id.check_access("read")
            wizard.line_ids = [
                Command.create({"rush_line_id": line.id, "date": line.feasible_date})
                for line in wizard.request_id.line_ids
            ]
            wizard.affected_ids = [
                Command.create({"affected_id": row.id, "date": row.date_after})
                for row in wizard.request_id.affected_ids
            ]
        return wizards

    def action_give_dates(self):
        self.ensure_one()
        self.request_id.action_give_dates(
            {row.rush_line_id.id: row.date for row in self.line_ids},
            {row.affected_id.id: row.date for row in self.affected_ids},
        )
        return {"type": "ir.actions.act_window_close"}


class SaleRushRequestDatesLine(models.TransientModel):
    _name = "sale.rush.request.dates.line"
    _description = "Date Given by Production"

    wizard_id = fields.Many2one("sale.rush.request.dates", required=True, ondelete="cascade", index=True)
    rush_line_id = fields.Many2one("sale.rush.request.line", readonly=True, ondelete="cascade")
    affected_id = fields.Many2one("sale.rush.request.affected", readonly=True, ondelete="cascade")
    product_id = fields.Many2one("product.product", compute="_compute_row")
    order_name = fields.Char("Order No.", compute="_compute_row")
    quantity = fields.Float(compute="_compute_row", digits="Product Unit")
    date_before = fields.Date("Promised Before", compute="_compute_row")
    wanted_date = fields.Date("Wanted On", related="rush_line_id.wanted_date", related_sudo=False)
    on_hand_quantity = fields.Float(related="rush_line_id.on_hand_quantity", related_sudo=False)
    incoming_quantity = fields.Float(related="rush_line_id.incoming_quantity", related_sudo=False)
    date = fields.Date()

    @api.depends("rush_line_id", "affected_id")
    def _compute_row(self):
        for row in self:
            source = row.rush_line_id or row.affected_id
            row.product_id = source.product_id
            row.order_name = source.order_name
            row.quantity = row.rush_line_id.quantity or row.affected_id.open_quantity
            row.date_before = row.rush_line_id.promised_date or row.affected_id.date_before
