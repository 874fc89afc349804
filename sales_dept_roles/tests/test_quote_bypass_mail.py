import json
from unittest.mock import patch

from odoo import SUPERUSER_ID, fields
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.mail.tests.common import MailCommon

from .common import SalesDeptCommon

UNSIGNED = "has not been signed off"


class QuoteMailCommon(SalesDeptCommon, MailCommon):
    """What reaches whom is read from the mails that Odoo would hand to the mail server."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.env.ref("sale.email_template_edi_sale")
        cls.order = cls._create_quotation()
        cls.manager1.group_ids += cls.env.ref("base.group_partner_manager")
        cls.order.message_unsubscribe(cls.customer.ids)

    def _left(self):
        """Mails to the customer that were made, not rolled back and not cancelled."""
        return self._new_mails.exists().filtered(
            lambda mail: (
                mail.state != "cancel"
                and (self.customer in mail.recipient_ids or "customer.example" in (mail.email_to or ""))
            )
        )

    def assertNothingLeft(self):
        self.assertFalse(self._left())

    def assertLeft(self):
        self.assertTrue(self._left(), "a signed quotation goes out")

    def check_path(self, path, sentence=UNSIGNED):
        """`path(order)` is refused unsigned, goes out signed, and goes out with the gate taken away."""
        order = self.order
        with self.mock_mail_gateway():
            with self.assertRefused(sentence):
                path(order)
            self.assertEqual(order.state, "draft")
            self.assertNothingLeft()
        Gate = self.registry["sale.order"]
        with (
            self.mock_mail_gateway(),
            patch.object(Gate, "_quote_signoff_unreleased", lambda self, *args, **kwargs: self.browse()),
        ):
            savepoint = self.env.cr.savepoint(flush=True)
            path(order)
            self.assertLeft()
            savepoint.close(rollback=True)
            self.env.invalidate_all()
        self._sign(order)
        with self.mock_mail_gateway():
            path(order)
            self.assertLeft()


@tagged("post_install", "-at_install")
class TestQuoteBypassMail(QuoteMailCommon):
    def _compose(self, order, mode="comment", **values):
        return (
            self.env["mail.compose.message"]
            .with_user(self.manager1)
            .create(
                {
                    "model": "sale.order",
                    "res_ids": json.dumps(order.ids),
                    "composition_mode": mode,
                    "template_id": self.template.id,
                    **values,
                }
            )
        )

    def test_s01_send_button_and_pro_forma(self):
        for context in ({}, {"proforma": True}):
            with self.subTest(context=context), self.assertRefused(UNSIGNED):
                self.order.with_context(**context).action_quotation_send()
        self._sign(self.order)
        for context in ({}, {"proforma": True}):
            self.assertEqual(
                self.order.with_context(**context).action_quotation_send()["type"], "ir.actions.act_window"
            )

    def test_s02_send_without_template_and_several(self):
        several = self.order | self._create_quotation()
        with self.assertRefused(UNSIGNED):
            several.action_quotation_send()
        with self.assertRefused(UNSIGNED):
            self.order.with_context(hide_default_template=True).action_quotation_send()
        self.assertFalse(self.order.access_token)

    def test_s03_mark_as_sent(self):
        with self.assertRefused(UNSIGNED):
            self.order.action_quotation_sent()
        self._sign(self.order).action_quotation_sent()
        self.assertEqual(self.order.state, "sent")

    def test_s04_mark_as_sent_by_context_of_a_post(self):
        post = {"body": "Hello", "partner_ids": self.customer.ids, "message_type": "comment"}
        self.check_path(lambda order: order.with_context(mark_so_as_sent=True).message_post(**post))

    def test_s04_context_alone(self):
        """Even with nobody to mail to, the context does not set the state."""
        with self.assertRefused(UNSIGNED):
            self.order.with_context(mark_so_as_sent=True).message_post(body="Hello")

    def test_s05_chatter_post_to_the_customer(self):
        self.check_path(
            lambda order: order.message_post(
                body="Here it is",
                partner_ids=self.customer.ids,
                subtype_xmlid="mail.mt_comment",
                message_type="comment",
            )
        )

    def test_s05_chatter_post_to_a_raw_address(self):
        self.check_path(
            lambda order: order.message_post(
                body="Here it is",
                outgoing_email_to="buyer@customer.example",
                subtype_xmlid="mail.mt_comment",
                message_type="comment",
            )
        )

    def test_s05_follower(self):
        self.order.sudo().message_subscribe(self.customer.ids)
        self.check_path(
            lambda order: order.message_post(body="Hello", subtype_xmlid="mail.mt_comment", message_type="comment")
        )

    def test_s06_composer_comment(self):
        self.check_path(lambda order: self._compose(order)._action_send_mail())

    def test_s06_composer_mass(self):
        self.check_path(lambda order: self._compose(order, mode="mass_mail")._action_send_mail())

    def test_s06_composer_without_report(self):
        """Without a PDF the mail itself is stopped."""
        self.check_path(
            lambda order: self._compose(
                order, template_id=False, subject="Q", body="100 each", partner_ids=[Command.set(self.customer.ids)]
            )._action_send_mail()
        )

    def test_s06_pdf_made_before_signing(self):
        """No PDF is generated that could be sent after the signature."""
        with self.assertRefused(UNSIGNED):
            self.assertTrue(self._compose(self.order).attachment_ids)

    def _schedule(self, order):
        return (
            self.env["mail.scheduled.message"]
            .with_user(self.manager1)
            .create(
                {
                    "author_id": self.manager1.partner_id.id,
                    "model": "sale.order",
                    "res_id": order.id,
                    "body": "Later",
                    "scheduled_date": fields.Datetime.add(fields.Datetime.now(), hours=1),
                    "partner_ids": [Command.set(self.customer.ids)],
                }
            )
        )

    def test_s07_scheduled_message(self):
        self.check_path(lambda order: self._schedule(order).post_message())

    def test_s07_scheduled_then_changed(self):
        self._sign(self.order)
        message = self._schedule(self.order)
        self.order.order_line.price_unit = 90
        with self.mock_mail_gateway(), self.assertRefused("changed after"):
            message.post_message()
        # Signed again at the new price, the old attachments still must not go.
        self._sign(self.order)
        with self.mock_mail_gateway(), self.assertRefused("Write it again"):
            message.post_message()
        message.sudo().scheduled_date = fields.Datetime.add(fields.Datetime.now(), hours=2)
        with self.mock_mail_gateway():
            message.sudo().with_user(self.env.ref("base.user_root"))._post_message(raise_exception=False)
            self.assertNothingLeft()
        self.assertFalse(message.exists(), "the cron goes on to other messages")
        with self.assertRefused("keeps the terms"):
            self._schedule(self.order).write({"quote_digest": "mine"})

    def test_s08_template(self):
        self.check_path(lambda order: self.template.with_user(self.manager1).send_mail(order.id))

    def test_s08_duplicated_template(self):
        template = self.template.sudo().copy({"report_template_ids": False})
        self.check_path(lambda order: template.with_user(self.manager1).send_mail(order.id))

    def test_s09_with_source(self):
        self.check_path(
            lambda order: order.message_post_with_source(
                self.template, subtype_xmlid="mail.mt_comment", partner_ids=self.customer.ids
            )
        )

    def test_s09_mail_with_source(self):
        self.check_path(lambda order: order.message_mail_with_source(self.template))

    def test_s09_notify(self):
        self.check_path(lambda order: order.message_notify(partner_ids=self.customer.ids, body="100 each", subject="Q"))

    def test_s09_attachment_of_the_quotation_elsewhere(self):
        """The quotation's PDF on a message of the customer's own record."""
        attachment = self.env["ir.attachment"].create(
            {"name": "Q.pdf", "raw": b"%PDF", "res_model": "sale.order", "res_id": self.order.id}
        )

        def path(order):
            message = self.customer.with_user(self.manager1).message_post(
                body="Hello", partner_ids=self.customer.ids, message_type="comment", subtype_xmlid="mail.mt_comment"
            )
            self.env["mail.mail"].with_user(self.env.ref("base.user_admin")).create(
                {"mail_message_id": message.id, "attachment_ids": attachment.ids, "recipient_ids": self.customer.ids}
            )

        self.check_path(path)

    def test_s09_copy_to_an_address(self):
        """The customer in the copy line only, beside a colleague; made by a user, and by a program."""
        values = {
            "model": "sale.order",
            "res_id": self.order.id,
            "subject": "Offer",
            "body_html": "<p>100 each</p>",
            "email_to": self.director.email,
            "email_cc": "Boss <boss@customer.example>",
        }
        Mail = self.env["mail.mail"]
        with self.assertRefused(f"{UNSIGNED}.*boss@customer.example"):
            Mail.with_user(self.manager1).sudo().create(values)
        with self.mock_mail_gateway():
            mail = Mail.with_user(SUPERUSER_ID).create(values)
            mail.send()
            self.assertFalse(mail.exists().email_cc)
            self.assertEqual(len(self._mails), 1, "the colleague gets it")
            self.assertNotIn("boss@customer.example", str(self._mails))
        self._sign(self.order)
        with self.mock_mail_gateway():
            Mail.with_user(self.manager1).sudo().create(values).send()
            self.assertIn("boss@customer.example", str(self._mails))

    def test_s10_server_action(self):
        action = self.env["ir.actions.server"].create(
            {
                "name": "Mail it",
                "model_id": self.env["ir.model"]._get_id("sale.order"),
                "state": "mail_post",
                "template_id": self.template.id,
                "mail_post_method": "email",
            }
        )
        self.check_path(lambda order: action.with_context(active_model="sale.order", active_id=order.id).run())

    def test_s10_server_action_code(self):
        action = self.env["ir.actions.server"].create(
            {
                "name": "Mark it",
                "model_id": self.env["ir.model"]._get_id("sale.order"),
                "state": "code",
                "code": "records.write({'state': 'sent'})",
            }
        )
        with self.assertRefused(UNSIGNED):
            action.with_context(active_model="sale.order", active_ids=self.order.ids).run()

    def test_s13_share_wizard(self):
        def path(order):
            self.env["portal.share"].with_user(self.manager1).with_context(
                active_model="sale.order", active_id=order.id
            ).create({"partner_ids": [Command.set(self.customer.ids)]}).action_send_mail()

        self.check_path(path)

    def test_s22_write_and_load(self):
        with self.assertRefused(UNSIGNED):
            self.order.write({"state": "sent"})
        result = self.env["sale.order"].with_user(self.manager1).load([".id", "state"], [[str(self.order.id), "sent"]])
        self.assertFalse(result["ids"])
        self.assertIn(UNSIGNED, result["messages"][0]["message"])
        self.assertEqual(self.order.state, "draft")
        result = (
            self.env["sale.order"]
            .with_user(self.manager1)
            .load(["partner_id/.id", "state"], [[str(self.customer.id), "Quotation Sent"]])
        )
        self.assertFalse(result["ids"])

    def test_s23_cron_of_pending_mails(self):
        signed = self._sign(self._create_quotation())
        (self.order | signed).sudo().pending_email_template_id = self.template
        with self.mock_mail_gateway():
            with patch("odoo.addons.base.models.ir_cron.IrCron._commit_progress", return_value=1000):
                self.env["sale.order"]._cron_send_pending_emails()
            sent_for = self._left().mapped("res_id")
        self.assertIn(signed.id, sent_for, "one unsigned order does not stop the others")
        self.assertNotIn(self.order.id, sent_for)
        self.assertIn(UNSIGNED, self.order.activity_ids.filtered(lambda a: a.user_id == self.manager1)[0].note)

    def test_incoming_mail_is_not_lost(self):
        self.order.sudo().message_subscribe((self.customer | self.gm.partner_id).ids)
        other = self.env["res.partner"].create({"name": "Colleague", "email": "colleague@customer.example"})
        with self.mock_mail_gateway():
            message = self.order.with_user(self.env.ref("base.user_root")).message_post(
                body="When do we get the price?",
                author_id=other.id,
                message_type="email",
                subtype_xmlid="mail.mt_comment",
            )
            self.assertNothingLeft()
            self.assertIn(
                self.gm.partner_id, self._new_mails.exists().filtered(lambda mail: mail.state != "cancel").recipient_ids
            )
        self.assertIn(message, self.order.message_ids)

    def test_pretended_incoming_mail_is_refused(self):
        """Any client can set the type of a message, but not be the system's own user."""
        post = {"body": "100 each", "partner_ids": self.customer.ids, "subtype_xmlid": "mail.mt_comment"}
        for context in ({}, {"cron_id": 1}):
            for kind in ("email", "auto_comment", "comment"):
                with self.subTest(context=context, kind=kind), self.mock_mail_gateway(), self.assertRefused(UNSIGNED):
                    self.order.with_context(**context).message_post(message_type=kind, **post)

    def test_mail_that_waited_shows_other_terms(self):
        """Made unsigned by the system, it may leave once its very terms are signed, and no others."""
        root = self.env.ref("base.user_root")
        template = self.template.sudo().copy({"report_template_ids": False, "auto_delete": False}).with_user(root)
        for price, leaves in ((100, True), (150, False)):
            order = self._create_quotation()
            with self.subTest(price=price), self.mock_mail_gateway():
                mail = self.env["mail.mail"].sudo().browse(template.send_mail(order.id))
                mail.send()
                self.assertEqual(mail.state, "cancel", "unsigned")
                mail.state = "outgoing"
                order.order_line.price_unit = price
                self._sign(order)
                mail.send()
                self.assertEqual(mail.state == "sent", leaves)

    def test_text_message_and_letter(self):
        if "sms.composer" not in self.env:
            self.skipTest("sms is not installed")
        self.customer.phone = "+32470000000"
        order = self.order
        modes = (
            {"composition_mode": "comment", "res_id": order.id},
            {"composition_mode": "mass", "res_ids": str(order.ids)},
        )
        composer = self.env["sms.composer"].with_user(self.manager1)
        for mode in modes:
            with self.subTest(mode=mode), self.assertRefused(UNSIGNED):
                composer.create({"res_model": "sale.order", "body": "200.00", **mode}).action_send_sms()
        with self.assertRefused(UNSIGNED):
            order._message_sms("200.00", sms_numbers=["+32470000000"])
        with self.assertRefused(UNSIGNED):
            self.env["snailmail.letter"].with_user(self.manager1).create(
                {
                    "model": "sale.order",
                    "res_id": order.id,
                    "partner_id": self.customer.id,
                    "company_id": self.company.id,
                }
            )
        self._sign(order)
        order._message_sms("200.00", sms_numbers=["+32470000000"])
        self.assertEqual(order.message_ids[0].message_type, "sms")

    def test_colleagues_may_be_told(self):
        with self.mock_mail_gateway():
            self.order.message_post(
                body="Look", partner_ids=self.gm.partner_id.ids, message_type="comment", subtype_xmlid="mail.mt_comment"
            )
            self.assertIn(self.gm.partner_id, self._new_mails.recipient_ids)

    def test_other_documents_are_untouched(self):
        with self.mock_mail_gateway():
            self.customer.with_user(self.manager1).message_post(
                body="Hello", partner_ids=self.customer.ids, message_type="comment", subtype_xmlid="mail.mt_comment"
            )
            self.assertLeft()


