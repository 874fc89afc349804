from collections import Counter

from odoo import api, models

from odoo.addons.sales_dept_roles.models.register.register_column import RegisterColumn

from ..kpi.sales_figures_register_mixin import Span


class SalesAppraisal(models.Model):
    """The ranking of appraisals as XLSX: what the reader may see of it."""

    _name = "sales.appraisal"
    _inherit = ["sales.appraisal", "sales.figures.register.mixin"]

    @api.model
    def _register_title(self):
        return self.env._("Appraisals")

    def _register_spans(self):
        labels = dict(self._fields["state"]._description_selection(self.env))
        return [
            Span(
                company,
                appraisals[0]._period_text(),
                min(appraisals.mapped("figures_date")),
                max(appraisals.mapped("figures_date")),
                self._register_states(Counter(appraisals.mapped("state")), labels),
            )
            for (company, _first, _kind), appraisals in self.grouped(
                lambda appraisal: (appraisal.company_id, appraisal.date_from, appraisal.kind)
            ).items()
        ]

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
