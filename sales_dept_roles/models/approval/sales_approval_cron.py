from collections import defaultdict

from odoo import api, fields, models

from .sales_approval import by_model


class SalesApproval(models.Model):
    """What is done about requests by the clock: people are told, and what slipped through is brought up to date."""

    _inherit = "sales.approval"

    @api.model
    def _cron_notify(self):
        """Mail each approver one list of what newly waits for them and of what is overdue.

        Overdue steps are reminded once per working day; a step that is still overdue at its
        second reminder is escalated to the role above, when the flow names one.
        """
        Task = self.env["sales.approval.task"]
        fresh = Task.search([("state", "=", "open"), ("notified_date", "=", False)])
        self._withdraw_orphans()
        self._refresh_all_activities()
        overdue = Task._search_overdue_unreminded()
        overdue._escalate()
        overdue._count_reminder()
        # Messages are only queued here, so all of it is one batch: nobody is left out or mailed twice when the
        # server stops half-way.
        self.env["sales.dept.job"]._run(
            "sales_dept_roles.ir_cron_approval_notify",
            fresh | overdue,
            lambda tasks: self._notify_approvers(tasks & fresh, tasks & overdue),
            batch_size=0,
        )

    @api.model
    def _notify_approvers(self, fresh, overdue):
        """Send each approver of the tasks `fresh` and `overdue` one message about them."""
        tasks_of = defaultdict(fresh.browse)
        for task, users in (fresh | overdue)._approvers().items():
            for user in users:
                tasks_of[user] |= task
        for user, tasks in tasks_of.items():
            self._notify_approver(user, tasks & fresh, tasks & overdue)
        (fresh | overdue).write({"notified_date": fields.Datetime.now()})

    @api.model
    def _cron_recheck(self):
        """Once a day, and when much changed at once: the stored states of documents follow master data."""
        self.env["sales.dept.job"]._run(
            "sales_dept_roles.ir_cron_approval_recheck",
            self.search([("state", "in", ("pending", "approved"))]),
            lambda batch: batch._recheck_documents(),
            batch_size=500,
            goes_on=True,
        )

    def _recheck_documents(self):
        """Compute the stored states of the documents of `self` anew."""
        for documents in by_model(self._documents().values()):
            if documents._name in self.env["sales.approval.flow"]._approval_model_names():
                documents._approval_recheck_state()
        self.env.flush_all()

    @api.model
    def _refresh_all_activities(self):
        """Bring all to-dos up to date: authority is given and ends by the calendar, and activities get lost."""
        for res_model in self.env["sales.approval.flow"]._approval_model_names():
            self.env[res_model]._approval_with_todos()._approval_refresh_activities()

    @api.model
    def _withdraw_orphans(self):
        """Close what waits for documents that are gone or have ended: nobody can be asked about them any more."""
        pending = self.search([("state", "=", "pending")])
        documents = pending._documents()
        pending.filtered(lambda approval: not documents[approval])._close("withdrawn")
        for there in by_model(documents.values()):
            there._approval_end()

    @api.model
    def _digest_subject(self, fresh, overdue):
        """What an approver's mail about the tasks `fresh` and `overdue` is about, in the reader's language."""
        env = (fresh | overdue).env
        approvals = (fresh | overdue).approval_id
        if len(approvals) == 1:
            names = {"kind": approvals.kind, "document": approvals.res_name}
            return (
                env._("Overdue: %(kind)s %(document)s", **names)
                if overdue
                else env._("To sign: %(kind)s %(document)s", **names)
            )
        parts = [env._("%(count)s to sign", count=len(approvals))]
        if late := overdue.approval_id:
            parts.append(env._("%(count)s overdue", count=len(late)))
        return ", ".join(parts)

    def _notify_approver(self, user, fresh, overdue):
        """Send `user` one message about the tasks `fresh` and `overdue`."""
        self.env["sales.dept.telling"]._notify(
            user,
            lambda reader: self._digest_subject(fresh.with_env(reader.env), overdue.with_env(reader.env)),
            lambda reader: reader.env["ir.qweb"]._render(
                "sales_dept_roles.approval_digest_mail",
                {
                    "user": user,
                    "fresh": (fresh - overdue).with_env(reader.env),
                    "overdue": overdue.with_env(reader.env),
                },
            ),
            force_send=False,
        )
