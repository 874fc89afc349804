from odoo import api, models


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model
    def _gate_rail_policies(self):
        """Fields of the policies of which a gate stands on the way of orders: where none is on, there is no rail."""
        return self._sales_dept_order_policies()

    def _has_gate_rail(self):
        """Whether orders of one of the companies `self` have a rail."""
        policies = self._gate_rail_policies()
        return any(company[name] not in (False, "off") for company in self.sudo() for name in policies)
