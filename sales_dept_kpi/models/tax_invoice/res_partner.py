from odoo import fields, models

from .account_move import READERS


class ResPartner(models.Model):
    _inherit = "res.partner"

    tax_invoice_count = fields.Integer("Tax-Office Invoices", compute="_compute_tax_invoice_count", groups=READERS)

    def _compute_tax_invoice_count(self):
        rows = self.env["sales.tax.invoice"]._read_group(
            [("partner_id.commercial_partner_id", "in", self.commercial_partner_id.ids)], ["partner_id"], ["__count"]
        )
        counts = {}
        for partner, count in rows:
            commercial = partner.commercial_partner_id.id
            counts[commercial] = counts.get(commercial, 0) + count
        for partner in self:
            partner.tax_invoice_count = counts.get(partner.commercial_partner_id.id, 0)

    def action_view_tax_invoices(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_dept_kpi.action_sales_tax_invoices")
        action["domain"] = [("partner_id.commercial_partner_id", "=", self.commercial_partner_id.id)]
        action["context"] = {"default_partner_id": self.commercial_partner_id.id}
        return action
