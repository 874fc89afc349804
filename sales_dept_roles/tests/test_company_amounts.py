from odoo.fields import Command
from odoo.tests import tagged

from .rush_request_common import RushRequestCommon


@tagged("post_install", "-at_install")
class TestCompanyAmounts(RushRequestCommon):
    """A limit in the company's currency holds for orders in any, in Python and in the database alike."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.foreign = (
            cls.env["res.currency"]
            .with_context(active_test=False)
            .search([("id", "!=", cls.company.currency_id.id)], limit=1)
        )
        cls.foreign.active = True
        cls.foreign.rate_ids.unlink()
        # One of it is worth seven of the company's.
        cls.env["res.currency.rate"].create(
            {
                "name": "2020-01-01",
                "currency_id": cls.foreign.id,
                "company_id": cls.company.id,
                "inverse_company_rate": 7.0,
            }
        )
        cls.pricelist = cls.env["product.pricelist"].create({"name": "Foreign", "currency_id": cls.foreign.id})
        cls.domestic = cls._priced(90000)
        cls.abroad = cls._priced(90000, pricelist_id=cls.pricelist.id)

    @classmethod
    def _priced(cls, price, **vals):
        line = {"product_id": cls.product.id, "product_uom_qty": 1, "price_unit": price, "tax_ids": False}
        return cls._create_quotation(order_line=[Command.create(line)], **vals)

    def test_foreign_amount_over_the_limit(self):
        """90,000 abroad is 630,000 at home: over a limit of 100,000, which the bare figure stays below."""
        self.assertEqual((self.domestic.amount_total, self.abroad.amount_total), (90000, 90000))
        self.assertEqual(self.domestic.amount_total_company, 90000)
        self.assertEqual(self.abroad.amount_total_company, 630000)
        self.company.sales_dept_quote_signoff = "rule"
        self.flow.copy({"name": "Large", "domain": "[('amount_total_company', '>', 100000)]", "sequence": 1})
        self.env.invalidate_all()
        self.assertEqual((self.domestic | self.abroad)._quote_signoff_unreleased(), self.abroad)
        self.assertFalse(self.abroad.quote_released)
        with self.assertRefused("has not been signed off"):
            self.abroad.action_confirm()
        self.domestic.action_confirm()

    def test_stored_copy_follows_what_the_amount_follows(self):
        """A quotation that grows over the limit is not released any more, nor one whose date has another rate."""
        self.company.sales_dept_quote_signoff = "rule"
        self.flow.copy({"name": "Large", "domain": "[('amount_total_company', '>', 100000)]", "sequence": 1})
        self.assertTrue(self.domestic.quote_released)
        self.domestic.order_line.with_user(self.manager1).price_unit = 180000
        self.assertFalse(self.domestic.quote_released)
        small = self._priced(10000, pricelist_id=self.pricelist.id)
        self.assertTrue(small.quote_released, "70,000 at today's rate")
        self.env["res.currency.rate"].create(
            {
                "name": "2020-02-01",
                "currency_id": self.foreign.id,
                "company_id": self.company.id,
                "inverse_company_rate": 20.0,
            }
        )
        small.with_user(self.manager1).date_order = "2020-01-15"
        self.assertTrue(small.quote_released)
        small.with_user(self.manager1).date_order = "2020-02-15"
        self.assertEqual(small.amount_total_company, 200000)
        self.assertFalse(small.quote_released)

    def test_python_and_database_agree(self):
        orders = self.domestic | self.abroad | self._priced(0) | self._priced(33.335, pricelist_id=self.pricelist.id)
        Orders = self.env["sale.order"].with_context(active_test=False)
        values = sorted(set(orders.mapped("amount_total_company")) | {100000.0})
        for name in ("amount_total_company", "amount_untaxed_company"):
            for operator in ("=", "!=", "<", "<=", ">", ">=", "in", "not in"):
                for value in values:
                    domain = [(name, operator, [value] if "in" in operator else value)]
                    found = Orders.search([("id", "in", orders.ids), *domain])
                    self.assertEqual(set(found), set(orders.filtered_domain(domain)), domain)
        self.assertEqual(Orders.search([("id", "in", orders.ids), ("amount_total_company", ">", 100000)]), self.abroad)

    def test_extra_cost_of_a_rush(self):
        orders = (self.domestic | self.abroad).with_context(tracking_disable=True)
        orders.action_confirm()
        at_home, away = (self._request(order.order_line, extra_cost=90000) for order in orders)
        self.assertEqual(at_home.extra_cost_company, 90000)
        self.assertEqual(away.extra_cost_company, 630000)
        domain = [("extra_cost_company", ">", 100000)]
        requests = at_home | away
        self.assertEqual(requests.search([("id", "in", requests.ids), *domain]), away)
        self.assertEqual(requests.filtered_domain(domain), away)
        dear = self.env.ref("sales_dept_roles.approval_flow_rush_request").copy(
            {"name": "Dear", "domain": "[('extra_cost_company', '>', 100000)]", "sequence": 1}
        )
        self.assertEqual(away._approval_flow(), dear)
        self.assertNotEqual(at_home._approval_flow(), dear)
