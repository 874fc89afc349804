from datetime import datetime, timedelta
from random import Random

from markupsafe import Markup
from psycopg2 import IntegrityError
from pytz import utc

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .customer_issue_common import FRIDAY_17, MONDAY_11, CustomerIssueCommon


@tagged("post_install", "-at_install")
class TestCustomerIssueClock(CustomerIssueCommon):
    """The clock of issues runs in working hours; expected moments were counted by hand."""

    def test_night_and_weekend_do_not_run(self):
        """B21: reported on Friday at 17:00, answered within 4 hours of 8 to 18: Monday at 11:00."""
        with freeze_time(FRIDAY_17):
            issue = self._issue()
        self.assertEqual(issue.response_deadline, MONDAY_11)
        # The second working day after Friday closes on Tuesday.
        self.assertEqual(issue.solution_deadline, datetime(2026, 5, 12, 18))

    def test_make_up_day_runs(self):
        """B21: a Saturday that is worked counts, until its own close."""
        day = {"name": "For May Day", "date": "2026-05-09", "company_id": self.company.id}
        workday = self.env["resource.calendar.workday"].create(day)
        with freeze_time(FRIDAY_17):
            self.assertEqual(self._issue().response_deadline, datetime(2026, 5, 9, 11))
            workday.hour_to = 10
            # An hour on Friday, two on Saturday, one on Monday.
            self.assertEqual(self._issue().response_deadline, datetime(2026, 5, 11, 9))

    def test_holiday_does_not_run(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Half a day off",
                "company_id": self.company.id,
                "calendar_id": self.company.resource_calendar_id.id,
                "date_from": datetime(2026, 5, 11, 9),
                "date_to": datetime(2026, 5, 11, 15),
            }
        )
        with freeze_time(FRIDAY_17):
            # An hour on Friday, one on Monday before the holiday and two after it.
            self.assertEqual(self._issue().response_deadline, datetime(2026, 5, 11, 17))

    def test_on_hold_pauses(self):
        """B21: while the customer is asked the clock stands, and what it stood moves both deadlines on."""
        with freeze_time(FRIDAY_17):
            issue = self._issue()
        with freeze_time("2026-05-08 17:30:00"):
            self._say(issue, "question", "Which shafts?")
        self.assertEqual(issue.state, "waiting")
        self.assertFalse(issue.answered_at, "A question is no answer")
        with freeze_time("2026-05-11 16:00:00"):
            issue.invalidate_recordset()
            self.assertEqual(issue.standing, "stopped", "Not late, though its deadline has passed")
            self.assertNotIn(issue, self.Issue.search([("is_late", "=", True)]))
            self._customer_writes(issue)
        self.assertEqual(issue.state, "in_progress")
        # Half an hour of Friday was left, and eight of Monday had gone: 8.5 hours.
        self.assertEqual(issue.pause_ids.hours, 8.5)
        self.assertEqual(issue.response_deadline, datetime(2026, 5, 12, 9, 30))
        self.assertEqual(issue.solution_deadline, datetime(2026, 5, 13, 16, 30))

    def test_what_was_late_stays_late(self):
        with freeze_time(FRIDAY_17):
            issue = self._issue()
        with freeze_time("2026-05-11 12:00:00"):
            self._say(issue, "question", "Which shafts?")
            self.assertIn(issue, self.Issue.search([("is_late", "=", True)]))
            self.assertTrue(issue.is_late)
        with freeze_time("2026-05-11 13:00:00"):
            issue.action_go_on()
        self.assertEqual(issue.response_deadline, MONDAY_11)
        self.assertEqual(issue.solution_deadline, datetime(2026, 5, 13, 9), "It was not due yet")

    def test_another_kind_has_other_limits(self):
        self._limit("quality", 2, "days", 5, "days")
        with freeze_time(FRIDAY_17):
            issue = self._issue()
            issue.kind = "quality"
            self.assertEqual(issue.response_deadline, datetime(2026, 5, 12, 18))
            self._say(issue)
            with self.assertRefused("was answered as what it is"):
                issue.kind = "logistics"

    def test_limits_of_the_company_come_first(self):
        self.env["customer.issue.limit"].search([("company_id", "=", self.company.id)]).unlink()
        self.env.ref("sales_dept_roles.customer_issue_limit_delivery").response_time = 1
        with freeze_time(FRIDAY_17):
            self.assertEqual(self._issue().response_deadline, datetime(2026, 5, 8, 18))
        self.env.ref("sales_dept_roles.customer_issue_limit_delivery").unlink()
        self.assertFalse(self._issue().response_deadline, "Without a limit there is no deadline")

    def test_a_changed_limit_leaves_what_is_there(self):
        with freeze_time(FRIDAY_17):
            issue = self._issue()
            self._limit("delivery", 1, "hours", 1, "days")
            self.assertEqual(issue.response_deadline, MONDAY_11)

    @mute_logger("odoo.sql_db")
    def test_bad_limits(self):
        with self.assertRefused("is no limit", ValidationError):
            self._limit("delivery", 1.5, "days", 1, "days")
        with self.assertRefused("is no limit", ValidationError):
            self._limit("delivery", 5000, "hours", 1, "days")
        with self.assertRaises(IntegrityError):
            self._limit("delivery", 0, "hours", 1, "days")

    def test_hours_as_counted_minute_by_minute(self):
        """Random schedules: what has elapsed is what is counted one quarter of an hour after the other."""
        random = Random(21)
        for turn in range(12):
            calendar = self._random_calendar(random, turn)
            start = datetime(2026, 3, 2) + timedelta(minutes=15 * random.randrange(4000))
            worked = self._worked_quarters(calendar, start)
            hours = random.randint(1, 120) / 4
            expected = worked[int(hours * 4) - 1] + timedelta(minutes=15)
            with self.subTest(turn=turn):
                after = calendar._working_hours_after([(start, hours)], self.company)[0]
                self.assertEqual(after, expected)
                self.assertEqual(calendar._working_hours_between([(start, expected)], self.company), [hours])

    def _random_calendar(self, random, turn):
        hours = [(8, 12), (13, 17)] if turn % 2 else [(random.randint(0, 9), random.choice([18, 22, 24]))]
        zone = random.choice(["UTC", "Asia/Shanghai", "Europe/Berlin"])
        calendar = self.env["resource.calendar"].create(
            {
                "name": f"Random {turn}",
                "tz": zone,
                "company_id": self.company.id,
                "attendance_ids": [
                    Command.create({"name": "x", "dayofweek": str(day), "hour_from": begin, "hour_to": end})
                    for day in sorted(random.sample(range(7), random.randint(1, 7)))
                    for begin, end in hours
                ],
            }
        )
        begin = datetime(2026, 3, 9) + timedelta(minutes=15 * random.randrange(2000))
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Off",
                "company_id": self.company.id,
                "calendar_id": calendar.id,
                "date_from": begin,
                "date_to": begin + timedelta(minutes=15 * random.randint(1, 400)),
            }
        )
        return calendar

    def _worked_quarters(self, calendar, start):
        """The beginnings of all worked quarters of an hour from `start` on, by Odoo's own intervals."""
        bounds = utc.localize(start), utc.localize(start + timedelta(days=300))
        quarters = []
        for begin, end, _attendance in calendar._work_intervals_batch(*bounds)[False]:
            moment, end = (edge.astimezone(utc).replace(tzinfo=None) for edge in (begin, end))
            end += timedelta(seconds=60 - end.second) if end.second else timedelta()
            while moment < end.replace(microsecond=0):
                quarters.append(moment)
                moment += timedelta(minutes=15)
        return quarters


