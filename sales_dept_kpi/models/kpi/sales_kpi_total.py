from odoo import api, fields, models
from odoo.tools import SQL


class SalesKpiTotal(models.Model):
    """A KPI of a month for the whole department: the sum of its people, those without a person among them.

    It is also what is computed at a time, so it knows when that was.
    """

    _name = "sales.kpi.total"
    _description = "Department's KPI"
    _inherit = ["sales.kpi.figure.mixin"]
    _order = "date desc, sequence, kpi_id"
    _rec_name = "kpi_id"

    month_id = fields.Many2one(
        "sales.kpi.month", "Month's Sheet", required=True, readonly=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    date = fields.Date("Month", required=True, readonly=True)
    kpi_id = fields.Many2one("sales.kpi", "KPI", required=True, readonly=True, ondelete="restrict", index=True)
    sequence = fields.Integer(related="kpi_id.sequence", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    measure = fields.Selection(related="kpi_id.measure", store=True)
    unit = fields.Selection(related="kpi_id.unit")
    state = fields.Selection(related="month_id.state", store=True)
    computed_date = fields.Datetime("Computed On", readonly=True)
    result_ids = fields.One2many("sales.kpi.result", "total_id")

    _once = models.UniqueIndex("(month_id, kpi_id)", "A month has each KPI once.")
    _company_month = models.Index("(company_id, date)")

    @api.model
    def _make(self, month, kpis):
        """Make the totals that `month` has not yet; two who do it at once make them once."""
        kpis.flush_recordset()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO sales_kpi_total (month_id, company_id, date, kpi_id, sequence, measure, verdict, state,
                                             has_value, create_uid, create_date, write_uid, write_date)
                SELECT %(month)s, %(company)s, %(date)s, kpi.id, kpi.sequence, kpi.measure, 'none', %(state)s, FALSE,
                       %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
                  FROM sales_kpi kpi
                 WHERE kpi.id = ANY(%(kpis)s)
                   AND NOT EXISTS (SELECT 1 FROM sales_kpi_total made
                                    WHERE made.month_id = %(month)s AND made.kpi_id = kpi.id)
                    ON CONFLICT DO NOTHING
                """,
                month=month.id,
                company=month.company_id.id,
                date=month.date_from,
                state=month.state,
                kpis=kpis.ids,
                uid=self.env.uid,
            )
        )

    def action_open_evidence(self):
        """The documents that the department's figure is made of."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_dept_kpi.action_sales_kpi_evidence")
        name = f"{self.kpi_id.name} · {self.month_id.display_name}"
        return {
            **action,
            "domain": [("result_id.total_id", "=", self.id)],
            "context": {},
            "name": name,
            "display_name": name,
        }
