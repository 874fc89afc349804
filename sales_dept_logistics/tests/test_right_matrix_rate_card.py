from odoo import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.sales_dept_roles.tests.right_matrix import RightMatrixCase

HEAD = """# Who may what with rate cards

Made by a test that tries all of it (`make rights` writes it, `make test` compares it):
`sales_dept_logistics/tests/test_right_matrix_rate_card.py`. The roles are those of `rights.md`; the warehouse is Odoo's
own right to inventory, and reads no costs. Expected charges are written by the rating alone.
"""


@tagged("post_install", "-at_install")
class TestRightMatrix(RightMatrixCase):
    """docs/rights-rate-cards.md says what each role may do with rate cards; each cell of it is tried here."""

    addon = "sales_dept_logistics"
    prefix = ("freight.rate", "freight.zone", "freight.fuel", "freight.charge")
    page = "rights-rate-cards.md"
    head = HEAD

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people["Warehouse"] = new_test_user(
            cls.env, "matrix_warehouse", "stock.group_stock_user", email="w@company.example"
        )
        service = cls.env["product.product"].create({"name": "Freight", "type": "service"})
        party = cls.env["res.partner"].create({"name": "Carrier Ltd", "is_company": True})
        cls.carrier = cls.env["delivery.carrier"].create(
            {"name": "Carrier", "product_id": service.id, "partner_id": party.id, "cooperation_mode": "monthly"}
        )
        cls.kind = cls.env["freight.charge.kind"].create(
            {"name": "Pallets", "code": "pallets", "company_id": cls.company.id}
        )

    def _agreement(self, is_signed=False):
        agreement = self.env["sales.agreement"].create(
            {
                "kind": "logistics",
                "partner_id": self.carrier.partner_id.id,
                "subject": "Freight",
                "terms": "<p>By the card.</p>",
                "date_start": "2020-01-01",
                "signed_scan": "JVBERi0=",
                "signed_date": "2020-01-01",
            }
        )
        if is_signed:
            agreement.action_record_signed()
        return agreement

    def _card(self, is_signed=False, in_use=False):
        agreement = self._agreement(is_signed)
        card = self.env["freight.rate.card"].create(
            {
                "name": "Card",
                "agreement_id": agreement.id,
                "carrier_id": self.carrier.id,
                "date_from": "2020-01-01",
                "tier_ids": [Command.create({"price": 2})],
                "rounding_ids": [Command.create({"step": 1})],
                "surcharge_ids": [Command.create({"kind_id": self.kind.id, "amount": 5})],
                "discount_ids": [Command.create({"percent": 5})],
            }
        )
        if in_use:
            agreement.action_record_signed()
        return card

    def _zone(self):
        return self.env["freight.zone"].create(
            {"name": "Zone", "carrier_id": self.carrier.id, "area_ids": [Command.create({"city": "Suzhou"})]}
        )

    def _fuel(self):
        return self.env["freight.fuel.rate"].create(
            {"carrier_id": self.carrier.id, "month": "2020-01-01", "percent": 5}
        )

    def _waybill(self):
        """A waybill with an expected cost, of an order of the account manager's."""
        self._card(in_use=True)
        product = self.env["product.product"].create({"name": "Shaft", "type": "consu", "weight": 3})
        order = self._order(order_line=[Command.create({"product_id": product.id, "product_uom_qty": 1})]).sudo()
        order.action_confirm()
        picking = order.picking_ids
        picking.write({"carrier_id": self.carrier.id, "carrier_tracking_ref": "A1"})
        picking.button_validate()
        return picking.waybill_ids

    def _company_path(self, model):
        paths = {"freight.zone.area": "zone_id.company_id"}
        of_card = ("freight.rate.tier", "freight.rate.rounding", "freight.rate.surcharge", "freight.rate.discount")
        return paths.get(model) or ("card_id.company_id" if model in of_card else "company_id")

    def _make_company_records(self):
        self._card()
        self._zone()
        self._fuel()

    def _action_cases(self):
        cards = self.env["freight.rate.card"]
        # An order of one's own is what the account manager reads the cost of.
        yield "Rate card: read its prices", self._card, lambda card: card.tier_ids.read(["price"])
        yield "Rate card: prepare", self._card, lambda card: card.write({"minimum_amount": 9})
        yield "Rate card: change a price", self._card, lambda card: card.tier_ids.write({"price": 9})
        yield "Rate card: new version", self._card, lambda card: card.action_new_version()
        yield (
            "Rate card: load prices",
            self._card,
            lambda card: self.env["freight.rate.matrix"].with_env(card.env).create({"card_id": card.id}).action_load(),
        )
        yield "Rate card: download prices", self._card, lambda card: (card.check_access("read"), card._matrix_file())
        yield (
            "Rate card: bring a supplement into use",
            lambda: self._card(is_signed=True),
            lambda card: card.action_bring_into_use(),
        )
        yield "Rate card: delete a draft", self._card, lambda card: card.unlink()
        yield "Rate card: compare with the last months", self._waybill_card, self._what_if
        yield "Zone: say where it is", self._zone, lambda zone: zone.area_ids.write({"city": "Wuxi"})
        yield "Fuel: enter the month's", self._fuel, lambda fuel: fuel.copy({"month": "2020-02-01"})
        yield "Calculator: price a shipment", lambda: cards, self._calculate
        yield "Waybill: read what it should cost", self._waybill, lambda waybill: waybill.read(["expected_cost"])
        yield "Waybill: read each charge", self._waybill, lambda waybill: waybill.charge_ids.read(["expected_amount"])
        yield (
            "Waybill: say where it goes",
            self._waybill,
            lambda waybill: waybill.write({"zone_id": self._zone().id}),
        )

    def _waybill_card(self):
        return self._waybill().rate_card_id

    def _what_if(self, card):
        what_if = self.env["freight.rate.what.if"].with_env(card.env).create({"card_id": card.id})
        what_if.action_compare()
        self.assertEqual(what_if.old_amount, what_if.new_amount)

    def _calculate(self, cards):
        values = {"carrier_id": self.carrier.id, "weight": 3}
        self.assertTrue(self.env["freight.rate.calculator"].with_env(cards.env).create(values).result)
