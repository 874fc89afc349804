from odoo import fields, models

from .customer_issue import OPEN


class CustomerIssue(models.Model):
    """The clock of an issue: it runs in the company's working time, and stands while the customer is asked."""

    _inherit = "customer.issue"

    def _set_deadlines(self):
        """Set until when `self` are answered and solved: by the limits of their kind, from when they were reported."""
        for company, issues in self.grouped("company_id").items():
            limits = self.env["customer.issue.limit"]._limits_of(company)
            requests = []
            for issue in issues:
                times = limits[issue.kind]._times() if issue.kind in limits else [(0, "hours")] * 2
                requests += [(issue.reported_at, *time) for time in times]
            deadlines = self._deadlines(requests, company)
            for issue, response, solution in zip(issues, deadlines[::2], deadlines[1::2], strict=True):
                paused = sum(issue.sudo().pause_ids.mapped("hours"))
                response, solution = issue._moved_on([response, solution], paused)
                issue._write_protected({"response_deadline": response, "solution_deadline": solution})

    def _deadlines(self, requests, company):
        """Return the end of each limit on the clock of `company`.

        :param requests: ``[(start, time, unit)]``; a time of 0 is no limit
        :return: naive UTC datetimes, False for none
        """
        calendar = company.resource_calendar_id
        by_days = [(start, int(time)) for start, time, unit in requests if time and unit == "days"]
        by_hours = [(start, time) for start, time, unit in requests if time and unit == "hours"]
        days = iter(calendar._working_day_deadlines(by_days, company))
        hours = iter(calendar._working_hours_after(by_hours, company))
        return [next(days if unit == "days" else hours) if time else False for _start, time, unit in requests]

    def _moved_on(self, deadlines, hours):
        """Return each of `deadlines` later by so many working hours."""
        self.ensure_one()
        moving = [deadline for deadline in deadlines if deadline and hours > 0]
        calendar = self.company_id.resource_calendar_id
        moved = iter(calendar._working_hours_after([(deadline, hours) for deadline in moving], self.company_id))
        return [next(moved) or deadline if deadline and hours > 0 else deadline for deadline in deadlines]

    def _kind_changed(self):
        """Another kind has other limits, from the beginning; what was answered keeps its own."""
        self.filtered(lambda issue: issue.state in OPEN and not issue.answered_at)._set_deadlines()
        self.env["customer.issue.step"]._make_for(self)

    def _stop_clock(self):
        """The customer is asked: `self` stand still from now on."""
        now = fields.Datetime.now()
        running = self.filtered(lambda issue: issue.state in ("new", "in_progress"))
        running._write_protected({"state": "waiting", "waiting_since": now})
        self.env["customer.issue.pause"].sudo().create([{"issue_id": issue.id, "date_from": now} for issue in running])
        running._refresh_todos()

    def _start_clock(self):
        """The customer has spoken, or nothing is waited for any more: what was open when it stopped moves on."""
        now = fields.Datetime.now()
        for issue in self.filtered(lambda issue: issue.state == "waiting"):
            pause = issue.sudo().pause_ids.filtered(lambda pause: not pause.date_until)
            calendar = issue.company_id.resource_calendar_id
            begin, end = pause.date_from, max(now, pause.date_from)
            hours = calendar._working_hours_between([(begin, end)], issue.company_id)[0]
            pause.write({"date_until": end, "hours": hours})
            issue._write_protected({"state": "in_progress", "waiting_since": False, **issue._moved_by(begin, hours)})
        self._refresh_todos()

    def _moved_by(self, begin, hours):
        """The new deadlines after a pause of so many hours that began at `begin`; what was late by then stays late."""
        self.ensure_one()
        names = ["solution_deadline"] if self.answered_at else ["response_deadline", "solution_deadline"]
        open_ones = [name for name in names if self[name] and self[name] >= begin]
        return dict(zip(open_ones, self._moved_on([self[name] for name in open_ones], hours), strict=True))
