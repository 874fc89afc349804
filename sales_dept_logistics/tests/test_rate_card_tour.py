from io import BytesIO

from openpyxl import load_workbook

from odoo.tests import HttpCase, tagged

from .rate_card_common import RateCardCommon


@tagged("post_install", "-at_install")
class TestRateCardTour(RateCardCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.near = cls._zone("Near")
        cls._in_use(cls._express_card())
        cls._waybill(weight=1, zone_id=cls.near.id)

    def test_what_if(self):
        """The assistant compares an offer with what the last months should cost."""
        tiers = [{"fixed_amount": 8, "included_quantity": 1, "price": 2}]
        self._card(name="Card of the tour", tiers=tiers, date_from="2031-04-01")
        self.start_tour("/odoo/rate-cards", "sales_dept_rate_card_what_if", login="assistant_test")

    def test_calculator(self):
        self.start_tour("/odoo/freight-calculator", "sales_dept_rate_calculator", login="manager1_test")

    def test_download_prices(self):
        """Who reads a card downloads its prices; others are told nothing about them."""
        card = self.env["freight.rate.card"].search([("carrier_id", "=", self.sf.id)], limit=1)
        path = f"/sales_dept/rate_matrix/{card.id}"
        self.authenticate("manager1_test", "manager1_test")
        book = load_workbook(BytesIO(self.url_open(path).content))
        self.assertEqual([cell.value for cell in book.active[3]], ["All zones", 5, 1, 2])
        self.assertEqual(self.url_open("/sales_dept/rate_matrix/0").status_code, 404)
        self.authenticate("outsider_test", "outsider_test")
        self.assertNotEqual(self.url_open(path).status_code, 200)
