from odoo import fields, models

from odoo.addons.sales_dept_roles.models.protected_results.client_context import without_client_context


class CustomerStatementRefuse(models.TransientModel):
    """The words with which corrections are refused."""

    _name = "customer.statement.refuse"
    _description = "Refuse Corrections"

    correction_ids = fields.Many2many("customer.statement.correction", string="Corrections", readonly=True)
    words = fields.Char("Why", required=True, help="The customer reads it on the statement.")

    def action_refuse(self):
        self.ensure_one()
        self.correction_ids.statement_id._check_may_answer()
        for correction in without_client_context(self.correction_ids.sudo()):
            correction.statement_id._refuse(correction, self.words)
        return {"type": "ir.actions.act_window_close"}
