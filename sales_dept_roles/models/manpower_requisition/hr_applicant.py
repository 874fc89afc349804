from odoo import models


class HrApplicant(models.Model):
    _inherit = "hr.applicant"

    def write(self, vals):
        if "refuse_reason_id" not in vals:
            return super().write(vals)
        jobs = self.sudo().filtered("date_closed").job_id
        places = jobs._manpower_open_places()
        result = super().write(vals)
        # Odoo itself asks for one more only when an applicant goes back to an earlier stage.
        jobs._manpower_ask_again(places)
        return result
