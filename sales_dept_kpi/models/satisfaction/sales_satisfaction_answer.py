from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .sales_satisfaction_score import SalesSatisfactionScore


class SalesSatisfactionAnswer(models.Model):
    """A customer who was asked, and how satisfied she is: what our people see of a survey.

    One row per invitation, with its id. Its score is the mean of its answers on a scale.
    """

    _name = "sales.satisfaction.answer"
    _description = "Satisfaction Survey"
    _auto = False
    _order = "sent_date desc, id desc"
    _depends = {
        **SalesSatisfactionScore._depends,
        "survey.user_input": [
            *SalesSatisfactionScore._depends["survey.user_input"],
            "deadline",
            "sales_dept_channel",
            "sales_dept_entered_by_id",
            "sales_dept_order_id",
            "sales_dept_period",
            "sales_dept_picking_id",
            "sales_dept_sent_date",
        ],
    }

    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    contact_id = fields.Many2one("res.partner", readonly=True)
    user_id = fields.Many2one("res.users", "Person", readonly=True, help="For whom the answer counts.")
    company_id = fields.Many2one("res.company", readonly=True)
    picking_id = fields.Many2one("stock.picking", "After Delivery", readonly=True)
    order_id = fields.Many2one("sale.order", readonly=True)
    period = fields.Date("Quarter", readonly=True)
    channel = fields.Selection([("mail", "Mail"), ("paper", "Paper")], readonly=True)
    entered_by_id = fields.Many2one("res.users", readonly=True)
    sent_date = fields.Date("Asked On", readonly=True)
    answered_date = fields.Date("Answered On", readonly=True)
    deadline = fields.Date("Answer Until", readonly=True)
    state = fields.Selection(
        [
            ("waiting", "Asked"),
            ("started", "Begun"),
            ("answered", "Answered"),
            ("expired", "Not Answered"),
        ],
        string="Status",
        readonly=True,
    )
    score = fields.Float("Score (0–100)", readonly=True, aggregator="avg", digits=(16, 1))
    has_score = fields.Boolean(readonly=True)
    low_count = fields.Integer("Below the Limit", readonly=True)
    top_share = fields.Float(
        "Top Two (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="How many of the answers are one of the two best of their scale.",
    )
    top_count = fields.Integer("Best or Second Best", readonly=True)
    scale_count = fields.Integer("Questions Answered", readonly=True)
    sent_count = fields.Integer("Asked", readonly=True)
    answered_count = fields.Integer("Answered", readonly=True)
    scored_count = fields.Integer("With a Score", readonly=True)
    response_rate = fields.Float(
        "Response (%)", readonly=True, aggregator="avg", digits=(16, 1), help="Answered, of those that were asked."
    )
    score_ids = fields.One2many("sales.satisfaction.score", "answer_id", string="Scores", readonly=True)
    remarks = fields.Text(compute="_compute_remarks")
    issue_count = fields.Integer("Issues", compute="_compute_issue_count")
    scan_ids = fields.Many2many("ir.attachment", string="Scanned Form", compute="_compute_scan_ids")

    @api.depends("state")
    def _compute_scan_ids(self):
        scans = self.env["ir.attachment"].search([("res_model", "=", self._name), ("res_id", "in", self.ids)])
        by_answer = scans.grouped("res_id")
        for answer in self:
            answer.scan_ids = by_answer.get(answer.id)

    @api.depends("state")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_issue_count(self):
        groups = self.env["customer.issue"]._read_group(
            [("satisfaction_input_id", "in", self.ids)], ["satisfaction_input_id"], ["__count"]
        )
        counts = {given.id: count for given, count in groups}
        for answer in self:
            answer.issue_count = counts.get(answer.id, 0)

    @api.depends("partner_id", "sent_date")
    def _compute_display_name(self):
        for answer in self:
            answer.display_name = f"{answer.partner_id.sudo().name} · {answer.sent_date}"

    @api.depends("state")
    @api.depends_context("lang")
    def _compute_remarks(self):
        # Surveys are for those who make them; the answer is for whoever sees this one.
        lines = (
            self.env["survey.user_input.line"]
            .sudo()
            .search(
                Domain("user_input_id", "in", self.ids)
                & Domain("user_input_id.state", "=", "done")
                & Domain("answer_type", "in", ("text_box", "char_box"))
            )
        )
        labels = dict(self.env["survey.question"]._fields["sales_dept_subject"]._description_selection(self.env))
        said = lines.grouped("user_input_id")
        for answer in self:
            answer.remarks = "\n".join(
                f"{labels.get(line.question_id.sales_dept_subject) or line.question_id.title}: "
                f"{line._satisfaction_text()}"
                for line in said.get(self.env["survey.user_input"].sudo().browse(answer.id), lines.browse())
            )

    # === THE ROWS === #

    @property
    def _table_query(self):
        Score = self.env["sales.satisfaction.score"]
        Company = self.env["res.company"]
        company = SQL("invited.sales_dept_company_id")
        return SQL(
            """
            SELECT invited.id, invited.sales_dept_partner_id AS partner_id, invited.partner_id AS contact_id,
                   invited.sales_dept_user_id AS user_id, invited.sales_dept_company_id AS company_id,
                   invited.sales_dept_picking_id AS picking_id, invited.sales_dept_order_id AS order_id,
                   invited.sales_dept_period AS period, invited.sales_dept_channel AS channel,
                   invited.sales_dept_entered_by_id AS entered_by_id, %(sent)s AS sent_date,
                   CASE WHEN invited.state = 'done' THEN %(answered)s END AS answered_date, %(until)s AS deadline,
                   CASE WHEN invited.state = 'done' THEN 'answered'
                        WHEN invited.deadline < %(now)s THEN 'expired'
                        WHEN invited.state = 'in_progress' THEN 'started' ELSE 'waiting' END AS state,
                   given.score, given.score IS NOT NULL AS has_score, given.low_count, given.top_count,
                   100.0 * given.top_count / NULLIF(given.scale_count, 0) AS top_share, given.scale_count,
                   1 AS sent_count, (invited.state = 'done')::int AS answered_count,
                   (given.score IS NOT NULL)::int AS scored_count,
                   100.0 * (invited.state = 'done')::int AS response_rate
              FROM survey_user_input invited
        CROSS JOIN LATERAL (%(scores)s) given
             WHERE invited.sales_dept_partner_id IS NOT NULL AND NOT COALESCE(invited.test_entry, FALSE)
            """,
            sent=Company._local_day_sql(SQL("invited.sales_dept_sent_date"), company),
            answered=Company._local_day_sql(SQL("invited.end_datetime"), company),
            until=Company._local_day_sql(SQL("invited.deadline"), company),
            now=fields.Datetime.now(),
            scores=self._sums_sql(Score._scores_sql(SQL("asked.id = invited.id"))),
        )

    @api.model
    def _sums_sql(self, scores):
        """What the `scores` of one answer make together.

        The mean of thirds is no decimal: it is rounded up at the ninth place, so that whole points which people
        reach together are reached in the sum as well.
        """
        return SQL(
            """
            SELECT CEIL(ROUND(AVG(scored.score), 14) * 1000000000) / 1000000000 AS score,
                   COALESCE(SUM(scored.low_count), 0)::int AS low_count,
                   COALESCE(SUM(scored.top_count), 0)::int AS top_count, COUNT(*)::int AS scale_count
              FROM (%s) scored
            """,
            scores,
        )

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """Shares of a group are those of its sums."""
        sums = {"response_rate:avg": ("answered_count", "sent_count"), "top_share:avg": ("top_count", "scale_count")}
        if aggregate_spec in sums:
            part, whole = (self._field_to_sql(self._table, name, query) for name in sums[aggregate_spec])
            return SQL("100.0 * SUM(%s) / NULLIF(SUM(%s), 0)", part, whole)
        return super()._read_group_select(aggregate_spec, query)

    # === A PAPER ANSWER === #

    def _input(self):
        """The survey's own record, as superuser, for whoever may read the answer."""
        self.ensure_one()
        self.check_access("read")
        return self.env["survey.user_input"].sudo().browse(self.id)

    def _check_may_enter(self):
        """:raises AccessError: when the answer would count for whoever enters it
        :raises UserError: when it was given already
        """
        self.ensure_one()
        if self.state == "answered":
            raise UserError(self.env._("%(survey)s is answered already.", survey=self.display_name))
        if self.user_id == self.env.user:
            raise AccessError(
                self.env._(
                    "The answer counts for you: let the assistant or the director enter it from the customer's paper."
                )
            )

    def action_enter_paper(self):
        self._check_may_enter()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Enter Paper Answer"),
            "res_model": "sales.satisfaction.enter",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_answer_id": self.id},
        }

    def action_print_form(self):
        return self.env.ref("sales_dept_kpi.action_report_satisfaction").report_action(self)

    def action_open_issues(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_dept_roles.action_customer_issues")
        return {**action, "domain": [("satisfaction_input_id", "=", self.id)], "context": {"create": False}}

    # === THE PRINTED FORM === #

    def _form_rows(self):
        """What stands on the form, by question; see :meth:`SurveyQuestion._satisfaction_form_row`."""
        given = self._input()
        lines = given.user_input_line_ids.filtered(lambda line: given.state == "done" and not line.skipped)
        questions = given.predefined_question_ids.sorted(lambda question: (question.sequence, question.id))
        return [question._satisfaction_form_row(lines) for question in questions]
