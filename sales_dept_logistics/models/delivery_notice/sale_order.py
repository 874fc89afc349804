from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .sale_delivery_notice import EDITABLE, OPEN


class SaleOrder(models.Model):
    _inherit = "sale.order"

    delivery_notice_count = fields.Integer(
        "Delivery Notices", compute="_compute_delivery_notice_count", compute_sudo=True
    )
    has_goods_to_notice = fields.Boolean(compute="_compute_has_goods_to_notice")
    has_goods_ready = fields.Boolean(
        "Goods Wait for a Notice",
        compute="_compute_has_goods_ready",
        search="_search_has_goods_ready",
        help="Goods of the order are reserved in our stock, more than delivery notices ask for.",
    )

    def _compute_delivery_notice_count(self):
        counts = dict(
            self.env["sale.delivery.notice.line"]._read_group(
                [("order_id", "in", self.ids)], ["order_id"], ["notice_id:count_distinct"]
            )
        )
        for order in self:
            order.delivery_notice_count = counts.get(order._origin, 0)

    @api.depends("order_line.qty_to_notice")
    def _compute_has_goods_to_notice(self):
        for order in self:
            order.has_goods_to_notice = any(
                line.product_uom_id.compare(line.qty_to_notice, 0.0) > 0
                for line in order.order_line
                if line.product_uom_id
            )

    @api.depends("order_line.qty_noticed", "order_line.move_ids.quantity", "order_line.move_ids.state")
    def _compute_has_goods_ready(self):
        with_goods = self.filtered_domain(self._search_has_goods_ready("in", [True]))
        for order in self:
            order.has_goods_ready = order in with_goods

    def _search_has_goods_ready(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("id", "in", self._goods_ready_sql())

    def _goods_ready_sql(self):
        """The ids of orders of which more is reserved than is noticed.

        Whatever the number of steps, goods are reserved in one of them at a time. Of a kit, components are reserved:
        then something has to be left to notice.
        """

        def field(model, alias, name):
            return self.env[model]._field_to_sql(alias, name)

        return SQL(
            """
            (SELECT line.order_id
               FROM stock_move move
               JOIN sale_order_line line ON line.id = move.sale_line_id
               JOIN stock_location origin ON origin.id = move.location_id AND origin.usage IN ('internal', 'transit')
               JOIN stock_location place ON place.id = COALESCE(%(final)s, move.location_dest_id)
                AND place.usage = 'customer'
               JOIN uom_uom move_uom ON move_uom.id = move.product_uom
               JOIN uom_uom line_uom ON line_uom.id = line.product_uom_id
              WHERE %(move_state)s IN ('assigned', 'partially_available') AND %(line_state)s = 'sale'
              GROUP BY line.id
             HAVING CASE WHEN bool_or(move.product_id != line.product_id)
                         THEN %(ordered)s - %(delivered)s
                         ELSE SUM(%(reserved)s * move_uom.factor / line_uom.factor)
                    END > COALESCE(%(noticed)s, 0) + %(nothing)s)
            """,
            final=field("stock.move", "move", "location_final_id"),
            move_state=field("stock.move", "move", "state"),
            reserved=field("stock.move", "move", "quantity"),
            line_state=field("sale.order.line", "line", "state"),
            ordered=field("sale.order.line", "line", "product_uom_qty"),
            delivered=field("sale.order.line", "line", "qty_delivered"),
            noticed=field("sale.order.line", "line", "qty_noticed"),
            nothing=10 ** -self.env["decimal.precision"].precision_get("Product Unit") / 2,
        )

    def _door_after(self, vals, before):
        result = super()._door_after(vals, before)
        if vals.get("state") == "cancel":
            self._end_delivery_notices()
        return result

    def _end_delivery_notices(self):
        """Notices whose orders are all cancelled ask the warehouse for nothing any more."""
        notices = self.env["sale.delivery.notice"].sudo()
        notices = notices.search([("order_ids", "in", self.ids), ("state", "in", (*EDITABLE, *OPEN))])
        ended = notices.filtered(
            lambda notice: (
                set(notice.order_ids.mapped("state")) == {"cancel"} and not any(notice.line_ids.mapped("qty_shipped"))
            )
        )
        ended._write_protected({"state": "cancelled"})

    def action_delivery_notice(self):
        """Make a delivery notice of what may still be noticed of the orders `self`, and open it."""
        notices = self.env["sale.delivery.notice"]._make_for(self)
        return notices._get_records_action(name=self.env._("Delivery Notices"))

    def action_view_delivery_notices(self):
        self.ensure_one()
        notices = self.env["sale.delivery.notice"].search([("order_ids", "in", self.ids)])
        return notices._get_records_action(name=self.env._("Delivery Notices"))

    def _notice_filter_suspect(self):
        """Those of `self` of which a signature or a review does not stand by its stored state.

        The states follow the order, and what it points to. A delivery, which is done more often than it is held, asks
        for them first; whoever issues or accepts a notice has the terms themselves compared.
        """
        orders = self.sudo()
        approved = orders.filtered(lambda order: order.approval_state == "approved")
        # Which of an order's reviews is the one in force is looked at where there is such a one at all.
        outdated = (
            self.env["sale.order.review"]
            .sudo()
            .search_fetch(
                Domain("order_id", "in", approved.ids)
                & Domain("state", "=", "passed")
                & Domain("approval_state", "!=", "approved"),
                ["order_id"],
            )
            if approved
            else self.env["sale.order.review"]
        )
        return (orders - approved) | outdated.order_id

    def _notice_hold_messages(self):
        """Return ``{order id: why its goods may not leave now, whatever was noticed}``.

        That is a change of what was signed, or of what the departments judged. What was confirmed without is not
        asked for it here.
        """
        orders = self.sudo()
        signed = orders._quote_signoff_filter_held()
        reviews = orders.order_review_id.filtered(lambda review: review.state == "passed")
        unsigned, outdated = self.env["sales.approval"]._lacking(signed, reviews)
        messages = orders._quote_signoff_unreleased(signed, unsigned)._quote_signoff_messages()
        for review in outdated:
            messages.setdefault(
                review.order_id.id,
                self.env._(
                    "%(order)s was changed after its review %(review)s: its goods wait for a supplementary review.",
                    order=review.order_id.name,
                    review=review.name,
                ),
            )
        return messages
