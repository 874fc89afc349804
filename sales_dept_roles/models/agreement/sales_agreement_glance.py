from odoo import models
from odoo.tools import format_date

from ..approval.glance import Fact


class SalesAgreement(models.Model):
    """What is seen at a glance of an agreement."""

    _inherit = "sales.agreement"

    def _approval_glance(self, is_short=False):
        glance = super()._approval_glance(is_short)
        for agreement in self:
            glance[agreement.id] += agreement._glance_facts()
        return glance

    def _glance_facts(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        facts = [
            Fact(self.env._("Kind"), kinds[self.kind]),
            Fact(self.env._("Subject"), self.subject, is_short=True),
            Fact(self.env._("Start"), format_date(self.env, self.date_start)),
            Fact(
                self.env._("End"),
                format_date(self.env, self.date_end) if self.date_end else self.env._("open-ended"),
                tone="" if self.date_end else "warning",
                is_short=True,
            ),
        ]
        if self.payment_term_id:
            facts.append(Fact(self.env._("Payment Terms"), self.payment_term_id.display_name))
        if self.predecessor_id:
            facts.append(Fact(self.env._("Renews"), self.predecessor_id.display_name))
        return facts
