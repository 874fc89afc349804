from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    sales_dept_agreement = fields.Boolean(
        "Agreement or Contract",
        help="Orders are confirmed only for customers with an agreement in force, or with a signed contract of the "
        "order attached to it.",
    )
    sales_dept_agreement_date = fields.Date(
        "Agreement or Contract: Since",
        compute="_compute_sales_dept_agreement_date",
        store=True,
        help="When the rule was switched on. Agreements signed before may be recorded as they are.",
    )

    @api.depends("sales_dept_agreement")
    def _compute_sales_dept_agreement_date(self):
        for company in self:
            since = company.sales_dept_agreement_date or company._local_today()
            company.sales_dept_agreement_date = company.sales_dept_agreement and since

    def _sales_dept_handbook_values(self):
        return {**super()._sales_dept_handbook_values(), "sales_dept_agreement": True}
