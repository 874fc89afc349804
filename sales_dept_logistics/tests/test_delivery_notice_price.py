from decimal import Decimal

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .delivery_notice_common import DeliveryNoticeCommon


@tagged("post_install", "-at_install")
class TestDeliveryNoticePrice(DeliveryNoticeCommon):
    """Delivery papers with prices: by the customer's choice, as agreed, and frozen with the notice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.china = cls.env.ref("base.cn")
        cls.cny = cls.env.ref("base.CNY")
        cls.cny.active = True

    def _priced(self, *prices, state="accepted", **vals):
        """A notice of orders of 10, each for one of `prices`: ``(unit price, discount, currency, taxes)``."""
        lines = []
        for price, discount, currency, taxes in prices:
            pricelist = self.env["product.pricelist"].create({"name": "Prices", "currency_id": currency.id})
            order = self._order(10, confirm=False, pricelist_id=pricelist.id)
            order.order_line.write(
                {"price_unit": price, "discount": discount, "tax_ids": [Command.set(taxes.ids if taxes else [])]}
            )
            order.action_confirm()
            lines.append((order.order_line, 10))
        return self._notice(*lines, state=state, **{"delivery_paper_prices": True, **vals})

    def _paper(self, notice, user=None, name="report_delivery_paper"):
        docs = notice.with_user(user or self.keeper)
        return str(docs.env["ir.qweb"]._render(f"sales_dept_logistics.{name}", {"docs": docs}))

    def test_choice_of_the_customer(self):
        notice = self._notice((self._order(10).order_line, 5), state="draft")
        self.assertFalse(notice.delivery_paper_prices, "without, where nobody chose")
        self.assertNotIn("Unit Price", self._paper(notice))
        self.customer.delivery_paper_prices = True
        child = self.env["res.partner"].create({"name": "Gate 3", "parent_id": self.customer.id, "type": "delivery"})
        self.assertTrue(child.delivery_paper_prices)
        notice = self._notice((self._order(10).order_line, 5), state="draft")
        self.assertTrue(notice.delivery_paper_prices)
        self.assertIn("Unit Price", self._paper(notice))
        notice.delivery_paper_prices = False
        notice.action_issue()
        self.assertNotIn("Unit Price", self._paper(notice))
        with self.assertRefused("was issued"):
            notice.delivery_paper_prices = True

    def test_agreed_price_after_discount(self):
        notice = self._priced((9.99, 33.33, self.cny, None))
        (row,) = notice._delivery_paper_rows()
        self.assertEqual((row["price"], row["amount"]), (Decimal("6.660333"), Decimal("66.60")))
        paper = self._paper(notice)
        self.assertIn("6.660333", paper)
        self.assertIn("66.60", paper)
        for name in ("report_delivery_paper", "report_delivery_paper_241"):
            self.assertEqual(self._paper(notice, name=name).count("Unit Price"), 3, "on each part")

    def test_amount_of_what_leaves(self):
        """Ten were noticed, eight leave: eight are charged."""
        notice = self._priced((12.5, 0, self.cny, None))
        self._ship(notice.picking_ids, {self.shaft: 8})
        (row,) = notice._delivery_paper_rows()
        self.assertEqual(row["amount"], 100)

    def test_frozen_when_issued(self):
        notice = self._priced((10, 0, self.cny, None), state="draft")
        line = notice.sudo().line_ids.sale_line_id
        line.price_unit = 11
        self.assertEqual(notice._delivery_paper_rows()[0]["price"], 11, "a draft says what is agreed now")
        with self.assertRefused("cannot be set by hand", AccessError):
            notice.line_ids.price_unit = 1
        notice.action_issue()
        line.write({"price_unit": 99, "discount": 50})
        self.assertEqual(notice._delivery_paper_rows()[0]["price"], 11)
        self.assertIn("110.00", self._paper(notice))
        with self.assertRefused("was issued"):
            notice.line_ids.price_unit = 1
        notice.with_user(self.keeper).action_send_back("No pallets")
        notice.action_issue()
        self.assertEqual(notice._delivery_paper_rows()[0]["price"], Decimal("49.5"), "issued again, agreed again")

    def test_currencies_and_taxes_never_add_up(self):
        included, excluded = self.env["account.tax"].create(
            [
                {"name": "13 % incl.", "amount": 13, "price_include_override": "tax_included"},
                {"name": "13 %", "amount": 13, "price_include_override": "tax_excluded"},
            ]
        )
        usd = self.env.ref("base.USD")
        usd.active = True
        notice = self._priced(
            (1, 0, self.cny, excluded), (2, 0, usd, excluded), (4, 0, self.cny, included), (8, 0, self.cny, excluded)
        )
        totals = notice._delivery_paper_totals(notice._delivery_paper_rows())
        self.assertEqual(
            [(total["currency"].name, total["with_tax"], total["amount"]) for total in totals],
            [("CNY", False, 90), ("USD", False, 20), ("CNY", True, 40)],
        )
        paper = self._paper(notice)
        for kind in ("with tax", "without tax"):
            self.assertIn(kind, paper)
        self.assertNotIn("150.00", paper)

    def test_capitals_in_china(self):
        self.company.country_id = self.china
        usd = self.env.ref("base.USD")
        usd.active = True
        notice = self._priced((140.95, 0, self.cny, None), (3, 0, usd, None))
        paper = self._paper(notice)
        self.assertEqual(paper.count("人民币壹仟肆佰零玖元伍角"), 3)
        self.assertEqual(paper.count("人民币"), 3, "dollars are no yuan")
        self.company.country_id = self.env.ref("base.de")
        self.assertNotIn("人民币", self._paper(notice))

    def test_who_sees_prices(self):
        """Who reads orders, or judges them; other departments read the notice without."""
        notice = self._priced((10, 0, self.cny, None))
        for user in (self.keeper, self.manager1, self.assistant, self.director, self.finance):
            self.assertIn("Unit Price", self._paper(notice, user), user.login)
            self.assertEqual(notice.with_user(user).line_ids.price_unit, 10)
        self.assertNotIn("Unit Price", self._paper(notice, self.engineering))
        self.assertNotIn("100.00", self._paper(notice, self.engineering))
        with self.assertRaises(AccessError):
            notice.with_user(self.engineering).line_ids.read(["price_unit"])
        self.assertNotIn("price_unit", notice.with_user(self.engineering).line_ids.fields_get())
