from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from .sales_monthly_report import OPEN

WRITE_ACTIVITY = "sales_dept_kpi.mail_activity_monthly_report_write"
# So long before a report is due its writer is reminded.
REMINDER = timedelta(days=1)


class SalesMonthlyReport(models.Model):
    """Who is told that a report is to be written: its writer, once more before it is due, and then the director."""

    _inherit = "sales.monthly.report"

    # === TO-DOS === #

    @api.model
    def _approval_todo_types(self):
        return [*super()._approval_todo_types(), WRITE_ACTIVITY]

    def _approval_todos(self):
        todos = super()._approval_todos()
        for report in self.filtered(lambda report: report.state in OPEN and report.user_id.active):
            todos[report.id, WRITE_ACTIVITY, report.user_id] = (report.due_date, "")
        return todos

    # === MESSAGES === #

    @api.model
    def _cron_remind(self):
        """Remind, once each, those whose report is due and the director of those that are late."""
        companies = self.env["res.company"].search([("sales_dept_monthly_report", "=", True)])
        due = Domain.OR(
            Domain("company_id", "=", company.id) & self._untold_domain(company._local_today()) for company in companies
        )
        reports = self.search(due & Domain("submitted_date", "=", False)) if companies else self
        self.env["sales.dept.job"]._run(
            "sales_dept_kpi.ir_cron_monthly_report_reminders", reports, lambda batch: batch._remind(), batch_size=0
        )

    @api.model
    def _untold_domain(self, today):
        near = Domain("reminded_date", "=", False) & Domain("due_date", "<=", today + REMINDER)
        return near | (Domain("escalated_date", "=", False) & Domain("due_date", "<", today))

    def _remind(self):
        for report in self.filtered(lambda report: not report.reminded_date):
            report._tell_writer()
        late = self.filtered(
            lambda report: not report.escalated_date and report.due_date < report.company_id._local_today()
        )
        for (_company, _month), reports in late.grouped(lambda report: (report.company_id, report.date_from)).items():
            reports._tell_directors()

    def _tell_writer(self):
        self.ensure_one()
        self.env["sales.dept.telling"]._notify(
            self.user_id,
            lambda reader: reader.env._("Please write: %(report)s", report=reader.display_name),
            lambda reader: reader.env._(
                "It is due on %(day)s. Its figures stand in it already: write what was achieved, why figures fell "
                "short, what help you need, and what you will do next month.",
                day=reader.env["ir.qweb.field.date"].value_to_html(reader.due_date, {}),
            ),
            about=self,
            force_send=False,
        )
        self._write_protected({"reminded_date": fields.Datetime.now()})

    def _tell_directors(self):
        """Tell the directors of a company who is late with the reports `self` of a month, in one message."""
        first = self[0]
        directors = self.env.ref("sales_dept_roles.group_director").sudo()._role_holders(first.company_id)
        people = self.filtered(lambda report: report.kind == "person")
        if people:
            self.env["sales.dept.telling"]._notify(
                directors - people.user_id if len(people) == 1 else directors,
                lambda reader: reader.env._("Monthly reports are late: %(month)s", month=reader._month_text()),
                lambda reader: reader.env._(
                    "They were due on %(day)s, and are not submitted: %(people)s.",
                    day=reader.env["ir.qweb.field.date"].value_to_html(reader.due_date, {}),
                    people=", ".join(people.user_id.mapped("name")),
                ),
                about=people[0],
                force_send=False,
            )
        self._write_protected({"escalated_date": fields.Datetime.now()})
