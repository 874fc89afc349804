from odoo import api, fields, models

from .customer_statement import READERS


class AccountMove(models.Model):
    _inherit = "account.move"

    customer_statement_ids = fields.Many2many(
        "customer.statement",
        "customer_statement_invoice_rel",
        "move_id",
        "statement_id",
        "Customer Statements",
        readonly=True,
        copy=False,
        # Others of the books need not read statements.
        groups=READERS,
    )
    customer_statement_count = fields.Integer(compute="_compute_customer_statement_count", compute_sudo=True)

    @api.depends("customer_statement_ids")
    def _compute_customer_statement_count(self):
        for move in self:
            move.customer_statement_count = len(move.customer_statement_ids)

    def action_open_customer_statements(self):
        self.ensure_one()
        return self.customer_statement_ids._get_records_action(name=self.env._("Customer Statements"))
