from datetime import date
from decimal import Decimal

from odoo.fields import Command

from .kpi_common import KpiCommon


class CollectionCommon(KpiCommon):
    """A customer of the first account manager who owes what the tests say, in books of a company in Shanghai."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._keep_books()
        cls.customer.user_id = cls.manager1
        cls.Plan, cls.Promise = cls.env["sales.collection.plan"], cls.env["sales.collection.promise"]
        cls.Item, cls.Todo = cls.env["sales.receivable.item"], cls.env["sales.collection.todo"]
        cls.Ageing, cls.Letter = cls.env["sales.receivable.ageing"], cls.env["sales.collection.letter"]
        cls.Contact, cls.Dispute = cls.env["sales.collection.contact"], cls.env["sales.collection.dispute"]

    @classmethod
    def _customer(cls, name, user=None, **vals):
        partner = cls.env["res.partner"].create(
            {"name": name, "is_company": True, "user_id": (user or cls.manager1).id, "email": "x@y.example", **vals}
        )
        partner.property_account_receivable_id = cls.receivable
        return partner

    @classmethod
    def _plan(cls, day="2026-03-01", user=None):
        """The plan of a month with its items, as its account manager."""
        user = user or cls.manager1
        plan = cls.Plan.with_user(user).create({"user_id": user.id, "date_from": day})
        plan.action_make()
        return plan

    @classmethod
    def _approved(cls, plan):
        plan.action_approval_submit()
        plan.with_user(cls.director).action_approval_approve()
        return plan

    @classmethod
    def _promise(cls, lines, day, amount=None, user=None):
        vals = {"partner_id": lines.partner_id.commercial_partner_id.id, "date": day}
        if amount:
            vals["amount"] = amount
        return cls.Promise.with_user(user or cls.manager1).create({**vals, "move_line_ids": [Command.set(lines.ids)]})

    @classmethod
    def _dispute(cls, line, amount=None, user=None):
        vals = {"partner_id": line.partner_id.commercial_partner_id.id, "move_line_id": line.id}
        if amount:
            vals["amount"] = amount
        return cls.Dispute.with_user(user or cls.manager1).create(
            {**vals, "kind": "quality", "reason": "Scratches", "responsible_id": cls.finance.id}
        )

    @classmethod
    def _credit(cls, amount, day, partner=None, currency=None):
        """A payment on account: received, and matched with nothing."""
        currency = currency or cls.company.currency_id
        balance = currency._convert(amount, cls.company.currency_id, cls.company, date.fromisoformat(day))
        move = cls.env["account.move"].create(
            {
                "journal_id": cls.bank_journal.id,
                "date": day,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": (partner or cls.customer).id,
                            "balance": sign * balance,
                            "amount_currency": sign * amount,
                            "currency_id": currency.id,
                        }
                    )
                    for account, sign in ((cls.bank, 1), (cls.receivable, -1))
                ],
            }
        )
        move.action_post()
        return cls._due(move)

    @classmethod
    def _items(cls, partner=None, **domain):
        """The open items of a customer, read anew."""
        cls.env.flush_all()
        cls.env.invalidate_all()
        return cls.Item.search([("partner_id", "=", (partner or cls.customer).id)])

    @classmethod
    def _todo(cls, partner=None, user=None):
        cls.env.flush_all()
        cls.env.invalidate_all()
        return cls.Todo.with_user(user or cls.director).search([("partner_id", "=", (partner or cls.customer).id)])

    @classmethod
    def _letter(cls, partner=None, user=None):
        cls.env.flush_all()
        cls.env.invalidate_all()
        partner = partner or cls.customer
        letters = cls.Letter.with_user(user or cls.manager1)._letters(partner, cls.company)
        return letters.get(partner, [])

    @classmethod
    def _balance(cls, day):
        """What the receivable accounts hold at the end of a day."""
        cls.env.flush_all()
        cls.env.cr.execute(
            """
            SELECT COALESCE(SUM(line.balance), 0) FROM account_move_line line
              JOIN account_account account ON account.id = line.account_id
             WHERE account.account_type = 'asset_receivable' AND line.parent_state = 'posted'
               AND line.company_id = %s AND line.date <= %s
            """,
            [cls.company.id, day],
        )
        return Decimal(str(cls.env.cr.fetchone()[0]))
