from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    agreement_count = fields.Integer(compute="_compute_agreement_count")

    def _compute_agreement_count(self):
        self.agreement_count = 0
        Agreement = self.env["sales.agreement"]
        if not Agreement.has_access("read"):
            return
        parties = self.commercial_partner_id
        counts = dict(Agreement._read_group([("partner_id", "in", parties.ids)], ["partner_id"], ["__count"]))
        for partner in self:
            partner.agreement_count = counts.get(partner.commercial_partner_id, 0)

    def action_view_agreements(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_dept_roles.action_sales_agreements")
        action["domain"] = [("partner_id", "=", self.commercial_partner_id.id)]
        action["context"] = {"default_partner_id": self.commercial_partner_id.id}
        return action
