from odoo import models


class ResourceCalendarLeaves(models.Model):
    _inherit = "resource.calendar.leaves"

    def _reevaluate_leaves(self, time_domain_dict):
        # Before Odoo takes each leave out of its state and back, which the gate would refuse for these.
        if time_domain_dict:
            leaves = self.env["hr.leave"].sudo().search(self._get_domain(time_domain_dict))
            leaves._department_leave_reopen_outgrown()
        return super()._reevaluate_leaves(time_domain_dict)
