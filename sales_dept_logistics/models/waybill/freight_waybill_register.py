from odoo import api, models

from odoo.addons.sales_dept_roles.models.register.register_column import RegisterColumn

from .waybill_sheet import HEADINGS


class FreightWaybill(models.Model):
    _name = "freight.waybill"
    _inherit = ["freight.waybill", "sales.dept.register.mixin"]

    @api.model
    def _register_title(self):
        return self.env._("Waybills")

    @api.model
    def _register_columns(self):
        return [
            RegisterColumn("carrier_id", width=24),
            RegisterColumn("name", width=22),
            "shipped_date",
            "mode",
            RegisterColumn("partner_id", width=36),
            "zone",
            "pieces",
            "weight",
            RegisterColumn("volume", width=12),
            "chargeable_weight",
            RegisterColumn("delivery_names", width=24),
            RegisterColumn("order_names", width=18),
            "signed_date",
            "signed_by",
            "paper_state",
            "paper_count",
            "note",
        ]

    @api.model
    def _sheet_labels(self):
        """Return ``{column: its heading}`` of the spreadsheet that the import reads, in the reader's language."""
        own = ["name", "shipped_date", "mode", "zone", "pieces", "weight", "volume", "signed_date", "signed_by", "note"]
        labels = {name: self._fields[name]._description_string(self.env) for name in own}
        labels |= {
            "carrier": self._fields["carrier_id"]._description_string(self.env),
            "partner": self._fields["partner_id"]._description_string(self.env),
            "deliveries": self._fields["picking_ids"]._description_string(self.env),
        }
        return {name: labels[name] for name in HEADINGS}
