from odoo import models


class SalesKpiFigureMixin(models.AbstractModel):
    _inherit = "sales.kpi.figure.mixin"

    def _prepare_report_figure_values(self):
        """Values of a monthly report's figure, as this one stands now."""
        self.ensure_one()
        return {
            "kpi_id": self.kpi_id.id,
            "name": self.kpi_id.name,
            "sequence": self.sequence,
            "measure": self.measure,
            "unit": self.unit,
            # As it is judged: with the credit that is not counted for the company.
            "numerator": self._reached(),
            "denominator": self.denominator,
            "value": self.value,
            "has_value": self.has_value,
            "threshold": self.threshold,
            "has_threshold": bool(self.threshold),
            "verdict": self.verdict,
            "computed_date": self._of_total().computed_date,
        }

    def _of_total(self):
        """The department's figure with which this one is computed."""
        return self
