from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import is_html_empty

MINUTES = {"agenda", "minutes", "minutes_taken_by_id", "is_department_meeting", "active"}
# Who takes part reads the decisions and writes the minutes.
PARTICIPANTS = {"partner_ids", "attendee_ids", "user_id"}
RECORDED = {"minutes_shared_date", "previous_meeting_id", "carried_activity_ids"}


class CalendarEvent(models.Model):
    """Meetings of the department: agenda, minutes, and decisions that become follow-ups.

    Nothing of it is shown to customers who are invited. Who may see or not see a colleague's
    meeting is what its privacy says, as for any other event.
    """

    _name = "calendar.event"
    _inherit = ["calendar.event", "sales.dept.protected.mixin"]

    is_department_meeting = fields.Boolean()
    agenda = fields.Html(groups="base.group_user")
    minutes = fields.Html(copy=False, groups="base.group_user")
    minutes_taken_by_id = fields.Many2one("res.users", domain="[('share', '=', False)]", groups="base.group_user")
    minutes_shared_date = fields.Datetime("Minutes Shared On", readonly=True, copy=False, groups="base.group_user")
    previous_meeting_id = fields.Many2one(
        "calendar.event",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="base.group_user",
    )
    follow_up_ids = fields.One2many(
        "sales.assignment.report", "meeting_id", string="Resolutions", readonly=True, groups="base.group_user"
    )
    carried_activity_ids = fields.Many2many(
        "mail.activity",
        "calendar_event_carried_activity_rel",
        "meeting_id",
        "activity_id",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Follow-ups that were open at the meeting before. They are the same ones, so each counts once.",
    )
    carried_follow_up_ids = fields.Many2many(
        "sales.assignment.report",
        string="Open From Before",
        compute="_compute_carried_follow_up_ids",
        groups="base.group_user",
    )
    open_follow_up_count = fields.Integer("Open Follow-ups", compute="_compute_open_follow_up_count")

    @api.depends("carried_activity_ids")
    @api.depends_context("uid")
    def _compute_carried_follow_up_ids(self):
        carried = {event: event.sudo().with_context(active_test=False).carried_activity_ids.ids for event in self}
        rows = self.env["sales.assignment.report"].search(
            [("id", "in", list({id_ for ids in carried.values() for id_ in ids}))]
        )
        for event in self:
            event.carried_follow_up_ids = rows.filtered(lambda row, event=event: row.id in carried[event])

    def _compute_open_follow_up_count(self):
        counts = dict(
            self.env["mail.activity"].sudo()._read_group([("meeting_id", "in", self.ids)], ["meeting_id"], ["__count"])
        )
        for event in self:
            event.open_follow_up_count = counts.get(event._origin, 0)

    # === RIGHTS === #

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | RECORDED

    def write(self, vals):
        if not self.env.su:
            if (MINUTES | PARTICIPANTS) & vals.keys():
                for event in self.filtered("is_department_meeting"):
                    if not event._may_write_minutes():
                        raise AccessError(
                            self.env._(
                                "Agenda, minutes and participants of “%(meeting)s” are written by those who take part, "
                                "and by the sales director.",
                                meeting=event.name,
                            )
                        )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_minutes(self):
        if self.env.su:
            return
        for event in self.filtered("is_department_meeting"):
            event._check_may_minute()
            if event.minutes_shared_date:
                raise UserError(
                    self.env._(
                        "The minutes of “%(meeting)s” were shared: the meeting stays as a record. Archive it instead.",
                        meeting=event.name,
                    )
                )

    def _may_write_minutes(self):
        self.ensure_one()
        user = self.env.user
        return (
            user in (self.user_id | self.minutes_taken_by_id)
            or user.partner_id in self.partner_ids
            or self.env["mail.activity"]._assignment_is_head(user)
        )

    # === ACTIONS === #

    def action_meeting_follow_up(self):
        """Write a decision down as a follow-up with person and date."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("sales_dept_roles.action_sales_assignment_give"),
            "context": {"default_meeting_id": self.id},
        }

    def action_meeting_share_minutes(self):
        """Mail the minutes to the colleagues who are invited."""
        for event in self:
            event._check_may_minute()
            if is_html_empty(event.minutes):
                raise UserError(self.env._("There are no minutes of “%(meeting)s” yet.", meeting=event.name))
            readers = event._internal_attendees()
            if not readers:
                raise UserError(
                    self.env._("No colleague is invited to “%(meeting)s”: add its attendees.", meeting=event.name)
                )
            event.message_post(
                body=event._minutes_message(),
                subject=self.env._("Minutes: %(meeting)s", meeting=event.name),
                subtype_xmlid="mail.mt_note",
            )
            self.env["sales.dept.telling"]._notify(
                readers,
                lambda reader: reader.env._("Minutes: %(meeting)s", meeting=reader.name),
                lambda reader: reader._minutes_message(),
                about=event,
            )
            event._write_protected({"minutes_shared_date": fields.Datetime.now()})

    def action_meeting_next(self):
        """Open the next meeting, with the same people and what is open now."""
        self.ensure_one()
        self._check_may_minute()
        # As superuser: Odoo invites the people of a copy only once it is there, when nobody takes part in it yet.
        following = self._following_meeting() or self.sudo().copy(self._prepare_next_meeting_values()).with_env(
            self.env
        )
        open_now = self._open_activities_now()
        # As superuser again: whoever plans need not see each of the follow-ups, which are between two colleagues.
        following.sudo()._write_protected(
            {
                "previous_meeting_id": self,
                "carried_activity_ids": following.sudo().carried_activity_ids | open_now,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": following.id,
            "views": [(False, "form")],
        }

    def action_open_follow_ups(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("sales_dept_roles.action_sales_assignments"),
            "domain": [("meeting_id", "=", self.id)],
            "context": {},
        }

    def _check_may_minute(self):
        self.ensure_one()
        if not self.is_department_meeting:
            raise UserError(self.env._("“%(meeting)s” is not a meeting of the department.", meeting=self.name))
        if not self._may_write_minutes():
            raise AccessError(
                self.env._(
                    "Agenda and minutes of “%(meeting)s” are written by those who take part, "
                    "and by the sales director.",
                    meeting=self.name,
                )
            )

    def _internal_attendees(self):
        """The colleagues among those who are invited."""
        return self.sudo().partner_ids.user_ids.filtered(lambda user: user.active and not user.share)

    def _minutes_message(self):
        """The minutes with their resolutions, in the reader's language."""
        return self.env["ir.qweb"]._render(
            "sales_dept_roles.meeting_minutes_message", {"meeting": self, "decisions": self.sudo().follow_up_ids}
        )

    def _following_meeting(self):
        """The meeting that follows `self` already: made before, or next in its series."""
        self.ensure_one()
        following = self.sudo().search([("previous_meeting_id", "=", self.id)], limit=1)
        if not following and self.recurrence_id:
            following = self.sudo().search(
                Domain("recurrence_id", "=", self.recurrence_id.id) & Domain("start", ">", self.start),
                order="start",
                limit=1,
            )
        return following.with_env(self.env)

    def _open_activities_now(self):
        """Follow-ups of this meeting, or carried into it, that are not done."""
        self.ensure_one()
        activities = self.env["mail.activity"].sudo()
        return activities.search([("meeting_id", "=", self.id)]) | self.sudo().carried_activity_ids.filtered("active")
