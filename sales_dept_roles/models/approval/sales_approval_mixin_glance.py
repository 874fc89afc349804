from odoo import models


class SalesApprovalMixin(models.AbstractModel):
    """What is shown of a document to whoever decides on it: each kind of document says it in one place."""

    _inherit = "sales.approval.mixin"

    def _approval_glance(self, is_short=False):
        """Return ``{document id: [.Fact]}`` of `self`, in the reader's language (set-based).

        :param bool is_short: only the short facts are read, as in a list: others may be left out where they cost much

        `self` is read as superuser: who decides need not be one who may open the document. What not everybody may see
        is left out for the others.
        """
        return {document.id: [] for document in self}
