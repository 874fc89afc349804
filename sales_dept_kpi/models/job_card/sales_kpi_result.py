from odoo import models
from odoo.fields import Domain


class SalesKpiResult(models.Model):
    _inherit = "sales.kpi.result"

    def _same_domain(self):
        # What is nobody's is one of them.
        people = [*self.user_id.ids, *([] if all(result.user_id for result in self) else [False])]
        return super()._same_domain() & Domain("user_id", "in", people)

    def _series_key(self):
        return *super()._series_key(), self.user_id.id
