from odoo import models


class SalesKpiTotal(models.Model):
    _inherit = "sales.kpi.total"

    def _compute_figures(self):
        """Of a month that is over, a KPI that counts how things stand keeps what it counted last."""
        self.ensure_one()
        if self._is_standing() and self.month_id.is_over and self.computed_date:
            return
        super()._compute_figures()

    def _is_as_of(self, moment):
        return super()._is_as_of(False if self._is_standing() else moment)

    def _is_comparable(self):
        """How things stood in a month that is over nobody can tell any more."""
        return super()._is_comparable() and not (self._is_standing() and self.month_id.is_over)

    def _is_standing(self):
        source = self.kpi_id.source
        return bool(source) and self.env["sales.kpi.source"]._kpi_of(source)._kpi_is_standing
