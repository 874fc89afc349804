from odoo import models
from odoo.exceptions import UserError
from odoo.tools.mail import email_normalize


class SurveyInvite(models.TransientModel):
    _inherit = "survey.invite"

    def _prepare_answers(self, partners, emails):
        """Sent from the survey itself, what was agreed with customers holds as well, and their answers count."""
        if not self.survey_id.sales_dept_is_satisfaction:
            return super()._prepare_answers(partners, emails)
        company = self.env.company
        addresses = [email_normalize(email) for email in emails]
        # Also those that are archived: who does not want to be asked does not, on file or not.
        known = partners.sudo().with_context(active_test=False).search([("email_normalized", "in", addresses)])
        asked = partners | partners.browse(known.ids)
        if refusals := asked._satisfaction_refusals(company):
            raise UserError("\n".join(refusals.values()))
        answers = super()._prepare_answers(partners, emails)
        for answer in answers.filtered(lambda answer: answer.partner_id and not answer.sales_dept_partner_id):
            answer._satisfaction_stamp(company, {"customer": answer.partner_id.commercial_partner_id}, "mail")
        answers.partner_id._satisfaction_note_asked()
        return answers
