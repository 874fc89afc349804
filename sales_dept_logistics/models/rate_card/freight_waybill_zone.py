from odoo import fields, models
from odoo.tools import SQL


class FreightWaybill(models.Model):
    """Which zone of its carrier a waybill goes to.

    By the words in `zone`, where somebody wrote them and they are the name or the code of one; else by the address:
    what is most specific wins, as in :func:`.rating.zones.specific_zone`; else by words that came from the address. A
    zone that somebody chose stays until carrier, receiver or words change.
    """

    _inherit = "freight.waybill"

    zone_id = fields.Many2one(
        "freight.zone",
        "Zone of the Price List",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        domain="[('carrier_id', '=', carrier_id)]",
        copy=False,
        tracking=True,
        help="Found by the address; choose another where the carrier sees it otherwise.",
    )

    def _assign_zones(self):
        """Find the zones of those of `self` that have none (set-based)."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE freight_waybill waybill
                   SET zone_id = found.zone_id
                  FROM (%s) found
                 WHERE found.waybill_id = waybill.id AND found.zone_id IS NOT NULL
                """,
                self._zones_sql(SQL("SELECT UNNEST(%s)", list(self.ids))),
            )
        )
        self.invalidate_recordset(["zone_id"], flush=False)

    def _zones_sql(self, waybills, carrier=None):
        """Return the query ``waybill_id, zone_id`` of those of the ids `waybills` that have no zone.

        :param SQL carrier: whose zone is wanted for all of them, in place of their own carrier's
        """
        return SQL(
            """
            WITH destination AS MATERIALIZED (
                SELECT waybill.id, waybill.company_id, %(carrier)s AS carrier_id, LOWER(BTRIM(waybill.zone)) AS words,
                       COALESCE(waybill.zone IN (state.name, partner.city)
                                OR EXISTS (SELECT FROM JSONB_EACH_TEXT(country.name) name
                                            WHERE name.value = waybill.zone), FALSE) AS by_address,
                       COALESCE(partner.country_id, 0) AS country, COALESCE(partner.state_id, 0) AS state,
                       %(city)s AS city,
                       REGEXP_REPLACE(UPPER(NORMALIZE(COALESCE(partner.zip, ''), NFKC)), '[^[:alnum:]]', '', 'g')
                       AS zip
                  FROM freight_waybill waybill
             LEFT JOIN res_partner partner ON partner.id = waybill.partner_id
             LEFT JOIN res_country_state state ON state.id = partner.state_id
             LEFT JOIN res_country country ON country.id = partner.country_id
                 WHERE waybill.id IN (%(waybills)s) AND %(wanted)s
            ), address AS MATERIALIZED (
                SELECT DISTINCT company_id, carrier_id, country, state, city, zip FROM destination
            ), fitting AS (
                SELECT DISTINCT ON (address.company_id, address.carrier_id, address.country, address.state,
                                    address.city, address.zip)
                       address.*, zone.id AS zone_id
                  FROM address
            CROSS JOIN LATERAL GENERATE_SERIES(0, LENGTH(address.zip)) digits
            CROSS JOIN LATERAL (SELECT DISTINCT UNNEST(ARRAY['', address.city]) AS city) place
                  JOIN freight_zone_area area
                    ON COALESCE(area.zip_key, '') = LEFT(address.zip, digits)
                   AND COALESCE(area.city_key, '') = place.city
                   AND COALESCE(area.state_id, address.state) = address.state
                   AND COALESCE(area.country_id, address.country) = address.country
                  JOIN freight_zone zone
                    ON zone.id = area.zone_id AND zone.active
                   AND zone.carrier_id = address.carrier_id AND zone.company_id = address.company_id
              ORDER BY address.company_id, address.carrier_id, address.country, address.state, address.city,
                       address.zip, LENGTH(area.zip_key) DESC, (COALESCE(area.city_key, '') <> '') DESC,
                       (area.state_id IS NOT NULL) DESC, (area.country_id IS NOT NULL) DESC, area.id
            )
            SELECT destination.id AS waybill_id,
                   CASE WHEN destination.by_address THEN COALESCE(fitting.zone_id, named.id)
                        ELSE COALESCE(named.id, fitting.zone_id) END AS zone_id
              FROM destination
         LEFT JOIN LATERAL (
                   SELECT zone.id
                     FROM freight_zone zone
                    WHERE zone.active AND zone.carrier_id = destination.carrier_id
                      AND zone.company_id = destination.company_id
                      AND destination.words IN (LOWER(zone.name), LOWER(zone.code))
                 ORDER BY zone.id LIMIT 1
                   ) named ON destination.words <> ''
         LEFT JOIN fitting USING (company_id, carrier_id, country, state, city, zip)
            """,
            carrier=carrier or SQL("waybill.carrier_id"),
            wanted=SQL("TRUE") if carrier else SQL("waybill.zone_id IS NULL"),
            city=place_sql(SQL("partner.city")),
            waybills=waybills,
        )


def place_sql(name):
    """As :func:`.rating.zones.place`."""
    return SQL(
        """
        REGEXP_REPLACE(LOWER(REGEXP_REPLACE(NORMALIZE(COALESCE(%s, ''), NFKC), '\\s', '', 'g')),
                       '^(.{2,}?)(特别行政区|自治区|自治州|地区|省|市)$', '\\1')
        """,
        name,
    )
