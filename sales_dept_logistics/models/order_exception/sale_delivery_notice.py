from odoo import models


class SaleDeliveryNotice(models.Model):
    _inherit = "sale.delivery.notice"

    def _sign_for(self, values, received):
        """What the customer did not receive as it left is an exception of its order line."""
        result = super()._sign_for(values, received)
        notice = self.sudo()
        if notice.company_id.sales_dept_order_exceptions:
            self.env["sale.order.exception"]._open_found(
                [vals for line in notice.line_ids.filtered("is_short") for vals in line._prepare_exception_values()]
            )
        return result
