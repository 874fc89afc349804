from odoo import models
from odoo.tools import format_date

from ..approval.glance import Fact


class SalesManpowerRequisition(models.Model):
    """What is seen at a glance of a requisition; what the position pays stands on the document, for whom it is for."""

    _inherit = "sales.manpower.requisition"

    def _approval_glance(self, is_short=False):
        glance = super()._approval_glance(is_short)
        for requisition in self:
            glance[requisition.id] += requisition._glance_facts()
        return glance

    def _glance_facts(self):
        reasons = dict(self._fields["reason"]._description_selection(self.env))
        reason = " – ".join(filter(None, [reasons.get(self.reason), self.replaced_name, self.reason_note]))
        return [
            Fact(self.env._("Department"), self.department_id.display_name or "–"),
            Fact(self.env._("Position"), f"{self.position} × {self.number_of_people}", is_short=True),
            Fact(self.env._("Wanted By"), format_date(self.env, self.wanted_date), is_short=True),
            Fact(self.env._("Reason"), reason),
        ]
