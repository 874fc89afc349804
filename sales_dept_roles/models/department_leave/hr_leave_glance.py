from odoo import models
from odoo.fields import Domain
from odoo.tools import formatLang

from ..approval.glance import Fact

# Leave that is asked for or granted.
AWAY = ("confirm", "validate1", "validate")


class HrLeave(models.Model):
    """What is seen at a glance of a leave: what is left of it, and who else is away."""

    _inherit = "hr.leave"

    def _approval_glance(self, is_short=False):
        glance = super()._approval_glance(is_short)
        left, away = self._glance_left(), self._glance_away()
        for leave in self:
            glance[leave.id] += leave._glance_facts(left.get(leave), away[leave])
        return glance

    def _glance_facts(self, left, away):
        facts = [
            Fact(self.env._("Leave"), self.holiday_status_id.display_name),
            Fact(self.env._("Duration"), self.duration_display or "–", is_short=True),
            Fact(self.env._("Reason"), self.private_name or "–"),
        ]
        if left is not None:
            tone = "danger" if left < 0 else ""
            facts.append(Fact(self.env._("Left after It"), formatLang(self.env, left, digits=1), tone=tone))
        names = ", ".join(away.employee_id.mapped("name"))
        facts.append(
            Fact(
                self.env._("Also Away"),
                names or self.env._("nobody"),
                tone="warning" if names else "",
                is_short=bool(names),
            )
        )
        return facts

    def _glance_left(self):
        """Return ``{leave: what is left of its type once all that is asked for is taken}``, where that is counted."""
        counted = self.filtered(lambda leave: leave.holiday_status_id.requires_allocation)
        left = {}
        for day, leaves in counted.grouped("request_date_from").items():
            data = leaves.holiday_status_id.get_allocation_data(leaves.employee_id, day)
            for leave in leaves:
                for _name, figures, _required, type_id in data.get(leave.employee_id, ()):
                    if type_id == leave.holiday_status_id.id:
                        left[leave] = figures["virtual_remaining_leaves"]
        return left

    def _glance_away(self):
        """Return ``{leave: leaves of others of the department on the same days}``."""
        if not self:
            return {}
        others = self.search(
            Domain("department_id", "in", self.department_id.ids)
            & Domain("state", "in", AWAY)
            & Domain("date_from", "<=", max(self.mapped("date_to")))
            & Domain("date_to", ">=", min(self.mapped("date_from")))
        )
        return {
            leave: others.filtered(
                lambda other, leave=leave: (
                    other.department_id == leave.department_id
                    and other.employee_id != leave.employee_id
                    and other.date_from <= leave.date_to
                    and other.date_to >= leave.date_from
                )
            )
            for leave in self
        }
