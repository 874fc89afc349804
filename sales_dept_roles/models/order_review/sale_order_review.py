from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..approval.sales_approval_mixin import without_client_context, without_defaults

IN_FORCE = ("draft", "sales", "review", "conditions", "passed")
CONDITIONS_ACTIVITY = "sales_dept_roles.mail_activity_order_review_conditions"
RECEIVE_ACTIVITY = "sales_dept_roles.mail_activity_order_review_receive"
DEPARTMENTS = (
    "group_finance_verifier",
    "group_review_engineering",
    "group_review_production",
    "group_review_purchasing",
    "group_review_quality",
    "group_review_logistics",
)


class SaleOrderReview(models.Model):
    """The order review form: what the departments say about an order before it is confirmed.

    What is judged are the terms of the order, so they are what the approval is bound to. The clock
    starts when the sales department's own column is signed and the departments are asked. Once all
    have agreed, and the account manager has accepted their conditions, the review has passed; the
    assistant hands it out, and the account manager's receipt is the basis of the on-time figure.
    """

    _name = "sale.order.review"
    _description = "Order Review"
    _inherit = ["mail.thread", "mail.activity.mixin", "sales.approval.mixin"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/", index="trigram")
    order_id = fields.Many2one(
        "sale.order", required=True, ondelete="cascade", index=True, check_company=True, tracking=True
    )
    company_id = fields.Many2one(related="order_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="order_id.partner_id", store=True, index="btree_not_null")
    user_id = fields.Many2one(related="order_id.user_id", string="Account Manager", store=True, index="btree_not_null")
    currency_id = fields.Many2one(related="order_id.currency_id")
    amount_total = fields.Monetary(related="order_id.amount_total", string="Order Amount")
    payment_term_id = fields.Many2one(related="order_id.payment_term_id")
    previous_id = fields.Many2one("sale.order.review", "Supplements", readonly=True, index="btree_not_null", copy=False)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("sales", "Sales Department"),
            ("review", "Departments"),
            ("conditions", "Conditions to Accept"),
            ("passed", "Passed"),
            ("refused", "Refused"),
            ("superseded", "Superseded"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )
    note = fields.Text("Remarks for the Departments")
    attachment_ids = fields.Many2many(
        "ir.attachment", string="Drawings and Documents", copy=False, bypass_search_access=True
    )
    product_document_ids = fields.Many2many(
        "product.document", string="Product Documents", compute="_compute_product_document_ids"
    )
    line_ids = fields.One2many("sale.order.review.line", "review_id", string="Lines", copy=False)
    opinion_ids = fields.One2many(
        "sale.order.review.opinion", "review_id", string="Opinions", readonly=True, copy=False
    )
    has_conditions = fields.Boolean(compute="_compute_has_conditions")
    margin = fields.Monetary(
        compute="_compute_margin",
        groups="sales_dept_roles.group_finance_verifier,sales_dept_roles.group_general_manager",
    )
    margin_percent = fields.Float(
        "Margin %",
        compute="_compute_margin",
        groups="sales_dept_roles.group_finance_verifier,sales_dept_roles.group_general_manager",
    )
    sign_date = fields.Datetime(
        "Clock Started",
        readonly=True,
        copy=False,
        help="When the general manager signed the sales department's column.",
    )
    deadline = fields.Datetime("Due", readonly=True, copy=False, index="btree_not_null")
    close_date = fields.Datetime("Decided", readonly=True, copy=False)
    reason = fields.Text("Reason of Refusal", readonly=True, copy=False)
    hand_out_date = fields.Datetime("Handed Out", readonly=True, copy=False)
    hand_out_uid = fields.Many2one("res.users", "Handed Out By", readonly=True, copy=False)
    receive_date = fields.Datetime("Received", readonly=True, copy=False)
    receive_uid = fields.Many2one("res.users", "Received By", readonly=True, copy=False)
    working_days = fields.Integer(
        "Working Days Taken",
        readonly=True,
        copy=False,
        aggregator="avg",
        help="Working days from the general manager's signature to the account manager's receipt.",
    )
    timeliness = fields.Selection(
        [("on_time", "On Time"), ("late", "Late")],
        compute="_compute_timeliness",
        store=True,
        help="By the account manager's receipt.",
    )
    on_time_share = fields.Float(
        "On Time %",
        readonly=True,
        copy=False,
        aggregator="avg",
        help="100 when it was received on time, 0 when late; empty until then, so that averages are over what was "
        "received.",
    )
    is_overdue = fields.Boolean(compute="_compute_is_overdue", search="_search_is_overdue")
    can_promise = fields.Boolean(compute="_compute_can_promise")
    can_receive = fields.Boolean(compute="_compute_can_receive")
    can_accept_conditions = fields.Boolean(compute="_compute_can_receive")

    _one_in_force = models.UniqueIndex(
        "(order_id) WHERE state IN ('draft', 'sales', 'review', 'conditions', 'passed')",
        "This order has a review in force already: go on with that one.",
    )
    _number_unique = models.UniqueIndex("(company_id, name) WHERE name != '/'", "The number of a review is used once.")

    # === COMPUTES === #

    @api.depends("line_ids.product_id")
    def _compute_product_document_ids(self):
        templates = self.line_ids.product_id.product_tmpl_id
        documents = self.env["product.document"].search(
            Domain("res_model", "=", "product.template") & Domain("res_id", "in", templates.ids)
            | Domain("res_model", "=", "product.product") & Domain("res_id", "in", self.line_ids.product_id.ids)
        )
        for review in self:
            products = review.line_ids.product_id
            wanted = {("product.template", key) for key in products.product_tmpl_id.ids}
            wanted |= {("product.product", key) for key in products.ids}
            review.product_document_ids = documents.filtered(
                lambda document, wanted=wanted: (document.res_model, document.res_id) in wanted
            )

    @api.depends("opinion_ids.opinion")
    def _compute_has_conditions(self):
        for review in self:
            review.has_conditions = "conditional" in review.opinion_ids.mapped("opinion")

    @api.depends("line_ids.margin", "line_ids.price_subtotal")
    def _compute_margin(self):
        for review in self:
            review.margin = sum(review.line_ids.mapped("margin"))
            subtotal = sum(review.line_ids.mapped("price_subtotal"))
            review.margin_percent = review.margin / subtotal if subtotal else 0.0

    @api.depends("receive_date", "deadline")
    def _compute_timeliness(self):
        for review in self:
            review.timeliness = False
            if review.receive_date:
                is_late = review.deadline and review.receive_date > review.deadline
                review.timeliness = "late" if is_late else "on_time"

    @api.depends("deadline", "receive_date", "state")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for review in self:
            review.is_overdue = bool(
                review.state in ("review", "conditions", "passed")
                and review.deadline
                and not review.receive_date
                and review.deadline < now
            )

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        return (
            Domain("state", "in", ("review", "conditions", "passed"))
            & Domain("receive_date", "=", False)
            & Domain("deadline", "<", fields.Datetime.now())
        )

    @api.depends("approval_state", "state")
    @api.depends_context("uid")
    def _compute_can_promise(self):
        tasks = self.sudo()._approval_in_force().task_ids._filter_decidable(self.env.user)
        promising = tasks.filtered(lambda task: task.group_id == self._promising_group()).approval_id
        ids = set(promising.mapped("res_id"))
        for review in self:
            review.can_promise = review.id in ids

    @api.depends("state", "hand_out_date", "receive_date", "user_id")
    @api.depends_context("uid")
    def _compute_can_receive(self):
        for review in self:
            is_mine = review._account_manager() == self.env.user
            review.can_receive = bool(is_mine and review.hand_out_date and not review.receive_date)
            review.can_accept_conditions = is_mine and review.state == "conditions"

    @api.model
    def _promising_group(self):
        """The role that promises the dates."""
        return self.env.ref("sales_dept_roles.group_review_production")

    def _account_manager(self):
        """Who answers for the order: its salesperson, else who asked for the review, else who leads the sales."""
        self.ensure_one()
        review = self.sudo()
        order = review.order_id
        if order.user_id.active:
            return order.user_id
        # A review may have made itself when the customer accepted, and people leave.
        directors = self.env.ref("sales_dept_roles.group_director").sudo().all_user_ids
        candidates = [
            review._approval_in_force().requester_id,
            review.create_uid,
            order.team_id.user_id,
            *directors.filtered(lambda user: review.company_id in user.company_ids),
        ]
        return next((user for user in candidates if user.active and not user.share), review.create_uid)

    # === CRUD === #

    @api.model
    def _approval_protected_fields(self):
        return super()._approval_protected_fields() | {"opinion_ids"}

    @api.model
    def _state_fields(self):
        """What only the review's own methods set."""
        return {
            "state",
            "previous_id",
            "sign_date",
            "deadline",
            "close_date",
            "reason",
            "hand_out_date",
            "hand_out_uid",
            "receive_date",
            "receive_uid",
            "working_days",
            "timeliness",
            "on_time_share",
            "name",
            "user_id",
            "partner_id",
            "company_id",
        }

    def _check_may_write(self, vals):
        """Departments enter what they are asked for, and nobody the review's course."""
        if self.env.su:
            return
        if names := self._state_fields() & vals.keys():
            raise AccessError(
                self.env._(
                    "%(fields)s cannot be set: the review goes its way with the buttons of the form.",
                    fields=", ".join(self._fields[name].string for name in sorted(names)),
                )
            )
        is_sales = self.env.user.has_group("sales_team.group_sale_salesman")
        if not is_sales and vals.keys() - {"line_ids"}:
            raise AccessError(
                self.env._("Your department gives its opinion; the form itself is the sales department's.")
            )

    @api.model_create_multi
    def create(self, vals_list):
        self = without_defaults(self, self._state_fields())
        for vals in vals_list:
            self._check_may_write(vals)
        reviews = super().create([{**vals, "line_ids": []} for vals in vals_list])
        for review in reviews.sudo():
            review.name = (
                self.env["ir.sequence"].with_company(review.company_id).next_by_code("sale.order.review") or "/"
            )
        reviews.sudo()._sync_lines()
        reviews._copy_order_attachments()
        return reviews

    def write(self, vals):
        self._check_may_write(vals)
        if "order_id" in vals and any(review.order_id.id != vals["order_id"] for review in self):
            raise UserError(self.env._("A review stays with its order: make another one for the other order."))
        judged = self.browse() if self.env.su else self.filtered(lambda review: review._is_judged())
        if "note" in vals and any((review.note or "") != (vals["note"] or "") for review in judged):
            raise UserError(judged._judged_message())
        files = {review: review.attachment_ids for review in judged} if "attachment_ids" in vals else {}
        result = super().write(vals)
        for review, before in files.items():
            review._check_files_of_judged(before)
        return result

    def _is_judged(self):
        """Whether departments have this form before them, or had: what they judge by stays."""
        self.ensure_one()
        return self.state != "draft" and self.approval_state != "stale"

    def _judged_message(self):
        return self.env._(
            "The departments judge %(reviews)s by these drawings and remarks: they stay as they are. Drawings can be "
            "added while it is under way; to change what is there, withdraw the request.",
            reviews=self._numbers(),
        )

    def _check_files_of_judged(self, before):
        """Files may come, while departments judge, and are noted; none of those `before` may go."""
        self.ensure_one()
        added = self.attachment_ids - before
        if before - self.attachment_ids or (added and self.state not in ("sales", "review")):
            raise UserError(self._judged_message())
        if added:
            self._approval_post(
                self.env._("Added for the departments: %(files)s", files=", ".join(added.mapped("name")))
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        if any(review.state != "draft" or review.sudo().approval_ids for review in self):
            raise UserError(self.env._("Reviews that departments were asked about are kept. Withdraw it instead."))

    def _sync_lines(self):
        """Bring the lines up to date with those of the orders; dates that were promised stay."""
        values = []
        for review in self:
            known = {line.order_line_id: line for line in review.line_ids}
            order_lines = review.order_id.order_line.filtered(lambda line: not line.display_type)
            review.line_ids.filtered(lambda line, there=order_lines: line.order_line_id not in there).unlink()
            for order_line in order_lines:
                if line := known.get(order_line):
                    line._follow_order_line()
                else:
                    values.append(review._prepare_line_values(order_line))
        self.env["sale.order.review.line"].create(values)

    def _prepare_line_values(self, order_line):
        return {
            "review_id": self.id,
            "order_line_id": order_line.id,
            "sequence": order_line.sequence,
            "wanted_date": order_line.wanted_date,
            # Production changes what it cannot keep.
            "promised_date": order_line.promised_date or order_line.wanted_date,
        }

    def _copy_order_attachments(self):
        """Put the order's files before the departments, who may not open the order."""
        files = self.env["ir.attachment"].search(
            Domain("res_model", "=", "sale.order")
            & Domain("res_id", "in", self.order_id.ids)
            & Domain("res_field", "=", False)
        )
        of_order = files.grouped("res_id")
        for review in self:
            copies = files.browse()
            for file in of_order.get(review.order_id.id, files.browse()):
                copies |= file.sudo().copy({"res_model": self._name, "res_id": review.id, "name": file.name})
            review.sudo().attachment_ids |= copies

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
        if stale := reviews.filtered(lambda review: not review._is_agreed()):
            raise UserError(
                self.env._(
                    "The order was changed after its review: %(reviews)s. Ask for it again.", reviews=stale._numbers()
                )
            )
        reviews.write({"hand_out_date": fields.Datetime.now(), "hand_out_uid": self.env.uid})
        for manager, of_manager in reviews.grouped(lambda review: review._account_manager()).items():
            of_manager.with_context(mail_activity_quick_update=True, lang=manager.lang).activity_schedule(
                RECEIVE_ACTIVITY, user_id=manager.id
            )
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
        now = fields.Datetime.now()
        reviews = without_client_context(self).sudo().filtered(lambda review: not review.receive_date)
        for company, of_company in reviews.grouped("company_id").items():
            taken = company.resource_calendar_id._working_days_between(
                [(review.sign_date or now, now) for review in of_company], company
            )
            for days, same in of_company.grouped(dict(zip(of_company, taken, strict=True)).get).items():
                same.write({"receive_date": now, "receive_uid": self.env.uid, "working_days": days})
        for timeliness, same in reviews.grouped("timeliness").items():
            same.on_time_share = 100.0 if timeliness == "on_time" else 0.0
        reviews.activity_feedback([RECEIVE_ACTIVITY])
        return True

    def action_open_order(self):
        self.ensure_one()
        return self.order_id._get_records_action()

    def _check_account_manager(self, state):
        for review in self:
            if review.state != state or not review._is_agreed():
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
        for review in self.sudo():
            review._sync_lines()
            review.attachment_ids = review.attachment_ids._kept_for(review)
        had = self.sudo().approval_ids
        result = super()._approval_submit()
        if approval := self.sudo().approval_ids - had:
            self.sudo()._make_opinions(approval)
        return result

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

    def _approval_term_lines(self, name):
        return self.order_id._approval_term_lines(name)

    @api.model
    def _approval_terms_spec(self):
        """What the customer would get, without what only concerns the offer; and when."""
        offer = {"validity_date", "require_payment", "prepayment_percent"}
        spec = {
            name: lines for name, lines in self.env["sale.order"]._approval_terms_spec().items() if name not in offer
        }
        return {**spec, "order_line": {**spec["order_line"], "wanted_date": None}}

    @api.model
    def _approval_terms_depends(self):
        paths = [*super()._approval_terms_depends(), "order_line.is_downpayment", "order_line.invoice_lines"]
        return [f"order_id.{path}" for path in paths]

    @api.model
    def _approval_kind(self):
        return self.env._("Order Review")

    @api.model
    def _approval_allows_conditions(self):
        return True

    def _prepare_approval_values(self, flow):
        return {
            **super()._prepare_approval_values(flow),
            "res_name": f"{self.name} ({self.order_id.name})",
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
        terms = review._approval_terms()
        standing = {}
        for step in steps.filtered("subject_field_ids"):
            subject = set(step.subject_field_ids.mapped("name"))
            opinion = opinions.filtered(lambda opinion, group=step.group_id: opinion.group_id == group)[:1]
            if opinion and not subject & self._approval_terms_changed(opinion.task_id.approval_id.terms, terms):
                standing[step] = opinion
        return standing

    def _make_opinions(self, approval):
        """Open a box on the form for each department that `approval` asks; what still stands is carried over."""
        steps = approval.flow_id.step_ids._filter_applying(self)
        asked = approval.task_ids.group_id
        values = [self._prepare_opinion_values(task) for task in approval.task_ids]
        values += [
            self._prepare_carried_opinion_values(opinion)
            for opinion in self._standing_opinions(steps).values()
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
        departments = self.env["res.groups"].union(*(self.env.ref(f"sales_dept_roles.{name}") for name in DEPARTMENTS))
        if self.state in IN_FORCE[:-1]:
            if tasks.group_id & departments:
                # Departments may be asked one after the other: the time of all runs from the first.
                if not self.sign_date or self.sign_date < approval.request_date:
                    self._start_clock()
                self.state = "review"
            else:
                self.state = "sales"
        return result

    def _start_clock(self):
        """The sales department's column is signed: from now on the departments' time runs."""
        self.sign_date = fields.Datetime.now()
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
                    review.deadline = deadline

    @api.model
    def _recompute_open_deadlines(self, calendars):
        """Move the deadlines of what is still under way, after working days of `calendars` changed."""
        companies = self.env["res.company"].sudo().search([("resource_calendar_id", "in", calendars.ids)])
        self.sudo().search(
            Domain("company_id", "in", companies.ids)
            & Domain("sign_date", "!=", False)
            & Domain("receive_date", "=", False)
            & Domain("state", "in", IN_FORCE)
        )._set_deadlines()

    def _on_approval_granted(self, approval):
        result = super()._on_approval_granted(approval)
        if not self.sign_date:
            self._start_clock()
        unaccepted = self.opinion_ids.filtered(
            lambda opinion: opinion.opinion == "conditional" and not opinion.accept_date
        )
        if not unaccepted:
            self._pass()
            return result
        self.state = "conditions"
        manager = self._account_manager()
        self.with_context(lang=manager.lang).activity_schedule(
            CONDITIONS_ACTIVITY,
            note="\n".join(opinion.comment or "" for opinion in unaccepted),
            user_id=manager.id,
        )
        return result

    def _on_approval_refused(self, approval):
        self._refuse(approval.reason)
        return super()._on_approval_refused(approval)

    def _pass(self):
        """All agreed: the promises go to the orders."""
        self.write({"state": "passed", "close_date": fields.Datetime.now()})
        self.activity_unlink([CONDITIONS_ACTIVITY])
        for promised, lines in self.line_ids.filtered("promised_date").grouped("promised_date").items():
            lines.order_line_id.promised_date = promised
        self.order_id._apply_promised_dates()
        for review in self:
            review.order_id._approval_post(self.env._("Order review %(review)s has passed.", review=review.name))

    def _refuse(self, reason):
        self.write({"state": "refused", "close_date": fields.Datetime.now(), "reason": reason})
        for review in self:
            review.order_id._approval_post(
                self.env._("Order review %(review)s was refused: %(reason)s", review=review.name, reason=reason)
            )

    def _supersede(self):
        """Close the reviews `self`, whose place another one takes; their signatures stay on record."""
        pending = self.approval_ids.filtered(lambda approval: approval.state == "pending")
        pending._close("superseded")
        self.write({"state": "superseded"})

    def action_approval_withdraw(self, reason=False):
        result = super().action_approval_withdraw(reason)
        without_client_context(self).sudo().write({"state": "draft", "sign_date": False, "deadline": False})
        return result

    # === GATE === #

    def _is_fresh(self, approval):
        """Whether the review passed, and stands for its order as it is now."""
        self.ensure_one()
        return self.state == "passed" and self._is_agreed(approval)

    def _is_agreed(self, approval=None):
        """Whether all that were asked have agreed to the order as it is now.

        :param approval: the approval in force, where it was read already
        """
        self.ensure_one()
        approval = self.sudo()._approval_in_force() if approval is None else approval
        return bool(approval and approval.state == "approved" and self._approval_matches(approval))
