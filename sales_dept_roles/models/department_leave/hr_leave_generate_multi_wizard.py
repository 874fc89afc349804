from odoo import models


class HrLeaveGenerateMultiWizard(models.TransientModel):
    _inherit = "hr.leave.generate.multi.wizard"

    def _prepare_employees_holiday_values(self, employees, date_from_tz, date_to_tz):
        """What is generated for the sales department's employees is a request, whoever generates it."""
        vals_list = super()._prepare_employees_holiday_values(employees, date_from_tz, date_to_tz)
        department_ids = set(employees._filter_sales_department().ids)
        return [{**vals, "state": "confirm"} if vals["employee_id"] in department_ids else vals for vals in vals_list]
