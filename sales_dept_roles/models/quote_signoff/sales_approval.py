from odoo import api, fields, models

from ..register.register_xlsx import register_xlsx


class SalesApproval(models.Model):
    _inherit = "sales.approval"

    signed_by = fields.Char(compute="_compute_signed_by", help="Who decided, in the order of the decisions.")

    @api.depends("decision_ids.display_name")
    def _compute_signed_by(self):
        for approval in self:
            approval.signed_by = ", ".join(approval.decision_ids.mapped("display_name"))

    def action_export_quote_register(self):
        """Download the register; of the selected lines, or of all when none is selected."""
        ids = ",".join(map(str, self.ids))
        return {
            "type": "ir.actions.act_url",
            "url": f"/sales_dept/quotation_register.xlsx?ids={ids}",
            "target": "download",
        }

    def _quote_register_columns(self):
        """Columns of the exported register: ``[(title, width, function of an approval)]``."""
        states = dict(self._fields["state"]._description_selection(self.env))
        return [
            (self.env._("Quotation"), 16, lambda approval: approval.res_name),
            (self.env._("Customer"), 36, lambda approval: approval.partner_id.display_name),
            (self.env._("Amount"), 14, lambda approval: approval.amount),
            (self.env._("Currency"), 9, lambda approval: approval.currency_id.name),
            (self.env._("Requester"), 18, lambda approval: approval.requester_name),
            (self.env._("Asked"), 17, lambda approval: approval.request_date),
            (self.env._("Signed"), 17, lambda approval: approval.close_date),
            (self.env._("Signed By"), 24, lambda approval: approval.signed_by or None),
            (
                self.env._("Working Days Taken"),
                12,
                lambda approval: approval.working_days if approval.close_date else None,
            ),
            (self.env._("Status"), 12, lambda approval: states[approval.state]),
        ]

    def _quote_register_xlsx(self):
        """Return the register of `self` as the bytes of an XLSX workbook, times in the user's zone."""
        return register_xlsx(self, self.env._("Quotation Register"), self._quote_register_columns())
