from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    acceptance_draft_count = fields.Integer(compute="_compute_acceptance_draft_count")

    def _compute_acceptance_draft_count(self):
        self.acceptance_draft_count = 0
        Draft = self.env["sales.acceptance.draft"]
        if not Draft.has_access("read"):
            return
        groups = Draft._read_group(
            [("commercial_partner_id", "in", self.commercial_partner_id.ids)], ["commercial_partner_id"], ["__count"]
        )
        counts = {partner: count for partner, count in groups}
        for partner in self:
            partner.acceptance_draft_count = counts.get(partner.commercial_partner_id, 0)

    def action_view_acceptance_drafts(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_dept_kpi.action_acceptance_drafts")
        action["domain"] = [("commercial_partner_id", "=", self.commercial_partner_id.id)]
        action["context"] = {"default_partner_id": self.commercial_partner_id.id}
        return action
