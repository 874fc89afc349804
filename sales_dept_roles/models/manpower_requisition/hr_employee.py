from odoo import models


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    def write(self, vals):
        if "active" not in vals:
            return super().write(vals)
        applicants = self.env["hr.applicant"].sudo().with_context(active_test=False)
        jobs = applicants.search([("employee_id", "in", self.ids), ("date_closed", "!=", False)]).job_id
        places = jobs._manpower_open_places()
        result = super().write(vals)
        jobs._manpower_ask_again(places)
        return result
