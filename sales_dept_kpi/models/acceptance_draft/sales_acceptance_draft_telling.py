from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from .res_company import MOST_DAYS

PRESENT = "sales_dept_kpi.mail_activity_draft_present"
COLLECT = "sales_dept_kpi.mail_activity_draft_dishonoured"


class SalesAcceptanceDraft(models.Model):
    """Who is told of a draft: finance before it matures, the account manager when it bounced."""

    _inherit = "sales.acceptance.draft"

    @api.model
    def _cron_remind(self):
        """Once a day: have those drafts presented that mature soon."""
        latest = fields.Date.today() + timedelta(days=MOST_DAYS + 1)
        drafts = self.search(Domain("state", "=", "held") & Domain("maturity_date", "<=", latest))
        drafts = drafts.filtered(lambda draft: draft.days_left <= draft.company_id.sales_dept_draft_days)
        self.env["sales.dept.job"]._run(
            "sales_dept_kpi.ir_cron_draft_reminders", drafts, lambda batch: batch._remind_of_maturity()
        )

    def _remind_of_maturity(self):
        self.env["sales.dept.telling"]._ask(
            PRESENT,
            [(draft, user, draft._prepare_reminder_values()) for draft in self if (user := draft._who_handles())],
        )

    def _prepare_reminder_values(self):
        return {
            "date_deadline": self.maturity_date,
            "summary": lambda draft: draft.env._(
                "Present for payment: it matures on %(date)s", date=format_date(draft.env, draft.maturity_date)
            ),
        }

    def _who_handles(self):
        """Whoever registered it, or finance where that person has left."""
        user = self.event_ids[:1].user_id
        if user.active and not user._is_superuser():
            return user
        finance = self.env.ref("sales_dept_roles.group_finance_verifier").all_user_ids
        return finance.filtered(lambda person: person.active and self.company_id in person.company_ids)[:1]

    def _after_step(self, event):
        result = super()._after_step(event)
        if event["kind"] != "held":
            self.activity_feedback(
                [PRESENT], feedback=dict(self._fields["state"]._description_selection(self.env))[self.state]
            )
        if event["kind"] == "dishonoured" and self.user_id.active:
            self.env["sales.dept.telling"]._ask(COLLECT, [(self, self.user_id, self._prepare_collect_values(event))])
        return result

    def _prepare_collect_values(self, event):
        return {
            "summary": lambda draft: draft.env._(
                "%(customer)s: draft dishonoured, %(amount)s is owed again",
                customer=draft.commercial_partner_id.name,
                amount=draft.currency_id.format(draft.amount),
            ),
            "note": event.get("note"),
        }
