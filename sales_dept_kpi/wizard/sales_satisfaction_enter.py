from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class SalesSatisfactionEnter(models.TransientModel):
    """The dialog in which somebody for whom it does not count enters what a customer wrote on paper."""

    _name = "sales.satisfaction.enter"
    _description = "Enter Paper Answer"

    answer_id = fields.Many2one("sales.satisfaction.answer", "Survey", required=True, readonly=True)
    line_ids = fields.One2many("sales.satisfaction.enter.line", "wizard_id", string="Questions")
    scan = fields.Binary("Scanned Form", attachment=False)
    scan_name = fields.Char("Name of the Scan")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        answer = self.env["sales.satisfaction.answer"].browse(values.get("answer_id"))
        if "line_ids" in fields and answer:
            values["line_ids"] = [
                Command.create({"question_number": question.id}) for question in self._questions(answer)
            ]
        return values

    @api.model
    def _questions(self, answer):
        """What the form asks that a person can write: scales and texts."""
        questions = answer._input().predefined_question_ids
        return questions.filtered(lambda question: question.question_type in ("scale", "text_box", "char_box")).sorted(
            lambda question: (question.sequence, question.id)
        )

    def action_enter(self):
        self.ensure_one()
        answer = self.answer_id
        answer._check_may_enter()
        given = answer._input()
        questions = {question.id: question for question in self._questions(answer)}
        for line in self.line_ids.filtered("value"):
            if line.question_number not in questions:
                raise UserError(self.env._("The form does not ask this. Open it again."))
            line._save(given, questions[line.question_number])
        if not given.user_input_line_ids:
            raise UserError(self.env._("Enter at least one answer."))
        given._write_protected({"sales_dept_entered_by_id": self.env.uid, "sales_dept_channel": "paper"})
        self._keep_scan()
        given._mark_done()
        return {"type": "ir.actions.act_window_close"}

    def _keep_scan(self):
        if self.scan:
            self.env["ir.attachment"].sudo().create(
                {
                    "name": self.scan_name or self.env._("Scanned form"),
                    "datas": self.scan,
                    "res_model": self.answer_id._name,
                    "res_id": self.answer_id.id,
                }
            )
