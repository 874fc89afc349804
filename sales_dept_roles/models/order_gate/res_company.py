from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    sales_dept_holds_orders = fields.Boolean(
        compute="_compute_sales_dept_holds_orders", help="Whether a policy keeps orders from going their way."
    )

    @api.model
    def _sales_dept_order_policies(self):
        """Fields of the policies that hold quotations or orders: those of the gates that features declared on them."""
        return list(dict.fromkeys(gate.policy for gate in self.env["sale.order"]._gates()))

    @api.depends(lambda self: self._sales_dept_order_policies())
    def _compute_sales_dept_holds_orders(self):
        for company in self:
            policies = (company[name] for name in self._sales_dept_order_policies())
            company.sales_dept_holds_orders = any(policy and policy != "off" for policy in policies)

    def _holds_orders(self):
        """Whether one of the companies `self` has a policy that keeps orders from going their way."""
        return any(self.sudo().mapped("sales_dept_holds_orders"))

    @api.model
    def _gate_rail_policies(self):
        """Fields of the policies of which a gate stands on the way of orders: where none is on, there is no rail."""
        return self._sales_dept_order_policies()

    def _has_gate_rail(self):
        """Whether orders of one of the companies `self` have a rail."""
        policies = self._gate_rail_policies()
        return any(company[name] not in (False, "off") for company in self.sudo() for name in policies)
