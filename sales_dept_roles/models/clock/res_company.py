from datetime import datetime, time

from pytz import timezone, utc

from odoo import api, fields, models
from odoo.tools import SQL

NOON = time(12)


class ResCompany(models.Model):
    """Days are the company's: what happens at 07:30 in Shanghai happens on that day, whatever day it is in UTC.

    The zone is the company's working schedule's, else its address's. Nothing else in the addon turns moments into
    days, or days into moments.
    """

    _inherit = "res.company"

    # === DAYS === #

    def _local_zone(self):
        """The time zone of the company (of none: UTC)."""
        company = self.sudo()
        return timezone(company.resource_calendar_id.tz or company.partner_id.tz or "UTC")

    def _local_today(self):
        """The date it is now where the company is."""
        return self._local_day(fields.Datetime.now())

    def _local_day(self, moment):
        """The date at the company of `moment`, a naive UTC datetime; False for no moment."""
        return moment and utc.localize(moment).astimezone(self._local_zone()).date()

    def _moment_of(self, day, hour=NOON):
        """The naive UTC datetime at which it is `hour` of the date `day` where the company is."""
        return self._local_zone().localize(datetime.combine(day, hour)).astimezone(utc).replace(tzinfo=None)

    @api.model
    def _local_day_sql(self, moment, company):
        """As :meth:`_local_day`, for rows of several companies.

        :param moment: SQL of a UTC timestamp, or a naive UTC datetime
        :param SQL company: the company's id in a row
        """
        by_zone = self.sudo().with_context(active_test=False).search([]).grouped(lambda company: company._local_zone())
        # All companies but those in another zone: mostly there is one.
        usual = max(by_zone, key=lambda zone: len(by_zone[zone]))
        sql = SQL("%s", usual.zone)
        for zone, companies in by_zone.items():
            if zone != usual:
                sql = SQL("CASE WHEN %s IN %s THEN %s ELSE %s END", company, companies._ids, zone.zone, sql)
        return SQL("(%s::timestamp AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", moment, sql)

    @api.model
    def _local_today_sql(self, company):
        """As :meth:`_local_today`, for rows of several companies."""
        return self._local_day_sql(fields.Datetime.now(), company)

    # === WORKING DAYS === #

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
