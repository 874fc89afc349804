from odoo import models
from odoo.tools import formatLang

from odoo.addons.sales_dept_roles.models.approval.glance import Fact


class SalesMonthlyReport(models.Model):
    """What is seen at a glance of a report before it is confirmed."""

    _inherit = "sales.monthly.report"

    def _approval_glance(self, is_short=False):
        glance = super()._approval_glance(is_short)
        for report in self:
            glance[report.id] += report._glance_facts()
        return glance

    def _glance_facts(self):
        missed = self.kpi_count - self.kpi_met_count
        facts = [
            Fact(
                self.env._("KPIs Met"),
                self.env._("%(met)s of %(count)s", met=self.kpi_met_count, count=self.kpi_count),
                tone="warning" if missed else "",
                is_short=True,
            ),
            Fact(
                self.env._("Open Collections"),
                formatLang(self.env, self.collection_amount, currency_obj=self.currency_id),
                tone="warning" if self.collection_amount > 0 else "",
                is_short=True,
            ),
        ]
        if self.submitted_late:
            facts.append(Fact(self.env._("Submitted"), self.env._("Late"), tone="danger", is_short=True))
        if self.help_needed:
            facts.append(Fact(self.env._("Help Needed"), self.help_needed))
        return facts
