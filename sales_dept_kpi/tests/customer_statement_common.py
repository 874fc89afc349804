from datetime import date, datetime, time

from freezegun import freeze_time

from odoo.fields import Command

from .kpi_common import KpiCommon

# When statements of March are made.
TODAY = "2026-04-02 03:00:00"


class CustomerStatementCommon(KpiCommon):
    """A customer in Shanghai that is shipped gears, and pays for them."""

    # The moment it is; None for now.
    now = TODAY

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if cls.now:
            freezer = freeze_time(cls.now)
            freezer.start()
            cls.addClassCleanup(freezer.stop)
        cls._keep_books()
        cls._keep_stock()
        cls.company.partner_id.email = "house@example.com"
        cls.customer.write({"user_id": cls.manager1.id, "lang": "en_US"})
        cls.Statement = cls.env["customer.statement"]

    @classmethod
    def _statement(cls, date_to="2026-03-31", user=None, **vals):
        """A statement until `date_to`, whose first one opens with nothing."""
        values = {"partner_id": cls.customer.id, "date_to": date_to, "opening_note": "Nothing was open", **vals}
        return cls.Statement.with_user(user or cls.assistant).create(values).with_env(cls.env)

    @classmethod
    def _sent(cls, date_to="2026-03-31", **vals):
        statement = cls._statement(date_to, **vals)
        statement.with_user(cls.assistant).action_send()
        return statement

    @classmethod
    def _validated(cls, date_to="2026-03-31"):
        statement = cls._sent(date_to)
        statement._confirm("Ms Zhao", "portal")
        statement.with_user(cls.assistant).action_approval_submit()
        statement.with_user(cls.finance).action_approval_approve()
        return statement

    @classmethod
    def _shipped(cls, quantity, day, price=10.0, **vals):
        """The move of an order of so much, shipped on `day` at noon of Shanghai."""
        order = cls._order(cls.manager1, quantity, price=price, **vals)
        return cls._ship(
            order, quantity, datetime.combine(date.fromisoformat(day), datetime.min.time()).replace(hour=4)
        )

    @classmethod
    def _back(cls, move, quantity, day):
        return cls._ship(move.sale_line_id.order_id, quantity, cls._noon(day), origin=move)

    @classmethod
    def _noon(cls, day):
        """Noon of `day` in Shanghai, as naive UTC."""
        return datetime.combine(date.fromisoformat(day), time(4))

    @classmethod
    def _receive(cls, amount, day, currency=None):
        """An entry of the bank: a receipt, or with less than nothing what takes one back."""
        currency = currency or cls.company.currency_id
        balance = currency._convert(amount, cls.company.currency_id, cls.company, day)
        move = cls.env["account.move"].create(
            {
                "journal_id": cls.bank_journal.id,
                "date": day,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": cls.customer.id,
                            "name": "Transfer",
                            "currency_id": currency.id,
                            "amount_currency": sign * amount,
                            "balance": sign * balance,
                        }
                    )
                    for account, sign in ((cls.receivable, -1), (cls.bank, 1))
                ],
            }
        )
        move.action_post()
        return move

    @classmethod
    def _rows(cls, statement):
        """``[(kind, quantity, amount)]`` of the lines in their order."""
        return [(line.kind, line.quantity, line.amount) for line in statement.line_ids.sorted("number")]

    def assertAddsUp(self, statement):
        self.assertAlmostEqual(
            statement.closing_balance,
            statement.opening_balance
            + statement.shipped_total
            - statement.returned_total
            + statement.adjusted_total
            - statement.received_total,
            2,
        )
        self.assertAlmostEqual(
            statement.closing_balance - statement.opening_balance, sum(statement.line_ids.mapped("amount")), 2
        )
