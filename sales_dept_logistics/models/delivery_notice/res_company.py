from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    sales_dept_delivery_notice = fields.Boolean(
        "Delivery Notice",
        help="Goods of customers' orders leave only against a delivery notice that the warehouse accepted, and no more "
        "of them than it says.",
    )

    @api.model
    def _gate_rail_policies(self):
        return [*super()._gate_rail_policies(), "sales_dept_delivery_notice"]

    def _sales_dept_handbook_values(self):
        return {**super()._sales_dept_handbook_values(), "sales_dept_delivery_notice": True}
