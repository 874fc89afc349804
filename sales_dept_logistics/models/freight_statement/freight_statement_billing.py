from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL, format_date

from odoo.addons.sales_dept_roles.models.protected_results.client_context import without_client_context

# A bill with thousands of lines takes Odoo half a minute: the waybills stay in the statement.
MOST_LINES = 50


class FreightStatement(models.Model):
    """The vendor bill of a signed statement: a line for each kind of charge, tax and analytic account."""

    _inherit = "freight.statement"

    bill_ids = fields.One2many("freight.statement.bill", "statement_id", string="Bills", readonly=True, copy=False)
    bill_count = fields.Integer(compute="_compute_bill_count", compute_sudo=True)
    billed_total = fields.Monetary(
        "Billed", compute="_compute_bill_count", compute_sudo=True, help="Credits taken off, taxes as on the lines."
    )
    can_bill = fields.Boolean(compute="_compute_can_bill", compute_sudo=True)

    @api.depends("bill_ids.move_id.amount_total", "bill_ids.move_id.state")
    def _compute_bill_count(self):
        for statement in self:
            statement.bill_count = len(statement.bill_ids)
            statement.billed_total = sum(
                move.direction_sign * move.amount_total for move in statement.bill_ids.move_id if move.state != "cancel"
            )

    @api.depends("state", "bill_ids", "dispute_ids.state")
    def _compute_can_bill(self):
        for statement in self:
            statement.can_bill = statement.state == "signed" and bool(statement._part_to_bill())

    # === ACTIONS === #

    def action_create_bill(self):
        """Make the vendor bill of what may be billed now, once, and open it.

        Pressed again, or by somebody else meanwhile, it opens the bill that is there.

        :raises UserError: where nothing may be billed yet
        """
        self.ensure_one()
        if not self._may_bill():
            raise AccessError(
                self.env._("The bill of a freight statement is made by finance or the director, once it is signed.")
            )
        self.check_access("read")
        without_client_context(self.sudo())._create_bill()
        # Finance verifies without a right to the books: then the statement says that the bill is there.
        return self.action_open_bills() if self.env["account.move"].has_access("read") else True

    def _may_bill(self):
        groups = ("sales_dept_roles.group_finance_verifier", "sales_dept_roles.group_director")
        return self.env.su or any(map(self.env.user.has_group, groups))

    def action_open_bills(self):
        self.ensure_one()
        self.check_access("read")
        moves = self.sudo().bill_ids.move_id
        return {
            **moves._get_records_action(name=self.env._("Vendor Bills")),
            "context": {"default_move_type": "in_invoice", "create": False},
        }

    # === THE BILL === #

    def _part_to_bill(self):
        """Which part is to be billed next: ``undisputed``, then ``settled`` once all disputes are; or False."""
        self.ensure_one()
        parts = self.bill_ids.mapped("part")
        if "undisputed" not in parts:
            return "undisputed"
        open_lines = self.env["freight.statement.line"].search_count(
            Domain("statement_id", "=", self.id)
            & Domain("decision", "=", "dispute")
            & Domain("is_settled", "=", False),
            limit=1,
        )
        is_due = (
            "settled" not in parts and not open_lines and any(amount for *_key, amount in self._bill_rows("settled"))
        )
        return is_due and "settled"

    def _create_bill(self):
        self.ensure_one()
        self._lock()
        if self.state != "signed":
            raise UserError(self.env._("%(statement)s is not signed yet.", statement=self.display_name))
        part = self._part_to_bill()
        if not part:
            return self.bill_ids
        rows = self._bill_rows(part)
        if not any(amount for *_key, amount in rows):
            raise UserError(self.env._("%(statement)s: there is nothing to pay.", statement=self.display_name))
        move = self.env["account.move"].create(self._prepare_bill_values(rows))
        bill = self.env["freight.statement.bill"].create({"statement_id": self.id, "part": part, "move_id": move.id})
        self._link_bill(move)
        self._after_billing(bill)
        return bill

    def _link_bill(self, move):
        """Say on both what belongs to what."""
        move._message_log(
            body=self.env._("Made from freight statement %(statement)s.", statement=self._get_html_link())
        )
        self._message_log(body=self.env._("Bill made: %(bill)s.", bill=move._get_html_link()))

    def _after_billing(self, bill):
        """Called for one statement, as superuser, once its `bill` is made."""

    def _bill_rows(self, part):
        """Return ``[(kind id, tax rate, is a credit, amount)]`` of what the bill of `part` is for, exact.

        Settled afterwards is what is paid in the end of the disputed lines, less what was billed of them already.
        """
        amount = (
            SQL("payable_amount")
            if part == "undisputed"
            else SQL("CASE WHEN is_settled THEN settled_amount - payable_amount ELSE 0 END")
        )
        # As text: what the driver makes of a sum is a float.
        rows = self.env.execute_query(
            SQL(
                """
                SELECT kind_id, COALESCE(tax_rate, 0), %(amount)s < 0, SUM(%(amount)s)::text
                  FROM freight_statement_line WHERE statement_id = %(statement)s
              GROUP BY 1, 2, 3 HAVING SUM(%(amount)s) <> 0
              ORDER BY 3, 1, 2
                """,
                amount=amount,
                statement=self.id,
            )
        )
        return [(*key, Decimal(amount)) for *key, amount in rows]

    def _prepare_bill_values(self, rows):
        """Values of the bill; a credit note where the carrier owes us more than we owe."""
        total = sum(amount for *_key, amount in rows)
        sign = -1 if total < 0 else 1
        return {
            "move_type": "in_refund" if sign < 0 else "in_invoice",
            "company_id": self.company_id.id,
            "partner_id": self.carrier_id.partner_id.id,
            "currency_id": self.currency_id.id,
            "invoice_date": self.company_id._local_today(),
            "invoice_origin": self.name,
            "ref": f"{self.name}/{len(self.bill_ids) + 1}",
            "narration": self.env._(
                "Freight %(begin)s – %(end)s",
                begin=format_date(self.env, self.date_from),
                end=format_date(self.env, self.date_to),
            ),
            "invoice_line_ids": [
                Command.create(self._prepare_bill_line_values(*row, sign=sign)) for row in _at_most(rows, MOST_LINES)
            ],
        }

    def _prepare_bill_line_values(self, kind_id, tax_rate, is_credit, amount, sign=1):
        kind = self.env["freight.charge.kind"].browse(kind_id).with_company(self.company_id)
        name = kind.name or self.env._("Other charges")
        analytic = kind.analytic_account_id
        tax = self._tax_of(tax_rate)
        return {
            "product_id": self.carrier_id.product_id.id,
            "name": self.env._("Credit: %(charge)s", charge=name) if is_credit else name,
            "quantity": 1,
            "price_unit": float(sign * amount),
            "tax_ids": [Command.set(tax.ids)],
            **({"analytic_distribution": {str(analytic.id): 100}} if analytic else {}),
        }

    def _tax_of(self, rate):
        """The tax of a line: that agreed with the carrier, or the company's of the rate that the carrier wrote."""
        agreed = self.carrier_id.with_company(self.company_id).freight_tax_id
        if not rate or (agreed.amount_type == "percent" and abs(agreed.amount - float(rate)) < 0.001):
            return agreed
        taxes = self.env["account.tax"].search(
            Domain("company_id", "parent_of", self.company_id.id)
            & Domain("type_tax_use", "=", "purchase")
            & Domain("amount_type", "=", "percent")
            & Domain("amount", "=", float(rate))
        )
        return (taxes.filtered(lambda tax: tax.price_include == agreed.price_include) or taxes)[:1] or agreed


def _at_most(rows, most):
    """`rows` as no more than `most`: the smallest ones together, as other charges of their tax.

    :param rows: ``[(kind, rate, is a credit, amount)]``; there are few tax rates
    """
    if len(rows) <= most:
        return rows
    ranked = sorted(rows, key=lambda row: -abs(row[3]))
    rates = {(rate, is_credit) for _kind, rate, is_credit, _amount in rows}
    kept, rest = ranked[: max(most - len(rates), 0)], ranked[max(most - len(rates), 0) :]
    together = defaultdict(Decimal)
    for _kind, rate, is_credit, amount in rest:
        together[rate, is_credit] += amount
    return [*kept, *((None, rate, is_credit, amount) for (rate, is_credit), amount in together.items())]
