from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal

from odoo import fields
from odoo.fields import Command

from odoo.addons.sales_dept_kpi.models.kpi.period import Period
from odoo.addons.sales_dept_roles.tests.common import SalesDeptCommon


class KpiCommon(SalesDeptCommon):
    """A company in Shanghai whose books are kept in yuan; documents as of any day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id = cls.env["resource.calendar"].create(
            {"name": "Shanghai", "tz": "Asia/Shanghai"}
        )
        cls.company.sales_dept_quote_signoff = "off"
        cls.Month = cls.env["sales.kpi.month"]

    # === ASKING === #

    @classmethod
    def _evidence(cls, code, day, now=None, company=None):
        """What the source `code` says of the month of `day`, as a list of dicts; `now` is naive UTC."""
        now = now or datetime(2030, 1, 1)
        period = Period.of(company or cls.company, date.fromisoformat(day), now)
        cls.env.flush_all()
        return cls.env.execute_query_dict(cls.env["sales.kpi.source"]._kpi_of(code)._kpi_evidence_sql(period))

    @classmethod
    def _sums(cls, code, day, now=None, company=None):
        """``{user: (numerator, denominator, pending)}`` of the source `code`."""
        sums = defaultdict(lambda: (Decimal(0), Decimal(0), Decimal(0)))
        for row in cls._evidence(code, day, now, company):
            user = cls.env["res.users"].browse(row["user_id"])
            new = tuple(Decimal(str(row[column])) for column in ("numerator", "denominator", "pending"))
            sums[user] = tuple(a + b for a, b in zip(sums[user], new, strict=True))
        return dict(sums)

    @classmethod
    def _compute(cls, day, company=None):
        month = cls.Month._of(company or cls.company, date.fromisoformat(day))
        failed = month._compute()
        assert not failed, failed
        return month

    @classmethod
    def _result(cls, month, code, user):
        return month.result_ids.filtered(lambda result: result.kpi_id.source == code and result.user_id == user)

    # === REVIEWS === #

    @classmethod
    def _review(cls, user, deadline, received=None, state="passed", **vals):
        """A review of an order of `user`, due and received at naive UTC moments."""
        order = cls._create_quotation(cls.director, user_id=user and user.id, **vals)
        review = cls.env["sale.order.review"].create({"order_id": order.id})
        review._write_protected({"deadline": deadline, "receive_date": received, "state": state})
        return review

    # === BOOKS === #

    @classmethod
    def _keep_books(cls):
        """What invoices and payments need in a company without a chart of accounts."""
        Account, Journal = cls.env["account.account"], cls.env["account.journal"]
        cls.income, cls.receivable, cls.bank, gain = (
            Account.create({"name": name, "code": code, "account_type": kind, "reconcile": kind == "asset_receivable"})
            for name, code, kind in (
                ("Sales", "K60001", "income"),
                ("Receivable", "K11220", "asset_receivable"),
                ("Bank", "K10020", "asset_cash"),
                ("Exchange", "K66030", "expense"),
            )
        )
        cls.sales_journal = Journal.create(
            {"name": "Sales", "code": "KSAL", "type": "sale", "default_account_id": cls.income.id}
        )
        cls.bank_journal = Journal.create({"name": "Receipts", "code": "KREC", "type": "general"})
        cls.company.write(
            {
                "income_currency_exchange_account_id": gain.id,
                "expense_currency_exchange_account_id": gain.id,
                "currency_exchange_journal_id": cls.bank_journal.id,
            }
        )
        cls.customer.property_account_receivable_id = cls.receivable
        cls.product.property_account_income_id = cls.income

    @classmethod
    def _invoice(cls, user, amount, day, due=None, kind="out_invoice", currency=None, **vals):
        """A posted invoice of `amount`, due on `due` or in instalments ``[(day, amount)]``."""
        move = cls.env["account.move"].create(
            {
                "move_type": kind,
                "partner_id": cls.customer.id,
                "journal_id": cls.sales_journal.id,
                "invoice_date": day,
                "invoice_date_due": due or day,
                "invoice_user_id": user and user.id,
                "currency_id": (currency or cls.company.currency_id).id,
                "invoice_line_ids": [
                    Command.create({"product_id": cls.product.id, "quantity": 1, "price_unit": amount, "tax_ids": []})
                ],
                **vals,
            }
        )
        move.action_post()
        return move

    @classmethod
    def _terms(cls, *parts):
        """A payment term of ``(per cent, days)``."""
        return cls.env["account.payment.term"].create(
            {
                "name": "Instalments",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": percent, "nb_days": days})
                    for percent, days in parts
                ],
            }
        )

    @classmethod
    def _pay(cls, lines, amount, day, currency=None):
        """Receive `amount` on `day` for the receivable `lines`."""
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
        received = move.line_ids.filtered(lambda line: line.account_id == cls.receivable)
        (received | lines).reconcile()
        return move

    @classmethod
    def _due(cls, *moves):
        """The receivable lines of `moves`, in the order of their due dates."""
        lines = cls.env["account.move.line"].union(*(move.line_ids for move in moves))
        return lines.filtered(lambda line: line.account_id == cls.receivable).sorted("date_maturity")

    # === GOODS === #

    @classmethod
    def _keep_stock(cls):
        warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)], limit=1)
        cls.stock, cls.client = warehouse.lot_stock_id, cls.env.ref("stock.stock_location_customers")
        cls.goods = cls.env["product.product"].create(
            {"name": "Gear", "type": "consu", "is_storable": False, "list_price": 10.0, "taxes_id": False}
        )
        cls.goods.property_account_income_id = getattr(cls, "income", False)

    @classmethod
    def _order(cls, user, quantity, price=10.0, promised=None, product=None, **vals):
        """A confirmed order of one line."""
        line = {"product_id": (product or cls.goods).id, "product_uom_qty": quantity, "price_unit": price}
        order = cls._create_quotation(cls.director, user_id=user and user.id, order_line=[Command.create(line)], **vals)
        order.sudo().action_confirm()
        order.order_line.sudo()._write_protected({"promised_date": promised})
        return order.sudo()

    @classmethod
    def _ship(cls, order, quantity, moment, origin=None, uom=None):
        """Ship goods of the order at a naive UTC moment; with `origin`, take them back of that shipment."""
        places = (cls.client, cls.stock) if origin else (cls.stock, cls.client)
        where = {"location_id": places[0].id, "location_dest_id": places[1].id}
        line = order.order_line
        move = cls.env["stock.move"].create(
            {
                "product_id": line.product_id.id,
                "product_uom": (uom or line.product_uom_id).id,
                "product_uom_qty": quantity,
                "quantity": quantity,
                "picked": True,
                "sale_line_id": line.id,
                "to_refund": bool(origin),
                "origin_returned_move_id": origin and origin.id,
                **where,
            }
        )
        move._action_done()
        move.date = moment
        return move

    @classmethod
    def _bill(cls, order, quantity, day, kind="out_invoice"):
        """Invoice, or credit, goods of the order."""
        return cls._invoice(
            order.user_id,
            0,
            day,
            kind=kind,
            invoice_line_ids=[
                Command.create(
                    {
                        "product_id": cls.goods.id,
                        "quantity": quantity,
                        "price_unit": order.order_line.price_unit,
                        "tax_ids": [],
                        "sale_line_ids": [Command.link(order.order_line.id)],
                    }
                )
            ],
        )

    @classmethod
    def _today(cls):
        return fields.Date.to_string(cls.company._local_today())
