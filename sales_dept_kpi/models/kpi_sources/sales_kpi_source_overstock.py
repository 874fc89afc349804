from odoo import api, models
from odoo.tools import SQL


class SalesKpiSourceOverstock(models.AbstractModel):
    _name = "sales.kpi.source.overstock"
    _inherit = "sales.kpi.source"
    _description = "Overstock Explained"
    _kpi_sequence = 70
    _kpi_threshold = 100

    @api.model
    def _kpi_explanation(self):
        return {
            "counts": self.env._(
                "Lines of the stock ageing sheet over the limit that were explained by its deadline, of all such lines."
            ),
            "basis": self.env._("Who is responsible for the goods, and the month in which the sheet is worked on."),
            "exclusions": self.env._(
                "Sheets that were replaced, or are of another day than a month's end. Until the deadline a line that "
                "is not explained is not decided yet."
            ),
        }

    @api.model
    def _kpi_reasons(self):
        return {
            "explained": self.env._("Explained on time"),
            "late": self.env._("Explained late"),
            "missing": self.env._("Not explained"),
            "pending": self.env._("To be explained yet"),
        }

    @api.model
    def _kpi_evidence_sql(self, period):
        return SQL(
            """
            SELECT line.user_id, 'stock.ageing.line' AS res_model, line.id AS res_id,
                   CONCAT_WS(' ', product.default_code, %(product_name)s) AS name, sheet.deadline AS date,
                   (standing.reason = 'explained')::int::numeric AS numerator,
                   (standing.reason <> 'pending')::int::numeric AS denominator, 0::numeric AS overlay,
                   (standing.reason = 'pending')::int::numeric AS pending, standing.reason
              FROM stock_ageing_sheet sheet
              JOIN stock_ageing_line line ON line.sheet_id = sheet.id AND line.is_over
              JOIN product_product product ON product.id = line.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
        CROSS JOIN LATERAL (
                   SELECT CASE WHEN line.is_explained AND %(explained)s <= sheet.deadline THEN 'explained'
                               WHEN line.is_explained THEN 'late'
                               WHEN sheet.deadline < %(today)s THEN 'missing'
                               ELSE 'pending' END AS reason) standing
             WHERE sheet.company_id = %(company)s AND sheet.is_month_end AND sheet.superseded_date IS NULL
               AND sheet.computed_date IS NOT NULL
               AND sheet.deadline >= %(since)s AND sheet.deadline < %(until)s
            """,
            explained=period.day_sql(SQL("line.explained_date")),
            company=period.company.id,
            product_name=period.text_sql(SQL("template.name")),
            today=period.today,
            since=period.date_from,
            until=period.date_to,
        )
