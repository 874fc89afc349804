from odoo import models


class SalesKpiSource(models.AbstractModel):
    _inherit = "sales.kpi.source"

    # It counts how things stand, which nobody can tell afterwards: once the month is over, what was counted last in
    # it stays.
    _kpi_is_standing = False
