from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged

from .test_visit import VisitCommon

LATER = "2099-01-01T00:00:00Z"


class VisitSyncTests:
    """What another calendar sends, read by Odoo's own synchronization; nothing leaves for it but into a list.

    Mixed into the classes of the two calendars: without one of them there is nothing to run.
    """

    allow_inherited_tests_method = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.patched = []

    def setUp(self):
        super().setUp()
        self.reported = self._done(self._known(self.visit, "reported"))
        self.planned = self._known(self._visit(start=datetime(2026, 5, 13, 2)), "planned")

    def _series(self):
        first = self._visit(
            start=datetime(2026, 6, 1, 2),
            recurrency=True,
            rrule_type="weekly",
            mon=True,
            event_tz="Asia/Shanghai",
            end_type="count",
            count=3,
        )
        return first.recurrence_id, first.recurrence_id.calendar_event_ids.sorted("start")

    def test_moved_there(self):
        """A planned visit moves along; a reported one is put back."""
        self._receive(
            self._sent(self.planned, start=datetime(2026, 5, 14, 5), name="Visit: in the afternoon"),
            self._sent(self.reported, start=datetime(2026, 5, 20, 5), name="Visit: what we talked of"),
        )
        self.assertEqual(str(self.planned.start), "2026-05-14 05:00:00")
        self.assertEqual(self.planned.visit_purpose, "negotiation")
        self.assertEqual(str(self.reported.start), "2026-05-12 02:00:00")
        self.assertEqual(self.reported.name, "Visit: what we talked of", "what is no fact is taken over")
        self.assertIn(self.reported, self.env["calendar.event"].browse(self._ahead()))
        self.assertNotIn(self.planned, self.env["calendar.event"].browse(self._ahead()))

    def test_nothing_new(self):
        """The same again goes back and forth no more."""
        for _time in range(2):
            self._receive(self._sent(self.reported), self._sent(self.planned))
        self.assertFalse(self._ahead())
        self.assertEqual(self.reported.visit_state, "done")

    def test_deleted_there(self):
        self._receive(self._sent(self.planned, deleted=True), self._sent(self.reported, deleted=True))
        self.assertFalse(self.planned.exists())
        self.assertTrue(self.reported.exists().active)
        self.assertEqual(self.reported.visit_state, "done")
        self.assertFalse(self._id_of(self.reported), "it is not looked for there any more")
        self.assertFalse(self._ahead(), "nor made anew")

    def test_checked_in_and_deleted_there(self):
        with freeze_time("2026-05-13 02:05:00"):
            self.planned.action_visit_check_in()
        self._receive(self._sent(self.planned, deleted=True))
        self.assertTrue(self.planned.exists())

    def test_counterfactual(self):
        """Without it the synchronization, which has all rights, moves and deletes what was reported."""
        Event = self.registry["calendar.event"]
        with (
            patch.object(Event, "_without_facts", lambda event, vals, ahead: vals),
            patch.object(Event, "_filter_on_record", lambda events: events.browse()),
        ):
            self._receive(self._sent(self.reported, start=datetime(2026, 5, 20, 5)))
            self.assertEqual(str(self.reported.start), "2026-05-20 05:00:00")
            self._receive(self._sent(self.reported, deleted=True))
        self.assertFalse(self.reported.exists())


