from odoo import models

WITHOUT_INDEX = "sales_dept_without_index"


class IrAttachment(models.Model):
    """Partners' files are not opened by the server itself, not even for the search in documents.

    That search would read a whole spreadsheet in the server's own process, whatever is in it. The key takes nothing but
    that away.
    """

    _inherit = "ir.attachment"

    def _index(self, bin_data, file_type, checksum=None):
        if self.env.context.get(WITHOUT_INDEX):
            return None
        return super()._index(bin_data, file_type, checksum=checksum)
