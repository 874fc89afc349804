from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import SalesDeptCommon


class AssignmentCommon(SalesDeptCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.assignment_type = cls.env.ref("sales_dept_roles.mail_activity_assignment")
        cls.follow_up_type = cls.env.ref("sales_dept_roles.mail_activity_follow_up")
        cls.today = cls.company._local_today()
        cls.order = cls._create_quotation()

    @classmethod
    def _give(cls, giver, user, days=3, kind="assignment", **vals):
        """Give an assignment on a sheet with the dialog, as `giver`; return its activity."""
        wizard = (
            cls.env["sales.assignment.give"]
            .with_user(giver)
            .create(
                {
                    "kind": kind,
                    "name": "Call the customer",
                    "user_ids": [Command.set(user.ids)],
                    "date_deadline": cls.today + timedelta(days=days),
                    **vals,
                }
            )
        )
        return wizard._give()

    @classmethod
    def _row(cls, activity, user=None):
        rows = cls.env["sales.assignment.report"]
        rows.invalidate_model()
        return rows.with_user(user or cls.gm).browse(activity.id)

    @classmethod
    def _past(cls, activity, deadline, done=None):
        """Put `activity` as it would stand had it been given in time: due then, and done then."""
        activity = activity.sudo()
        activity.write({"date_deadline": deadline, "assignment_date": deadline - timedelta(days=3)})
        if done:
            activity.active = False
            activity.flush_recordset()
            activity.date_done = done
        return activity


@tagged("post_install", "-at_install")
class TestAssignment(AssignmentCommon):
    def test_who_leaves_leaves_assignments_open(self):
        overdue = self._past(self._give(self.director, self.manager1), self.today - timedelta(days=1))
        ordinary = self.order.activity_schedule("mail.mail_activity_data_todo", user_id=self.manager1.id)
        self.manager1.action_archive()
        self.assertFalse(ordinary.exists())
        self.assertEqual(self._row(overdue).status, "overdue")
        self.assertTrue(overdue.active)
        overdue.with_user(self.director)._assignment_change(self.today + timedelta(days=2), self.manager2)
        self.assertEqual(self._row(overdue).user_id, self.manager2)

    def test_not_deleted_with_an_event(self):
        activity = self._give(self.director, self.manager1)
        event = self.env["calendar.event"].with_user(self.manager1)
        event = event.create({"name": "Mine", "start": "2031-01-01 01:00:00", "stop": "2031-01-01 02:00:00"})
        for attempt in (
            lambda: activity.with_user(self.manager1).write({"calendar_event_id": event.id}),
            lambda: event.write({"activity_ids": [Command.link(activity.id)]}),
        ):
            with self.assertRefused("cannot be set by hand", AccessError):
                attempt()
        given = (
            self.env["mail.activity"]
            .with_user(self.director)
            .create(
                {
                    "activity_type_id": self.assignment_type.id,
                    "summary": "Call",
                    "user_id": self.manager1.id,
                    "res_model_id": self.env["ir.model"]._get_id("sale.order"),
                    "res_id": self.order.id,
                    "calendar_event_id": event.id,
                }
            )
        )
        event.unlink()
        self.assertTrue(given.exists())

    def test_opened_again_it_is_cancelled_no_more(self):
        activity = self._give(self.director, self.manager1)
        activity.with_user(self.manager1).action_assignment_cancel("No time")
        activity.with_user(self.director).action_unarchive()
        self.assertEqual(self._row(activity).status, "open")
        self.assertFalse(activity.assignment_cancel_reason)

    def test_given_and_done(self):
        activity = self._give(self.director, self.manager1)
        self.assertEqual(activity.assignment_giver_id, self.director)
        self.assertEqual(activity.assignment_company_id, self.company)
        self.assertEqual(activity.assignment_date, self.today)
        self.assertEqual(self._row(activity).status, "open")
        sheet = self.env["sales.assignment.sheet"].browse(activity.res_id)
        self.assertIn(self.manager1.partner_id, sheet.message_partner_ids)
        activity.with_user(self.manager1).action_feedback(feedback="They agreed to 12 May")
        self.assertFalse(activity.active)
        self.assertEqual(activity.date_done, self.today)
        row = self._row(activity)
        self.assertEqual((row.status, row.feedback), ("on_time", "They agreed to 12 May"))
        self.assertIn("They agreed to 12 May", " ".join(sheet.message_ids.mapped("body")))

    def test_on_a_document(self):
        """Odoo's own dialog gives one on any record."""
        activity = self.order.with_user(self.director).activity_schedule(
            "sales_dept_roles.mail_activity_assignment",
            summary="Check the price",
            user_id=self.manager1.id,
            date_deadline=self.today,
        )
        self.assertEqual(activity.assignment_giver_id, self.director)
        self.assertEqual(self._row(activity).res_name, self.order.display_name)
        activity.with_user(self.manager1).action_done()
        self.assertEqual(self._row(activity).status, "on_time")
        self.assertTrue(activity.exists())

    def test_several_people_get_one_each(self):
        activities = self._give(self.director, self.manager1 | self.manager2)
        self.assertEqual(activities.user_id, self.manager1 | self.manager2)
        self.assertEqual(len(set(activities.mapped("res_id"))), 1)

    def test_who_may_give(self):
        for giver in (self.director, self.gm):
            self.assertTrue(self._give(giver, self.manager1))
            self.assertTrue(self._give(giver, self.engineering, kind="follow_up"))
        for giver in (self.manager1, self.assistant):
            with self.assertRefused("Assignments are given by the sales director"):
                self._give(giver, self.manager2)
            self.assertTrue(self._give(giver, self.engineering, kind="follow_up"))
        for giver in (self.finance, self.engineering, self.outsider):
            activity = self.env["mail.activity"].with_user(giver)
            for activity_type in (self.assignment_type, self.follow_up_type):
                with self.assertRefused("are given by", ValidationError):
                    activity.create({"activity_type_id": activity_type.id, "summary": "Do it", "user_id": giver.id})
            with self.assertRaises(AccessError):
                self._give(giver, self.manager1, kind="follow_up")

    def test_who_may_give_counterfactual(self):
        """Without the check the database would take it."""
        self.patch(self.registry["mail.activity"], "_assignment_may_give", lambda self, kind: True)
        activity = (
            self.env["mail.activity"]
            .with_user(self.manager1)
            .create({"activity_type_id": self.assignment_type.id, "summary": "Do it", "user_id": self.manager1.id})
        )
        self.assertTrue(activity)

    def test_bad_input(self):
        with self.assertRefused("which has passed", ValidationError):
            self._give(self.director, self.manager1, days=-1)
        with self.assertRefused("choose a colleague", ValidationError):
            self._give(self.director, self.portal_user)
        with self.assertRefused("in a few words", ValidationError):
            self._give(self.director, self.manager1, name="  ")
        with self.assertRefused("Say who does", UserError):
            self._give_dialog(user_ids=False)
        with self.assertRefused("Say until when", UserError):
            self._give_dialog(date_deadline=False)
        with self.assertRefused("as done already", ValidationError):
            self.env["mail.activity"].with_user(self.director).create(
                {
                    "activity_type_id": self.assignment_type.id,
                    "summary": "Do it",
                    "user_id": self.manager1.id,
                    "active": False,
                    "res_model_id": self.env["ir.model"]._get_id("sale.order"),
                    "res_id": self.order.id,
                }
            )

    def test_due_today(self):
        """Today in the company's zone is no day that has passed, on whichever side of it the server is."""
        for zone, moment in (("Asia/Shanghai", "2026-11-25 16:30:00"), ("America/Phoenix", "2026-11-27 06:30:00")):
            self.company.resource_calendar_id.tz = zone
            with self.subTest(zone=zone), freeze_time(moment):
                activity = self._give(self.director, self.manager1, date_deadline="2026-11-26")
                self.assertEqual(self._row(activity).status, "open")
                with self.assertRefused("which has passed", ValidationError):
                    self._give(self.director, self.manager1, date_deadline="2026-11-25")
                form = Form(self.env["sales.assignment.give"].with_user(self.director))
                form.working_days = 0
                self.assertEqual(form.date_deadline, fields.Date.to_date("2026-11-26"), "a Thursday, worked")

    def _give_dialog(self, **vals):
        wizard = (
            self.env["sales.assignment.give"]
            .with_user(self.director)
            .create({"name": "Do it", "user_ids": [Command.set(self.manager1.ids)], **vals})
        )
        return wizard.action_give()

    def test_other_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self._create_role_user("stranger_test", "group_account_manager")
        stranger.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        with self.assertRefused("choose a colleague who works in", ValidationError):
            self._give(self.director, stranger)
        activity = self._give(self.director, self.manager1)
        director2 = self._create_role_user("director2_test", "group_director")
        director2.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        rows = self.env["sales.assignment.report"].with_user(director2).with_company(other)
        self.assertNotIn(activity.id, rows.search([]).ids)
        with self.assertRaises(AccessError):
            activity.with_user(director2).with_company(other).action_assignment_cancel("No")

    # === TERMS === #

    def test_person_cannot_change_the_terms(self):
        activity = self._give(self.director, self.manager1)
        mine = activity.with_user(self.manager1)
        for vals in (
            {"date_deadline": self.today + timedelta(days=30)},
            {"user_id": self.manager2.id},
            {"summary": "Something easier"},
            {"note": "Or not"},
            {"meeting_id": False},
        ):
            with self.assertRefused(
                "only director_test or the sales director may change|only .* may change", AccessError
            ):
                mine.write(vals)
        with self.assertRefused("may change", AccessError):
            mine.action_reschedule_nextweek()
        with self.assertRefused("stays what it is", AccessError):
            mine.activity_type_id = self.env.ref("mail.mail_activity_data_todo")
        for vals in (
            {"date_done": self.today},
            {"assignment_giver_id": self.manager1.id},
            {"assignment_date": self.today},
            {"assignment_cancelled_by_id": self.gm.id},
        ):
            for user in (self.manager1, self.director):
                with self.assertRefused("cannot be set by hand", AccessError):
                    activity.with_user(user).write(vals)
        mine.write({"create_uid": self.manager1.id})
        self.assertEqual(activity.create_uid, self.director)

    def test_terms_counterfactual(self):
        self.patch(self.registry["mail.activity"], "_assignment_write_error_message", lambda self, vals: False)
        activity = self._give(self.director, self.manager1)
        activity.with_user(self.manager1).date_deadline = self.today + timedelta(days=30)
        self.assertEqual(activity.date_deadline, self.today + timedelta(days=30))

    def test_through_the_document(self):
        """The fields of the document that stand for its activity are no way around."""
        activity = self.order.with_user(self.director).activity_schedule(
            "sales_dept_roles.mail_activity_assignment", summary="Check", user_id=self.manager1.id
        )
        order = self.order.with_user(self.manager1)
        todo = self.env.ref("mail.mail_activity_data_todo")
        with self.assertRaises(AccessError):
            order.write({"activity_type_id": todo.id})
        with self.assertRaises(AccessError):
            order.write({"activity_summary": "Easier"})
        with self.assertRaises(AccessError):
            order.activity_reschedule(
                ["sales_dept_roles.mail_activity_assignment"],
                date_deadline=self.today + timedelta(days=9),
                only_automated=False,
            )
        with self.assertRaises(AccessError):
            order.activity_unlink(["sales_dept_roles.mail_activity_assignment"], only_automated=False)
        self.assertEqual(activity.activity_type_id, self.assignment_type)

    def test_giver_and_head_may_change(self):
        activity = self._give(self.assistant, self.engineering, kind="follow_up")
        later = self.today + timedelta(days=9)
        activity.with_user(self.assistant).date_deadline = later
        self.assertEqual(activity.date_deadline, later)
        sheet = self.env["sales.assignment.sheet"].browse(activity.res_id)
        self.assertIn("deadline moved", " ".join(sheet.message_ids.mapped("body")))
        activity.with_user(self.director).user_id = self.finance
        self.assertEqual(activity.user_id, self.finance)
        with self.assertRefused("which has passed", ValidationError):
            activity.with_user(self.director).date_deadline = self.today - timedelta(days=1)

    def test_somebody_else_neither_does_nor_changes(self):
        activity = self.order.with_user(self.director).activity_schedule(
            "sales_dept_roles.mail_activity_assignment", summary="Check", user_id=self.manager1.id
        )
        with self.assertRefused("who reports on it", AccessError):
            activity.with_user(self.assistant).action_done()
        with self.assertRaises(AccessError):
            activity.with_user(self.assistant).action_assignment_cancel("Not needed")
        self.assertTrue(activity.active)

    def test_done_is_not_undone_by_the_person(self):
        activity = self._give(self.director, self.manager1)
        activity.with_user(self.manager1).action_done()
        with self.assertRefused("may change", AccessError):
            activity.with_user(self.manager1).action_unarchive()
        activity.with_user(self.director).action_unarchive()
        self.assertFalse(activity.date_done)
        self.assertEqual(self._row(activity).status, "open")

    def test_no_deleting(self):
        activity = self._give(self.director, self.manager1)
        for method in ("unlink", "action_cancel"):
            with self.assertRefused("cannot be deleted: mark it as done", AccessError):
                getattr(activity.with_user(self.manager1), method)()
        done = self._give(self.director, self.manager1)
        done.with_user(self.manager1).action_done()
        with self.assertRefused("stays in the record", AccessError):
            done.with_user(self.director).unlink()
        activity.with_user(self.director).unlink()
        self.assertFalse(activity.exists())
        self.assertTrue(done.exists())

    def test_giver_who_lost_the_document(self):
        """Whose the order is now does not decide who may change what was given about it."""
        activity = self.order.with_user(self.manager1).activity_schedule(
            "sales_dept_roles.mail_activity_follow_up",
            summary="Check the drawing",
            user_id=self.engineering.id,
            date_deadline=self.today,
        )
        self.order.sudo().user_id = self.manager2
        self.assertFalse(self.order.with_user(self.manager1).has_access("write"))
        later = self.today + timedelta(days=4)
        self.env.flush_all()
        self.env.invalidate_all()
        activity.with_user(self.manager1)._assignment_change(later, self.env["res.users"])
        self.assertEqual(activity.sudo().date_deadline, later)
        self.assertEqual(activity.sudo().user_id, self.engineering, "another day is no other person")

    def test_deleted_by_a_program(self):
        """What is kept is what was about a document that is gone; the rest goes as it is told to."""
        other = self._create_quotation()
        gone, there = (
            order.with_user(self.director).activity_schedule(
                "sales_dept_roles.mail_activity_assignment", summary="Check", user_id=self.manager1.id
            )
            for order in (self.order, other)
        )
        self.order.sudo().with_context(active_test=False).unlink()
        self.assertEqual(gone.sudo().res_model, "sales.assignment.sheet")
        self.assertEqual((there.sudo().res_model, there.sudo().res_id), ("sale.order", other.id))
        there.sudo().unlink()
        self.assertFalse(there.exists())

    def test_outlives_its_document(self):
        activity = self.order.with_user(self.director).activity_schedule(
            "sales_dept_roles.mail_activity_assignment", summary="Check", user_id=self.manager1.id
        )
        todo = self.order.activity_schedule("mail.mail_activity_data_todo", user_id=self.manager1.id)
        self.order.sudo().unlink()
        self.assertFalse(todo.exists())
        self.assertTrue(activity.exists())
        self.assertEqual(activity.res_model, "sales.assignment.sheet")
        sheet = self.env["sales.assignment.sheet"].browse(activity.res_id)
        self.assertEqual(sheet.with_user(self.manager1).name, "Check")
        with self.assertRefused("cannot be deleted"):
            sheet.sudo().unlink()

    def test_cancelled_with_a_reason(self):
        activity = self._give(self.director, self.manager1)
        with self.assertRefused("Say why"):
            activity.with_user(self.manager1).action_assignment_cancel(" ")
        activity.with_user(self.manager1).action_assignment_cancel("The customer withdrew")
        row = self._row(activity)
        self.assertEqual((row.status, row.cancel_reason), ("cancelled", "The customer withdrew"))
        self.assertFalse(row.date_done)
        with self.assertRefused("already"):
            activity.with_user(self.manager1).action_assignment_cancel("Again")
        # The director accepts that it is not needed.
        activity.with_user(self.director).action_assignment_cancel("Agreed")
        self.assertEqual(activity.assignment_cancelled_by_id, self.director)

    # === OTHER ACTIVITIES === #

    def test_other_types_are_unchanged(self):
        todo = self.order.with_user(self.director).activity_schedule(
            "mail.mail_activity_data_todo", summary="To do", user_id=self.manager1.id
        )
        mine = todo.with_user(self.manager1)
        mine.write({"date_deadline": self.today + timedelta(days=9), "summary": "Later"})
        self.assertFalse(todo.assignment_giver_id)
        with self.assertRefused("does not become an assignment"):
            mine.activity_type_id = self.follow_up_type
        with self.assertRefused("does not become an assignment"):
            todo.with_user(self.director).activity_type_id = self.assignment_type
        mine.unlink()
        self.assertFalse(todo.exists())

    def test_other_types_cost_no_query(self):
        todos = self.env["mail.activity"]
        for _number in range(4):
            todos |= self.order.activity_schedule("mail.mail_activity_data_todo", user_id=self.manager1.id)
        mine = todos.with_user(self.manager1)
        mine.write({"feedback": "Warm"})
        self.env.flush_all()
        with self.assertQueryCount(0):
            self.assertFalse(mine._assignments())

    # === DAYS === #

    def test_deadline_proposed_in_working_days(self):
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        with freeze_time("2026-11-26 09:00:00"):  # a Thursday
            form = Form(self.env["sales.assignment.give"].with_user(self.director))
            form.working_days = 3
            self.assertEqual(form.date_deadline, fields.Date.to_date("2026-12-01"))
            self.assertEqual(self.assignment_type._get_date_deadline(), fields.Date.to_date("2026-12-01"))
            todo = self.env["mail.activity.type"].create({"name": "Plain", "delay_count": 3})
            self.assertEqual(todo._get_date_deadline(), fields.Date.to_date("2026-11-29"))

    def test_day_of_the_company(self):
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        activity = self._give(self.director, self.manager1)
        activity.sudo().date_deadline = "2026-05-11"
        # 07:00 on the 12th in Shanghai; Odoo would write the 11th, which is in time.
        with freeze_time("2026-05-11 23:00:00"):
            activity.with_user(self.manager1).action_done()
            self.assertEqual(activity.date_done, fields.Date.to_date("2026-05-12"))
            self.assertEqual(self._row(activity).status, "late")
            open_one = self._give(self.director, self.manager1, date_deadline="2026-05-12")
            self.assertEqual(self._row(open_one).status, "open")
            open_one.sudo().date_deadline = "2026-05-11"
            self.assertEqual(self._row(open_one).status, "overdue")
            other_type = self.order.activity_schedule("mail.mail_activity_data_todo", user_id=self.manager1.id)
            other_type.action_done()
            self.assertEqual(other_type.date_done, fields.Date.to_date("2026-05-11"))


@tagged("post_install", "-at_install")
class TestAssignmentReport(AssignmentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # May: manager1 has 5 that were due: 2 on time, 1 late, 1 overdue, 1 cancelled by himself.
        day = fields.Date.to_date("2026-05-11")
        cls.early = cls._past(cls._give(cls.director, cls.manager1), day, day - timedelta(days=2))
        cls.same_day = cls._past(cls._give(cls.director, cls.manager1), day, day)
        cls.late = cls._past(cls._give(cls.director, cls.manager1), day, day + timedelta(days=1))
        cls.overdue = cls._past(cls._give(cls.director, cls.manager1), day)
        cls.dropped = cls._give(cls.director, cls.manager1)
        cls.dropped.with_user(cls.manager1).action_assignment_cancel("No time")
        cls._past(cls.dropped, day)
        cls.cancelled = cls._past(cls._give(cls.director, cls.manager1), day)
        cls.cancelled.with_user(cls.director).action_assignment_cancel("Not needed")
        # Does not count: what one gave oneself.
        cls.own = cls._past(cls._give(cls.director, cls.director), day, day)
        # June: 1 on time; and manager2's 1 late in May.
        june = fields.Date.to_date("2026-06-10")
        cls._past(cls._give(cls.director, cls.manager1), june, june)
        cls._past(cls._give(cls.manager1, cls.manager2, kind="follow_up"), day, day + timedelta(days=5))
        # Open, not due yet.
        cls._give(cls.director, cls.manager1, days=5)
        cls.env.flush_all()

    def _figures(self, user, domain=()):
        groups = (
            self.env["sales.assignment.report"]
            .with_user(user)
            ._read_group(
                [*domain],
                ["user_id", "date_deadline:month"],
                ["due_count:sum", "on_time_count:sum", "on_time_share:avg"],
            )
        )
        return {
            (person.login, month.month): (due, on_time, share) for person, month, due, on_time, share in groups if due
        }

    def test_figures_by_hand(self):
        figures = self._figures(self.director, [("user_id", "in", (self.manager1 | self.manager2).ids)])
        self.assertEqual(figures[("manager1_test", 5)], (5, 2, 40.0))
        self.assertEqual(figures[("manager1_test", 6)], (1, 1, 100.0))
        self.assertEqual(figures[("manager2_test", 5)], (1, 0, 0.0))
        self.assertEqual(len(figures), 3)
        total = self.env["sales.assignment.report"]._read_group(
            [("user_id", "=", self.manager1.id)], [], ["due_count:sum", "on_time_count:sum", "on_time_share:avg"]
        )[0]
        self.assertEqual(total[:2], (6, 3))
        self.assertAlmostEqual(total[2], 50.0)

    def test_given_to_oneself_does_not_count(self):
        row = self._row(self.own)
        self.assertEqual((row.user_id, row.giver_id), (self.director, self.director))
        self.assertEqual(row.status, "on_time")
        self.assertEqual((row.due_count, row.on_time_count), (0, 0))
        [(share,)] = row._read_group([("id", "=", row.id)], [], ["on_time_share:array_agg"])
        self.assertEqual(share, [None], "empty, so that it is in no average")
        self.assertNotIn(("director_test", 5), self._figures(self.director))

    def test_cancelled_before_it_was_due(self):
        """By the person who was to do it: it counts as not done from the day after its deadline, not before."""
        activity = self._give(self.director, self.manager1, days=2)
        activity.with_user(self.manager1).action_assignment_cancel("No time")
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        deadline = self._row(activity).date_deadline
        # Midnight in Shanghai is 16:00 UTC of the day before.
        for moment, due in (
            (f"{deadline - timedelta(days=1)} 16:00:00", 0),
            (f"{deadline} 15:59:59", 0),
            (f"{deadline} 16:00:00", 1),
        ):
            with self.subTest(moment=moment), freeze_time(moment):
                row = self._row(activity)
                self.assertEqual((row.status, row.due_count, row.on_time_count), ("cancelled", due, 0))
        by_giver = self._give(self.director, self.manager1, days=2)
        by_giver.with_user(self.director).action_assignment_cancel("Not needed")
        with freeze_time(f"{deadline + timedelta(days=9)} 12:00:00"):
            self.assertEqual(self._row(by_giver).due_count, 0, "cancelled by who gave it, it leaves the figure")

    def test_overdue_from_midnight_in_the_company_s_zone(self):
        activity = self._give(self.director, self.manager1, days=2)
        deadline = self._row(activity).date_deadline
        day_after = deadline + timedelta(days=1)
        # UTC of the last second of the deadline, and of the next midnight, in each zone.
        edges = {
            "Asia/Shanghai": (f"{deadline} 15:59:59", f"{deadline} 16:00:00"),
            "America/Phoenix": (f"{day_after} 06:59:59", f"{day_after} 07:00:00"),
        }
        for zone, (last, midnight) in edges.items():
            self.company.resource_calendar_id.tz = zone
            for moment, values in ((last, ("open", 0, 0)), (midnight, ("overdue", 1, 1))):
                with self.subTest(zone=zone, moment=moment), freeze_time(moment):
                    row = self._row(activity)
                    self.assertEqual((row.status, row.due_count, row.days_late), values)

    def test_status_and_days_late(self):
        may = fields.Date.to_date("2026-05-11")
        expected = {
            self.early: ("on_time", 0),
            self.same_day: ("on_time", 0),
            self.late: ("late", 1),
            self.overdue: ("overdue", (self.today - may).days),
            self.cancelled: ("cancelled", 0),
        }
        for activity, values in expected.items():
            row = self._row(activity)
            self.assertEqual((row.status, row.days_late), values)

    def test_who_sees_what(self):
        rows = self.env["sales.assignment.report"]
        self.assertEqual(len(rows.with_user(self.gm).search([])), len(rows.with_user(self.director).search([])))
        seen = rows.with_user(self.manager2).search([])
        self.assertEqual(seen.user_id, self.manager2)
        seen = rows.with_user(self.manager1).search([])
        self.assertEqual(seen.filtered(lambda row: row.user_id != self.manager1).giver_id, self.manager1)
        self.assertFalse(rows.with_user(self.assistant).search([]))
        self.assertFalse(rows.with_user(self.outsider).search([]))
        with self.assertRaises(AccessError):
            rows.with_user(self.manager2).browse(self.late.id).read(["name"])
        with self.assertRaises(AccessError):
            rows.with_user(self.portal_user).search([])

    def test_read_only(self):
        row = self._row(self.overdue)
        for user in (self.director, self.gm, self.manager1):
            with self.assertRaises(AccessError):
                row.with_user(user).write({"name": "x"})
            with self.assertRaises(AccessError):
                row.with_user(user).unlink()

    def test_one_query_whatever_the_number(self):
        def queries():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._figures(self.director)
            return self.env.cr.sql_log_count - before

        queries()
        few = queries()
        day = fields.Date.to_date("2026-04-13")
        for _number in range(8):
            self._past(self._give(self.director, self.manager1), day, day)
        self.env.flush_all()
        self.assertEqual(queries(), few)

    def test_list_queries(self):
        def queries(limit):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows = self.env["sales.assignment.report"].with_user(self.director).search([], limit=limit)
            rows.read(["name", "status", "can_report", "can_change", "res_name", "user_id"])
            return self.env.cr.sql_log_count - before

        for _number in range(4):
            self._give(self.director, (self.manager1 | self.manager2 | self.assistant), days=9)
        self.env.flush_all()
        queries(20)
        self.assertEqual(queries(20), queries(10))

    def test_answers(self):
        def answer(user, activity, **vals):
            self.env["sales.assignment.report"].invalidate_model()
            wizard = (
                self.env["sales.assignment.answer"]
                .with_user(user)
                .create({"row_ids": [Command.set(activity.ids)], **vals})
            )
            return wizard.action_answer()

        with self.assertRaises(AccessError):
            answer(self.manager2, self.overdue, outcome="done")
        with self.assertRefused("may change", AccessError):
            answer(self.manager1, self.overdue, outcome="changed", date_deadline=self.today)
        answer(self.director, self.overdue, outcome="changed", date_deadline=self.today, user_id=self.assistant.id)
        self.assertEqual((self.overdue.date_deadline, self.overdue.user_id), (self.today, self.assistant))
        answer(self.assistant, self.overdue, outcome="done", feedback="Sent")
        self.assertEqual(self._row(self.overdue).status, "on_time")
        with self.assertRefused("done or cancelled already"):
            answer(self.assistant, self.overdue, outcome="done")
        extra = self._give(self.director, self.manager1)
        with self.assertRefused("Say why"):
            answer(self.director, extra, outcome="cancelled", reason="")
        answer(self.director, extra, outcome="cancelled", reason="Not needed")
        self.assertEqual(self._row(extra).status, "cancelled")

    def test_open_document(self):
        activity = self._give(self.gm, self.manager1)
        row = self._row(activity, self.director)
        action = row.action_open_document()
        self.assertEqual(action["res_model"], "sales.assignment.sheet")
        with self.assertRaises(AccessError):
            self._row(activity, self.manager2).action_open_document()

    def test_views(self):
        for user in (self.director, self.manager1, self.engineering):
            views = (
                self.env["sales.assignment.report"]
                .with_user(user)
                .get_views(
                    [(False, kind) for kind in ("list", "kanban", "form", "pivot", "graph", "calendar", "search")]
                )
            )
            arch = views["views"]["list"]["arch"]
            self.assertEqual("Give an Assignment" in arch, user != self.engineering)


@tagged("post_install", "-at_install")
class TestAssignmentIntegrity(AssignmentCommon):
    def test_sheet_rights(self):
        activity = self._give(self.assistant, self.engineering, kind="follow_up")
        sheet = self.env["sales.assignment.sheet"].browse(activity.res_id)
        for user in (self.assistant, self.engineering, self.director, self.gm):
            self.assertEqual(sheet.with_user(user).name, "Call the customer")
        for user in (self.manager1, self.finance, self.outsider):
            with self.assertRaises(AccessError):
                sheet.with_user(user).read(["name"])
        sheet.with_user(self.engineering).message_post(body="On it")
        with self.assertRaises(AccessError):
            sheet.with_user(self.engineering).name = "Something else"
        with self.assertRefused("stays in the company"):
            sheet.with_user(self.assistant).company_id = self.company
        for user in (self.director, self.gm, self.assistant):
            with self.assertRaises(AccessError):
                sheet.with_user(user).unlink()

    def test_type_ids_follow_the_configuration(self):
        # Read once, so that it is known by heart.
        self.assertTrue(self.env["mail.activity.type"]._assignment_type_ids())
        own = self.env["mail.activity.type"].create({"name": "Errand", "assignment_kind": "assignment"})
        self.assertIn(own.id, self.env["mail.activity.type"]._assignment_type_ids())
        own.assignment_kind = False
        self.assertNotIn(own.id, self.env["mail.activity.type"]._assignment_type_ids())

    @mute_logger("odoo.sql_db")
    def test_giver_cannot_be_imported(self):
        result = (
            self.env["mail.activity"]
            .with_user(self.director)
            .load(
                [
                    "activity_type_id/.id",
                    "summary",
                    "user_id/.id",
                    "date_deadline",
                    "assignment_giver_id/.id",
                    "date_done",
                ],
                [
                    [
                        str(self.assignment_type.id),
                        "Imported",
                        str(self.director.id),
                        str(self.today),
                        str(self.gm.id),
                        "2020-01-01",
                    ]
                ],
            )
        )
        imported = self.env["mail.activity"].browse(result["ids"] or [])
        self.assertEqual(imported.assignment_giver_id, self.director)
        self.assertFalse(imported.date_done)

    # === WHO CANNOT OPEN IT === #

    def _warnings(self, block):
        """What the giver is told on the screen while `block` runs."""
        told = []

        def bus_send(users, kind, message, **kwargs):
            if kind == "simple_notification":
                told.append((users, message["message"]))

        with patch.object(self.registry["res.users"], "_bus_send", bus_send):
            block()
        return told

    def test_giver_is_warned_of_who_cannot_open_the_document(self):
        Wizard = self.env["sales.assignment.give"].with_user(self.director)
        people = self.outsider | self.manager1
        with Form(Wizard) as form:
            form.name = "Look at the price"
            form.document = f"sale.order,{self.order.id}"
            form.user_ids.add(self.manager1)
            self.assertFalse(form.blind_message)
            form.user_ids.add(self.outsider)
            self.assertIn(self.outsider.name, form.blind_message)
            self.assertNotIn(self.manager1.name, form.blind_message)
        told = self._warnings(form.record.action_give)
        self.assertEqual(len(told), 1)
        self.assertEqual(told[0][0], self.director)
        self.assertIn(self.outsider.name, told[0][1])
        # By Odoo's own dialog too, and when it is given to somebody else afterwards.
        schedule = self.order.with_user(self.director).activity_schedule
        kind = "sales_dept_roles.mail_activity_assignment"
        values = {"summary": "Ask", "date_deadline": self.today + timedelta(days=1)}
        self.assertEqual(len(self._warnings(lambda: schedule(kind, user_id=self.outsider.id, **values))), 1)
        self.assertFalse(self._warnings(lambda: schedule(kind, user_id=self.manager1.id, **values)))
        mine = self._give(self.director, self.manager1, document=f"sale.order,{self.order.id}")
        told = self._warnings(lambda: mine.with_user(self.director).write({"user_id": self.outsider.id}))
        self.assertEqual(len(told), 1)
        self.assertFalse(self._warnings(lambda: self._give(self.director, people)), "a sheet says all there is")
        # Of who does it anyhow it was said already.
        later = self.today + timedelta(days=3)
        change = mine.with_user(self.director)._assignment_change
        self.assertFalse(self._warnings(lambda: change(later, self.outsider)))
        self.assertEqual(mine.date_deadline, later)
        self.assertTrue(self._warnings(lambda: change(later, self.engineering)))
