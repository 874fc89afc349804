from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_quote_bypass_mail import QuoteMailCommon
from .test_quote_bypass_portal import QuotePortalCommon


class QuoteSentCommon:
    def _ways(self, order):
        return order.sudo().sending_ids.sorted("id").mapped("way")

    def _send(self, order):
        """Send `order` as the dialog of its button does."""
        action = order.with_user(self.manager1).action_quotation_send()
        composer = (
            self.env["mail.compose.message"].with_user(self.manager1).with_context(**action["context"]).create({})
        )
        with self.mock_mail_gateway():
            composer._action_send_mail()

    def _reprice(self, order, price=90.0):
        """Change what the customer pays, and have it signed again."""
        order.with_user(self.manager1).order_line.price_unit = price
        self._sign(order)

    def _sent_step(self, order, user=None):
        order.invalidate_recordset(["gate_rail", "gate_next"])
        order = order.with_user(user or self.manager1)
        return next(step for step in order.gate_rail if step["key"] == "sent"), order.gate_next


@tagged("post_install", "-at_install")
class TestQuoteSent(QuoteSentCommon, QuoteMailCommon):
    """What the customer was given, and that one who has other terms was not sent this quotation."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._sign(cls.order)

    def test_what_was_mailed_is_kept(self):
        self.assertEqual(self._sent_step(self.order)[1], "action_quotation_send")
        self._send(self.order)
        sending = self.order.sudo().sending_ids
        self.assertEqual(sending.way, "mail")
        self.assertEqual(sending.amount_total, 200)
        self.assertEqual(sending.currency_id, self.order.currency_id)
        self.assertEqual(sending.approval_id, self.order.sudo().approval_in_force_id)
        self.assertEqual(sending.digest, sending.approval_id.digest)
        self.assertEqual(sending.user_id, self.manager1)
        step, _next = self._sent_step(self.order)
        self.assertEqual(step["state"], "passed")
        self.assertIn("200", step["sentence"])
        self.assertEqual(self.order.state, "sent")

    def test_sent_once_more_is_no_news(self):
        self._send(self.order)
        self._send(self.order)
        self.assertEqual(len(self.order.sudo().sending_ids), 1)

    def test_other_terms(self):
        self._send(self.order)
        self._reprice(self.order)
        step, to_do = self._sent_step(self.order)
        self.assertEqual(step["state"], "held")
        self.assertIn("last received", step["sentence"])
        self.assertIn("200", step["sentence"])
        self.assertEqual(to_do, "action_quotation_send")
        self.assertEqual(self.order.gate_stage, "sent")
        self.assertEqual(self.order.state, "sent")
        self.assertEqual(self.order.quote_shown_state, "draft", "the customer was not sent this quotation")
        self._send(self.order)
        self.assertEqual(self._sent_step(self.order)[0]["state"], "passed")
        self.assertEqual(self.order.quote_shown_state, "sent")
        self.assertEqual(self.order.sudo().sending_ids.sorted("id").mapped("amount_total"), [200, 180])

    def test_other_terms_for_the_same_price(self):
        self._send(self.order)
        self.order.with_user(self.manager1).order_line.name = "Another shaft"
        self._sign(self.order)
        self.assertIn("for the same", self._sent_step(self.order)[0]["sentence"])
        self.assertEqual(self.order.gate_stage, "sent")

    def test_changed_back(self):
        self._send(self.order)
        self._reprice(self.order)
        self._reprice(self.order, 100.0)
        self.assertEqual(self._sent_step(self.order)[0]["state"], "passed")

    def test_cannot_be_called_sent(self):
        self._send(self.order)
        order = self.order.with_user(self.manager1)
        order.action_draft()
        self._reprice(self.order)
        for path in (order.action_quotation_sent, lambda: order.write({"state": "sent"})):
            with self.assertRefused("last received"):
                path()
            self.assertEqual(order.state, "draft")
        # What was printed can be handed over; a copy of other terms cannot.
        order._note_printed()
        order.action_quotation_sent()
        self.assertEqual(order.state, "sent")
        self.assertEqual(self._ways(order), ["mail", "print", "hand"])

    def test_printed_before_the_change(self):
        self._send(self.order)
        order = self.order.with_user(self.manager1)
        order.action_draft()
        order._note_printed()
        self._reprice(self.order)
        with self.assertRefused("last received"):
            order.action_quotation_sent()

    def test_without_the_gate(self):
        """The counterpart: nothing else keeps it from being called sent."""
        self._send(self.order)
        order = self.order.with_user(self.manager1)
        order.action_draft()
        self._reprice(self.order)
        with patch.object(self.registry["sale.order"], "_quote_sent_outdated", lambda self, *args: self.browse()):
            order.action_quotation_sent()
        self.assertEqual(order.state, "sent")

    def test_payment_is_not_held_up(self):
        """It marks the quotation as sent as superuser: what she pays for, she has seen."""
        self._send(self.order)
        self.order.with_user(self.manager1).action_draft()
        self._reprice(self.order)
        self.order.with_user(self.portal_user).sudo().action_quotation_sent()
        self.assertEqual(self.order.state, "sent")
        self.assertEqual(self._ways(self.order), ["mail", "portal"])

    def test_note_to_a_colleague_sends_nothing(self):
        """The client's context says that it is sent, and nobody outside hears of it."""
        self._send(self.order)
        order = self.order.with_user(self.manager1)
        order.action_draft()
        self._reprice(self.order)
        with self.mock_mail_gateway(), self.assertRefused("last received"):
            order.with_context(mark_so_as_sent=True).message_post(body="Done", partner_ids=self.gm.partner_id.ids)
        self.assertEqual(order.state, "draft")

    def test_sent_of_unknown_terms(self):
        """Of what was sent before this was kept, nothing is claimed."""
        self.order.sudo()._write_protected({"state": "sent"})
        step, _next = self._sent_step(self.order)
        self.assertEqual((step["state"], step["sentence"]), ("passed", ""))

    def test_marked_as_sent(self):
        self.order.with_user(self.manager1).action_quotation_sent()
        self.assertEqual(self._ways(self.order), ["hand"])

    def test_nothing_is_kept_without_a_policy(self):
        self.company.sales_dept_quote_signoff = "off"
        self._send(self.order)
        self.assertEqual(self.order.state, "sent")
        self.assertFalse(self.order.sudo().sending_ids)

    def test_nobody_writes_it(self):
        self._send(self.order)
        sending = self.order.sudo().sending_ids
        for user in (self.manager1, self.director, self.gm, self.env.ref("base.user_admin")):
            with self.subTest(user=user.login):
                theirs = sending.with_user(user)
                for work in (
                    lambda theirs=theirs: theirs.write({"amount_total": 1}),
                    lambda theirs=theirs: theirs.copy(),
                    lambda theirs=theirs: theirs.unlink(),
                    lambda user=user: self.order.with_user(user).write({"sending_ids": [(5,)]}),
                ):
                    with self.assertRaises(AccessError):
                        work()
        self.assertTrue(sending.with_user(self.manager1).read(["way"]))
        for user in (self.manager2, self.outsider, self.portal_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                sending.with_user(user).read(["way"])


@tagged("post_install", "-at_install")
class TestQuoteSentPortal(QuoteSentCommon, QuotePortalCommon):
    def test_opened_on_the_portal(self):
        self._sign(self.order)
        self.authenticate(None, None)
        self.assertEqual(self.page().status_code, 200)
        self.assertEqual(self._ways(self.order), ["portal"])
        self.page()
        self.assertEqual(self._ways(self.order), ["portal"], "once is enough")
        self.order.with_user(self.manager1).order_line.price_unit = 99
        self._sign(self.order)
        self.assertEqual(self._sent_step(self.order)[0]["state"], "held")
        self.page()
        self.assertEqual(self._ways(self.order), ["portal", "portal"])
        self.assertNotEqual(self._sent_step(self.order)[0]["state"], "held")

    def test_printed_by_a_colleague(self):
        self.authenticate("manager1_test", "manager1_test")
        url = f"/report/pdf/sale.report_saleorder/{self.order.id}"
        self.url_open(url)
        self.assertFalse(self._ways(self.order), "a copy that is marked is nobody's to hand over")
        self._sign(self.order)
        self.url_open(url)
        self.assertEqual(self._ways(self.order), ["print"])
