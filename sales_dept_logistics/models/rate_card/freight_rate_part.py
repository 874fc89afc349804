from odoo import api, fields, models


class FreightRatePart(models.AbstractModel):
    """A row of a rate card: it is frozen with its card."""

    _name = "freight.rate.part"
    _description = "Row of a Rate Card"

    card_id = fields.Many2one("freight.rate.card", "Rate Card", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="card_id.company_id")
    carrier_id = fields.Many2one(related="card_id.carrier_id")
    currency_id = fields.Many2one(related="card_id.currency_id")

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts.card_id._check_open()
        return parts

    def write(self, vals):
        self.card_id._check_open()
        result = super().write(vals)
        if "card_id" in vals:
            self.card_id._check_open()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_frozen(self):
        self.card_id._check_open()
