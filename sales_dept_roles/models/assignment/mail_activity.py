from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

# What the person who does it may not change: only who gave it, and the department's head, may.
TERMS = {"user_id", "date_deadline", "summary", "note", "res_model_id", "res_model", "res_id", "meeting_id"}
# What is written down by the methods below only.
RECORDED = {
    "date_done",
    "assignment_giver_id",
    "assignment_date",
    "assignment_company_id",
    "assignment_cancel_reason",
    "assignment_cancelled_by_id",
    # With the event that it names it would be deleted in the database.
    "calendar_event_id",
}


class MailActivity(models.Model):
    """Assignments and follow-ups: activities of a type with `assignment_kind`.

    They are given by one person to another. Who does it may mark it done, with feedback, or cancel
    it with a reason; its terms belong to who gave it. A done one stays, and its day is the
    company's. Activities of other types are none of this.
    """

    _name = "mail.activity"
    _inherit = ["mail.activity", "sales.dept.protected.mixin"]

    assignment_kind = fields.Selection(related="activity_type_id.assignment_kind")
    assignment_giver_id = fields.Many2one(
        "res.users", "Given By", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    assignment_date = fields.Date("Given On", readonly=True)
    assignment_company_id = fields.Many2one(
        "res.company", "Company of the Assignment", readonly=True, index="btree_not_null"
    )
    assignment_cancel_reason = fields.Text("Reason of the Cancellation", readonly=True)
    assignment_cancelled_by_id = fields.Many2one(
        "res.users", "Cancelled By", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    meeting_id = fields.Many2one(
        "calendar.event", "Decided in Meeting", index="btree_not_null", ondelete="set null", readonly=True
    )

    @api.depends("active")
    def _compute_date_done(self):
        done = self._assignments().filtered(lambda activity: not activity.active and not activity.date_done)
        result = super()._compute_date_done()
        # Odoo takes the day in UTC: what is done in the morning in Shanghai would be done the day before.
        for company, activities in done.grouped("assignment_company_id").items():
            activities.date_done = (company or self.env.company)._local_today()
        return result

    # === DAYS === #

    @api.model
    def _assignment_deadline(self, working_days, company):
        """The date of the Nth working day from today; False where the schedule has none."""
        company = company.sudo()
        deadline = company.resource_calendar_id._working_day_deadlines(
            [(fields.Datetime.now(), working_days)], company
        )[0]
        return company._local_day(deadline)

    # === RIGHTS === #

    def _assignments(self):
        """Those of `self` that are assignments or follow-ups."""
        type_ids = self.env["mail.activity.type"]._assignment_type_ids()
        return self.filtered(lambda activity: activity.sudo().activity_type_id.id in type_ids)

    @api.model
    def _assignment_may_give(self, kind):
        """Whether the user may give what is of `kind` (of :attr:`mail.activity.type.assignment_kind`)."""
        user = self.env.user
        return self._assignment_is_head(user) or (
            kind == "follow_up"
            and (
                user.has_group("sales_dept_roles.group_account_manager")
                or user.has_group("sales_dept_roles.group_assistant")
            )
        )

    @api.model
    def _assignment_is_head(self, user):
        return user.has_group("sales_dept_roles.group_director") or user.has_group(
            "sales_dept_roles.group_general_manager"
        )

    def _assignment_is_manager(self):
        """Whether the user may change what this assignment says: who gave it, or the department's head."""
        self.ensure_one()
        user = self.env.user
        # Reports show assignments on documents that their reader may not open.
        activity = self.sudo()
        return user == activity.assignment_giver_id or (
            self._assignment_is_head(user) and activity.assignment_company_id in user.company_ids
        )

    @api.model
    def _assignment_right_error_message(self, kind):
        """Return why the user may not give anything of `kind`, or False."""
        if self._assignment_may_give(kind):
            return False
        if kind == "assignment":
            return self.env._(
                "Assignments are given by the sales director or the general manager. "
                "Ask another department with a follow-up instead."
            )
        return self.env._("Follow-ups are given by the sales department: its assistants, managers and directors.")

    def _assignment_give_error_message(self):
        """Return why the user may not give `self`, or False."""
        self.ensure_one()
        activity = self.sudo()
        company = activity.assignment_company_id
        if message := self._assignment_right_error_message(activity.assignment_kind):
            return message
        if not activity.active:
            return self.env._(
                "“%(assignment)s” cannot be given as done already: give it, and let it be done.",
                assignment=activity.display_name,
            )
        return self._assignment_terms_error_message(company)

    def _assignment_terms_error_message(self, company):
        """Return what is wrong with the terms of `self`, or False."""
        self.ensure_one()
        activity = self.sudo()
        if not (activity.summary or "").strip():
            return self.env._("Say in a few words what is to be done (the summary of the assignment).")
        if not activity.user_id:
            return self.env._("Say who does “%(assignment)s”.", assignment=activity.display_name)
        if not activity.user_id.active or activity.user_id.share or company not in activity.user_id.company_ids:
            return self.env._(
                "“%(assignment)s” cannot be given to %(person)s: choose a colleague who works in %(company)s.",
                assignment=activity.display_name,
                person=activity.user_id.name,
                company=company.name,
            )
        today = company._local_today()
        if activity.date_deadline < today:
            return self.env._(
                "“%(assignment)s” is due on %(date)s, which has passed: choose today or a later day.",
                assignment=activity.display_name,
                date=format_date(self.env, activity.date_deadline),
            )
        return False

    def _assignment_write_error_message(self, vals):
        """Return why the user may not write `vals` on the assignment `self`, or False."""
        self.ensure_one()
        name = self.sudo().display_name
        giver = self.sudo().assignment_giver_id.name
        if "activity_type_id" in vals and vals["activity_type_id"] != self.sudo().activity_type_id.id:
            return self.env._("“%(assignment)s” stays what it is: give a new one instead.", assignment=name)
        if self._assignment_is_manager():
            return False
        if TERMS & vals.keys() or vals.get("active"):
            return self.env._(
                "“%(assignment)s” was given by %(giver)s: only %(giver)s or the sales director may change what is "
                "to be done, by whom and until when.",
                assignment=name,
                giver=giver,
            )
        if self.env.user != self.sudo().user_id:
            return self.env._(
                "“%(assignment)s” is done by %(person)s, who reports on it.",
                assignment=name,
                person=self.sudo().user_id.name,
            )
        return False

    def _assignment_delete_error_message(self):
        """Return why the user may not delete the assignment `self`, or False."""
        self.ensure_one()
        activity = self.sudo()
        if not activity.active:
            return self.env._(
                "“%(assignment)s” is done or cancelled, and stays in the record.", assignment=activity.display_name
            )
        if not self._assignment_is_manager():
            return self.env._(
                "“%(assignment)s” was given by %(giver)s and cannot be deleted: mark it as done, or cancel it with a "
                "reason under Sales Department / Department / Assignments.",
                assignment=activity.display_name,
                giver=activity.assignment_giver_id.name,
            )
        return False

    # === RECORDING === #

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | RECORDED

    def _refused_fields(self, names):
        """Of assignments only, and Odoo itself, which is superuser, marks them as done."""
        refused = super()._refused_fields(names)
        if refused & RECORDED and (self.env.su or not self._assignments()):
            refused -= RECORDED
        return refused

    @api.model_create_multi
    def create(self, vals_list):
        activities = super().create(vals_list)
        activities._assignments()._assignment_record_given()
        return activities

    def write(self, vals):
        assignments = self.browse() if self.env.su else self._assignments()
        # Before anything of them is named in a sentence.
        assignments.check_access("write")
        assignments._check_protected(vals)
        for assignment in assignments:
            if message := assignment._assignment_write_error_message(vals):
                raise AccessError(message)
        if not self.env.su and vals.get("activity_type_id") in self.env["mail.activity.type"]._assignment_type_ids():
            if self - assignments:
                raise UserError(
                    self.env._("An activity does not become an assignment afterwards: give the assignment as such.")
                )
        deadlines = {assignment: assignment.date_deadline for assignment in assignments}
        result = super().write(vals)
        if vals.get("active"):
            # Open again, it is not cancelled any more.
            cancelled = self.sudo()._assignments().filtered("assignment_cancelled_by_id")
            if cancelled:
                cancelled.write({"assignment_cancelled_by_id": False, "assignment_cancel_reason": False})
        if {"user_id", "date_deadline", "summary"} & vals.keys():
            assignments._assignment_terms_changed(deadlines)
        if {"user_id", "res_id", "res_model_id"} & vals.keys():
            assignments._assignment_warn_giver()
        return result

    def unlink(self):
        # Odoo deletes the activities of a deleted document, and of who leaves, as superuser; what was given stays.
        kept = self.browse()
        if self.env.su:
            assignments = self._assignments()
            kept = assignments._assignment_move_off_deleted()
            if self.env.context.get("keep_assignments"):
                kept = assignments
        return super(MailActivity, self - kept).unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_assignment(self):
        if self.env.su:
            return
        for assignment in self._assignments():
            if message := assignment._assignment_delete_error_message():
                raise AccessError(message)

    def _assignment_record_given(self):
        """Write down who gave `self`, when and in which company; refuse what may not be given."""
        trusted = self.env.su
        for activity in self:
            record = activity.sudo()
            values = activity._prepare_assignment_values()
            if trusted:
                values = {name: value for name, value in values.items() if not record[name]}
            record.write(values)
            if not trusted and (message := activity._assignment_give_error_message()):
                raise ValidationError(message)
        if not trusted:
            self._assignment_warn_giver()

    @api.model
    def _assignment_blind(self, document, users):
        """Return those of `users` who may not open `document`, so that they see the assignment only."""
        if not document or document._name == "sales.assignment.sheet":
            return users.browse()
        return users.filtered(
            lambda user: (
                not document.with_user(user)
                .with_context(allowed_company_ids=user.sudo().company_ids.ids)
                .has_access("read")
            )
        )

    @api.model
    def _assignment_blind_message(self, document, users):
        return self.env._(
            "%(people)s may not open %(document)s, and will see the assignment only. Say in its details what they need "
            "to know, or have them given access.",
            people=", ".join(users.sudo().mapped("name")),
            document=document.display_name,
        )

    def _assignment_warn_giver(self):
        """Tell the user at work which of the people of `self` cannot open what it is about."""
        for (res_model, res_id), activities in (
            self.sudo().grouped(lambda activity: (activity.res_model, activity.res_id)).items()
        ):
            document = self.env[res_model].browse(res_id) if res_model in self.env else self.browse()
            if blind := self._assignment_blind(document, activities.user_id):
                self.env.user._bus_send(
                    "simple_notification",
                    {"type": "warning", "sticky": True, "message": self._assignment_blind_message(document, blind)},
                )

    def _prepare_assignment_values(self):
        activity = self.sudo()
        document = (
            self.env[activity.res_model].sudo().browse(activity.res_id)
            if activity.res_model in self.env
            else self.browse()
        )
        company = ("company_id" in document._fields and document.company_id) or self.env.company
        return {
            "assignment_giver_id": self.env.user.id,
            "assignment_date": company._local_today(),
            "assignment_company_id": company.id,
            "assignment_cancel_reason": False,
            "assignment_cancelled_by_id": False,
            "calendar_event_id": False,
        }

    def _assignment_terms_changed(self, deadlines):
        """Check the new terms of `self` and tell the document what was changed.

        :param deadlines: ``{assignment: its deadline before}``
        """
        for assignment in self:
            record = assignment.sudo()
            if message := assignment._assignment_terms_error_message(record.assignment_company_id):
                raise ValidationError(message)
            if record.date_deadline != deadlines[assignment]:
                assignment._assignment_log(
                    self.env._(
                        "“%(assignment)s” (%(person)s): deadline moved from %(before)s to %(after)s.",
                        assignment=record.display_name,
                        person=record.user_id.name,
                        before=format_date(self.env, deadlines[assignment]),
                        after=format_date(self.env, record.date_deadline),
                    )
                )

    def _assignment_log(self, body):
        """Note `body` on the document of the assignment, if it has one that takes notes."""
        self.ensure_one()
        activity = self.sudo()
        if activity.res_model in self.env and hasattr(self.env[activity.res_model], "_message_log"):
            document = self.env[activity.res_model].sudo().browse(activity.res_id)
            document._message_log(body=body, author_id=self.env.user.partner_id.id)

    def _assignment_move_off_deleted(self):
        """Put those of `self` whose document is gone on a sheet of their own; return them."""
        moved = self.browse()
        for res_model, activities in self.grouped("res_model").items():
            if not res_model or res_model == "sales.assignment.sheet" or res_model not in self.env:
                continue
            existing = set(self.env[res_model].browse(activities.mapped("res_id")).exists().ids)
            moved |= activities.filtered(lambda activity, existing=existing: activity.res_id not in existing)
        if moved:
            sheets = self.env["sales.assignment.sheet"].create(
                [{"name": activity.summary, "company_id": activity.assignment_company_id.id} for activity in moved]
            )
            model = self.env["ir.model"]._get("sales.assignment.sheet")
            for activity, sheet in zip(moved, sheets, strict=True):
                activity.write({"res_model_id": model.id, "res_id": sheet.id})
                sheet.message_subscribe((activity.user_id | activity.assignment_giver_id).partner_id.ids)
        return moved

    # === ACTIONS === #

    def action_assignment_cancel(self, reason):
        """Cancel the assignments `self`, which stay in the record.

        Cancelled by who gave it or by the head, it leaves the figure; cancelled by the person who
        was to do it, it counts as not done once it is due.

        :param str reason: is kept, and noted on the document
        :raises AccessError: when it is neither given nor done by the user, who is no head either
        """
        if not (reason or "").strip():
            raise UserError(self.env._("Say why it is cancelled: the reason is kept."))
        for assignment in self._assignments():
            activity = assignment.sudo()
            if not assignment._assignment_is_manager() and self.env.user != activity.user_id:
                raise AccessError(
                    self.env._("An assignment is cancelled by who gave it, by who does it, or by the sales director.")
                )
            if not activity.active and not (
                activity.assignment_cancelled_by_id == activity.user_id and assignment._assignment_is_manager()
            ):
                raise UserError(
                    self.env._("“%(assignment)s” is done or cancelled already.", assignment=activity.display_name)
                )
            activity.write(
                {
                    "assignment_cancel_reason": reason,
                    "assignment_cancelled_by_id": self.env.uid,
                    "active": False,
                }
            )
            assignment._assignment_log(
                self.env._(
                    "“%(assignment)s” (%(person)s) was cancelled: %(reason)s",
                    assignment=activity.display_name,
                    person=activity.user_id.name,
                    reason=reason,
                )
            )

    def _assignment_report_done(self, feedback):
        """Mark `self` as done for the user, who may not be one who reads the document."""
        for assignment in self._assignments():
            if message := assignment._assignment_write_error_message({"active": False}):
                raise AccessError(message)
            if not assignment.sudo().active:
                raise UserError(
                    self.env._(
                        "“%(assignment)s” is done or cancelled already.", assignment=assignment.sudo().display_name
                    )
                )
        self.sudo().action_feedback(feedback=feedback)

    def _assignment_change(self, date_deadline, user):
        """Set another deadline or person, as who gave it or as the head."""
        for assignment in self._assignments():
            activity = assignment.sudo()
            vals = {}
            if date_deadline and date_deadline != activity.date_deadline:
                vals["date_deadline"] = date_deadline
            if user and user != activity.user_id:
                vals["user_id"] = user.id
            if not vals:
                continue
            if message := assignment._assignment_write_error_message(vals):
                raise AccessError(message)
            before = {assignment: activity.date_deadline}
            activity.write(vals)
            assignment._assignment_terms_changed(before)
            if "user_id" in vals:
                assignment._assignment_warn_giver()
