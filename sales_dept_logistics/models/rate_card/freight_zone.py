from odoo import api, fields, models
from odoo.fields import Domain

from ... import rating


class FreightZone(models.Model):
    """A zone of a carrier's price list (区域): which addresses are in it."""

    _name = "freight.zone"
    _description = "Freight Zone"
    _inherit = ["mail.thread"]
    _order = "carrier_id, sequence, name, id"
    _rec_names_search = ["name", "code"]
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True, help="As the carrier calls it.")
    code = fields.Char(tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    carrier_id = fields.Many2one(
        "delivery.carrier", required=True, index=True, ondelete="cascade", check_company=True, tracking=True
    )
    is_remote = fields.Boolean("Remote Area", tracking=True, help="Surcharges for remote areas are due there.")
    area_ids = fields.One2many("freight.zone.area", "zone_id", "Areas", copy=True)
    areas = fields.Char("Where", compute="_compute_areas")

    _name_unique = models.UniqueIndex(
        "(company_id, carrier_id, lower(name))", "This carrier has a zone of that name already: use that one."
    )

    @api.depends("area_ids.display_name")
    def _compute_areas(self):
        for zone in self:
            names = zone.area_ids[:5].mapped("display_name")
            more = [f"+{len(zone.area_ids) - 5}"] if len(zone.area_ids) > 5 else []
            zone.areas = ", ".join(names + more)

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for vals in vals_list:
            vals["name"] = self.env._("%(zone)s (copy)", zone=vals["name"])
        return vals_list

    @api.model
    def _of_address(self, company, carrier, partner):
        """The zone of `carrier` that the address of `partner` is in, or none."""
        zones = self.sudo().search(Domain("company_id", "=", company.id) & Domain("carrier_id", "=", carrier.id))
        areas = [
            rating.Area(
                area.zone_id,
                area.country_id.id or None,
                area.state_id.id or None,
                area.city_key or "",
                area.zip_key or "",
            )
            for area in zones.area_ids.sorted("id")
        ]
        address = partner.sudo()
        zone = rating.specific_zone(
            areas, address.country_id.id or None, address.state_id.id or None, address.city, address.zip
        )
        return (zone or self.browse()).sudo(self.env.su)
