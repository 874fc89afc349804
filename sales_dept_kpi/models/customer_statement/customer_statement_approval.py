from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CustomerStatement(models.Model):
    """What the customer confirmed is verified by finance; from then on it stays as it is."""

    _inherit = "customer.statement"

    @api.model
    def _approval_terms_spec(self):
        return {
            **super()._approval_terms_spec(),
            **dict.fromkeys(
                [
                    "company_id",
                    "partner_id",
                    "currency_id",
                    "name",
                    "version",
                    "date_from",
                    "date_to",
                    "opening_balance",
                    "shipped_total",
                    "returned_total",
                    "adjusted_total",
                    "received_total",
                    "closing_balance",
                    "confirmed_by",
                    "confirmed_date",
                    "lines_digest",
                ]
            ),
        }

    @api.model
    def _approval_ended_domain(self):
        return super()._approval_ended_domain() | Domain("cancelled_date", "!=", False)

    def _approval_submit_error_message(self):
        message = super()._approval_submit_error_message()
        if message:
            return message
        if self.validated_date:
            return self.env._("%(statement)s is validated already.", statement=self.display_name)
        if not self.confirmed_date:
            return self.env._("%(statement)s is not confirmed by the customer yet.", statement=self.display_name)
        if not self._is_sealed():
            return self._unsealed_message()
        return False

    def _is_sealed(self):
        """Whether the lines are those that went out in the version which the customer confirmed."""
        self.ensure_one()
        issue = self.issue_ids.filtered(lambda issue: issue.version == self.version)
        return issue.lines_digest == self.lines_digest == self._digest_lines()

    def _unsealed_message(self):
        self.ensure_one()
        return self.env._(
            "The lines of %(statement)s are not those that the customer confirmed.", statement=self.display_name
        )

    def _approval_submit(self):
        self.filtered(lambda statement: statement.state == "confirmed")._write_protected({"preparer_id": self.env.user})
        return super()._approval_submit()

    def _approval_decision_error_message(self, tasks, outcome):
        message = super()._approval_decision_error_message(tasks, outcome)
        if not message and outcome == "approved" and not self.sudo()._is_sealed():
            message = self._unsealed_message()
        return message

    def _on_approval_granted(self, approval):
        self._write_protected({"validated_date": fields.Datetime.now()})
        return super()._on_approval_granted(approval)

    def action_reopen(self):
        """Ask the customer once more: what was confirmed did not pass finance."""
        self._check_may_answer()
        for statement in self.sudo():
            statement._lock()
            if statement.state != "confirmed" or statement.approval_state != "rejected":
                raise UserError(
                    self.env._(
                        "%(statement)s was not refused by finance: it stays as the customer confirmed it.",
                        statement=statement.display_name,
                    )
                )
            statement._write_protected({"confirmed_date": False, "confirmed_by": False, "confirmed_source": False})
        return True