@tagged("post_install", "-at_install", "-standard", "sales_dept_wide")
class TestQuoteBypassMailWide(QuoteMailCommon):
    def test_s10_automation(self):
        if "base.automation" not in self.env:
            self.skipTest("S10: base_automation is not installed")
        self.env["base.automation"].create(
            {
                "name": "Send it on a reference",
                "model_id": self.env["ir.model"]._get_id("sale.order"),
                "trigger": "on_create_or_write",
                "trigger_field_ids": [
                    Command.set(self.env["ir.model.fields"]._get("sale.order", "client_order_ref").ids)
                ],
                "action_server_ids": [
                    Command.create(
                        {
                            "name": "Send",
                            "model_id": self.env["ir.model"]._get_id("sale.order"),
                            "state": "mail_post",
                            "template_id": self.template.id,
                            "mail_post_method": "email",
                        }
                    )
                ],
            }
        )
        self.check_path(lambda order: order.write({"client_order_ref": f"Reference {order.approval_state}"}))

    def test_s11_mass_mailing(self):
        if "mailing.mailing" not in self.env:
            self.skipTest("S11: mass_mailing_sale is not installed")
        mailing = self.env["mailing.mailing"].create(
            {
                "name": "All customers",
                "subject": "Your quotation",
                "mailing_model_id": self.env["ir.model"]._get_id("sale.order"),
                "mailing_domain": f"[('id', '=', {self.order.id})]",
                "body_html": "<p>Look</p>",
                "mailing_type": "mail",
            }
        )
        mailing = mailing.with_user(self.env.ref("base.user_admin"))
        self.check_path(lambda order: mailing.action_send_mail(res_ids=order.ids))

    def test_s21_cart_recovery_mail(self):
        if "website" not in self.env:
            self.skipTest("S21: website_sale is not installed")
        order = self.order.sudo()
        order.website_id = self.env["website"].search([], limit=1)
        with self.mock_mail_gateway():
            with self.assertRefused(UNSIGNED):
                order._cart_recovery_email_send()
            self.assertNothingLeft()
