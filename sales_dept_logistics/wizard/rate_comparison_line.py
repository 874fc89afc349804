from odoo import api, fields, models


class FreightRateComparisonLine(models.TransientModel):
    _name = "freight.rate.comparison.line"
    _description = "Comparison of Carriers, by Card"
    _order = "difference, id"

    comparison_id = fields.Many2one("freight.rate.comparison", required=True, index=True, ondelete="cascade")
    currency_id = fields.Many2one(related="comparison_id.currency_id")
    carrier_id = fields.Many2one("delivery.carrier", ondelete="cascade")
    card_id = fields.Many2one("freight.rate.card", "Rate Card", ondelete="cascade")
    waybill_count = fields.Integer("Waybills")
    left_out_count = fields.Integer(
        "Left Out", help="Waybills that have no expected cost now, or none by this card: they are in neither sum."
    )
    weight = fields.Float("Chargeable Weight (kg)", digits=(16, 3))
    old_amount = fields.Monetary("Expected Now", help="What the same waybills should cost with whom they went.")
    new_amount = fields.Monetary("By This Card")
    difference = fields.Monetary()
    percent = fields.Float("Difference (%)", digits=(16, 1), compute="_compute_percent")

    @api.depends("old_amount", "difference")
    def _compute_percent(self):
        for line in self:
            line.percent = line.old_amount and 100 * line.difference / line.old_amount
