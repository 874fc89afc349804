from odoo import models


class SalesDeptPolicies(models.AbstractModel):
    """Where the policies of companies begin: each feature that brings one extends it on ``res.company``.

    A parent of that model, so that no feature has to be loaded before the others.
    """

    _name = "sales.dept.policies"
    _description = "Policies of the Sales Department"

    def _sales_dept_handbook_values(self):
        """The policies as the handbook has them. Each feature that brings a policy adds its own."""
        return {}
