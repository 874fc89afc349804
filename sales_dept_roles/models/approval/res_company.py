from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _sales_dept_handbook_values(self):
        """The policies as the handbook has them. Each feature that brings a policy adds its own."""
        return {}

    def _sales_dept_off_values(self):
        """The policies as they are before anybody switches one on."""
        return {
            name: "off" if self._fields[name].type == "selection" else False
            for name in self._sales_dept_handbook_values()
        }

    def action_sales_dept_apply_handbook(self):
        """Switch on every policy of the department, as the handbook has it."""
        self.check_access("write")
        self.write(self._sales_dept_handbook_values())
        return True
