from odoo import models

from .scores import exact


class SalesKpiResult(models.Model):
    _inherit = "sales.kpi.result"

    def _summands(self):
        """The results `self` as :func:`combined` takes them; a person's credit beside it counts for them."""
        return [
            (
                exact(result.numerator) + exact(result.overlay),
                exact(result.denominator),
                exact(result.threshold) if result.threshold else None,
            )
            for result in self
        ]
