from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import HttpCase, JsonRpcException
from odoo.tools import mute_logger

from odoo.addons.payment.tests.common import PaymentCommon

from .gate_bypass import GateBypassCase

SIGNATURE = "R0lGODlhAQABAAD/ACwAAAAAAQABAAACADs="


class OrderBypassCase(GateBypassCase, PaymentCommon, HttpCase):
    """Every path C1-C10 on which an order gets confirmed, against one gate.

    Buttons, values and programs (C1, C2) are the paths of any document; those of orders alone are here.
    """

    allow_inherited_tests_method = True
    model = "sale.order"
    through = {"state": "sale"}
    button = "action_confirm"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_gated()
        cls.token = cls.order._portal_ensure_token()

    @classmethod
    def _create_gated(cls, **vals):
        values = {"require_signature": True, "require_payment": False, "user_id": cls.manager1.id, **vals}
        return cls._create_quotation(commitment_date="2030-03-15 09:00:00", **values)

    def _creation_values(self):
        return {
            "partner_id": self.customer.id,
            "order_line": [Command.create({"product_id": self.product.id, "price_unit": 100.0})],
        }

    def _payable(self, order):
        order.sudo().write({"require_signature": False, "require_payment": True, "prepayment_percent": 1.0})
        return order

    def _transaction(self, order, **vals):
        return self.env["payment.transaction"].create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.payment_method_id,
                "reference": f"{order.name}-{self.env['payment.transaction'].search_count([])}",
                "amount": order.amount_total,
                "currency_id": order.currency_id.id,
                "partner_id": self.customer.id,
                "operation": "online_redirect",
                "sale_order_ids": [Command.set(order.ids)],
                **vals,
            }
        )

    def _accept(self, order):
        return self.make_jsonrpc_request(
            f"/my/orders/{order.id}/accept",
            {"access_token": order._portal_ensure_token(), "name": "Buyer", "signature": SIGNATURE},
        )

    # === PATHS === #

    def test_c1_several_at_once(self):
        """One button confirms those that may be and names the others; the method itself confirms all or none."""
        ready, held = self._create_gated(), self.order
        self._meet(ready)
        both = (ready | held).with_user(self.manager1)
        with self.assertRefused(self.sentence):
            both.action_confirm()
        self.assertEqual(set(both.mapped("state")), {"draft"})
        answer = both.action_sales_dept_confirm()
        self.assertRegex(answer["params"]["message"], self.sentence)
        self.assertIn(held.name, answer["params"]["message"])
        self.assertEqual((ready.state, held.state), ("sale", "draft"))
        with self.assertRefused(self.sentence):
            held.with_user(self.manager1).action_sales_dept_confirm()

    def test_c2_written_with_another_record(self):
        partner = self.order.partner_id
        with self.assertRefused(self.sentence):
            partner.write({"sale_order_ids": [Command.update(self.order.id, {"state": "sale"})]})
        with self.assertRefused(self.sentence):
            partner.write({"sale_order_ids": [Command.create({**self._creation_values(), "state": "sale"})]})
        self.assertEqual(self.order.state, "draft")

    def test_c3_signature_of_the_customer(self):
        for login in (None, "portal_test"):
            with self.subTest(login=login):
                order = self._create_gated()
                self.authenticate(login, login)
                self.assertIn("redirect_url", self._accept(order), "the customer is not sent away")
                self.assertEqual(order.state, "draft")
                self.assertTrue(order.signature)
                self.assertTrue(order.activity_ids.filtered(lambda activity: activity.user_id == self.manager1))
                page = self.url_open(f"/my/orders/{order.id}?access_token={order.access_token}", timeout=60).text
                self.assertIn("Your order is being reviewed", page)
                self.assertNotRegex(page, self.sentence)
        with self._gate_away():
            order = self._create_gated()
            self._accept(order)
            self.assertEqual(order.state, "sale", "nothing else stops it")
        self._meet(self.order)
        self._accept(self.order)
        self.assertEqual(self.order.state, "sale")

    def test_c4_payment_before_money_moves(self):
        order = self._payable(self.order)
        self.assertFalse(order._has_to_be_paid())
        with self.assertRefused("is being reviewed"):
            self._transaction(order)
        params = {
            "access_token": self.token,
            "provider_id": self.provider.id,
            "payment_method_id": self.payment_method_id,
            "token_id": None,
            "amount": order.amount_total,
            "flow": "direct",
            "tokenization_requested": False,
            "landing_route": "/my",
        }
        for login in (None, "portal_test"):
            with self.subTest(login=login):
                self.authenticate(login, login)
                with self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
                    self.make_jsonrpc_request(f"/my/orders/{order.id}/transaction", params)
        self.assertFalse(order.sudo().transaction_ids)
        with self._gate_away():
            self.assertTrue(order._has_to_be_paid())
            self.assertTrue(self._transaction(order))
        self._meet(order)
        self.assertTrue(order._has_to_be_paid())
        transaction = self._transaction(order)
        transaction._set_done()
        transaction._post_process()
        self.assertEqual(order.state, "sale")

    def test_c5_paid_when_it_came_to_be_held(self):
        order = self._payable(self.order)
        self._meet(order)
        transaction = self._transaction(order)
        self._miss(order)
        transaction._set_done()
        # As its poll and its cron do.
        transaction._post_process()
        self.assertEqual(order.state, "draft")
        self.assertTrue(transaction.is_post_processed or transaction.state == "done")
        notes = order.activity_ids.filtered(lambda activity: activity.user_id == self.manager1).mapped("note")
        self.assertTrue(any("arrived, but" in (note or "") for note in notes))
        self._meet(order)
        transaction._check_amount_and_confirm_order()
        self.assertEqual(order.state, "sale")

    def test_other_company_has_its_own_policy(self):
        other = self.env["res.company"].create({"name": "Other", "currency_id": self.company.currency_id.id})
        for user in self.manager1 | self.gm:
            user.company_ids |= other
        order = (
            self.env["sale.order"]
            .with_user(self.manager1)
            .with_context(allowed_company_ids=[other.id])
            .create({"partner_id": self.customer.id, "order_line": [Command.create({"product_id": self.product.id})]})
        )
        self.assertEqual(order.company_id, other)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", self.company.id)], limit=1)
        with self.assertRaises(UserError):
            order.sudo().with_context(allowed_company_ids=[other.id, self.company.id]).write(
                {"company_id": self.company.id, "warehouse_id": warehouse.id}
            )


