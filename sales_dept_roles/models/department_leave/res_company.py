from odoo import fields, models
from odoo.fields import Domain


class ResCompany(models.Model):
    _inherit = "res.company"

    sales_dept_department_id = fields.Many2one(
        "hr.department",
        string="Sales Department",
        domain="['|', ('company_id', '=', False), ('company_id', '=', id)]",
        help="The department, with those below it, whose leave and positions the sales director decides on.",
    )
    sales_dept_leave = fields.Boolean(
        "Department Leave",
        help="Leave of the sales department's employees is validated by the signatures of its approval flow only.",
    )

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"sales_dept_leave", "sales_dept_department_id"}:
            leaves = (
                self.env["hr.leave"]
                .sudo()
                .search(Domain("company_id", "in", self.ids) & Domain("state", "in", ("confirm", "validate1")))
            )
            leaves._department_leave_follow()
        return result

    def _sales_dept_handbook_values(self):
        return {**super()._sales_dept_handbook_values(), "sales_dept_leave": True}
