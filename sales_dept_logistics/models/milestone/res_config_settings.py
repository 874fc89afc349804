from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sales_dept_milestones = fields.Boolean(related="company_id.sales_dept_milestones", readonly=False)
    sales_dept_milestone_supply = fields.Selection(related="company_id.sales_dept_milestone_supply", readonly=False)
    sales_dept_milestone_production_days = fields.Integer(
        related="company_id.sales_dept_milestone_production_days", readonly=False
    )
    sales_dept_milestone_inspection_days = fields.Integer(
        related="company_id.sales_dept_milestone_inspection_days", readonly=False
    )
    sales_dept_milestone_transit_days = fields.Integer(
        related="company_id.sales_dept_milestone_transit_days", readonly=False
    )
