from odoo import models


class SalesKpiResult(models.Model):
    _inherit = "sales.kpi.result"

    def _prepare_report_figure_values(self):
        """Values of a monthly report's figure, as the result stands now."""
        self.ensure_one()
        return {
            "kpi_id": self.kpi_id.id,
            "user_id": self.user_id.id,
            "name": self.kpi_id.name,
            "sequence": self.sequence,
            "measure": self.measure,
            "unit": self.unit,
            # As it is judged: with the credit that is not counted for the company.
            "numerator": self.numerator + self.overlay,
            "denominator": self.denominator,
            "value": self.value,
            "has_value": self.has_value,
            "threshold": self.threshold,
            "has_threshold": bool(self.threshold),
            "verdict": self.verdict,
        }
