from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.sales_dept_roles.models.clock.bounds import check_dates

# Who makes them for all customers.
FOR_ALL = (
    "sales_dept_roles.group_assistant",
    "sales_dept_roles.group_director",
    "sales_dept_roles.group_general_manager",
)


class CustomerStatementMake(models.TransientModel):
    """The dialog that makes the statements of all customers whose closing day passed, or of some of them."""

    _name = "customer.statement.make"
    _description = "Make Customer Statements"

    company_id = fields.Many2one("res.company", required=True, readonly=True, default=lambda self: self.env.company)
    until = fields.Date(
        required=True,
        default=lambda self: self.env.company._local_today() - timedelta(days=1),
        help="Each statement goes until the customer's last closing day on or before this one.",
    )
    partner_ids = fields.Many2many(
        "res.partner", string="Customers", domain="[('parent_id', '=', False)]", help="Empty: all that are due."
    )

    @api.constrains("until")
    def _check_dates(self):
        check_dates(self, "until")

    def action_make(self):
        self.ensure_one()
        Statement = self.env["customer.statement"]
        Statement.check_access("create")
        made = Statement._make(self.company_id, self.until, self._partners())
        if not made:
            raise UserError(
                self.env._(
                    "No statement is due until %(day)s: all customers have theirs, or their last one is still a draft.",
                    day=self.until,
                )
            )
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_dept_kpi.action_customer_statements")
        return {**action, "domain": [("id", "in", made.ids)], "context": {}, "target": "main"}

    def _partners(self):
        """The customers that were chosen, or all of whom the user makes statements; None for really all."""
        chosen = self.partner_ids.commercial_partner_id
        if self.env.su or any(map(self.env.user.has_group, FOR_ALL)):
            return chosen or None
        own = self.env["res.partner"].search([("user_id", "=", self.env.uid), ("parent_id", "=", False)])
        return chosen & own if chosen else own
