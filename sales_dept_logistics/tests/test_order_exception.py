from datetime import datetime, timedelta

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation
from pytz import timezone

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command, Datetime
from odoo.tests import BaseCase, Form, tagged
from odoo.tools import mute_logger

from ..models.order_exception.advance import day_begins, is_in_advance, named_in
from .order_exception_common import OrderExceptionCommon


@tagged("post_install", "-at_install")
class TestAdvance(BaseCase):
    """The arithmetic, without records."""

    def test_day_begins(self):
        cases = [
            # promised day, zone, when it begins in UTC
            ("2026-03-14", "UTC", "2026-03-14 00:00"),
            ("2026-03-14", "Asia/Shanghai", "2026-03-13 16:00"),
            ("2026-03-14", "America/Los_Angeles", "2026-03-14 07:00"),
            ("2026-03-14", "Asia/Kolkata", "2026-03-13 18:30"),
            ("2026-03-14", "Pacific/Kiritimati", "2026-03-13 10:00"),
            ("2026-07-14", "Europe/Berlin", "2026-07-13 22:00"),
            ("2026-12-14", "Europe/Berlin", "2026-12-13 23:00"),
            # The clock goes forward at midnight: the day begins at one.
            ("2026-04-24", "Africa/Cairo", "2026-04-23 22:00"),
        ]
        for day, zone, expected in cases:
            with self.subTest(day=day, zone=zone):
                self.assertEqual(
                    day_begins(datetime.fromisoformat(day).date(), timezone(zone)), datetime.fromisoformat(expected)
                )

    def test_is_in_advance(self):
        limit = datetime(2026, 3, 13, 16)
        self.assertTrue(is_in_advance(datetime(2026, 3, 13, 15, 59), limit))
        self.assertFalse(is_in_advance(limit, limit))
        self.assertFalse(is_in_advance(datetime(2026, 3, 13, 16, 1), limit))
        self.assertFalse(is_in_advance(datetime(2026, 3, 13), False))
        self.assertFalse(is_in_advance(False, limit))

    def test_named_in(self):
        numbers = ["EX/2026/0001", "EX/2026/0012", False]
        cases = [
            ("About EX/2026/0001.", ["EX/2026/0001"]),
            ("(ex/2026/0001, EX/2026/0012)", ["EX/2026/0001", "EX/2026/0012"]),
            ("EX/2026/00012 and EX/2026/0001/2 and XEX/2026/0001", []),
            ("", []),
            (False, []),
        ]
        for text, expected in cases:
            with self.subTest(text=text):
                self.assertEqual(named_in(text, numbers), expected)


