from functools import cache

from odoo import api, fields, models
from odoo.fields import Command

from .sale_delivery_notice import OPEN


class SaleOrderLine(models.Model):
    """What of an order line may still be put on a delivery notice."""

    _inherit = "sale.order.line"

    notice_line_ids = fields.One2many("sale.delivery.notice.line", "sale_line_id", "Delivery Notices")
    qty_noticed = fields.Float(
        "Noticed, Not Shipped",
        compute="_compute_qty_noticed",
        store=True,
        copy=False,
        digits="Product Unit",
        help="On delivery notices that were issued, and has not left.",
    )
    qty_to_notice = fields.Float(
        "May Still Be Noticed",
        compute="_compute_qty_to_notice",
        digits="Product Unit",
        help="Ordered, and neither shipped nor on a delivery notice. What came back may be noticed again.",
    )

    @api.depends("notice_line_ids.quantity", "notice_line_ids.qty_shipped", "notice_line_ids.notice_id.state")
    def _compute_qty_noticed(self):
        for line in self:
            noticed = line.notice_line_ids.sudo().filtered(lambda notice_line: notice_line.notice_id.state in OPEN)
            line.qty_noticed = sum(notice_line._qty_open() for notice_line in noticed)

    @api.depends("product_uom_qty", "qty_delivered", "qty_noticed", "state")
    def _compute_qty_to_notice(self):
        for line in self:
            is_goods = line.state == "sale" and line._is_goods()
            line.qty_to_notice = max(line._qty_to_ship() - line.qty_noticed, 0.0) if is_goods else 0.0

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"qty_noticed"}

    # === BUSINESS === #

    def _is_goods(self):
        """Whether the line is about something that is shipped."""
        self.ensure_one()
        return not self.display_type and not self.is_downpayment and self.product_id.type == "consu"

    def _qty_to_ship(self):
        """Ordered and not with the customer, as Odoo counts deliveries, returns and kits."""
        self.ensure_one()
        return self.product_uom_qty - self.qty_delivered

    def _notice_components(self):
        """Return ``{line: {product: quantity in its own unit}}`` of one unit of each of `self`.

        Of a kit these are its components, of other goods the product itself.
        """
        # Most lines are in the unit of their product, and all of them in few: converted once for each pair.
        convert = cache(lambda unit, own: unit._compute_quantity(1.0, own, round=False))
        ones = {line: convert(line.product_uom_id, line.product_id.uom_id) for line in self}
        kits = self._notice_kits(ones)
        return {line: kits.get(line) or {line.product_id: one} for line, one in ones.items()}

    @api.model
    def _notice_kits(self, quantities):
        """Return ``{line: {component: quantity in its own unit}}`` of those lines that are of kits.

        Manufacturing is no dependency: its model is looked for. Bills are found for all lines at once, and a kit that
        stands on several lines is taken apart once.

        :param dict quantities: ``{line: how much of its product, in the product's own unit}``
        """
        if "mrp.bom" not in self.env:
            return {}
        # Of a product that was archived since, too.
        bills = self.env["mrp.bom"].sudo().with_context(active_test=False)
        lines = self.browse().union(*quantities)
        kits, known = {}, {}
        for company, some in lines.grouped("company_id").items():
            found = bills._bom_find(some.product_id, company_id=company.id, bom_type="phantom")
            for line in some:
                if bom := found[line.product_id]:
                    key = (bom, line.product_id, quantities[line])
                    if key not in known:
                        known[key] = self._notice_explode(bom.with_env(self.env(su=True)), *key[1:])
                    kits[line] = known[key]
        return kits

    @api.model
    def _notice_explode(self, bom, product, quantity):
        components = {}
        in_bom = product.uom_id._compute_quantity(quantity, bom.product_uom_id, round=False)
        for bom_line, values in bom.explode(product, in_bom / bom.product_qty)[1]:
            component = bom_line.product_id
            needed = bom_line.product_uom_id._compute_quantity(values["qty"], component.uom_id, round=False)
            if component.type == "consu" and needed:
                components[component] = components.get(component, 0.0) + needed
        return components

    def _prepare_notice_line_commands(self):
        """Commands for what may still be noticed of the lines `self`."""
        return [
            Command.create({"sale_line_id": line.id, "quantity": line.qty_to_notice})
            for line in self
            if line.product_uom_id.compare(line.qty_to_notice, 0.0) > 0
        ]

    def _planned_dates_to_notice(self):
        """The days for which what may still be noticed of `self` is planned."""
        return [line._planned_date() for line in self if line.product_uom_id.compare(line.qty_to_notice, 0.0) > 0]
