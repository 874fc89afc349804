from odoo import api, models


class ResourceCalendarLeaves(models.Model):
    _inherit = "resource.calendar.leaves"

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._concerned_calendars()._working_days_changed()
        return leaves

    def write(self, vals):
        calendars = self._concerned_calendars()
        result = super().write(vals)
        (calendars | self._concerned_calendars())._working_days_changed()
        return result

    def unlink(self):
        calendars = self._concerned_calendars()
        result = super().unlink()
        calendars._working_days_changed()
        return result

    def _concerned_calendars(self):
        """Schedules whose working days depend on the public holidays among `self`."""
        public = self.filtered(lambda leave: not leave.resource_id)
        general = public.filtered(lambda leave: not leave.calendar_id)
        return public.calendar_id | general.company_id._all_calendars()
