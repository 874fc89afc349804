from odoo import api, models
from odoo.fields import Domain
from odoo.tools import ormcache

from ..protected_results.client_context import without_client_context


class SalesApprovalMixin(models.AbstractModel):
    """A document that ends takes along what is asked about it.

    A model says when its documents have ended (:meth:`_approval_ended_domain`), and which documents hang on them
    (:meth:`_approval_dependents`). Whatever path it ends on, :meth:`_approval_end` does the rest.
    """

    _inherit = "sales.approval.mixin"

    @api.model
    def _approval_ended_domain(self):
        """Return the domain of the documents that are over, so that nobody is asked about them any more."""
        return Domain("active", "=", False) if "active" in self._fields else Domain.FALSE

    def _approval_dependents(self):
        """Return the documents that have ended when those of `self` have: ``[records of one model]``."""
        return []

    def _approval_ended_as(self):
        """In which state a request ends whose document has: ``withdrawn``, or ``superseded`` by another document."""
        self.ensure_one()
        return "withdrawn"

    def _approval_ended_reason(self):
        """The sentence that stays with the request."""
        self.ensure_one()
        return self.env._("%(document)s was cancelled, closed or archived.", document=self.display_name)

    def _on_approval_ended(self):
        """Called, as superuser, on documents that have ended, once nothing is asked about them any more."""

    # === THE END === #

    def write(self, vals):
        result = super().write(vals)
        self._approval_end_by(vals)
        return result

    def _write_protected(self, vals):
        result = super()._write_protected(vals)
        self._approval_end_by(vals)
        return result

    def _approval_end_by(self, names):
        """Look at whether writing the fields `names` ended documents of `self`."""
        if self._approval_ending_fields().intersection(names):
            self._approval_end()

    @api.model
    @ormcache()
    def _approval_ending_fields(self):
        """The fields by which a document ends."""
        return {condition.field_expr.split(".")[0] for condition in self._approval_ended_domain().iter_conditions()}

    def unlink(self):
        # The record of the request stays, but nobody is asked for a signature any more.
        self._approval_take_back(
            lambda document: ("withdrawn", self.env._("%(document)s was deleted.", document=document.display_name))
        )
        return super().unlink()

    def _approval_filter_ended(self):
        """Return those of `self` that have ended."""
        return self.filtered_domain(self._approval_ended_domain())

    def _approval_end(self):
        """Let those of `self` that have ended, and what hangs on them, ask nobody for anything any more."""
        ended = without_client_context(self.sudo())._approval_filter_ended()
        if not ended:
            return
        asked = ended._approval_take_back(
            lambda document: (document._approval_ended_as(), document._approval_ended_reason())
        )
        for document in asked:
            document._approval_post(
                self.env._("Request for approval withdrawn. %(reason)s", reason=document._approval_ended_reason())
            )
        ended._approval_refresh_activities()
        ended._on_approval_ended()
        for dependents in ended._approval_dependents():
            dependents._approval_end()

    def _approval_take_back(self, how):
        """Close what waits for signatures on `self`.

        :param how: function of a document, which returns the state and the reason with which its request ends
        :return: the documents on which something waited
        """
        documents = without_client_context(self.sudo())
        pending = documents.env["sales.approval"].search(
            Domain("res_model", "=", self._name) & Domain("res_id", "in", self.ids) & Domain("state", "=", "pending")
        )
        asked = documents.browse(pending.mapped("res_id"))
        outcome = {document.id: how(document) for document in asked}
        for (state, reason), approvals in pending.grouped(lambda approval: outcome[approval.res_id]).items():
            approvals._close(state, reason)
        return asked
