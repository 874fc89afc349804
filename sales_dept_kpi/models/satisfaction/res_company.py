from odoo import fields, models

MOST_DAYS = 730
LIMIT_HELP = "An answer below it opens a customer issue; 0: none does."


class ResCompany(models.Model):
    _inherit = "res.company"

    sales_dept_satisfaction_sending = fields.Selection(
        [("off", "By Hand Only"), ("delivery", "After Deliveries"), ("quarter", "Each Quarter")],
        string="Satisfaction Surveys",
        required=True,
        default="off",
    )
    sales_dept_satisfaction_survey_id = fields.Many2one(
        "survey.survey",
        "Satisfaction Survey",
        domain="[('sales_dept_is_satisfaction', '=', True)]",
        help="Empty: the one that is shipped.",
    )
    sales_dept_satisfaction_delay = fields.Integer("Days After the Delivery", default=7)
    sales_dept_satisfaction_interval = fields.Integer(
        "Days Between Surveys", default=90, help="Nobody is asked again before, on no way; 0: no limit."
    )
    sales_dept_satisfaction_open_days = fields.Integer("Days to Answer", default=30)
    sales_dept_satisfaction_function = fields.Selection(
        selection=lambda self: self.env["res.partner"]._fields["customer_file_function"].selection,
        string="Whom to Ask",
        default="purchasing",
        help="Who is responsible for this at the customer's; where there is nobody, the contact of the order.",
    )
    sales_dept_satisfaction_limit_quotation = fields.Integer("Limit: Quotation", default=60, help=LIMIT_HELP)
    sales_dept_satisfaction_limit_technical = fields.Integer("Limit: Technical Support", default=60, help=LIMIT_HELP)
    sales_dept_satisfaction_limit_quality = fields.Integer("Limit: Quality", default=60, help=LIMIT_HELP)
    sales_dept_satisfaction_limit_delivery = fields.Integer("Limit: Delivery Date", default=60, help=LIMIT_HELP)
    sales_dept_satisfaction_limit_logistics = fields.Integer("Limit: Logistics", default=60, help=LIMIT_HELP)

    _sales_dept_satisfaction_days_in_bounds = models.Constraint(
        f"CHECK (sales_dept_satisfaction_delay BETWEEN 0 AND {MOST_DAYS}"
        f" AND sales_dept_satisfaction_interval BETWEEN 0 AND {MOST_DAYS}"
        f" AND sales_dept_satisfaction_open_days BETWEEN 1 AND {MOST_DAYS})",
        f"Satisfaction surveys: delays and intervals are 0 to {MOST_DAYS} days, and customers have at least one day "
        "to answer.",
    )
    _sales_dept_satisfaction_limits_in_bounds = models.Constraint(
        "CHECK (sales_dept_satisfaction_limit_quotation BETWEEN 0 AND 100"
        " AND sales_dept_satisfaction_limit_technical BETWEEN 0 AND 100"
        " AND sales_dept_satisfaction_limit_quality BETWEEN 0 AND 100"
        " AND sales_dept_satisfaction_limit_delivery BETWEEN 0 AND 100"
        " AND sales_dept_satisfaction_limit_logistics BETWEEN 0 AND 100)",
        "Satisfaction surveys: the limits below which an issue is opened are scores, 0 to 100.",
    )

    def _satisfaction_survey(self):
        """The survey that the company's customers are asked with, as superuser; empty where it was deleted."""
        self.ensure_one()
        shipped = self.env.ref("sales_dept_kpi.survey_satisfaction", raise_if_not_found=False)
        return self.sudo().sales_dept_satisfaction_survey_id or (shipped or self.env["survey.survey"]).sudo()
