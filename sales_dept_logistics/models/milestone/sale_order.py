from odoo import api, fields, models
from odoo.fields import Domain

# What milestones are planned and shown by.
FOLLOWED = {"state", "commitment_date", "date_order"}
# What a customer sees of it: neither material nor production, and no plan of ours.
SHOWN_TO_CUSTOMER = ("stock", "shipped", "signed")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    milestone_ids = fields.One2many("sale.order.milestone", "order_id", "Milestones")
    milestone_strip = fields.Html(
        "How Far",
        compute="_compute_milestone_strip",
        compute_sudo=True,
        sanitize=False,
        export_string_translation=False,
    )
    milestone_detail = fields.Html(
        compute="_compute_milestone_strip", compute_sudo=True, sanitize=False, export_string_translation=False
    )

    # === SCREENS === #

    @api.depends("milestone_ids")
    @api.depends_context("lang")
    def _compute_milestone_strip(self):
        """How far the order is, by milestone; and for each of its lines."""
        rows = self._followed_milestones()
        render = self.env["ir.qweb"]._render
        for order in self:
            of_order = rows.get(order._origin)
            if not of_order:
                order.milestone_strip = order.milestone_detail = False
                continue
            order.milestone_strip = render(
                "sales_dept_logistics.milestone_strip", {"steps": of_order._strip_of_order()}
            )
            order.milestone_detail = render(
                "sales_dept_logistics.milestone_detail", {"lines": of_order.grouped("sale_line_id")}
            )

    def _followed_milestones(self):
        """Return ``{order: its milestones, line by line}`` of those of `self` whose company follows them."""
        Milestone = self.env["sale.order.milestone"]
        followed = self._origin.filtered(lambda order: order.company_id.sudo().sales_dept_milestones)
        if not followed:
            return {}
        # Within one request a changed quantity is saved and read.
        Milestone._refresh_marked()
        rows = Milestone.sudo().search(Domain("order_id", "in", followed.ids))
        return rows.sorted(lambda row: (row.sale_line_id.sequence, row.sale_line_id.id, row.sequence)).grouped(
            "order_id"
        )

    def _milestones_for_customer(self):
        """Return ``{order line: its milestones}`` that the customer of the order may see, as superuser."""
        self.ensure_one()
        rows = self.sudo()._followed_milestones().get(self._origin)
        return rows.filtered(lambda row: row.kind in SHOWN_TO_CUSTOMER).grouped("sale_line_id") if rows else {}

    def action_view_milestones(self):
        """Open the milestones of the order."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_dept_logistics.action_sale_order_milestones")
        return {**action, "domain": [("order_id", "=", self.id)], "context": {}}

    # === CHANGES === #

    def _door_after(self, vals, before):
        result = super()._door_after(vals, before)
        if FOLLOWED & vals.keys():
            self.order_line._mark_milestones()
        return result

    def _apply_promised_dates(self):
        result = super()._apply_promised_dates()
        self.sudo().order_line._mark_milestones()
        return result
