from odoo import api, fields, models
from odoo.tools import format_date

from ..approval.glance import Fact
from ..clock.bounds import check_dates
from ..telling.quantity_text import quantity_text


class SaleRushRequestLine(models.Model):
    """An order line that is asked for earlier than it was promised."""

    _name = "sale.rush.request.line"
    _description = "Rush Request Line"
    _inherit = ["sale.rush.request.abstract"]

    quantity = fields.Float(
        "Urgent Quantity",
        compute="_compute_quantity",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        digits="Product Unit",
    )
    promised_date = fields.Date(
        "Promised For",
        compute="_compute_promised_date",
        store=True,
        precompute=True,
        help="What the line was promised or planned for when the request was made.",
    )
    wanted_date = fields.Date("Wanted On", required=True, help="When the customer wants it now.")
    feasible_date = fields.Date(
        "Production Can Promise",
        readonly=True,
        copy=False,
        help="Given by production while it judges the request. Empty: the wanted date is met.",
    )
    approval_state = fields.Selection(related="request_id.approval_state", store=True, copy=False)
    on_hand_quantity = fields.Float("On Hand", compute="_compute_stock", digits="Product Unit")
    incoming_quantity = fields.Float("Incoming", compute="_compute_stock", digits="Product Unit")

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "The quantity that is wanted urgently has to be more than 0. Or take the line out."
    )
    _line_once = models.UniqueIndex(
        "(request_id, sale_line_id)", "An order line stands on a rush request once: add up the quantities."
    )
    # Also what stops two people from asking for the same line at the same moment.
    _waiting_once = models.UniqueIndex(
        "(sale_line_id) WHERE approval_state = 'pending'",
        "An order line of this request waits in another rush request already.",
    )

    @api.depends("sale_line_id")
    def _compute_quantity(self):
        for line in self:
            line.quantity = line.open_quantity or line.quantity

    @api.depends("sale_line_id")
    def _compute_promised_date(self):
        for line in self:
            line.promised_date = line.sale_line_id and line.sale_line_id.sudo()._planned_date()

    @api.depends("product_id", "sale_line_id.order_id.warehouse_id")
    def _compute_stock(self):
        self.on_hand_quantity = self.incoming_quantity = 0.0
        # Departments without rights on stock judge by these figures.
        for warehouse, lines in self.sudo().grouped(lambda line: line.sale_line_id.order_id.warehouse_id).items():
            products = lines.product_id.with_context(warehouse_id=warehouse.id)
            stock = {product.id: product for product in products.with_company(warehouse.company_id)}
            for line in lines.filtered("product_id"):
                product = stock[line.product_id._origin.id or line.product_id.id]
                line.on_hand_quantity, line.incoming_quantity = line.uom_id._of_product(
                    line.product_id, (product.qty_available, product.incoming_qty)
                )

    @api.constrains("wanted_date", "feasible_date")
    def _check_dates(self):
        check_dates(self, "wanted_date", "feasible_date")

    # === CRUD === #

    @api.model
    def _typed_fields(self):
        return super()._typed_fields() | {"quantity", "wanted_date"}

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.request_id._propose_affected(lines)
        return lines

    def unlink(self):
        requests = self.request_id
        result = super().unlink()
        requests._drop_unaffected()
        return result

    # === RULES === #

    def _sale_line_error_message(self):
        line = self.sale_line_id.sudo()
        if line.order_id != self.request_id.order_id:
            # The line is not named: whoever gives its number need not be one who may read it.
            return self.env._(
                "A rush request speaks of one order: choose lines of %(order)s only.",
                order=self.request_id.order_id.sudo().name,
            )
        if line.display_type or line.is_downpayment:
            return self.env._("%(line)s is nothing that is delivered: take it out.", line=line.display_name)
        return super()._sale_line_error_message()

    def _submit_error_message(self):
        """Return why this line cannot be asked for now, or False."""
        self.ensure_one()
        line = self.sale_line_id.sudo()
        name = line.display_name
        if not line._is_undelivered():
            return self.env._("%(line)s is delivered already: take it out of the request.", line=name)
        if line.product_uom_id.compare(self.quantity, self.open_quantity) > 0:
            return self.env._(
                "%(line)s: %(wanted)s are wanted urgently, but only %(open)s are still to be delivered.",
                line=name,
                wanted=quantity_text(self.env, self.quantity),
                open=quantity_text(self.env, self.open_quantity),
            )
        if self.wanted_date < self.company_id._local_today():
            return self.env._("%(line)s: the wanted date lies in the past.", line=name)
        if self.promised_date and self.wanted_date >= self.promised_date:
            return self.env._(
                "%(line)s is promised for %(promised)s: nothing has to be rushed for %(wanted)s.",
                line=name,
                promised=format_date(self.env, self.promised_date),
                wanted=format_date(self.env, self.wanted_date),
            )
        return False

    def _granted_date(self):
        """The date that a grant promises."""
        self.ensure_one()
        return self.feasible_date or self.wanted_date

    def _dates_text(self):
        """The lines `self` and what a grant promises for each, in one sentence."""
        return "; ".join(
            f"{line.product_id.display_name}: {format_date(line.env, line._granted_date())}" for line in self
        )

    # === AT A GLANCE === #

    def _glance_fact(self):
        self.ensure_one()
        quantity = f"{quantity_text(self.env, self.quantity)} {self.uom_id.name}"
        return Fact(
            f"{self.product_id.display_name}, {quantity}",
            format_date(self.env, self.wanted_date),
            before=format_date(self.env, self.promised_date) if self.promised_date else "",
            tone="warning",
        )
