from odoo import api, fields, models


class SaleOrderMilestoneTick(models.TransientModel):
    _name = "sale.order.milestone.tick"
    _description = "Tick Milestones"

    milestone_ids = fields.Many2many("sale.order.milestone", required=True, readonly=True)
    is_single = fields.Boolean(compute="_compute_is_single")
    date = fields.Date("Reached On", required=True, default=lambda self: self.env.company._local_today())
    quantity = fields.Float(
        digits="Product Unit",
        compute="_compute_quantity",
        store=True,
        readonly=False,
        help="How much of it, in the unit of the order line.",
    )

    @api.depends("milestone_ids")
    def _compute_is_single(self):
        for wizard in self:
            wizard.is_single = len(wizard.milestone_ids) == 1

    @api.depends("milestone_ids")
    def _compute_quantity(self):
        for wizard in self:
            wizard.quantity = wizard.milestone_ids.quantity if wizard.is_single else 0.0

    def action_confirm(self):
        self.ensure_one()
        is_all = not self.is_single or self.quantity == self.milestone_ids.quantity
        self.milestone_ids.action_tick(self.date, None if is_all else self.quantity)
        return {"type": "ir.actions.act_window_close"}
