from odoo import api, models


class SaleOrder(models.Model):
    """How the customer calls what is offered stands on the quotation, so it is signed with it."""

    _inherit = "sale.order"

    @api.model
    def _quote_terms_line_spec(self):
        return {**super()._quote_terms_line_spec(), "customer_part_number": None, "customer_part_name": None}

    def _follow_customer_parts(self):
        """Bring the stored states of `self` up to date when a customer calls something otherwise.

        Gates read it themselves each time. Reviews, which show the same, follow by the cron.
        """
        self.env["sale.order.line"].invalidate_model(["customer_part_number", "customer_part_name"])
        if self:
            self._approval_recheck_state()
            self.env.ref("sales_dept_roles.ir_cron_approval_recheck").sudo()._trigger()
