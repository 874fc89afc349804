from datetime import date
from io import BytesIO

from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .target_common import TargetCommon

MARCH = [("date", "=", "2026-03-01")]


@tagged("post_install", "-at_install")
class TestTargetSpending(TargetCommon):
    """Budgets against what finance booked on the analytic accounts that name them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls.env["account.analytic.plan"].create({"name": "Marketing"})
        cls.fairs = cls._account("Fairs", "exhibition")
        cls.expense = cls.env["account.account"].create(
            {"name": "Marketing", "code": "K66010", "account_type": "expense"}
        )
        cls.payable = cls.env["account.account"].create(
            {"name": "Payable", "code": "K22020", "account_type": "liability_payable", "reconcile": True}
        )
        cls.bills = cls.env["account.journal"].create(
            {"name": "Bills", "code": "KBIL", "type": "purchase", "default_account_id": cls.expense.id}
        )
        cls.supplier = cls.env["res.partner"].create({"name": "Fair Company"})
        cls.supplier.property_account_payable_id = cls.payable
        cls._share(1200, measure="exhibition")
        cls._share(600, team=cls.team, measure="promotion")
        cls._approve()

    @classmethod
    def _account(cls, name, budget, plan=None, **vals):
        return cls.env["account.analytic.account"].create(
            {"name": name, "plan_id": (plan or cls.plan).id, "sales_dept_budget": budget, **vals}
        )

    @classmethod
    def _bill(cls, amount, account, day="2026-03-10", kind="in_invoice", post=True, **vals):
        bill = cls.env["account.move"].create(
            {
                "move_type": kind,
                "partner_id": cls.supplier.id,
                "journal_id": cls.bills.id,
                "invoice_date": day,
                "date": day,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Stand",
                            "quantity": 1,
                            "price_unit": amount,
                            "tax_ids": [],
                            "account_id": cls.expense.id,
                            "analytic_distribution": {str(account.id): 100} if account else False,
                        }
                    )
                ],
                **vals,
            }
        )
        if post:
            bill.action_post()
        return bill

    def _rows(self, user=None, domain=MARCH, measure="exhibition"):
        self.env.flush_all()
        report = self.env["sales.target.report"].with_user(user or self.director)
        report = report.with_context(allowed_company_ids=self.company.ids)
        return report.search([("measure", "=", measure), *domain])

    def _opened(self, row):
        action = row.action_open_actual()
        return row.env[action["res_model"]].search(action["domain"])

    def test_what_was_booked_is_what_was_spent(self):
        """Posted bills less refunds, in the month of their booking; drafts and other accounts are not spent of it."""
        bill = self._bill(300, self.fairs)
        self._bill(40, self.fairs, kind="in_refund")
        self._bill(7, self.fairs, day="2026-04-01")
        self._bill(1000, self.fairs, post=False)
        self._bill(1000, None)
        self._bill(1000, self._account("Something else", False))
        row = self._rows()
        self.assertEqual((row.planned, row.actual, row.difference, row.attainment), (100, 260, 160, 260))
        self.assertEqual((row.user_id.ids, row.team_id.ids), ([], []))
        self.assertEqual(self._report(measure="exhibition")[()][:2], (1200, 267))
        spent = self._opened(row)
        self.assertEqual(sum(spent.mapped("amount")), row.actual, "what opens adds up to the figure")
        self.assertEqual(set(spent.mapped("document")), {bill.name, *spent.mapped("move_id.name")})
        bill.button_draft()
        self.assertEqual(self._rows().actual, -40, "reset, it is spent no more")

    def test_a_budget_that_no_account_names_has_no_figure(self):
        """No 0, and no 0 %: nobody knows what was spent of it."""
        self.env.flush_all()
        (promotion,) = self._report(measure="promotion", domain=MARCH).values()
        self.assertEqual(promotion, (50, False, False, False))
        self.assertEqual(self._rows().actual, 0, "of the other it is known that nothing was")
        self._account("Samples", "promotion")
        (promotion,) = self._report(measure="promotion", domain=MARCH).values()
        self.assertEqual(promotion, (50, 0, -50, 0))

    def test_teams_and_persons_by_their_accounts(self):
        """The rows add up to the company, whoever the accounts are of."""
        samples = self._account("Samples", "promotion", sales_dept_team_id=self.team.id)
        trips = self._account("Trips", "promotion", sales_dept_user_id=self.manager1.id)
        rest = self._account("Advertising", "promotion")
        for amount, account in ((10, samples), (20, trips), (30, rest)):
            self._bill(amount, account)
        rows = {(row.team_id, row.user_id): (row.planned, row.actual) for row in self._rows(measure="promotion")}
        nobody, nowhere = self.env["res.users"], self.env["crm.team"]
        self.assertEqual(rows[self.team, nobody], (50, 10))
        self.assertEqual(rows[nowhere, nobody], (0, 30))
        self.assertEqual(sum(actual for _planned, actual in rows.values()), 60)
        own = self._rows(self.manager1, measure="promotion")
        self.assertEqual((own.user_id, own.actual), (self.manager1, 20))
        self.assertEqual(self._opened(own).mapped("amount"), [20])
        self.assertFalse(self._rows(self.manager2, measure="promotion"))

    def test_a_line_counts_once(self):
        """Whatever plans it is booked on: by the first of them that names a budget."""
        other = self.env["account.analytic.plan"].create({"name": "Regions"})
        south = self._account("South", "exhibition", other)
        both = f"{self.fairs.id},{south.id}"
        bill = self._bill(500, self.fairs, post=False)
        bill.invoice_line_ids.analytic_distribution = {both: 60, str(south.id): 40}
        bill.action_post()
        self.assertEqual(self._rows().actual, 500)

    def test_entered_by_hand(self):
        """A line of an account is booked too where no bill wrote it; there is nothing to open then."""
        line = self.env["account.analytic.line"].create(
            {
                "name": "Own staff",
                self.plan._column_name(): self.fairs.id,
                "date": "2026-03-31",
                "amount": -25,
                "company_id": self.company.id,
            }
        )
        spent = self._opened(self._rows())
        self.assertEqual((spent.ids, spent.amount, spent.document), (line.ids, 25, False))
        with self.assertRefused("by hand"):
            spent.action_open_document()

    def test_the_document_opens_by_its_readers_own_rights(self):
        bill = self._bill(300, self.fairs)
        spent = self._opened(self._rows())
        with self.assertRefused(f"{bill.name} is in the books", AccessError):
            spent.action_open_document()
        accountant = self._create_role_user("accountant_test", "group_finance_verifier")
        accountant.group_ids |= self.env.ref("account.group_account_invoice")
        self.assertEqual(spent.with_user(accountant).action_open_document()["res_id"], bill.id)

    def test_who_sees_what(self):
        self._bill(300, self.fairs)
        self.env.flush_all()
        spending = self.env["sales.target.spending"].with_context(allowed_company_ids=self.company.ids)
        for user in (self.director, self.gm, self.finance):
            self.assertEqual(spending.with_user(user).search([]).amount, 300)
        self.assertFalse(spending.with_user(self.manager1).search([]))
        for user in (self.assistant, self.engineering, self.outsider):
            with self.assertRaises(AccessError):
                spending.with_user(user).search([])

    def test_other_companies(self):
        """A shared account is spent on by each company; each has its own figure."""
        self.fairs.company_id = False
        self._bill(300, self.fairs)
        other = self.env["res.company"].create({"name": "Another Company"})
        self.env["account.analytic.line"].create(
            {
                "name": "Theirs",
                self.plan._column_name(): self.fairs.id,
                "date": "2026-03-31",
                "amount": -25,
                "company_id": other.id,
            }
        )
        self.assertEqual(self._rows().actual, 300)
        stranger = self._create_role_user("stranger_test", "group_general_manager")
        stranger.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        self.env.flush_all()
        spending = self.env["sales.target.spending"].with_user(stranger)
        self.assertEqual(spending.with_context(allowed_company_ids=other.ids).search([]).amount, 25)
        with self.assertRaises(AccessError):
            spending.with_context(allowed_company_ids=self.company.ids).search([])

    def test_whose_it_is_is_said_of_a_budget(self):
        with self.assertRaises(ValidationError):
            self._account("Samples", False, sales_dept_team_id=self.team.id)

    def test_register(self):
        self._bill(300, self.fairs)
        register = self.env["sales.target.spending"].with_user(self.director)
        register = register.with_context(allowed_company_ids=self.company.ids)
        self.env.flush_all()
        sheet = load_workbook(BytesIO(register._register_records([])._register_file().read())).active
        cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row]
        for wanted in (self.company.name, "03/10/2026", "Stand", "Fair Company", 300):
            self.assertIn(wanted, cells)

    # === FROM THE OTHER FIGURES TO THEIR DOCUMENTS === #

    def test_rows_open_what_they_count(self):
        """Sales, and customers and products that are new; a category's row is a part of documents and opens none."""
        revision = self.target.with_user(self.director)._revise("Sales")
        self._share(1200, self.manager1, target=revision)
        self._share(1200, self.manager1, target=revision, categ=self.parts)
        for measure in ("new_customers", "new_products"):
            self._share(12, self.manager1, target=revision, measure=measure)
        self._approve(revision)
        mine = self._invoice("2026-03-10", 80)
        self._invoice("2026-03-12", 30, user=self.manager2)
        self._invoice("2026-04-10", 50)
        rows = self._rows(measure="sales", domain=[*MARCH, ("categ_id", "=", False), ("user_id", "!=", False)])
        for row in rows:
            self.assertEqual(sum(self._opened(row).mapped("amount")), row.actual, row.user_id.name)
        own = rows.filtered(lambda row: row.user_id == self.manager1)
        self.assertEqual(self._opened(own).mapped("res_id"), mine.ids)
        self.assertEqual(self._rows(measure="sales", domain=[("id", "=", own.id)]), own, "its id says which it is")
        (first,) = self._rows(measure="new_customers", domain=[*MARCH, ("user_id", "=", self.manager1.id)])
        self.assertEqual(self._opened(first), mine.commercial_partner_id)
        (first,) = self._rows(measure="new_products", domain=[*MARCH, ("user_id", "=", self.manager1.id)])
        self.assertEqual(self._opened(first), mine.invoice_line_ids.product_id)
        category = self._rows(measure="sales", domain=[*MARCH, ("categ_id", "=", self.parts.id)])
        with self.assertRaises(UserError):
            category[:1].action_open_actual()
        self.assertEqual(own.date, date(2026, 3, 1))
