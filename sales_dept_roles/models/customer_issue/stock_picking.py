from odoo import api, fields, models

from .sale_order import count_issues


class StockPicking(models.Model):
    _inherit = "stock.picking"

    customer_issue_ids = fields.One2many("customer.issue", "picking_id", "Issues", copy=False)
    customer_issue_count = fields.Integer("Number of Issues", compute="_compute_customer_issue_count")
    open_customer_issue_count = fields.Integer("Open Issues", compute="_compute_customer_issue_count")

    @api.depends("customer_issue_ids.state")
    def _compute_customer_issue_count(self):
        count_issues(self, "picking_id")

    def action_view_customer_issues(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_dept_roles.action_customer_issues")
        return {**action, "domain": [("picking_id", "=", self.id)], "context": {"default_picking_id": self.id}}
