from odoo import models
from odoo.tools import formatLang

from odoo.addons.sales_dept_roles.models.approval.glance import Fact


class FreightStatement(models.Model):
    """What is seen at a glance of a statement: what the carrier charges, what was agreed, and what is disputed."""

    _inherit = "freight.statement"

    def _approval_glance(self, is_short=False):
        glance = super()._approval_glance(is_short)
        for statement in self:
            glance[statement.id] += statement._glance_facts()
        return glance

    def _glance_facts(self):
        def money(amount):
            return formatLang(self.env, amount, currency_obj=self.currency_id)

        facts = [
            Fact(self.env._("Carrier"), self.carrier_id.display_name),
            Fact(self.env._("Amount Charged"), money(self.total_amount)),
            Fact(self.env._("Agreed"), money(self.expected_total)),
            Fact(self.env._("To Pay"), money(self.payable_total), is_short=True),
            Fact(
                self.env._("Rows"),
                self.env._(
                    "%(matched)s of %(rows)s agree, %(exceptions)s exceptions",
                    matched=self.matched_row_count,
                    rows=self.row_count,
                    exceptions=self.exception_row_count,
                ),
            ),
        ]
        if self.disputed_total:
            facts.append(Fact(self.env._("Disputed"), money(self.disputed_total), tone="warning", is_short=True))
        return facts
