from odoo import models
from odoo.exceptions import AccessError


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def _filter_on_record(self):
        """Those of `self`, read as superuser, that somebody signed, judged by or confirmed to have read."""
        on_record = self.browse()
        for model, attachments in self.grouped("res_model").items():
            if model not in self.env or not hasattr(self.env[model], "_proof_fields"):
                continue
            proofs = self.env[model]._proof_fields()
            on_record |= attachments.filtered(lambda attachment, proofs=proofs: attachment.res_field in proofs)
            on_record |= attachments & self.env[model].browse(attachments.mapped("res_id"))._files_on_record()
        return on_record

    def _kept_for(self, document):
        """Return the files `self` as the own ones of `document`; those that lie elsewhere are copied.

        Only its own are on record with it.
        """
        own = self.filtered(lambda file: (file.res_model, file.res_id) == (document._name, document.id))
        for file in self - own:
            own |= file.copy({"res_model": document._name, "res_id": document.id, "name": file.name})
        return own

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
