import random
from collections import defaultdict
from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta

from odoo.tests import freeze_time, tagged

from .kpi_common import KpiCommon

SEED = 12
MONTHS = ("2026-02-01", "2026-03-01", "2026-04-01")
# The last moment of March in Shanghai, and other times.
NOWS = (datetime(2026, 3, 12, 4), datetime(2026, 3, 31, 15, 59), datetime(2026, 7, 1))


@tagged("post_install", "-at_install")
class TestKpiSourceVisits(KpiCommon):
    """Customers contacted as planned, of those who fell due in the month."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kpi = cls.env["sales.kpi"].with_context(active_test=False).search([("source", "=", "visits")], limit=1)
        cls.monthly, cls.quarterly = (cls._class(number, "month") for number in (1, 3))

    @classmethod
    def _class(cls, number, unit, kind="any"):
        return cls.env["sales.contact.class"].create(
            {
                "name": f"Every {number} {unit} by {kind}",
                "interval_number": number,
                "interval_unit": unit,
                "contact_kind": kind,
            }
        )

    @classmethod
    def _planned(cls, name, contact_class, user=None, since="2026-01-10"):
        with freeze_time(f"{since} 02:00:00"):
            customer = cls.env["res.partner"].create(
                {
                    "name": name,
                    "is_company": True,
                    "company_id": cls.company.id,
                    "user_id": (user if user is not None else cls.manager1).id,
                    "contact_class_id": contact_class.id,
                }
            )
            cls.env.flush_all()
        return customer

    @classmethod
    def _contact(cls, customer, day, kind="visit", user=None, done=True):
        start = datetime.combine(day if isinstance(day, date) else date.fromisoformat(day), datetime.min.time())
        event = (
            cls.env["calendar.event"]
            .with_user(user or cls.manager1)
            .with_context(no_mail_to_attendees=True)
            .create(
                {
                    "name": "Contact",
                    "start": start,
                    "stop": start + timedelta(hours=1),
                    "visit_purpose": "relationship",
                    "visit_kind": kind,
                    "visit_partner_id": customer.id,
                }
            )
        )
        if done:
            event._write_protected({"visit_date": start.date()})
        return event

    def _of(self, day, user=None, now=None):
        return self._sums("visits", day, now).get(user or self.manager1, (0, 0, 0))

    def test_it_comes_archived(self):
        self.assertTrue(self.kpi)
        self.assertFalse(self.kpi.active)
        self.assertIn(self.env.ref("sales_dept_roles.duty_sales_representative_2"), self.kpi.duty_ids)

    def test_kept_and_missed(self):
        kept, missed, early = (self._planned(name, self.monthly) for name in ("Kept", "Missed", "Early"))
        self._planned("Not yet", self.quarterly)
        self._contact(kept, "2026-02-20")
        self._contact(early, "2026-02-02")
        self._contact(missed, "2026-02-12", done=False)
        self._contact(missed, "2026-03-01")
        reasons = {row["name"]: row["reason"] for row in self._evidence("visits", "2026-02-01")}
        self.assertEqual(reasons, {"Kept": "kept", "Missed": "missed", "Early": "kept"})
        self.assertEqual(self._of("2026-02-01"), (2, 3, 0))
        # While the month runs nothing is missed.
        self.assertEqual(self._of("2026-02-01", now=datetime(2026, 2, 28, 15, 59)), (2, 2, 1))
        self.assertEqual(self._of("2026-02-01", now=datetime(2026, 2, 28, 16, 1)), (2, 3, 0))
        self.assertEqual(self._of("2026-01-01"), (0, 0, 0), "planned since then, due a month later")

    def test_overdue_ones_are_due_each_month(self):
        forgotten = self._planned("Forgotten", self.quarterly)
        for month in ("2026-04-01", "2026-05-01", "2026-06-01"):
            self.assertEqual(self._of(month), (0, 1, 0), month)
        self._contact(forgotten, "2026-05-31", kind="call", user=self.manager2)
        self.assertEqual(self._of("2026-05-01"), (1, 1, 0), "whoever called")
        self.assertEqual(self._of("2026-06-01"), (0, 0, 0))

    def test_by_visit_only(self):
        customer = self._planned("Visited", self._class(1, "month", "visit"))
        self._contact(customer, "2026-02-12", kind="call")
        self.assertEqual(self._of("2026-02-01"), (0, 1, 0))
        self._contact(customer, "2026-02-13")
        self.assertEqual(self._of("2026-02-01"), (1, 1, 0))

    def test_several_times_a_month(self):
        customer = self._planned("Weekly", self._class(1, "week"), since="2026-01-25")
        for day in ("2026-02-03", "2026-02-03", "2026-02-17"):
            self._contact(customer, day)
        # On the 1st, 8th, 15th and 22nd; twice on one day is once.
        self.assertEqual(self._of("2026-02-01"), (2, 4, 0))
        self.assertEqual(self._evidence("visits", "2026-02-01")[0]["reason"], "partly")

    def test_result_and_evidence(self):
        self.kpi.active = True
        customer = self._planned("Kept", self.monthly)
        self._contact(customer, "2026-02-20")
        self._planned("Missed", self.monthly)
        month = self._compute("2026-02-01")
        result = self._result(month, "visits", self.manager1)
        self.assertEqual((result.numerator, result.denominator, result.value), (1, 2, 50))
        self.assertEqual(sorted(result.evidence_ids.mapped("reason")), ["kept", "missed"])
        self.assertTrue(all(result.evidence_ids.mapped("reason_text")))

    def test_other_companies(self):
        customer = self._planned("Theirs", self.monthly)
        customer.company_id = self.env["res.company"].create({"name": "Other"})
        self.assertEqual(self._of("2026-02-01"), (0, 0, 0))
        found = self._sums("visits", "2026-02-01", company=customer.company_id)
        self.assertEqual(found, {self.manager1: (0, 1, 0)})

    # === RANDOM === #

    def test_random(self):
        """What one statement says of all is what a walk from day to day says of each customer."""
        chance = random.Random(SEED)
        classes = [
            self.monthly,
            self.quarterly,
            self._class(2, "month", "visit"),
            self._class(9, "day"),
            self._class(2, "week", "visit"),
            self._class(45, "day"),
        ]
        people = [self.manager1, self.manager2, self.env["res.users"]]
        customers = []
        for number in range(30):
            since = date(2025, 11, 1) + timedelta(days=chance.randrange(150))
            customer = self._planned(f"C{number}", chance.choice(classes), chance.choice(people), since.isoformat())
            contacts = []
            for _number in range(chance.randrange(6)):
                day = date(2025, 11, 15) + timedelta(days=chance.randrange(170))
                kind, done = chance.choice(("visit", "call", "online")), chance.random() < 0.8
                self._contact(customer, day, kind, done=done)
                if done:
                    contacts.append((day, kind))
            customers.append((customer, since, contacts))
        compared = 0
        for month in MONTHS:
            for now in NOWS:
                expected = self._walk(customers, date.fromisoformat(month), self.company._local_day(now))
                found = {user: sums for user, sums in self._sums("visits", month, now).items() if any(sums)}
                self.assertEqual(found, expected, (month, now))
                compared += len(expected)
        self.assertGreater(compared, 20, "Histories that say nothing prove nothing")

    def _walk(self, customers, month, today):
        sums = defaultdict(lambda: [0, 0, 0])
        after = month + relativedelta(months=1)
        for customer, since, contacts in customers:
            contact_class = customer.contact_class_id
            days = {day for day, kind in contacts if contact_class.contact_kind == "any" or kind == "visit"}
            unit = {"day": "days", "week": "weeks", "month": "months"}[contact_class.interval_unit]
            interval = relativedelta(**{unit: contact_class.interval_number})
            before = [day for day in days if day < month]
            day = max(max(before) + interval, since) if before else since + interval
            day = max(day, month)
            wanted = 0
            while day < after:
                wanted += 1
                day += interval
            made = min(wanted, len([day for day in days if month <= day < after]))
            running = today < after
            for position, value in enumerate((made, made if running else wanted, wanted - made if running else 0)):
                sums[customer.user_id][position] += value
        return {user: tuple(values) for user, values in sums.items() if any(values)}
