from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .proof import decoded, is_drawing


class SalesApprovalTask(models.Model):
    """A signature that an approval asks for: a step of the flow, frozen when it was asked."""

    _name = "sales.approval.task"
    _description = "Signature Asked"
    _order = "approval_id desc, sequence, id"

    approval_id = fields.Many2one("sales.approval", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="approval_id.company_id", store=True, index=True)
    # Stored here too, as the inbox asks for it in long lists.
    requester_id = fields.Many2one(related="approval_id.requester_id", store=True)
    name = fields.Char(required=True, readonly=True, translate=True)
    sequence = fields.Integer(readonly=True)
    group_id = fields.Many2one("res.groups", "Role", required=True, readonly=True, ondelete="restrict", index=True)
    group_name = fields.Char(
        "Name of the Role", readonly=True, translate=True, help="What the role was called when its signature was asked."
    )
    working_days = fields.Integer("Limit (Working Days)", readonly=True)
    signature_required = fields.Boolean(readonly=True)
    escalation_group_id = fields.Many2one("res.groups", readonly=True, ondelete="restrict", index="btree_not_null")
    state = fields.Selection(
        [("waiting", "Not Yet Asked"), ("open", "Waiting"), ("done", "Already Decided"), ("cancelled", "Not Needed")],
        required=True,
        readonly=True,
        default="waiting",
        index=True,
    )
    start_date = fields.Datetime("Asked On", readonly=True)
    deadline = fields.Datetime("Due", readonly=True)
    notified_date = fields.Datetime("Last Mailed", readonly=True)
    reminder_count = fields.Integer("Reminders", readonly=True)
    is_escalated = fields.Boolean("Escalated", readonly=True)
    decision_ids = fields.One2many("sales.approval.decision", "task_id", string="Decisions", readonly=True)
    decision_id = fields.Many2one("sales.approval.decision", compute="_compute_decision_id")

    @api.depends("decision_ids")
    def _compute_decision_id(self):
        for task in self:
            task.decision_id = task.decision_ids[:1]

    def _take_names(self, steps):
        """Take over the names of `steps` and of their roles, one each, in all languages.

        Their flow may change, and its readers differ.
        """
        tasks_of = defaultdict(self.browse)
        for task, step in zip(self, steps, strict=True):
            tasks_of[step] |= task
        for code, _name in self.env["res.lang"].get_installed():
            for step, tasks in tasks_of.items():
                step = step.with_context(lang=code)
                names = {"name": step.name, "group_name": step.group_id.name}
                tasks.with_context(lang=code).filtered(
                    lambda task, names=names: any(task[field] != name for field, name in names.items())
                ).write(names)

    def _open(self):
        """Ask the signatures of `self` now: their limits run from today."""
        now = fields.Datetime.now()
        self.write({"state": "open", "start_date": now})
        self._set_deadlines()
        # Not at once: what is asked within these minutes comes in one mail.
        self.env.ref("sales_dept_roles.ir_cron_approval_notify").sudo()._trigger(at=now + timedelta(minutes=10))

    def _set_deadlines(self):
        """Compute the deadlines of `self` with one clock call per company."""
        for company, tasks in self.filtered("working_days").grouped("company_id").items():
            deadlines = company.resource_calendar_id._working_day_deadlines(
                [(task.start_date, task.working_days) for task in tasks], company
            )
            for task, deadline in zip(tasks, deadlines, strict=True):
                if task.deadline != deadline:
                    task.deadline = deadline

    @api.model
    def _recompute_open_deadlines(self, calendars):
        """Move the deadlines of what is still open, after working days of `calendars` changed."""
        companies = self.env["res.company"].sudo().search([("resource_calendar_id", "in", calendars.ids)])
        tasks = self.sudo().search([("state", "=", "open"), ("company_id", "in", companies.ids)])
        tasks._set_deadlines()
        tasks.approval_id._refresh_activities()

    def _due_days(self):
        """Return ``{task: day until which it is to be decided}``, in the zone of its company (one clock call each).

        Without a limit it is the day on which it was asked.
        """
        days = {}
        for company, tasks in self.grouped("company_id").items():
            moments = [task.deadline or task.start_date or task.create_date for task in tasks]
            days.update(zip(tasks, company.resource_calendar_id._local_dates(moments, company), strict=True))
        return days

    # === WHO MAY DECIDE === #

    @api.model
    def _decidable_domain(self, user):
        """Which tasks `user` may decide now, as :meth:`_authority` says: so the database searches long lists."""
        if not user.active or not user._is_internal():
            return Domain.FALSE
        delegations = self.env["sales.approval.delegation"]._running_for(user)
        signers = self._signers_of_separate_steps(user | delegations.user_id)
        grounds = [self._held_domain(user) & self._not_signed_by_domain(signers, user)]
        for delegation in delegations:
            ground = self._held_domain(delegation.user_id) & Domain("company_id", "in", user.company_ids.ids)
            ground &= self._not_signed_by_domain(signers, user | delegation.user_id)
            ground &= Domain("requester_id", "!=", delegation.user_id.id)
            ground &= Domain("approval_id.holders_only", "=", False)
            if delegation.company_id:
                ground &= Domain("company_id", "=", delegation.company_id.id)
            if delegation.group_id:
                ground &= self._asked_domain(delegation.group_id & delegation.user_id.sudo().all_group_ids)
            grounds.append(ground)
        return Domain("state", "=", "open") & Domain("requester_id", "!=", user.id) & Domain.OR(grounds)

    @api.model
    def _held_domain(self, user):
        """Tasks of which `user` holds an asked role, as :meth:`_held_by`."""
        user = user.sudo()
        if not user.active:
            return Domain.FALSE
        groups = self.env["res.groups"].browse(user._get_group_ids())
        return self._asked_domain(groups) & Domain("company_id", "in", user.company_ids.ids)

    @api.model
    def _signers_of_separate_steps(self, users):
        """Return ``{waiting approval whose steps take a person each: who signed it}``, of those that `users` signed."""
        approvals = self.env["sales.approval"].sudo()
        approvals.flush_model(["different_people", "state"])
        self.env["sales.approval.decision"].flush_model(["approval_id", "user_id", "on_behalf_id"])
        query = SQL(
            """
            SELECT approval.id
              FROM sales_approval approval
             WHERE approval.different_people IS TRUE AND approval.state = 'pending' AND EXISTS (
                   SELECT FROM sales_approval_decision decision
                    WHERE decision.approval_id = approval.id
                      AND (decision.user_id = ANY(%(users)s) OR decision.on_behalf_id = ANY(%(users)s))
                   )
            """,
            users=users.ids,
        )
        signed = approvals.browse(row_id for (row_id,) in self.env.execute_query(query))
        return {approval: approval.decision_ids.user_id | approval.decision_ids.on_behalf_id for approval in signed}

    @api.model
    def _not_signed_by_domain(self, signers, users):
        """Tasks that `users` may still sign where each step takes another person, as :meth:`_is_barred`.

        :param signers: as :meth:`_signers_of_separate_steps` returns them
        """
        # Hardly ever any: most flows leave it to the roles.
        barred = [approval.id for approval, signed in signers.items() if signed & users]
        return Domain("approval_id", "not in", barred) if barred else Domain.TRUE

    @api.model
    def _asked_domain(self, groups):
        """Tasks that ask one of the roles `groups`, as :meth:`_asked_groups`."""
        return Domain("group_id", "in", groups.ids) | (
            Domain("is_escalated", "=", True) & Domain("escalation_group_id", "in", groups.ids)
        )

    def _filter_decidable(self, user):
        """Return the open tasks of `self` that `user` may decide (set-based)."""
        delegations = self.env["sales.approval.delegation"]._running_for(user)
        if delegations:
            return self.filtered(lambda task: task._authority(user, delegations) is not None)
        # Most have their own authority only, which is the same for all tasks that ask the same of them.
        asking = self.filtered(lambda task: task.state == "open" and task.approval_id.requester_id != user)
        if not asking or not user._is_internal():
            return self.browse()
        alike = asking.grouped(lambda task: (task._asked_groups(), task.company_id))
        held = {key for key, tasks in alike.items() if tasks[0]._held_by(user)}
        return asking.filtered(
            lambda task: (task._asked_groups(), task.company_id) in held and not task._is_barred(user)
        )

    def _authority(self, user, delegations):
        """On whose authority `user` decides this task.

        :param delegations: those that `user` may use today
        :return: an empty delegation for their own, the delegation used, or None for no authority
        """
        self.ensure_one()
        requester = self.approval_id.requester_id
        if self.state != "open" or user == requester or not user.active or not user._is_internal():
            return None
        if self._held_by(user) and not self._is_barred(user):
            return delegations.browse()
        for delegation in delegations if not self.approval_id.holders_only else ():
            if (
                delegation.user_id != requester
                and not self._is_barred(user | delegation.user_id)
                and (not delegation.company_id or delegation.company_id == self.company_id)
                and self._held_by(delegation.user_id, delegation.group_id)
                and self.company_id in user.company_ids
            ):
                return delegation
        return None

    def _is_barred(self, users):
        """Whether one of `users` signed another step, themselves or by a delegate, and each takes another person."""
        if not self.approval_id.different_people:
            return False
        decisions = self.approval_id.decision_ids
        return bool(users & (decisions.user_id | decisions.on_behalf_id))

    def _filter_one_each(self):
        """Return those of `self` that one person may sign at once: where steps take different people, the first."""
        several = self.filtered(lambda task: task.approval_id.different_people)
        firsts = several.browse().concat(*(tasks[:1] for tasks in several.grouped("approval_id").values()))
        return self - several + firsts

    def _asked_groups(self):
        """The roles that may decide: the step's own, and the one above once it is escalated."""
        return self.group_id | self.escalation_group_id if self.is_escalated else self.group_id

    def _held_by(self, user, only=None):
        """Whether `user` holds an asked role, in the company of the approval.

        :param only: the one role that counts, where there is one
        """
        user = user.sudo()
        asked = self._asked_groups() & only if only else self._asked_groups()
        return bool(user.active and user.all_group_ids & asked and self.company_id in user.company_ids)

    def _approvers(self):
        """Return ``{task: users who may decide it}``; requesters excepted, delegates included."""
        groups = self.group_id | self.escalation_group_id
        holders = {group: group.sudo().all_user_ids.filtered(lambda user: not user.share) for group in groups}
        delegations = self.env["sales.approval.delegation"]._search_running()
        result = {}
        for task in self:
            users = self.env["res.users"]
            for group in task._asked_groups():
                users |= holders[group]
            users |= delegations.filtered(lambda delegation, users=users: delegation.user_id in users).delegate_id
            result[task] = users.filtered(
                lambda user, task=task: (
                    task._authority(user, delegations.filtered(lambda delegation: delegation.delegate_id == user))
                    is not None
                )
            )
        return result

    # === DECIDING === #

    def _check_signature(self, signature):
        if signature and not is_drawing(decoded(signature)):
            raise UserError(
                self.env._(
                    "The drawn signature is no picture with something on it. Draw it again, in the box of the button "
                    "“Sign off” or under My Preferences."
                )
            )
        if not signature and any(self.mapped("signature_required")):
            raise UserError(
                self.env._(
                    "Your drawn signature is needed here. Draw it once under My Preferences, "
                    "or use the button “Sign off” on the document."
                )
            )

    def _record_decision(self, user, outcome, comment, signature):
        """Write down what `user` decided on each of `self`."""
        delegations = self.env["sales.approval.delegation"]._running_for(user)
        self.env["sales.approval.decision"].create(
            [
                self._prepare_decision_values(
                    task, user, task._authority(user, delegations), outcome, comment, signature
                )
                for task in self
            ]
        )
        self.write({"state": "done"})

    def _prepare_decision_values(self, task, user, delegation, outcome, comment, signature):
        return {
            "approval_id": task.approval_id.id,
            "task_id": task.id,
            "user_id": user.id,
            "delegation_id": delegation.id,
            "on_behalf_id": delegation.user_id.id,
            "user_name": user.name,
            "on_behalf_name": delegation.user_id.name,
            "outcome": outcome,
            "comment": comment,
            "signature": False if outcome == "rejected" else signature,
            "digest": task.approval_id.digest,
        }

    # === REMINDERS === #

    @api.model
    def _search_overdue_unreminded(self):
        """Overdue tasks about which nobody was mailed since yesterday; none on rest days."""
        now = fields.Datetime.now()
        overdue = self.search(
            Domain("state", "=", "open")
            & Domain("deadline", "<", now)
            & Domain("notified_date", "<", now - timedelta(hours=20))
        )
        today = [(now - timedelta(days=1), now)]
        working = overdue.company_id.filtered(
            lambda company: company.resource_calendar_id._working_days_between(today, company)[0]
        )
        return overdue.filtered(lambda task: task.company_id in working)

    def _count_reminder(self):
        for count, tasks in self.grouped("reminder_count").items():
            tasks.reminder_count = count + 1

    def _escalate(self):
        """Bring in the role above for what stayed undecided after a reminder."""
        late = self.filtered(lambda task: task.reminder_count and task.escalation_group_id and not task.is_escalated)
        late.write({"is_escalated": True})
        for approval in late.approval_id:
            approval._document()._approval_refresh_activities()
            approval._document()._approval_post(
                self.env._(
                    "Overdue: passed on to %(roles)s.",
                    roles=", ".join((late & approval.task_ids).escalation_group_id.mapped("name")),
                )
            )
