from odoo import models


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    def _filter_sales_department(self, policy=None):
        """Return the employees of `self` whose leave is signed by the sales department, by their company's policy.

        The department is the one that the company set, with those below it.

        :param bool policy: value supposed in place of the companies' own
        """

        def is_concerned(employee):
            company = employee.company_id
            department = company.sales_dept_department_id
            path = employee.department_id.parent_path or ""
            return (
                (company.sales_dept_leave if policy is None else policy)
                and department
                and path.startswith(department.parent_path)
            )

        return self.filtered(is_concerned)