@tagged("post_install", "-at_install")
class TestCustomerIssue(CustomerIssueCommon):
    # === WHAT THE SYSTEM KNOWS === #

    def test_from_an_order(self):
        order = self._create_quotation()
        issue = self.Issue.with_user(self.manager1).create({"title": "Wrong price", "sale_order_id": order.id})
        self.assertEqual(issue.partner_id, self.customer)
        self.assertEqual(issue.user_id, self.manager1)
        self.assertEqual(issue.company_id, order.company_id)
        self.assertRegex(issue.name, r"^CI/\d{4}/\d{4}$")
        self.assertEqual(issue.email_from, "buyer@customer.example")
        todo = issue.activity_ids
        self.assertEqual(todo.user_id, self.manager1)
        self.assertIn("Wrong price", todo.note)

    def test_from_a_shipment_and_a_lot(self):
        """The shipment says who the customer is, the lot which product it is about."""
        product = self.env["product.product"].create({"name": "Shaft", "is_storable": True, "tracking": "lot"})
        lot = self.env["stock.lot"].create({"name": "L-2605", "product_id": product.id})
        kind = self.env["stock.picking.type"].search(
            [("code", "=", "outgoing"), ("company_id", "=", self.company.id)], limit=1
        )
        shipment = self.env["stock.picking"].create({"picking_type_id": kind.id, "partner_id": self.customer.id})
        issue = self.Issue.with_user(self.director).create(
            {"title": "Scratched", "kind": "delivery", "picking_id": shipment.id, "lot_id": lot.id}
        )
        self.assertEqual((issue.partner_id, issue.product_id), (self.customer, product))
        self.assertEqual(shipment.customer_issue_count, 1)
        other = self.env["res.company"].create({"name": "Other"})
        with self.assertRaises(UserError):
            issue.sudo().lot_id = lot.copy({"name": "L-2606", "company_id": other.id})

    def test_documents_of_others(self):
        other = self.env["res.partner"].create({"name": "Another"})
        with self.assertRefused("is not of Another", ValidationError):
            self._issue(user=self.director, partner_id=other.id, sale_order_id=self._create_quotation().id)

    @mute_logger("odoo.sql_db")
    def test_somebody_asked(self):
        with self.assertRefused("Say who asked", ValidationError):
            self._issue(partner_id=False)
        self.assertTrue(self._issue(partner_id=False, email_from="who@nowhere.example"))
        with self.assertRefused("in a few words", ValidationError):
            self._issue(title="  ")

    def test_results_are_not_written(self):
        issue = self._issue()
        now = datetime(2026, 1, 1)
        for name, value in {
            "state": "solved",
            "answered_at": now,
            "response_deadline": now,
            "reported_at": now,
            "solution": "<p>x</p>",
            "reopen_count": 3,
            "name": "X",
        }.items():
            with self.subTest(name), self.assertRaises(AccessError):
                issue.write({name: value})
        with self.assertRaises(AccessError):
            self._issue(answered_at=now)
        with self.assertRefused("Issues are kept"):
            issue.sudo().unlink()
        for model in ("customer.issue.entry", "customer.issue.pause", "customer.issue.step"):
            with self.subTest(model), self.assertRaises(AccessError):
                self.env[model].with_user(self.gm).create({"issue_id": issue.id})

    # === ANSWERS === #

    def test_answer(self):
        """The first answer that leaves answers; it goes out in the customer's language, and its words stay."""
        self.env["res.lang"]._activate_lang("zh_CN")
        self.customer.lang = "zh_CN"
        with freeze_time(FRIDAY_17):
            issue = self._issue()
        with freeze_time("2026-05-11 10:59:00"), self.mock_mail():
            self._say(issue)
        self.assertEqual(issue.answered_at, datetime(2026, 5, 11, 10, 59))
        self.assertTrue(issue.is_answered_on_time)
        self.assertEqual(issue.state, "in_progress")
        entry = issue.entry_ids
        self.assertEqual((entry.kind, entry.by, entry.author_id), ("answer", "mail", self.manager1.partner_id))
        self.assertIn("They leave tomorrow.", entry.text)
        self.assertEqual(entry.message_id.notified_partner_ids, self.customer)
        self.assertEqual(entry._mail_language(), "zh_CN")
        with freeze_time("2026-05-12 10:00:00"):
            self._say(issue, text="They have left.")
        self.assertEqual(issue.answered_at, datetime(2026, 5, 11, 10, 59), "The first answer counts")
        self.assertEqual(len(issue.entry_ids), 2)

    def mock_mail(self):
        return mute_logger("odoo.addons.mail.models.mail_mail")

    def test_answered_late(self):
        with freeze_time(FRIDAY_17):
            issue = self._issue()
        with freeze_time("2026-05-11 11:00:01"):
            self._say(issue)
        self.assertFalse(issue.is_answered_on_time)
        self.assertIn(issue, self.Issue.search([("answered_at", "!=", False), ("is_answered_on_time", "=", False)]))

    def test_message_to_the_customer_is_an_answer(self):
        """Written in the chatter it counts as well; a note does not, nor what goes to a colleague."""
        issue = self._issue()
        post = issue.with_user(self.manager1).message_post
        post(body="Let us look", subtype_xmlid="mail.mt_note", message_type="comment")
        post(
            body="Look",
            subtype_xmlid="mail.mt_comment",
            message_type="comment",
            partner_ids=self.director.partner_id.ids,
        )
        self.assertFalse(issue.answered_at)
        message = post(
            body="Tomorrow", subtype_xmlid="mail.mt_comment", message_type="comment", partner_ids=self.customer.ids
        )
        self.assertTrue(issue.answered_at)
        self.assertEqual(issue.entry_ids.message_id, message)

    def test_on_the_phone(self):
        self.customer.email = False
        issue = self._issue()
        with self.assertRefused("has no mail address"):
            self._say(issue)
        self.assertFalse(issue.entry_ids, "Nothing is left behind of what did not leave")
        self._say(issue, by="call")
        self.assertTrue(issue.answered_at)
        self.assertFalse(issue.entry_ids.message_id)

    def test_unknown_sender_is_answered_where_they_wrote(self):
        issue = self._issue(partner_id=False, email_from="Who <who@nowhere.example>")
        self._say(issue)
        self.assertEqual(issue.entry_ids.message_id.outgoing_email_to, "Who <who@nowhere.example>")
        mail = self.env["mail.mail"].search([("mail_message_id", "=", issue.entry_ids.message_id.id)])
        self.assertIn("who@nowhere.example", mail.mapped("email_to")[0])
        self.assertTrue(issue.answered_at)

    def test_the_button_pressed_twice(self):
        """It is said once, and asked once."""
        issue = self._issue()
        reply = (
            self.env["customer.issue.reply"]
            .with_user(self.manager1)
            .create({"issue_id": issue.id, "text": Markup("<p>They leave tomorrow.</p>")})
        )
        for _turn in range(2):
            reply.action_send()
        self.assertEqual(len(issue.entry_ids), 1)
        question = self._ask(issue)
        ask = self.env["customer.issue.ask"].search([("issue_id", "=", issue.id)])
        ask.with_user(self.manager1).action_ask()
        self.assertEqual(issue.question_ids, question)

    def test_empty_words(self):
        with self.assertRefused("Write what is said"):
            self._say(self._issue(), text=" ")

    def test_two_answer_at_once(self):
        """The second answer is one more, and changes nothing of the first; solved twice is refused."""
        issue = self._issue()
        self._say(issue)
        first = issue.answered_at
        self._say(issue, user=self.assistant)
        self.assertEqual(issue.answered_at, first)
        self._say(issue, "solution")
        with self.assertRefused("is solved already"):
            self._say(issue, "solution", user=self.assistant)

    # === THE BOARD === #

    def test_columns_of_what_has_ended_are_folded(self):
        closed, solved = self._issue(), self._issue()
        for issue in (closed, solved):
            self._say(issue, "solution")
        closed.with_user(self.manager1).action_close()
        groups = self.Issue.with_context(read_group_expand=True).web_read_group(
            [("id", "in", (closed | solved).ids)],
            ["state"],
            ["__count"],
            auto_unfold=True,
            unfold_read_specification={},
        )["groups"]
        opened = {group["state"]: "__records" in group for group in groups}
        self.assertEqual(opened, {"new": True, "in_progress": True, "waiting": True, "solved": True, "closed": False})

    # === SOLVED, REOPENED, CLOSED === #

    def test_reopened_by_mail(self):
        with freeze_time(FRIDAY_17):
            issue = self._issue()
            self._say(issue, "solution", "They have left.")
        self.assertEqual(issue.state, "solved")
        self.assertIn("They have left.", issue.solution)
        self.assertEqual(issue.answered_at, FRIDAY_17, "A solution is an answer")
        with freeze_time("2026-05-13 09:00:00"):
            self._customer_writes(issue, "Nothing has come")
        self.assertEqual((issue.state, issue.reopen_count, issue.solved_at), ("in_progress", 1, False))
        self.assertEqual(issue.solution_deadline, datetime(2026, 5, 15, 18))
        reopening = issue.entry_ids.filtered(lambda entry: entry.kind == "reopened")
        self.assertIn("Nothing has come", reopening.text)
        self.assertEqual(reopening.solved_at, FRIDAY_17)
        self.assertEqual(reopening.solution_deadline, datetime(2026, 5, 12, 18))
        self.assertEqual(issue.answered_at, FRIDAY_17)

    def test_an_answering_machine_reopens_nothing(self):
        issue = self._issue()
        self._say(issue, "solution")
        issue.sudo().message_post(
            body="I am on leave",
            author_id=self.customer.id,
            message_type="auto_comment",
            subtype_xmlid="mail.mt_comment",
        )
        # Nor somebody else's word.
        issue.sudo().message_post(
            body="On its way",
            author_id=self.env["res.partner"].create({"name": "Carrier", "email": "c@carrier.example"}).id,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertEqual(issue.state, "solved")

    def test_closed(self):
        issue = self._issue()
        with self.assertRefused("not solved yet"):
            issue.action_close()
        self._say(issue, "solution")
        issue.action_close()
        self.assertEqual(issue.state, "closed")
        self.assertEqual(issue.entry_ids.sorted("id")[-1:].kind, "confirmed")
        with self.assertRefused("stays as it is"):
            issue.title = "Something else"
        self._customer_writes(issue, "Thank you")
        self.assertEqual(issue.state, "closed", "What is closed is opened again by a person")
        look = issue.sudo().activity_ids
        self.assertEqual(look.activity_type_id, self.env.ref("sales_dept_roles.mail_activity_customer_issue_look"))
        issue.action_reopen()
        self.assertEqual((issue.state, issue.reopen_count), ("in_progress", 1))

    def test_closed_when_nobody_says_anything(self):
        self.company.sales_dept_issue_close_days = 2
        with freeze_time(FRIDAY_17):
            issue, other = self._issue(), self._issue()
            self._say(issue, "solution")
        with freeze_time("2026-05-12 17:59:00"):
            self.Issue._cron_close()
            self.assertEqual(issue.state, "solved")
        with freeze_time("2026-05-12 18:01:00"):
            self.Issue._cron_close()
        self.assertEqual((issue.state, other.state), ("closed", "new"))
        self.company.sales_dept_issue_close_days = 0
        with freeze_time(FRIDAY_17):
            self._say(other, "solution")
        self.Issue._cron_close()
        self.assertEqual(other.state, "solved", "0 days is never")

    def test_cancelled(self):
        issue = self._issue()
        with self.assertRefused("say first why"):
            issue.action_cancel()
        issue.cancel_reason = "Entered twice"
        issue.action_cancel()
        self.assertEqual(issue.state, "cancelled")
        self.assertFalse(issue.sudo().activity_ids)
        with self.assertRefused("cancelled already"):
            self._say(issue)

    # === 8D === #

    def test_quality_is_solved_with_all_steps(self):
        issue = self._issue(kind="quality")
        steps = issue.step_ids
        self.assertEqual(steps.mapped("step"), ["containment", "cause", "correction", "prevention"])
        with self.assertRefused("Containment, Root Cause, Corrective Action, Prevention"):
            issue.action_solve()
        steps[:3].write({"text": "Found"})
        with self.assertRefused("missing there: Prevention"):
            self._say(issue, "solution")
        steps[3].text = "Checked from now on"
        self.assertEqual(steps.user_id, self.manager1)
        self.assertTrue(all(steps.mapped("date")))
        self._say(issue, "solution")
        self.assertEqual(issue.state, "solved")

    def test_steps_stay_once_the_customer_was_answered(self):
        issue = self._issue(kind="quality")
        issue.step_ids[0].text = "Sorted out"
        self._say(issue)
        with self.assertRefused("was given to the customer"):
            issue.step_ids[0].text = "Nothing"
        issue.step_ids[1:].write({"text": "Found"})
        self._say(issue, "solution")
        with self.assertRefused("was given to the customer"):
            issue.step_ids[3].text = "Nothing"
        # The customer is not content: a new round, and what was given stays.
        self._customer_writes(issue)
        self.assertEqual(issue.step_ids.mapped("round"), [1, 1, 1, 1, 2, 2, 2, 2])
        self.assertEqual(issue.step_ids[0].text, "Sorted out")
        with self.assertRefused("8D Report"):
            issue.action_solve()

    def test_steps_are_not_moved_nor_made(self):
        issue = self._issue(kind="quality")
        for vals in ({"given_at": datetime(2026, 1, 1)}, {"user_id": self.gm.id}, {"step": "cause"}, {"round": 3}):
            with self.subTest(vals), self.assertRaises(AccessError):
                issue.step_ids[0].write(vals)

    # === DEPARTMENTS === #

    def test_department_is_asked_and_answers(self):
        issue = self._issue(kind="quality")
        self.assertFalse(self.Issue.with_user(self.quality).search([("id", "=", issue.id)]), "Not asked yet")
        question = self._ask(issue)
        self.assertEqual(issue.state, "in_progress")
        self.assertEqual(issue.group_id, self.env.ref("sales_dept_roles.group_review_quality"))
        activity = question.sudo().activity_id
        self.assertEqual(activity.assignment_kind, "follow_up")
        self.assertEqual(activity.user_id, self.quality)
        theirs = question.with_user(self.quality)
        self.assertTrue(theirs.can_answer)
        self.assertEqual(self.Issue.with_user(self.quality).search([("id", "=", issue.id)]), issue)
        issue.with_user(self.quality).write({"step_ids": [Command.update(issue.step_ids[0].id, {"text": "Sorted"})]})
        with self.assertRaises(AccessError):
            issue.with_user(self.quality).title = "Nothing"
        with self.assertRefused("Write the answer first"):
            theirs.action_answer()
        theirs.answer = "Passed"
        theirs.action_answer()
        self.assertEqual((question.state, question.answered_by_id), ("answered", self.quality))
        self.assertFalse(activity.active)
        self.assertEqual(activity.feedback, "Passed")
        with self.assertRefused("stays as it is"):
            theirs.answer = "Failed"

    def test_what_was_asked_is_text(self):
        question = self._ask(self._issue(), question="Is it more than\n<10 µm>?")
        self.assertIn("more than<br>&lt;10 µm&gt;?", question.sudo().activity_id.note)

    def test_answered_from_the_activity(self):
        question = self._ask(self._issue())
        activity = question.sudo().activity_id.with_user(self.quality)
        with self.assertRefused("say your answer"):
            activity.action_feedback()
        activity.action_feedback(feedback="Passed")
        self.assertEqual((question.state, question.answer), ("answered", "Passed"))

    def test_a_colleague_answers_and_others_do_not(self):
        question = self._ask(self._issue())
        colleague = self._create_role_user("quality2_test", "group_review_quality")
        with self.assertRaises(AccessError):
            question.with_user(self.engineering).answer = "Passed"
        with self.assertRefused("This is answered by", AccessError):
            question.with_user(self.manager1).answer = "Passed"
        question.with_user(colleague).answer = "Passed"
        question.with_user(colleague).action_answer()
        self.assertEqual(question.answered_by_id, colleague)
        self.assertFalse(question.sudo().activity_id.active)

    def test_a_question_is_taken_back(self):
        question = self._ask(self._issue())
        with self.assertRaises(AccessError):
            question.with_user(self.quality).action_cancel()
        question.with_user(self.manager1).action_cancel()
        self.assertEqual(question.state, "cancelled")
        self.assertTrue(question.sudo().activity_id.assignment_cancelled_by_id)
        second = self._ask(question.issue_id)
        second.sudo().activity_id.with_user(self.manager1).action_assignment_cancel("Found out")
        self.assertEqual(second.state, "cancelled")

    def test_asked_are_those_with_the_role(self):
        issue = self._issue()
        with self.assertRefused("Nobody in"):
            self._ask(issue, user=self.engineering)
        with self.assertRefused("Say which department"):
            self._ask(issue, question=" ")

    # === WHO SEES WHAT === #

    def test_own_customers(self):
        issue = self._issue()
        search = [("id", "=", issue.id)]
        for user in (self.manager1, self.director, self.gm, self.assistant):
            self.assertTrue(self.Issue.with_user(user).search(search), user.login)
        for user in (self.manager2, self.finance, self.engineering, self.quality):
            self.assertFalse(self.Issue.with_user(user).search(search), user.login)
        with self.assertRaises(AccessError):
            self._say(issue, user=self.manager2)
        with self.assertRaises(AccessError):
            self._issue(user=self.quality)

    def test_customer_sees_its_own(self):
        issue = self._issue(channel="portal")
        found_by_us = self._issue(channel="exception")
        other = self._issue(partner_id=self.env["res.partner"].create({"name": "Another"}).id, user=self.director)
        theirs = self.Issue.with_user(self.portal_user).search([])
        self.assertEqual(theirs & (issue | found_by_us | other), issue)
        self._say(found_by_us)
        self.assertIn(found_by_us, self.Issue.with_user(self.portal_user).search([]))
        with self.assertRaises(AccessError):
            issue.with_user(self.portal_user).read(["cancel_reason"])
        with self.assertRaises(AccessError):
            issue.with_user(self.portal_user).title = "x"

    # === TIME RUNS OUT === #

    def test_escalated_once_for_each_level(self):
        with freeze_time("2026-05-08 09:00:00"):
            self._limit("delivery", 8, "hours", 2, "days")
            issue = self._issue()
        soon = self.env.ref("sales_dept_roles.mail_activity_customer_issue_soon")
        escalated = self.env.ref("sales_dept_roles.mail_activity_customer_issue_escalated")

        def asked(kind):
            return issue.sudo().activity_ids.filtered(lambda activity: activity.activity_type_id == kind).user_id

        with freeze_time("2026-05-08 12:00:00"):
            self.Issue._cron_escalate()
            self.assertFalse(asked(soon))
        with freeze_time("2026-05-08 14:00:00"):
            self.Issue._cron_escalate()
            self.assertEqual(asked(soon), self.manager1)
            self.assertFalse(asked(escalated))
        with freeze_time("2026-05-08 17:30:00"):
            self.Issue._cron_escalate()
            superiors = asked(escalated)
            self.assertIn(self.director, superiors)
            self.assertTrue(issue.is_escalated)
            issue.sudo().activity_ids.filtered(lambda activity: activity.activity_type_id == escalated).action_feedback(
                feedback="Seen"
            )
            self.Issue._cron_escalate()
            self.assertFalse(asked(escalated), "Once")
            self._say(issue)
        with freeze_time("2026-05-12 19:00:00"):
            self.Issue._cron_escalate()
            self.assertIn(self.director, asked(escalated), "The solution has a deadline of its own")

    def test_waiting_is_not_escalated(self):
        with freeze_time(FRIDAY_17):
            issue = self._issue()
            self._say(issue, "question", "Which?")
        with freeze_time("2026-05-13 17:00:00"):
            self.Issue._cron_escalate()
        self.assertFalse(issue.response_escalation)

    # === MAIL === #

    def test_mail_to_the_address(self):
        self.company._set_issue_alias("service-test")
        for sender, partner in (
            ("buyer@customer.example", self.customer),
            ("unknown@nowhere.example", self.env["res.partner"]),
        ):
            with self.subTest(sender):
                issue_id = self._receive(sender)
                issue = self.Issue.browse(issue_id)
                self.assertEqual((issue.partner_id, issue.channel, issue.title), (partner, "mail", "Shafts scratched"))
                self.assertEqual(issue.company_id, self.company)
                self.assertIn(sender, issue.email_from)
                self.assertIn("Ten of them", issue.description)
                self.assertEqual(issue.message_ids.attachment_ids.mapped("name"), ["photo.txt"])
                self.assertTrue(issue.response_deadline)
        self.company._set_issue_alias(False)
        self.assertFalse(self.company.sales_dept_issue_alias_id.alias_name)

    def test_forwarded_by_a_colleague(self):
        """Who forwards is not the customer: it waits until somebody says who is."""
        self.company._set_issue_alias("service-test")
        self.manager1.email = "manager1@our.example"
        issue = self.Issue.browse(self._receive("manager1@our.example"))
        self.assertFalse(issue.partner_id)
        self.assertIn("manager1@our.example", issue.email_from)
        issue.partner_id = self.customer
        self.assertEqual(issue.email_from, self.customer.email)

    def _receive(self, sender):
        domain = self.company.alias_domain_id or self.env["mail.alias.domain"].create({"name": "our.example"})
        self.company.alias_domain_id = domain
        self.company.sales_dept_issue_alias_id.alias_domain_id = domain
        mail = f"""From: {sender}
To: service-test@{domain.name}
Subject: Shafts scratched
Message-Id: <{sender}-1@x.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="x"

--x
Content-Type: text/plain

Ten of them
--x
Content-Type: text/plain; name="photo.txt"
Content-Disposition: attachment; filename="photo.txt"

picture
--x--
"""
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            return self.env["mail.thread"].message_process(False, mail)

    # === DOCUMENTS COME AND GO === #

    def test_merged_customers_keep_their_issues(self):
        twin = self.env["res.partner"].create({"name": "Twin", "is_company": True, "user_id": self.manager1.id})
        issue, other = self._issue(partner_id=twin.id), self._issue()
        self._say(issue, by="call")
        self.env["base.partner.merge.automatic.wizard"].create({})._merge((twin | self.customer).ids, self.customer)
        self.assertFalse(twin.exists())
        self.assertEqual((issue | other).partner_id, self.customer)
        self.assertEqual(len(issue.entry_ids), 1)
        self.customer.invalidate_recordset()
        self.assertEqual(self.customer.customer_issue_count, 2)

    def test_a_cancelled_or_deleted_order_keeps_its_issues(self):
        order = self._create_quotation()
        issue = self._issue(sale_order_id=order.id)
        self.assertEqual((order.customer_issue_count, order.open_customer_issue_count), (1, 1))
        order.sudo().action_cancel()
        self.assertEqual((issue.sale_order_id, issue.state), (order, "new"))
        order.sudo().unlink()
        self.assertFalse(issue.sale_order_id)
        self.assertEqual(issue.partner_id, self.customer)

    def test_counts_cost_the_same_for_many(self):
        partners = self.env["res.partner"].create([{"name": f"P{number}"} for number in range(8)])
        self.Issue.create([{"title": "x", "partner_id": partner.id} for partner in partners])
        self.env.flush_all()
        for some in (partners[:4], partners):
            self.env.invalidate_all()
            some.mapped("name")
            with self.assertQueryCount(4):
                self.assertEqual(some.mapped("customer_issue_count"), [1] * len(some))

    def test_register(self):
        issue = self._issue()
        register = self.Issue.with_user(self.manager1)
        content = register._register_records(issue.ids)._register_file()
        self.assertTrue(content.read().startswith(b"PK"))

    # === SERVICE RECORDS === #

    def _service(self, **vals):
        return (
            self.env["customer.issue.service"]
            .with_user(self.assistant)
            .create({"issue_id": self._issue(kind="after_sales").id, "date_from": FRIDAY_17, **vals})
        )

    def test_signed_service_record_stays(self):
        service = self._service(part_ids=[Command.create({"product_id": self.product.id, "quantity": 2})])
        self.assertRegex(service.name, r"^FS/")
        with self.assertRefused("write what was done"):
            service.action_sign()
        service.write({"work_done": "Bearing replaced", "date_until": FRIDAY_17 + timedelta(hours=1.5)})
        self.assertEqual(service.hours, 1.5)
        with self.assertRefused("writes their name and signs"):
            service.action_sign()
        service.write({"customer_name": "Li Lei", "signature": self._drawing()})
        service.action_sign()
        self.assertTrue(service.signed_at)
        for vals in ({"work_done": "Nothing"}, {"signature": False}, {"part_ids": [Command.clear()]}):
            with self.subTest(vals), self.assertRefused("was signed by Li Lei"):
                service.write(vals)
        with self.assertRefused("was signed by Li Lei"):
            service.part_ids.quantity = 3
        with self.assertRefused("was signed by Li Lei"):
            self.env["customer.issue.service.part"].with_user(self.assistant).create(
                {"service_id": service.id, "product_id": self.product.id}
            )
        with self.assertRefused("was signed by Li Lei"):
            service.unlink()
        with self.assertRaises(AccessError):
            service.signed_at = FRIDAY_17
        drawing = self.env["ir.attachment"].search(
            [("res_model", "=", service._name), ("res_field", "=", "signature"), ("res_id", "=", service.id)]
        )
        with self.assertRaises(AccessError):
            drawing.with_user(self.gm).write({"datas": self._drawing()})

    @mute_logger("odoo.sql_db")
    def test_bad_service_records(self):
        with self.assertRaises(IntegrityError):
            self._service(date_until=FRIDAY_17 - timedelta(hours=1))
        with self.assertRefused("cannot be meant", ValidationError):
            self._service(date_until=FRIDAY_17 + timedelta(days=90))
        with self.assertRefused("A drawn signature", ValidationError):
            self._service(signature="bm90aGluZw==")

    def test_papers(self):
        issue = self._issue(kind="quality", description="<p>Scratched</p>")
        issue.step_ids[0].text = "Sorted out"
        Report = self.env["ir.actions.report"].with_user(self.manager1)
        body = Report._render_qweb_html("sales_dept_roles.report_customer_issue", issue.ids)[0].decode()
        for text in (issue.name, "Sorted out", "Root Cause", "Scratched"):
            self.assertIn(text, body)
        service = self._service(work_done="Bearing replaced")
        body = Report._render_qweb_html("sales_dept_roles.report_customer_issue_service", service.ids)[0].decode()
        self.assertIn("Bearing replaced", body)


@tagged("post_install", "-at_install")
class TestCustomerIssueSettings(CustomerIssueCommon):
    def test_settings(self):
        settings = self.env["res.config.settings"].create({"sales_dept_issue_alias_name": "help-test"})
        settings.execute()
        self.assertEqual(self.company.sales_dept_issue_alias_id.alias_name, "help-test")
        self.assertEqual(self.env["res.config.settings"].create({}).sales_dept_issue_alias_name, "help-test")
