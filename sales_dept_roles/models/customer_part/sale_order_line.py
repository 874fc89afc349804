from odoo import api, fields, models
from odoo.tools import SQL


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    customer_part_number = fields.Char(
        "Customer's Part No.", compute="_compute_customer_part", compute_sudo=True, help="How the customer calls it."
    )
    customer_part_name = fields.Char("Customer's Name of It", compute="_compute_customer_part", compute_sudo=True)

    @api.depends("product_id", "order_id.partner_id", "company_id")
    def _compute_customer_part(self):
        """As it is kept now; papers that are made of the line take it over."""
        found = self._find_customer_parts()
        for number, line in enumerate(self):
            part_number, name, specification = found.get(number, (False, False, False))
            line.customer_part_number = part_number
            line.customer_part_name = ", ".join(filter(None, [name, specification])) or False

    def _find_customer_parts(self):
        """Return ``{position in self: (number, name, specification)}``, of all lines by one query."""
        customers = {order.id: order.partner_id.commercial_partner_id._origin.id for order in self.order_id}
        asked = {}
        for number, line in enumerate(self):
            customer, product = customers.get(line.order_id.id), line.product_id._origin.id
            if customer and product:
                asked.setdefault((customer, product, (line.company_id or self.env.company).id), []).append(number)
        if not asked:
            return {}
        Part = self.env["sales.customer.part"]
        Part._flush_known()
        columns = (SQL("asked.customer_id"), SQL("asked.product_id"), SQL("asked.company_id"))
        rows = self.env.execute_query(
            SQL(
                "SELECT %s, found.* FROM unnest(%s, %s, %s) asked (customer_id, product_id, company_id) "
                "CROSS JOIN LATERAL (%s) found",
                SQL(", ").join(columns),
                *(list(ids) for ids in zip(*asked, strict=True)),
                Part._found_sql(*columns),
            )
        )
        return {number: (code, name, text) for *key, code, name, text in rows for number in asked[tuple(key)]}
