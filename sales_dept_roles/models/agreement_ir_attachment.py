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

    def _filter_on_record(self):
        """Those of `self`, read as superuser, that somebody signed or confirmed to have read."""
        of_policies = self.filtered(lambda attachment: attachment.res_model == "sales.policy")
        policies = self.env["sales.policy"].browse(of_policies.mapped("res_id")).exists()
        published = policies.filtered(lambda policy: policy.state != "draft")
        return (of_policies & published.attachment_ids) | self.filtered(
            lambda attachment: (attachment.res_model, attachment.res_field) in PROOFS
        )

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if operation == "read":
            return result
        proofs = self.sudo()._filter_on_record()
        if not proofs:
            return result
        forbidden, error = result or (
            self.browse(),
            lambda: AccessError(
                self.env._("This file is on record: it is added, replaced and removed on its document only.")
            ),
        )
        return forbidden | self.browse(proofs.ids), error

    def write(self, vals):
        result = super().write(vals)
        if {"res_model", "res_field"} & vals.keys():
            # Nor is another file moved into its place.
            self.check_access("write")
        return result