@tagged("post_install", "-at_install")
class TestOrderException(OrderExceptionCommon):
    """Entered by hand, handled, its new date accepted, closed; once per line and cause."""

    def test_by_hand(self):
        order = self._promised(10)
        form = Form(self.Exceptions.with_user(self.manager1).with_context(default_order_id=order.id))
        form.sale_line_id = order.order_line
        form.cause = "damaged"
        self.assertEqual(form.kind, "quality")
        self.assertEqual(form.teller_id, self.manager1)
        form.description = "Rust"
        exception = form.save()
        self.assertRegex(exception.name, r"^EX/\d{4}/\d{4}$")
        self.assertEqual((exception.state, exception.origin), ("open", "manual"))
        self.assertEqual(exception.date_promised, self._day(10))
        self.assertEqual(
            (exception.partner_id, exception.user_id, exception.company_id, exception.product_id),
            (self.customer, self.manager1, self.company, self.shaft),
        )
        self.assertTrue(exception.date_handle_by < exception.date_tell_by < exception.date_in_advance_until)

    def test_kind_follows_cause(self):
        kinds = {"plan": "date", "picking": "date", "inspection": "quality", "short": "quantity", "other": "other"}
        order = self._promised()
        for cause, kind in kinds.items():
            self.assertEqual(self._exception(order, cause=cause).kind, kind)
        self.assertEqual(self._exception(order, cause="purchase", kind="other").kind, "other")

    def test_one_open_per_line_and_cause(self):
        order = self._promised(lines=2)
        first, second = order.order_line
        exception = self._exception(order, cause="picking")
        for state in ("open", "handled", "told"):
            exception._write_protected({"state": state})
            with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
                self._exception(order, cause="picking")
        self._exception(order, cause="purchase")
        self._exception(order, sale_line_id=second.id, cause="picking")
        self._exception(order, sale_line_id=False, cause="picking")
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self._exception(order, sale_line_id=False, cause="picking")
        exception.cancel_reason = "Entered twice"
        exception.action_cancel()
        self.assertTrue(self._exception(order, sale_line_id=first.id, cause="picking"))

    def test_only_confirmed_orders_and_their_lines(self):
        quotation = self._order(confirm=False)
        with self.assertRefused("is not confirmed", ValidationError):
            self._exception(quotation)
        with self.assertRefused("is no line of", ValidationError):
            self._exception(self._promised(), sale_line_id=self._promised().order_line.id)

    def test_handled_by_its_measure(self):
        exception = self._exception(user=self.assistant)
        with self.assertRefused("is not handled yet"):
            exception.action_close()
        exception.measure = "  "
        self.assertEqual(exception.state, "open")
        exception.measure = "Overtime on Saturday"
        self.assertEqual((exception.state, exception.handled_by_id), ("handled", self.assistant))
        self.assertTrue(exception.date_handled)
        with self.assertRefused("was not told yet"):
            exception.action_close()
        exception.measure = False
        self.assertEqual(exception.state, "open")
        self.assertFalse(exception.date_handled or exception.handled_by_id)
        self.assertEqual(self._exception(measure="Rework").state, "handled")

    def test_the_promise_is_frozen(self):
        order = self._promised(10)
        exception = self._exception(order)
        order.sudo().commitment_date = self.company._moment_of(self._day(30))
        self.assertEqual(exception.date_promised, self._day(10))
        of_line = self._exception(order, cause="short")
        self.assertEqual(of_line.date_promised, self._day(30))
        order.order_line.sudo()._write_protected({"promised_date": self._day(20)})
        self.assertEqual(self._exception(order, cause="damaged").date_promised, self._day(20))

    def test_no_promise_no_verdict(self):
        order = self._order(1)
        exception = self._exception(order)
        self.assertFalse(exception.date_promised or exception.date_in_advance_until)
        self._write_to_customer(order)
        self.assertTrue(exception.date_told)
        self.assertFalse(exception.is_in_advance)

    def test_deadlines_on_the_working_day_clock(self):
        friday = datetime(2026, 3, 6, 2)
        with freeze_time(friday):
            order = self._promised()
            order.sudo().commitment_date = datetime(2026, 3, 20, 4)
            exception = self._exception(order)
        zone = timezone("Asia/Shanghai")
        handle_by, tell_by = (zone.fromutc(moment) for moment in (exception.date_handle_by, exception.date_tell_by))
        self.assertEqual(handle_by.strftime("%a %m-%d"), "Mon 03-09")
        self.assertEqual(tell_by.strftime("%a %m-%d"), "Tue 03-10")
        with freeze_time(friday):
            order.sudo().commitment_date = datetime(2026, 3, 7, 4)
            soon = self._exception(order, cause="short")
        # Sooner than that the promised day begins in Berlin.
        self.assertEqual(soon.date_tell_by, datetime(2026, 3, 6, 23))
        self.assertEqual(soon.date_tell_by, soon.date_in_advance_until)

    # === NEW DATE === #

    def test_accept_new_date(self):
        order = self._promised(10, lines=2)
        first, second = order.order_line
        exception = self._exception(order, date_new=self._day(20))
        self.assertEqual(order.order_line.mapped("promised_date"), [False, False])
        exception.action_accept_date()
        self.assertEqual((first.promised_date, second.promised_date), (self._day(20), self._day(10)))
        self.assertEqual(self.company._local_day(order.commitment_date), self._day(20))
        self.assertEqual(
            [self.company._local_day(line.move_ids.date_deadline) for line in (first, second)],
            [self._day(20), self._day(10)],
        )
        self.assertEqual((exception.accepted_by_id, exception.date_promised), (self.manager1, self._day(10)))
        self.assertIn("is promised for", order.message_ids[0].body)
        exception.date_new = self._day(25)
        self.assertFalse(exception.date_accepted)
        self.assertEqual(first.promised_date, self._day(20))

    def test_accept_for_the_whole_order(self):
        order = self._promised(10, lines=2)
        exception = self._exception(order, sale_line_id=False, date_new=self._day(15))
        self._ship(order.picking_ids, {self.shaft: 10}, user=self.env.user)
        exception.action_accept_date()
        shaft, gear = order.order_line
        self.assertEqual((shaft.promised_date, gear.promised_date), (False, self._day(15)))

    def test_accept_refused(self):
        exception = self._exception()
        with self.assertRefused("has no new date"):
            exception.action_accept_date()
        exception.date_new = self._day(-1)
        with self.assertRefused("lies in the past"):
            exception.action_accept_date()
        exception.date_new = self._day(12)
        self._ship(exception.order_id.picking_ids, user=self.env.user)
        with self.assertRefused("nothing left to deliver"):
            exception.action_accept_date()

    def test_accepted_date_is_no_change_of_what_was_signed(self):
        self.company.sales_dept_quote_signoff = "all"
        order = self._create_quotation(
            user_id=self.manager1.id,
            commitment_date=self.company._moment_of(self._day(10)),
            order_line=[Command.create({"product_id": self.shaft.id, "product_uom_qty": 1, "price_unit": 10.0})],
        )
        self._sign(order)
        order.action_confirm()
        self._exception(order, date_new=self._day(20)).action_accept_date()
        self.assertEqual(order.approval_state, "approved")
        self.assertFalse(order.sudo()._quote_signoff_unreleased())
        # The counterfactual: written by hand, it is one.
        order.commitment_date = self.company._moment_of(self._day(21))
        self.assertEqual(order.approval_state, "stale")

    # === THE END === #

    def test_cancel_needs_a_reason(self):
        exception = self._exception()
        with self.assertRefused("say first why it is none"):
            exception.action_cancel()
        exception.cancel_reason = "Entered twice"
        exception.action_cancel()
        self.assertEqual(exception.state, "cancelled")
        for vals in ({"measure": "x"}, {"cancel_reason": "y"}, {"date_new": self._day(3)}):
            with self.assertRefused("stays as it is"):
                exception.write(vals)
        with self.assertRefused("has ended already"):
            exception.action_accept_date()

    def test_close_when_told(self):
        exception = self._exception(measure="Rework")
        self._write_to_customer(exception.order_id)
        self.assertEqual(exception.state, "told")
        exception.action_close()
        self.assertEqual(exception.state, "closed")
        self.assertFalse(exception.activity_ids)

    def test_a_cancelled_order_takes_them_along(self):
        exception = self._exception()
        done = self._exception(exception.order_id, cause="short", measure="Rework")
        done.sudo()._write_protected({"state": "closed"})
        exception.order_id.with_user(self.manager1)._action_cancel()
        self.assertEqual((exception.state, done.state), ("cancelled", "closed"))
        self.assertTrue(exception.cancel_reason)
        with self.assertRefused("kept as proof"):
            exception.order_id.sudo().unlink()
        exception.order_id.with_user(self.manager1).action_draft()
        with self.assertRefused("Set the quantity to 0"):
            exception.sale_line_id.with_user(self.manager1).unlink()

    def test_it_stays_with_its_order(self):
        exception = self._exception(self._promised(lines=2))
        exception.write({"order_id": exception.order_id.id})
        with self.assertRefused("stays with its order"):
            exception.order_id = self._promised()
        with self.assertRefused("stays with its order"):
            exception.sale_line_id = exception.order_id.order_line[1]

    # === RIGHTS === #

    def test_results_are_protected(self):
        exception = self._exception()
        results = {
            "name": "EX/1",
            "state": "told",
            "origin": "system",
            "user_id": self.manager2.id,
            "date_promised": "2031-01-01",
            "date_in_advance_until": "2031-01-01 00:00:00",
            "date_told": "2026-01-01 00:00:00",
            "told_text": "Yes",
            "is_in_advance": True,
            "in_advance_share": 100,
            "date_opened": "2026-01-01 00:00:00",
            "is_escalated": True,
            "date_accepted": "2026-01-01 00:00:00",
        }
        for user in (self.manager1, self.director, self.gm):
            for name, value in results.items():
                with self.subTest(user=user.login, field=name):
                    with self.assertRefused("cannot be set by hand", AccessError):
                        exception.with_user(user).write({name: value})
        with self.assertRefused("cannot be set by hand", AccessError):
            self._exception(cause="short", date_told="2026-01-01 00:00:00", told_text="Yes")
        by_default = self.Exceptions.with_user(self.manager1).with_context(
            default_date_told="2026-01-01 00:00:00", default_told_text="Yes", default_state="told"
        )
        made = by_default.create({"order_id": exception.order_id.id, "cause": "damaged"})
        self.assertEqual((made.date_told, made.state), (False, "open"))

    def test_departments_answer_and_do_not_decide(self):
        order = self._promised()
        exception = self._exception(order, user=self.production, cause="production", description="The mill broke")
        exception.write({"measure": "Repair", "date_new": self._day(12), "kind": "date"})
        self.assertEqual(exception.state, "handled")
        for refused in (exception.action_accept_date, exception.action_not_told):
            with self.assertRefused("is decided by", AccessError):
                refused()
        for refused in (exception.action_close, exception.action_tell_customer, exception.action_told_by_last):
            with self.assertRefused("by the sales department", AccessError):
                refused()
        for vals in ({"teller_id": self.production.id}, {"date_tell_by": Datetime.now()}, {"cancel_reason": "No"}):
            with self.assertRefused("by the sales department", AccessError):
                exception.write(vals)
        with self.assertRaises(AccessError):
            exception.with_user(self.engineering).measure = "Something else"
        exception.invalidate_recordset(["measure"])
        self.assertEqual(exception.with_user(self.engineering).measure, "Repair")

    def test_departments_name_the_order_by_its_number(self):
        order = self._promised()
        form = Form(self.Exceptions.with_user(self.quality))
        form.order_number = f" {order.name} "
        form.cause = "inspection"
        exception = form.save()
        self.assertEqual((exception.order_id, exception.sale_line_id), (order, order.order_line.browse()))
        self.assertEqual(exception.display_name, f"{exception.name} · {order.name}")
        self.assertEqual(exception.order_number, order.name)
        found = self.Exceptions.with_user(self.quality).search([("order_number", "ilike", order.name)])
        self.assertIn(exception, found)
        with self.assertRefused("no order with the number"):
            self.Exceptions.with_user(self.quality).create({"order_number": "S-nothing", "cause": "other"})
        other = self.env["res.company"].create({"name": "Another"})
        order.sudo().company_id.flush_recordset()
        stranger = self._create_role_user("stranger_test", "group_review_quality")
        stranger.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        with self.assertRefused("no order with the number"):
            self.Exceptions.with_user(stranger).create({"order_number": order.name, "cause": "short"})

    def test_own_customers(self):
        exception = self._exception()
        self.assertFalse(self.Exceptions.with_user(self.manager2).search([("id", "=", exception.id)]))
        with self.assertRaises(AccessError):
            exception.with_user(self.manager2).measure = "x"
        with self.assertRaises(AccessError):
            exception.with_user(self.outsider).read(["name"])
        exception.with_user(self.assistant).write({"measure": "x", "date_new": self._day(12)})
        with self.assertRefused("is decided by", AccessError):
            exception.with_user(self.assistant).action_accept_date()
        exception.with_user(self.director).action_accept_date()
        self.assertEqual(exception.accepted_by_id, self.director)
        with self.assertRaises(AccessError):
            exception.with_user(self.director).unlink()
        # Passed on with its order.
        exception.order_id.sudo().user_id = self.manager2
        exception.with_user(self.manager2).measure = "y"

    # === WHO IS ASKED === #

    def test_todos(self):
        exception = self._exception()
        self.assertEqual(self._todos(exception, "handle").user_id, self.manager1)
        self.assertEqual(
            self._todos(exception, "handle").date_deadline, self.company._local_day(exception.date_handle_by)
        )
        exception.measure = "Overtime"
        self.assertFalse(self._todos(exception, "handle"))
        self.assertEqual(self._todos(exception, "tell").user_id, self.manager1)
        exception.teller_id = self.assistant
        self.assertEqual(self._todos(exception, "tell").user_id, self.assistant)
        self._write_to_customer(exception.order_id)
        self.assertFalse(exception.activity_ids)

    def test_escalated_once(self):
        exception = self._exception()
        handled = self._exception(exception.order_id, cause="short", measure="Rework")
        self.Exceptions._cron_escalate()
        self.assertFalse(exception.is_escalated)
        with freeze_time(exception.date_handle_by + timedelta(seconds=1)):
            self.Exceptions._cron_escalate()
            self.assertTrue(exception.is_escalated)
            self.assertFalse(handled.is_escalated)
            todos = self._todos(exception, "escalated")
            self.assertIn(self.director, todos.user_id)
            self.assertNotIn(self.manager1, todos.user_id)
            self.Exceptions._cron_escalate()
        self.assertEqual(self._todos(exception, "escalated"), todos)
        exception.measure = "Overtime"
        self.assertFalse(exception.activity_ids - self._todos(exception, "tell"))

    def test_superiors(self):
        manager = self.env.ref("sales_dept_roles.role_manager")
        superiors = self.env["sales.dept.role"]._superiors
        directors = manager.parent_id.sudo().user_ids
        self.assertEqual(superiors(self.manager1, self.company), directors)
        self.assertIn(self.director, directors)
        # The director's own orders go to the general managers.
        self.assertIn(self.gm, superiors(self.director, self.company))
        self.assertNotIn(self.director, superiors(self.director, self.company))
        # Another post, as the company has it.
        manager.parent_id = self.env.ref("sales_dept_roles.role_assistant")
        self.assertIn(self.assistant, superiors(self.manager1, self.company))
        manager.parent_id = False
        self.assertIn(self.director, superiors(self.manager1, self.company))
        self.assertTrue(superiors(self.env["res.users"], self.company))

    def test_policy_off_asks_nobody(self):
        self.company.sales_dept_order_exceptions = False
        exception = self._exception()
        self.assertFalse(exception.activity_ids)
        with freeze_time(exception.date_handle_by + timedelta(days=1)):
            self.Exceptions._cron_escalate()
        self.assertFalse(exception.is_escalated)
        exception.measure = "Overtime"
        self._write_to_customer(exception.order_id)
        self.assertEqual(exception.state, "told")
        self.assertFalse(exception.activity_ids)

    def test_policy(self):
        self.assertFalse(self.env["res.company"].create({"name": "New"}).sales_dept_order_exceptions)
        self.assertTrue(self.company._sales_dept_handbook_values()["sales_dept_order_exceptions"])

    # === SCREENS === #

    def test_order_button_and_register(self):
        exception = self._exception()
        order = exception.order_id.with_user(self.manager1)
        self.assertEqual((order.order_exception_count, order.open_exception_count), (1, 1))
        exception.cancel_reason = "None"
        exception.action_cancel()
        self.assertEqual((order.order_exception_count, order.open_exception_count), (1, 0))
        action = order.action_view_order_exceptions()
        self.assertEqual(self.Exceptions.search(action["domain"]), exception)
        self.assertEqual(order.action_enter_order_exception()["context"], {"default_order_id": order.id})
        self.assertEqual(exception._register_records([]) & exception, exception)
        self.assertTrue(exception._register_file().read())

    def test_overdue_to_tell(self):
        exception = self._exception()
        overdue = [("is_tell_overdue", "=", True), ("id", "=", exception.id)]
        self.assertFalse(exception.is_tell_overdue or self.Exceptions.search(overdue))
        with freeze_time(exception.date_tell_by + timedelta(minutes=1)):
            exception.invalidate_recordset(["is_tell_overdue"])
            self.assertTrue(exception.is_tell_overdue)
            self.assertEqual(self.Exceptions.search(overdue), exception)
            self._write_to_customer(exception.order_id)
            self.assertFalse(exception.is_tell_overdue or self.Exceptions.search(overdue))
