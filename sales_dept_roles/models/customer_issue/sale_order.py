from odoo import api, fields, models

from .customer_issue import OPEN


class SaleOrder(models.Model):
    _inherit = "sale.order"

    customer_issue_ids = fields.One2many("customer.issue", "sale_order_id", "Issues", copy=False)
    customer_issue_count = fields.Integer("Number of Issues", compute="_compute_customer_issue_count")
    open_customer_issue_count = fields.Integer("Open Issues", compute="_compute_customer_issue_count")

    @api.depends("customer_issue_ids.state")
    def _compute_customer_issue_count(self):
        count_issues(self, "sale_order_id")

    def action_view_customer_issues(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_dept_roles.action_customer_issues")
        return {**action, "domain": [("sale_order_id", "=", self.id)], "context": {"default_sale_order_id": self.id}}

    def action_open_customer_issue(self):
        """Enter a new issue about the order."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Customer Issue"),
            "res_model": "customer.issue",
            "views": [(False, "form")],
            "context": {"default_sale_order_id": self.id},
        }


def count_issues(documents, name):
    """Set the number of issues on `documents`, which issues name in their field `name`."""
    documents.customer_issue_count = documents.open_customer_issue_count = 0
    if not documents.env["customer.issue"].has_access("read"):
        return
    counts = documents.env["customer.issue"]._read_group([(name, "in", documents.ids)], [name, "state"], ["__count"])
    by_id = {document._origin.id: document for document in documents}
    for document, state, count in counts:
        by_id[document.id].customer_issue_count += count
        by_id[document.id].open_customer_issue_count += count if state in OPEN else 0
