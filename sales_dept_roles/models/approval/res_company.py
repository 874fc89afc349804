from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    sales_dept_holds_orders = fields.Boolean(
        compute="_compute_sales_dept_holds_orders", help="Whether a policy keeps orders from going their way."
    )

    @api.model
    def _sales_dept_order_policies(self):
        """Fields of the policies that hold quotations or orders. Each feature that brings one adds its own."""
        return []

    @api.depends(lambda self: self._sales_dept_order_policies())
    def _compute_sales_dept_holds_orders(self):
        for company in self:
            policies = (company[name] for name in self._sales_dept_order_policies())
            company.sales_dept_holds_orders = any(policy and policy != "off" for policy in policies)

    def _sales_dept_handbook_values(self):
        """The policies as the handbook has them. Each feature that brings a policy adds its own."""
        return {}

    def _sales_dept_off_values(self):
        """The policies as they are before anybody switches one on."""
        return {
            name: "off" if self._fields[name].type == "selection" else False
            for name in self._sales_dept_handbook_values()
        }

    def action_sales_dept_apply_handbook(self):
        """Switch on every policy of the department, as the handbook has it."""
        self.check_access("write")
        self.write(self._sales_dept_handbook_values())
        return True

    def _holds_orders(self):
        """Whether one of the companies `self` has a policy that keeps orders from going their way."""
        return any(self.sudo().mapped("sales_dept_holds_orders"))
