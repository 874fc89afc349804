from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        """The form with which customers sign for goods speaks their language."""
        return [*super()._get_translation_frontend_modules_name(), "sales_dept_logistics"]
