from odoo import api, models

from odoo.addons.sales_dept_roles.models.register.register_column import RegisterColumn


class SalesAppraisal(models.Model):
    """The ranking of appraisals as XLSX: what the reader may see of it."""

    _name = "sales.appraisal"
    _inherit = ["sales.appraisal", "sales.dept.register.mixin"]

    @api.model
    def _register_title(self):
        return self.env._("Appraisals")

    @api.model
    def _register_columns(self):
        def scored(name):
            return RegisterColumn(name, value=lambda appraisal: appraisal[name] if appraisal[f"has_{name}"] else None)

        return [
            "kind",
            "date_from",
            "date_to",
            "user_id",
            "state",
            scored("kpi_score"),
            scored("rating_score"),
            scored("score"),
            RegisterColumn("rank", value=lambda appraisal: appraisal.rank or None),
            "rank_count",
            "reward_amount",
            RegisterColumn("reward_reason", width=40),
            RegisterColumn("assessment", width=50),
            RegisterColumn("comment", width=50),
            RegisterColumn("company_id", width=30),
        ]
