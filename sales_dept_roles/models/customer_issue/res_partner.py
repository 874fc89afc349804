from odoo import fields, models
from odoo.fields import Domain

from .customer_issue import OPEN


class ResPartner(models.Model):
    _inherit = "res.partner"

    customer_issue_count = fields.Integer("Number of Issues", compute="_compute_customer_issue_count")
    open_customer_issue_count = fields.Integer("Open Issues", compute="_compute_customer_issue_count")

    def _compute_customer_issue_count(self):
        self.customer_issue_count = self.open_customer_issue_count = 0
        if not self.env["customer.issue"].has_access("read"):
            return
        # Those of contacts are the company's too.
        family = (
            self.env["res.partner"]
            .with_context(active_test=False)
            .search_fetch(Domain("id", "child_of", self.ids), ["parent_id"])
        )
        counts = self.env["customer.issue"]._read_group(
            Domain("partner_id", "in", family.ids), ["partner_id", "state"], ["__count"]
        )
        for partner, state, count in counts:
            while partner:
                if partner in self:
                    partner.customer_issue_count += count
                    partner.open_customer_issue_count += count if state in OPEN else 0
                partner = partner.parent_id

    def action_view_customer_issues(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_dept_roles.action_customer_issues")
        return {
            **action,
            "domain": [("partner_id", "child_of", self.ids)],
            "context": {"default_partner_id": self.id},
        }
