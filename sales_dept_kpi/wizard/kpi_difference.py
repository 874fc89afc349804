from odoo import api, fields, models
from odoo.tools import SQL


class SalesKpiDifference(models.TransientModel):
    """What the documents of a month say now, beside what its figures are: document by document."""

    _name = "sales.kpi.difference"
    _description = "Difference to Now"

    month_id = fields.Many2one("sales.kpi.month", required=True, readonly=True)
    line_ids = fields.One2many("sales.kpi.difference.line", "difference_id", readonly=True)
    failed_text = fields.Text(
        "Not Compared", readonly=True, help="The KPIs that could not be computed now, and why: a sentence each."
    )

    @api.model
    @api.private
    def _of(self, month):
        """Compute the difference for `month`; nothing of the month itself is touched.

        A KPI whose query fails is named in the difference, and holds up no other.
        """
        difference = self.create({"month_id": month.id})
        totals = month._totals().filtered(lambda total: total._is_comparable())
        failed = month._each_of(totals, lambda total: self.env.cr.execute(difference._lines_sql(total)))
        difference.failed_text = month._failed_text(failed)
        difference.invalidate_recordset(["line_ids"])
        return difference

    def _lines_sql(self, total):
        return SQL(
            """
            WITH kept AS (
                SELECT result.user_id, res_model, res_id, MAX(name) AS name, SUM(kept.numerator) AS numerator,
                       SUM(kept.denominator) AS denominator, SUM(kept.overlay) AS overlay
                  FROM sales_kpi_result result
                  JOIN sales_kpi_evidence kept ON kept.result_id = result.id
                 WHERE result.total_id = %(total)s
              GROUP BY result.user_id, res_model, res_id
            ),
            now AS (
                SELECT user_id, res_model, res_id, MAX(name) AS name, SUM(numerator) AS numerator,
                       SUM(denominator) AS denominator, SUM(overlay) AS overlay
                  FROM (%(evidence)s) evidence
              GROUP BY user_id, res_model, res_id
            ),
            either AS (
                SELECT COALESCE(kept.user_id, now.user_id) AS user_id, COALESCE(kept.name, now.name) AS name,
                       COALESCE(kept.res_model, now.res_model) AS res_model,
                       COALESCE(kept.res_id, now.res_id) AS res_id,
                       COALESCE(kept.numerator, 0) AS kept_numerator, COALESCE(now.numerator, 0) AS now_numerator,
                       COALESCE(kept.denominator, 0) AS kept_denominator,
                       COALESCE(now.denominator, 0) AS now_denominator,
                       COALESCE(kept.overlay, 0) AS kept_overlay, COALESCE(now.overlay, 0) AS now_overlay
                  FROM kept
             FULL JOIN now ON COALESCE(now.user_id, 0) = COALESCE(kept.user_id, 0)
                          AND now.res_model = kept.res_model AND now.res_id = kept.res_id
            )
            INSERT INTO sales_kpi_difference_line (difference_id, kpi_id, user_id, name, res_model, res_id,
                        kept_numerator, now_numerator, kept_denominator, now_denominator, create_uid, create_date)
                 SELECT %(difference)s, %(kpi)s, user_id, name, res_model, res_id, kept_numerator + kept_overlay,
                        now_numerator + now_overlay, kept_denominator, now_denominator,
                        %(uid)s, now() AT TIME ZONE 'UTC'
                   FROM either
                  WHERE (kept_numerator, kept_denominator, kept_overlay)
                        IS DISTINCT FROM (now_numerator, now_denominator, now_overlay)
            """,
            total=total.id,
            evidence=total.kpi_id._evidence_sql(self.month_id._period()),
            difference=self.id,
            kpi=total.kpi_id.id,
            uid=self.env.uid,
        )
