from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sales_dept_starting_role_ids = fields.Many2many(
        "sales.dept.role", string="Posts That Start with My Duties", default=lambda self: self._starting_roles()
    )

    @api.model
    def _starting_roles(self):
        return self.env["sales.dept.role"].search([("starts_with_duties", "=", True)])

    def set_values(self):
        before = self._starting_roles()
        (self.sales_dept_starting_role_ids - before).starts_with_duties = True
        (before - self.sales_dept_starting_role_ids).starts_with_duties = False
        return super().set_values()
