from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from odoo.addons.payment.tests.common import PaymentCommon

from .common import SalesDeptCommon

UNSIGNED = "has not been signed off"


@tagged("post_install", "-at_install")
class TestQuoteBypassPayment(SalesDeptCommon, PaymentCommon, HttpCase):
    """No money is taken for a quotation that is not released."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_quotation(require_signature=False, require_payment=True, prepayment_percent=1.0)
        cls.token = cls.order._portal_ensure_token()

    def _transaction_values(self, order):
        return {
            "provider_id": self.provider.id,
            "payment_method_id": self.payment_method_id,
            "reference": f"{order.name}-{self.env['payment.transaction'].search_count([])}",
            "amount": order.amount_total,
            "currency_id": order.currency_id.id,
            "partner_id": self.customer.id,
            "operation": "online_redirect",
            "sale_order_ids": [Command.set(order.ids)],
        }

    def _create_sale_transaction(self, order):
        return self.env["payment.transaction"].create(self._transaction_values(order))

    def test_s19_payment_link(self):
        wizard = self.env["payment.link.wizard"].with_context(active_model="sale.order", active_id=self.order.id)
        self.assertIn(UNSIGNED, wizard.create({}).warning_message)
        self._sign(self.order)
        self.assertNotIn("sign", wizard.create({}).warning_message or "")

    def test_c4_payment_route(self):
        params = {
            "access_token": self.token,
            "provider_id": self.provider.id,
            "payment_method_id": self.payment_method_id,
            "token_id": None,
            "amount": self.order.amount_total,
            "flow": "direct",
            "tokenization_requested": False,
            "landing_route": "/my",
        }
        for login in (None, "portal_test", "manager1_test"):
            with self.subTest(login=login):
                self.authenticate(login, login)
                with self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
                    self.make_jsonrpc_request(f"/my/orders/{self.order.id}/transaction", params)
        self.assertFalse(self.order.sudo().transaction_ids)
        self.assertFalse(self.order._has_to_be_paid())

    def test_c4_transaction(self):
        with self.assertRefused("is being reviewed"):
            self._create_sale_transaction(self.order)
        Gate = self.registry["sale.order"]
        with patch.object(Gate, "_quote_signoff_unreleased", lambda self, *args, **kwargs: self.browse()):
            self.assertTrue(self._create_sale_transaction(self.order))
        self._sign(self.order)
        self.assertTrue(self.order._has_to_be_paid())
        self.assertTrue(self._create_sale_transaction(self.order))

    def test_s20_pending_payment_of_a_changed_quotation(self):
        self._sign(self.order)
        transaction = self._create_sale_transaction(self.order)
        self.order.order_line.price_unit = 90
        transaction._set_pending()
        transaction._post_process()
        self.assertEqual(self.order.state, "draft")
        self.assertIn("Payment", self.order.activity_ids.mapped("note")[-1])
        # Signed as it is now, the next turn of the post-processing does its work.
        self._sign(self.order)
        transaction._post_process()
        self.assertEqual(self.order.state, "sent")

    def test_invoice_of_a_payment_for_a_changed_order(self):
        """The payment is kept, no invoice asks for another price than what was signed, and somebody is told."""
        self.env["ir.config_parameter"].sudo().set_param("sale.automatic_invoice", True)
        self._sign(self.order)
        transaction, other = self._create_sale_transaction(self.order), self._create_quotation()
        self.order.action_confirm()
        self.order.order_line.price_unit = 1
        transaction._set_done()
        transaction._post_process()
        self.assertEqual(self.order.amount_paid, transaction.amount)
        self.assertFalse(transaction.invoice_ids | self.order.invoice_ids)
        note = self.order.activity_ids.filtered(lambda activity: activity.user_id == self.manager1)[-1:].note
        self.assertIn("no invoice was made", note)
        # One that is signed as it is has its invoice, as in Odoo.
        self._sign(other)
        paid = self._create_sale_transaction(other)
        paid._set_done()
        paid._post_process()
        self.assertEqual(paid.invoice_ids.amount_untaxed, other.amount_untaxed)

    def test_c5_paid_while_it_was_changed(self):
        self._sign(self.order)
        transaction = self._create_sale_transaction(self.order)
        self.order.order_line.price_unit = 90
        transaction._set_done()
        self.assertFalse(transaction._check_amount_and_confirm_order())
        self.assertEqual(self.order.state, "draft")
        self.assertTrue(self.order.activity_ids.filtered(lambda activity: activity.user_id == self.manager1))
        self._sign(self.order)
        self.assertEqual(transaction._check_amount_and_confirm_order(), self.order)
        self.assertEqual(self.order.state, "sale")
