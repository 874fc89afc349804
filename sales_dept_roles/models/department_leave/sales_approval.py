from odoo import api, fields, models

from ..approval.terms import record_text


class SalesApproval(models.Model):
    """What of a request for leave is shown in lists, to those too who may not read the leave itself."""

    _inherit = "sales.approval"

    leave_type_name = fields.Char("Time Off Type", compute="_compute_leave_terms")
    leave_date_from = fields.Date("First Day", compute="_compute_leave_terms")
    leave_date_to = fields.Date("Last Day", compute="_compute_leave_terms")
    leave_days = fields.Float("Days", compute="_compute_leave_terms", digits=(16, 2))

    @api.depends("terms", "res_model")
    def _compute_leave_terms(self):
        terms = {approval: (approval.terms or {}) if approval.res_model == "hr.leave" else {} for approval in self}
        for approval, value in terms.items():
            leave_type = value.get("holiday_status_id")
            approval.leave_type_name = leave_type and record_text(leave_type)
            approval.leave_date_from = value.get("request_date_from")
            approval.leave_date_to = value.get("request_date_to")
            approval.leave_days = float(value.get("number_of_days") or 0)
