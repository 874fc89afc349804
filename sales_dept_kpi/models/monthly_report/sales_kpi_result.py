from odoo import models


class SalesKpiResult(models.Model):
    _inherit = "sales.kpi.result"

    def _prepare_report_figure_values(self):
        return {**super()._prepare_report_figure_values(), "user_id": self.user_id.id}

    def _of_total(self):
        return self.total_id
