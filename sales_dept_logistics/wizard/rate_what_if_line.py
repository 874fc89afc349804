from odoo import fields, models


class FreightRateWhatIfLine(models.TransientModel):
    _name = "freight.rate.what.if.line"
    _description = "What If, by Zone"
    _order = "difference DESC, id"

    what_if_id = fields.Many2one("freight.rate.what.if", required=True, index=True, ondelete="cascade")
    currency_id = fields.Many2one(related="what_if_id.currency_id")
    zone_id = fields.Many2one("freight.zone", ondelete="cascade")
    waybill_count = fields.Integer("Waybills")
    left_out_count = fields.Integer(
        "Left Out", help="Waybills that have no expected cost now, or none by this card: they are in neither sum."
    )
    weight = fields.Float("Chargeable Weight (kg)", digits=(16, 3))
    old_amount = fields.Monetary("Expected Now")
    new_amount = fields.Monetary("By This Card")
    difference = fields.Monetary()
