from pytz import timezone, utc

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..approval.terms import SHOWN
from ..protected_results.client_context import without_client_context
from ..protected_results.key import Key

OPEN = ("confirm", "validate1")
GRANTED = ("validate1", "validate")
CLOSED = ("refuse", "cancel")

# Who asks, and for which company: flows and four eyes go by them.
ASKED_BY = {"user_id", "company_id", "employee_company_id"}

COMPUTED_FROM_REQUEST = ("resource_calendar_id", "date_from", "date_to", "number_of_days", "number_of_hours")


class HrLeave(models.Model):
    """Leave of the sales department: validated by the signatures of its flow, and in no other way.

    It concerns the employees of the department that a company set, while that company's policy is on.
    Whether a leave may be validated is decided live by :meth:`_department_leave_held`; every gate asks
    that one method. Leave of others is Odoo's alone.
    """

    _name = "hr.leave"
    _inherit = ["hr.leave", "sales.approval.mixin"]

    department_leave_waived = fields.Boolean(
        "Validated Without Signatures",
        readonly=True,
        copy=False,
        help="The leave was validated when it needed no signature, and its terms did not change since.",
    )
    department_leave_moments = Key(
        readonly=True, copy=False, help="From when to when the leave was, in UTC, when it was asked for or granted."
    )
    department_leave_required = fields.Boolean(compute="_compute_department_leave_required")
    department_leave_missing = fields.Boolean(compute="_compute_department_leave_required")

    # === COMPUTES === #

    @api.depends("employee_id", "state", "approval_state", "department_leave_waived")
    def _compute_department_leave_required(self):
        required = self._origin._department_leave_filter_required()
        held = required._department_leave_held()
        for leave in self:
            leave.department_leave_required = leave._origin in required
            leave.department_leave_missing = leave._origin in held

    @api.depends("approval_state", "department_leave_waived")
    def _compute_can_approve(self):
        result = super()._compute_can_approve()
        held = self._origin._department_leave_held()
        self.filtered(lambda leave: leave._origin in held).can_approve = False
        return result

    @api.depends("approval_state", "department_leave_waived")
    def _compute_can_validate(self):
        result = super()._compute_can_validate()
        held = self._origin._department_leave_held()
        self.filtered(lambda leave: leave._origin in held).can_validate = False
        return result

    # === CRUD === #

    @api.model
    def _protected_fields(self):
        own = {"department_leave_waived", "department_leave_moments"}
        return super()._protected_fields() | own | ASKED_BY

    def _refused_fields(self, names):
        refused = super()._refused_fields(names)
        if self.env.su or not any(self.sudo().employee_id._filter_sales_department()):
            return refused - ASKED_BY
        return refused

    @api.model_create_multi
    def create(self, vals_list):
        asked = self._department_leave_asked_instead(vals_list)
        others = [position for position in range(len(vals_list)) if position not in asked]
        ids = {}
        if others:
            leaves = super().create([vals_list[position] for position in others])
            ids.update(zip(others, leaves.ids, strict=True))
        if asked:
            # Odoo validates at once what its type has no validation for; this way it stays a request.
            leaves = super(HrLeave, self.with_context(leave_fast_create=True)).create(
                [vals_list[position] for position in asked]
            )
            ids.update(zip(asked, leaves.ids, strict=True))
            leaves.with_env(self.env)._department_leave_after_quiet_create()
        leaves = self.browse(ids[position] for position in range(len(vals_list)))
        # Looked at afterwards, since the state may also come from a default in the context.
        leaves.sudo().filtered(lambda leave: leave.state in GRANTED)._department_leave_enter()
        (leaves | leaves._department_leave_neighbours())._department_leave_follow()
        return leaves

    def write(self, vals):
        watched = vals.keys() & self._department_leave_watched_fields()
        if "state" not in vals and not watched:
            return super().write(vals)
        leaves = self.sudo()
        neighbours = leaves._department_leave_neighbours()
        entering = leaves.filtered(lambda leave: leave.state != vals.get("state", leave.state))
        reopened = leaves.filtered(lambda leave: leave.state in CLOSED)
        terms_before = {
            leave: leave._approval_terms()
            for leave in leaves
            if watched and (leave.state in GRANTED or leave.department_leave_waived)
        }
        result = super().write(vals)
        changed = leaves.browse(leave.id for leave, terms in terms_before.items() if leave._approval_terms() != terms)
        changed._department_leave_write_waived(False)
        # Looked at afterwards, on the terms that this same write may have changed; what neither moved nor changed
        # was granted by the rules of its time.
        (entering | changed).filtered(lambda leave: leave.state in GRANTED)._department_leave_enter()
        if vals.get("state") in CLOSED:
            leaves._department_leave_write_waived(False)
        else:
            self._department_leave_follow(ask_again=reopened)
        (neighbours | leaves._department_leave_neighbours())._department_leave_follow()
        return result

    def unlink(self):
        neighbours = self._department_leave_neighbours()
        result = super().unlink()
        neighbours._department_leave_follow()
        return result

    def _department_leave_watched_fields(self):
        """Fields whose change may need another signature, or the first one."""
        return {*self._approval_spec(), *COMPUTED_FROM_REQUEST, "department_id", "request_unit_half"}

    @api.model
    def _department_leave_asked_instead(self, vals_list):
        """Positions in `vals_list` of the department's leaves whose type would have Odoo validate them at once."""
        types = self.env["hr.leave.type"].sudo().browse({vals.get("holiday_status_id") for vals in vals_list} - {None})
        types = types.filtered(lambda leave_type: leave_type.leave_validation_type == "no_validation")
        chosen = [
            position for position, vals in enumerate(vals_list) if vals.get("holiday_status_id") in set(types.ids)
        ]
        employees = (
            self.env["hr.employee"].sudo().browse({vals_list[position].get("employee_id") for position in chosen})
        )
        department_ids = set((employees - employees.browse(False))._filter_sales_department().ids)
        return [position for position in chosen if vals_list[position].get("employee_id") in department_ids]

    def _department_leave_after_quiet_create(self):
        """Do for `self` what Odoo leaves out when it creates quietly, but the validation of what is to be signed."""
        for leave in self.sudo():
            leave.add_follower(leave.employee_id.id)
        (self - self._department_leave_filter_required()).sudo().action_approve()

    def _department_leave_write_waived(self, value):
        """Set the protected field past :meth:`write`, which refuses it to everybody."""
        leaves = self.filtered(lambda leave: leave.department_leave_waived != value)
        if leaves:
            with self.env.protecting([self._fields["department_leave_waived"]], leaves):
                leaves.department_leave_waived = value
            leaves.modified(["department_leave_waived"])

    def _split_leaves(self, split_date_from, split_date_to=False):
        """A closure or a departure leaves parts of a signed leave: these are requests, asked for anew."""
        until = split_date_to or split_date_from
        parted = self._department_leave_filter_required().filtered(
            lambda leave: (
                leave.state in GRANTED
                and not leave.department_leave_waived
                and (leave.request_date_from < split_date_from or leave.request_date_to >= until)
            )
        )
        if parted:
            parted._move_validate_leave_to_confirm()
        return super()._split_leaves(split_date_from, split_date_to)

    # === ACTIONS === #

    def action_approve(self, check_state=True):
        self.check_access("read")
        # Said before Odoo does, which would only say that it cannot be approved.
        self._check_department_leave()
        return super().action_approve(check_state)

    def _validate_leave_request(self):
        return super(HrLeave, self - self._department_leave_held())._validate_leave_request()

    def activity_update(self):
        """Nobody is asked to validate in Time Off what waits for signatures."""
        held = self.filtered(lambda leave: leave.state in OPEN)._department_leave_held()
        if held:
            held.sudo().activity_unlink(self._get_to_clean_activities(), only_automated=False)
        return super(HrLeave, self - held).activity_update()

    def message_post(self, **kwargs):
        """Of a decision by signature the employee is told once, in their own language: Odoo's note stays a note."""
        if self.env.uid == SUPERUSER_ID and self.env.context.get("sales_dept_leave_told"):
            kwargs["partner_ids"] = []
        return super().message_post(**kwargs)

    # === THE GATE === #

    def _department_leave_filter_required(self, policy=None):
        """Return the leaves of `self` that need signatures by their company's policy, or by `policy`, given or not."""
        leaves = self.sudo()
        employees = leaves.employee_id._filter_sales_department(policy)
        leaves = leaves.filtered(lambda leave: leave.employee_id in employees)
        if not leaves:
            return self.browse()
        Flow = self.env["sales.approval.flow"]
        flows = Flow._match(leaves)
        # A flow without steps is how a company exempts what its condition describes.
        exempting = Flow._exempting_ids(self._name)
        return leaves.filtered(lambda leave: flows.get(leave.id, Flow).id not in exempting).with_env(self.env)

    def _department_leave_held(self):
        """Return the leaves of `self` that may not be validated as they are now."""
        _required, held = self._department_leave_supposing()
        return held

    def _department_leave_supposing(self, policy=None):
        """Return those of `self` that need signatures, and those of them that may not be validated as they are now.

        :param bool policy: as in :meth:`_department_leave_filter_required`
        """
        required = self._department_leave_filter_required(policy)
        held = required.sudo().filtered(lambda leave: not leave.department_leave_waived)
        return required, held._approval_lacking().with_env(self.env)

    def _approval_stands(self, approval):
        return (
            super()._approval_stands(approval)
            and not self._department_leave_outgrown(approval)
            and self._department_leave_is_consistent()
        )

    def _department_leave_is_consistent(self):
        """Whether the leave covers the days that were requested: these are what was signed."""
        self.ensure_one()
        # As it was when it was asked for or granted: since then somebody may have moved to another time zone.
        if self.department_leave_moments == self._department_leave_moments_text():
            return True
        zone = timezone(self.employee_id.tz or "UTC")
        days = [utc.localize(moment).astimezone(zone).date() for moment in (self.date_from, self.date_to)]
        return days == [self.request_date_from, self.request_date_to]

    def _department_leave_moments_text(self):
        return " ".join(fields.Datetime.to_string(moment) or "" for moment in (self.date_from, self.date_to))

    def _department_leave_note_moments(self):
        """Keep from when to when the leave is that is asked for or granted now."""
        for leave in self:
            text = leave._department_leave_moments_text()
            if leave.department_leave_moments != text:
                leave._write_protected({"department_leave_moments": text})

    def _check_department_leave(self):
        """:raises UserError: with a sentence for each leave of `self` that may not be validated"""
        if held := self._department_leave_held():
            raise UserError("\n".join(held._approval_lacking_messages().values()))

    def _approval_not_asked_message(self):
        if not self.number_of_days:
            return self._department_leave_no_days_message()
        return super()._approval_not_asked_message()

    def _approval_document_name(self):
        return self._department_leave_name()

    def _department_leave_name(self):
        """Employee and dates, the same in every language: Odoo's own name has the dates of whoever asked."""
        leave = self.sudo()
        days = dict.fromkeys([leave.request_date_from, leave.request_date_to])
        return " ".join([leave.employee_id.name or "", " – ".join(map(fields.Date.to_string, filter(None, days)))])

    def _department_leave_no_days_message(self):
        return self.env._(
            "%(leave)s holds no working day: there is nothing to approve. Choose other dates.",
            leave=self._department_leave_name(),
        )

    def _department_leave_enter(self):
        """Let the leaves of `self`, which are validated now, pass the gate, and note which needed no signature."""
        self._check_department_leave()
        self._department_leave_note_moments()
        validated = self.filtered(lambda leave: leave.state == "validate")
        (validated - validated._department_leave_filter_required())._department_leave_write_waived(True)

    # === APPROVAL === #

    def _department_leave_follow(self, ask_again=()):
        """Bring requests for signatures up to date with the leaves of `self`: ask, ask anew, or withdraw.

        :param ask_again: leaves whose refusal is over: they are asked for once more
        """
        # Leave that adjoins may have come, gone or changed.
        self.invalidate_model(["department_leave_days"])
        leaves = self.sudo().filtered(lambda leave: leave.state in OPEN)
        required = leaves._department_leave_filter_required()
        free = (leaves - required).filtered(lambda leave: leave.approval_state in ("pending", "stale"))
        if free:
            free._department_leave_withdraw()
            free.activity_update()
        required = required.filtered(lambda leave: not leave.department_leave_waived)
        required._department_leave_compute_from_request()
        asked = required.browse()
        for leave in required:
            approval = leave._approval_in_force()
            flow = leave._approval_flow()
            stands = approval and leave._approval_matches(approval)
            if approval.state == "rejected":
                stands = leave not in ask_again
            elif approval.state == "pending":
                stands = stands and approval.flow_id == flow
            elif stands:
                stands = not leave._department_leave_outgrown(approval)
            if stands:
                continue
            if not leave.number_of_days or not flow.step_ids._filter_applying(leave):
                leave._department_leave_withdraw()
                continue
            if approval.state in ("pending", "rejected") or leave._approval_matches(approval):
                approval._close("superseded")
            asked |= leave
        without_client_context(asked.with_env(self.env))._approval_submit()
        if required:
            required.activity_update()

    def _department_leave_compute_from_request(self):
        """Compute days and times anew from what was requested, whatever a client wrote there."""
        # Odoo lets none of it change any more once a leave is half approved.
        leaves = self.filtered(lambda leave: leave.state == "confirm")
        for name in COMPUTED_FROM_REQUEST:
            self.env.add_to_compute(self._fields[name], leaves)

    def _department_leave_withdraw(self):
        """Take back what still waits for signatures, since there is nothing to sign any more."""
        leaves = self.filtered(lambda leave: leave.approval_state in ("pending", "stale"))
        leaves.sudo().approval_ids.filtered(lambda approval: approval.state == "pending")._close("withdrawn")

    @api.model
    def _approval_terms_spec(self):
        terms = dict.fromkeys(
            [
                "employee_id",
                "holiday_status_id",
                "request_date_from",
                "request_date_to",
                "request_date_from_period",
                "request_date_to_period",
                "request_hour_from",
                "request_hour_to",
            ]
        )
        # How many working days the dates make changes with the calendar; signed are the dates.
        return {**terms, "number_of_days": SHOWN}

    @api.model
    def _approval_terms_sections(self, terms, spec):
        # Odoo fills in hours and halves of the day for every leave; of leave in whole days they say nothing.
        leave_type = (terms.get("holiday_status_id") or {}).get("id")
        unit = self.env["hr.leave.type"].browse(leave_type).exists().request_unit
        silent = set()
        if unit != "hour":
            silent |= {"request_hour_from", "request_hour_to"}
        whole_days = (terms.get("request_date_from_period"), terms.get("request_date_to_period")) == ("am", "pm")
        if unit != "half_day" or whole_days:
            silent |= {"request_date_from_period", "request_date_to_period"}
        return super()._approval_terms_sections({name: terms[name] for name in terms.keys() - silent}, spec)

    @api.model
    def _approval_kind(self):
        return self.env._("Leave")

    @api.model
    def _approval_ended_domain(self):
        return super()._approval_ended_domain() | Domain("state", "in", CLOSED)

    def _approval_ended_reason(self):
        return self.env._("%(leave)s was refused or cancelled in Time Off.", leave=self._department_leave_name())

    def _approval_submit(self):
        self.sudo()._department_leave_compute_from_request()
        self.sudo()._department_leave_note_moments()
        return super()._approval_submit()

    def _approval_submit_error_message(self):
        message = super()._approval_submit_error_message()
        if not message and not self._department_leave_filter_required():
            message = self.env._(
                "%(leave)s needs no signature of the sales department: it is approved in Time Off.",
                leave=self._department_leave_name(),
            )
        if not message and self.state not in OPEN:
            message = self.env._("%(leave)s does not wait for approval any more.", leave=self._department_leave_name())
        if not message and not self.number_of_days:
            message = self._department_leave_no_days_message()
        return message

    def _prepare_approval_values(self, flow):
        requester = self.user_id or self.create_uid
        return {
            **super()._prepare_approval_values(flow),
            # Whoever typed it in: nobody decides on their own leave, and the employee may withdraw it.
            "requester_id": requester.id,
            "requester_name": requester.name,
            "responsible_id": self.user_id.id,
            "is_confidential": True,
        }

    def _on_approval_granted(self, approval):
        # As superuser: the approvers need no rights in Time Off, where Odoo looks at the user's groups.
        leave = self.with_user(SUPERUSER_ID).with_context(sales_dept_leave_told=True)
        if leave.state in OPEN:
            leave._action_validate(check_state=False)
            leave.write(self._prepare_department_leave_approver_values(approval))
            self._approval_post(
                self.env._(
                    "Validated: signed by %(names)s.",
                    names=", ".join(leave._department_leave_decisions(approval).mapped("display_name")),
                )
            )
        return super()._on_approval_granted(approval)

    def _department_leave_decisions(self, approval):
        """The signatures for this leave: those of `approval`, and what was given before it for the same dates."""
        return self._department_leave_standing() | approval.decision_ids

    def _prepare_department_leave_approver_values(self, approval):
        """Who approved, as employees, where Odoo notes it; empty for approvers who are no employees."""
        deciders = self._department_leave_decisions(approval).user_id
        employees = self.env["hr.employee"].search(
            [("user_id", "in", deciders.ids), ("company_id", "=", self.company_id.id)]
        )
        employee_of = {employee.user_id: employee.id for employee in employees}
        first, *later = (employee_of.get(user, False) for user in deciders)
        return {"first_approver_id": first, "second_approver_id": later[-1] if later else False}

    def _on_approval_refused(self, approval):
        leave = self.with_user(SUPERUSER_ID).with_context(sales_dept_leave_told=True)
        if leave.state not in CLOSED:
            leave.action_refuse()
        return super()._on_approval_refused(approval)
