from odoo import api, fields, models
from odoo.exceptions import UserError


class SurveySurvey(models.Model):
    _inherit = "survey.survey"

    sales_dept_is_satisfaction = fields.Boolean(
        "Customer Satisfaction",
        help="Customers of the sales department are asked with it. Its scale questions that have a subject are scored.",
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_counted(self):
        if counted := self._first_counted():
            raise UserError(
                self.env._(
                    "“%(survey)s” has answers of customers, which count in figures. Archive it instead.",
                    survey=counted.title,
                )
            )

    def _first_counted(self):
        """One of `self` with which a customer was asked, if there is one."""
        domain = [("survey_id", "in", self.ids), ("sales_dept_partner_id", "!=", False)]
        return self.env["survey.user_input"].sudo().search(domain, limit=1).survey_id
