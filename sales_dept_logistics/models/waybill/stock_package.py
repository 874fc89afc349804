from odoo import fields, models
from odoo.fields import Domain


class StockPackage(models.Model):
    """A package that travels under a number of its own."""

    _inherit = "stock.package"

    carrier_tracking_ref = fields.Char(
        "Waybill No.", copy=False, help="Where this package travels under another number than the rest of its delivery."
    )

    def write(self, vals):
        if "carrier_tracking_ref" not in vals:
            return super().write(vals)
        deliveries = self._deliveries_done()
        before = deliveries._waybill_numbers()
        result = super().write(vals)
        deliveries._sync_waybills(before)
        return result

    def _deliveries_done(self):
        """The transfers that are done in which the packages `self` travelled."""
        lines = (
            self.env["stock.move.line"]
            .sudo()
            .search(
                Domain("state", "=", "done")
                & (Domain("result_package_id", "in", self.ids) | Domain("package_history_id.outermost_dest_id", "in", self.ids))
            )
        )
        return lines.picking_id

    def _box_volume(self):
        """Volume of the package by the outside of its type in m³; 0 where it has none."""
        box = self.package_type_id
        unit = self.env["product.template"]._get_length_uom_id_from_ir_config_parameter()
        millimeter = self.env.ref("uom.product_uom_millimeter")
        sides = [unit._compute_quantity(side, millimeter, round=False) for side in (box.packaging_length, box.width, box.height)]
        return sides[0] * sides[1] * sides[2] / 1e9
