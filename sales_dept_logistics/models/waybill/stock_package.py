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
                & (
                    Domain("result_package_id", "in", self.ids)
                    | Domain("package_history_id.outermost_dest_id", "in", self.ids)
                )
            )
        )
        return lines.picking_id
