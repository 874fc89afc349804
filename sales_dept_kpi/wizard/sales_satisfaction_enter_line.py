from odoo import api, fields, models
from odoo.exceptions import UserError


class SalesSatisfactionEnterLine(models.TransientModel):
    _name = "sales.satisfaction.enter.line"
    _description = "Question of a Paper Answer"

    wizard_id = fields.Many2one("sales.satisfaction.enter", required=True, ondelete="cascade", index=True)
    question_number = fields.Integer()
    title = fields.Char("Question", compute="_compute_question")
    hint = fields.Char("Scale", compute="_compute_question")
    value = fields.Char("Answer")

    @api.depends("question_number")
    def _compute_question(self):
        # Surveys are for those who make them; the form lies before whoever enters it.
        questions = self.env["survey.question"].sudo().browse(self.mapped("question_number")).exists()
        by_id = {question.id: question for question in questions}
        for line in self:
            question = by_id.get(line.question_number, questions.browse())
            line.title = question.title
            line.hint = question.question_type == "scale" and f"{question.scale_min} – {question.scale_max}"

    def _save(self, given, question):
        """Save the answer as if it had been typed into the survey.

        :raises UserError: when it is none
        """
        value = self.value.strip()
        if question.question_type == "scale" and not self._is_on_scale(value, question):
            raise UserError(
                self.env._(
                    "“%(question)s”: %(value)s is not on the scale. Enter a whole number from %(least)s to %(most)s, "
                    "or leave it empty where nothing is marked.",
                    question=question.title,
                    value=value,
                    least=question.scale_min,
                    most=question.scale_max,
                )
            )
        given._save_lines(question, value)

    @api.model
    def _is_on_scale(self, value, question):
        return value.isdecimal() and question.scale_min <= int(value) <= question.scale_max
