from odoo import models
from odoo.tools import formatLang

from ..approval.glance import Fact


class SaleRushRequest(models.Model):
    """What is seen at a glance of a rush request: what is wanted when, and which orders wait for it."""

    _inherit = "sale.rush.request"

    def _approval_glance(self, is_short=False):
        glance = super()._approval_glance(is_short)
        for request in self:
            glance[request.id] += request._glance_facts()
        return glance

    def _glance_facts(self):
        facts = [Fact(self.env._("Reason"), self.reason or "", is_short=True)]
        facts += [line._glance_fact() for line in self.line_ids]
        facts += [affected._glance_fact() for affected in self.affected_ids]
        if not self.affected_ids:
            facts.append(Fact(self.env._("Orders Pushed Back"), self.env._("none")))
        if self.extra_cost:
            cost = formatLang(self.env, self.extra_cost, currency_obj=self.currency_id)
            facts.append(Fact(self.env._("Extra Cost"), cost, tone="warning", is_short=True))
        return facts
