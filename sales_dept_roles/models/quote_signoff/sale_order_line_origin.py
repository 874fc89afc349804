from odoo import api, fields, models

from ..protected_results.client_context import without_defaults
from .origin import DOWN_PAYMENT, EXPENSE, FLAGS, SystemOrigin

ORIGIN = {"system_origin"}
# What a line costs, or what it is that costs it.
PRICED = {"order_id", "product_id", "product_uom_id", "product_uom_qty", "price_unit", "discount", "tax_ids"}
PRICED |= {"extra_tax_data"}


class SaleOrderLine(models.Model):
    """What Odoo's own processes put on an order is no new term; what says so is where the line came from.

    Odoo marks re-invoiced expenses and down payments with flags, which any client may write. They exempt
    nothing: `system_origin` does, which the processes set when they make the line, and which is lost when
    staff changes what the line costs.
    """

    _inherit = "sale.order.line"

    system_origin = fields.Selection(
        [(str(EXPENSE), "Re-invoiced Expense"), (str(DOWN_PAYMENT), "Down Payment")],
        readonly=True,
        copy=False,
        help="Which process of the system made the line, as long as staff has not changed what it costs.",
    )

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | ORIGIN | FLAGS.keys()

    def _refused_fields(self, names):
        """Processes of the system make lines with them as whoever is at work: new ones are looked at by themselves."""
        refused = super()._refused_fields(names)
        if self.env.su or not self:
            return refused - ORIGIN - FLAGS.keys()
        return refused if self.sudo().order_id.company_id._holds_orders() else refused - FLAGS.keys()

    @api.model_create_multi
    def create(self, vals_list):
        # Processes run with the context of the client that set them off.
        self = without_defaults(self, ORIGIN | FLAGS.keys())
        lines = super().create([{**vals, "system_origin": self._origin_of(vals)} for vals in vals_list])
        if not self.env.su:
            lines.filtered(lambda line: not line.system_origin)._refuse_flags()
        return lines

    @api.model
    def _origin_of(self, vals):
        """Return the origin of a line that is made with `vals`, or False for a line like any other."""
        origin = vals.get("system_origin")
        if isinstance(origin, SystemOrigin):
            return str(origin)
        if not self.env.su:
            self._refuse_protected(ORIGIN if origin else ())
            return False
        return next((str(made_by) for flag, made_by in FLAGS.items() if vals.get(flag)), False)

    def _refuse_flags(self):
        """:raises AccessError: when a client marked one of the new lines `self` as the system's own"""
        for line in self.sudo():
            if line.order_id.company_id.sales_dept_holds_orders:
                self._refuse_protected({flag for flag in FLAGS if line[flag]})

    def write(self, vals):
        result = super().write(vals)
        if not self.env.su:
            lost = self.sudo().filtered(lambda line: line.system_origin and not line._keeps_origin(vals))
            lost.system_origin = False
        return result

    def _keeps_origin(self, vals):
        """Whether the line is still what the system made it, after somebody wrote `vals`."""
        written = (PRICED | {"name"}) & vals.keys()
        if self.system_origin == EXPENSE:
            return not written
        # Its invoice, when it is posted or cancelled, brings the line to what was invoiced, as the user at work.
        followed = {
            "name": lambda: self.with_context(lang=self.order_id._get_lang())._get_downpayment_description(),
            "price_unit": lambda: self._get_downpayment_line_price_unit(self._final_invoices()),
            "tax_ids": lambda: self.invoice_lines.tax_ids,
        }
        return all(name in followed and self[name] == followed[name]() for name in written)

    def _final_invoices(self):
        """The invoices of the order's other lines, from which its down payments are deducted."""
        others = self.order_id.order_line.filtered(lambda line: not line.is_downpayment)
        return set(others.invoice_lines.move_id)

    def _become_offer(self):
        """Expenses among `self` are offered with all the rest: their order became a quotation again."""
        self.filtered(lambda line: line.system_origin == EXPENSE)._write_protected({"system_origin": False})

    def copy_data(self, default=None):
        """A copied line is nothing that a bill put there."""
        vals_list = super().copy_data(default=default)
        for line, vals in zip(self, vals_list, strict=True):
            if "is_expense" not in (default or {}) and line.company_id.sudo().sales_dept_holds_orders:
                vals.pop("is_expense", None)
        return vals_list

    def _filter_no_terms(self):
        """Those of `self` that are no terms; hardly ever any."""
        return self.filtered("system_origin").filtered(lambda line: line._is_no_term())

    def _is_no_term(self):
        """Whether the line was added by the system, and what it costs was agreed on elsewhere."""
        self.ensure_one()
        return self.system_origin == EXPENSE or (self.system_origin == DOWN_PAYMENT and not self.product_uom_qty)
