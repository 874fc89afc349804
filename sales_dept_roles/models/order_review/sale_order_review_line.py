from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..clock.bounds import check_dates


class SaleOrderReviewLine(models.Model):
    """A line of the order as the departments see it, with the date that production promises."""

    _name = "sale.order.review.line"
    _description = "Order Review Line"
    _order = "review_id, sequence, id"
    _check_company_auto = True

    review_id = fields.Many2one("sale.order.review", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="review_id.company_id", store=True, index=True)
    order_line_id = fields.Many2one("sale.order.line", required=True, readonly=True, ondelete="cascade", index=True)
    sequence = fields.Integer(readonly=True)
    # Of the order's line, which departments may not open.
    product_id = fields.Many2one(related="order_line_id.product_id")
    name = fields.Text(related="order_line_id.name", string="Description")
    customer_part_number = fields.Char(related="order_line_id.customer_part_number")
    product_uom_qty = fields.Float(related="order_line_id.product_uom_qty", string="Quantity")
    product_uom_id = fields.Many2one(related="order_line_id.product_uom_id", string="Unit")
    currency_id = fields.Many2one(related="order_line_id.currency_id")
    price_subtotal = fields.Monetary(
        related="order_line_id.price_subtotal",
        groups="sales_team.group_sale_salesman,sales_dept_roles.group_finance_verifier",
    )
    wanted_date = fields.Date("Wanted On", readonly=True)
    promised_date = fields.Date("Promised For")
    is_later = fields.Boolean(compute="_compute_is_later", help="Promised for later than wanted.")
    qty_available = fields.Float("On Hand", compute="_compute_quantities", digits="Product Unit")
    incoming_qty = fields.Float("Incoming", compute="_compute_quantities", digits="Product Unit")
    free_qty = fields.Float(
        "Free", compute="_compute_quantities", digits="Product Unit", help="On hand and not reserved for other orders."
    )
    margin = fields.Monetary(
        compute="_compute_margin",
        groups="sales_dept_roles.group_finance_verifier,sales_dept_roles.group_general_manager",
    )

    @api.depends("wanted_date", "promised_date")
    def _compute_is_later(self):
        for line in self:
            line.is_later = bool(line.wanted_date and line.promised_date and line.promised_date > line.wanted_date)

    @api.depends("product_id", "product_uom_id")
    def _compute_quantities(self):
        """Stock of the company of the order, in the line's unit; departments have no rights on stock."""
        for company, lines in self.grouped("company_id").items():
            products = lines.product_id.sudo().with_company(company).with_context(allowed_company_ids=company.ids)
            quantities = {
                product.id: (product.qty_available, product.incoming_qty, product.free_qty) for product in products
            }
            for line in lines.sudo():
                in_stock = quantities.get(line.product_id.id, (0.0, 0.0, 0.0))
                line.qty_available, line.incoming_qty, line.free_qty = line.product_uom_id._of_product(
                    line.product_id, in_stock
                )

    @api.depends("price_subtotal", "product_uom_qty", "product_id")
    def _compute_margin(self):
        for line in self.sudo():
            product = line.product_id.with_company(line.company_id)
            quantity = line.product_uom_id._compute_quantity(line.product_uom_qty, product.uom_id, round=False)
            cost = line.company_id.currency_id._convert(
                product.standard_price * quantity,
                line.currency_id,
                line.company_id,
                line.order_line_id.order_id.date_order or line.company_id._local_today(),
            )
            line.margin = line.price_subtotal - cost

    def _follow_order_line(self):
        """Take over what the customer wants now; a promise that was the wish goes with it."""
        self.ensure_one()
        order_line = self.order_line_id
        if self.wanted_date != order_line.wanted_date:
            if self.promised_date == self.wanted_date:
                self.promised_date = order_line.wanted_date
            self.wanted_date = order_line.wanted_date
        if self.sequence != order_line.sequence:
            self.sequence = order_line.sequence

    @api.constrains("promised_date")
    def _check_dates(self):
        check_dates(self, "promised_date")

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        self._check_may_change({"review_id"})
        return super().create(vals_list)

    def write(self, vals):
        self._check_may_change(vals.keys())
        return super().write(vals)

    def unlink(self):
        self._check_may_change({"review_id"})
        return super().unlink()

    def _check_may_change(self, names):
        """Lines come from the order; production enters its promises while it is asked."""
        if self.env.su:
            return
        if set(names) - {"promised_date"} or not self:
            raise AccessError(self.env._("The lines of a review are those of the order: change them there."))
        if not all(self.review_id.mapped("can_promise")):
            raise AccessError(self.env._("Dates are promised by production, while its opinion on the review is asked."))
