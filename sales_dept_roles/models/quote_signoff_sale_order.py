from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

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
    is_new_customer = fields.Boolean(
        compute="_compute_is_new_customer",
        search="_search_is_new_customer",
        help="The customer has no confirmed order yet. For conditions of approval flows.",
    )
    quote_signoff_required = fields.Boolean(compute="_compute_quote_signoff_required")
    quote_signoff_missing = fields.Boolean(compute="_compute_quote_signoff_required")

    # === COMPUTES === #

    @api.depends(
        lambda self: ["state", "approval_state", "is_web_shop_order", "company_id", *self._approval_terms_depends()]
    )
    def _compute_quote_released(self):
        unreleased = self._origin._quote_signoff_unreleased()
        for order in self:
            order.quote_released = order._origin not in unreleased

    @api.depends("approval_state", "state", "company_id", "order_line", "partner_id")
    def _compute_quote_signoff_required(self):
        required = self._origin._quote_signoff_filter_required()
        unreleased = required._quote_signoff_unreleased()
        for order in self:
            order.quote_signoff_required = order._origin in required
            order.quote_signoff_missing = order._origin in unreleased

    @api.depends("partner_id")
    def _compute_is_new_customer(self):
        customers = self.partner_id.commercial_partner_id
        known = (
            self.env["sale.order"]
            .sudo()
            ._read_group(Domain("partner_id", "child_of", customers.ids) & Domain("state", "=", "sale"), ["partner_id"])
        )
        known_customers = {partner.commercial_partner_id.id for (partner,) in known}
        for order in self:
            order.is_new_customer = order.partner_id.commercial_partner_id.id not in known_customers

    def _search_is_new_customer(self, operator, value):
        if operator != "in":
            return NotImplemented
        known = self.env["res.partner"].sudo()._search([("sale_order_ids.state", "=", "sale")])
        return Domain("partner_id.commercial_partner_id", "not in", known.subselect("commercial_partner_id"))

    # === CRUD === #

    @api.model
    def _approval_protected_fields(self):
        return super()._approval_protected_fields() | {"quote_released"}

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        # Looked at afterwards, since the state may also come from a default in the context.
        orders.filtered(lambda order: order.state in LEFT_STATES)._check_quote_signoff(entering=True)
        return orders

    def write(self, vals):
        entering = self.browse()
        if vals.get("state") in LEFT_STATES:
            entering = self.filtered(lambda order: order.state != vals["state"])
        result = super().write(vals)
        # Looked at afterwards, on the terms that this same write may have changed.
        entering._check_quote_signoff(entering=True)
        return result

    # === ACTIONS === #

    def action_quotation_send(self):
        self._check_quote_signoff()
        return super().action_quotation_send()

    def _confirmation_error_message(self):
        message = super()._confirmation_error_message()
        if not message and self._quote_signoff_unreleased():
            message = self._quote_signoff_message()
        return message

    # === THE GATE === #

    def _quote_signoff_filter_required(self):
        """Return the orders of `self` that need signatures by their company's policy, given or not."""
        required = self.browse()
        for company, orders in self.sudo().grouped("company_id").items():
            policy = company.sales_dept_quote_signoff or "off"
            if policy == "off":
                continue
            flows = self.env["sales.approval.flow"]._match(orders, with_catch_all=policy == "all")
            # A flow without steps is how a company exempts what its condition describes.
            exempt = {order_id for order_id, flow in flows.items() if not flow.step_ids}
            if policy == "all":
                required |= orders.filtered(lambda order, exempt=exempt: order.id not in exempt)
            else:
                required |= orders.filtered(
                    lambda order, flows=flows, exempt=exempt: order.id in flows and order.id not in exempt
                )
        return required.with_env(self.env)

    def _quote_signoff_unreleased(self, entering=False):
        """Return the orders of `self` that may not leave the house as they are now.

        :param bool entering: the orders are just becoming sent or confirmed; else an order that was
            confirmed before its company switched sign-off on is left alone
        """
        unreleased = self.browse()
        for order in self._quote_signoff_filter_required().sudo():
            approval = order._approval_in_force()
            if approval.state == "approved" and approval.digest == order._approval_digest():
                continue
            since = order.company_id.sales_dept_quote_signoff_since
            if (
                not entering
                and not order.approval_ids
                and order.state == "sale"
                and (not since or order.create_date < since)
            ):
                continue
            unreleased |= order
        return unreleased.with_env(self.env)

    def _check_quote_signoff(self, entering=False):
        """:raises UserError: with a sentence for each order of `self` that may not leave the house"""
        if unreleased := self._quote_signoff_unreleased(entering):
            raise UserError("\n".join(order._quote_signoff_message() for order in unreleased))

    def _quote_signoff_message(self):
        """What is missing, and who can give it."""
        self.ensure_one()
        order = self.sudo()
        approval = order._approval_in_force()
        if not approval:
            roles = order._approval_flow().step_ids._filter_applying(order).group_id.mapped("name")
            return self.env._(
                "Quotation %(order)s has not been signed off. Submit it for sign-off by: %(roles)s.",
                order=order.name,
                roles=", ".join(roles) or self.env._("nobody (no approval flow applies: ask your administrator)"),
            )
        if approval.digest != order._approval_digest():
            return self.env._(
                "Quotation %(order)s was changed after it was submitted for sign-off. Submit it again.",
                order=order.name,
            )
        if approval.state == "rejected":
            return self.env._(
                "Sign-off of quotation %(order)s was refused: %(reason)s", order=order.name, reason=approval.reason
            )
        return self.env._(
            "Quotation %(order)s still waits for the signature of: %(roles)s.",
            order=order.name,
            roles=approval.waiting_for,
        )

    @api.model
    def _quote_signoff_recompute_released(self, companies):
        """Bring the stored `quote_released` up to date after a policy or a flow changed."""
        orders = (
            self.sudo()
            .with_context(active_test=False)
            .search(
                Domain("company_id", "in", companies.ids)
                & (Domain("state", "in", ("draft", "sent", "cancel")) | Domain("quote_released", "=", False))
            )
        )
        self.env.add_to_compute(self._fields["quote_released"], orders)

    # === APPROVAL === #

    @api.model
    def _approval_terms_spec(self):
        head = [
            "partner_id",
            "partner_invoice_id",
            "partner_shipping_id",
            "currency_id",
            "payment_term_id",
            "incoterm",
            "incoterm_location",
            "validity_date",
        ]
        lines = ["product_id", "name", "product_uom_qty", "product_uom_id", "price_unit", "discount", "tax_ids"]
        # Incoterms come with the stock addons.
        return {name: None for name in head if name in self._fields} | {"order_line": dict.fromkeys(lines)}

    @api.model
    def _approval_terms_depends(self):
        return super()._approval_terms_depends() + ["order_line.is_downpayment"]

    def _approval_term_lines(self, name):
        """Down payments and re-invoiced expenses that come after confirmation are no new terms."""
        lines = super()._approval_term_lines(name)
        if self.state != "sale":
            return lines
        return lines.filtered(lambda line: line.product_uom_qty or not (line.is_downpayment or line.is_expense))

    @api.model
    def _approval_kind(self):
        return self.env._("Quotation")

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
