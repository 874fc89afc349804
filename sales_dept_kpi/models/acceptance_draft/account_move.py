from odoo import models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    """What is booked of a draft follows the draft."""

    _inherit = "account.move"

    def _check_draftable(self):
        result = super()._check_draftable()
        # Whoever keeps the books may not see the draft.
        event = self.env["sales.acceptance.draft.event"].sudo().search([("move_id", "in", self.ids)], limit=1)
        if event:
            raise UserError(
                self.env._(
                    "%(entry)s is booked of draft %(number)s and stands as long as it. Take the next step on the "
                    "draft: if it came back, note it as dishonoured or returned.",
                    entry=event.entry_name,
                    number=event.draft_id.name,
                )
            )
        return result
