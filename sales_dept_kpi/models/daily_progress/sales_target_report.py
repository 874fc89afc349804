from odoo import models
from odoo.fields import Date, Domain


class SalesTargetReport(models.Model):
    """The sales of a row of plan against actual are those of the daily progress."""

    _inherit = "sales.target.report"

    def _actual_action(self):
        if self.measure != "sales":
            return super()._actual_action()
        found = {}
        for row in self._actual_rows(self.env["sales.basis"]._documents_sql):
            found.setdefault(row["res_model"], []).append(row["res_id"])
        domain = Domain.OR(
            Domain("res_model", "=", model) & Domain("res_id", "in", ids) for model, ids in found.items()
        )
        figure = self.env["sales.daily.progress"]._basis_figure(self.company_id.sudo())
        domain &= (
            Domain("figure", "=", figure)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("user_id", "=", self.user_id.id)
            & Domain("date", ">=", Date.to_string(self.date))
            & Domain("date", "<", Date.to_string(Date.add(self.date, months=1)))
        )
        return self._action_of("sales_dept_kpi.action_sales_progress_documents", domain)
