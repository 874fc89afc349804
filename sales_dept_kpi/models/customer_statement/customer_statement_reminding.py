from odoo import api, models
from odoo.fields import Domain

REMIND = "sales_dept_kpi.mail_activity_statement_remind"
ANSWER = "sales_dept_kpi.mail_activity_statement_answer"
CRON = "sales_dept_kpi.ir_cron_customer_statement_remind"


class CustomerStatement(models.Model):
    """Who has something to do about a statement: to ask the customer, or to answer what was corrected."""

    _inherit = "customer.statement"

    def _owner(self):
        """Who answers for the customer: the account manager, or else who sent it."""
        self.ensure_one()
        sender = self.issue_ids[:1].user_id
        return self.user_id.filtered("active") or sender or self.create_uid

    def _ask_to_answer(self):
        self.env["sales.dept.telling"]._ask(
            ANSWER,
            [
                (
                    statement,
                    statement._owner(),
                    {
                        "summary": lambda reader: reader.env._(
                            "The customer corrected %(count)s lines: answer each",
                            count=reader.open_correction_count,
                        )
                    },
                )
                for statement in self.sudo()
            ],
        )

    def _end_answering(self):
        self._end_activities(ANSWER)

    def _end_reminders(self):
        self._end_activities(REMIND)

    def _end_activities(self, xmlid):
        self.sudo().activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.env.ref(xmlid)
        ).action_feedback()

    @api.model
    def _cron_remind(self):
        """Have those asked who did not answer in time."""
        overdue = self.browse()
        for company in self.env["res.company"].search([("sales_dept_customer_statement", "=", True)]):
            overdue |= self.search(
                Domain("company_id", "=", company.id)
                & Domain("state", "=", "sent")
                & Domain("answer_by", "<", company._local_today())
            )
        self.env["sales.dept.job"]._run(CRON, overdue, lambda batch: batch._remind())

    def _remind(self):
        self.env["sales.dept.telling"]._ask(
            REMIND,
            [
                (
                    statement,
                    statement._owner(),
                    {
                        "summary": lambda reader: reader.env._(
                            "Ask the customer: the statement was to be answered by %(day)s", day=reader.answer_by
                        ),
                        "date_deadline": statement.answer_by,
                    },
                )
                for statement in self
            ],
        )
