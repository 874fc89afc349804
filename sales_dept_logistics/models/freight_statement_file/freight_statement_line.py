from odoo import models


class FreightStatementLine(models.Model):
    """What could not be read of a row is written by hand."""

    _inherit = "freight.statement.line"

    def _is_as_it_came(self):
        return super()._is_as_it_came() and not self.row_id.is_flagged

    def _certain_digits(self):
        self.ensure_one()
        flags = self.row_id.sudo().flags or []
        # A spreadsheet rounded the others.
        found = (flag[5].get("prefix") for flag in flags if flag[0] == "digits_lost")
        return next(found, "") or super()._certain_digits()
