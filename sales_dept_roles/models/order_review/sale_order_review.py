from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..quote_signoff.sale_order_glance import MARGIN_GROUPS

IN_FORCE = ("draft", "sales", "review", "conditions", "passed")
CONDITIONS_ACTIVITY = "sales_dept_roles.mail_activity_order_review_conditions"
RECEIVE_ACTIVITY = "sales_dept_roles.mail_activity_order_review_receive"


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
        groups=",".join(MARGIN_GROUPS),
    )
    margin_percent = fields.Float(
        "Margin %",
        compute="_compute_margin",
        groups=",".join(MARGIN_GROUPS),
    )
    sign_date = fields.Datetime(
        "Clock Started",
        readonly=True,
        copy=False,
        help="When the general manager signed the sales department's column.",
    )
    deadline = fields.Datetime("Due", readonly=True, copy=False, index="btree_not_null")
    due_text = fields.Char("Due In Words", compute="_compute_due_text")
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
        # Asked with each order: its forms need not be read for it.
        domain = Domain("review_id", "in", self.ids) & Domain("opinion", "=", "conditional")
        conditional = self.env["sale.order.review.opinion"].sudo()._read_group(domain, ["review_id"])
        ids = {review.id for (review,) in conditional}
        for review in self:
            review.has_conditions = review._origin.id in ids

    @api.depends("line_ids.margin", "line_ids.price_subtotal")
    def _compute_margin(self):
        for review in self:
            review.margin = sum(review.line_ids.mapped("margin"))
            subtotal = sum(review.line_ids.mapped("price_subtotal"))
            review.margin_percent = review.margin / subtotal if subtotal else 0.0

    @api.depends("receive_date", "deadline", "state")
    def _compute_timeliness(self):
        for review in self:
            review.timeliness = False
            if review.receive_date and review.state != "superseded":
                is_late = review.deadline and review.receive_date > review.deadline
                review.timeliness = "late" if is_late else "on_time"

    @api.depends("deadline")
    @api.depends_context("lang", "tz")
    def _compute_due_text(self):
        for review in self:
            review.due_text = self.env["sales.approval"]._due_text(review.deadline, review.company_id)

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
            review.can_receive = bool(is_mine and review in review.sudo()._filter_to_receive())
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
    def _protected_fields(self):
        """What only the review's own methods set."""
        return super()._protected_fields() | {
            "opinion_ids",
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

    def _files_on_record(self):
        judged = self.exists().filtered(lambda review: review.state != "draft")
        return super()._files_on_record() | judged.attachment_ids

    def _check_may_write(self, vals):
        """Departments enter what they are asked for."""
        self._check_protected(vals)
        if self.env.su:
            return
        is_sales = self.env.user.has_group("sales_team.group_sale_salesman")
        if not is_sales and vals.keys() - {"line_ids"}:
            raise AccessError(
                self.env._("Your department gives its opinion; the form itself is the sales department's.")
            )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_may_write(vals)
        reviews = super().create([{**vals, "line_ids": []} for vals in vals_list])
        for review in reviews.sudo():
            number = self.env["ir.sequence"].with_company(review.company_id).next_by_code("sale.order.review")
            review._write_protected({"name": number or "/"})
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
            order_lines = review.order_id._lines_to_review()
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
