from odoo import api, fields, models


class SalesApproval(models.Model):
    """What of a request for leave is shown in lists, to those too who may not read the leave itself."""

    _inherit = "sales.approval"

    leave_type_name = fields.Char("Time Off Type", compute="_compute_leave_terms")
    leave_date_from = fields.Date("First Day", compute="_compute_leave_terms")
    leave_date_to = fields.Date("Last Day", compute="_compute_leave_terms")
    leave_days = fields.Float("Days", compute="_compute_leave_terms", digits=(16, 2))

    @api.depends("terms", "res_model")
    @api.depends_context("lang")
    def _compute_leave_terms(self):
        terms = {approval: (approval.terms or {}) if approval.res_model == "hr.leave" else {} for approval in self}
        type_ids = {value["holiday_status_id"] for value in terms.values() if value}
        types = self.env["hr.leave.type"].sudo().browse(type_ids)
        names = {leave_type.id: leave_type.name for leave_type in types.exists()}
        for approval, value in terms.items():
            approval.leave_type_name = names.get(value.get("holiday_status_id"))
            approval.leave_date_from = value.get("request_date_from")
            approval.leave_date_to = value.get("request_date_to")
            approval.leave_days = float(value.get("number_of_days") or 0)
