from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.sales_dept_logistics.models.carrier.statement_month import (
    statement_month_sql,
    statement_of_month_sql,
)
from odoo.addons.sales_dept_roles.models.customer_file.closing_day import closing_date


class SalesKpiSourceFreight(models.AbstractModel):
    _name = "sales.kpi.source.freight"
    _inherit = "sales.kpi.source"
    _description = "Freight Reconciled on Time"
    _kpi_sequence = 80
    _kpi_threshold = 100
    _kpi_department_roles = ("sales_dept_roles.role_assistant", "sales_dept_roles.role_director")

    @api.model
    def _kpi_explanation(self):
        return {
            "counts": self.env._(
                "Carriers' months with waybills whose statement was signed by the director on time: within as many "
                "working days after the carrier's closing day as the company's settings say."
            ),
            "basis": self.env._("Who is responsible for the statement, and the day by which it had to be signed."),
            "exclusions": self.env._(
                "Months of a carrier without waybills. A month without a statement counts as not reconciled, and "
                "belongs to nobody."
            ),
        }

    @api.model
    def _kpi_reasons(self):
        return {
            "on_time": self.env._("Signed on time"),
            "late": self.env._("Signed late"),
            "overdue": self.env._("Overdue, not signed yet"),
            "missing": self.env._("Overdue, and there is no statement"),
            "pending": self.env._("Due later, not signed yet"),
        }

    @api.model
    def _kpi_evidence_sql(self, period):
        due = self._deadlines(period)
        if not due:
            return self._no_evidence_sql()
        month = statement_month_sql(SQL("waybill.shipped_date"), SQL("carrier.closing_day"))
        return SQL(
            """
            WITH due (closing_day, month, moment, day) AS (VALUES %(due)s),
            folder AS (
                SELECT DISTINCT waybill.carrier_id, due.month, due.moment, due.day
                  FROM freight_waybill waybill
                  JOIN delivery_carrier carrier ON carrier.id = waybill.carrier_id
                  JOIN due ON due.closing_day = COALESCE(carrier.closing_day, 0) AND due.month = %(month)s
                 WHERE waybill.company_id = %(company)s
                   AND waybill.shipped_date >= %(since)s AND waybill.shipped_date < %(until)s
            )
            SELECT statement.user_id,
                   CASE WHEN statement.id IS NULL THEN 'delivery.carrier' ELSE 'freight.statement' END AS res_model,
                   COALESCE(statement.id, folder.carrier_id) AS res_id,
                   COALESCE(statement.name, %(carrier_name)s) AS name, folder.day AS date,
                   (standing.reason = 'on_time')::int::numeric AS numerator,
                   (standing.reason <> 'pending')::int::numeric AS denominator, 0::numeric AS overlay,
                   (standing.reason = 'pending')::int::numeric AS pending, standing.reason
              FROM folder
              JOIN delivery_carrier carrier ON carrier.id = folder.carrier_id
         LEFT JOIN LATERAL (%(statement)s) statement ON TRUE
        CROSS JOIN LATERAL (
                   SELECT CASE WHEN statement.signed_date <= folder.moment THEN 'on_time'
                               WHEN statement.signed_date IS NOT NULL THEN 'late'
                               WHEN folder.moment >= %(now)s THEN 'pending'
                               WHEN statement.id IS NULL THEN 'missing'
                               ELSE 'overdue' END AS reason) standing
            """,
            due=SQL(", ").join(due),
            month=month,
            carrier_name=period.text_sql(SQL("carrier.name")),
            statement=statement_of_month_sql(
                SQL("%s", period.company.id), SQL("folder.carrier_id"), SQL("folder.month"), SQL("carrier.closing_day")
            ),
            company=period.company.id,
            # What two months before it was shipped was due before, whatever the closing day.
            since=period.date_from - relativedelta(months=3),
            until=period.date_to,
            now=period.now,
        )

    @api.model
    def _deadlines(self, period):
        """Rows ``(closing day, statement month, moment, day)`` of what has to be signed in `period`."""
        days = period.company.sales_dept_freight_days
        carriers = self.env["delivery.carrier"].sudo().with_context(active_test=False)
        closing_days = {0, *(day for (day,) in carriers._read_group([], ["closing_day"]))}
        months = [period.date_from - relativedelta(months=number) for number in range(3)]
        pairs = [(closing_day, month) for closing_day in sorted(closing_days) for month in months]
        moments = [(period.company._moment_of(closing_date(day, month)), days) for day, month in pairs]
        deadlines = period.company.resource_calendar_id._working_day_deadlines(moments, period.company)
        return [
            SQL("(%s, %s::date, %s::timestamp, %s::date)", day, month, deadline, period.company._local_day(deadline))
            for (day, month), deadline in zip(pairs, deadlines, strict=True)
            if deadline and period.moment_from <= deadline < period.moment_to
        ]
