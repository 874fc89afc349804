import base64
from datetime import date

from odoo.fields import Command

from .waybill_common import WaybillCommon

SCAN = base64.b64encode(b"%PDF-1.4 signed")


class RateCardCommon(WaybillCommon):
    """Carriers with a signed logistics agreement, zones and rate cards."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.carrier_company = cls.env["res.partner"].create({"name": "Carrier Ltd", "is_company": True})
        (cls.sf + cls.truck).partner_id = cls.carrier_company
        cls.sf.write({"volumetric_divisor": 6000, "chargeable_step": 0.5})
        cls.china = cls.env.ref("base.cn")
        cls.zhejiang, cls.jiangsu = cls.env["res.country.state"].create(
            [
                {"name": "Zhejiang Test", "code": "ZJT", "country_id": cls.china.id},
                {"name": "Jiangsu Test", "code": "JST", "country_id": cls.china.id},
            ]
        )
        cls.agreement = cls._agreement()
        cls.kinds = {
            code: cls.env.ref(f"sales_dept_logistics.charge_{code}")
            for code in ("freight", "fuel", "remote", "upstairs", "insurance", "cod", "other")
        }

    @classmethod
    def _agreement(cls, **values):
        return cls.env["sales.agreement"].create(
            {
                "kind": "logistics",
                "partner_id": cls.carrier_company.id,
                "subject": "Freight",
                "terms": "<p>Prices as on the rate card.</p>",
                "date_start": date(2031, 1, 1),
                "date_end": date(2031, 12, 31),
                **values,
            }
        )

    @classmethod
    def _sign_agreement(cls, agreement=None):
        agreement = agreement or cls.agreement
        agreement.write({"signed_scan": SCAN, "signed_scan_name": "signed.pdf", "signed_date": date(2031, 1, 2)})
        agreement.with_user(cls.director).action_record_signed()
        return agreement

    @classmethod
    def _zone(cls, name, carrier=None, areas=(), **values):
        return cls.env["freight.zone"].create(
            {
                "name": name,
                "carrier_id": (carrier or cls.sf).id,
                "area_ids": [Command.create(area) for area in areas],
                **values,
            }
        )

    @classmethod
    def _card(cls, carrier=None, tiers=(), roundings=(), surcharges=(), discounts=(), **values):
        """A draft; `tiers` as values, or as ``(start, price)``."""
        tiers = [tier if isinstance(tier, dict) else {"start_quantity": tier[0], "price": tier[1]} for tier in tiers]
        return cls.env["freight.rate.card"].create(
            {
                "name": "Card",
                "agreement_id": cls.agreement.id,
                "carrier_id": (carrier or cls.sf).id,
                "date_from": date(2031, 1, 1),
                "tier_ids": [Command.create(tier) for tier in tiers],
                "rounding_ids": [Command.create(row) for row in roundings],
                "surcharge_ids": [Command.create(row) for row in surcharges],
                "discount_ids": [Command.create(row) for row in discounts],
                **values,
            }
        )

    @classmethod
    def _express_card(cls, **values):
        """A12's card: first kg 5, each further kg 2."""
        tiers = [{"fixed_amount": 5, "included_quantity": 1, "price": 2}]
        return cls._card(tiers=tiers, **{"roundings": [{"step": 0.5}], **values})

    @classmethod
    def _in_use(cls, *cards):
        cls._sign_agreement()
        for card in cards:
            assert card.state == "in_use", card.state

    def _charges(self, waybill):
        return {charge.kind_id.code: charge.expected_amount for charge in waybill.charge_ids}
