from odoo import api, fields, models

from .sale_delivery_notice import EDITABLE, OPEN


class SaleOrder(models.Model):
    _inherit = "sale.order"

    delivery_notice_count = fields.Integer(
        "Delivery Notices", compute="_compute_delivery_notice_count", compute_sudo=True
    )
    has_goods_to_notice = fields.Boolean(compute="_compute_has_goods_to_notice")

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
