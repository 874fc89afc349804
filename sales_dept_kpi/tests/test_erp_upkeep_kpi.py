from datetime import date, datetime

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.sales_dept_roles.tests.common import SalesDeptCommon


@tagged("post_install", "-at_install")
class TestErpUpkeepKpi(SalesDeptCommon):
    """The share that is tended, as a KPI: of documents, each once for a person, as they stand while the month runs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.sales_dept_quote_signoff = "off"
        cls.kpi = cls.env["sales.kpi"].with_context(active_test=False).search([("source", "=", "erp_upkeep")], limit=1)
        cls.goods = cls.env["product.product"].create({"name": "Gear", "is_storable": True, "taxes_id": False})

    def _order(self, **vals):
        order = self._create_quotation(
            self.director,
            user_id=self.manager1.id,
            order_line=[Command.create({"product_id": self.goods.id, "product_uom_qty": 1, "price_unit": 10})],
            **vals,
        ).sudo()
        order.action_confirm()
        return order

    def _result(self):
        """The account manager's figure of March 2031, computed anew as if the hourly job had come by."""
        self.env.flush_all()
        month = self.env["sales.kpi.month"]._of(self.company, date(2031, 3, 1)).sudo()
        month._compute()
        return month.result_ids.filtered(lambda result: result.kpi_id == self.kpi and result.user_id == self.manager1)

    def test_it_comes_archived(self):
        self.assertTrue(self.kpi)
        self.assertFalse(self.kpi.active)

    def test_documents_count_once(self):
        """Two orders, of which one lacks its date and lies ready without a notice: one of two is tended."""
        self.kpi.active = True
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", self.company.id)], limit=1)
        self.env["stock.quant"]._update_available_quantity(self.goods, warehouse.lot_stock_id, 1)
        self.company.sales_dept_delivery_notice = True
        with freeze_time("2031-03-10 04:00:00"):
            bad = self._order()
            good = self._order(commitment_date=datetime(2031, 4, 5, 4))
            result = self._result()
            self.assertEqual((result.numerator, result.denominator, result.value), (1, 2, 50))
            evidence = {line.res_id: line.reason for line in result.evidence_ids}
            self.assertEqual(evidence, {bad.id: "notice", good.id: "tended"})
            self.assertEqual(sum(result.evidence_ids.mapped("denominator")), result.denominator)
            self.assertTrue(all(result.evidence_ids.mapped("reason_text")))

    def test_once_the_month_is_over_it_stays(self):
        """What is mended afterwards was not tended in time; of other KPIs the documents say it themselves."""
        self.kpi.active = True
        with freeze_time("2031-03-31 04:00:00"):
            order = self._order()
            self.assertEqual(self._result().value, 0)
        with freeze_time("2031-04-01 04:00:00"):
            order.commitment_date = datetime(2031, 4, 5, 4)
            self.assertEqual(self._result().value, 0)
        with freeze_time("2031-03-31 05:00:00"):
            self.assertEqual(self._result().value, 100, "within the month it would have counted")
