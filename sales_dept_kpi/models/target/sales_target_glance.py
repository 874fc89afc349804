from odoo import models
from odoo.tools import formatLang

from odoo.addons.sales_dept_roles.models.approval.glance import Fact, share_text


class SalesTarget(models.Model):
    """What is seen at a glance of a target that waits for a signature."""

    _inherit = "sales.target"

    def _approval_glance(self, is_short=False):
        glance = super()._approval_glance(is_short)
        for target in self:
            glance[target.id] += target._glance_facts()
        return glance

    def _glance_facts(self):
        def money(amount):
            return formatLang(self.env, amount, currency_obj=self.currency_id)

        facts = [Fact(self.env._("Sales of the Year"), money(self.sales_amount), is_short=True)]
        if self.last_amount:
            grown = self.sales_amount / self.last_amount - 1
            facts.append(Fact(self.env._("Beside Last Year"), share_text(grown) or "0 %", is_short=True))
        if self.previous_id:
            facts[0] = facts[0]._replace(before=money(self.previous_id.sales_amount))
            facts.append(Fact(self.env._("Reason of the Revision"), self.reason or ""))
        if self.unassigned_amount:
            facts.append(Fact(self.env._("Nobody's Yet"), money(self.unassigned_amount), tone="warning"))
        return facts
