from datetime import datetime, timedelta
from unittest.mock import patch

import pytz

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
        self.assertEqual(mails.sudo().notified_partner_ids, colleagues)
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

    def test_whoever_plans_carries_all_that_is_open(self):
        """Also what was given to others, of which the one who plans sees nothing elsewhere."""
        theirs = self._decide(self.meeting, self.engineering, giver=self.director, name="Between two others")
        Event = self.env["calendar.event"]
        second = Event.browse(self.meeting.with_user(self.manager1).action_meeting_next()["res_id"])
        self.env.invalidate_all()
        third = Event.browse(second.with_user(self.manager1).action_meeting_next()["res_id"])
        self.assertEqual(third.sudo().carried_activity_ids, theirs)

    def test_each_meeting_shows_what_was_carried_into_it(self):
        other = self.meeting.copy()
        following = self.env["calendar.event"]
        for meeting, name in ((self.meeting, "Drawing"), (other, "Forging")):
            self._decide(meeting, self.engineering, name=name)
            following |= following.browse(meeting.with_user(self.director).action_meeting_next()["res_id"])
        self.env.invalidate_all()
        shown = [meeting.carried_follow_up_ids.name for meeting in following.with_user(self.gm)]
        self.assertEqual(shown, ["Drawing", "Forging"])

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

    def test_invitations_by_the_contact(self):
        """What a contact's meetings become, whoever the contact is; other events are as Odoo has them."""
        event = self.env["calendar.event"].with_user(self.director).create({"name": "Lunch"})
        guest = self.env["res.partner"].create({"name": "Guest"})
        self.meeting.partner_ids |= guest
        stranger = guest.with_user(self._create_role_user("stranger_test", "group_account_manager"))
        for commands in (
            [Command.clear()],
            [Command.set([])],
            [Command.unlink(self.meeting.id)],
            [Command.link(event.id), Command.link(self.meeting.id)],
            [Command.update(self.meeting.id, {"name": "Mine"})],
        ):
            with self.subTest(commands=commands), self.assertRefused("on the meeting itself", AccessError):
                stranger.write({"meeting_ids": commands})
        self.assertIn(guest, self.meeting.partner_ids)
        stranger.write({"meeting_ids": [Command.link(event.id)]})
        self.assertIn(guest, event.partner_ids)
        stranger.write({"meeting_ids": False})
        # One that is new has an id of the client's only.
        stranger.write({"meeting_ids": [(Command.CREATE, "virtual_7", {"name": "Visit"})]})
        # Whoever takes part may, and so may the system, as when contacts are merged.
        guest.with_user(self.manager1).write({"meeting_ids": [Command.unlink(self.meeting.id)]})
        self.assertNotIn(guest, self.meeting.partner_ids)
        stranger.sudo().write({"meeting_ids": [Command.link(self.meeting.id)]})
        self.assertIn(guest, self.meeting.partner_ids)

    def test_minutes_go_to_colleagues_who_are_there(self):
        self.manager1.active = False
        meeting = self.meeting.with_context(active_test=False)
        self.assertEqual(meeting._internal_attendees(), self.director | self.assistant)

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

    # === PRIVACY === #

    def test_private_minutes_are_not_found_letter_by_letter(self):
        self.meeting.write({"privacy": "private", "minutes": "<p>Xylophone</p>", "agenda": "<p>Bonus</p>"})
        self.meeting._write_protected({"minutes_shared_date": datetime(2026, 5, 11, 3)})
        self.env.flush_all()
        self.env.invalidate_all()
        Event = self.env["calendar.event"]
        domains = [
            [("minutes", "ilike", "xylo")],
            [("agenda", "=like", "<p>B%")],
            ["!", ("minutes", "not ilike", "xylo")],
            ["|", ("minutes", "ilike", "xylo"), ("name", "=", "No such meeting")],
            [("minutes_taken_by_id", "=", self.assistant.id)],
            [("minutes_shared_date", "!=", False)],
        ]
        for domain in domains:
            domain = [("id", "=", self.meeting.id), *domain]
            with self.subTest(domain=domain):
                self.assertFalse(Event.with_user(self.manager2).search(domain))
                for reader in (self.director, self.manager1):
                    self.assertEqual(Event.with_user(reader).search(domain), self.meeting)
        by_minutes = Event.with_user(self.manager2).search([("id", "=", self.meeting.id)], order="minutes")
        self.assertFalse(by_minutes, "nor by where it stands in the list")
        self.assertTrue(Event.with_user(self.manager2).search([("id", "=", self.meeting.id)]))
        # By way of other records.
        activity = self._decide(self.meeting, self.manager2)
        domain = [("id", "=", activity.id), ("meeting_id.minutes", "ilike", "xylo")]
        Activity = self.env["mail.activity"]
        self.assertFalse(Activity.with_user(self.manager2).search(domain))
        self.assertEqual(Activity.with_user(self.director).search(domain), activity)
        self.meeting.privacy = "public"
        self.assertEqual(Event.with_user(self.manager2).search(domains[0]), self.meeting)

    # === SERIES === #

    def _series(self, count=4):
        """A weekly series; the second meeting has minutes, and those of the third were shared."""
        first = self.meeting.copy(
            {
                "start": datetime(2026, 6, 1, 1),
                "stop": datetime(2026, 6, 1, 2),
                "recurrency": True,
                "rrule_type": "weekly",
                "mon": True,
                "event_tz": "Asia/Shanghai",
                "end_type": "count",
                "count": count,
            }
        )
        events = first.recurrence_id.calendar_event_ids.sorted("start")
        self.assertEqual(len(events), count)
        events[1].minutes = "<p>Decided</p>"
        events[2].minutes = "<p>Shared</p>"
        events[2]._write_protected({"minutes_shared_date": datetime(2026, 6, 15, 3)})
        return events

    def test_moved_series_keeps_what_was_minuted(self):
        for setting, from_one in [("all_events", 0), ("all_events", 3), ("all_events", 1), ("future_events", 0)]:
            with self.subTest(setting=setting, from_one=from_one):
                events = self._series()
                before = {event: (event.start, event.minutes) for event in events[1:3]}
                event = events[from_one]
                event.with_user(self.director).write(
                    {
                        "recurrence_update": setting,
                        "start": event.start + timedelta(hours=3),
                        "stop": event.stop + timedelta(hours=3),
                    }
                )
                for kept, (start, minutes) in before.items():
                    self.assertTrue(kept.exists() and kept.active)
                    self.assertEqual((kept.start, kept.minutes), (start, minutes))
                    self.assertFalse(kept.recurrence_id)
                others = self.env["calendar.event"].search(
                    [("name", "=", events[0].name), ("start", ">=", "2026-06-01"), ("start", "<", "2026-07-15")]
                )
                moved = (others - events[1:3]).filtered(lambda other: other.start.hour == 4)
                self.assertTrue(moved, "the rest was moved")
                others.sudo().with_context(active_test=False).unlink()

    def test_deleted_series_keeps_what_was_minuted(self):
        for method in ("action_mass_deletion", "action_mass_archive"):
            for setting, position, gone in [
                ("all_events", 0, [0, 3]),
                ("all_events", 2, [0, 3]),
                ("future_events", 1, [3]),
            ]:
                with self.subTest(method=method, setting=setting, position=position):
                    events = self._series()
                    getattr(events[position].with_user(self.director), method)(setting)
                    there = [index for index, event in enumerate(events) if event.exists() and event.active]
                    self.assertEqual(there, [index for index in range(4) if index not in gone])
                    self.assertIn("Shared", events[2].minutes)

    def test_without_the_rule_they_are_gone(self):
        """Counterfactual: Odoo takes them along."""
        with patch.object(self.registry["calendar.event"], "_filter_on_record", lambda self: self.browse()):
            events = self._series()
            events[0].sudo().action_mass_archive("all_events")
        self.assertFalse(any(events.mapped("active")))

    def test_single_meeting_of_a_series(self):
        events = self._series()
        events[3].write({"recurrence_update": "self_only", "start": events[3].start + timedelta(hours=1)})
        self.assertTrue(events[1].recurrence_id, "nothing was done to the series")
        # In a list Odoo changes those that are chosen, and no series.
        (events[0] | events[3]).write({"recurrence_update": "all_events", "location": "Hall"})
        self.assertEqual([event.location for event in events], ["Hall", False, False, "Hall"])
        self.assertTrue(events[1].recurrence_id)
        with self.assertRefused("have minutes"):
            events[3].minutes = events[0].minutes = "<p>Too</p>"
            events[0].write({"recurrence_update": "all_events", "start": events[0].start + timedelta(hours=1)})

    # === THE NEXT MEETING === #

    def test_next_meeting_of_a_whole_day(self):
        """It has no hour that clocks could change."""
        self.director.tz = "Europe/Berlin"
        meeting = self.meeting.copy({"allday": True, "start": datetime(2026, 3, 25), "stop": datetime(2026, 3, 26)})
        following = self.env["calendar.event"].browse(meeting.action_meeting_next()["res_id"])
        self.assertEqual(following.start - meeting.start, timedelta(weeks=1))
        self.assertEqual(str(following.start_date), "2026-04-01")

    def test_zone_of_whoever_has_none(self):
        """The organizer's company's; without an organizer that of whoever plans."""
        other = self.env["res.company"].create({"name": "Other"})
        other.resource_calendar_id.tz = "America/New_York"
        self.company.resource_calendar_id.tz = "Europe/Berlin"
        self.director.write({"tz": False, "company_ids": [Command.link(other.id)], "company_id": other.id})
        meeting = self.meeting.with_company(self.company)
        self.assertEqual(str(meeting._meeting_zone()), "America/New_York")
        meeting.sudo().user_id = False
        self.assertEqual(str(meeting._meeting_zone()), "Europe/Berlin")

    def test_next_meeting_at_the_same_hour(self):
        """Clocks are changed in Berlin on 29 March 2026, and in New York on the 8th."""
        zones = [("Europe/Berlin", 23, 9), ("America/New_York", 2, 15), ("Asia/Shanghai", 23, 2)]
        series = {"recurrency": True, "rrule_type": "weekly", "mon": True, "end_type": "count", "count": 1}
        for (zone, day, hour), in_series in [(case, in_series) for case in zones for in_series in (False, True)]:
            with self.subTest(zone=zone, in_series=in_series):
                # A single meeting is where its organizer is; a series has a zone of its own.
                self.director.tz = "Australia/Sydney" if in_series else zone
                meeting = self.meeting.copy(
                    {
                        "start": datetime(2026, 3, day, hour),
                        "stop": datetime(2026, 3, day, hour + 1),
                        **({**series, "event_tz": zone} if in_series else {}),
                    }
                )
                self.manager1.tz = "Pacific/Auckland"
                action = meeting.with_user(self.manager1).with_context(tz="UTC").action_meeting_next()
                following = self.env["calendar.event"].browse(action["res_id"])
                local = pytz.timezone(zone)
                starts = [pytz.utc.localize(moment).astimezone(local) for moment in (meeting.start, following.start)]
                self.assertEqual(starts[1].replace(tzinfo=None) - starts[0].replace(tzinfo=None), timedelta(weeks=1))
                self.assertEqual(starts[0].hour, 10)
                self.assertEqual(following.stop - following.start, timedelta(hours=1))
