from odoo import api, models
from odoo.tools import SQL


class SalesKpiSourceOrderReview(models.AbstractModel):
    _name = "sales.kpi.source.order_review"
    _inherit = "sales.kpi.source"
    _description = "Order Reviews on Time"
    _kpi_sequence = 50
    _kpi_department_roles = ("sales_dept_roles.role_assistant", "sales_dept_roles.role_director")

    @api.model
    def _kpi_explanation(self):
        return {
            "counts": self.env._(
                "Order reviews that the account manager received by their deadline, of those due in the month."
            ),
            "basis": self.env._("The account manager of the order, and the day of the deadline at the company."),
            "exclusions": self.env._(
                "Reviews that were refused or superseded, and those of cancelled orders that nobody received. What is "
                "open and overdue counts as late; what is due later in the month is not decided yet."
            ),
        }

    @api.model
    def _kpi_reasons(self):
        return {
            "on_time": self.env._("Received by its deadline"),
            "late": self.env._("Received after its deadline"),
            "overdue": self.env._("Overdue, not received yet"),
            "pending": self.env._("Due later, not received yet"),
        }

    @api.model
    def _kpi_evidence_sql(self, period):
        return SQL(
            """
            SELECT review.user_id, 'sale.order.review' AS res_model, review.id AS res_id, review.name,
                   %(day)s AS date,
                   CASE WHEN standing.reason = 'on_time' THEN 1 ELSE 0 END::numeric AS numerator,
                   CASE WHEN standing.reason = 'pending' THEN 0 ELSE 1 END::numeric AS denominator,
                   0::numeric AS overlay,
                   CASE WHEN standing.reason = 'pending' THEN 1 ELSE 0 END::numeric AS pending,
                   standing.reason
              FROM sale_order_review review
        CROSS JOIN LATERAL (
                   SELECT CASE WHEN review.receive_date <= review.deadline THEN 'on_time'
                               WHEN review.receive_date IS NOT NULL THEN 'late'
                               WHEN review.deadline < %(now)s THEN 'overdue'
                               ELSE 'pending' END AS reason) standing
             WHERE review.company_id = %(company)s
               AND review.deadline >= %(since)s AND review.deadline < %(until)s
               AND review.state IN ('review', 'conditions', 'passed')
               -- Looked up for the few that nobody received.
               AND (review.receive_date IS NOT NULL
                    OR (SELECT ordered.state FROM sale_order ordered WHERE ordered.id = review.order_id) <> 'cancel')
            """,
            company=period.company.id,
            day=period.day_sql(SQL("review.deadline")),
            since=period.moment_from,
            until=period.moment_to,
            now=period.now,
        )
