from collections import Counter

from odoo import fields, models

# What an issue is about that comes from an exception of a kind.
ISSUE_KINDS = {"date": "delivery", "quality": "quality", "quantity": "logistics", "other": "delivery"}


class SaleOrderException(models.Model):
    """An exception of which the customer complains is an issue too, with its limits, its answers and its 8D report."""

    _inherit = "sale.order.exception"

    customer_issue_count = fields.Integer("Number of Issues", compute="_compute_customer_issue_count")

    def _compute_customer_issue_count(self):
        issues = self._customer_issues() if self.env["customer.issue"].has_access("read") else []
        counts = Counter(issue.order_exception_id for issue in issues)
        for exception in self:
            exception.customer_issue_count = counts[exception._origin]

    def _customer_issues(self):
        """The issues about `self` that the user sees."""
        return self.env["customer.issue"].search([("order_exception_id", "in", self.ids)])

    def action_view_customer_issues(self):
        self.ensure_one()
        return self._customer_issues()._get_records_action(name=self.env._("Issues"))

    def action_open_issue(self):
        """Open the issue of the exception: the one that is open, else a new one."""
        self.ensure_one()
        self.check_access("read")
        self._check_sells()
        issue = self._customer_issues().filtered(lambda issue: issue.state in ("new", "in_progress", "waiting"))[:1]
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