class OrderBypassWideCase(OrderBypassCase):
    """Paths through modules that a company may have besides."""

    def test_c6_cash_on_delivery(self):
        provider = self.env["payment.provider"].search([("custom_mode", "=", "cash_on_delivery")], limit=1)
        order = self._payable(self.order)
        with self.assertRefused("is being reviewed"):
            self._transaction(order, provider_id=provider.id)
        self._meet(order)
        transaction = self._transaction(order, provider_id=provider.id)
        self._miss(order)
        transaction._set_pending()
        transaction._post_process()
        self.assertEqual(order.state, "draft")
        self._meet(order)
        transaction._post_process()
        self.assertEqual(order.state, "sale")

    def test_c7_c8_web_shop(self):
        """The shop's own orders pass; what staff quoted stays held, whichever way it gets into the shop."""
        website = self.env["website"].search([], limit=1)
        public = self.env.ref("base.public_user")
        values = {
            "partner_id": self.customer.id,
            "website_id": website.id,
            "order_line": [Command.create({"product_id": self.product.id, "price_unit": 0})],
        }
        cart = self.env["sale.order"].with_user(public).sudo().create(values)
        cart._validate_order()
        self.assertEqual(cart.state, "sale")
        staff_order = self.env["sale.order"].with_user(self.manager1).create(values)
        staff_order.with_user(public).sudo()._validate_order()
        self.assertEqual(staff_order.state, "draft")
        revived = self.env["sale.order"].with_user(public).sudo().create({**values, "order_line": []})
        self.order.order_line.with_user(public).sudo().write({"order_id": revived.id})
        revived._validate_order()
        self.assertEqual(revived.state, "draft")

    def test_c9_till(self):
        config = self.env["pos.config"].create({"name": "Till"})
        self.env["pos.session"].create({"config_id": config.id, "user_id": self.env.uid})
        with self.assertRefused(self.sentence):
            self.order.sudo().load_sale_order_from_pos(config.id)
        with self.assertRefused(self.sentence):
            self.order.sudo().action_confirm()
        self._meet(self.order)
        self.assertIn("sale.order", self.order.sudo().load_sale_order_from_pos(config.id))

    def test_c10_made_for_a_project(self):
        """A project or timesheet makes the order and confirms it in the same step."""
        with self.assertRefused(self.sentence):
            orders = self.env["sale.order"].with_user(self.manager1).create([{"partner_id": self.customer.id}])
            orders.with_context(disable_project_task_generation=True).action_confirm()
