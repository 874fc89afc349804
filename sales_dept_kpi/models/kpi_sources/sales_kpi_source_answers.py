from odoo import api, models
from odoo.tools import SQL


class SalesKpiDepartmentAnswers(models.AbstractModel):
    """Whether a department answers in time what it is asked about customers' issues; one KPI for each department.

    They come archived: a company takes those out whose departments it asks.
    """

    _name = "sales.kpi.department.answers"
    _inherit = "sales.kpi.source"
    _description = "Answers of a Department on Time"
    _kpi_sequence = 46
    _kpi_department_roles = ("sales_dept_roles.role_director",)
    # External id of the department's role.
    _kpi_department = ""

    @api.model
    def _kpi_explanation(self):
        return {
            "counts": self.env._(
                "Questions about customers' issues that the department answered by the end of their day, of those that "
                "were due in the month."
            ),
            "basis": self.env._("Who was asked in the department, and the day until which the answer was wanted."),
            "exclusions": self.env._(
                "Questions that were taken back. What is open and overdue counts as late; what is due later is not "
                "decided yet."
            ),
        }

    @api.model
    def _kpi_reasons(self):
        return {
            "on_time": self.env._("Answered by its day"),
            "late": self.env._("Answered after its day"),
            "overdue": self.env._("Overdue, not answered yet"),
            "pending": self.env._("Due later"),
        }

    @api.model
    def _kpi_evidence_sql(self, period):
        group = self.env.ref(self._kpi_department, raise_if_not_found=False)
        return SQL(
            """
            SELECT question.user_id, 'customer.issue.question' AS res_model, question.id AS res_id, issue.name,
                   question.deadline AS date,
                   CASE WHEN standing.reason = 'on_time' THEN 1 ELSE 0 END::numeric AS numerator,
                   CASE WHEN standing.reason = 'pending' THEN 0 ELSE 1 END::numeric AS denominator,
                   0::numeric AS overlay,
                   CASE WHEN standing.reason = 'pending' THEN 1 ELSE 0 END::numeric AS pending,
                   standing.reason
              FROM customer_issue_question question
              JOIN customer_issue issue ON issue.id = question.issue_id
        CROSS JOIN LATERAL (
                   SELECT CASE WHEN question.state = 'answered' AND question.is_on_time THEN 'on_time'
                               WHEN question.state = 'answered' THEN 'late'
                               WHEN question.deadline < %(today)s THEN 'overdue'
                               ELSE 'pending' END AS reason) standing
             WHERE question.company_id = %(company)s AND question.group_id = %(group)s
               AND question.deadline >= %(since)s AND question.deadline < %(until)s
               AND question.state <> 'cancelled'
            """,
            company=period.company.id,
            group=group.id if group else 0,
            since=period.date_from,
            until=period.date_to,
            today=period.today,
        )

    @api.model
    def _prepare_kpi_values(self, code):
        return {**super()._prepare_kpi_values(code), "active": False}


class SalesKpiSourceAnswersEngineering(models.AbstractModel):
    _name = "sales.kpi.source.answers_engineering"
    _inherit = "sales.kpi.department.answers"
    _description = "Answers on Time: Engineering"
    _kpi_department = "sales_dept_roles.group_review_engineering"


class SalesKpiSourceAnswersProduction(models.AbstractModel):
    _name = "sales.kpi.source.answers_production"
    _inherit = "sales.kpi.department.answers"
    _description = "Answers on Time: Production"
    _kpi_department = "sales_dept_roles.group_review_production"


class SalesKpiSourceAnswersPurchasing(models.AbstractModel):
    _name = "sales.kpi.source.answers_purchasing"
    _inherit = "sales.kpi.department.answers"
    _description = "Answers on Time: Purchasing"
    _kpi_department = "sales_dept_roles.group_review_purchasing"


class SalesKpiSourceAnswersQuality(models.AbstractModel):
    _name = "sales.kpi.source.answers_quality"
    _inherit = "sales.kpi.department.answers"
    _description = "Answers on Time: Quality"
    _kpi_department = "sales_dept_roles.group_review_quality"


class SalesKpiSourceAnswersLogistics(models.AbstractModel):
    _name = "sales.kpi.source.answers_logistics"
    _inherit = "sales.kpi.department.answers"
    _description = "Answers on Time: Logistics"
    _kpi_department = "sales_dept_roles.group_review_logistics"


class SalesKpiSourceAnswersFinance(models.AbstractModel):
    _name = "sales.kpi.source.answers_finance"
    _inherit = "sales.kpi.department.answers"
    _description = "Answers on Time: Finance"
    _kpi_department = "sales_dept_roles.group_finance_verifier"
