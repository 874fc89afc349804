from odoo.tests import HttpCase, tagged

from .stock_ageing_common import StockAgeingCommon


@tagged("post_install", "-at_install")
class TestStockAgeingTour(StockAgeingCommon, HttpCase):
    def test_explain_submit_confirm(self):
        shaft = self._create_goods("Shaft")
        for product, user in ((self.goods, self.manager1), (shaft, self.manager2)):
            self._move(self.supplier, self.stock, 5, "2020-01-10", product=product)
            self._sell(product, user, day="2020-01-05")
        sheet = self._sheet(self.company._local_today())
        self._explain(self._lines(sheet, shaft))
        path = f"/odoo/stock-ageing/{sheet.id}"
        self.start_tour(path, "sales_dept_stock_ageing_explain", login="manager1_test")
        self.assertTrue(self._lines(sheet).is_explained)
        self.start_tour(path, "sales_dept_stock_ageing_submit", login="assistant_test")
        self.start_tour(path, "sales_dept_stock_ageing_confirm", login="director_test")
        self.assertEqual(sheet.state, "confirmed")
