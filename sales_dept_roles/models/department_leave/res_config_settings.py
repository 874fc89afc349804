from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sales_dept_leave = fields.Boolean(related="company_id.sales_dept_leave", readonly=False)
    sales_dept_department_id = fields.Many2one(
        related="company_id.sales_dept_department_id",
        readonly=False,
        domain="['|', ('company_id', '=', False), ('company_id', '=', company_id)]",
    )
