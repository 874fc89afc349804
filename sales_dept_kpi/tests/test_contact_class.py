from datetime import date
from random import Random

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .kpi_common import KpiCommon

SEED = 5


@tagged("post_install", "-at_install")
@freeze_time("2026-04-15 04:00:00")
class TestContactClass(KpiCommon):
    """Classes by sales: proposed with a reason, given by whoever decides how often customers are contacted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._keep_books()
        cls.Proposal = cls.env["sales.contact.proposal"]
        cls.shipped = {
            name: cls.env.ref(f"sales_dept_roles.contact_class_{name}").sales_share for name in ("a", "b", "c")
        }
        # Of the test's own company alone.
        cls.env["sales.contact.class"].search([]).sales_share = 0
        cls.a, cls.b, cls.c = (
            cls.env["sales.contact.class"].create(
                {"name": f"{name} of the test", "company_id": cls.company.id, "sales_share": share}
            )
            for name, share in (("A", 80), ("B", 95), ("C", 100))
        )

    def _customer(self, name, *sales, contact_class=None, **vals):
        """A customer with invoices ``(amount, day)``."""
        customer = self.env["res.partner"].create({"name": name, "is_company": True, "company_id": self.company.id})
        customer.property_account_receivable_id = self.receivable
        for amount, day in sales:
            self._invoice(self.manager1, amount, day, partner_id=customer.id)
        customer.write({"contact_class_id": contact_class and contact_class.id, **vals})
        return customer

    def _proposed(self, *customers):
        self.env.flush_all()
        self.Proposal.invalidate_model()
        rows = self.Proposal.search([("id", "in", [customer.id for customer in customers])])
        by_customer = {row.partner_id: row for row in rows}
        return [by_customer.get(customer) for customer in customers]

    def _names(self, *customers):
        return [row and row.proposed_class_id.name[0] for row in self._proposed(*customers)]

    def test_shipped_classes(self):
        self.assertEqual(self.shipped, {"a": 80, "b": 95, "c": 100})

    def test_shares(self):
        """900 of 1000 begin with nothing before them, 60 with 90 %, 40 with 96 %."""
        large = self._customer("Large", (900, "2026-01-10"))
        middle = self._customer("Middle", (30, "2025-04-01"), (30, "2026-03-31"))
        small = self._customer("Small", (40, "2025-12-01"))
        self.assertEqual(self._names(large, middle, small), ["A", "B", "C"])
        row = self._proposed(middle)[0]
        self.assertEqual((row.amount, row.share, row.share_before, row.position), (60, 6, 90, 2))
        self.assertEqual(row.state, "new")
        self.assertIn("from April 2025 to March 2026, 6.0 % of all: no. 2, after customers with 90.0 %", row.reason)
        self.assertIn("B of the test goes up to 95 %.", row.reason)

    def test_the_limit_is_not_reached_by_those_before(self):
        """Whoever begins at exactly 80 % is B; whoever begins below is A, as far as they reach beyond it."""
        first = self._customer("First", (80, "2026-01-10"))
        second = self._customer("Second", (15, "2026-01-10"))
        third = self._customer("Third", (5, "2026-01-10"))
        self.assertEqual(self._names(first, second, third), ["A", "B", "C"])
        self._customer("Whose credit is larger", (1, "2026-01-10"))
        self.assertEqual(self._names(first, second, third), ["A", "A", "B"])

    def test_twelve_full_months_of_the_company(self):
        before = self._customer("Before", (100, "2025-03-31"))
        running = self._customer("Running", (100, "2026-04-01"))
        self._customer("Counted", (10, "2026-03-31"))
        self.assertEqual(self._names(before, running), [None, None])
        # In Shanghai it is May by now.
        with freeze_time("2026-04-30 16:30:00"):
            self.assertEqual(self._names(running), ["A"])

    def test_credit_notes(self):
        customer = self._customer("Returned", (100, "2026-01-10"))
        self._invoice(self.manager1, 100, "2026-02-01", kind="out_refund", partner_id=customer.id)
        self.assertEqual(self._names(customer), [None], "nothing is left of what was bought")

    def test_no_sales(self):
        self._customer("Counted", (10, "2026-03-31"))
        sleeping = self._customer("Sleeping", contact_class=self.a)
        row = self._proposed(sleeping)[0]
        self.assertEqual((row.proposed_class_id, row.state), (self.c, "down"))
        self.assertEqual(row.reason, "No sales from April 2025 to March 2026.")

    def test_what_was_chosen_by_hand_stays(self):
        """A class that goes by no share of sales is for those whom somebody chose."""
        strategic = self.env["sales.contact.class"].create({"name": "Strategic", "company_id": self.company.id})
        customer = self._customer("Chosen", (5, "2026-03-31"), contact_class=strategic)
        self.assertEqual(self._names(customer), [None])

    def test_changes(self):
        up = self._customer("Up", (100, "2026-03-31"), contact_class=self.b)
        same = self._customer("Same", (1, "2026-03-31"), contact_class=self.c)
        self.assertEqual([row.state for row in self._proposed(up, same)], ["up", "same"])
        self.assertIn(up, self.Proposal.search([("state", "!=", "same")]).partner_id)
        self.assertNotIn(same, self.Proposal.search([("state", "!=", "same")]).partner_id)

    def test_accept(self):
        up = self._customer("Up", (100, "2026-03-31"), contact_class=self.b)
        same = self._customer("Same", (1, "2026-03-31"), contact_class=self.c)
        rows = self.Proposal.union(*self._proposed(up, same))
        rows.with_user(self.director).action_accept()
        self.assertEqual((up.contact_class_id, same.contact_class_id), (self.a, self.c))
        self.assertEqual(up.contact_class_date, date(2026, 4, 15), "nothing falls due before")
        self.assertIn("Contact class A of the test. Sales of", up.message_ids[0].body)
        self.assertEqual(up.message_ids[0].author_id, self.director.partner_id)
        self.assertNotIn("Contact class", "".join(same.message_ids.mapped("body")))
        self.assertEqual(self._proposed(up)[0].state, "same")

    def test_who_decides(self):
        customer = self._customer("Up", (100, "2026-03-31"), contact_class=self.b)
        row = self._proposed(customer)[0]
        for user in (self.manager1, self.finance):
            with self.subTest(user.login), self.assertRaises(AccessError):
                row.with_user(user).action_accept()
        row.with_user(self.assistant).action_accept()
        self.assertEqual(customer.contact_class_id, self.a)

    def test_other_companies(self):
        other = self.env["res.company"].create({"name": "Other"})
        customer = self._customer("Theirs", (100, "2026-03-31"))
        row = self._proposed(customer)[0]
        self.director.write({"company_ids": [(4, other.id)]})
        mine = self.Proposal.with_user(self.director)
        self.assertIn(row, mine.search([]))
        self.assertFalse(mine.with_context(allowed_company_ids=other.ids).search([("id", "=", row.id)]))

    def test_own_classes_come_before_those_of_all(self):
        shared = self.env["sales.contact.class"].create({"name": "Shared", "company_id": False, "sales_share": 100})
        customer = self._customer("Up", (100, "2026-03-31"))
        self.assertEqual(self._proposed(customer)[0].proposed_class_id, self.a)
        (self.a | self.b | self.c).active = False
        self.assertEqual(self._proposed(customer)[0].proposed_class_id, shared)
        shared.sales_share = 0
        self.assertEqual(self._names(customer), [None], "without a limit there is nothing to propose")

    def test_as_worked_out_one_by_one(self):
        random = Random(SEED)
        sales = {}
        for number in range(40):
            amount = random.choice([0, 1, 5, 10, 10, 50, 200])
            customer = self._customer(f"Customer {number}", *([(amount, "2026-02-02")] if amount else []))
            if amount:
                sales[customer] = amount
        total, before = sum(sales.values()), 0
        for customer in sorted(sales, key=lambda one: (-sales[one], one.id)):
            wanted = next(one for one in (self.a, self.b, self.c) if 100 * before < one.sales_share * total)
            self.assertEqual(self._proposed(customer)[0].proposed_class_id, wanted)
            before += sales[customer]

    def test_queries(self):
        """As many for thirty customers as for ten."""
        customers = [self._customer(f"Customer {number}", (number + 1, "2026-02-02")) for number in range(30)]
        rows = self.Proposal.union(*self._proposed(*customers))

        def read(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.with_user(self.director).read(["partner_id", "amount", "reason", "state"])
            return self.env.cr.sql_log_count - before

        read(rows)
        self.assertEqual(read(rows[:10]), read(rows))
