from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def write(self, vals):
        result = super().write(vals)
        if "resource_calendar_id" in vals:
            self.resource_calendar_id._working_days_changed()
        return result

    def _all_calendars(self):
        """Working schedules that people of the companies `self` may follow."""
        if not self:
            return self.env["resource.calendar"]
        return self.env["resource.calendar"].sudo().search([("company_id", "in", [False, *self.ids])])
