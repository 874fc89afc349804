from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..protected_results.client_context import without_client_context
from .sale_order_review import CONDITIONS_ACTIVITY, IN_FORCE, RECEIVE_ACTIVITY


class SaleOrderReview(models.Model):
    """The review's way: asked, judged, conditions accepted, passed, handed out and received."""

    _inherit = "sale.order.review"

    # === ACTIONS === #

    def action_agree(self):
        return self._action_decide("approved")

    def action_agree_with_conditions(self):
        return self._action_decide("conditional")

    def action_approval_agree_with_conditions(self, conditions, signature=False):
        """Agree for the departments whose open steps the user holds, on `conditions`.

        :raises UserError: when no conditions are given
        """
        return self._approval_decide("conditional", conditions, signature)

    def _action_decide(self, outcome):
        self._approval_check_pending()
        return self.sudo()._approval_in_force().with_env(self.env)._action_open_decision_wizard(outcome)

    def action_open_dates(self):
        """Open the dialog in which production promises the dates of all lines."""
        return self._action_open_dates()

    def _action_open_dates(self, outcome=False):
        self.ensure_one()
        self._check_can_promise()
        return self.env["sale.order.review.dates"].create({"review_id": self.id, "outcome": outcome})._open()

    def action_promise_dates(self, dates):
        """Note the dates that production keeps; for those whose step on this review is open.

        :param dict dates: ``{id of a line of the review: date or False}``
        :raises UserError: when the user has no such step, or an id is of another review
        """
        self.ensure_one()
        self._check_can_promise()
        # Keys are text when they come as JSON.
        dates = {int(key): fields.Date.to_date(value) for key, value in dates.items()}
        if set(dates) - set(self.line_ids.ids):
            raise UserError(self.env._("These rows do not belong to %(request)s.", request=self.name))
        lines = self.line_ids.filtered(lambda line: line.id in dates and line.promised_date != dates[line.id])
        for day, same in lines.grouped(lambda line: dates[line.id]).items():
            same.promised_date = day
        return True

    def _check_can_promise(self):
        self.check_access("read")
        if not self.can_promise:
            raise AccessError(self.env._("Dates are promised by production, while its opinion on the review is asked."))

    def _approval_action_before_decision(self, outcome):
        action = super()._approval_action_before_decision(outcome)
        if not action and outcome != "rejected" and self.can_promise and not all(self.line_ids.mapped("promised_date")):
            action = self._action_open_dates(outcome)
        return action

    def action_accept_conditions(self):
        """The account manager accepts the departments' conditions: the review passes."""
        self._check_account_manager("conditions")
        for review in without_client_context(self).sudo():
            opinions = review.opinion_ids.filtered(lambda opinion: opinion.opinion == "conditional")
            opinions.write({"accept_uid": self.env.uid, "accept_date": fields.Datetime.now()})
            review._approval_post(self.env._("Conditions accepted."))
            review._pass()
        return True

    def action_refuse_conditions(self, reason=False):
        """The account manager cannot meet the conditions: the review is refused."""
        self._check_account_manager("conditions")
        without_client_context(self).sudo()._refuse(
            reason or self.env._("The departments' conditions were not accepted.")
        )
        return True

    def action_hand_out(self):
        """Hand the passed reviews of `self` to their account managers; those handed out already stay."""
        if not self.env.user.has_group("sales_team.group_sale_salesman_all_leads"):
            raise AccessError(self.env._("Reviews are handed out by the sales assistant."))
        self.check_access("read")
        reviews = without_client_context(self).sudo()
        if not_passed := reviews.filtered(lambda review: review.state != "passed"):
            raise UserError(
                self.env._("Only passed reviews are handed out: %(reviews)s.", reviews=not_passed._numbers())
            )
        reviews = reviews.filtered(lambda review: not review.hand_out_date)
        if ended := reviews._approval_filter_ended():
            raise UserError(ended._not_in_force_message())
        if stale := reviews._approval_lacking():
            raise UserError(
                self.env._(
                    "The order was changed after its review: %(reviews)s. Ask for it again.", reviews=stale._numbers()
                )
            )
        reviews._write_protected({"hand_out_date": fields.Datetime.now(), "hand_out_uid": self.env.user})
        reviews._approval_refresh_activities()
        for manager, of_manager in reviews.grouped(lambda review: review._account_manager()).items():
            manager._bus_send(
                "simple_notification",
                {
                    "type": "info",
                    "message": self.with_context(lang=manager.lang).env._(
                        "Reviews handed out to you: %(reviews)s", reviews=of_manager._numbers()
                    ),
                },
            )
        return True

    def action_receive(self):
        """The account manager confirms receipt; a second click changes nothing."""
        # A sentence about what one may not see would tell whose it is.
        if self - self._filtered_access("read"):
            raise AccessError(self.env._("A review is received by the account manager of its order."))
        for review in self:
            if review._account_manager() != self.env.user:
                raise AccessError(
                    self.env._(
                        "%(review)s is received by %(manager)s.",
                        review=review.name,
                        manager=review._account_manager().name,
                    )
                )
            if not review.hand_out_date:
                raise UserError(self.env._("%(review)s was not handed out yet.", review=review.name))
            if not review.receive_date and review._approval_filter_ended():
                raise UserError(review._not_in_force_message())
        now = fields.Datetime.now()
        reviews = without_client_context(self).sudo().filtered(lambda review: not review.receive_date)
        for company, of_company in reviews.grouped("company_id").items():
            taken = company.resource_calendar_id._working_days_between(
                [(review.sign_date or now, now) for review in of_company], company
            )
            for days, same in of_company.grouped(dict(zip(of_company, taken, strict=True)).get).items():
                same._write_protected({"receive_date": now, "receive_uid": self.env.user, "working_days": days})
        for timeliness, same in reviews.grouped("timeliness").items():
            same._write_protected({"on_time_share": 100.0 if timeliness == "on_time" else 0.0})
        reviews._approval_refresh_activities()
        return True

    def _not_in_force_message(self):
        return self.env._(
            "%(reviews)s: not in force any more, since the order was cancelled or has a newer review.",
            reviews=self._numbers(),
        )

    def _filter_to_receive(self):
        """Those of `self` that were handed out and that their account manager has not received yet."""
        waiting = self.filtered(
            lambda review: review.state == "passed" and review.hand_out_date and not review.receive_date
        )
        return waiting - waiting._approval_filter_ended()

    def action_open_order(self):
        self.ensure_one()
        return self.order_id._get_records_action()

    def _check_account_manager(self, state):
        for review in self:
            if review.state != state or review.sudo()._approval_lacking():
                raise UserError(self.env._("%(review)s has no conditions to accept.", review=review.name))
            if review._account_manager() != self.env.user:
                raise AccessError(
                    self.env._(
                        "The conditions of %(review)s are for %(manager)s to accept.",
                        review=review.name,
                        manager=review._account_manager().name,
                    )
                )

    def _numbers(self):
        return ", ".join(f"{review.name} ({review.order_id.name})" for review in self)

    # === COURSE === #

    def _approval_submit(self):
        reviews = self.sudo()
        reviews._sync_lines()
        for review in reviews:
            review.attachment_ids = review.attachment_ids._kept_for(review)
        return super()._approval_submit()

    def _on_approval_requested(self, approvals):
        self.sudo()._make_opinions(approvals)
        return super()._on_approval_requested(approvals)

    def _approval_submit_error_message(self):
        message = super()._approval_submit_error_message()
        order = self.order_id
        if not message and self.state in ("superseded", "refused"):
            message = self.env._("%(review)s is closed: make a new review of the order.", review=self.name)
        if not message and order.state == "cancel":
            message = self.env._("%(order)s is cancelled: set it back to quotation first.", order=order.name)
        if not message and not self.line_ids:
            message = self.env._("%(order)s has no lines yet: there is nothing to review.", order=order.name)
        if not message and (unreleased := order._quote_signoff_unreleased()):
            message = unreleased._quote_signoff_message()
        return message

    def _approval_subject(self):
        return self.order_id

    @api.model
    def _approval_subject_path(self):
        return "order_id."

    def _approval_term_lines(self, name):
        return self.order_id._approval_term_lines(name)

    def _approval_terms_lang(self):
        return self.order_id._approval_terms_lang()

    @api.model
    def _approval_terms_spec(self):
        """What the customer would get, without what only concerns the offer; and when."""
        offer = {"validity_date", "require_signature", "require_payment", "prepayment_percent"}
        spec = {
            name: lines for name, lines in self.env["sale.order"]._approval_terms_spec().items() if name not in offer
        }
        return {**spec, "order_line": {**spec["order_line"], "wanted_date": None}}

    @api.model
    def _approval_terms_depends(self):
        paths = [*super()._approval_terms_depends(), "order_line.system_origin"]
        return [f"order_id.{path}" for path in paths]

    @api.model
    def _approval_kind(self):
        return self.env._("Order Review")

    def _approval_document_name(self):
        return f"{self.name} ({self.order_id.name})"

    @api.model
    def _approval_allows_conditions(self):
        return True

    def _prepare_approval_values(self, flow):
        return {
            **super()._prepare_approval_values(flow),
            "partner_id": self.partner_id.id,
            "responsible_id": self._account_manager().id,
            "currency_id": self.currency_id.id,
            "amount": self.amount_total,
        }

    def _approval_steps(self, flow):
        """A review asked again asks those only whose subject changed since they agreed."""
        steps = super()._approval_steps(flow)
        standing = self._standing_opinions(steps)
        # Something changed that is nobody's subject: then everybody looks at it.
        return steps.filtered(lambda step: step not in standing) or steps

    def _standing_opinions(self, steps):
        """Return ``{step: opinion}`` with the opinions given earlier that still stand, though the order changed.

        A step says which fields are its subject; one that names none is asked each time.
        """
        review = self.sudo()
        opinions = (review.opinion_ids or review.previous_id.opinion_ids).filtered(lambda opinion: opinion._is_agreed())
        standing = {}
        for step in steps.filtered("subject_field_ids"):
            subject = set(step.subject_field_ids.mapped("name"))
            opinion = opinions.filtered(lambda opinion, group=step.group_id: opinion.group_id == group)[:1]
            if not opinion:
                continue
            signed = opinion.task_id.approval_id
            terms = review._approval_terms_as_signed(signed)
            if not subject & self._approval_terms_changed(signed.terms, terms, signed.terms_spec):
                standing[step] = opinion
        return standing

    def _make_opinions(self, approvals):
        """Open a box on each form for each department asked by its one of `approvals`; carry over what stands."""
        values = []
        for review, approval in zip(self, approvals, strict=True):
            steps = approval.flow_id.step_ids._filter_applying(review)
            asked = approval.task_ids.group_id
            values += [review._prepare_opinion_values(task) for task in approval.task_ids]
            values += [
                review._prepare_carried_opinion_values(opinion)
                for opinion in review._standing_opinions(steps).values()
                if opinion.group_id not in asked
            ]
        self.opinion_ids.unlink()
        self.env["sale.order.review.opinion"].create(values)

    def _prepare_opinion_values(self, task):
        return {"review_id": self.id, "task_id": task.id, "group_id": task.group_id.id, "sequence": task.sequence}

    def _prepare_carried_opinion_values(self, opinion):
        return {
            "review_id": self.id,
            "task_id": opinion.task_id.id,
            "group_id": opinion.group_id.id,
            "sequence": opinion.sequence,
            "carried_from": opinion.carried_from or opinion.review_id.name,
            "accept_uid": opinion.accept_uid.id,
            "accept_date": opinion.accept_date,
        }

    def _approval_decision_error_message(self, tasks, outcome):
        message = super()._approval_decision_error_message(tasks, outcome)
        if not message and outcome != "rejected" and self._promising_group() in tasks.group_id:
            missing = self.line_ids.filtered(lambda line: not line.promised_date)
            if missing:
                message = self.env._(
                    "Production promises a date for each line of %(review)s; missing: %(lines)s.",
                    review=self.name,
                    lines=", ".join(missing.product_id.mapped("display_name")),
                )
        return message

    def _on_approval_asked(self, approval, tasks):
        result = super()._on_approval_asked(approval, tasks)
        if self.state in IN_FORCE[:-1]:
            if self._are_departments(tasks.group_id):
                # Departments may be asked one after the other: the time of all runs from the first.
                if not self.sign_date or self.sign_date < approval.request_date:
                    self._start_clock()
                self._write_protected({"state": "review"})
            else:
                self._write_protected({"state": "sales"})
        return result

    @api.model
    def _are_departments(self, groups):
        """Whether one of the roles `groups` gives an opinion on orders, as the departments of the company do."""
        # Not by `env.ref`, which asks the database each time whether it is still there.
        department = self.env["ir.model.data"]._xmlid_to_res_id("sales_dept_roles.group_review_department")
        return department in groups.all_implied_ids.ids

    def _start_clock(self):
        """The sales department's column is signed: from now on the departments' time runs."""
        self._write_protected({"sign_date": fields.Datetime.now()})
        self._set_deadlines()

    def _set_deadlines(self):
        """Compute when the reviews `self` are due, with one clock call per company."""
        for company, reviews in self.filtered("sign_date").grouped("company_id").items():
            days = company.sales_dept_review_days
            deadlines = company.resource_calendar_id._working_day_deadlines(
                [(review.sign_date, days) for review in reviews], company
            )
            for review, deadline in zip(reviews, deadlines, strict=True):
                if review.deadline != deadline:
                    review._write_protected({"deadline": deadline})

    @api.model
    def _recompute_open_deadlines(self, calendars):
        """Move the deadlines of what is still under way, after working days of `calendars` changed."""
        companies = self.env["res.company"].sudo().search([("resource_calendar_id", "in", calendars.ids)])
        reviews = self.sudo().search(
            Domain("company_id", "in", companies.ids)
            & Domain("sign_date", "!=", False)
            & Domain("receive_date", "=", False)
            & Domain("state", "in", IN_FORCE)
        )
        reviews._set_deadlines()
        reviews._approval_refresh_activities()

    def _on_approval_granted(self, approval):
        result = super()._on_approval_granted(approval)
        if not self.sign_date:
            self._start_clock()
        if not self._unaccepted_opinions():
            self._pass()
            return result
        self._write_protected({"state": "conditions"})
        self._approval_refresh_activities()
        return result

    def _on_approval_refused(self, approval):
        self._refuse(approval.reason)
        return super()._on_approval_refused(approval)

    def _pass(self):
        """All agreed: the promises go to the orders."""
        self._write_protected({"state": "passed", "close_date": fields.Datetime.now()})
        self._approval_refresh_activities()
        for promised, lines in self.line_ids.filtered("promised_date").grouped("promised_date").items():
            lines.order_line_id._write_protected({"promised_date": promised})
        self.order_id._apply_promised_dates()
        for review in self:
            review.order_id._approval_post(self.env._("Order review %(review)s has passed.", review=review.name))

    def _refuse(self, reason):
        self._write_protected({"state": "refused", "close_date": fields.Datetime.now(), "reason": reason})
        self._approval_refresh_activities()
        for review in self:
            review.order_id._approval_post(
                self.env._("Order review %(review)s was refused: %(reason)s", review=review.name, reason=reason)
            )

    def _supersede(self):
        """Close the reviews `self`, whose place another one takes; their signatures stay on record."""
        self._write_protected({"state": "superseded"})

    # === THE END === #

    @api.model
    def _approval_ended_domain(self):
        ended = Domain("state", "=", "superseded") | Domain("order_id.state", "=", "cancel")
        return super()._approval_ended_domain() | ended

    def _approval_ended_as(self):
        return "superseded"

    def _approval_ended_reason(self):
        if self.state == "superseded":
            return self.env._("%(review)s is not in force any more: another review took its place.", review=self.name)
        return self.env._("%(order)s was cancelled.", order=self.order_id.name)

    def _on_approval_ended(self):
        """What a cancelled order had under way is over; what had passed stands again should the order come back."""
        self.filtered(lambda review: review.state in IN_FORCE[:-1])._supersede()
        self.filtered(lambda review: review.state == "superseded")._score_nothing()
        return super()._on_approval_ended()

    def _score_nothing(self):
        """Let the on-time figure forget the reviews `self`."""
        self.flush_recordset(["on_time_share"])
        # Past the ORM, which writes 0 for an empty number, and so would count them as late.
        self.env.cr.execute(SQL("UPDATE sale_order_review SET on_time_share = NULL WHERE id IN %s", self._ids or (0,)))
        self.invalidate_recordset(["on_time_share"])

    # === TO-DOS === #

    @api.model
    def _approval_todo_types(self):
        return [*super()._approval_todo_types(), CONDITIONS_ACTIVITY, RECEIVE_ACTIVITY]

    def _approval_todos(self):
        todos = super()._approval_todos()
        waiting = self.filtered(lambda review: review.state == "conditions")
        waiting -= waiting._approval_filter_ended()
        days = (waiting | self._filter_to_receive())._due_days()
        for review in waiting:
            note = "\n".join(opinion.comment or "" for opinion in review._unaccepted_opinions())
            todos[review.id, CONDITIONS_ACTIVITY, review._account_manager()] = (days[review], note)
        for review in self._filter_to_receive():
            todos[review.id, RECEIVE_ACTIVITY, review._account_manager()] = (days[review], "")
        return todos

    def _unaccepted_opinions(self):
        return self.opinion_ids.filtered(lambda opinion: opinion.opinion == "conditional" and not opinion.accept_date)

    def _due_days(self):
        """Return ``{review: day until which it is due}``, in the zone of its company."""
        days = {}
        for company, reviews in self.grouped("company_id").items():
            moments = [review.deadline or review.hand_out_date or review.create_date for review in reviews]
            days.update(zip(reviews, company.resource_calendar_id._local_dates(moments, company), strict=True))
        return days

    @api.model
    def _approval_with_todos(self):
        waiting = Domain("state", "=", "conditions") | (
            Domain("state", "=", "passed") & Domain("hand_out_date", "!=", False) & Domain("receive_date", "=", False)
        )
        return super()._approval_with_todos() | self.sudo().search(waiting)

    def action_approval_withdraw(self, reason=False):
        result = super().action_approval_withdraw(reason)
        self._write_protected({"state": "draft", "sign_date": False, "deadline": False})
        return result
