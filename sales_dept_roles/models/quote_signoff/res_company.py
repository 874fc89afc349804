from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    sales_dept_quote_signoff = fields.Selection(
        [
            ("off", "Off"),
            ("rule", "By rule"),
            ("all", "Every quotation"),
        ],
        string="Quote Sign-off",
        default="off",
        help="Quotations are neither sent, printed for the customer, paid nor confirmed before they are signed off. "
        "By rule: those that meet the condition of an approval flow. Every quotation: those, and the rest by the flow "
        "that has no condition.",
    )

    def write(self, vals):
        policies = {company: company.sales_dept_quote_signoff for company in self}
        result = super().write(vals)
        changed = self.filtered(lambda company: company.sales_dept_quote_signoff != policies[company])
        if changed:
            self.env["sale.order"]._quote_signoff_recompute_released(changed)
        return result

    def _sales_dept_handbook_values(self):
        return {**super()._sales_dept_handbook_values(), "sales_dept_quote_signoff": "all"}
