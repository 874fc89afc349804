from odoo import api, fields, models
from odoo.exceptions import UserError

from .subjects import SUBJECTS

# Changed, they would give the answers of customers another meaning.
MEANING = {"sales_dept_subject", "question_type", "scale_min", "scale_max", "survey_id"}


class SurveyQuestion(models.Model):
    _inherit = "survey.question"

    sales_dept_subject = fields.Selection(
        SUBJECTS,
        string="Subject of Satisfaction",
        help="Answers on a scale are scored for this subject; texts are remarks on it.",
    )

    def write(self, vals):
        if changed := MEANING & vals.keys():
            self.filtered(lambda question: question._changes(vals, changed))._check_not_counted()
        return super().write(vals)

    def _changes(self, vals, names):
        return any(self._fields[name].convert_to_write(self[name], self) != vals[name] for name in names)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_counted(self):
        self._check_not_counted()

    def _check_not_counted(self):
        """:raises UserError: for the first of `self` that a customer answered"""
        domain = [
            ("question_id", "in", self.ids),
            ("user_input_id.sales_dept_partner_id", "!=", False),
            ("user_input_id.state", "=", "done"),
        ]
        if line := self.ids and self.env["survey.user_input.line"].sudo().search(domain, limit=1):
            raise UserError(
                self.env._(
                    "“%(question)s” was answered by customers, and their answers would mean something else. Ask "
                    "another question, or make another survey.",
                    question=line.question_id.title,
                )
            )

    def _satisfaction_form_row(self, lines):
        """What the printed form says of the question, and what was answered to it in `lines`, if anything."""
        self.ensure_one()
        own = lines.filtered(lambda line: line.question_id == self)
        is_scale = self.question_type == "scale"
        return {
            "subject": self.sales_dept_subject
            and self._fields["sales_dept_subject"].convert_to_export(self.sales_dept_subject, self),
            "title": self.title,
            "labels": [label for label in (self.scale_min_label, self.scale_max_label) if label],
            "choices": [
                (number, bool(own) and own[:1].value_scale == number)
                for number in (range(self.scale_min, self.scale_max + 1) if is_scale else ())
            ],
            "text": False if is_scale else ", ".join(own.mapped("display_name")),
        }
