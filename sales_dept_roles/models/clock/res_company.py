from datetime import datetime, time

from pytz import timezone, utc

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, ormcache

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
        return timezone(self._schedule_zone() or self.sudo().partner_id.tz or "UTC")

    @ormcache("self.id")
    def _schedule_zone(self):
        """The name of the time zone of the working schedule: asked with every order, and hardly ever changed."""
        return self.sudo().resource_calendar_id.tz

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
        # Not looked up by the database: each place that asks for a day would add three tables to be planned.
        ids_of = {}
        for known in self.browse(self._every_company_id()):
            ids_of.setdefault(known._local_zone().zone, []).append(known.id)
        # Tuples: what is grouped by has to be hashable.
        cases = [SQL("WHEN %s IN %s THEN %s", company, tuple(ids), zone) for zone, ids in ids_of.items()]
        zone = SQL("CASE %s ELSE 'UTC' END", SQL(" ").join(cases))
        return SQL("(%s::timestamp AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", moment, zone)

    @api.model
    @ormcache()
    def _every_company_id(self):
        """Ids of all companies; forgotten, as much else is, when a company is made or deleted."""
        return tuple(self.sudo().with_context(active_test=False).search(Domain.TRUE, order="id").ids)

    @api.model
    def _local_today_sql(self, company):
        """As :meth:`_local_today`, for rows of several companies."""
        return self._local_day_sql(fields.Datetime.now(), company)

    @api.model
    def _local_todays_sql(self):
        """`company_id` and its `day` now: to be joined, so that a zone is looked up once for all rows of a company."""
        return SQL(
            "SELECT res_company.id AS company_id, %s AS day FROM res_company",
            self._local_today_sql(SQL.identifier("res_company", "id")),
        )

    # === WORKING DAYS === #

    def write(self, vals):
        result = super().write(vals)
        if "resource_calendar_id" in vals:
            self.env.registry.clear_cache()
            self.resource_calendar_id._working_days_changed()
        return result

    def _all_calendars(self):
        """Working schedules that people of the companies `self` may follow."""
        if not self:
            return self.env["resource.calendar"]
        return self.env["resource.calendar"].sudo().search([("company_id", "in", [False, *self.ids])])
