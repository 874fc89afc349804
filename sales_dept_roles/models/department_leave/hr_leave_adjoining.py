import operator as operators
from datetime import datetime, time, timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import float_compare

from .adjoining import runs

# Days that count: asked for or granted.
COUNTED = ("confirm", "validate1", "validate")
# Rest days that part two leaves are fewer, so nothing farther away adjoins.
LONGEST_REST = timedelta(days=31)
# As far as runs are followed to both sides; by then they are long in any case.
REACH = timedelta(days=366)
OPERATORS = {
    "=": operators.eq,
    "!=": operators.ne,
    "<": operators.lt,
    "<=": operators.le,
    ">": operators.gt,
    ">=": operators.ge,
}


class HrLeave(models.Model):
    """Leave that adjoins is judged as one, so that no limit of days is passed by splitting it."""

    _inherit = "hr.leave"

    department_leave_days = fields.Float(
        "Days with Adjoining Leave",
        compute="_compute_department_leave_days",
        search="_search_department_leave_days",
        compute_sudo=True,
        digits=(16, 2),
        help="Working days of this leave and of the person's other leave that adjoins it; weekends, holidays and "
        "other rest days do not part leave. For conditions of approval flows.",
    )

    @api.depends("employee_id", "request_date_from", "request_date_to", "number_of_days", "state")
    def _compute_department_leave_days(self):
        runs_of = self._department_leave_runs()
        for leave in self:
            run = runs_of.get(leave._origin, leave)
            # A leave that is being changed on the form counts as it stands there.
            others = run.filtered(lambda other, leave=leave: other != leave._origin)
            leave.department_leave_days = leave.number_of_days + sum(others.mapped("number_of_days"))

    @api.model
    def _search_department_leave_days(self, operator, value):
        if operator not in OPERATORS:
            return NotImplemented
        leaves = self.sudo().search([("state", "in", COUNTED)])
        compare = OPERATORS[operator]
        return Domain("id", "in", leaves.filtered(lambda leave: compare(leave.department_leave_days, value)).ids)

    def _department_leave_runs(self):
        """Return ``{leave: it and the leave of the same person that adjoins it}``, as superuser.

        The number of queries does not depend on the number of leaves.
        """
        leaves = self._origin.sudo().filtered(lambda leave: leave.request_date_from and leave.request_date_to)
        if not leaves:
            return {}
        near = self.sudo().search(
            Domain("employee_id", "in", leaves.employee_id.ids)
            & Domain("state", "in", COUNTED)
            & Domain("request_date_to", ">=", min(leaves.mapped("request_date_from")) - REACH)
            & Domain("request_date_from", "<=", max(leaves.mapped("request_date_to")) + REACH)
        )
        near |= leaves
        found = {}
        for (calendar, company), of_calendar in near.grouped(
            lambda leave: (leave.resource_calendar_id, leave.company_id)
        ).items():
            first = min(of_calendar.mapped("request_date_from"))
            clock = calendar._working_days([datetime.combine(first, time.min)], company)
            working = clock.between(first, max(of_calendar.mapped("request_date_to")))
            for of_employee in of_calendar.grouped("employee_id").values():
                for ids in runs([leave._department_leave_span() for leave in of_employee], working):
                    run = self.sudo().browse(ids)
                    found.update(dict.fromkeys(run, run))
        return {leave: found[leave] for leave in leaves}

    def _department_leave_span(self):
        """The leave as :func:`runs` wants it: days, and whether it takes the first and the last one wholly."""
        self.ensure_one()
        from_beginning = to_end = True
        hours = self.resource_calendar_id.attendance_ids.filtered(lambda hours: hours.day_period != "lunch")
        first = hours.filtered(lambda hours: hours.dayofweek == str(self.request_date_from.weekday()))
        last = hours.filtered(lambda hours: hours.dayofweek == str(self.request_date_to.weekday()))
        if self.request_unit_hours:
            from_beginning = self.request_hour_from <= min(first.mapped("hour_from"), default=0)
            to_end = self.request_hour_to >= max(last.mapped("hour_to"), default=0)
        elif self.request_unit_half:
            from_beginning = self.request_date_from_period == "am" or not first.filtered(
                lambda hours: hours.day_period in ("morning", "full_day")
            )
            to_end = self.request_date_to_period == "pm" or not last.filtered(
                lambda hours: hours.day_period in ("afternoon", "full_day")
            )
        return (self.id, self.request_date_from, self.request_date_to, from_beginning, to_end)

    def _department_leave_neighbours(self):
        """Return the leave that adjoins those of `self`, as far as signatures are asked for it."""
        leaves = self.sudo()
        employees = leaves.employee_id._filter_sales_department()
        runs_of = leaves.filtered(lambda leave: leave.employee_id in employees)._department_leave_runs()
        return self.browse().union(*(run.with_env(self.env) for run in runs_of.values())) - self

    # === LEAVE THAT GREW === #

    def _department_leave_outgrown(self, approval):
        """Whether this leave has more days than `approval` was given for, and asks for more signatures by that.

        Its dates are the same: a holiday was taken back. Leave that is over is left as it was.
        """
        self.ensure_one()
        is_longer = float_compare(self.number_of_days, approval.leave_days, precision_digits=2) > 0
        if not is_longer or self.date_to < fields.Datetime.now():
            return False
        return bool(self._approval_flow().step_ids._filter_applying(self).group_id - approval.task_ids.group_id)

    def _department_leave_reopen_outgrown(self):
        """Leave of `self` that grew out of its signatures is a request again, and asks for those that are missing."""
        granted = self.sudo().filtered(lambda leave: leave.state == "validate" and not leave.department_leave_waived)
        required = granted._department_leave_filter_required().sudo()
        self.env.add_to_compute(self._fields["number_of_days"], required)
        required.mapped("number_of_days")
        self.invalidate_model(["department_leave_days"])
        approvals = required._approvals_in_force() if required else {}
        outgrown = required.filtered(
            lambda leave: leave.id in approvals and leave._department_leave_outgrown(approvals[leave.id])
        )
        if outgrown:
            outgrown._move_validate_leave_to_confirm()

    def _department_leave_standing(self):
        """Return the signatures that were given for this leave as it is, though a later request took their place."""
        self.ensure_one()
        earlier = self.sudo().approval_ids.filtered(
            lambda approval: (
                approval.state == "superseded"
                and "cancelled" not in approval.task_ids.mapped("state")
                and self._approval_matches(approval)
            )
        )
        return earlier.decision_ids.filtered(lambda decision: decision.outcome == "approved")

    def _approval_steps(self, flow):
        """Signatures that were given for these dates already are not asked again when the days became more."""
        steps = super()._approval_steps(flow)
        given = self._department_leave_standing().task_id.group_id
        return steps.filtered(lambda step: step.group_id not in given) or steps