@tagged("post_install", "-at_install", "sales_dept_wide")
class TestVisitGoogle(VisitSyncTests, VisitCommon):
    def _known(self, visit, number):
        visit.sudo().write({"google_id": number, "need_sync": False})
        return visit

    def _id_of(self, visit):
        return visit.sudo().google_id

    def _ahead(self):
        """Ids of the events that went there again."""
        return list(self.patched)

    def _sent(self, visit, start=None, name=None, deleted=False):
        start = start or visit.start
        return {
            "id": visit.sudo().google_id,
            "summary": name or visit.name,
            "status": "cancelled" if deleted else "confirmed",
            "start": {"dateTime": f"{start.isoformat()}+00:00"},
            "end": {"dateTime": f"{(start + timedelta(hours=1)).isoformat()}+00:00"},
            "organizer": {"email": self.manager1.email, "self": True},
            "attendees": [],
            "reminders": {"useDefault": False},
            "visibility": "public",
            "updated": LATER,
        }

    @contextmanager
    def _service(self, events):
        from odoo.addons.google_calendar.utils.google_calendar import GoogleCalendarService, GoogleEvent

        Event, Series = self.registry["calendar.event"], self.registry["calendar.recurrence"]
        Users = self.registry["res.users"]
        self.patched.clear()

        def noted(record, _service, _google_id, _values, **_options):
            self.patched.append(record.id)

        with (
            patch.object(Users, "_get_google_calendar_token", lambda user: "token"),
            patch.object(Users, "_get_google_sync_status", lambda user: "sync_active"),
            patch.object(GoogleCalendarService, "get_events", lambda *args, **options: (GoogleEvent(events), "n", ())),
            patch.object(Event, "_google_patch", noted),
            patch.object(Series, "_google_patch", noted),
            patch.object(Event, "_google_insert", lambda *args, **options: None),
            patch.object(Event, "_google_delete", lambda *args, **options: None),
            patch.object(Series, "_google_insert", lambda *args, **options: None),
            patch.object(Series, "_google_delete", lambda *args, **options: None),
        ):
            yield GoogleCalendarService(self.env["google.service"])

    def _receive(self, *events):
        self.env.flush_all()
        self.manager1.res_users_settings_id.sudo().google_calendar_sync_token = "before"
        with self._service(events) as service:
            # As its job does.
            self.manager1.with_user(self.manager1).sudo()._sync_google_calendar(service)
            self.env.flush_all()
        self.env.invalidate_all()

    def test_series_moved_there(self):
        series, events = self._series()
        series.sudo().write({"google_id": "series", "need_sync": False})
        events.sudo().write({"need_sync": False})
        reported = self._done(events[1])
        sent = {
            **self._sent(events[0], start=events[0].start + timedelta(hours=3)),
            "id": "series",
            "recurrence": ["RRULE:FREQ=WEEKLY;COUNT=3;BYDAY=MO"],
        }
        sent["start"]["timeZone"] = sent["end"]["timeZone"] = "Asia/Shanghai"
        self._receive(sent)
        self.assertEqual(str(reported.start), "2026-06-08 02:00:00")
        self.assertEqual(reported.visit_state, "done")
        self.assertFalse(reported.recurrence_id)
        self.assertEqual({event.start.hour for event in series.calendar_event_ids}, {5})

    def test_series_deleted_there(self):
        series, events = self._series()
        series.sudo().write({"google_id": "series", "need_sync": False})
        reported = self._done(events[1])
        sent = {**self._sent(events[0], deleted=True), "id": "series", "recurrence": ["RRULE:FREQ=WEEKLY;COUNT=3"]}
        self._receive(sent)
        self.assertTrue(reported.exists().active)
        self.assertEqual((events - reported).exists(), events.browse())


@tagged("post_install", "-at_install", "sales_dept_wide")
class TestVisitOutlook(VisitSyncTests, VisitCommon):
    def _known(self, visit, number):
        visit.sudo().write({"microsoft_id": number, "ms_universal_event_id": f"u-{number}", "need_sync_m": False})
        return visit

    def _id_of(self, visit):
        return visit.sudo().ms_universal_event_id

    def _ahead(self):
        visits = (self.reported | self.planned).exists()
        return [*visits.filtered("need_sync_m").ids, *self.patched]

    def _sent(self, visit, start=None, name=None, deleted=False):
        start, person = start or visit.start, self.manager1
        if deleted:
            ids = {"id": visit.sudo().microsoft_id, "iCalUId": visit.sudo().ms_universal_event_id}
            return {**ids, "@removed": {"reason": "deleted"}}
        return {
            "type": "singleInstance",
            "seriesMasterId": None,
            "id": visit.sudo().microsoft_id,
            "iCalUId": visit.sudo().ms_universal_event_id,
            "subject": name or visit.name,
            "body": {"content": "", "contentType": "text"},
            "start": {"dateTime": start.isoformat(), "timeZone": "UTC"},
            "end": {"dateTime": (start + timedelta(hours=1)).isoformat(), "timeZone": "UTC"},
            "attendees": [],
            "isAllDay": False,
            "isCancelled": False,
            "sensitivity": "normal",
            "showAs": "busy",
            "isOnlineMeeting": False,
            "onlineMeetingUrl": None,
            "isOrganizer": True,
            "isReminderOn": False,
            "location": {"displayName": ""},
            "organizer": {"emailAddress": {"address": person.email, "name": person.name}},
            "reminderMinutesBeforeStart": 15,
            "responseRequested": True,
            "responseStatus": {"response": "organizer", "time": "0001-01-01T00:00:00Z"},
            "lastModifiedDateTime": LATER,
        }

    def _receive(self, *events):
        from odoo.addons.microsoft_calendar.utils.microsoft_calendar import MicrosoftCalendarService, MicrosoftEvent

        Event, Users = self.registry["calendar.event"], self.registry["res.users"]
        self.patched.clear()
        self.env.flush_all()
        self.manager1.res_users_settings_id.sudo().microsoft_calendar_sync_token = "before"

        def noted(record, _user, _id, _values, **_options):
            # Odoo says so itself once it has left.
            self.patched.append(record.id)

        with (
            patch.object(Users, "_get_microsoft_calendar_token", lambda user: "token"),
            patch.object(Users, "_get_microsoft_sync_status", lambda user: "sync_active"),
            patch.object(MicrosoftCalendarService, "get_events", lambda *a, **options: (MicrosoftEvent(events), "n")),
            patch.object(Event, "_microsoft_patch", noted),
            patch.object(Event, "_microsoft_insert", lambda *args, **options: None),
            patch.object(Event, "_microsoft_delete", lambda *args, **options: None),
        ):
            self.manager1.with_user(self.manager1).sudo()._sync_microsoft_calendar()
            self.env.flush_all()
        self.env.invalidate_all()
