from datetime import timedelta

import pytz

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty

SERIES = ("all_events", "future_events")


class CalendarEvent(models.Model):
    """Meetings in a series: what was minuted stays as it was when the series is moved or deleted."""

    _inherit = "calendar.event"

    def write(self, vals):
        if vals.get("recurrence_update") not in SERIES or len(self) != 1:
            return super().write(vals)
        concerned = self._of_series(vals["recurrence_update"])
        kept = concerned._filter_on_record()
        if self not in kept:
            kept._leave_series()
            return super().write(vals)
        # Opened at a meeting that stays: it is the next one that leads the others.
        leading = (concerned - kept).sorted("start")[:1]
        if not leading:
            raise UserError(
                self.env._(
                    "All these meetings “%(meeting)s” have minutes or a report: they stay as a record. Plan new ones "
                    "instead.",
                    meeting=self.name,
                )
            )
        moved = {**vals, **self._shift_to(leading, vals)}
        kept._leave_series()
        return leading.write(moved)

    def action_mass_deletion(self, recurrence_update_setting):
        return self._on_rest_of_series("action_mass_deletion", recurrence_update_setting)

    def action_mass_archive(self, recurrence_update_setting):
        return self._on_rest_of_series("action_mass_archive", recurrence_update_setting)

    def _on_rest_of_series(self, method, setting):
        """Call Odoo's `method` for those meetings of the series that `setting` means and that are no record."""
        self.ensure_one()
        event = self
        if setting in SERIES:
            concerned = self._of_series(setting)
            kept = concerned._filter_on_record()
            if self in kept:
                event = (concerned - kept).sorted("start")[:1]
            kept._leave_series()
        return getattr(super(CalendarEvent, event), method)(setting) if event else None

    def _of_series(self, setting):
        """The meetings of this one's series that an action on all of them, or on those from this one on, is about."""
        self.ensure_one()
        events = self.recurrence_id.calendar_event_ids
        return events if setting == "all_events" else events.filtered(lambda event: event.start >= self.start)

    def _filter_on_record(self):
        """Those of `self` that are a record: their minutes are written, or were shared."""
        return self.filtered(
            lambda event: (
                event.is_department_meeting
                and (event.sudo().minutes_shared_date or not is_html_empty(event.sudo().minutes))
            )
        )

    def _leave_series(self):
        """Make single meetings of `self`, so that nothing done to their series reaches them."""
        events = self.sudo().with_context(dont_notify=True)
        series = events.recurrence_id
        if not events:
            return
        events.write({"recurrence_id": False, "recurrency": False, "follow_recurrence": False})
        left = series.filtered("calendar_event_ids")
        left.filtered(lambda recurrence: recurrence.base_event_id in events)._select_new_base_event()
        (series - left).unlink()

    def _shift_to(self, other, vals):
        """The times in `vals`, which are meant for this meeting, moved to the place of the meeting `other`."""
        moved = {}
        for name in self._get_time_fields() & vals.keys():
            field = self._fields[name]
            if field.type not in ("date", "datetime") or not vals[name]:
                continue
            to_moment = fields.Date.to_date if field.type == "date" else fields.Datetime.to_datetime
            if self[name] and other[name]:
                moved[name] = other[name] + (to_moment(vals[name]) - self[name])
        return moved

    # === THE NEXT MEETING === #

    def _prepare_next_meeting_values(self):
        return {"start": self._a_week_later(self.start), "stop": self._a_week_later(self.stop), "recurrency": False}

    def _a_week_later(self, moment):
        """The same hour a week later, where the meeting takes place: clocks may be changed between."""
        if self.allday:
            return moment + timedelta(weeks=1)
        zone = self._meeting_zone()
        local = pytz.utc.localize(moment).astimezone(zone).replace(tzinfo=None) + timedelta(weeks=1)
        return zone.localize(local).astimezone(pytz.utc).replace(tzinfo=None)

    def _meeting_zone(self):
        """The zone of the meeting: its own, else that of its organizer."""
        organizer = self.sudo().user_id
        company = organizer.company_id or self.env.company
        return pytz.timezone(
            self.event_tz or organizer.tz or company.sudo().resource_calendar_id.tz or self.env.user.tz or "UTC"
        )
