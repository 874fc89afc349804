from random import Random

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import SQL

from .. import rating
from ..models.rate_card.freight_waybill_zone import place_sql
from ..rating.zones import place
from .rate_card_common import RateCardCommon


@tagged("post_install", "-at_install")
class TestFreightZone(RateCardCommon):
    """Waybills find the zones of their carriers by the address."""

    def _to(self, **address):
        partner = self.env["res.partner"].create({"name": "Receiver", **address})
        number = self.env["freight.waybill"].search_count([]) + 1
        waybill = self._waybill(f"SF{number:08}", partner_id=partner.id)
        waybill._assign_zones()
        return waybill

    def test_most_specific_wins(self):
        """An island by its postcode, before its city, before its province, before the country."""
        country = self._zone("Rest", areas=[{"country_id": self.china.id}])
        province = self._zone("Near", areas=[{"state_id": self.zhejiang.id}])
        city = self._zone("Coast", areas=[{"state_id": self.zhejiang.id, "city": "舟山"}])
        island = self._zone("Island", areas=[{"country_id": self.china.id, "zip_prefix": "3162"}])
        self.assertEqual(province.area_ids.country_id, self.china)
        cases = [
            (island, {"state_id": self.zhejiang.id, "city": "舟山市", "zip": "316200"}),
            (city, {"state_id": self.zhejiang.id, "city": "舟山市", "zip": "316000"}),
            (province, {"state_id": self.zhejiang.id, "city": "宁波"}),
            (country, {"state_id": self.jiangsu.id, "city": "舟山"}),
            (self.env["freight.zone"], {"country_id": self.env.ref("base.us").id}),
        ]
        for zone, address in cases:
            address.setdefault("country_id", self.china.id)
            self.assertEqual(self._to(**address).zone_id, zone, address)

    def test_another_carriers_zones(self):
        self._zone("Theirs", carrier=self.truck, areas=[{"country_id": self.china.id}])
        self.assertFalse(self._to(country_id=self.china.id).zone_id)

    def test_words(self):
        """Words that somebody wrote go before the address; those that came from it do not, and all of them stay."""
        near = self._zone("Near", areas=[{"state_id": self.zhejiang.id}])
        named = self._zone("Zhejiang Test", code="Z9")
        waybill = self._to(country_id=self.china.id, state_id=self.zhejiang.id)
        self.assertEqual((waybill.zone, waybill.zone_id), ("Zhejiang Test", near))
        self._in_use(self._express_card())
        waybill.zone = "z9 "
        self.assertEqual((waybill.zone, waybill.zone_id), ("z9 ", named))
        waybill.zone = "Nowhere"
        self.assertEqual((waybill.zone, waybill.zone_id), ("Nowhere", near))

    def test_chosen_by_hand(self):
        """A zone that somebody chose stays until the receiver changes."""
        near = self._zone("Near", areas=[{"state_id": self.zhejiang.id}])
        far = self._zone("Far", areas=[{"state_id": self.jiangsu.id}])
        self._in_use(self._express_card())
        waybill = self._to(country_id=self.china.id, state_id=self.zhejiang.id)
        self.assertEqual(waybill.zone_id, near)
        waybill.zone_id = far
        waybill.weight = 7
        self.assertEqual(waybill.zone_id, far)
        waybill.partner_id = self.env["res.partner"].create(
            {"name": "Other", "country_id": self.china.id, "state_id": self.zhejiang.id}
        )
        self.assertEqual(waybill.zone_id, near)

    def test_empty_area(self):
        with self.assertRefused("a row of its areas is empty", ValidationError):
            self._zone("Nothing", areas=[{"city": " "}])

    def test_as_the_plain_function(self):
        """On random areas and addresses the database finds what the plain function finds."""
        random = Random(8)
        states, cities = [None, self.zhejiang.id, self.jiangsu.id], ["", "宁波市", "舟山", "Suzhou"]
        prefixes = ["", "3", "31", "316", "3162", "２１"]
        zones = self.env["freight.zone"].union(*(self._zone(f"Z{at}") for at in range(8)))
        for _at in range(40):
            values = {
                "zone_id": random.choice(zones).id,
                "country_id": random.choice([False, self.china.id]),
                "state_id": random.choice(states),
                "city": random.choice(cities),
                "zip_prefix": random.choice(prefixes),
            }
            if any(values[name] for name in values.keys() - {"zone_id"}):
                self.env["freight.zone.area"].create(values)
        areas = [
            rating.Area(
                area.zone_id.id, area.country_id.id or None, area.state_id.id or None, area.city_key, area.zip_key
            )
            for area in zones.area_ids.sorted("id")
        ]
        found = 0
        for _at in range(60):
            address = {
                "country_id": random.choice([self.china.id, False]),
                "state_id": random.choice(states),
                "city": random.choice([*cities, "宁 波", "ＳＵＺＨＯＵ"]),
                "zip": random.choice(["", "316200", "31-1000", "２１００００", "999"]),
            }
            waybill = self._to(**address)
            partner = waybill.partner_id
            expected = rating.specific_zone(
                areas, partner.country_id.id or None, partner.state_id.id or None, partner.city, partner.zip
            )
            self.assertEqual(waybill.zone_id.id or None, expected, address)
            found += bool(expected)
        self.assertGreater(found, 30)

    def test_places(self):
        names = ["上海市", " 上海 ", "市", "重庆市", "香港特别行政区", "延边自治州", "Ｎingbo", "New York", "大兴安岭地区", None]
        for name in names:
            (found,) = self.env.execute_query(SQL("SELECT %s", place_sql(SQL("%s::text", name))))
            self.assertEqual(found[0], place(name), name)
