from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..order_gate.gate import Gate
from ..protected_results.client_context import without_client_context
from .sale_order_review import IN_FORCE


class SaleOrder(models.Model):
    """Order review: an order is confirmed once the departments have agreed to it as it is."""

    _inherit = "sale.order"

    order_review_ids = fields.One2many(
        "sale.order.review", "order_id", string="Order Reviews", copy=False, groups="base.group_user"
    )
    order_review_id = fields.Many2one("sale.order.review", compute="_compute_review_id", groups="base.group_user")
    order_review_count = fields.Integer(compute="_compute_review_id", groups="base.group_user")
    order_review_state = fields.Selection(
        [
            ("none", "Not Asked"),
            ("draft", "Draft"),
            ("sales", "Sales Department"),
            ("review", "Departments"),
            ("conditions", "Conditions to Accept"),
            ("passed", "Passed"),
            ("refused", "Refused"),
            ("stale", "Changed Since"),
        ],
        string="Review",
        compute="_compute_review_state",
        store=True,
        copy=False,
        groups="base.group_user",
        help="Changed Since: the order was changed after its review, so the departments' opinions no longer stand "
        "for it.",
    )
    order_review_required = fields.Boolean(compute="_compute_order_review_required", groups="base.group_user")
    order_review_missing = fields.Boolean(compute="_compute_order_review_required", groups="base.group_user")
    order_review_changes = fields.Html(
        compute="_compute_order_review_changes", sanitize=False, groups="base.group_user"
    )
    has_new_product = fields.Boolean(
        compute="_compute_has_new_product",
        search="_search_has_new_product",
        groups="base.group_user",
        help="No order of the company with a product of this one was confirmed before. For conditions of flows.",
    )

    _order_review_gate = Gate(
        name="order_review",
        policy="sales_dept_order_review",
        states=("sale",),
        required="_order_review_filter_required",
        missing="_order_review_missing",
        messages="_order_review_messages",
        parties="_order_gate_parties",
        documents="_order_review_passed",
    )

    # === COMPUTES === #

    @api.depends("order_review_ids.state")
    def _compute_review_id(self):
        # In one query with their states, which each confirmation asks for.
        reviews_of = (
            self.env["sale.order.review"]
            .sudo()
            .search_fetch([("order_id", "in", self.ids)], ["order_id", "state"], order="id")
            .grouped(lambda review: review.order_id.id)
        )
        none = self.env["sale.order.review"].sudo()
        for order in self:
            reviews = reviews_of.get(order._origin.id, none)
            in_force = reviews.filtered(lambda review: review.state in IN_FORCE)
            order.order_review_id = (in_force or reviews)[-1:]
            order.order_review_count = len(reviews)

    @api.depends("order_review_ids.state", "order_review_ids.approval_state")
    def _compute_review_state(self):
        for order in self:
            review = order._origin.sudo().order_review_id
            if not review or review.state == "superseded":
                order.order_review_state = "none"
            elif review.state in IN_FORCE and review.approval_state == "stale":
                order.order_review_state = "stale"
            else:
                order.order_review_state = review.state

    @api.depends("order_review_state", "state", "company_id", "order_line", "partner_id")
    def _compute_order_review_required(self):
        required = self._origin._order_review_filter_required()
        missing = self._origin._order_review_missing()
        for order in self:
            order.order_review_required = order._origin in required
            order.order_review_missing = order._origin in missing

    @api.depends("order_review_state")
    @api.depends_context("lang")
    def _compute_order_review_changes(self):
        for order in self:
            approval = order._origin.sudo().order_review_id._approval_in_force()
            order.order_review_changes = (
                self.env["ir.qweb"]._render("sales_dept_roles.approval_changes", {"changes": approval._diff()})
                if order.order_review_state == "stale"
                else False
            )

    @api.depends("order_line.product_id")
    def _compute_has_new_product(self):
        first = self._first_orders_of_products(self.order_line.product_id)
        for order in self:
            order.has_new_product = any(
                first.get((order.company_id.id, product._origin.id), order._origin.id) == order._origin.id
                for product in order.order_line.product_id
            )

    @api.model
    def _first_orders_of_products(self, products=None):
        """Return ``{(company id, product id): id of the confirmed order that came first}``.

        :param products: those to look for; by default all
        """
        self.env["sale.order"].flush_model(["state", "date_order"])
        self.env["sale.order.line"].flush_model(["state", "company_id", "product_id", "order_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (line.company_id, line.product_id) line.company_id, line.product_id, ord.id
                  FROM sale_order_line line
                  JOIN sale_order ord ON ord.id = line.order_id
                 WHERE line.state = 'sale' AND line.product_id IS NOT NULL AND %s
              ORDER BY line.company_id, line.product_id, ord.date_order, ord.id
                """,
                SQL("TRUE") if products is None else SQL("line.product_id = ANY(%s)", products.ids),
            )
        )
        return {(company, product): order for company, product, order in rows}

    def _search_has_new_product(self, operator, value):
        if operator != "in":
            return NotImplemented
        # One that no earlier order of its own company had: few lines are open, so they are looked at.
        open_lines = (
            self.env["sale.order.line"]
            .sudo()
            ._read_group(
                Domain("state", "in", ("draft", "sent")) & Domain("product_id", "!=", False),
                ["company_id", "product_id"],
                ["order_id:array_agg"],
            )
        )
        first = self._first_orders_of_products()
        ids = {
            order_id
            for company, product, order_ids in open_lines
            if (company.id, product.id) not in first
            for order_id in order_ids
        }
        return Domain("id", "in", ids.union(first.values()))

    # === CRUD === #

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"order_review_state"}

    def _door_after(self, vals, before):
        result = super()._door_after(vals, before)
        # What Odoo and the review do by themselves is superuser's.
        if not self.env.su:
            if vals.get("commitment_date"):
                self._note_new_wish()
            if vals.keys() & self.env["sale.order.review"]._approval_spec().keys():
                self._note_review_edit()
        return result

    def _note_new_wish(self):
        """A delivery date that staff enters after the promise is the customer's new wish."""
        for line in self.sudo().order_line.filtered("promised_date"):
            line.wanted_date = line._local_company()._local_day(line.order_id.commitment_date)
        self._note_review_edit()

    def _note_review_edit(self):
        """Tell the account manager when a change makes the passed review of a confirmed order stale."""
        orders = self.sudo().filtered(lambda order: order.state == "sale" and order.order_review_id.state == "passed")
        for order in orders:
            if order.order_review_id._approval_lacking():
                order._ask_responsible(
                    "sales_dept_roles.mail_activity_order_changed",
                    lambda order: order.env._(
                        "%(order)s was changed after its review %(review)s: ask for a supplementary review.",
                        order=order.name,
                        review=order.order_review_id.name,
                    ),
                )

    def _approval_dependents(self):
        return [*super()._approval_dependents(), self.order_review_ids]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_reviewed(self):
        if reviewed := self.sudo().filtered(lambda order: set(order.order_review_ids.mapped("state")) - {"draft"}):
            raise UserError(
                self.env._(
                    "The departments were asked about %(orders)s, and their opinions are kept. Cancel it instead.",
                    orders=", ".join(reviewed.mapped("name")),
                )
            )

    def unlink(self):
        # Not by the database alone: what waits for signatures is withdrawn.
        self.sudo().order_review_ids.filtered(lambda review: review.state == "draft").unlink()
        return super().unlink()

    # === ACTIONS === #

    def action_order_review(self):
        """Open the order's review; make one where there is none in force, or where what passed is out of date."""
        self.ensure_one()
        self.check_access("write")
        return self._order_review()._get_records_action()

    def action_ask_for_review(self):
        """As :meth:`action_order_review`; where it makes a review, asks first for the dates the customer wants."""
        self.ensure_one()
        self.check_access("write")
        if self._review_to_go_on_with() or all(self._lines_to_review().mapped("wanted_date")):
            return self.action_order_review()
        return self.env["sale.order.review.dates"].create({"order_id": self.id})._open()

    def action_view_order_reviews(self):
        self.ensure_one()
        return self.order_review_ids._get_records_action(name=self.env._("Order Reviews"))

    def _order_review(self):
        """Return the review to go on with, made where needed; a supplementary one after a passed one."""
        self.ensure_one()
        order = without_client_context(self)
        if review := order._review_to_go_on_with():
            return review
        review = order.order_review_id
        if order.state == "cancel":
            raise UserError(
                self.env._("%(order)s is cancelled: set it back to quotation first.", order=order.display_name)
            )
        review.filtered(lambda review: review.state in IN_FORCE).sudo()._supersede()
        # The database allows one in force per order.
        self.env.flush_all()
        supplements = review.filtered(lambda review: review.state == "superseded" and review.close_date)
        new = order.env["sale.order.review"].create({"order_id": order.id})
        new._write_protected({"previous_id": supplements})
        return new

    def _review_to_go_on_with(self):
        """Return the review in force; none where what passed is out of date."""
        review = self.order_review_id
        if review.state in IN_FORCE and not (review.state == "passed" and self._order_review_is_stale()):
            return review
        return review.browse()

    def _lines_to_review(self):
        """The lines of the order that departments judge, in its order."""
        return self.order_line.filtered(lambda line: not line.display_type)

    def _set_wanted_dates(self, dates):
        """Note when the customer wants the lines of the order; those that nobody named stay empty.

        :param dict dates: ``{id of a line: date or False}``
        """
        lines = self._lines_to_review().filtered(lambda line: line.id in dates and line.wanted_date != dates[line.id])
        for day, same in lines.grouped(lambda line: dates[line.id]).items():
            same.wanted_date = day

    def _order_review_is_stale(self):
        return bool(self.sudo().order_review_id._approval_lacking())

    # === THE GATE === #

    def _order_review_filter_required(self, policy=None):
        """Return the orders of `self` that need a review by their company's policy, or by `policy`, passed or not."""
        required = self.env["sales.approval.flow"]._filter_required(
            self._order_gate_subjects(), "sales_dept_order_review", "sale.order.review", policy
        )
        return required.with_env(self.env)

    def _order_review_missing(self, required=None, outdated=None):
        """Return those of `self` that need a review and have none that passed and stands for them as they are.

        :param required: those that need one; by default those that do as they are now
        :param outdated: passed reviews that do not stand, where that was looked at already
        """
        required = (self._order_review_filter_required() if required is None else required).sudo()
        if not required:
            return self.browse()
        reviews = required._order_review_passed()
        fresh = reviews - (reviews._approval_lacking() if outdated is None else outdated)
        fresh = set(fresh.order_id.ids)
        return self.browse([order.id for order in required if order.id not in fresh])

    def _order_review_passed(self):
        """The reviews that passed for the orders `self`, fresh or not."""
        return self.sudo().order_review_id.filtered(lambda review: review.state == "passed")

    def _order_review_messages(self):
        """Return ``{order id: what is missing, and who can give it}``."""
        return {order.id: order._order_review_message() for order in self.sudo()}

    def _order_review_message(self):
        """What is missing, and who can give it."""
        self.ensure_one()
        order = self.sudo()
        review = order.order_review_id
        names = {"order": order.name, "review": review.name}
        if not review or review.state == "superseded":
            return self.env._("Order %(order)s was not reviewed by the departments. Ask for its order review.", **names)
        if review.state == "refused":
            return self.env._(
                "Review %(review)s of order %(order)s was refused: %(reason)s", **names, reason=review.reason or ""
            )
        if review.state == "draft":
            return self.env._("Review %(review)s of order %(order)s was not submitted yet.", **names)
        if review.state == "conditions":
            return self.env._(
                "Review %(review)s of order %(order)s waits until %(manager)s accepts the departments' conditions.",
                **names,
                manager=review._account_manager().name,
            )
        return review._approval_lacking_messages()[review.id]

    def _on_accepted_while_held(self):
        """The customer accepted: the review makes itself, in the name of the account manager."""
        for order in self._order_review_missing():
            manager = order.user_id if order.user_id.active else self.env.ref("base.user_root")
            acting = order.with_user(manager).sudo()
            if acting.order_review_state in ("none", "refused", "draft", "stale"):
                review = acting._order_review()
                # Whatever is wrong with the department's flows is no matter of the customer's.
                can_be_asked = review._approval_steps(review._approval_flow())
                if can_be_asked and not review._approval_submit_error_message():
                    review.action_approval_submit()
        return super()._on_accepted_while_held()
