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
        asked = [
            (number, line.order_id.partner_id.commercial_partner_id._origin.id, line.product_id._origin.id, company.id)
            for number, line in enumerate(self)
            if line.product_id._origin and line.order_id.partner_id and (company := line.company_id or self.env.company)
        ]
        if not asked:
            return {}
        Part = self.env["sales.customer.part"]
        Part._flush_known()
        columns = (SQL("asked.customer_id"), SQL("asked.product_id"), SQL("asked.company_id"))
        rows = self.env.execute_query(
            SQL(
                "SELECT asked.number, found.* FROM (VALUES %s) asked (number, customer_id, product_id, company_id) "
                "CROSS JOIN LATERAL (%s) found",
                SQL(", ").join(SQL("(%s, %s, %s, %s)", *row) for row in asked),
                Part._found_sql(*columns),
            )
        )
        return {number: words for number, *words in rows}
