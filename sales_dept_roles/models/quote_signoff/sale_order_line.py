from odoo import api, fields, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    quote_section = fields.Char(
        "Section",
        compute="_compute_quote_section",
        help="The headings above the line. What stands under “Options” is another offer than under “Scope of supply”.",
    )

    # Odoo's own `parent_id` says the same, but depends on nothing, so a cached one may be out of date.
    @api.depends("order_id.order_line.sequence", "order_id.order_line.display_type", "order_id.order_line.name")
    def _compute_quote_section(self):
        self.quote_section = False
        for lines in self.order_id.mapped("order_line").grouped("order_id").values():
            # Most offers have no headings.
            if not any(line.display_type for line in lines):
                continue
            section = subsection = False
            for line in lines.sorted("sequence"):
                if line.display_type == "line_section":
                    section, subsection = line.name, False
                elif line.display_type == "line_subsection":
                    subsection = line.name
                elif line in self:
                    line.quote_section = " › ".join(filter(None, [section, subsection])) or False

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._note_staff_edit()
        return lines

    def write(self, vals):
        if "order_id" in vals:
            self._check_move(vals["order_id"])
        result = super().write(vals)
        if vals.keys() & {"sequence", *self.env["sale.order"]._approval_spec()["order_line"]}:
            self._note_staff_edit()
        if self.env["sale.order"]._quote_signoff_condition_fields():
            self.order_id._quote_signoff_recheck()
        return result

    def _check_move(self, order_id):
        """Lines bring along the prices of the order they come from."""
        if not self.env.user._is_internal():
            # The web shop moves lines as superuser when a customer revives a cart.
            self.order_id.sudo()._check_quote_signoff()
        if not all(self.order_id.mapped("is_web_shop_order")):
            self.env["sale.order"].sudo().browse(order_id)._leave_web_shop()

    def unlink(self):
        orders = self._orders_with_terms()
        result = super().unlink()
        orders.exists()._note_staff_edit()
        return result

    def _note_staff_edit(self):
        self._orders_with_terms()._note_staff_edit()

    def _orders_with_terms(self):
        """Orders whose terms the lines `self` are part of; what the system added is none."""
        return (self - self._filter_no_terms()).order_id
