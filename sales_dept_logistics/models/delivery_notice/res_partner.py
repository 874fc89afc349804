from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    delivery_paper_prices = fields.Boolean(
        "Prices on Delivery Papers",
        help="Papers that go along with this customer's goods say what they cost. A delivery notice may differ.",
    )

    @api.model
    def _commercial_fields(self):
        return [*super()._commercial_fields(), "delivery_paper_prices"]
