from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sales_dept_appraisal_kpi_weight = fields.Float(related="company_id.sales_dept_appraisal_kpi_weight", readonly=False)
    sales_dept_appraisal_rating_weight = fields.Float(
        related="company_id.sales_dept_appraisal_rating_weight", readonly=False
    )
    sales_dept_appraisal_cap = fields.Integer(related="company_id.sales_dept_appraisal_cap", readonly=False)
