from odoo import api, models


class SurveyUserInputLine(models.Model):
    """What a customer answered stays as it is, whoever asks: it counts for somebody."""

    _inherit = "survey.user_input.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.user_input_id._check_not_counted()
        return lines

    def write(self, vals):
        self.user_input_id._check_not_counted()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_counted(self):
        self.user_input_id._check_not_counted()

    def _satisfaction_text(self):
        """What was written, if anything."""
        self.ensure_one()
        return self.value_text_box or self.value_char_box
