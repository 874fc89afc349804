import random
from datetime import date, datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .test_assignment import AssignmentCommon

RECORDED = {
    "visit_checkin_date": "2026-05-12 01:00:00",
    "visit_date": "2026-05-12",
    "visit_report_date": "2026-05-12 01:00:00",
    "visit_latitude": 31.2,
    "visit_longitude": 121.5,
}


class VisitCommon(AssignmentCommon):
    """A visit of the account manager's at 10:00 on 12 May 2026 in Shanghai, which is 02:00 UTC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id = cls.env["resource.calendar"].create(
            {"name": "Shanghai", "tz": "Asia/Shanghai"}
        )
        cls.customer.user_id = cls.manager1
        cls.buyer = cls.env["res.partner"].create(
            {"name": "Buyer", "parent_id": cls.customer.id, "phone": "+86 21 5000 1000"}
        )
        cls.visit = cls._visit()

    @classmethod
    def _visit(cls, user=None, start=datetime(2026, 5, 12, 2), **vals):
        user = user or cls.manager1
        return (
            cls.env["calendar.event"]
            .with_user(user)
            .with_context(no_mail_to_attendees=True)
            .create(
                {
                    "name": "Visit: Test Customer",
                    "start": start,
                    "stop": start + timedelta(hours=1),
                    "user_id": user.id,
                    "partner_ids": [Command.set(user.partner_id.ids)],
                    "visit_purpose": "negotiation",
                    "visit_partner_id": cls.customer.id,
                    **vals,
                }
            )
        )

    @classmethod
    def _done(cls, visit, result="interest", outcome="They want a sample."):
        """Report `visit` an hour after its beginning."""
        with freeze_time(visit.start + timedelta(hours=1)):
            visit.write({"visit_result": result, "visit_outcome": outcome})
            visit.action_visit_done()
            visit.flush_recordset()
        return visit


@tagged("post_install", "-at_install")
class TestVisit(VisitCommon):
    # === CHECK-IN AND REPORT === #

    def test_from_planned_to_done(self):
        visit = self.visit
        self.assertEqual(visit.visit_kind, "visit")
        self.assertEqual(visit.visit_phone, False)
        visit.visit_contact_ids = self.buyer
        self.assertEqual((visit.visit_phone, visit.visit_contact_names), (self.buyer.phone, "Buyer"))
        with freeze_time("2026-05-12 02:05:00"):
            self.assertEqual(visit.visit_state, "planned")
            self.assertTrue(visit.visit_may_check_in)
            visit.action_visit_check_in()
            self.assertEqual(visit.visit_state, "checked_in")
            self.assertFalse(visit.visit_may_check_in)
            with self.assertRefused("what came of"):
                visit.action_visit_done()
            visit.write({"visit_result": "order", "visit_outcome": "   "})
            with self.assertRefused("what came of"):
                visit.action_visit_done()
            visit.visit_outcome = "200 pieces in June"
            visit.action_visit_done()
        self.assertEqual(visit.visit_state, "done")
        self.assertEqual(str(visit.visit_date), "2026-05-12")
        self.assertEqual(visit.visit_reporter_id, self.manager1)
        self.assertEqual(str(visit.visit_report_date), "2026-05-12 02:05:00")

    def test_what_came_of_it_may_be_added_to(self):
        visit = self._done(self.visit)
        self._commit_tracking()
        visit.visit_outcome = "They want two samples."
        self._commit_tracking()
        tracked = visit.message_ids.sudo().tracking_value_ids.filtered(
            lambda value: value.field_id.name == "visit_outcome"
        )
        self.assertIn("They want a sample.", tracked.mapped("old_value_text"))

    def _commit_tracking(self):
        self.env.flush_all()
        self.env.cr.precommit.run()

    def test_check_in_once(self):
        with freeze_time("2026-05-12 02:05:00"):
            self.visit.action_visit_check_in()
        with freeze_time("2026-05-12 02:45:00"):
            self.visit.action_visit_check_in(31.2, 121.5)
        self.assertEqual(str(self.visit.visit_checkin_date), "2026-05-12 02:05:00")
        self.assertFalse(self.visit.sudo().visit_latitude)

    def test_done_once(self):
        visit = self._done(self.visit)
        with freeze_time("2026-06-01 02:00:00"):
            visit.action_visit_done()
        self.assertEqual(str(visit.visit_report_date), "2026-05-12 03:00:00")

    def test_it_is_locked_before_it_is_looked_at(self):
        """Who taps twice at the same moment is told; see tests/test_customer_care.py."""
        self.env.flush_all()
        seen = []
        Event = self.registry["calendar.event"]
        locked = Event.try_lock_for_update

        def lock(records, **options):
            seen.append(records.visit_checkin_date)
            return locked(records, **options)

        with freeze_time("2026-05-12 02:05:00"):
            with (
                patch.object(Event, "try_lock_for_update", lambda records, **options: records.browse()),
                self.assertRefused("is being written by somebody else right now"),
            ):
                self.visit.action_visit_check_in()
            with patch.object(Event, "try_lock_for_update", lock):
                self.visit.action_visit_check_in()
        self.assertEqual(seen, [False])

    def test_check_in_on_its_day_of_the_company(self):
        """At 07:30 in Shanghai it is the day before in UTC."""
        early = self._visit(start=datetime(2026, 5, 11, 23, 30))
        for moment, allowed in (
            ("2026-05-11 15:59:59", False),
            ("2026-05-11 16:00:01", True),
            ("2026-05-12 15:59:59", True),
            ("2026-05-12 16:00:01", False),
        ):
            with freeze_time(moment), self.subTest(moment=moment):
                early.invalidate_recordset()
                self.assertEqual(early.visit_may_check_in, allowed)
                if not allowed:
                    with self.assertRefused("is planned for"):
                        early.action_visit_check_in()
        with freeze_time("2026-05-11 23:40:00"):
            early.action_visit_check_in()
            early.write({"visit_result": "neutral", "visit_outcome": "Nobody there"})
            early.action_visit_done()
        self.assertEqual(str(early.visit_date), "2026-05-12")

    def test_day_of_a_whole_day(self):
        visit = self._visit(allday=True, start_date="2026-05-12", stop_date="2026-05-12")
        with freeze_time("2026-05-12 15:59:59"):
            self.assertEqual(visit.visit_state, "planned")
        visit.invalidate_recordset()
        with freeze_time("2026-05-12 16:00:01"):
            self.assertEqual(visit.visit_state, "not_reported")
            visit.write({"visit_result": "neutral", "visit_outcome": "Fair"})
            visit.action_visit_done()
        self.assertEqual(str(visit.visit_date), "2026-05-12")

    def test_refused_check_ins(self):
        with freeze_time("2026-05-12 02:05:00"):
            with self.assertRefused("Only whoever visits"):
                self.visit.with_user(self.director).action_visit_check_in()
            call = self._visit(visit_kind="call")
            with self.assertRefused("no visit on site"):
                call.action_visit_check_in()
            meeting = self.env["calendar.event"].with_user(self.manager1).create({"name": "Lunch"})
            for action in ("action_visit_check_in", "action_visit_done", "action_visit_cancel"):
                with self.assertRefused("is no visit: choose its purpose"):
                    getattr(meeting, action)()
            self.visit.action_visit_cancel()
            self.assertEqual(self.visit.visit_state, "cancelled")
            with self.assertRefused("is cancelled"):
                self.visit.action_visit_check_in()
            self.visit.write({"visit_result": "neutral", "visit_outcome": "None"})
            with self.assertRefused("is cancelled"):
                self.visit.action_visit_done()

    def test_refused_reports(self):
        self.visit.write({"visit_result": "neutral", "visit_outcome": "None"})
        with freeze_time("2026-05-12 01:59:00"), self.assertRefused("is still to come"):
            self.visit.action_visit_done()
        self.visit.visit_partner_id = False
        with freeze_time("2026-05-12 03:00:00"), self.assertRefused("Say which customer"):
            self.visit.action_visit_done()

    def test_place(self):
        with freeze_time("2026-05-12 02:05:00"):
            self.visit.action_visit_check_in(31.23, 121.47)
        self.assertFalse(self.visit.sudo().visit_latitude, "the company does not ask for it")
        self.company.sales_dept_visit_position = True
        with freeze_time("2026-05-12 02:05:00"):
            for latitude, longitude in ((91, 0), (0, -181), ("north", 3), (float("nan"), 0)):
                visit = self._visit()
                self.assertTrue(visit.visit_asks_position)
                with self.assertRefused("no place on earth"):
                    visit.action_visit_check_in(latitude, longitude)
                visit.action_visit_check_in()
                self.assertTrue(visit.visit_checkin_date)
            visit = self._visit()
            visit.action_visit_check_in(31.23, 121.47)
        self.assertEqual(visit.with_user(self.director).visit_latitude, 31.23)
        self.env.invalidate_all()
        for user in (self.manager1, self.manager2, self.assistant, self.outsider):
            with self.assertRaises(AccessError):
                visit.with_user(user).read(["visit_latitude"])

    def test_state_in_python_and_in_sql(self):
        """A random history: each state by search, by group and by record."""
        chance = random.Random(12)
        visits = self.visit
        for _number in range(24):
            start = datetime(2026, 5, 1) + timedelta(hours=chance.randrange(24 * 20))
            visit = self._visit(start=start, allday=chance.random() < 0.3)
            if chance.random() < 0.3:
                visit._write_protected({"visit_checkin_date": start})
            if chance.random() < 0.3:
                visit._write_protected({"visit_date": start.date()})
            elif chance.random() < 0.2:
                visit.active = False
            visits |= visit
        ordinary = self.env["calendar.event"].with_user(self.manager1).create({"name": "Lunch"})
        Event = self.env["calendar.event"].with_user(self.manager1).with_context(active_test=False)
        of_these = [("id", "in", (visits | ordinary).ids)]
        with freeze_time("2026-05-10 08:00:00"):
            self.env.flush_all()
            self.env.invalidate_all()
            by_record = {}
            for visit in Event.browse((visits | ordinary).ids):
                by_record.setdefault(visit.visit_state, set()).add(visit.id)
            self.assertEqual(len(by_record), 6, "all of them, and none")
            for state, ids in by_record.items():
                self.assertEqual(set(Event.search([*of_these, ("visit_state", "=", state)]).ids), ids, state)
            found = Event.search([*of_these, ("visit_state", "in", ["planned", False])])
            self.assertEqual(set(found.ids), by_record["planned"] | by_record[False])
            self.assertEqual(
                found.filtered_domain([("visit_state", "=", "planned")]).mapped("visit_state")[0], "planned"
            )
            grouped = dict(Event._read_group(of_these, ["visit_state"], ["__count"]))
            self.assertEqual(grouped, {state: len(ids) for state, ids in by_record.items()})

    # === KEPT === #

    def test_recorded_by_the_system(self):
        for name, value in RECORDED.items():
            with self.subTest(field=name), self.assertRefused("cannot be set by hand", AccessError):
                self.visit.with_user(self.director).write({name: value})
            with self.subTest(field=name), self.assertRefused("cannot be set by hand", AccessError):
                self._visit(**{name: value})
        with self.assertRefused("cannot be set by hand", AccessError):
            self.visit.write({"visit_reporter_id": self.manager2.id})

    def test_a_reported_visit_stays(self):
        visit = self._done(self.visit)
        for vals in (
            {"visit_partner_id": self.buyer.id},
            {"visit_purpose": False},
            {"visit_kind": "call"},
            {"start": "2026-04-12 02:00:00"},
            {"duration": 3},
            {"user_id": self.manager2.id},
            {"active": False},
        ):
            with self.subTest(vals=vals), self.assertRefused("is reported"):
                visit.write(vals)
        for attempt in (visit.unlink, visit.action_archive, visit.action_visit_cancel):
            with self.assertRefused("is reported"):
                attempt()
        with self.assertRefused("is reported"):
            visit.with_user(self.director).unlink()
        other = self._visit()
        other.unlink()
        self.assertFalse(other.exists())

    def test_kept_counterfactual(self):
        visit = self._done(self.visit)
        self.patch(self.registry["calendar.event"], "_check_visit_not_done", lambda self: None)
        visit.unlink()
        self.assertFalse(visit.exists())

    def test_a_copy_is_a_plan(self):
        copy = self._done(self.visit).copy({"start": datetime(2026, 6, 12, 2), "stop": datetime(2026, 6, 12, 3)})
        self.assertEqual((copy.visit_purpose, copy.visit_partner_id), ("negotiation", self.customer))
        self.assertFalse(copy.visit_outcome or copy.visit_result or copy.visit_date or copy.visit_report_date)

    # === WHO MAY === #

    def test_who_writes(self):
        for user in (self.manager1, self.assistant, self.director, self.gm):
            self.visit.with_user(user).visit_outcome = user.login
            self.assertEqual(self.visit.visit_outcome, user.login)
        for user in (self.manager2, self.finance, self.engineering, self.outsider):
            theirs = self.visit.with_user(user)
            for vals in (
                {"visit_outcome": "No"},
                {"visit_partner_id": False},
                {"visit_purpose": False},
                {"user_id": user.id},
                {"start": "2026-05-13 02:00:00"},
                {"active": False},
            ):
                with self.subTest(user=user.login, vals=vals), self.assertRefused("who makes it", AccessError):
                    theirs.write(vals)
            for attempt in (theirs.unlink, theirs.action_visit_done, theirs.action_visit_cancel):
                with self.subTest(user=user.login), self.assertRefused("who makes it", AccessError):
                    attempt()
            self.assertFalse(theirs.visit_may_report)
        lunch = self.env["calendar.event"].with_user(self.director).create({"name": "Lunch"})
        with self.assertRefused("who makes it", AccessError):
            lunch.with_user(self.manager2).visit_purpose = "other"
        lunch.with_user(self.manager2).start = "2026-05-13 02:00:00"

    def test_who_writes_counterfactual(self):
        self.patch(self.registry["calendar.event"], "_may_report_visit", lambda self: True)
        self.visit.with_user(self.manager2).visit_outcome = "Yes"
        self.assertEqual(self.visit.visit_outcome, "Yes")

    def test_customers_see_nothing_of_it(self):
        self.visit.partner_ids |= self.portal_user.partner_id
        self.visit.visit_outcome = "Price limit 90"
        event = self.visit.with_user(self.portal_user)
        self.assertEqual(event.read(["name"])[0]["name"], "Visit: Test Customer")
        for name in ("visit_outcome", "visit_result", "visit_purpose", "visit_state", "visit_partner_id"):
            with self.subTest(field=name), self.assertRaises(AccessError):
                event.read([name])
        with self.assertRaises(AccessError):
            event.search([("visit_state", "=", "planned")])

    def test_private_visits(self):
        visit = self._done(self.visit)
        visit.write({"visit_outcome": "Xylophone", "privacy": "private", "visit_contact_ids": self.buyer.ids})
        self.env.flush_all()
        Event = self.env["calendar.event"]
        domains = [
            [("visit_outcome", "ilike", "xylo")],
            [("visit_purpose", "=", "negotiation")],
            [("visit_partner_id.name", "ilike", "Test Customer")],
            [("visit_state", "=", "done")],
            ["!", ("visit_state", "!=", "done")],
            [("visit_date", "=", "2026-05-12")],
        ]
        for user, sees in ((self.manager2, False), (self.director, False), (self.manager1, True)):
            self.env.invalidate_all()
            theirs = visit.with_user(user)
            values = theirs.read(["visit_outcome", "visit_partner_id", "visit_state", "visit_contact_names"])[0]
            values.pop("id")
            self.assertEqual(any(values.values()), sees, values)
            for domain in domains:
                with self.subTest(user=user.login, domain=domain):
                    found = Event.with_user(user).search([("id", "=", visit.id), *domain])
                    self.assertEqual(found, visit if sees else Event)
            groups = Event.with_user(user)._read_group([("id", "=", visit.id)], ["visit_state"], ["__count"])
            self.assertEqual(bool(groups), sees)
        visit.privacy = "public"
        for user in (self.manager2, self.director):
            self.assertEqual(Event.with_user(user).search([("id", "=", visit.id), *domains[0]]), visit)

    # === SERIES === #

    def test_series(self):
        """Each visit of a series is one; what was reported stays when the series is moved or deleted."""
        for method in ("move", "action_mass_deletion", "action_mass_archive"):
            with self.subTest(method=method):
                first = self._visit(
                    start=datetime(2026, 6, 1, 2),
                    recurrency=True,
                    rrule_type="weekly",
                    mon=True,
                    event_tz="Asia/Shanghai",
                    end_type="count",
                    count=4,
                )
                events = first.recurrence_id.calendar_event_ids.sorted("start")
                self.assertEqual(events.mapped("visit_purpose"), ["negotiation"] * 4)
                self.assertEqual(events.visit_partner_id, self.customer)
                done = self._done(events[1])
                if method == "move":
                    events[0].write(
                        {
                            "recurrence_update": "all_events",
                            "start": events[0].start + timedelta(hours=3),
                            "stop": events[0].stop + timedelta(hours=3),
                        }
                    )
                else:
                    getattr(events[0], method)("all_events")
                self.assertTrue(done.exists() and done.active)
                self.assertEqual(str(done.start), "2026-06-08 02:00:00")
                self.assertEqual(done.visit_state, "done")
                self.assertFalse(done.recurrence_id)

    def test_ordinary_events_are_unchanged(self):
        event = self.env["calendar.event"].with_user(self.director).create({"name": "Lunch"})
        for name in ("visit_purpose", "visit_kind", "visit_state", "visit_may_report", "visit_may_check_in"):
            self.assertFalse(event[name], name)
        event.with_user(self.outsider).write({"name": "Late lunch", "duration": 2})
        event.with_user(self.outsider).unlink()

    # === FROM THE DIALOG === #

    def _dialog(self, action, user=None, **vals):
        return (
            self.env["sales.visit.plan"].with_user(user or self.manager1).with_context(**action["context"]).create(vals)
        )

    def test_plan(self):
        with freeze_time("2026-05-12 02:20:00"):
            wizard = self._dialog(self.customer.action_plan_visit(), note="Bring the drawing\n<A4>")
            self.assertEqual((wizard.partner_id, wizard.visit_kind), (self.customer, "visit"))
            self.assertEqual(str(wizard.start), "2026-05-12 03:00:00")
            event = self.env["calendar.event"].browse(wizard.action_plan()["res_id"])
        self.assertEqual(event.visit_partner_id, self.customer)
        self.assertEqual(event.name, "Visit: Test Customer Ltd")
        self.assertEqual((event.user_id, event.partner_ids), (self.manager1, self.manager1.partner_id))
        self.assertIn("Bring the drawing<br>&lt;A4&gt;", event.description, "what was typed is text")
        self.assertFalse(event.visit_date)

    def test_nobody_at_the_customer_gets_mail(self):
        before = self.env["mail.mail"].search_count([])
        wizard = self._dialog(
            self.customer.action_plan_visit(), contact_ids=self.buyer.ids, start=datetime.now() + timedelta(days=3)
        )
        event = self.env["calendar.event"].browse(wizard.action_plan()["res_id"])
        self.assertEqual(event.visit_contact_ids, self.buyer)
        self.assertEqual(self.env["mail.mail"].search_count([]), before)

    def test_log_a_call(self):
        with freeze_time("2026-05-12 02:20:00"):
            wizard = self._dialog(self.customer.action_log_call())
            self.assertEqual((wizard.visit_kind, wizard.is_report), ("call", True))
            with self.assertRefused("what came of it"):
                wizard.action_plan()
            wizard.write({"visit_result": "neutral", "visit_outcome": "All is well"})
            wizard.start = "2026-05-12 02:21:00"
            with self.assertRefused("did not begin in the future"):
                wizard.action_plan()
            wizard.write({"start": "2026-05-12 02:20:00", "duration": 0})
            with self.assertRefused("how long"):
                wizard.action_plan()
            wizard.duration = 0.25
            wizard.action_plan()
        call = self.env["calendar.event"].search([("visit_outcome", "=", "All is well")])
        self.assertEqual((call.visit_kind, call.visit_state, str(call.visit_date)), ("call", "done", "2026-05-12"))

    def test_assistant_plans_for_others(self):
        wizard = self._dialog(self.customer.action_plan_visit(), self.assistant, user_id=self.manager1.id)
        event = self.env["calendar.event"].browse(wizard.action_plan()["res_id"])
        self.assertEqual(event.user_id, self.manager1)

    def test_form(self):
        view = "sales_dept_roles.view_calendar_event_visit_form"
        Event = self.env["calendar.event"].with_user(self.manager1).with_context(default_visit_purpose="collection")
        with Form(Event, view=view) as form:
            form.visit_partner_id = self.customer
            self.assertEqual(form.name, "Visit: Test Customer Ltd")
            self.assertEqual(form.visit_kind, "visit")
        self.assertEqual(form.record.visit_state, "planned")

    # === FOLLOW-UPS, PAPER, REGISTER === #

    def test_follow_up(self):
        action = self.visit.action_meeting_follow_up()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.manager1)
            .with_context(**action["context"])
            .create({"name": "Send the sample", "user_ids": [Command.set(self.engineering.ids)]})
        )
        wizard.action_give()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.visit.follow_up_ids.user_id, self.engineering)
        self.assertEqual(self.visit.open_follow_up_count, 1)

    def test_print(self):
        visit = self._done(self.visit)
        visit.write({"visit_contact_ids": self.buyer.ids, "visit_product_ids": self.product.ids})
        visits = visit | self._visit(start=datetime(2026, 5, 14, 2), visit_purpose="collection")
        visits |= self.env["calendar.event"].with_user(self.manager1).create({"name": "Dentist"})
        Report = self.env["ir.actions.report"].with_user(self.manager1)
        sheet = Report._render_qweb_html("sales_dept_roles.report_visit", visits.ids)[0].decode()
        plan = Report._render_qweb_html("sales_dept_roles.report_visit_plan", visits.ids)[0].decode()
        for text in ("Test Customer Ltd", "Buyer", "Precision Shaft", "They want a sample.", "Interested"):
            self.assertIn(text, sheet)
        for text in ("Test Customer Ltd", "Collection", "Negotiation", "manager1_test"):
            self.assertIn(text, plan)
        self.assertNotIn("Dentist", sheet + plan)

    def test_register(self):
        visit = self._done(self.visit)
        private = self._visit(self.manager2, privacy="private", name="Secret")
        lunch = self.env["calendar.event"].with_user(self.manager1).create({"name": "Lunch"})
        Event = self.env["calendar.event"].with_user(self.manager1)
        self.env.flush_all()
        self.env.invalidate_all()
        chosen = Event._register_records((visit | private | lunch).ids)
        self.assertEqual(chosen, visit)
        everything = Event._register_records([])
        self.assertIn(visit, everything)
        self.assertFalse(everything & (private | lunch))
        self.assertTrue(visit._register_file().read())
        with self.assertRaises(UserError):
            Event._register_records(lunch.ids)

    def test_list_queries(self):
        visits = self.visit
        for _number in range(7):
            visits |= self._visit()

        def queries(number):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            visits[:number].with_user(self.director).read(
                ["visit_state", "visit_may_report", "visit_may_check_in", "visit_phone", "visit_contact_names"]
            )
            return self.env.cr.sql_log_count - before

        queries(8)
        self.assertEqual(queries(8), queries(4))

    def test_merged_customers(self):
        visit = self._done(self.visit)
        twice = self.env["res.partner"].create({"name": "Test Customer, entered twice", "is_company": True})
        visit.visit_contact_ids = self.buyer
        other = self._done(self._visit(visit_partner_id=twice.id, start=datetime(2026, 5, 20, 2)))
        other.visit_contact_ids = twice
        self.env.flush_all()
        self.env["base.partner.merge.automatic.wizard"].create({})._merge((twice | self.customer).ids, self.customer)
        self.env.invalidate_all()
        self.assertEqual((visit | other).visit_partner_id, self.customer)
        self.assertEqual(other.visit_contact_ids, self.customer)
        self.assertEqual(self.customer.with_user(self.manager1).visit_count, 2)
        self.assertEqual(self.customer.contact_last_date, date(2026, 5, 20))
