from contextlib import contextmanager

from odoo import api, fields, models

from ..approval.terms import digest

# What follows from a quantity: of the line, and of the order.
OF_LINE = ("product_uom_qty", "price_subtotal", "price_tax", "price_total")
OF_ORDER = ("quote_amount_untaxed", "quote_amount_tax", "quote_amount_total")

# What a customer's change may have touched, and undoing it brings back.
RESTORED = ("product_uom_qty", "price_unit", "technical_price_unit", "discount")


class SaleOrder(models.Model):
    """What the customer chooses on the portal within an offer, and what goes beyond it.

    Signed is the offer: of an optional line its price, discount and taxes, and that it is optional. How many she
    takes is hers to say, so a quantity that she wrote (see `is_customer_choice`) is no change of the terms. What else
    her choice changes was not signed: then she reads so, her account manager is told, and she can undo it.
    """

    _inherit = "sale.order"

    customer_offer = fields.Json(
        readonly=True, copy=False, help="The lines as they were before the customer changed any."
    )
    is_beyond_offer = fields.Boolean(
        readonly=True,
        copy=False,
        help="What the customer chose on the portal goes beyond what was offered: it waits for the department.",
    )

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"customer_offer", "is_beyond_offer"}

    # === WITHIN === #

    @api.model
    def _approval_terms_depends(self):
        return super()._approval_terms_depends() + ["order_line.is_customer_choice"]

    def _approval_begin_matching(self, contents, approvals):
        matching = super()._approval_begin_matching(contents, approvals)
        return lambda: self._approval_matching_by_choice(matching(), approvals)

    def _approval_matching_by_choice(self, matching, approvals):
        """Return `matching` and those of `self` that differ from what was signed by what the customer may choose."""
        return matching | {
            order.id
            for order in self
            if order.id not in matching and (approval := approvals.get(order.id)) and order._is_within_offer(approval)
        }

    def _is_within_offer(self, approval):
        """Whether the order differs from what was signed by quantities only that the customer may choose."""
        self.ensure_one()
        chosen = self.sudo().order_line.filtered("is_customer_choice")
        chosen = {line.id for line in chosen if line._is_permitted_choice()}
        if not chosen or not approval.terms:
            return False
        spec = {name: rule for name, rule in (approval.terms_spec or {}).items() if name not in OF_ORDER}
        signed, now = (
            digest(self._without_choices(terms, chosen), spec, approval.terms_form)
            for terms in (approval.terms, self._approval_terms_as_signed(approval))
        )
        return signed == now

    @api.model
    def _without_choices(self, terms, chosen):
        """Return `terms` without the quantities of the lines `chosen`, and without what follows from these."""
        lines = [{**line, **dict.fromkeys(OF_LINE)} if line["id"] in chosen else line for line in terms["order_line"]]
        return {**terms, "order_line": lines}

    # === BEYOND === #

    @contextmanager
    def _customer_choosing(self):
        """Around what a customer changes of the quotations `self`; of what anybody else writes it does nothing.

        Yields the quotations that she had before her, and could accept or undo.
        """
        orders = self.browse()
        if self.env["sale.order.line"]._is_written_by_customer():
            orders = self.filtered(lambda order: order._is_offer_on_portal())
            orders -= orders._quote_signoff_unreleased().filtered(lambda order: not order.is_beyond_offer)
        for order in orders.filtered(lambda order: not order.customer_offer):
            order._write_protected({"customer_offer": order._prepare_customer_offer()})
        yield orders
        if not orders:
            return
        beyond = orders._quote_signoff_unreleased()
        (orders - beyond).filtered("is_beyond_offer")._write_protected({"is_beyond_offer": False})
        for order in beyond:
            order._write_protected({"is_beyond_offer": True})
        beyond._ask_responsible(
            "sales_dept_roles.mail_activity_beyond_offer",
            lambda order: order.env._(
                "On the portal the customer chose more than quotation %(order)s offers. It cannot be accepted "
                "until it is signed off as it is now, or the customer takes the choice back.",
                order=order.name,
            ),
        )

    def _is_offer_on_portal(self):
        """Whether the order is a quotation that a policy keeps to what was signed."""
        is_held = self.company_id.sales_dept_quote_signoff not in (False, "off")
        return is_held and self.state in ("draft", "sent") and not self.is_web_shop_order

    def _prepare_customer_offer(self):
        """The lines of the order as they are: ``{line id: {field: value}}``."""
        return {str(line.id): {name: line[name] for name in RESTORED} for line in self.order_line}

    def _undo_customer_choice(self):
        """Bring the lines of the order back to what was offered to the customer."""
        self.ensure_one()
        offer = self.customer_offer or {}
        self.order_line.filtered(lambda line: str(line.id) not in offer).unlink()
        for line in self.order_line:
            if changed := {name: value for name, value in offer[str(line.id)].items() if line[name] != value}:
                line.write(changed)
        self.order_line.filtered("is_customer_choice")._write_protected({"is_customer_choice": False})
        self._forget_customer_choice()

    def _customer_choices(self):
        """What the customer changed, for her to read: ``[(line, quantity offered, quantity chosen)]``."""
        self.ensure_one()
        offer = self.customer_offer or {}
        choices = [(line, offer.get(str(line.id), {}).get("product_uom_qty", 0)) for line in self.order_line]
        return [(line, offered, line.product_uom_qty) for line, offered in choices if line.product_uom_qty != offered]

    def _forget_customer_choice(self):
        """The quotations `self` are another offer now, or what they were before the customer changed anything."""
        for name in ("customer_offer", "is_beyond_offer"):
            self.filtered(name)._write_protected({name: False})

    def _note_staff_edit(self):
        result = super()._note_staff_edit()
        if not self.env.su:
            self.sudo()._forget_customer_choice()
        return result

    def _on_approval_asked(self, approval, tasks):
        self._forget_customer_choice()
        return super()._on_approval_asked(approval, tasks)
