from odoo import models
from odoo.tools import formatLang

from odoo.addons.sales_dept_roles.models.approval.glance import Fact


class SalesCollectionPlan(models.Model):
    """What is seen at a glance of a plan before it is approved."""

    _inherit = "sales.collection.plan"

    def _approval_glance(self, is_short=False):
        glance = super()._approval_glance(is_short)
        for plan in self:
            glance[plan.id] += plan._glance_facts()
        return glance

    def _glance_facts(self):
        def money(name):
            return formatLang(self.env, self[name], currency_obj=self.currency_id)

        return [
            Fact(self.env._("Planned"), money("planned_amount")),
            Fact(self.env._("Overdue From Before"), money("overdue_amount")),
            Fact(self.env._("Items"), str(self.line_count)),
        ]
