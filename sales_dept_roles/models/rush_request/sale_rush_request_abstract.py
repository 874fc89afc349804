from odoo import api, fields, models
from odoo.exceptions import ValidationError


class SaleRushRequestAbstract(models.AbstractModel):
    """What the rows of a rush request have in common: an order line, and who may write what about it."""

    _name = "sale.rush.request.abstract"
    _description = "Row of a Rush Request"
    _inherit = ["sales.dept.protected.mixin"]
    _order = "request_id, sequence, id"
    _check_company_auto = True

    request_id = fields.Many2one(
        "sale.rush.request", "Rush Request", required=True, ondelete="cascade", index=True, check_company=True
    )
    company_id = fields.Many2one(related="request_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    sale_line_id = fields.Many2one(
        "sale.order.line", "Order Line", required=True, ondelete="cascade", index=True, check_company=True
    )
    product_id = fields.Many2one(related="sale_line_id.product_id")
    description = fields.Text(related="sale_line_id.name")
    uom_id = fields.Many2one(related="sale_line_id.product_uom_id")
    order_name = fields.Char(related="sale_line_id.order_id.name", string="Order No.")
    open_quantity = fields.Float(
        "Undelivered", compute="_compute_open_quantity", digits="Product Unit", help="Ordered and not delivered yet."
    )

    @api.depends("sale_line_id.product_uom_qty", "sale_line_id.qty_delivered")
    def _compute_open_quantity(self):
        for part in self:
            line = part.sale_line_id.sudo()
            part.open_quantity = max(line.product_uom_qty - line.qty_delivered, 0.0)

    # === CRUD === #

    @api.model
    def _typed_fields(self):
        """Names of the fields that a person fills in; all others are results."""
        return {"request_id", "sequence", "sale_line_id"}

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | (self._fields.keys() - self._typed_fields())

    def _refused_fields(self, names):
        """The system itself makes rows, and keeps their dates up to date."""
        return set() if self.env.su else super()._refused_fields(names)

    @api.model_create_multi
    def create(self, vals_list):
        requests = self.env["sale.rush.request"].browse(vals.get("request_id") for vals in vals_list)
        requests._check_editable()
        return super().create(vals_list)

    def write(self, vals):
        self.check_access("write")
        self._check_protected(vals)
        if "request_id" in vals and any(part.request_id.id != vals["request_id"] for part in self):
            raise ValidationError(self.env._("What stands on a rush request stays there: add it to the other one."))
        self.request_id._check_editable()
        return super().write(vals)

    def unlink(self):
        self.check_access("unlink")
        self.request_id._check_editable()
        return super().unlink()

    @api.constrains("sale_line_id")
    def _check_sale_line(self):
        for part in self:
            if message := part._sale_line_error_message():
                raise ValidationError(message)

    def _sale_line_error_message(self):
        """Return why this order line cannot stand here, or False."""
        self.ensure_one()
        return False
