from odoo import models
from odoo.exceptions import UserError


class SalesDocumentLinkMixin(models.AbstractModel):
    """A row that names the document it came from, by `res_model` and `res_id`, and opens it."""

    _name = "sales.document.link.mixin"
    _description = "Row That Opens Its Document"

    def _open_document(self, gone):
        """Open the document as it is now, by the reader's own rights.

        :param str gone: what is said where there is none any more
        :raises UserError: when it is gone
        """
        self.ensure_one()
        document = self.env[self.res_model].browse(self.res_id).exists() if self.res_model in self.env else None
        if not document:
            raise UserError(gone)
        document.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
