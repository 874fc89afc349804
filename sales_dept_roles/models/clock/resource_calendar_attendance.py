from odoo import api, models

WORKING_TIME = {"dayofweek", "hour_from", "hour_to", "week_type", "day_period", "calendar_id"}


class ResourceCalendarAttendance(models.Model):
    _name = "resource.calendar.attendance"
    _inherit = ["resource.calendar.attendance", "sales.dept.changes.mixin"]

    def _concerned(self):
        return self.calendar_id

    @api.model
    def _after_change(self, concerned, names=None):
        if names is None or names & WORKING_TIME:
            # With a schedule its working hours are deleted, too.
            concerned.exists()._working_days_changed()
        return super()._after_change(concerned, names)
