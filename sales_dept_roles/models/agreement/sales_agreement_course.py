from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_date, is_html_empty

from ..approval.term_contents import PAYMENT_TERM, contact
from ..clock.bounds import check_dates
from ..protected_results.client_context import without_client_context
from .sales_agreement import IN_FORCE, REMINDER_DAYS, RENEWAL_ACTIVITY, RENEWED_SAME


class SalesAgreement(models.Model):
    """The agreement's way: approved, or recorded as signed on paper; renewed, terminated."""

    _inherit = "sales.agreement"

    # === APPROVAL === #

    @api.model
    def _approval_terms_spec(self):
        # The signed paper is not among them: it comes after the approval, and has rules of its own.
        terms = dict.fromkeys(
            [
                "company_id",
                "kind",
                "partner_id",
                "our_signatory_id",
                "their_signatory",
                "subject",
                "terms",
                "payment_term_id",
                "payment_base",
                "date_start",
                "date_end",
            ]
        )
        return {**terms, "partner_id": contact(self.env, "vat"), "payment_term_id": PAYMENT_TERM}

    @api.model
    def _approval_kind(self):
        return self.env._("Agreement")

    def _approval_submit_error_message(self):
        message = super()._approval_submit_error_message()
        if not message and self.recorded_date:
            message = self.env._("%(number)s was recorded as signed: it needs no approval.", number=self.name)
        if not message and self.termination_date:
            message = self.env._("%(number)s is terminated: make a new agreement.", number=self.name)
        if not message and is_html_empty(self.terms):
            message = self.env._(
                "Agreement %(number)s says nothing yet: write down its main terms, they are what is signed.",
                number=self.name,
            )
        return message

    @api.model
    def _approval_ended_domain(self):
        return super()._approval_ended_domain() | Domain("termination_date", "!=", False)

    def _prepare_approval_values(self, flow):
        return {
            **super()._prepare_approval_values(flow),
            "partner_id": self.partner_id.id,
            "responsible_id": self.user_id.id,
        }

    # === RECORDING PAPER THAT IS SIGNED ALREADY === #

    @api.model
    def _agreement_user_leads(self):
        """Whether the user may decide about agreements outside the flow: the director or the general manager."""
        user = self.env.user
        return self.env.su or any(
            user.has_group(f"sales_dept_roles.{group}") for group in ("group_director", "group_general_manager")
        )

    def _check_leads(self):
        if not self._agreement_user_leads():
            raise AccessError(
                self.env._("Only the sales director or the general manager may do this: ask one of them.")
            )

    def action_record_signed(self):
        """Take agreements that were signed on paper before the rule came as they are, without an approval."""
        self._check_leads()
        self.check_access("write")
        for agreement in self:
            if message := agreement._record_signed_error_message():
                raise UserError(message)
        for company, agreements in self.grouped("company_id").items():
            agreements._write_protected({"recorded_date": company._local_today(), "recorded_by_id": self.env.user})
        self._message_log_batch(
            {
                agreement.id: self.env._(
                    "Recorded as signed on %(date)s, without approval.", date=agreement.signed_date
                )
                for agreement in self
            }
        )
        return True

    def _record_signed_error_message(self):
        """Return why this agreement cannot be recorded as signed, or False."""
        self.ensure_one()
        if self.state != "draft" or self.approval_state == "stale":
            return self.env._("%(number)s is no draft: it follows its approval.", number=self.name)
        if not self._with_scan_ids() or not self.signed_date:
            return self.env._(
                "%(number)s has no signed scan or no date of signature: add both, they are what is recorded.",
                number=self.name,
            )
        since = self.company_id.sudo().sales_dept_agreement_date
        if since and self.signed_date >= since:
            return self.env._(
                "%(number)s was signed on %(signed)s. Since %(since)s agreements are approved before they are signed: "
                "submit it for approval.",
                number=self.name,
                signed=self.signed_date,
                since=since,
            )
        return False

    # === RENEWAL === #

    def action_renew(self):
        """Open the agreement that follows this one; make it where there is none yet."""
        self.ensure_one()
        self.check_access("write")
        successor = self.sudo().successor_id
        if not successor:
            # One that was recorded before there were bounds.
            check_dates(self, "date_start", "date_end")
            if self.state not in (*IN_FORCE, "expired"):
                raise UserError(
                    self.env._(
                        "%(number)s was never in force, or is terminated: make a new agreement instead.",
                        number=self.name,
                    )
                )
            successor = without_client_context(self).create(self._prepare_renewal_values())
            self._close_reminders(self.env._("Renewed by %(number)s.", number=successor.name))
            self._message_log(body=self.env._("Renewed by %(number)s.", number=successor._get_html_link()))
        return successor.sudo(False)._action_open()

    def _prepare_renewal_values(self):
        today = self.company_id._local_today()
        start = (self.date_last or today) + timedelta(days=1)
        end = False
        if self.date_end:
            # As long as this one: a year that ends on the last day of February too.
            length = relativedelta(self.date_end + timedelta(days=1), self.date_start)
            end = start + length - timedelta(days=1)
        return {
            **{name: self._fields[name].convert_to_write(self[name], self) for name in RENEWED_SAME},
            "predecessor_id": self.id,
            "user_id": self.user_id.id,
            "our_signatory_id": self.our_signatory_id.id,
            "their_signatory": self.their_signatory,
            "subject": self.subject,
            "terms": self.terms,
            "payment_term_id": self.payment_term_id.id,
            "payment_base": self.payment_base,
            "date_start": start,
            "date_end": end,
        }

    def _action_open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Agreement"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def action_open_successor(self):
        self.ensure_one()
        return self.successor_id._action_open()

    # === TERMINATION === #

    def action_open_terminate(self):
        """Ask for the date and the reason."""
        self._check_leads()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Terminate"),
            "res_model": "sales.agreement.terminate",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_agreement_id": self.id},
        }

    def _terminate(self, date, reason):
        """End the agreements of `self` from `date` on.

        :raises AccessError: for anybody but the director and the general manager
        :raises UserError: when the reason is missing, or one of them is not in force
        """
        self._check_leads()
        self.check_access("write")
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the agreement ends: the reason stays with it."))
        for agreement in self:
            if agreement.state not in ("approved", *IN_FORCE):
                raise UserError(
                    self.env._("%(number)s is not in force: there is nothing to terminate.", number=agreement.name)
                )
            if date < agreement.date_start:
                raise UserError(
                    self.env._(
                        "%(number)s starts on %(start)s: it cannot end before.",
                        number=agreement.name,
                        start=agreement.date_start,
                    )
                )
        self._write_protected(
            {"termination_date": date, "termination_reason": reason, "terminated_by_id": self.env.user}
        )
        text = self.env._("Terminated from %(date)s on. %(reason)s", date=date, reason=reason)
        self._close_reminders(text)
        self._message_log_batch(dict.fromkeys(self.ids, text))

    # === REMINDERS === #

    def _close_reminders(self, feedback):
        """Nobody needs to renew `self` any more, because of `feedback`."""
        # They may be somebody else's.
        self.sudo().activity_feedback([RENEWAL_ACTIVITY], feedback=feedback)

    @api.model
    def _cron_remind_renewals(self):
        """Once a day: tell the responsible that an agreement ends, at each of the thresholds once.

        What was missed while the server was down is made up for with the nearest threshold.
        """
        ending = self.search(
            Domain("state", "=", "expiring")
            & Domain("termination_date", "=", False)
            & Domain("successor_ids", "=", False)
        )
        self.env["sales.dept.job"]._run(
            "sales_dept_roles.ir_cron_agreement_renewals", ending, lambda batch: batch._remind_of_renewal()
        )

    def _remind_of_renewal(self):
        """Remind of those of `self` whose next threshold is reached."""
        wanted = []
        for agreement in self:
            left = (agreement.date_last - agreement.company_id._local_today()).days
            threshold = min(days for days in REMINDER_DAYS if left <= days)
            if not agreement.renewal_reminded or threshold < agreement.renewal_reminded:
                wanted.append((agreement, agreement._renewal_user(), agreement._prepare_reminder_values(threshold)))
                agreement._write_protected({"renewal_reminded": threshold})
        self.env["sales.dept.telling"]._ask(RENEWAL_ACTIVITY, wanted)

    def _prepare_reminder_values(self, threshold):
        # Until the next reminder, or the end.
        days_left = max([days for days in REMINDER_DAYS if days < threshold] or [0])
        return {
            "date_deadline": self.date_last - timedelta(days=days_left),
            "summary": lambda agreement: agreement.env._(
                "Ends on %(date)s: renew or let it end", date=format_date(agreement.env, agreement.date_last)
            ),
        }

    def _renewal_user(self):
        """Who is reminded: the responsible, or a director where that person has left."""
        self.ensure_one()
        if self.user_id.active:
            return self.user_id
        directors = self.env.ref("sales_dept_roles.group_director").all_user_ids
        return directors.filtered(lambda user: self.company_id in user.company_ids)[:1] or self.env.user
