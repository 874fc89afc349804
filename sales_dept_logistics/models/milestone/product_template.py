from odoo import api, fields, models

from .res_company import SUPPLY


class ProductTemplate(models.Model):
    _inherit = "product.template"

    milestone_supply = fields.Selection(
        SUPPLY,
        string="Milestones",
        help="Which milestones orders of these goods pass. Empty: as their routes, bills of materials and suppliers "
        "say, else as the company has it.",
    )
    has_milestones = fields.Boolean(compute="_compute_has_milestones")

    @api.depends_context("company")
    def _compute_has_milestones(self):
        self.has_milestones = self.env.company.sales_dept_milestones
