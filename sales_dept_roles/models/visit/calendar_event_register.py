from odoo import api, models
from odoo.fields import Domain

from ..register.register_column import RegisterColumn


class CalendarEvent(models.Model):
    _name = "calendar.event"
    _inherit = ["calendar.event", "sales.dept.register.mixin"]

    @api.model
    def _register_title(self):
        return self.env._("Visits")

    @api.model
    def _register_domain(self):
        return Domain("visit_purpose", "!=", False)

    @api.model
    def _register_records(self, ids):
        if ids:
            # Whatever was ticked, events that are no visits do not stand in it, nor private ones of others.
            ids = self.search(Domain("id", "in", ids) & self._register_domain()).ids or [False]
        return super()._register_records(ids)

    @api.model
    def _register_columns(self):
        return [
            "start",
            "visit_partner_id",
            RegisterColumn("user_id", self.env._("Visitor")),
            "visit_kind",
            "visit_purpose",
            "visit_state",
            "visit_contact_ids",
            "visit_product_ids",
            "visit_result",
            "visit_outcome",
            "visit_checkin_date",
            "visit_date",
            "visit_report_date",
            "location",
        ]
