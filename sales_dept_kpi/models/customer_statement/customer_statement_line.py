from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, formatLang

from odoo.addons.sales_dept_logistics.models.delivery_notice.price import (
    PRICE_PLACES,
    exact,
    price_places,
    round_half_up,
)
from odoo.addons.sales_dept_roles.models.telling.quantity_text import quantity_text

from .amounts import Amounts, line_amounts

# What a person enters, of an adjustment.
ENTERED = {"name", "date", "amount", "reason"}


class CustomerStatementLine(models.Model):
    """What was shipped, came back or was received: values, as the customer reads them.

    Lines are made by the statement itself, from what is done in stock and posted in the books; by hand only
    adjustments are entered, while it is a draft.
    """

    _name = "customer.statement.line"
    _description = "Customer Statement Line"
    _inherit = ["sales.dept.protected.mixin"]
    _order = "statement_id, number, id"
    _check_company_auto = True

    statement_id = fields.Many2one("customer.statement", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="statement_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="statement_id.partner_id", store=True, index=True)
    currency_id = fields.Many2one(related="statement_id.currency_id")
    number = fields.Integer("No.", readonly=True, aggregator=None)
    kind = fields.Selection(
        [
            ("shipment", "Shipment"),
            ("return", "Return"),
            ("adjustment", "Adjustment"),
            ("receipt", "Receipt"),
        ],
        required=True,
        default="adjustment",
        readonly=True,
        index=True,
    )
    date = fields.Date(required=True, default=lambda self: self.env.company._local_today())
    is_late = fields.Boolean("Late", readonly=True, help="Of an earlier day than the period: it came after the last.")
    is_difference = fields.Boolean(
        "Changed Since", readonly=True, help="It was on an earlier statement, and was changed since: the difference."
    )
    in_force = fields.Boolean(default=True, readonly=True, help="Its statement was not cancelled.")
    delivery_note = fields.Char(readonly=True)
    customer_order_number = fields.Char("Customer's Order No.", readonly=True)
    customer_part_number = fields.Char("Customer's Part No.", readonly=True)
    name = fields.Char("Name and Specification", required=True)
    unit = fields.Char(readonly=True)
    quantity = fields.Float(digits="Product Unit", readonly=True)
    price_unit = fields.Float("Unit Price", digits=(16, PRICE_PLACES), readonly=True, aggregator=None)
    price_text = fields.Char("Agreed Price", compute="_compute_price_text", help="With all decimals that it has.")
    price_with_tax = fields.Boolean("Price with Tax", readonly=True)
    tax_rate = fields.Float("Tax Rate (%)", digits=(6, 2), readonly=True, aggregator=None)
    amount_untaxed = fields.Monetary("Amount without Tax", readonly=True)
    amount_tax = fields.Monetary("Tax", readonly=True)
    amount = fields.Monetary(help="What it adds to the balance; receipts and returns take off.")
    balance = fields.Monetary(readonly=True, aggregator=None)
    reason = fields.Char(help="Why it is there, where it is no plain shipment or receipt.")
    sale_line_id = fields.Many2one(
        "sale.order.line", "Order Line", readonly=True, index="btree_not_null", ondelete="set null"
    )
    order_id = fields.Many2one(related="sale_line_id.order_id", string="Order")
    move_id = fields.Many2one("stock.move", readonly=True, index="btree_not_null", ondelete="restrict")
    picking_id = fields.Many2one("stock.picking", "Transfer", readonly=True, index="btree_not_null")
    # Of a journal item, which Odoo deletes and makes anew: no link that goes with it.
    entry_line = fields.Integer("Journal Item", readonly=True, index="btree_not_null", aggregator=None)
    is_kit = fields.Boolean(readonly=True)
    correction_id = fields.Many2one(
        "customer.statement.correction", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    merged_statement_id = fields.Many2one(
        "customer.statement", "Balance Of", readonly=True, index="btree_not_null", ondelete="restrict"
    )

    # What was stated once stands on later statements only as a difference.
    _move_once = models.UniqueIndex(
        "(move_id) WHERE in_force AND NOT is_difference AND NOT is_kit AND kind IN ('shipment', 'return')",
        "This shipment stands on a statement already.",
    )
    _entry_once = models.UniqueIndex(
        "(entry_line) WHERE in_force AND NOT is_difference AND entry_line IS NOT NULL",
        "This receipt stands on a statement already.",
    )
    _correction_once = models.UniqueIndex(
        "(correction_id) WHERE correction_id IS NOT NULL", "This correction was accepted already."
    )
    _balance_once = models.UniqueIndex(
        "(merged_statement_id) WHERE merged_statement_id IS NOT NULL AND in_force",
        "This balance was taken over already.",
    )

    @api.depends("price_unit", "unit")
    @api.depends_context("lang")
    def _compute_price_text(self):
        for line in self:
            line.price_text = line.unit and line._price_text()

    # === CRUD === #

    @api.model
    def _protected_fields(self):
        entered = {*ENTERED, *models.MAGIC_COLUMNS, "statement_id", "company_id", "partner_id"}
        names = {name for name, field in self._fields.items() if field.store}
        return super()._protected_fields() | (names - entered)

    @api.model_create_multi
    def create(self, vals_list):
        statements = self.statement_id.browse({vals.get("statement_id") for vals in vals_list} - {None, False})
        statements.check_access("write")
        statements._check_draft()
        lines = super().create(vals_list)
        for line in lines:
            line._write_protected({"amount_untaxed": line.amount})
        statements._take_totals()
        return lines

    def write(self, vals):
        if vals.keys() & (ENTERED | {"statement_id"}):
            self.check_access("write")
            self._check_entered()
        result = super().write(vals)
        if "amount" in vals:
            for line in self:
                line._write_protected({"amount_untaxed": line.amount})
        if vals.keys() & {"amount", "date"}:
            self.statement_id._take_totals()
        return result

    def unlink(self):
        statements = self.statement_id
        result = super().unlink()
        statements.exists()._take_totals()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_entered(self):
        self._check_entered()

    def _check_entered(self):
        """:raises UserError: where one of `self` is no adjustment that somebody entered on a draft"""
        self.statement_id._check_draft()
        if made := self.filtered(lambda line: not line._is_entered())[:1]:
            raise UserError(
                self.env._(
                    "%(line)s follows from what was shipped and received: correct it there and collect again, or enter "
                    "an adjustment.",
                    line=made.name,
                )
            )

    def _is_entered(self):
        self.ensure_one()
        return self.kind == "adjustment" and not self.correction_id and not self.merged_statement_id

    @api.model
    def _insert(self, rows):
        """Store lines that the statement itself makes, on statements that were sent, too.

        :param rows: columns of each, by name; the same of all
        """
        if not rows:
            return
        self.env.flush_all()
        now = fields.Datetime.now()
        stamp = {"create_uid": self.env.uid, "write_uid": self.env.uid, "create_date": now, "write_date": now}
        stamp |= {"in_force": True, "is_late": False, "is_difference": False}
        statements = self.statement_id.browse({row["statement_id"] for row in rows})
        owners = {
            statement.id: {"company_id": statement.company_id.id, "partner_id": statement.partner_id.id}
            for statement in statements
        }
        values = [{**stamp, **owners[row["statement_id"]], **row} for row in rows]
        names = list(values[0])
        self.env.cr.execute(
            SQL(
                "INSERT INTO customer_statement_line (%s) VALUES %s",
                SQL(", ").join(map(SQL.identifier, names)),
                SQL(", ").join(tuple(one[name] for name in names) for one in values),
            )
        )
        self.env.invalidate_all(flush=False)

    # === BUSINESS === #

    def _amounts_of(self, quantity, price):
        """The :class:`Amounts` of so much at that price, taxed as the line is."""
        self.ensure_one()
        rounding = self.currency_id.rounding
        amounts = line_amounts(quantity, price, self.price_with_tax, self.tax_rate, rounding)
        if self._has_plain_tax() or not self.quantity:
            return amounts
        # As it was stated: by quantity.
        tax = round_half_up(exact(self.amount_tax) * exact(quantity) / exact(self.quantity), exact(rounding))
        return Amounts(amounts.untaxed, tax, amounts.untaxed + tax)

    def _has_plain_tax(self):
        """Whether the tax is the rate of the line: where taxes are no plain percentage there is no rate."""
        self.ensure_one()
        return bool(self.tax_rate) or not self.amount_tax

    def _rate_text(self):
        self.ensure_one()
        return f"{self.tax_rate:g}%" if self._has_plain_tax() else ""

    def _quantity_text(self):
        self.ensure_one()
        return quantity_text(self.env, self.quantity)

    def _price_text(self, price=None):
        """The unit price with all decimals that it was agreed with."""
        self.ensure_one()
        agreed = exact(self.price_unit if price is None else price)
        least = self.env["decimal.precision"].precision_get("Product Price")
        return formatLang(self.env, float(agreed), digits=price_places(agreed, least))
