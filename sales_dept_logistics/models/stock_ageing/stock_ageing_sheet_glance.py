from odoo import models
from odoo.tools import formatLang

from odoo.addons.sales_dept_roles.models.approval.glance import Fact


class StockAgeingSheet(models.Model):
    """What is seen at a glance of a sheet: how much lies too long, and what is said of it."""

    _inherit = "stock.ageing.sheet"

    def _approval_glance(self, is_short=False):
        glance = super()._approval_glance(is_short)
        for sheet in self:
            glance[sheet.id] += sheet._glance_facts()
        return glance

    def _glance_facts(self):
        def money(amount):
            return formatLang(self.env, amount, currency_obj=self.currency_id)

        facts = [
            Fact(self.env._("Value"), money(self.total_value)),
            Fact(self.env._("Value > 90 Days"), money(self.value_over_90)),
            Fact(
                self.env._("Over the Limit"),
                self.env._("%(value)s on %(count)s lines", value=money(self.over_value), count=self.over_count),
                tone="warning" if self.over_count else "",
                is_short=True,
            ),
        ]
        if self.unexplained_count:
            facts.append(Fact(self.env._("Not Explained"), str(self.unexplained_count), tone="danger", is_short=True))
        return facts
