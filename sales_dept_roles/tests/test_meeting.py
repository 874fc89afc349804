from datetime import datetime, timedelta

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .test_assignment import AssignmentCommon


@tagged("post_install", "-at_install")
class TestMeeting(AssignmentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.meeting = (
            cls.env["calendar.event"]
            .with_user(cls.director)
            .create(
                {
                    "name": "Weekly meeting",
                    "is_department_meeting": True,
                    "start": datetime(2026, 5, 11, 1),
                    "stop": datetime(2026, 5, 11, 2),
                    "agenda": "<p>Orders, complaints</p>",
                    "minutes_taken_by_id": cls.assistant.id,
                    "partner_ids": [
                        Command.set((cls.director | cls.manager1 | cls.assistant | cls.portal_user).partner_id.ids)
                    ],
                }
            )
        )

    def _decide(self, meeting, user, giver=None, **vals):
        activity = self._give(giver or self.assistant, user, kind="follow_up", meeting_id=meeting.id, **vals)
        self.env.flush_all()
        self.env.invalidate_all()
        return activity

    def test_decisions_become_follow_ups(self):
        activity = self._decide(self.meeting, self.engineering, name="Drawing of the shaft")
        self.assertEqual(activity.meeting_id, self.meeting)
        self.assertEqual(self.meeting.follow_up_ids.name, "Drawing of the shaft")
        self.assertEqual(self.meeting.open_follow_up_count, 1)
        # Who was there sees what was decided, who was not does not.
        self.assertEqual(self.meeting.with_user(self.manager1).follow_up_ids.user_id, self.engineering)
        self.env.invalidate_all()
        self.assertFalse(self.meeting.with_user(self.manager2).follow_up_ids)
        activity.with_user(self.engineering).action_done()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.meeting.open_follow_up_count, 0)
        self.assertEqual(self.meeting.follow_up_ids.status, "on_time")

    def test_button_opens_the_dialog(self):
        action = self.meeting.action_meeting_follow_up()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.assistant)
            .with_context(**action["context"])
            .create({"name": "Ask the forge", "user_ids": [Command.set(self.finance.ids)]})
        )
        self.assertEqual((wizard.kind, wizard.meeting_id), ("follow_up", self.meeting))
        wizard.action_give()
        self.assertEqual(self.env["mail.activity"].search([("meeting_id", "=", self.meeting.id)]).user_id, self.finance)

    def test_share_minutes(self):
        self.assertFalse(self.meeting.minutes)
        with self.assertRefused("no minutes of"):
            self.meeting.with_user(self.assistant).action_meeting_share_minutes()
        self._decide(self.meeting, self.engineering, name="Drawing of the shaft")
        self.meeting.with_user(self.assistant).minutes = "<p>Hengtai waits for the drawing.</p>"
        self.meeting.with_user(self.assistant).action_meeting_share_minutes()
        message = self.meeting.message_ids[0]
        self.assertIn("Hengtai waits", message.body)
        self.assertIn("Drawing of the shaft", message.body)
        colleagues = (self.director | self.manager1 | self.assistant).partner_id
        mails = self.env["mail.message"].search(
            [
                ("model", "=", "calendar.event"),
                ("res_id", "=", self.meeting.id),
                ("message_type", "=", "user_notification"),
                ("subject", "like", "Minutes: "),
            ]
        )
        self.assertEqual(mails.sudo().notified_partner_ids, colleagues - self.assistant.partner_id)
        self.assertIn("Hengtai waits", mails[0].body)
        self.assertTrue(message.subtype_id.internal)
        self.assertTrue(self.meeting.minutes_shared_date)

    def test_nobody_to_share_with(self):
        self.meeting.write({"minutes": "<p>Talk</p>", "partner_ids": [Command.set(self.customer.ids)]})
        with self.assertRefused("No colleague is invited"):
            self.meeting.action_meeting_share_minutes()

    def test_next_meeting_carries_what_is_open(self):
        done = self._decide(self.meeting, self.engineering, name="Done by then")
        done.with_user(self.engineering).action_done()
        still_open = self._decide(self.meeting, self.engineering, name="Still open")
        self.meeting.minutes = "<p>First</p>"
        action = self.meeting.with_user(self.assistant).action_meeting_next()
        following = self.env["calendar.event"].browse(action["res_id"])
        self.assertEqual(following.start, self.meeting.start + timedelta(weeks=1))
        self.assertEqual(following.partner_ids, self.meeting.partner_ids)
        self.assertTrue(following.is_department_meeting)
        self.assertFalse(following.minutes)
        self.assertEqual(following.previous_meeting_id, self.meeting)
        self.assertEqual(following.sudo().carried_activity_ids, still_open)
        self.assertEqual(following.with_user(self.gm).carried_follow_up_ids.name, "Still open")
        # The same one, so it counts once.
        rows = self.env["sales.assignment.report"].with_user(self.gm).search([("name", "=", "Still open")])
        self.assertEqual(len(rows), 1)
        # Twice is the same meeting; what stays open goes on to the third.
        self.assertEqual(self.meeting.with_user(self.assistant).action_meeting_next()["res_id"], following.id)
        third = self.env["calendar.event"].browse(following.with_user(self.assistant).action_meeting_next()["res_id"])
        self.assertEqual(third.sudo().carried_activity_ids, still_open)
        still_open.with_user(self.engineering).action_done()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(third.with_user(self.gm).carried_follow_up_ids.status, "on_time")

    def test_next_of_a_series(self):
        series = (
            self.env["calendar.event"]
            .with_user(self.director)
            .create(
                {
                    "name": "Daily",
                    "is_department_meeting": True,
                    "start": datetime(2026, 6, 1, 1),
                    "stop": datetime(2026, 6, 1, 2),
                    "recurrency": True,
                    "rrule_type": "daily",
                    "rrule_type_ui": "daily",
                    "interval": 1,
                    "end_type": "count",
                    "count": 3,
                    "event_tz": "UTC",
                }
            )
        )
        events = series.recurrence_id.calendar_event_ids.sorted("start")
        self.assertEqual(len(events), 3)
        self.assertTrue(all(events.mapped("is_department_meeting")))
        action = events[0].with_user(self.director).action_meeting_next()
        self.assertEqual(action["res_id"], events[1].id)

    def test_who_writes_minutes(self):
        for user in (self.director, self.assistant, self.manager1, self.gm):
            self.meeting.with_user(user).minutes = f"<p>{user.login}</p>"
            self.assertIn(user.login, self.meeting.minutes)
        for user in (self.manager2, self.outsider):
            for vals in ({"minutes": "<p>No</p>"}, {"agenda": False}, {"is_department_meeting": False}):
                with self.assertRefused("written by those who take part", AccessError):
                    self.meeting.with_user(user).write(vals)
            with self.assertRefused("written by those who take part", AccessError):
                self.meeting.with_user(user).action_meeting_share_minutes()
            with self.assertRefused("written by those who take part", AccessError):
                self.meeting.with_user(user).action_meeting_next()

    def test_who_writes_who_takes_part(self):
        """Who takes part reads the decisions and writes the minutes, so nobody puts themselves there."""
        answer = Command.update(self.meeting.attendee_ids[0].id, {"state": "declined"})
        writes = {
            "people": lambda user: {"partner_ids": [Command.link(user.partner_id.id)]},
            "people, all": lambda user: {"partner_ids": [Command.set(user.partner_id.ids)]},
            "attendees": lambda user: {"attendee_ids": [Command.create({"partner_id": user.partner_id.id})]},
            "answer of another": lambda user: {"attendee_ids": [answer]},
            "organizer": lambda user: {"user_id": user.id},
        }
        for user in (self.manager2, self.outsider):
            for name, vals in writes.items():
                with self.subTest(user=user.login, write=name), self.assertRefused("those who take part", AccessError):
                    self.meeting.with_user(user).write(vals(user))
            self.assertFalse(self.meeting.with_user(user)._may_write_minutes())
        self.meeting.with_user(self.manager1).write(writes["people"](self.manager2))
        self.assertIn(self.manager2.partner_id, self.meeting.partner_ids)

    def test_meeting_is_kept(self):
        for user in (self.outsider, self.manager2):
            theirs = self.meeting.with_user(user)
            for attempt in (theirs.unlink, lambda theirs=theirs: theirs.write({"active": False})):
                with self.subTest(user=user.login), self.assertRefused("by those who take part", AccessError):
                    attempt()
        self.meeting.minutes = "<p>Agreed</p>"
        self.meeting.with_user(self.director).action_meeting_share_minutes()
        with self.assertRefused("stays as a record"):
            self.meeting.with_user(self.director).unlink()
        other = self.meeting.copy()
        other.with_user(self.director).unlink()
        self.assertFalse(other.exists())

    def test_nobody_invites_themselves(self):
        meetings = self.meeting.ids
        stranger = self.manager2
        for command in (Command.link(self.meeting.id), Command.set(meetings)):
            with self.assertRefused("written on the meeting itself", AccessError):
                stranger.partner_id.with_user(stranger).write({"meeting_ids": [command]})
        with self.assertRefused("written on the meeting itself", AccessError):
            self.env["res.partner"].with_user(stranger).create(
                {"name": "Stranger", "meeting_ids": [Command.link(self.meeting.id)]}
            )
        self.assertFalse(self.meeting.with_user(stranger)._may_write_minutes())

    def test_whoever_takes_part_plans_the_next_one(self):
        participant = self.manager1
        self.meeting.partner_ids |= participant.partner_id
        action = self.meeting.with_user(participant).action_meeting_next()
        following = self.env["calendar.event"].browse(action["res_id"])
        self.assertEqual(following.partner_ids, self.meeting.partner_ids)

    def test_minutes_counterfactual(self):
        self.patch(self.registry["calendar.event"], "_may_write_minutes", lambda self: True)
        self.meeting.with_user(self.outsider).minutes = "<p>Mine</p>"
        self.assertIn("Mine", self.meeting.minutes)

    def test_recorded_by_the_system(self):
        for vals in (
            {"minutes_shared_date": "2026-01-01 00:00:00"},
            {"carried_activity_ids": [Command.clear()]},
            {"previous_meeting_id": self.meeting.id},
        ):
            with self.assertRefused("cannot be set by hand", AccessError):
                self.meeting.with_user(self.director).write(vals)
            with self.assertRefused("cannot be set by hand", AccessError):
                self.env["calendar.event"].with_user(self.director).create({"name": "Forged", **vals})

    def test_customers_see_nothing_of_it(self):
        self.meeting.minutes = "<p>Price limits</p>"
        event = self.meeting.with_user(self.portal_user)
        self.assertEqual(event.read(["name"])[0]["name"], "Weekly meeting")
        for name in ("minutes", "agenda", "carried_activity_ids", "follow_up_ids"):
            with self.assertRaises(AccessError):
                event.read([name])

    def test_private_meeting(self):
        self.meeting.write({"minutes": "<p>Salaries</p>", "privacy": "private"})
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(self.meeting.with_user(self.manager2).minutes)
        self.env.invalidate_all()
        self.assertIn("Salaries", self.meeting.with_user(self.manager1).minutes)

    def test_ordinary_events_are_unchanged(self):
        event = self.env["calendar.event"].with_user(self.director).create({"name": "Lunch"})
        self.assertFalse(event.is_department_meeting)
        self.assertEqual(event.open_follow_up_count, 0)
        event.with_user(self.outsider).write({"name": "Late lunch"})
        with self.assertRefused("not a meeting of the department"):
            event.action_meeting_share_minutes()
        with self.assertRefused("not a meeting of the department"):
            event.action_meeting_next()

    def test_print(self):
        self._decide(self.meeting, self.engineering, name="Drawing of the shaft")
        self.meeting.minutes = "<p>Hengtai waits for the drawing.</p>"
        html = (
            self.env["ir.actions.report"]
            .with_user(self.manager1)
            ._render_qweb_html("sales_dept_roles.report_meeting_minutes", self.meeting.ids)[0]
            .decode()
        )
        for text in (
            "Weekly meeting",
            "Orders, complaints",
            "Hengtai waits",
            "Drawing of the shaft",
            "engineering_test",
        ):
            self.assertIn(text, html)

    def test_list_queries(self):
        meetings = self.meeting
        for _number in range(7):
            meetings |= self.meeting.with_user(self.director).copy()
        for meeting in meetings:
            self._decide(meeting, self.engineering)

        def queries(number):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            meetings[:number].with_user(self.director).read(["name", "open_follow_up_count"])
            return self.env.cr.sql_log_count - before

        queries(8)
        self.assertEqual(queries(8), queries(4))
