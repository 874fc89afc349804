from odoo import api, fields, models

# What an issue is about that comes from an exception of a kind.
ISSUE_KINDS = {"date": "delivery", "quality": "quality", "quantity": "logistics", "other": "delivery"}


class SaleOrderException(models.Model):
    """An exception of which the customer complains is an issue too, with its limits, its answers and its 8D report."""

    _inherit = "sale.order.exception"

    customer_issue_ids = fields.One2many("customer.issue", "order_exception_id", "Issues")
    customer_issue_count = fields.Integer("Number of Issues", compute="_compute_customer_issue_count")

    @api.depends("customer_issue_ids")
    def _compute_customer_issue_count(self):
        counts = dict(
            self.env["customer.issue"]._read_group(
                [("order_exception_id", "in", self.ids)], ["order_exception_id"], ["__count"]
            )
            if self.env["customer.issue"].has_access("read")
            else ()
        )
        for exception in self:
            exception.customer_issue_count = counts.get(exception._origin, 0)

    def action_view_customer_issues(self):
        self.ensure_one()
        return self.customer_issue_ids._get_records_action(name=self.env._("Issues"))

    def action_open_issue(self):
        """Open the issue of the exception: the one that is open, else a new one."""
        self.ensure_one()
        self.check_access("read")
        self._check_sells()
        issue = self.customer_issue_ids.filtered(lambda issue: issue.state in ("new", "in_progress", "waiting"))[:1]
        return (issue or self.env["customer.issue"].create(self._prepare_issue_values()))._get_records_action()

    def _prepare_issue_values(self):
        self.ensure_one()
        causes = dict(self._fields["cause"]._description_selection(self.env))
        return {
            "title": " · ".join(
                filter(None, [causes[self.cause], self.product_id.display_name or self.order_id.client_order_ref])
            ),
            "kind": ISSUE_KINDS[self.kind],
            "channel": "exception",
            "sale_order_id": self.order_id.id,
            "product_id": self.product_id.id,
            "order_exception_id": self.id,
        }
