from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    def write(self, vals):
        result = super().write(vals)
        if "resource_calendar_id" in vals:
            self.resource_calendar_id._working_days_changed()
        return result

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

    def action_sales_dept_apply_handbook(self):
        """Switch on every policy of the department, as the handbook has it."""
        self.check_access("write")
        self.write(self._sales_dept_handbook_values())
        return True

    def _all_calendars(self):
        """Working schedules that people of the companies `self` may follow."""
        if not self:
            return self.env["resource.calendar"]
        return self.env["resource.calendar"].sudo().search([("company_id", "in", [False, *self.ids])])
