from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    sales_dept_issue_portal = fields.Boolean(
        "Issues on the Portal", help="Customers enter issues on the portal, and follow there what becomes of them."
    )
    sales_dept_issue_close_days = fields.Integer(
        "Close Solved Issues After",
        default=10,
        help="Working days without a word of the customer after which a solved issue is closed; 0: never.",
    )
    sales_dept_issue_alias_id = fields.Many2one(
        "mail.alias", "Address for Issues", copy=False, ondelete="set null", groups="base.group_system"
    )

    _sales_dept_issue_close_days = models.Constraint(
        "CHECK (sales_dept_issue_close_days >= 0 AND sales_dept_issue_close_days <= 1000)",
        "Solved issues are closed after some working days, 1000 at most; 0 is never.",
    )

    def _sales_dept_handbook_values(self):
        return {**super()._sales_dept_handbook_values(), "sales_dept_issue_portal": True}

    def _set_issue_alias(self, name):
        """Let mail to the address `name` be issues of this company; no name: none is."""
        self.ensure_one()
        if self.sales_dept_issue_alias_id:
            self.sales_dept_issue_alias_id.alias_name = name
        elif name:
            self.sales_dept_issue_alias_id = self.env["mail.alias"].create(self._prepare_issue_alias_values(name))

    def _prepare_issue_alias_values(self, name):
        return {
            "alias_name": name,
            "alias_model_id": self.env["ir.model"]._get_id("customer.issue"),
            "alias_defaults": repr({"company_id": self.id}),
            "alias_domain_id": self.alias_domain_id.id,
            "alias_contact": "everyone",
        }
