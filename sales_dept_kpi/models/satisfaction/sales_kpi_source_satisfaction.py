from odoo import api, models
from odoo.tools import SQL


class SalesKpiSourceSatisfaction(models.AbstractModel):
    _name = "sales.kpi.source.satisfaction"
    _inherit = "sales.kpi.source"
    _description = "Customer Satisfaction"
    _kpi_measure = "mean"
    _kpi_unit = "points"
    _kpi_threshold = 80
    _kpi_sequence = 40

    @api.model
    def _kpi_explanation(self):
        return {
            "counts": self.env._(
                "The mean score, from 0 to 100, of the satisfaction surveys that customers answered in the month. A "
                "survey's score is the mean of its answers on a scale, of which the worst is 0 and the best 100."
            ),
            "basis": self.env._(
                "Who was responsible for the customer when she was asked, and the day at the company on which she "
                "answered."
            ),
            "exclusions": self.env._(
                "Surveys that were not finished, tests, questions that were not shown or not answered, and remarks. "
                "Where nobody answered there is no verdict."
            ),
        }

    @api.model
    def _kpi_reasons(self):
        return {"satisfied": self.env._("At or above the limits"), "low": self.env._("Below the limit of a subject")}

    @api.model
    def _kpi_evidence_sql(self, period):
        Score = self.env["sales.satisfaction.score"]
        return SQL(
            """
            SELECT invited.sales_dept_user_id AS user_id, 'sales.satisfaction.answer' AS res_model,
                   invited.id AS res_id, CONCAT_WS(' · ', customer.name, NULLIF(contact.name, customer.name)) AS name,
                   %(day)s AS date, given.score AS numerator, 1::numeric AS denominator, 0::numeric AS overlay,
                   0::numeric AS pending, CASE WHEN given.low_count > 0 THEN 'low' ELSE 'satisfied' END AS reason
              FROM survey_user_input invited
              JOIN res_partner customer ON customer.id = invited.sales_dept_partner_id
         LEFT JOIN res_partner contact ON contact.id = invited.partner_id
        CROSS JOIN LATERAL (%(scores)s) given
             WHERE invited.sales_dept_company_id = %(company)s AND invited.state = 'done'
               AND invited.end_datetime >= %(since)s AND invited.end_datetime < %(until)s
               AND given.score IS NOT NULL
            """,
            day=period.day_sql(SQL("invited.end_datetime")),
            scores=self.env["sales.satisfaction.answer"]._sums_sql(Score._scores_sql(SQL("asked.id = invited.id"))),
            company=period.company.id,
            since=period.moment_from,
            until=period.moment_to,
        )
