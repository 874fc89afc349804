from odoo import models

from odoo.addons.base.models import ir_actions_report


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _get_rendering_context(self, report, docids, data):
        """Tell papers whether this build of wkhtmltopdf cuts rows of tables in two."""
        data = super()._get_rendering_context(report, docids, data)
        data["cuts_rows"] = not ir_actions_report._wkhtml().is_patched_qt
        return data
