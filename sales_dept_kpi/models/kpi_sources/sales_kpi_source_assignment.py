from odoo import api, models
from odoo.tools import SQL


class SalesKpiSourceAssignment(models.AbstractModel):
    _name = "sales.kpi.source.assignment"
    _inherit = "sales.kpi.source"
    _description = "Assignments on Time"
    _kpi_sequence = 110

    @api.model
    def _kpi_explanation(self):
        return {
            "counts": self.env._(
                "Assignments and follow-ups done on or before their deadline, of those due in the month."
            ),
            "basis": self.env._("Whoever had to do it, and the day of the deadline."),
            "exclusions": self.env._(
                "What one gave oneself, and what was cancelled by whoever gave it. What is overdue counts as not on "
                "time; what is due later in the month is not decided yet."
            ),
        }

    @api.model
    def _kpi_reasons(self):
        return {
            "on_time": self.env._("Done on time"),
            "late": self.env._("Done late"),
            "overdue": self.env._("Overdue, not done yet"),
            "open": self.env._("Due later, not done yet"),
            "cancelled": self.env._("Cancelled after its deadline by whoever had to do it"),
        }

    @api.model
    def _kpi_evidence_sql(self, period):
        # The report decides what is due and what is on time, here as on its own screen.
        return SQL(
            """
            SELECT report.user_id, 'sales.assignment.report' AS res_model, report.id AS res_id, report.name,
                   report.date_deadline AS date, report.on_time_count::numeric AS numerator,
                   report.due_count::numeric AS denominator, 0::numeric AS overlay,
                   (report.status = 'open')::int::numeric AS pending, report.status AS reason
              FROM (%(report)s) report
             WHERE report.company_id = %(company)s
               AND report.date_deadline >= %(since)s AND report.date_deadline < %(until)s
               AND (report.due_count > 0
                    OR report.status = 'open' AND report.user_id IS DISTINCT FROM report.giver_id)
            """,
            report=self.env["sales.assignment.report"]._table_query,
            company=period.company.id,
            since=period.date_from,
            until=period.date_to,
        )
