from odoo import models


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _waybill_package(self):
        """The package that travels: the outermost one, unless one inside it has a number of its own."""
        package = self.result_package_id
        outermost = self.package_history_id.outermost_dest_id or package
        return package if package.carrier_tracking_ref and not outermost.carrier_tracking_ref else outermost
