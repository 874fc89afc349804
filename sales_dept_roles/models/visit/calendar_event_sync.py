from odoo import models

from .calendar_event_rights import FACTS


class CalendarEvent(models.Model):
    """What comes from Google's or Outlook's calendar, where they are installed: it changes no record.

    Both synchronize with all rights. A reported visit that was moved there is put back, and what is on record and was
    deleted there stays here.
    """

    _inherit = "calendar.event"

    def _write_from_google(self, gevent, vals):
        return super()._write_from_google(gevent, self._without_facts(vals, "need_sync"))

    def _write_from_microsoft(self, microsoft_event, vals):
        return super()._write_from_microsoft(microsoft_event, self._without_facts(vals, "need_sync_m"))

    def _cancel(self):
        """Called for events that were deleted at Google."""
        kept = self._filter_on_record()
        kept._forget({"google_id": False, "need_sync": False})
        return super(CalendarEvent, self - kept)._cancel()

    def _cancel_microsoft(self):
        """Called for events that were deleted in Outlook."""
        kept = self._filter_on_record()
        kept._forget({"microsoft_id": False, "ms_universal_event_id": False, "need_sync_m": False})
        return super(CalendarEvent, self - kept)._cancel_microsoft()

    def _without_facts(self, vals, ahead):
        """Return those of `vals` that another calendar may write on the event `self`.

        :param ahead: the field that says that the event goes to the other calendar next
        """
        if not self.visit_date:
            return vals
        changed = any(
            self._fields[name].convert_to_cache(vals[name], self)
            != self._fields[name].convert_to_cache(self[name], self)
            for name in FACTS & vals.keys()
        )
        rest = {name: value for name, value in vals.items() if name not in FACTS}
        return {**rest, ahead: True} if changed else rest

    def _forget(self, vals):
        """Make single events of `self`, which the other calendar does not know any more."""
        # The series, of which nothing may be left, is the caller's.
        alone = {"recurrence_id": False, "recurrency": False, "follow_recurrence": False}
        self.with_context(dont_notify=True).write({**alone, **vals})
