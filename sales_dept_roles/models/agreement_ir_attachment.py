from odoo import models
from odoo.exceptions import AccessError

# Files that prove something: they come and go with their field, which says who did it and when.
PROOFS = {
    ("sales.agreement", "signed_scan"),
    ("sale.order", "signed_contract"),
    ("res.partner.paper", "file"),
}


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if operation == "read":
            return result
        proofs = self.sudo().filtered(lambda attachment: (attachment.res_model, attachment.res_field) in PROOFS)
        if not proofs:
            return result
        forbidden, error = result or (
            self.browse(),
            lambda: AccessError(self.env._("A signed paper is added, replaced and removed on its document only.")),
        )
        return forbidden | self.browse(proofs.ids), error

    def write(self, vals):
        result = super().write(vals)
        if {"res_model", "res_field"} & vals.keys():
            # Nor is another file moved into its place.
            self.check_access("write")
        return result
