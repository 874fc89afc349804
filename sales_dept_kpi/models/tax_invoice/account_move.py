from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

READERS = "sales_team.group_sale_salesman,sales_dept_roles.group_finance_verifier"


class AccountMove(models.Model):
    _inherit = "account.move"

    tax_invoice_line_ids = fields.One2many(
        "sales.tax.invoice.line", "move_id", "Tax-Office Invoices", readonly=True, groups=READERS
    )
    tax_invoice_count = fields.Integer(compute="_compute_tax_invoice_count", groups=READERS)
    invoice_handover_ids = fields.Many2many(
        "sales.invoice.handover", string="Handed Over With", readonly=True, copy=False, groups=READERS
    )
    invoice_handover_count = fields.Integer(compute="_compute_tax_invoice_count", groups=READERS)

    def _compute_tax_invoice_count(self):
        lines = self.env["sales.tax.invoice.line"]._read_group(
            [("move_id", "in", self.ids)], ["move_id"], ["tax_invoice_id:count_distinct"]
        )
        handovers = self.env["sales.invoice.handover"]._read_group(
            [("move_ids", "in", self.ids)], ["move_ids"], ["__count"]
        )
        counts, handed = (({move.id: count for move, count in rows}) for rows in (lines, handovers))
        for move in self:
            move.tax_invoice_count = counts.get(move.id, 0)
            move.invoice_handover_count = handed.get(move.id, 0)

    def _tax_invoiced_amount(self):
        """How much of the invoice stands on tax-office invoices, in the company's currency."""
        self.ensure_one()
        return self.env["sales.tax.invoice.line"]._sums_by_move(self)[self.id]

    def _lock_tax_invoiced(self):
        """Whoever puts the same invoices on another one at the same time begins anew, and finds what stands there."""
        if self:
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE account_move SET write_date = write_date
                     WHERE id IN (SELECT id FROM account_move WHERE id IN %s ORDER BY id FOR NO KEY UPDATE)
                    """,
                    tuple(self.ids),
                )
            )

    @api.constrains("state")
    def _check_tax_invoiced(self):
        """What stands on tax-office invoices is no more than there is: also of an invoice that was changed since."""
        sums = self.env["sales.tax.invoice.line"]._sums_by_move(self)
        for move in self.filtered(lambda move: move.id in sums and move.state == "posted"):
            total, allocated = move.amount_total_signed, sums[move.id]
            compare = move.company_id.currency_id.compare_amounts
            if compare(allocated, max(total, 0)) > 0 or compare(allocated, min(total, 0)) < 0:
                raise ValidationError(
                    self.env._(
                        "%(move)s: of its total of %(total)s there stands %(allocated)s on tax-office invoices. "
                        "Correct the amounts there, or take an invoice back by a red letter.",
                        move=move.display_name,
                        total=move.company_id.currency_id.format(total),
                        allocated=move.company_id.currency_id.format(allocated),
                    )
                )

    def action_view_tax_invoices(self):
        self.ensure_one()
        return self.tax_invoice_line_ids.tax_invoice_id._get_records_action(name=self.env._("Tax-Office Invoices"))

    def action_view_invoice_handovers(self):
        self.ensure_one()
        return self.invoice_handover_ids._get_records_action(name=self.env._("Handing Over"))

    def action_hand_over(self):
        """Open the dialog in which it is said how `self` get to the customer."""
        self.check_access("read")
        return self.env["sales.invoice.hand.over"]._open(moves=self)

    def action_register_tax_invoice(self):
        """Open a draft of the tax-office invoice of what does not stand on one yet."""
        self.check_access("read")
        self.env["sales.tax.invoice"].check_access("create")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Tax-Office Invoice"),
            "res_model": "sales.tax.invoice",
            "views": [(False, "form")],
            "context": {f"default_{name}": value for name, value in self._prepare_tax_invoice_values().items()},
        }

    def _prepare_tax_invoice_values(self):
        """The draft of one tax-office invoice for all that is left of the posted invoices `self`."""
        Line = self.env["sales.tax.invoice.line"]
        sums = Line._sums_by_move(self)
        left = {
            move: move.company_currency_id.round(move.amount_total_signed - sums[move.id])
            for move in self
            if move.state == "posted" and move.move_type in ("out_invoice", "out_receipt")
        }
        left = {move: amount for move, amount in left.items() if amount > 0}
        currency = self.company_currency_id[:1]
        total = sum(left.values())
        untaxed = sum(
            currency.round(move.amount_untaxed_signed * amount / move.amount_total_signed)
            for move, amount in left.items()
        )
        return {
            "company_id": self.company_id[:1].id or self.env.company.id,
            "partner_id": self.commercial_partner_id[:1].id,
            "amount_untaxed": currency.round(untaxed),
            "amount_tax": currency.round(total - untaxed),
            "line_ids": [
                fields.Command.create({"move_id": move.id, "amount": amount}) for move, amount in left.items()
            ],
        }

    def _portal_tax_invoices(self):
        """The tax-office invoices, as superuser, that the customer sees beside the invoice."""
        return self.sudo().tax_invoice_line_ids.tax_invoice_id.filtered(
            lambda invoice: invoice.state in ("issued", "red_lettered")
        )
