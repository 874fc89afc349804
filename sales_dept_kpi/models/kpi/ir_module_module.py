from odoo import models

OWN = "sales_dept_kpi"


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    def module_uninstall(self):
        names = self.mapped("name")
        if OWN not in names:
            self.env["sales.kpi"]._retire(names)
        return super().module_uninstall()
