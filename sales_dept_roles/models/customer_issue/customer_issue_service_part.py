from odoo import api, fields, models


class CustomerIssueServicePart(models.Model):
    """A part that was used during a visit."""

    _name = "customer.issue.service.part"
    _description = "Part Used"
    _order = "service_id, id"
    _check_company_auto = True

    service_id = fields.Many2one("customer.issue.service", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="service_id.company_id", store=True, index=True, precompute=True)
    product_id = fields.Many2one("product.product", required=True, index=True, ondelete="restrict", check_company=True)
    quantity = fields.Float(required=True, default=1, digits="Product Unit")
    product_uom_id = fields.Many2one(
        "uom.uom", "Unit", compute="_compute_product_uom_id", store=True, readonly=False, precompute=True, required=True
    )

    _positive = models.Constraint("CHECK (quantity > 0)", "Of a part that was used there is more than none.")

    @api.depends("product_id")
    def _compute_product_uom_id(self):
        for part in self:
            part.product_uom_id = part.product_id.uom_id

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts.service_id._check_unsigned()
        return parts

    def write(self, vals):
        self.service_id._check_unsigned()
        result = super().write(vals)
        if "service_id" in vals:
            self.service_id._check_unsigned()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed(self):
        self.service_id._check_unsigned()
