from odoo import models


class SalesKpiTotal(models.Model):
    _inherit = "sales.kpi.total"

    def _prepare_report_figure_values(self):
        """Values of a figure of the department's monthly report, as the total stands now."""
        self.ensure_one()
        return {
            "kpi_id": self.kpi_id.id,
            "name": self.kpi_id.name,
            "sequence": self.sequence,
            "measure": self.measure,
            "unit": self.unit,
            "numerator": self.numerator,
            "denominator": self.denominator,
            "value": self.value,
            "has_value": self.has_value,
            "threshold": self.threshold,
            "has_threshold": bool(self.threshold),
            "verdict": self.verdict,
        }
