from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.fields import Command, Datetime
from odoo.tests import Form, tagged

from .order_exception_common import OrderExceptionCommon


@tagged("post_install", "-at_install")
class TestOrderExceptionTold(OrderExceptionCommon):
    """What tells the customer, of which exceptions, and whether in advance."""

    def _assert_told(self, exception, text):
        self.assertTrue(exception.date_told)
        self.assertIn(text, exception.told_text)
        self.assertTrue(exception.told_message_id)

    # === IN ADVANCE === #

    def test_to_the_minute_in_the_customers_zone(self):
        """Promised for 14 March. The company is in Shanghai; wherever the server is, the customer's day counts."""
        cases = [
            # customer's zone, told (UTC), in advance
            ("America/Los_Angeles", datetime(2026, 3, 14, 6, 59), True),
            ("America/Los_Angeles", datetime(2026, 3, 14, 7, 0), False),
            ("Europe/Berlin", datetime(2026, 3, 13, 22, 59), True),
            ("Europe/Berlin", datetime(2026, 3, 13, 23, 0), False),
            ("Asia/Shanghai", datetime(2026, 3, 13, 15, 59), True),
            ("Asia/Shanghai", datetime(2026, 3, 13, 16, 0), False),
            ("Pacific/Kiritimati", datetime(2026, 3, 13, 9, 59), True),
            ("Pacific/Kiritimati", datetime(2026, 3, 13, 10, 0), False),
            # None of her own: the company's.
            (False, datetime(2026, 3, 13, 15, 59), True),
            (False, datetime(2026, 3, 13, 16, 0), False),
        ]
        for zone, told, expected in cases:
            with self.subTest(zone=zone, told=told):
                self.customer.tz = zone
                order = self._promised()
                # A little after midnight in Shanghai, on the evening before in UTC.
                order.sudo().commitment_date = datetime(2026, 3, 13, 17)
                exception = self._exception(order)
                self.assertEqual(str(exception.date_promised), "2026-03-14")
                self._opened(exception, days=365)
                with freeze_time(told):
                    self._write_to_customer(order)
                self.assertEqual(exception.date_told, told)
                self.assertIs(exception.is_in_advance, expected)
                self.assertEqual(exception.in_advance_share, 100 if expected else 0)

    def test_zone_of_the_contact_before_the_company(self):
        contact = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.customer.id, "tz": "America/New_York", "email": "b@customer.example"}
        )
        self.assertEqual(self._exception(self._promised(partner_id=contact.id)).customer_zone, "America/New_York")
        contact.tz = False
        self.assertEqual(self._exception(self._promised(partner_id=contact.id)).customer_zone, "Europe/Berlin")

    def test_share_is_of_those_with_a_verdict(self):
        def share(exceptions):
            ((figure,),) = self.Exceptions._read_group([("id", "in", exceptions.ids)], [], ["in_advance_share:avg"])
            return figure

        told, waiting, none = (
            self._exception(self._promised()),
            self._exception(self._promised()),
            self._exception(self._order(1)),
        )
        self._write_to_customer(told.order_id)
        self._write_to_customer(none.order_id)
        self.assertEqual(share(told | waiting | none), 100.0, "neither what may still be told, nor what has no promise")
        self.assertFalse(share(waiting | none))
        late = self._exception(self._promised(days=-2))
        self.assertEqual(share(told | late), 50.0, "the day has begun, and she was not told")
        late.cancel_reason = "Came in time"
        late.action_cancel()
        self.assertEqual(share(told | late), 100.0)

    # === WHAT TELLS HER === #

    def test_message(self):
        exception = self._exception()
        message = self._write_to_customer(exception.order_id, body="A week later, sorry")
        self._assert_told(exception, "A week later, sorry")
        self.assertEqual((exception.told_message_id, exception.told_by_id), (message, self.manager1))
        self.assertTrue(exception.is_in_advance)
        # It is not handled by it.
        self.assertEqual(exception.state, "open")
        exception.measure = "Overtime"
        self.assertEqual(exception.state, "told")
        told = exception.date_told
        # The text stays, and the first time counts.
        message.sudo().body = "Something else"
        self._write_to_customer(exception.order_id, body="And another thing")
        self.assertIn("A week later, sorry", exception.told_text)
        self.assertEqual(exception.date_told, told)

    def test_what_does_not_count(self):
        exception = self._exception()
        order = exception.order_id
        order.message_subscribe(self.customer.ids)
        # Internal notes, even where she is named in them; nobody of hers is reached.
        self._write_to_customer(order, subtype_xmlid="mail.mt_note")
        order.with_user(self.manager1)._message_log(body="Noted")
        # From the customer herself.
        order.sudo().message_post(
            body="Where is it?",
            author_id=self.portal_user.partner_id.id,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
        )
        order.sudo().message_post(
            body="Where is it?",
            author_id=self.portal_user.partner_id.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        # What the system says.
        self._write_to_customer(order, message_type="notification")
        order.message_unsubscribe(self.customer.ids)
        # To colleagues, and to another customer.
        other = self.env["res.partner"].create({"name": "Other", "email": "other@elsewhere.example"})
        for partners in (self.assistant.partner_id, other):
            self._write_to_customer(order, partner_ids=partners.ids)
        self._write_to_customer(order, partner_ids=[])
        # On another order.
        self._write_to_customer(self._promised(), body=f"About {exception.name}")
        self.assertFalse(exception.date_told)
        with self.assertRefused("nothing was written to the customer"):
            exception.action_told_by_last()
        # The counterfactual.
        self._write_to_customer(order)
        self.assertTrue(exception.date_told)

    def test_before_it_was_opened_does_not_count(self):
        order = self._promised()
        self._write_to_customer(order)
        self.env.flush_all()
        exception = self._exception(order)
        self.assertFalse(exception.date_told)
        exception._write_protected({"date_opened": self.env.cr.now() + timedelta(seconds=1)})
        with self.assertRefused("nothing was written to the customer"):
            exception.action_told_by_last()

    def test_a_follower_of_hers_is_reached(self):
        exception = self._exception()
        exception.order_id.message_subscribe(self.portal_user.partner_id.ids)
        self._write_to_customer(exception.order_id, partner_ids=[])
        self._assert_told(exception, "It will be late")

    def test_call(self):
        exception = self._exception()
        self._call(exception.order_id, feedback="")
        self.assertFalse(exception.date_told)
        exception.order_id.with_user(self.manager1).activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.manager1.id
        ).action_feedback(feedback="Done")
        self.assertFalse(exception.date_told)
        self._call(exception.order_id, feedback="She asks for half of it at once")
        self._assert_told(exception, "She asks for half of it at once")
        self.assertEqual(exception.told_by_id, self.manager1)

    def test_call_button(self):
        first = self._exception()
        second = self._exception(first.order_id, cause="short")
        action = first.action_log_call()
        call = (
            self.env["mail.activity"]
            .with_user(self.manager1)
            .with_context(**action["context"])
            .create({"res_id": first.order_id.id})
        )
        call.action_feedback(feedback="She knows")
        self._assert_told(first, "She knows")
        self.assertFalse(second.date_told)

    def test_several_open(self):
        """A message that names some tells of those; one that names none tells of the only one there is."""
        order = self._promised(lines=2)
        first = self._exception(order)
        second = self._exception(order, sale_line_id=order.order_line[1].id)
        self._write_to_customer(order)
        self.assertFalse(first.date_told or second.date_told)
        self._write_to_customer(order, subject=f"About {second.name}")
        self.assertFalse(first.date_told)
        self._assert_told(second, "It will be late")
        # It is about the one that she knows of already.
        self._write_to_customer(order, body=f"Again {second.name}")
        self.assertFalse(first.date_told)
        self._write_to_customer(order, body="And the gear too")
        self._assert_told(first, "And the gear too")

    def test_chosen_afterwards(self):
        order = self._promised(lines=2)
        first = self._exception(order)
        second = self._exception(order, sale_line_id=order.order_line[1].id)
        for exception in first | second:
            self._opened(exception, hours=1)
        message = self._write_to_customer(order, body="Both are late")
        order.with_user(self.manager1)._message_log(body="She was not amused")
        (first | second).action_told_by_last()
        for exception in first | second:
            self._assert_told(exception, "Both are late")
            self.assertEqual(exception.told_message_id, message)
        with self.assertRefused("was told already"):
            first.action_told_by_last()
        with self.assertRefused("is decided by"):
            first.with_user(self.assistant).action_not_told()
        first.measure = "Overtime"
        self.assertEqual(first.state, "told")
        first.action_not_told()
        self.assertFalse(first.date_told or first.told_text or first.is_in_advance or first.told_message_id)
        self.assertEqual(first.state, "handled")
        self.assertIn("Both are late", first.message_ids[0].body)
        self._call(order, feedback="She knows")
        first.action_not_told()
        first.action_told_by_last()
        self._assert_told(first, "She knows")

    def test_letter(self):
        """The button opens the letter in her language, with the new date once it is accepted."""
        self.env["res.lang"]._activate_lang("zh_CN")
        self.customer.lang = "zh_CN"
        template = self.env.ref("sales_dept_logistics.mail_template_order_exception")
        template.with_context(lang="zh_CN").subject = template.subject.replace("Your order", "您的订单")
        order = self._promised(10, lines=2)
        first = self._exception(order, date_new=self._day(20), measure="Internal: the mill broke")
        second = self._exception(order, sale_line_id=order.order_line[1].id)
        composer = self._composer(first)
        self.assertIn(first.name, composer.subject)
        self.assertNotIn(second.name, composer.subject)
        self.assertIn(self.shaft.name, composer.body)
        self.assertNotIn(self.gear.name, composer.body)
        self.assertNotIn("the mill broke", composer.body)
        self.assertIn("您的订单", composer.subject)
        new_date = self._date_text(self._day(20), "zh_CN")
        self.assertNotIn(new_date, composer.body)
        first.action_accept_date()
        composer = self._composer(first)
        self.assertIn(new_date, composer.body)
        composer.action_send_mail()
        self._assert_told(first, new_date)
        self.assertEqual(first.told_message_id.partner_ids, self.customer)
        self.assertFalse(second.date_told)

    def test_letter_about_several(self):
        order = self._promised(lines=2)
        first = self._exception(order)
        second = self._exception(order, sale_line_id=order.order_line[1].id)
        self._composer(first | second).action_send_mail()
        self.assertTrue(first.date_told and second.date_told)
        with self.assertRefused("one order"):
            (self._exception() | self._exception()).action_tell_customer()

    def _composer(self, exceptions):
        action = exceptions.with_user(self.manager1).action_tell_customer()
        form = Form(self.env["mail.compose.message"].with_user(self.manager1).with_context(**action["context"]))
        return form.save()

    def _date_text(self, day, lang):
        return self.env["ir.qweb.field.date"].with_context(lang=lang).value_to_html(day, {})

    def test_from_the_list(self):
        """A letter about several orders at once; of two to the same address Odoo sends one."""
        exceptions = self._exception() | self._exception()
        composer = (
            self.env["mail.compose.message"]
            .with_user(self.manager1)
            .create(
                {
                    "model": "sale.order",
                    "res_ids": str(exceptions.order_id.ids),
                    "composition_mode": "mass_mail",
                    "subject": "Late",
                    "body": "Everything is late",
                    "partner_ids": [Command.set(self.customer.ids)],
                }
            )
        )
        composer._action_send_mail()
        self._assert_told(exceptions[0], "Everything is late")
        self.assertFalse(exceptions[1].date_told)

    def test_scheduled(self):
        """What is written for later tells her when it goes."""
        exception = self._exception()
        later = Datetime.now().replace(microsecond=0) + timedelta(days=2)
        self._write_to_customer(exception.order_id, scheduled_date=later)
        self.assertFalse(exception.date_told)
        with freeze_time(later + timedelta(minutes=5)):
            self.env["mail.message.schedule"].search([]).force_send()
        self.assertEqual(exception.date_told, later + timedelta(minutes=5))

    def test_an_ended_one_is_not_told(self):
        exception = self._exception(cancel_reason="None")
        exception.action_cancel()
        self._write_to_customer(exception.order_id)
        self.assertFalse(exception.date_told)
        with self.assertRefused("has ended already"):
            exception.action_told_by_last()
