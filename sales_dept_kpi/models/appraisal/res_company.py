from odoo import fields, models

MOST_POINTS = 1000


class ResCompany(models.Model):
    _inherit = "res.company"

    sales_dept_appraisal_kpi_weight = fields.Float(
        "Appraisal: Weight of KPIs",
        default=70,
        help="Beside the weight of the rating; the two may add up to anything.",
    )
    sales_dept_appraisal_rating_weight = fields.Float("Appraisal: Weight of the Rating", default=30)
    sales_dept_appraisal_cap = fields.Integer(
        "Appraisal: Most Points of a KPI",
        default=120,
        help="A KPI that just reaches its threshold brings 100 points, one that goes beyond it more, up to these.",
    )

    _sales_dept_appraisal_weights_positive = models.Constraint(
        "CHECK (sales_dept_appraisal_kpi_weight >= 0 AND sales_dept_appraisal_rating_weight >= 0 AND "
        "sales_dept_appraisal_kpi_weight + sales_dept_appraisal_rating_weight > 0)",
        "The weights of an appraisal are 0 or more, and one of them is more than 0.",
    )
    _sales_dept_appraisal_cap_in_bounds = models.Constraint(
        f"CHECK (sales_dept_appraisal_cap BETWEEN 100 AND {MOST_POINTS})",
        f"A KPI brings at most 100 points or more, up to {MOST_POINTS}: 100 are those of its threshold.",
    )
