from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_datetime, html2plaintext

from .customer_issue import OPEN

CRON = "sales_dept_roles.ir_cron_customer_issues_escalate"
TODO = "sales_dept_roles.mail_activity_customer_issue"
LOOK = "sales_dept_roles.mail_activity_customer_issue_look"
SOON = "sales_dept_roles.mail_activity_customer_issue_soon"
ESCALATED = "sales_dept_roles.mail_activity_customer_issue_escalated"
# So long before a deadline whoever is responsible hears of it once more; after it, the superior does.
SOON_HOURS = 4
WARNED, WITH_SUPERIOR = 1, 2


class CustomerIssue(models.Model):
    """Who has something to do about an issue: the account manager; when time runs out, the superior."""

    _inherit = "customer.issue"

    # === TO-DOS === #

    def _refresh_todos(self):
        """Bring the activities on `self` to what is to be done now."""
        issues = self.sudo()
        to_do = issues.filtered(lambda issue: issue.state in ("new", "in_progress"))
        self.env["sales.dept.telling"]._ask(
            TODO,
            [(issue, user, issue._prepare_todo()) for issue in to_do if (user := issue._responsible())],
            quiet=True,
        )
        (issues - to_do).activity_unlink([TODO, SOON, ESCALATED])
        issues.filtered(lambda issue: issue.state in OPEN).activity_unlink([LOOK])

    def _prepare_todo(self):
        self.ensure_one()
        return {"note": _facts_text, "date_deadline": self.company_id._local_day(self.next_deadline)}

    def _ask_to_look(self, message):
        """The customer wrote on what is closed: somebody decides whether it is open again."""
        user = self._responsible()
        if user:
            text = html2plaintext(message.body or "")
            self.env["sales.dept.telling"]._ask(LOOK, [(self, user, {"note": text})])

    def _responsible(self):
        """The account manager; where there is none to ask, who leads the department."""
        self.ensure_one()
        Post = self.env["sales.dept.role"]
        team = self.sale_order_id.team_id.user_id
        return (Post._of_company(self.user_id | team, self.company_id) or Post._leaders(self.company_id))[:1]

    # === TIME RUNS OUT === #

    @api.model
    def _cron_escalate(self):
        """The account manager hears of a deadline that is near, the superior of one that has passed; once each."""
        horizon = fields.Datetime.now() + timedelta(days=14)
        # Of whom the superior knows nobody need be told again: late issues gather, and are not read each hour.
        untold = (Domain("answered_at", "=", False) & Domain("response_escalation", "<", WITH_SUPERIOR)) | (
            Domain("answered_at", "!=", False) & Domain("solution_escalation", "<", WITH_SUPERIOR)
        )
        running = Domain("state", "in", ("new", "in_progress")) & Domain("next_deadline", "<", horizon)
        near = self.search(running & untold)
        levels = near._levels_due()
        if due := near.filtered(lambda issue: levels[issue] > issue[issue._level_field()]):
            self.env["sales.dept.job"]._run(CRON, due, lambda batch: batch._escalate())

    def _level_field(self):
        return "solution_escalation" if self.answered_at else "response_escalation"

    def _levels_due(self):
        """How far each of `self` should have gone up by now: ``{issue: level}``."""
        now = fields.Datetime.now()
        levels = dict.fromkeys(self, 0)
        for company, issues in self.filtered("next_deadline").grouped("company_id").items():
            ahead = issues.filtered(lambda issue: issue.next_deadline >= now)
            levels |= dict.fromkeys(issues - ahead, WITH_SUPERIOR)
            pairs = [(now, issue.next_deadline) for issue in ahead]
            hours = company.resource_calendar_id._working_hours_between(pairs, company)
            levels |= {issue: WARNED for issue, left in zip(ahead, hours, strict=True) if left <= SOON_HOURS}
        return levels

    def _escalate(self):
        """Tell of `self` who should know by now, once for each level."""
        warned, superior = [], []
        running = self.filtered(lambda issue: issue.state in ("new", "in_progress"))
        for issue, level in running._levels_due().items():
            field = issue._level_field()
            if level <= issue[field]:
                continue
            issue._write_protected({field: level})
            (superior if level == WITH_SUPERIOR else warned).append(issue)
        telling = self.env["sales.dept.telling"]
        telling._ask(SOON, [(issue, user, issue._prepare_todo()) for issue in warned if (user := issue._responsible())])
        Post = self.env["sales.dept.role"]
        telling._ask(
            ESCALATED,
            [
                (issue, user, {"note": _facts_text})
                for issue in superior
                for user in Post._superiors(issue.user_id, issue.company_id)
            ],
            per_person=True,
        )


def _facts_text(issue):
    """What an activity says about `issue`, in its reader's language."""
    kind = dict(issue._fields["kind"]._description_selection(issue.env))[issue.kind]
    facts = [f"{issue.partner_id.display_name or issue.email_from}: {issue.title} ({kind})"]
    if issue.next_deadline:
        # The zone of who reads it is that of the company, where the clock runs.
        moment = format_datetime(issue.env, issue.next_deadline, tz=issue.company_id._local_zone().zone)
        label = issue.env._("Solve by %(when)s") if issue.answered_at else issue.env._("Answer by %(when)s")
        facts.append(label % {"when": moment})
    return "\n".join(facts)
