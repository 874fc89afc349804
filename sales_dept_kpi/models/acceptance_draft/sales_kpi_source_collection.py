from odoo import api, models
from odoo.tools import SQL


class SalesKpiSourceCollection(models.AbstractModel):
    """From which day a draft counts as collected: a setting of the company. One that bounced never does."""

    _inherit = "sales.kpi.source.collection"

    @api.model
    def _kpi_reasons(self):
        return {**super()._kpi_reasons(), "awaited": self.env._("Paid by a draft that does not count yet")}

    @api.model
    def _kpi_explanation(self):
        explanation = super()._kpi_explanation()
        return {
            **explanation,
            "exclusions": explanation["exclusions"]
            + " "
            + self.env._(
                "Acceptance drafts count when the company's setting says so: when received, when they mature, or when "
                "they are discounted or passed on; those that were dishonoured never."
            ),
        }

    @api.model
    def _kpi_counted_from_sql(self, period):
        counted = super()._kpi_counted_from_sql(period)
        days = {
            "maturity": SQL("draft.maturity_date"),
            # LEAST leaves out what is null.
            "discount": SQL("LEAST(draft.realised_date, draft.maturity_date)"),
        }
        day = days.get(period.company.sales_dept_draft_collected)
        if not day:
            return counted
        return SQL(
            """
            COALESCE((SELECT CASE WHEN %(day)s > %(today)s THEN 'infinity' ELSE GREATEST(%(day)s, %(counted)s) END
                        FROM sales_acceptance_draft draft
                       WHERE draft.payment_id = other.origin_payment_id), %(counted)s)
            """,
            day=day,
            today=period.today,
            counted=counted,
        )
