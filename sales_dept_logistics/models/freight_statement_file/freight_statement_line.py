from odoo import models


class FreightStatementLine(models.Model):
    """What could not be read of a row is written by hand."""

    _inherit = "freight.statement.line"

    def _is_as_it_came(self):
        return super()._is_as_it_came() and not self.row_id.is_flagged
