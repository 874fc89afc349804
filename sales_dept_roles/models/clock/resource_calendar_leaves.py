from odoo import api, models


class ResourceCalendarLeaves(models.Model):
    _name = "resource.calendar.leaves"
    _inherit = ["resource.calendar.leaves", "sales.dept.changes.mixin"]

    def _concerned(self):
        """Schedules whose working days depend on the public holidays among `self`."""
        public = self.filtered(lambda leave: not leave.resource_id)
        general = public.filtered(lambda leave: not leave.calendar_id)
        return public.calendar_id | general.company_id._all_calendars()

    @api.model
    def _after_change(self, concerned, names=None):
        concerned._working_days_changed()
        return super()._after_change(concerned, names)
