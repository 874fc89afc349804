from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    sales_dept_customer_file = fields.Boolean(
        "Customer File",
        help="Orders are confirmed only for customers whose file finance has filed as it stands.",
    )
    sales_dept_customer_file_item_ids = fields.Many2many(
        "sales.customer.file.item",
        "res_company_customer_file_item_rel",
        string="Required in a Customer File",
        default=lambda self: self.env["sales.customer.file.item"].search([("is_default", "=", True)]),
    )

    @api.model
    def _sales_dept_require_default_items(self):
        """Give the companies that are there already the checklist that new ones start with."""
        default = self._fields["sales_dept_customer_file_item_ids"].default(self)
        self.search([("sales_dept_customer_file_item_ids", "=", False)]).sales_dept_customer_file_item_ids = default

    def _sales_dept_handbook_values(self):
        return {**super()._sales_dept_handbook_values(), "sales_dept_customer_file": True}
