from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sales_dept_tax_invoices = fields.Boolean(related="company_id.sales_dept_tax_invoices", readonly=False)
