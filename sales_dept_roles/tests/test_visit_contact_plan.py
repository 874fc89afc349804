import random
from datetime import date, datetime, timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .test_visit import VisitCommon


@tagged("post_install", "-at_install")
class TestVisitContactPlan(VisitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.class_a = cls.env.ref("sales_dept_roles.contact_class_a")
        cls.class_b = cls.env.ref("sales_dept_roles.contact_class_b")
        with freeze_time("2026-01-10 02:00:00"):
            cls.customer.with_user(cls.director).contact_class_id = cls.class_a
            cls.env.flush_all()

    @classmethod
    def _due(cls, partner=None, user=None, now="2026-05-20 02:00:00"):
        """The row of `partner` in the contact plan, read as of `now`."""
        cls.env.flush_all()
        cls.env.invalidate_all()
        with freeze_time(now):
            row = (
                cls.env["sales.contact.due"]
                .with_user(user or cls.director)
                .search([("partner_id", "=", (partner or cls.customer).id)])
            )
            row.mapped("state")
            return row

    def _contact(self, day, kind="visit", partner=None):
        hour = datetime.fromisoformat(f"{day} 02:00:00")
        partner = partner or self.customer
        return self._done(self._visit(start=hour, visit_kind=kind, visit_partner_id=partner.id))

    # === DAYS === #

    def test_due_days(self):
        self.assertEqual(self.customer.contact_class_date, date(2026, 1, 10))
        row = self._due()
        self.assertEqual((row.last_date, row.date_due, row.state), (False, date(2026, 2, 10), "overdue"))
        self._contact("2026-04-30")
        row = self._due()
        self.assertEqual((row.last_date, row.date_due, row.state), (date(2026, 4, 30), date(2026, 5, 30), "due"))
        self.assertEqual((row.days_since, row.days_overdue), (20, 0))
        for now, state, overdue in (
            ("2026-04-30 15:59:00", "later", 0),
            ("2026-04-30 16:01:00", "due", 0),
            ("2026-05-30 15:59:00", "due", 0),
            # Half past midnight in Shanghai.
            ("2026-05-30 16:30:00", "overdue", 1),
        ):
            row = self._due(now=now)
            self.assertEqual((row.state, row.days_overdue), (state, overdue), now)
        self.assertEqual(self.customer.contact_last_date, date(2026, 4, 30))
        self.assertEqual(self.customer.contact_due_date, date(2026, 5, 30))

    def test_without_a_company_days_are_those_of_utc(self):
        self.class_a.company_id = False
        partner = self.env["res.partner"].create({"name": "Nobody's", "is_company": True})
        with freeze_time("2026-04-30 02:00:00"):
            (partner | self.customer).contact_class_id = self.class_a
            self.env.flush_all()
        self._contact("2026-04-30")
        # Half past midnight in Shanghai.
        for whose, state in ((self.customer, "overdue"), (partner, "due")):
            row = self._due(whose, now="2026-05-30 16:30:00")
            self.assertEqual((row.date_due, row.state), (date(2026, 5, 30), state), whose.name)

    def test_the_last_contact_of_several_people(self):
        other = self.env["res.partner"].create({"name": "Ms Qian", "parent_id": self.customer.id})
        self._contact("2026-05-04", partner=other)
        self._contact("2026-05-11", kind="call", partner=self.buyer)
        self._contact("2026-05-02")
        self.assertEqual(self._due().mapped("last_date"), [date(2026, 5, 11)])
        self.class_a.contact_kind = "visit"
        self.assertEqual(self._due().mapped("last_date"), [date(2026, 5, 4)])

    def test_a_contact_of_a_person_is_one_of_the_customer(self):
        self._contact("2026-05-04", partner=self.buyer)
        self.assertEqual(self._due().last_date, date(2026, 5, 4))
        self.assertFalse(self._due(self.buyer), "one row a customer")
        self.assertEqual(self.buyer.contact_last_date, date(2026, 5, 4))

    def test_what_is_not_reported_is_no_contact(self):
        self._visit(start=datetime(2026, 5, 4, 2))
        cancelled = self._visit(start=datetime(2026, 5, 25, 2))
        self.assertFalse(self._due().last_date)
        self.assertEqual(self._due().planned_date, datetime(2026, 5, 25, 2))
        cancelled.action_visit_cancel()
        self.assertFalse(self._due().planned_date)

    def test_kind_of_contact(self):
        self._contact("2026-04-02")
        self._contact("2026-05-04", kind="call")
        self.assertEqual(self._due().last_date, date(2026, 5, 4))
        self.class_a.contact_kind = "visit"
        self.assertEqual(self._due().last_date, date(2026, 4, 2))

    def test_a_new_class_does_not_reach_back(self):
        with freeze_time("2026-01-12 02:00:00"):
            self.customer.contact_class_id = self.class_b
            self.env.flush_all()
        self._contact("2026-01-20")
        self.assertEqual(self._due().date_due, date(2026, 4, 20))
        with freeze_time("2026-04-15 02:00:00"):
            self.customer.contact_class_id = self.class_a
            self.env.flush_all()
        self.assertEqual(self._due().date_due, date(2026, 4, 15), "not in February, when nobody knew of it")
        self.customer.contact_class_id = False
        self.assertEqual((self._due().state, self._due().date_due), ("none", False))

    def test_who_stands_in_it(self):
        """Customers, whoever has a class, and prospects that were contacted."""
        prospect = self.env["res.partner"].create({"name": "Prospect", "is_company": True})
        self.assertFalse(self._due(prospect))
        self._contact("2026-05-04", partner=prospect)
        self.assertEqual((self._due(prospect).state, self._due(prospect).days_since), ("none", 16))
        buying = self.env["res.partner"].create({"name": "Buys", "is_company": True, "customer_rank": 1})
        self.assertEqual((self._due(buying).state, self._due(buying).last_date), ("none", False))
        buying.active = False
        self.assertFalse(self._due(buying))

    def test_python_and_sql(self):
        """The rule of due days is stated twice: both say the same, for random days and intervals."""
        chance = random.Random(7)
        Class = self.env["sales.contact.class"]
        for number in range(60):
            contact_class = Class.new(
                {"interval_number": chance.randint(1, 40), "interval_unit": chance.choice(("day", "week", "month"))}
            )
            since = date(2026, 1, 1) + timedelta(days=chance.randrange(400))
            last = chance.random() < 0.7 and date(2025, 1, 1) + timedelta(days=chance.randrange(700))
            expected = Class._due_day(last, since, contact_class._interval())
            query = SQL(
                "SELECT %s FROM (SELECT %s AS interval_number, %s AS interval_unit, %s::date AS last,"
                " %s::date AS since) kind",
                Class._due_day_sql(SQL("kind.last"), SQL("kind.since"), Class._interval_sql("kind")),
                contact_class.interval_number,
                contact_class.interval_unit,
                last or None,
                since,
            )
            self.assertEqual(self.env.execute_query(query)[0][0], expected, (number, last, since))

    def test_bad_intervals(self):
        for number in (0, -1, 367):
            with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
                self.class_a.interval_number = number
                self.env.flush_all()

    # === WHO MAY === #

    def test_who_sees_which_customers(self):
        other = self.env["res.partner"].create(
            {"name": "Other", "is_company": True, "user_id": self.manager2.id, "contact_class_id": self.class_b.id}
        )
        nobody = self.env["res.partner"].create(
            {"name": "Nobody's", "is_company": True, "contact_class_id": self.class_b.id}
        )
        for user, sees in (
            (self.manager1, self.customer | nobody),
            (self.manager2, other | nobody),
            (self.director, self.customer | other | nobody),
            (self.gm, self.customer | other | nobody),
            (self.assistant, self.customer | other | nobody),
        ):
            found = (self.customer | other | nobody).filtered(lambda partner, user=user: self._due(partner, user))
            self.assertEqual(found, sees, user.login)
        for user in (self.outsider, self.engineering, self.portal_user):
            with self.assertRaises(AccessError):
                self._due(user=user)

    def test_who_decides_how_often(self):
        for user in (self.director, self.gm, self.assistant):
            self.customer.with_user(user).contact_class_id = self.class_b
            self.customer.with_user(user).contact_class_id = self.class_a
        for user in (self.manager1, self.finance):
            with self.assertRefused("decided by the heads", AccessError):
                self.customer.with_user(user).contact_class_id = False
        with self.assertRefused("decided by the heads", AccessError):
            self.env["res.partner"].with_user(self.manager1).create(
                {"name": "New", "contact_class_id": self.class_b.id}
            )
        made = (
            self.env["res.partner"]
            .with_user(self.manager1)
            .with_context(default_contact_class_id=self.class_b.id)
            .create({"name": "New"})
        )
        self.assertFalse(made.sudo().contact_class_id)
        with self.assertRefused("cannot be set by hand", AccessError):
            self.customer.with_user(self.director).contact_class_date = "2020-01-01"
        for user in (self.manager1, self.assistant):
            with self.assertRaises(AccessError):
                self.class_a.with_user(user).interval_number = 12

    def test_who_decides_counterfactual(self):
        self.patch(self.registry["res.partner"], "_may_plan_contacts", lambda self: True)
        self.customer.with_user(self.manager1).contact_class_id = False
        self.assertFalse(self.customer.contact_class_id)

    def test_other_companies(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.customer.company_id = self.company
        stranger = self._create_role_user("stranger_due", "group_director")
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        self.assertFalse(self._due(user=stranger))

    # === WORK === #

    def test_one_tap(self):
        row = self._due(user=self.manager1)
        for action, model in (
            (row.action_plan_visit(), "sales.visit.plan"),
            (row.action_log_call(), "sales.visit.plan"),
            (row.action_open_customer(), "res.partner"),
            (row.action_open_contacts(), "calendar.event"),
        ):
            self.assertEqual(action["res_model"], model)
        self._contact("2026-05-04")
        found = self.env["calendar.event"].with_user(self.manager1).search(row.action_open_contacts()["domain"])
        self.assertEqual(len(found), 2)

    def test_list_queries(self):
        partners = self.env["res.partner"].create(
            [{"name": f"C{number}", "is_company": True, "contact_class_id": self.class_a.id} for number in range(8)]
        )
        Due = self.env["sales.contact.due"].with_user(self.director)

        def queries(number):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            Due.search_fetch(
                [("id", "in", partners[:number].ids)], ["partner_id", "contact_class_id", "date_due", "state", "phone"]
            ).mapped("phone")
            return self.env.cr.sql_log_count - before

        queries(8)
        self.assertEqual(queries(8), queries(4))

    def test_merged_customers(self):
        """Class and contacts of both."""
        twice = self.env["res.partner"].create({"name": "Entered twice", "is_company": True})
        self._contact("2026-05-11", partner=twice)
        self.env.flush_all()
        self.env["base.partner.merge.automatic.wizard"].create({})._merge((self.customer | twice).ids, twice)
        row = self._due(twice)
        self.assertEqual((row.contact_class_id, row.last_date), (self.class_a, date(2026, 5, 11)))
        self.assertEqual((row.date_due, twice.contact_class_date), (date(2026, 6, 11), date(2026, 1, 10)))
