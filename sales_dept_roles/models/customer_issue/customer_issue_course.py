from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import email_normalize, is_html_empty

CRON_CLOSE = "sales_dept_roles.ir_cron_customer_issues_close"
LETTER = "sales_dept_roles.mail_template_customer_issue_letter"


class CustomerIssue(models.Model):
    """The way of an issue: taken up, the customer asked, answered, solved; closed, or reopened when she says so."""

    _inherit = "customer.issue"

    # === BUTTONS === #

    def action_start(self):
        """Somebody has taken up `self`."""
        self._check_course()
        self._take_up()
        return True

    def action_answer(self):
        return self._action_reply("answer", self.env._("Answer the Customer"))

    def action_ask_customer(self):
        return self._action_reply("question", self.env._("Ask the Customer"))

    def action_solve(self):
        self.ensure_one()
        self._check_course()
        if message := self._solve_error_message():
            raise UserError(message)
        return self._action_reply("solution", self.env._("Solved: Tell the Customer"))

    def _action_reply(self, kind, name):
        self.ensure_one()
        self._check_course()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "customer.issue.reply",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_issue_id": self.id, "default_kind": kind},
        }

    def action_go_on(self):
        """Nothing is waited for any more: the clock of `self` runs again."""
        self._check_course()
        if idle := self.filtered(lambda issue: issue.state != "waiting"):
            raise UserError(
                self.env._("%(issue)s waits for nothing: its clock runs already.", issue=idle[0].display_name)
            )
        self._start_clock()
        return True

    def action_close(self):
        """The customer says that `self` are solved."""
        self.check_access("write")
        self._check_handles()
        if others := self.filtered(lambda issue: issue.state != "solved"):
            raise UserError(
                self.env._("%(issue)s is not solved yet: tell the customer how first.", issue=others[0].display_name)
            )
        self._confirm("call", self.env.user.partner_id)
        return True

    def action_reopen(self):
        """The customer says, on the phone, that `self` are not solved."""
        self.check_access("write")
        self._check_handles()
        self._reopen("call", self.env.user.partner_id, self.env._("Entered by us, as the customer said."))
        return True

    def action_cancel(self):
        """It is no issue after all; the reason stands on it."""
        self._check_course()
        for issue in self:
            if not (issue.cancel_reason or "").strip():
                raise UserError(
                    self.env._(
                        "%(issue)s: say first why it is none, on the page “Why It Is None”.", issue=issue.display_name
                    )
                )
        self._start_clock()
        self._write_protected({"state": "cancelled"})
        self._refresh_todos()
        return True

    def action_ask_department(self):
        self.ensure_one()
        self._check_course()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ask a Department"),
            "res_model": "customer.issue.ask",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_issue_id": self.id},
        }

    def action_view_order(self):
        self.ensure_one()
        return self.sale_order_id._get_records_action()

    def action_view_services(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_dept_roles.action_customer_issue_services")
        return {**action, "domain": [("issue_id", "=", self.id)], "context": {"default_issue_id": self.id}}

    def _check_course(self):
        """:raises UserError: or AccessError, when `self` are not for the user to lead, or not open"""
        self.check_access("write")
        self._check_handles()
        self._check_open()

    def _take_up(self):
        self.filtered(lambda issue: issue.state == "new")._write_protected({"state": "in_progress"})

    # === WHAT IS SAID TO THE CUSTOMER === #

    def _solve_error_message(self):
        """Return what is missing before the issue can be solved, or False."""
        self.ensure_one()
        if self.kind != "quality":
            return False
        steps = self.sudo().step_ids.filtered(lambda step: step.round == self.reopen_count + 1)
        missing = steps.filtered(lambda step: not (step.text or "").strip())
        if not missing:
            return False
        labels = dict(missing._fields["step"]._description_selection(self.env))
        return self.env._(
            "%(issue)s is about quality: before it is solved, write on the page “8D Report” what is missing there: "
            "%(steps)s.",
            issue=self.display_name,
            steps=", ".join(labels[step.step] for step in missing),
        )

    @api.private
    def _say(self, kind, text, by, attachments=None):
        """Say `text` to the customer of the issue, and keep it.

        :param str kind: of :attr:`customer.issue.entry.kind`, one of ours
        :param Markup text: what is said
        :param str by: "mail", and it leaves as a letter in the customer's language; "call", and it was said already
        :return: the entry
        """
        self.ensure_one()
        self._check_course()
        if is_html_empty(text):
            raise UserError(self.env._("Write what is said to the customer: the words are kept."))
        if kind == "solution" and (message := self._solve_error_message()):
            raise UserError(message)
        entry = self._note(kind, by, self.env.user.partner_id, text)
        if by == "mail":
            entry.message_id = self._send_letter(entry, attachments)
        else:
            self._message_log(body=self._call_text(entry), author_id=self.env.user.partner_id.id)
        self._follow_words(entry)
        return entry

    def _call_text(self, entry):
        label = dict(entry._fields["kind"]._description_selection(self.env))[entry.kind]
        return Markup("<p><b>%s</b></p>%s") % (self.env._("By phone: %(what)s", what=label), entry.text)

    def _send_letter(self, entry, attachments=None):
        """Send `entry` to the customer as a letter in her language; return the message."""
        partner, address = self.partner_id, email_normalize(self.email_from or "")
        if not (partner.email or address):
            raise UserError(
                self.env._(
                    "%(customer)s has no mail address: enter one, or call and note that it was said on the phone.",
                    customer=partner.display_name,
                )
            )
        template = self.env.ref(LETTER).sudo()
        by_mail = partner if partner.email else partner.browse()
        return self.message_post(
            body=template._render_field("body_html", entry.ids, compute_lang=True)[entry.id],
            subject=template._render_field("subject", entry.ids, compute_lang=True)[entry.id],
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=by_mail.ids,
            outgoing_email_to=False if by_mail else self.email_from,
            attachment_ids=(attachments or self.env["ir.attachment"]).ids,
            force_email_lang=entry._mail_language(),
        )

    def _note(self, kind, by, author, text=False, **values):
        """Keep what was said about the issue; return the entry."""
        self.ensure_one()
        # Written by the system alone, whoever spoke.
        return (
            self.env["customer.issue.entry"]
            .sudo()
            .create(
                {
                    "issue_id": self.id,
                    "kind": kind,
                    "by": by,
                    "date": fields.Datetime.now(),
                    "author_id": author.id,
                    "text": text,
                    **values,
                }
            )
        )

    def _follow_words(self, entry):
        """What was said to the customer with `entry` has left: bring the issue on."""
        self.ensure_one()
        if entry.kind == "question":
            self._stop_clock()
            return
        self._take_up()
        values = {} if self.answered_at else {"answered_at": entry.date}
        if entry.kind == "solution":
            self._start_clock()
            values |= {"state": "solved", "solved_at": entry.date, "solution": entry.text}
        if values:
            self._write_protected(values)
        given = self.sudo().step_ids.filtered(lambda step: (step.text or "").strip() and not step.given_at)
        given._write_protected({"given_at": entry.date})
        self._refresh_todos()

    # === WHAT THE CUSTOMER SAYS === #

    def _confirm(self, by, author):
        """The customer says that `self` are solved."""
        now = fields.Datetime.now()
        for issue in self:
            issue._note("confirmed", by, author)
        self._write_protected({"state": "closed", "closed_at": now})
        self._refresh_todos()

    def _reopen(self, by, author, text):
        """The customer says that `self` are not solved: they are open again, with a new deadline.

        :param str text: her words
        """
        if others := self.filtered(lambda issue: issue.state not in ("solved", "closed")):
            raise UserError(
                self.env._("%(issue)s is not solved, so it is open as it is.", issue=others[0].display_name)
            )
        now = fields.Datetime.now()
        for company, issues in self.grouped("company_id").items():
            limits = self.env["customer.issue.limit"]._limits_of(company)
            times = [limits[issue.kind]._times()[1] if issue.kind in limits else (0, "hours") for issue in issues]
            deadlines = issues._deadlines([(now, *time) for time in times], company)
            for issue, deadline in zip(issues, deadlines, strict=True):
                issue._note(
                    "reopened",
                    by,
                    author,
                    text,
                    solution_deadline=issue.solution_deadline,
                    solved_at=issue.solved_at,
                )
                issue._write_protected(
                    {
                        "state": "in_progress",
                        "solution_deadline": deadline,
                        "solved_at": False,
                        "closed_at": False,
                        "solution_escalation": 0,
                        "reopen_count": issue.reopen_count + 1,
                    }
                )
        self.env["customer.issue.step"]._make_for(self)
        self._refresh_todos()

    # === THE END === #

    @api.model
    def _cron_close(self):
        """What was solved, and of which the customer said nothing for so many working days, is closed."""
        now = fields.Datetime.now()
        due = self.browse()
        solved = self.search(Domain("state", "=", "solved") & Domain("company_id.sales_dept_issue_close_days", ">", 0))
        for company, issues in solved.grouped("company_id").items():
            days = company.sales_dept_issue_close_days
            until = company.resource_calendar_id._working_day_deadlines(
                [(issue.solved_at, days) for issue in issues], company
            )
            due |= issues.browse(
                issue.id for issue, moment in zip(issues, until, strict=True) if moment and moment < now
            )
        if due:
            self.env["sales.dept.job"]._run(CRON_CLOSE, due, lambda batch: batch._close_silently())

    def _close_silently(self):
        solved = self.filtered(lambda issue: issue.state == "solved")
        solved._write_protected({"state": "closed", "closed_at": fields.Datetime.now()})
        solved._refresh_todos()
