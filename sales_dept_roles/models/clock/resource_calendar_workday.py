from odoo import api, fields, models

from .bounds import check_dates


class ResourceCalendarWorkday(models.Model):
    """A date that is worked although the week's pattern or a public holiday says otherwise.

    Odoo's attendances have no dates, so the Saturdays that are worked in exchange for a longer
    holiday cannot be said with them. A make-up day is the more particular statement of the two, so
    it counts even where a public holiday covers the date.
    """

    _name = "resource.calendar.workday"
    _description = "Make-up Working Day"
    _inherit = ["sales.dept.changes.mixin"]
    _order = "date desc, id"
    _check_company_auto = True

    name = fields.Char("Occasion", required=True)
    date = fields.Date(required=True, index=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    calendar_id = fields.Many2one(
        "resource.calendar",
        "Working Hours",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        help="Leave empty for every working schedule of the company.",
    )
    hour_to = fields.Float(
        "Close Of Work", help="In the schedule's time zone. 0:00: when the schedule's ordinary working day ends."
    )

    _date_unique = models.UniqueIndex(
        "(company_id, date, COALESCE(calendar_id, 0))",
        "This date is a make-up working day already: change the one that is there.",
    )
    _hour_in_day = models.Constraint(
        "CHECK (hour_to >= 0 AND hour_to <= 24)", "The close of work is an hour of the day: between 0:00 and 24:00."
    )

    @api.depends("name", "date")
    def _compute_display_name(self):
        for workday in self:
            workday.display_name = f"{workday.date} {workday.name}"

    @api.constrains("date")
    def _check_dates(self):
        check_dates(self, "date")

    def _concerned(self):
        """Schedules whose working days depend on `self`."""
        return self.calendar_id | self.filtered(lambda day: not day.calendar_id).company_id._all_calendars()

    @api.model
    def _after_change(self, concerned, names=None):
        concerned._working_days_changed()
        return super()._after_change(concerned, names)
