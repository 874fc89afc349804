from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..order_gate.gate import Gate

LEFT_STATES = ("sent", "sale")


class SaleOrder(models.Model):
    """Quote sign-off: a quotation leaves the house only with the signatures its flow asks for.

    Whether it may is decided live by :meth:`_quote_signoff_unreleased`; every gate asks that one
    method. `quote_released` is its stored copy, for record rules and lists.
    """

    _name = "sale.order"
    _inherit = ["sale.order", "sales.approval.mixin"]

    quote_released = fields.Boolean(
        "Released",
        compute="_compute_quote_released",
        store=True,
        copy=False,
        help="The quotation may be shown to the customer: it is signed off as it stands, or needs no signature.",
    )
    quote_waived = fields.Boolean(
        "Confirmed Without Sign-off",
        compute="_compute_quote_waived",
        store=True,
        copy=False,
        help="The order was confirmed when it needed no signature, and staff has not changed its terms since.",
    )
    is_new_customer = fields.Boolean(
        compute="_compute_is_new_customer",
        search="_search_is_new_customer",
        help="No order of the customer was confirmed before this one. For conditions of approval flows.",
    )
    quote_signoff_required = fields.Boolean(compute="_compute_quote_signoff_required")
    quote_signoff_missing = fields.Boolean(compute="_compute_quote_signoff_required")

    _quote_signoff_gate = Gate(
        name="quote_signoff",
        policy="sales_dept_quote_signoff",
        states=LEFT_STATES,
        required="_quote_signoff_filter_required",
        missing="_quote_signoff_unreleased",
        messages="_quote_signoff_messages",
        # Another company's policy and another general manager; whom it is for stands in the terms.
        parties="_quote_signoff_parties",
        documents="_quote_signoff_documents",
    )

    # === COMPUTES === #

    @api.depends("state")
    def _compute_quote_waived(self):
        # Decided when it is confirmed: policies and flows that change later leave such an order alone.
        required = set(self._origin._quote_signoff_filter_required()._ids)
        for order in self:
            order.quote_waived = order.state == "sale" and order._origin.id not in required

    @api.depends(
        lambda self: ["state", "approval_state", "quote_waived", "is_web_shop_order", *self._approval_terms_depends()]
    )
    def _compute_quote_released(self):
        unreleased = set(self._origin._quote_signoff_unreleased()._ids)
        for order in self:
            order.quote_released = order._origin.id not in unreleased

    @api.depends("approval_state", "state", "company_id", "order_line", "partner_id")
    def _compute_quote_signoff_required(self):
        required = self._origin._quote_signoff_filter_required()
        unreleased = required._quote_signoff_unreleased()
        for order in self:
            # One that is not saved yet has no terms to look at; it will need what all of them need.
            is_new = not order._origin and order.company_id.sudo().sales_dept_quote_signoff == "all"
            order.quote_signoff_required = is_new or order._origin in required
            order.quote_signoff_missing = is_new or order._origin in unreleased

    @api.depends("partner_id")
    def _compute_is_new_customer(self):
        customers = self.partner_id.commercial_partner_id
        rows = self._first_orders(
            SQL("DISTINCT ON (partner.commercial_partner_id) partner.commercial_partner_id, ord.id"),
            SQL("partner.commercial_partner_id = ANY(%s)", customers.ids),
        )
        first = dict(self.env.execute_query(rows))
        for order in self:
            customer = order.partner_id.commercial_partner_id._origin.id
            order.is_new_customer = first.get(customer, order._origin.id) == order._origin.id

    def _search_is_new_customer(self, operator, value):
        if operator != "in":
            return NotImplemented
        known = self.env["res.partner"].sudo()._search([("sale_order_ids.state", "=", "sale")])
        first = self._first_orders(SQL("DISTINCT ON (partner.commercial_partner_id) ord.id"), SQL("TRUE"))
        return Domain("partner_id.commercial_partner_id", "not in", known.subselect("commercial_partner_id")) | Domain(
            "id", "in", SQL("(%s)", first)
        )

    @api.model
    def _first_orders(self, columns, condition):
        """The query for the confirmed order that came first, per customer: it is new to whom it was first."""
        self.env["sale.order"].flush_model(["state", "partner_id", "date_order"])
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        return SQL(
            """
            SELECT %s
              FROM sale_order ord
              JOIN res_partner partner ON partner.id = ord.partner_id
             WHERE ord.state = 'sale' AND %s
          ORDER BY partner.commercial_partner_id, ord.date_order, ord.id
            """,
            columns,
            condition,
        )

    # === CRUD === #

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {
            "quote_released",
            "quote_waived",
            "asked_commitment_date",
            "promised_commitment_date",
        }

    def _door_after(self, vals, before):
        result = super()._door_after(vals, before)
        if vals.get("state") in ("draft", "sent"):
            self.sudo().order_line._become_offer()
        if vals.keys() & self._approval_spec().keys():
            self._note_staff_edit()
        if vals.keys() & self._quote_signoff_condition_fields():
            self._quote_signoff_recheck()
        return result

    def _door_passed(self, crossing, needing):
        result = super()._door_passed(crossing, needing)
        for gate, (orders, required) in crossing.items():
            if gate.name == "quote_signoff":
                # Decided now, not when it is read next: by then another policy may be on.
                orders.mapped("quote_waived")
                required.sudo().filtered("quote_waived")._write_protected({"quote_waived": False})
                orders._note_released()
        return result

    def _note_released(self):
        """Store that the orders `self`, which passed the gate just now, are released: else it would be asked again."""
        orders = self.sudo()
        self.env.remove_to_compute(self._fields["quote_released"], orders)
        orders.filtered(lambda order: not order.quote_released)._write_protected({"quote_released": True})

    def _note_staff_edit(self):
        """Staff changed terms of the orders `self`: those confirmed without a signature may need one now."""
        # What Odoo adds by itself to a confirmed order (a freight charge, an extra delivery) is superuser's.
        if not self.env.su:
            self.sudo().filtered("quote_waived")._quote_signoff_filter_required()._write_protected(
                {"quote_waived": False}
            )

    # === ACTIONS === #

    def action_quotation_send(self):
        self._check_quote_signoff()
        return super().action_quotation_send()

    def _create_invoices(self, *args, **kwargs):
        """An invoice tells the price as the quotation does; of a confirmed order, too, that was changed since."""
        self._check_quote_signoff()
        return super()._create_invoices(*args, **kwargs)

    # === THE GATE === #

    def _quote_signoff_filter_required(self, policy=None):
        """Return the orders of `self` that need signatures by their company's policy, or by `policy`, given or not."""
        Flow = self.env["sales.approval.flow"]
        required = Flow._filter_required(self.sudo(), "sales_dept_quote_signoff", policy=policy)
        return required.with_env(self.env)

    def _quote_signoff_filter_held(self):
        """As :meth:`_quote_signoff_filter_required`, without orders that were confirmed when they needed none."""
        return self._quote_signoff_filter_required().sudo().filtered(lambda order: not order.quote_waived)

    def _quote_signoff_documents(self):
        return self

    def _quote_signoff_parties(self):
        return {self.company_id}

    def _quote_signoff_unreleased(self, required=None, lacking=None):
        """Return the orders of `self` that may not leave the house as they are now.

        :param required: orders that are just becoming sent or confirmed, and need signatures for it; by default those
            of :meth:`_quote_signoff_filter_held`
        :param lacking: those without an approval that stands, where that was looked at already
        """
        if required is None:
            required = self._quote_signoff_filter_held()
        if lacking is None:
            lacking = required._approval_lacking() if required else required
        return self.browse(lacking.ids)

    def _check_quote_signoff(self):
        """:raises UserError: with a sentence for each order of `self` that may not leave the house"""
        if unreleased := self._quote_signoff_unreleased():
            raise UserError("\n".join(unreleased._quote_signoff_messages().values()))

    def _quote_signoff_messages(self):
        """Return ``{order id: what is missing, and who can give it}``."""
        return self._approval_lacking_messages()

    def _quote_signoff_message(self):
        self.ensure_one()
        return self._quote_signoff_messages()[self.id]

    @api.model
    def _quote_signoff_recompute_released(self, companies):
        """Bring the stored `quote_released` up to date after a policy or a flow changed."""
        self.sudo().search(self._quote_signoff_recheck_domain(companies))._quote_signoff_recheck()

    @api.model
    def _quote_signoff_recheck_domain(self, companies):
        return Domain("company_id", "in", companies.ids) & (
            Domain("state", "!=", "sale")
            | Domain("approval_state", "!=", "none")
            | Domain("quote_released", "=", False)
        )

    def _quote_signoff_recheck(self):
        """Compute the stored `quote_released` of `self` anew."""
        self.env.add_to_compute(self._fields["quote_released"], self)

    @api.model
    def _quote_signoff_condition_fields(self):
        """Fields that flows' conditions read and that `quote_released` does not follow by itself."""
        followed = {path.split(".")[0] for path in self.pool.field_depends[self._fields["quote_released"]]}
        return self.env["sales.approval.flow"]._condition_fields("sale.order") - followed

    @api.model
    def _cron_quote_signoff_recheck(self):
        """Once a day: conditions may also speak of dates, or of what stands on the customer."""
        companies = self.env["res.company"].search([("sales_dept_quote_signoff", "in", ("rule", "all"))])
        orders = self.search(self._quote_signoff_recheck_domain(companies))
        self.env["sales.dept.job"]._run(
            "sales_dept_roles.ir_cron_quote_signoff_recheck",
            orders,
            lambda batch: batch._quote_signoff_recheck_now(),
            batch_size=500,
            goes_on=True,
        )

    def _quote_signoff_recheck_now(self):
        self._quote_signoff_recheck()
        self.flush_recordset(["quote_released"])

    # === APPROVAL === #

    @api.model
    def _approval_kind(self):
        return self.env._("Quotation")

    @api.model
    def _approval_ended_domain(self):
        return super()._approval_ended_domain() | Domain("state", "=", "cancel")

    def _approval_ended_reason(self):
        return self.env._("%(order)s was cancelled.", order=self.name)

    def _approval_submit_error_message(self):
        message = super()._approval_submit_error_message()
        if not message and self.state == "cancel":
            message = self.env._("%(order)s is cancelled: set it back to quotation first.", order=self.name)
        if not message and not self.order_line.filtered(lambda line: not line.display_type):
            message = self.env._("%(order)s has no lines yet: there is nothing to sign.", order=self.name)
        return message

    def _prepare_approval_values(self, flow):
        return {
            **super()._prepare_approval_values(flow),
            "partner_id": self.partner_id.id,
            "responsible_id": self.user_id.id,
            "currency_id": self.currency_id.id,
            "amount": self.amount_total,
        }
