from odoo import api, fields, models
from odoo.tools import SQL


class SaleOrder(models.Model):
    """Orders of a web shop: exempt while they are the customer's own, quotations like any other after.

    The shop is an optional module, so its methods cannot be extended here. What it looks for can be
    kept from it: it takes any draft of its website for the customer's cart and shows what it holds,
    as superuser, so an unreleased quotation that staff made carries no website.
    """

    _inherit = "sale.order"

    is_web_shop_order = fields.Boolean(
        readonly=True,
        copy=False,
        help="Made by a customer in the web shop at the shop's prices, and not edited by staff.",
    )

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"is_web_shop_order"}

    def _door_created(self, vals_list):
        result = super()._door_created(vals_list)
        if "website_id" in self._fields and (shop_orders := self.filtered("website_id")):
            # The web shop makes its carts as superuser; no client can.
            if self.env.su:
                shop_orders._write_protected({"is_web_shop_order": True})
            shop_orders._leave_cart()
        return result

    def _door_after(self, vals, before):
        result = super()._door_after(vals, before)
        if vals.get("website_id") or vals.get("state") == "draft":
            self._leave_cart()
        return result

    def _order_gate_subjects(self):
        return super()._order_gate_subjects().filtered(lambda order: not order.is_web_shop_order)

    @api.model
    def _order_gate_subjects_sql(self, alias):
        is_shop = self._field_to_sql(alias, "is_web_shop_order")
        return SQL("(%s AND %s IS NOT TRUE)", super()._order_gate_subjects_sql(alias), is_shop)

    def _note_staff_edit(self):
        """An order of the web shop stops being one when staff changes its terms."""
        result = super()._note_staff_edit()
        # The shop itself fills and reprices its carts as superuser.
        if not self.env.su:
            self.sudo()._leave_web_shop()
        return result

    def _leave_web_shop(self):
        """Make the web shop's orders among `self` quotations like any other."""
        if orders := self.filtered("is_web_shop_order"):
            orders._write_protected({"is_web_shop_order": False})
            orders._leave_cart()

    @api.model
    def _quote_signoff_recompute_released(self, companies):
        result = super()._quote_signoff_recompute_released(companies)
        if "website_id" in self._fields:
            domain = [("company_id", "in", companies.ids), ("website_id", "!=", False), ("state", "=", "draft")]
            self.sudo().search(domain)._leave_cart()
        return result

    def _quote_signoff_recheck_now(self):
        result = super()._quote_signoff_recheck_now()
        self._leave_cart()
        return result

    def _leave_cart(self):
        """Take the unreleased quotations among `self` out of the customer's cart."""
        if "website_id" not in self._fields:
            return
        quotations = self.sudo().filtered(
            lambda order: order.website_id and order.state == "draft" and not order.is_web_shop_order
        )
        if unreleased := quotations._quote_signoff_unreleased():
            unreleased.website_id = False
