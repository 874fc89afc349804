from odoo import models
from odoo.tools import formatLang

from odoo.addons.sales_dept_roles.models.approval.glance import Fact


class SalesAppraisal(models.Model):
    """What is seen at a glance of an appraisal before it is approved; not in mails, which may be read by others."""

    _inherit = "sales.appraisal"

    def _approval_glance(self, is_short=False):
        glance = super()._approval_glance(is_short)
        for appraisal in self:
            glance[appraisal.id] += appraisal._glance_facts()
        return glance

    def _glance_facts(self):
        def number(value):
            return formatLang(self.env, value, digits=2)

        facts = [
            Fact(self.env._("Score"), number(self.score)),
            Fact(self.env._("Rank"), self.rank_text or "–"),
        ]
        if self.reward_amount:
            facts.append(
                Fact(self.env._("Reward"), formatLang(self.env, self.reward_amount, currency_obj=self.currency_id))
            )
            facts.append(Fact(self.env._("Why This Reward"), self.reward_reason or ""))
        return facts
