from odoo import models
from odoo.exceptions import AccessError


class IrRule(models.Model):
    """What a record rule refuses is said in a sentence that helps, where it is known what was meant."""

    _inherit = "ir.rule"

    def _make_access_error(self, operation, records):
        error = super()._make_access_error(operation, records)
        if message := self._refusal_message(operation, records):
            refusal = AccessError(message)
            # With it the client offers to switch the company.
            refusal.context = getattr(error, "context", None) or {}
            return refusal
        return error

    def _refusal_message(self, operation, records):
        """Return a sentence for what rules refuse the user to do with `records`, or False for Odoo's own words.

        Each feature that knows better adds its own. It tells nothing of records that are hidden from the user.
        """
        is_shared = hasattr(records, "_filter_shared") and records.sudo()._filter_shared()
        if operation != "read" and is_shared and not self.env.user.sales_dept_keeps_shared:
            return self.env._(
                "This is shared by all companies: it is changed by an administrator, or by somebody who works in each "
                "of the companies. Make one for your own company instead."
            )
        return False
