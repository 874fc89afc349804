from odoo import api, models
from odoo.fields import Domain

# What Odoo hides of a private meeting on reading, and what may be asked for by searching.
PRIVATE = {
    "agenda",
    "minutes",
    "minutes_taken_by_id",
    "minutes_shared_date",
    "previous_meeting_id",
    "follow_up_ids",
    "carried_activity_ids",
}


class CalendarEvent(models.Model):
    """Nobody finds out letter by letter what they may not read."""

    _inherit = "calendar.event"

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, active_test=True, bypass_access=False):
        if not self.env.su:
            domain = self._only_what_is_read(Domain(domain), order or "")
        return super()._search(domain, offset, limit, order, active_test=active_test, bypass_access=bypass_access)

    @api.model
    def _private_names(self):
        """Return the names of the fields that nobody asks a private event of others for, not even by searching."""
        return PRIVATE

    @api.model
    def _only_what_is_read(self, domain, order):
        """Return `domain`, where conditions on private fields hold for meetings only that the user may read."""
        private = self._private_names()

        def is_private(path):
            return path.split(".")[0].split(":")[0] in private

        by_order = any(is_private(part.split()[0]) for part in order.split(",") if part.strip())
        if not by_order and not any(is_private(condition.field_expr) for condition in domain.iter_conditions()):
            return domain
        readable = Domain(self._get_default_privacy_domain()) | Domain(
            "partner_ids", "in", self.env.user.partner_id.ids
        )
        restricted = domain.map_conditions(
            lambda condition: condition & readable if is_private(condition.field_expr) else condition
        )
        return restricted & readable if by_order else restricted
