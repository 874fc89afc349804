from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from odoo.addons.sales_dept_roles.models.order_gate.gate_step import GateAction, GateStep
from odoo.addons.sales_dept_roles.models.order_gate.sale_order_rail import POLICIES

from .sale_delivery_notice import EDITABLE, OPEN


class SaleOrder(models.Model):
    """On the rail: the delivery notice, and the goods' way out of the house."""

    _inherit = "sale.order"

    gate_stage = fields.Selection(
        selection_add=[("delivery_notice", "Delivery Notice"), ("shipped", "Shipping"), ("invoiced",)]
    )

    @api.model
    def _gate_rail_depends(self):
        return [*super()._gate_rail_depends(), "has_goods_to_notice", "delivery_status"]

    def _gate_steps(self, editable):
        steps = super()._gate_steps(editable)
        notices_of = self._notices_under_way()
        for order in self:
            if order.company_id.sudo().sales_dept_delivery_notice:
                steps[order].append(order._gate_notice_step(editable, notices_of.get(order._origin.id, {})))
            steps[order].append(order._gate_shipment_step())
        return steps

    def _notices_under_way(self):
        """Return ``{order id: {state: numbers}}`` of the notices of `self` whose goods have not left (one query)."""
        confirmed = self._origin.filtered(lambda order: order.state == "sale")
        domain = Domain("order_id", "in", confirmed.ids) & Domain("notice_id.state", "in", (*EDITABLE, *OPEN))
        found = {}
        if not confirmed:
            return found
        lines = self.env["sale.delivery.notice.line"].sudo()
        for order, state, number in lines._read_group(domain, ["order_id", "notice_id.state", "notice_id.name"]):
            found.setdefault(order.id, {}).setdefault(state, []).append(number)
        return found

    def _gate_notice_step(self, editable, notices):
        """The step of the delivery notice.

        :param notices: ``{state: numbers}``
        """
        if self.state != "sale":
            return GateStep("delivery_notice", "later")
        may_notice = self in editable and self.env.user.has_group("sales_team.group_sale_salesman")
        if sent_back := notices.get("sent_back"):
            return GateStep(
                "delivery_notice",
                "held",
                word=self.env._("sent back"),
                sentence=self.env._("The warehouse sent back %(notices)s.", notices=", ".join(sent_back)),
                turn=self._gate_responsible(),
                actions=self._gate_notice_actions(self.env._("Open Delivery Notice")) if may_notice else (),
            )
        if draft := notices.get("draft"):
            return GateStep(
                "delivery_notice",
                "open",
                sentence=self.env._("%(notices)s is to be issued.", notices=", ".join(draft)),
                turn=self._gate_responsible(),
                actions=self._gate_notice_actions(self.env._("Issue Delivery Notice")) if may_notice else (),
            )
        if self.has_goods_to_notice:
            make = GateAction("action_delivery_notice", self.env._("Delivery Notice"), is_in_header=True)
            return GateStep(
                "delivery_notice",
                "open",
                sentence=self.env._("The warehouse ships against a delivery notice."),
                turn=self._gate_responsible(),
                actions=(make,) if may_notice else (),
            )
        if issued := notices.get("issued"):
            return GateStep(
                "delivery_notice",
                "waiting",
                sentence=self.env._("%(notices)s waits for the warehouse.", notices=", ".join(issued)),
                turn=self.env._("Warehouse"),
            )
        return GateStep("delivery_notice", "passed")

    def _gate_notice_actions(self, label):
        return (GateAction("action_view_delivery_notices", label),)

    def _gate_shipment_step(self):
        if self.state == "sale" and not self.delivery_status:
            return GateStep("shipped", "not_needed")
        if self.state == "sale" and self.delivery_status == "full":
            return GateStep("shipped", "passed")
        if self.state != "sale" or (self.company_id.sudo().sales_dept_delivery_notice and self.has_goods_to_notice):
            return GateStep("shipped", "later")
        sentence = self.env._("The warehouse prepares the goods.")
        if self.delivery_status == "partial":
            sentence = self.env._("A part of the goods has left.")
        return GateStep(
            "shipped",
            "waiting",
            sentence=sentence,
            turn=self.env._("Warehouse"),
            due=self.commitment_date
            and self.env._("by %(day)s", day=format_date(self.env, self.company_id._local_day(self.commitment_date)))
            or "",
            is_late=bool(self.commitment_date and self.commitment_date < fields.Datetime.now()),
        )

    # === LISTS === #

    @api.model
    def _gate_stages_sql(self, alias):
        stages = super()._gate_stages_sql(alias)
        lines = self.env["sale.order.line"]
        notice_lines = self.env["sale.delivery.notice.line"]
        self.env["product.product"].flush_model(["product_tmpl_id"])
        self.env["product.template"].flush_model(["type"])
        self.env["sale.delivery.notice"].flush_model(["state"])
        is_sold = SQL("%s = 'sale'", self._field_to_sql(alias, "state"))
        stages["delivery_notice"] = SQL(
            """
            (%(is_sold)s AND %(policy)s
             AND (EXISTS (
                 SELECT FROM sale_order_line line
                  WHERE line.order_id = %(id)s
                    AND line.display_type IS NULL
                    AND line.is_downpayment IS NOT TRUE
                    AND %(ordered)s - %(delivered)s - COALESCE(%(noticed)s, 0) > %(nothing)s
                    AND (
                        -- Line by line: joined, all products would be looked through.
                        SELECT template.type
                          FROM product_product product
                          JOIN product_template template ON template.id = product.product_tmpl_id
                         WHERE product.id = line.product_id
                    ) = 'consu'
             ) OR EXISTS (
                 SELECT FROM sale_delivery_notice_line noticed
                   JOIN sale_delivery_notice notice ON notice.id = noticed.notice_id
                    AND notice.state IN ('draft', 'sent_back', 'issued')
                  WHERE %(noticed_order)s = %(id)s
             )))
            """,
            is_sold=is_sold,
            policy=SQL.identifier(POLICIES, "sales_dept_delivery_notice"),
            id=self._field_to_sql(alias, "id"),
            ordered=lines._field_to_sql("line", "product_uom_qty"),
            delivered=lines._field_to_sql("line", "qty_delivered"),
            noticed=lines._field_to_sql("line", "qty_noticed"),
            nothing=10 ** -self.env["decimal.precision"].precision_get("Product Unit") / 2,
            noticed_order=notice_lines._field_to_sql("noticed", "order_id"),
        )
        stages["shipped"] = SQL(
            "(%s AND %s IN ('pending', 'started', 'partial'))", is_sold, self._field_to_sql(alias, "delivery_status")
        )
        return stages
