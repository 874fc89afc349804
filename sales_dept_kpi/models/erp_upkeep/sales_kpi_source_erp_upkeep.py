from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL


class SalesKpiSourceErpUpkeep(models.AbstractModel):
    """What a person has tended of all that is theirs to tend. It comes archived: whoever wants it takes it out."""

    _name = "sales.kpi.source.erp_upkeep"
    _inherit = "sales.kpi.source"
    _description = "ERP Upkeep"
    _kpi_sequence = 200
    _kpi_department_roles = ("sales_dept_roles.role_director",)
    _kpi_is_standing = True

    @api.model
    def _kpi_explanation(self):
        return {
            "counts": self.env._("Documents that are tended in Odoo, of all that have to be."),
            "basis": self.env._(
                "How they stand now; once the month is over, how they stood when it was last computed within it. A "
                "document counts once for a person, and is untended when anything about it is."
            ),
            "exclusions": self.env._("What is done with: orders delivered, quotations cancelled, reviews received."),
        }

    @api.model
    def _kpi_reasons(self):
        kinds = self.env["sales.upkeep.kind"]._upkeep_kinds()
        return {"tended": self.env._("Tended"), **{kind._upkeep_code(): kind._upkeep_title() for kind in kinds}}

    @api.model
    def _kpi_evidence_sql(self, period):
        kinds = self.env["sales.upkeep.kind"]._upkeep_kinds()
        return SQL(
            """
            SELECT document.user_id, document.res_model, document.res_id, MIN(document.name) AS name,
                   %(day)s::date AS date,
                   CASE WHEN BOOL_OR(document.is_untended) THEN 0 ELSE 1 END::numeric AS numerator,
                   1::numeric AS denominator, 0::numeric AS overlay, 0::numeric AS pending,
                   COALESCE(MIN(document.kind) FILTER (WHERE document.is_untended), 'tended') AS reason
              FROM (%(documents)s) document
          GROUP BY document.user_id, document.res_model, document.res_id
            """,
            day=min(period.today, period.date_to - timedelta(days=1)),
            documents=SQL(" UNION ALL ").join(
                SQL("(%s)", kind._upkeep_documents_sql(period.company)) for kind in kinds
            ),
        )

    @api.model
    def _prepare_kpi_values(self, code):
        # Whoever wants it as a KPI takes it out of the archive.
        return {**super()._prepare_kpi_values(code), "active": False}
