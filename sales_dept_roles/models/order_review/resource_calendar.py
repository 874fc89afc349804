from odoo import models


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def _working_days_changed(self):
        result = super()._working_days_changed()
        if self:
            self.env["sale.order.review"]._recompute_open_deadlines(self)
        return result
