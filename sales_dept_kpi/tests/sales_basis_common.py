from decimal import Decimal

from odoo.fields import Command
from odoo.tools import SQL

from odoo.addons.sales_dept_roles.tests.common import SalesDeptCommon

OFF = {
    "sales_dept_quote_signoff": "off",
    "sales_dept_order_review": "off",
    "sales_dept_customer_file": False,
    "sales_dept_agreement": False,
    "sales_dept_delivery_notice": False,
}


class SalesBasisCommon(SalesDeptCommon):
    """A company in Shanghai that invoices in two currencies, with nothing sold before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # A company of its own: what others sold is none of it.
        cls.company = cls._make_company("Figures Ltd")
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.company.ids})
        cls.usd = cls.env.ref("base.USD")
        cls.env["res.currency"].search([("id", "in", (cls.usd + cls.env.ref("base.CNY")).ids)]).active = True
        cls._rate("2020-01-01", 0.125)
        cls.team, cls.other_team = cls.env["crm.team"].create(
            [{"name": name, "company_id": cls.company.id} for name in ("East", "West")]
        )
        cls.team.member_ids = cls.manager1
        cls.other_team.member_ids = cls.manager2
        cls.parts = cls.env["product.category"].create({"name": "Parts"})
        cls.gears = cls.env["product.category"].create({"name": "Gears", "parent_id": cls.parts.id})
        cls.product.categ_id = cls.gears
        cls.customer = cls._make_customer("Customer A")

    @classmethod
    def _make_company(cls, name):
        cny = cls.env.ref("base.CNY")
        cny.active = True
        company = cls.env["res.company"].create({"name": name, "currency_id": cny.id})
        company.resource_calendar_id = cls.env["resource.calendar"].create(
            {"name": name, "tz": "Asia/Shanghai", "company_id": company.id}
        )
        company.write(OFF)
        people = cls.gm | cls.director | cls.manager1 | cls.manager2 | cls.finance | cls.assistant
        people.write({"company_ids": [Command.link(company.id)], "company_id": company.id})
        cls.env.user.company_ids |= company
        cls._make_accounts(company)
        return company

    @classmethod
    def _make_accounts(cls, company):
        """What invoices need in a company without a chart of accounts."""
        Account = cls.env["account.account"].with_company(company)
        income, receivable = Account.create(
            [
                {"name": "Sales", "code": "600100", "account_type": "income"},
                {"name": "Customers", "code": "112200", "account_type": "asset_receivable", "reconcile": True},
            ]
        )
        journal = cls.env["account.journal"].with_company(company)
        journal.create(
            {
                "name": "Invoices",
                "code": "INV",
                "type": "sale",
                "default_account_id": income.id,
                "company_id": company.id,
            }
        )
        # A credit note at another rate than its invoice's.
        exchange = journal.create({"name": "Exchange", "code": "EXCH", "type": "general", "company_id": company.id})
        gain, loss = Account.create(
            [
                {"name": "Exchange gain", "code": "660300", "account_type": "income_other"},
                {"name": "Exchange loss", "code": "660400", "account_type": "expense"},
            ]
        )
        company.currency_exchange_journal_id = exchange
        company.income_currency_exchange_account_id = gain
        company.expense_currency_exchange_account_id = loss
        cls.env["ir.default"].set("res.partner", "property_account_receivable_id", receivable.id, company_id=company.id)
        cls.env["ir.default"].set(
            "product.category", "property_account_income_categ_id", income.id, company_id=company.id
        )

    @classmethod
    def _rate(cls, day, rate):
        return cls.env["res.currency.rate"].create(
            {"name": day, "rate": rate, "currency_id": cls.usd.id, "company_id": cls.company.id}
        )

    @classmethod
    def _make_customer(cls, name, **vals):
        return cls.env["res.partner"].create({"name": name, "is_company": True, **vals})

    @classmethod
    def _invoice(cls, day, amounts, user=None, move_type="out_invoice", company=None, **vals):
        """A posted invoice of `day`, with a line for each of `amounts`."""
        company = company or cls.company
        move = (
            cls.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": move_type,
                    "partner_id": cls.customer.id,
                    "invoice_date": day,
                    "date": day,
                    "company_id": company.id,
                    "invoice_user_id": (user or cls.manager1).id,
                    "invoice_line_ids": [
                        Command.create(
                            {"product_id": cls.product.id, "quantity": 1, "price_unit": amount, "tax_ids": False}
                        )
                        for amount in (amounts if isinstance(amounts, (list, tuple)) else [amounts])
                    ],
                    **vals,
                }
            )
        )
        # Also of a day to come.
        move._post(soft=False)
        return move

    @classmethod
    def _order(cls, lines=((1, 100.0),), user=None, confirmed=None, **vals):
        """An order of the account manager's; confirmed at the UTC moment `confirmed`, if given."""
        user = user or cls.manager1
        order = (
            cls.env["sale.order"]
            .with_company(cls.company)
            .create(
                {
                    "partner_id": cls.customer.id,
                    "company_id": cls.company.id,
                    "user_id": user.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": cls.product.id,
                                "product_uom_qty": quantity,
                                "price_unit": price,
                                "tax_ids": False,
                            }
                        )
                        for quantity, price in lines
                    ],
                    **vals,
                }
            )
        )
        if confirmed:
            order.action_confirm()
            order.date_order = confirmed
        return order

    @classmethod
    def _bill(cls, order, day):
        """Invoice all of `order`, on `day`."""
        invoice = order._create_invoices(final=True)
        invoice.invoice_date = day
        invoice._post()
        return invoice

    @classmethod
    def _split(cls, order, user, share, kind="revenue"):
        return cls.env["sales.credit.split"].create(
            {"order_id": order.id, "user_id": user.id, "share": share, "kind": kind}
        )

    def _sales(self, date_from, date_to, company=None, method="_documents_sql"):
        """Return ``{person: (amount, overlay)}`` of the basis, as exact numbers."""
        self.env.flush_all()
        query = SQL(
            "SELECT user_id, amount::text, overlay::text FROM (%s) sale",
            getattr(self.env["sales.basis"], method)(company or self.company, date_from, date_to),
        )
        found = {}
        for row in self._rows(query):
            amount, overlay = found.get(row["user_id"], (0, 0))
            found[row["user_id"]] = (amount + Decimal(row["amount"]), overlay + Decimal(row["overlay"]))
        return {self.env["res.users"].browse(user_id): sums for user_id, sums in found.items()}

    def _rows(self, query):
        self.env.cr.execute(query)
        return self.env.cr.dictfetchall()
