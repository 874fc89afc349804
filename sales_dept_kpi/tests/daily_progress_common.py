from datetime import datetime

from odoo.fields import Command

from odoo.addons.sales_dept_roles.tests.common import SalesDeptCommon

FIGURES = ("order", "shipment", "invoice", "receipt")


class DailyProgressCommon(SalesDeptCommon):
    """A company in Shanghai with books, whose documents are of the day that a test says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id = cls.env["resource.calendar"].create(
            {"name": "Shanghai", "tz": "Asia/Shanghai"}
        )
        cls.company.sales_dept_quote_signoff = "off"
        cls.env["res.company"].search([]).sales_dept_daily_mail = False
        cls._keep_books()
        cls.goods = cls.env["product.product"].create(
            {"name": "Gear", "is_storable": True, "list_price": 100.0, "taxes_id": False}
        )
        warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)], limit=1)
        cls.stock = warehouse.lot_stock_id
        cls.client = cls.env.ref("stock.stock_location_customers")
        cls.env["stock.quant"]._update_available_quantity(cls.goods, cls.stock, 1000)
        cls.team = cls.env["crm.team"].create({"name": "North", "member_ids": [Command.link(cls.manager1.id)]})
        cls.other_team = cls.env["crm.team"].create({"name": "South", "member_ids": [Command.link(cls.manager2.id)]})

    @classmethod
    def _keep_books(cls):
        Account = cls.env["account.account"]
        cls.receivable = Account.create(
            {"name": "Receivable", "code": "D10001", "account_type": "asset_receivable", "reconcile": True}
        )
        cls.income = Account.create({"name": "Sales", "code": "D50001", "account_type": "income"})
        cls.cash = Account.create({"name": "Bank", "code": "D10002", "account_type": "asset_cash"})
        cls.customer.property_account_receivable_id = cls.receivable
        Journal = cls.env["account.journal"]
        cls.sales_journal = Journal.create(
            {"name": "Invoices", "code": "DINV", "type": "sale", "default_account_id": cls.income.id}
        )
        cls.bank = Journal.create({"name": "Bank", "code": "DBNK", "type": "bank", "default_account_id": cls.cash.id})

    # === DOCUMENTS === #

    @classmethod
    def _moment(cls, day):
        """Noon of `day` at the company, or the naive UTC moment that it says."""
        return datetime.fromisoformat(f"{day} 04:00:00" if len(day) == 10 else day)

    @classmethod
    def _ordered(cls, day, amount, user=None, quantity=1, customer=None, **vals):
        order = cls._create_quotation(
            cls.director,
            partner_id=(customer or cls.customer).id,
            user_id=user and user.id,
            order_line=[
                Command.create(
                    {"product_id": cls.goods.id, "product_uom_qty": quantity, "price_unit": amount / quantity}
                )
            ],
            **vals,
        ).sudo()
        order.action_confirm()
        order.date_order = cls._moment(day)
        return order

    @classmethod
    def _shipped(cls, order, day, quantity=1, back=False):
        source, target = (cls.client, cls.stock) if back else (cls.stock, cls.client)
        picking = order.picking_ids[:1]
        move = cls.env["stock.move"].create(
            {
                "product_id": cls.goods.id,
                "product_uom": cls.goods.uom_id.id,
                "product_uom_qty": quantity,
                "location_id": source.id,
                "location_dest_id": target.id,
                "company_id": order.company_id.id,
                "sale_line_id": order.order_line[:1].id,
                "quantity": quantity,
                "picked": True,
                "picking_type_id": picking.picking_type_id.id,
                "to_refund": back,
            }
        )
        move._action_done()
        move.date = cls._moment(day)
        return move

    @classmethod
    def _invoiced(cls, day, amount, user=None, kind="out_invoice", customer=None, **vals):
        invoice = cls.env["account.move"].create(
            {
                "move_type": kind,
                "journal_id": cls.sales_journal.id,
                "partner_id": (customer or cls.customer).id,
                "invoice_user_id": user and user.id,
                "invoice_date": day,
                "invoice_date_due": day,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Gears",
                            "quantity": 1,
                            "price_unit": amount,
                            "account_id": cls.income.id,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
                **vals,
            }
        )
        invoice.action_post()
        return invoice

    @classmethod
    def _paid(cls, day, amount, *invoices, customer=None):
        """A receipt of `amount` (below zero: paid back), reconciled with `invoices`."""
        debit, credit = max(-amount, 0), max(amount, 0)
        partner = (customer or cls.customer).id
        entry = cls.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": cls.bank.id,
                "date": day,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": cls.receivable.id,
                            "partner_id": partner,
                            "debit": debit,
                            "credit": credit,
                        }
                    ),
                    Command.create({"account_id": cls.cash.id, "debit": credit, "credit": debit}),
                ],
            }
        )
        entry.action_post()
        lines = entry.line_ids
        for invoice in invoices:
            lines |= invoice.line_ids
        if invoices:
            lines.filtered(lambda line: line.account_id == cls.receivable).reconcile()
        return entry

    # === THE SHEET === #

    def _sheet(self, day, user=None, company=None):
        sheet = self.env["sales.daily.progress"].with_user(user or self.director)
        return sheet.with_company(company or self.company).search([("date", "=", day)])

    def _row(self, day, person, user=None):
        return self._sheet(day, user).filtered(lambda row: row.user_id == person)

    def _figures(self, row, span):
        return [row[f"{figure}_{span}"] for figure in FIGURES]
