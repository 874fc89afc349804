from unittest.mock import patch

from requests import HTTPError

from odoo import http
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from .common import SalesDeptCommon

PRICE = "123,456"
MARK = "NOT SIGNED OFF"


class QuotePortalCommon(SalesDeptCommon, HttpCase):
    """The customer at the door: with a login, with a token, with both."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_quotation(require_signature=True, require_payment=False)
        cls.order.order_line.write({"price_unit": 123456.0, "product_uom_qty": 1})
        cls.token = cls.order._portal_ensure_token()
        cls.gate_away = patch.object(
            cls.registry["sale.order"], "_quote_signoff_unreleased", lambda self, *args, **kwargs: self.browse()
        )

    def setUp(self):
        super().setUp()
        # The Chinese yuan or the dollar: the figure is the same.
        self.visitors = {
            "public with token": lambda: self.authenticate(None, None),
            "customer's login": lambda: self.authenticate("portal_test", "portal_test"),
        }

    def page(self, suffix="", token=True, **query):
        if token:
            query["access_token"] = self.token
        arguments = "&".join(f"{key}={value}" for key, value in query.items())
        return self.url_open(f"/my/orders/{self.order.id}{suffix}?{arguments}", timeout=60)

    def each_visitor(self):
        for name, login in self.visitors.items():
            with self.subTest(visitor=name):
                login()
                yield name


@tagged("post_install", "-at_install")
class TestQuoteBypassPortal(QuotePortalCommon):
    def test_s12_report_urls(self):
        for report in (
            "sale.report_saleorder",
            "sale.report_saleorder_pro_forma",
            "sale.report_saleorder_raw",
            "sales_dept_roles.report_product_quotation",
        ):
            with self.subTest(report=report):
                self.authenticate("portal_test", "portal_test")
                with mute_logger("odoo.http"):
                    response = self.url_open(f"/report/html/{report}/{self.order.id}", timeout=60)
                self.assertNotIn(PRICE, response.text)
                self.authenticate("manager1_test", "manager1_test")
                response = self.url_open(f"/report/html/{report}/{self.order.id}", timeout=60)
                self.assertIn(PRICE, response.text, "colleagues may look at a copy")
                self.assertIn(MARK, response.text, "with a visible mark")
        self._sign(self.order)
        for report in ("sale.report_saleorder", "sales_dept_roles.report_product_quotation"):
            self.authenticate("manager1_test", "manager1_test")
            response = self.url_open(f"/report/html/{report}/{self.order.id}", timeout=60)
            self.assertIn(PRICE, response.text)
            self.assertNotIn(MARK, response.text)

    def test_s12_rendered_as_superuser_for_an_outsider(self):
        Report = self.env["ir.actions.report"].with_user(self.portal_user).sudo()
        with self.assertRaises(AccessError):
            Report._render_qweb_html("sale.action_report_saleorder", self.order.ids)
        with self.gate_away:
            self.assertIn(PRICE.encode(), Report._render_qweb_html("sale.action_report_saleorder", self.order.ids)[0])
        self._sign(self.order)
        self.assertIn(PRICE.encode(), Report._render_qweb_html("sale.action_report_saleorder", self.order.ids)[0])

    def test_s14_s15_s16_page_of_a_draft(self):
        for _visitor in self.each_visitor():
            for query in ({}, {"report_type": "html"}, {"report_type": "pdf"}, {"report_type": "text"}):
                response = self.page(**query)
                self.assertNotIn(PRICE, response.text)
                self.assertNotEqual(response.headers["Content-Type"], "application/pdf")
                self.assertNotIn(f"/my/orders/{self.order.id}", response.url)
        with self.gate_away:
            self.authenticate(None, None)
            self.assertIn(PRICE, self.page().text, "nothing else stops it")
        self._sign(self.order)
        for _visitor in self.each_visitor():
            self.assertIn(PRICE, self.page().text)
            self.assertIn(PRICE, self.page(report_type="html").text)

    def test_s14_internal_preview_has_a_mark(self):
        self.authenticate("manager1_test", "manager1_test")
        text = self.page().text
        self.assertIn(PRICE, text)
        self.assertIn(MARK, text)

    def test_s14_changed_after_signing(self):
        self._sign(self.order).action_quotation_sent()
        self.order.order_line.price_unit = 99
        for _visitor in self.each_visitor():
            self.assertNotIn("99.00", self.page().text)

    def test_s17_records_over_rpc(self):
        order, line = self.order.id, self.order.order_line.id
        # To be readable at all by Odoo's own rules.
        calls = {
            "search_read": ("sale.order", "search_read", [[["id", "=", order]], ["amount_total"]]),
            "line search_read": ("sale.order.line", "search_read", [[["id", "=", line]], ["price_unit"]]),
            "web_search_read": ("sale.order", "web_search_read", [[["id", "=", order]], {"amount_total": {}}]),
        }
        reads = {
            "read": ("sale.order", "read", [[order], ["amount_total"]]),
            "line read": ("sale.order.line", "read", [[line], ["price_unit"]]),
            "export": ("sale.order", "export_data", [[order], ["amount_total"]]),
        }

        def call(model, method, args):
            return self.make_jsonrpc_request(
                f"/web/dataset/call_kw/{model}/{method}", {"model": model, "method": method, "args": args, "kwargs": {}}
            )

        self.authenticate("portal_test", "portal_test")
        for name, arguments in calls.items():
            with self.subTest(call=name):
                self.assertNotIn("123456", str(call(*arguments)))
        for name, arguments in reads.items():
            with self.subTest(call=name), self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
                call(*arguments)
        self._sign(self.order)
        for arguments in calls.values():
            self.assertIn("123456", str(call(*arguments)))
        self.order.order_line.price_unit = 654321
        self.assertNotIn("654321", str(call(*calls["line search_read"])))

    def test_s17_rule_alone(self):
        """The record rule, without the controllers: counterfactual by policy."""
        as_customer = self.env["sale.order"].with_user(self.portal_user)
        self.assertFalse(as_customer.search([("id", "=", self.order.id)]))
        self.company.sales_dept_quote_signoff = "off"
        self.assertTrue(as_customer.search([("id", "=", self.order.id)]))

    def test_s18_files_and_edi(self):
        document = self.env["product.document"].create(
            {
                "name": "Drawing.pdf",
                "raw": b"secret drawing",
                "res_model": "product.product",
                "res_id": self.product.id,
                "attached_on_sale": "quotation",
            }
        )
        for _visitor in self.each_visitor():
            self.assertNotIn("secret", self.page(f"/document/{document.id}").text)
            self.assertNotIn(f"/my/orders/{self.order.id}", self.page("/download_edi").url)
        self._sign(self.order)
        self.assertIn("secret", self.page(f"/document/{document.id}").text)

    def test_s18_chatter(self):
        self.order.message_post(body="123,456 each", subtype_xmlid="mail.mt_comment", message_type="comment")
        partner = self.customer.id
        doors = {
            "token": {"token": self.token},
            "signed partner": {"pid": partner, "hash": self.order._sign_token(partner)},
        }

        def fetch(door):
            return str(
                self.make_jsonrpc_request(
                    "/mail/chatter_fetch", {"thread_model": "sale.order", "thread_id": self.order.id, **door}
                )
            )

        def post(door):
            return self.make_jsonrpc_request(
                "/mail/message/post",
                {
                    "thread_model": "sale.order",
                    "thread_id": self.order.id,
                    "post_data": {"body": "Hi", "message_type": "comment", "subtype_xmlid": "mail.mt_comment"},
                    **door,
                },
            )

        def is_refused(call, door):
            try:
                call(door)
            except (JsonRpcException, HTTPError):
                return True
            return False

        for visitor in self.each_visitor():
            with mute_logger("odoo.http"):
                self.assertTrue(is_refused(fetch, doors["token"]), visitor)
                # Odoo does not look at this door when reading: it shows what the login may see.
                self.assertNotIn(PRICE, fetch(doors["signed partner"]), visitor)
                for name, door in doors.items():
                    self.assertTrue(is_refused(post, door), f"{visitor}: {name}")
        self._sign(self.order)
        self.authenticate(None, None)
        self.assertIn(PRICE, fetch(doors["token"]))

    def test_c3_signature_of_the_customer(self):
        def accept():
            return self.make_jsonrpc_request(
                f"/my/orders/{self.order.id}/accept",
                {"access_token": self.token, "name": "Buyer", "signature": "R0lGODlhAQABAAD/ACwAAAAAAQABAAACADs="},
            )

        for _visitor in self.each_visitor():
            self.assertIn("error", accept())
            self.assertEqual(self.order.state, "draft")
            self.assertFalse(self.order.signature)
        self._sign(self.order)
        self.assertIn("redirect_url", accept())
        self.assertEqual(self.order.state, "sale")

    def test_c3_decline(self):
        for _visitor in self.each_visitor():
            self._decline()
            self.assertEqual(self.order.state, "draft")
        self._sign(self.order)
        self._decline()
        self.assertEqual(self.order.state, "cancel")

    def _decline(self):
        self.url_open(
            f"/my/orders/{self.order.id}/decline?access_token={self.token}",
            data={"decline_message": "No", "csrf_token": http.Request.csrf_token(self)},
        )

    def test_customer_changes_quantity(self):
        """What the customer changes on the portal, the general manager has not signed."""
        self._sign(self.order)
        self.order.order_line.sudo().product_uom_qty = 5
        self.assertFalse(self.order.quote_released)


@tagged("post_install", "-at_install", "-standard", "sales_dept_wide")
class TestQuoteBypassPortalWide(QuotePortalCommon):
    def test_s18_edi(self):
        if not self.order._get_edi_builders():
            self.skipTest("S18: sale_edi_ubl is not installed")
        for _visitor in self.each_visitor():
            self.assertNotIn("123456", self.page("/download_edi").text)
        self._sign(self.order)
        self.assertIn("123456", self.page("/download_edi").text)

    def test_c9_till(self):
        if "pos.config" not in self.env:
            self.skipTest("C9: pos_sale is not installed")
        config = self.env["pos.config"].create({"name": "Till"})
        self.env["pos.session"].create({"config_id": config.id, "user_id": self.env.uid})
        with self.assertRefused("has not been signed off"):
            self.order.sudo().load_sale_order_from_pos(config.id)
        self._sign(self.order)
        self.assertIn("sale.order", self.order.sudo().load_sale_order_from_pos(config.id))

    def test_s21_shop_print(self):
        if "website" not in self.env:
            self.skipTest("S21: website_sale is not installed")
        Report = self.env["ir.actions.report"].with_user(self.env.ref("base.public_user")).sudo()
        with self.assertRaises(AccessError):
            Report._render_qweb_pdf("sale.action_report_saleorder", self.order.ids)

    def test_c8_cart_revival(self):
        if "website" not in self.env:
            self.skipTest("C8: website_sale is not installed")
        website = self.env["website"].search([], limit=1)
        for method in ("squash", "merge"):
            with self.subTest(method=method):
                self.authenticate(None, None)
                with mute_logger("odoo.http"):
                    response = self.url_open(
                        f"/shop/cart?id={self.order.id}&access_token={self.token}&revive_method={method}", timeout=60
                    )
                self.assertNotIn(PRICE, response.text)
                self.assertEqual(self.order.state, "draft")
                self.assertTrue(self.order.order_line)
        cart = self.env["sale.order"].create({"partner_id": self.customer.id, "website_id": website.id})
        self.assertTrue(cart.is_web_shop_order)
        self.assertTrue(cart.quote_released)
        public = self.env.ref("base.public_user")
        with self.assertRefused("has not been signed off"):
            self.order.order_line.with_user(public).sudo().write({"order_id": cart.id})
        # A colleague may move lines, but then it is no order of the web shop any more.
        self.order.order_line.with_user(self.gm).write({"order_id": cart.id})
        self.assertFalse(cart.is_web_shop_order)
        self.assertFalse(cart.quote_released)

    def test_web_shop_order_is_exempt_until_staff_edits(self):
        if "website" not in self.env:
            self.skipTest("exemption: website_sale is not installed")
        website = self.env["website"].search([], limit=1)
        values = {
            "partner_id": self.customer.id,
            "website_id": website.id,
            "order_line": [(0, 0, {"product_id": self.product.id})],
        }
        public = self.env.ref("base.public_user")
        cart = self.env["sale.order"].with_user(public).sudo().create(values)
        self.assertTrue(cart.quote_released)
        cart.with_user(self.gm).order_line.price_unit = 1
        self.assertFalse(cart.quote_released)
        self.assertFalse(cart.website_id, "it left the customer's cart")
        confirmed = self.env["sale.order"].with_user(public).sudo().create(values)
        confirmed.action_confirm()
        self.assertEqual(confirmed.state, "sale")
        by_staff = self.env["sale.order"].with_user(self.manager1).create(values)
        self.assertFalse(by_staff.quote_released, "only the web shop itself makes such orders")
        by_staff.write({"website_id": website.id})
        self.assertFalse(by_staff.quote_released)
