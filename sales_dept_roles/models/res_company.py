from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def write(self, vals):
        result = super().write(vals)
        if "resource_calendar_id" in vals:
            self.resource_calendar_id._working_days_changed()
        return result

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
