from odoo import api, fields, models
from odoo.tools import SQL

from .subjects import SUBJECTS

COMPANY_LIMITS = [f"sales_dept_satisfaction_limit_{subject}" for subject, _label in SUBJECTS]


class Survey(fields.Many2one):
    """A survey answered, which is no table: the database cannot order by its rows."""

    def _description_groupable(self, env):
        return False

    def _description_sortable(self, env):
        return False


class SalesSatisfactionScore(models.Model):
    """What a customer answered on a scale about a subject, as a score from 0 to 100; one row per answered question.

    Only surveys that customers were asked with, finished, and questions that they were shown: who was not asked says
    nothing, and who skipped a question neither.
    """

    _name = "sales.satisfaction.score"
    _description = "Satisfaction Score"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "subject"
    _depends = {
        "res.company": ["partner_id", "resource_calendar_id", *COMPANY_LIMITS],
        "res.partner": ["tz"],
        "resource.calendar": ["tz"],
        "survey.question": ["question_type", "sales_dept_subject", "scale_max", "scale_min"],
        "survey.user_input": [
            "end_datetime",
            "partner_id",
            "predefined_question_ids",
            "sales_dept_company_id",
            "sales_dept_partner_id",
            "sales_dept_user_id",
            "state",
            "test_entry",
        ],
        "survey.user_input.line": ["answer_type", "question_id", "skipped", "user_input_id", "value_scale"],
    }

    answer_id = Survey("sales.satisfaction.answer", "Survey Answered", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    contact_id = fields.Many2one("res.partner", readonly=True)
    user_id = fields.Many2one("res.users", "Person", readonly=True)
    date = fields.Date("Answered On", readonly=True)
    subject = fields.Selection(SUBJECTS, readonly=True)
    question = fields.Char(compute="_compute_question")
    question_number = fields.Integer("Question's Number", readonly=True, aggregator=None)
    value = fields.Integer("Answer", readonly=True, aggregator=None)
    scale_text = fields.Char("Scale", readonly=True)
    score = fields.Float("Score (0–100)", readonly=True, aggregator="avg", digits=(16, 1))
    answer_count = fields.Integer("Answers", readonly=True)
    top_count = fields.Integer("Best or Second Best", readonly=True)
    top_share = fields.Float(
        "Top Two (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="How many of the answers are one of the two best of their scale.",
    )
    low_limit = fields.Integer("Limit", readonly=True, aggregator=None)
    is_low = fields.Boolean("Below the Limit", readonly=True)
    low_count = fields.Integer("Number Below the Limit", readonly=True)

    @api.depends("question_number")
    @api.depends_context("lang")
    def _compute_question(self):
        # Surveys are for those who make them; what was asked belongs to the answer.
        questions = self.env["survey.question"].sudo().browse(self.mapped("question_number"))
        titles = {question.id: question.title for question in questions}
        for score in self:
            score.question = titles.get(score.question_number)

    @property
    def _table_query(self):
        return self._scores_sql()

    @api.model
    def _scores_sql(self, condition=None):
        """The rows; of the answers `asked` and their `line` only those that meet the SQL `condition`."""
        return SQL(
            """
            SELECT line.id, asked.id AS answer_id, asked.sales_dept_company_id AS company_id,
                   asked.sales_dept_partner_id AS partner_id, asked.partner_id AS contact_id,
                   asked.sales_dept_user_id AS user_id, %(day)s AS date, question.sales_dept_subject AS subject,
                   question.id AS question_number, line.value_scale AS value,
                   question.scale_min || ' – ' || question.scale_max AS scale_text, scored.score, 1 AS answer_count,
                   scored.is_top AS top_count, 100.0 * scored.is_top AS top_share, company_limit.value AS low_limit,
                   scored.score < company_limit.value AS is_low,
                   (scored.score < company_limit.value)::int AS low_count
              FROM survey_user_input_line line
              JOIN survey_user_input asked ON asked.id = line.user_input_id
              JOIN survey_question question ON question.id = line.question_id
              JOIN res_company company ON company.id = asked.sales_dept_company_id
        CROSS JOIN LATERAL (
                   SELECT 100.0 * (LEAST(GREATEST(line.value_scale, question.scale_min), question.scale_max)
                                   - question.scale_min) / NULLIF(question.scale_max - question.scale_min, 0) AS score,
                          (line.value_scale >= question.scale_max - 1)::int AS is_top) scored
        CROSS JOIN LATERAL (SELECT CASE question.sales_dept_subject %(limits)s END AS value) company_limit
             WHERE asked.state = 'done' AND NOT COALESCE(asked.test_entry, FALSE)
               AND asked.sales_dept_partner_id IS NOT NULL
               AND line.answer_type = 'scale' AND NOT COALESCE(line.skipped, FALSE)
               AND question.question_type = 'scale' AND question.sales_dept_subject IS NOT NULL
               AND question.scale_max > question.scale_min
               AND EXISTS (SELECT FROM %(shown)s shown
                            WHERE shown.survey_user_input_id = asked.id AND shown.survey_question_id = question.id)
               AND %(condition)s
            """,
            day=self.env["res.company"]._local_day_sql(SQL("asked.end_datetime"), SQL("company.id")),
            limits=SQL(" ").join(
                SQL("WHEN %s THEN %s", subject, SQL.identifier("company", name))
                for (subject, _label), name in zip(SUBJECTS, COMPANY_LIMITS, strict=True)
            ),
            # Odoo takes those out that were not triggered.
            shown=SQL.identifier(self.env["survey.user_input"]._fields["predefined_question_ids"].relation),
            condition=condition or SQL("TRUE"),
        )

    def action_open_answer(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sales.satisfaction.answer",
            "res_id": self.answer_id.id,
            "views": [(False, "form")],
        }
