from odoo import api, models
from odoo.tools import SQL


class SalesKpiSourceIssues(models.AbstractModel):
    _name = "sales.kpi.source.issues"
    _inherit = "sales.kpi.source"
    _description = "Issues Answered on Time"
    _kpi_sequence = 45
    _kpi_department_roles = (
        "sales_dept_roles.role_director",
        "sales_dept_roles.role_customer_service",
        "sales_dept_roles.role_after_sales_manager",
    )

    @api.model
    def _kpi_explanation(self):
        return {
            "counts": self.env._(
                "Customer issues whose first answer left by its deadline, of those that were due in the month."
            ),
            "basis": self.env._(
                "The account manager of the issue, and the day of the deadline at the company, which runs in working "
                "time and stands while the customer is asked."
            ),
            "exclusions": self.env._(
                "Issues without a limit, and cancelled ones that nobody answered. What is open and overdue counts as "
                "late; what is due later, or waits for the customer, is not decided yet."
            ),
        }

    @api.model
    def _kpi_reasons(self):
        return {
            "on_time": self.env._("Answered by its deadline"),
            "late": self.env._("Answered after its deadline"),
            "overdue": self.env._("Overdue, not answered yet"),
            "pending": self.env._("Due later, or the customer is asked"),
        }

    @api.model
    def _kpi_evidence_sql(self, period):
        return SQL(
            """
            SELECT issue.user_id, 'customer.issue' AS res_model, issue.id AS res_id, issue.name, %(day)s AS date,
                   CASE WHEN standing.reason = 'on_time' THEN 1 ELSE 0 END::numeric AS numerator,
                   CASE WHEN standing.reason = 'pending' THEN 0 ELSE 1 END::numeric AS denominator,
                   0::numeric AS overlay,
                   CASE WHEN standing.reason = 'pending' THEN 1 ELSE 0 END::numeric AS pending,
                   standing.reason
              FROM customer_issue issue
        CROSS JOIN LATERAL (
                   SELECT CASE WHEN issue.answered_at <= issue.response_deadline THEN 'on_time'
                               WHEN issue.answered_at IS NOT NULL THEN 'late'
                               WHEN issue.response_deadline < COALESCE(issue.waiting_since, %(now)s) THEN 'overdue'
                               ELSE 'pending' END AS reason) standing
             WHERE issue.company_id = %(company)s
               AND issue.response_deadline >= %(since)s AND issue.response_deadline < %(until)s
               AND (issue.answered_at IS NOT NULL OR issue.state <> 'cancelled')
            """,
            company=period.company.id,
            day=period.day_sql(SQL("issue.response_deadline")),
            since=period.moment_from,
            until=period.moment_to,
            now=period.now,
        )
