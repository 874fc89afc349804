from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.sales_dept_roles.models.protected_results.key import Key

from ...rating.zones import place, postcode


class FreightZoneArea(models.Model):
    """Addresses of a zone: a province, a city, or all whose postcode begins with some digits.

    What is more specific wins, whatever the order: see :func:`.rating.zones.specific_zone`.
    """

    _name = "freight.zone.area"
    _description = "Area of a Freight Zone"
    _order = "country_id, state_id, city, zip_prefix, id"

    zone_id = fields.Many2one("freight.zone", required=True, index=True, ondelete="cascade")
    country_id = fields.Many2one("res.country", compute="_compute_country_id", store=True, readonly=False)
    state_id = fields.Many2one("res.country.state", "Province", domain="[('country_id', '=?', country_id)]")
    city = fields.Char(help="As in addresses; 上海 and 上海市 are the same.")
    zip_prefix = fields.Char("Postcodes from", help="The first digits of the postcode.")
    city_key = Key(compute="_compute_keys", store=True)
    zip_key = Key(compute="_compute_keys", store=True)

    _key_idx = models.Index("(zip_key, city_key, state_id, country_id)")

    @api.depends("state_id")
    def _compute_country_id(self):
        for area in self:
            area.country_id = area.state_id.country_id or area.country_id

    @api.depends("city", "zip_prefix")
    def _compute_keys(self):
        for area in self:
            area.city_key = place(area.city)
            area.zip_key = postcode(area.zip_prefix)

    @api.depends("country_id", "state_id", "city", "zip_prefix")
    def _compute_display_name(self):
        for area in self:
            inside = list(filter(None, (area.state_id.name, area.city, area.zip_prefix)))
            area.display_name = " ".join(inside) or area.country_id.name

    @api.constrains("country_id", "state_id", "city_key", "zip_key")
    def _check_says_something(self):
        for area in self:
            if not (area.country_id or area.state_id or area.city_key or area.zip_key):
                raise ValidationError(
                    self.env._(
                        "Zone %(zone)s: a row of its areas is empty. Name a country, a province, a city or the first "
                        "digits of postcodes there.",
                        zone=area.zone_id.name,
                    )
                )
