from odoo import models


class CalendarRecurrence(models.Model):
    """A series that was changed in Google's or Outlook's calendar: what is on record leaves it before."""

    _inherit = "calendar.recurrence"

    def _write_from_google(self, gevent, vals):
        return super()._write_from_google(gevent, vals) if self._spare_records() else None

    def _write_from_microsoft(self, microsoft_event, vals):
        return super()._write_from_microsoft(microsoft_event, vals) if self._spare_records() else None

    def _spare_records(self):
        """Take what is on record out of the series; return whether anything is left that may be changed."""
        events = self.calendar_event_ids
        kept = events._filter_on_record()
        if events and kept == events:
            return False
        kept._leave_series()
        return True
