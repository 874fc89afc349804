from odoo import api, fields, models

from .sale_delivery_notice import EDITABLE

FILES = frozenset(("packing_file_ids", "label_file_ids", "document_file_ids"))


class SaleDeliveryNotice(models.Model):
    """Files of what is required: drawings of the packing, labels to print, documents that go along.

    They are the notice's own, so whoever reads it reads them, and on record once it is issued.
    """

    _inherit = "sale.delivery.notice"

    packing_file_ids = fields.Many2many(
        "ir.attachment",
        "sale_delivery_notice_packing_rel",
        string="Packing Files",
        bypass_search_access=True,
        groups="base.group_user",
    )
    label_file_ids = fields.Many2many(
        "ir.attachment",
        "sale_delivery_notice_label_rel",
        string="Label Files",
        bypass_search_access=True,
        groups="base.group_user",
    )
    document_file_ids = fields.Many2many(
        "ir.attachment",
        "sale_delivery_notice_document_rel",
        string="Document Files",
        bypass_search_access=True,
        groups="base.group_user",
    )

    @api.model_create_multi
    def create(self, vals_list):
        notices = super().create(vals_list)
        for notice, vals in zip(notices, vals_list, strict=True):
            notice._own_files(FILES & vals.keys())
        return notices

    def write(self, vals):
        result = super().write(vals)
        if names := FILES & vals.keys():
            for notice in self:
                notice._own_files(names)
        return result

    @api.model
    def _terms(self):
        return super()._terms() | set(FILES)

    def _files_on_record(self):
        issued = self.exists().filtered(lambda notice: notice.state not in EDITABLE)
        return super()._files_on_record().union(*(issued[name] for name in FILES))

    def _own_files(self, names):
        """Make the files of the fields `names` the notice's own.

        Odoo refuses files that whoever links them may not read.
        """
        for name in names:
            files = self[name]
            own = files.sudo()._kept_for(self)
            if own != files:
                # Of files that were uploaded before the notice was saved, there is a copy now.
                self.write({name: [fields.Command.set(own.ids)]})
