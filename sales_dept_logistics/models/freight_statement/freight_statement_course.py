from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.sales_dept_roles.models.protected_results.client_context import without_client_context


class FreightStatement(models.Model):
    """The way of a statement: matched, checked, verified by finance, signed by the director."""

    _inherit = "freight.statement"

    # === ACTIONS === #

    def action_match(self):
        """Queue the statements of `self` for matching, as they are now."""
        self.check_access("write")
        for statement in self:
            if not statement.line_ids[:1]:
                raise UserError(
                    self.env._(
                        "%(statement)s has no lines yet: drop the carrier's file on it first.",
                        statement=statement.display_name,
                    )
                )
        without_client_context(self)._after_reading()
        return True

    def action_cancel(self):
        """Take the statements of `self` back: what they billed for the first time may be billed again."""
        self.check_access("write")
        for statement in self:
            if statement.state == "signed":
                raise UserError(
                    self.env._("%(statement)s is signed, and stays as it is.", statement=statement.display_name)
                )
        for statement in without_client_context(self.sudo()):
            statement._lock()
            statement._release()
            statement._write_protected({"cancelled_date": fields.Datetime.now()})
        self.env.invalidate_all()
        return True

    def action_open_lines(self):
        self.ensure_one()
        return self._lines_action({})

    def action_open_exceptions(self):
        self.ensure_one()
        return self._lines_action({"search_default_exceptions": 1, "search_default_group_difference": 1})

    def action_open_undecided(self):
        self.ensure_one()
        return self._lines_action({"search_default_undecided": 1, "search_default_group_difference": 1})

    def _lines_action(self, context):
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_dept_logistics.action_freight_statement_lines")
        return {
            **action,
            "display_name": self.display_name,
            "domain": [("statement_id", "=", self.id)],
            "context": {**context, "default_statement_id": self.id},
        }

    # === APPROVAL === #

    @api.model
    def _approval_terms_spec(self):
        return {
            **super()._approval_terms_spec(),
            **dict.fromkeys(
                [
                    "company_id",
                    "carrier_id",
                    "date_from",
                    "date_to",
                    "currency_id",
                    "row_count",
                    "excluded_row_count",
                    "total_amount",
                    "expected_total",
                    "disputed_total",
                    "excluded_total",
                    "payable_total",
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
        if self.signed_date:
            return self.env._("%(statement)s is signed already.", statement=self.display_name)
        if not self.matched_date:
            return self.env._("%(statement)s is not matched yet.", statement=self.display_name)
        if self.open_count:
            return self.env._(
                "%(statement)s: %(count)s exceptions are not decided yet. Accept, dispute or leave out each of them.",
                statement=self.display_name,
                count=self.open_count,
            )
        if not self.carrier_id.sudo().partner_id:
            return self.env._(
                "%(carrier)s has no company that could be paid: enter it on the carrier.",
                carrier=self.carrier_id.display_name,
            )
        return False

    def _approval_submit(self):
        for statement in self.filtered(lambda statement: statement.state == "open"):
            statement._check_sums()
        return super()._approval_submit()

    def _approval_decision_error_message(self, tasks, outcome):
        message = super()._approval_decision_error_message(tasks, outcome)
        if not message and outcome == "approved" and self.lines_digest != self._digest_lines():
            message = self.env._(
                "The lines of %(statement)s are not those that were submitted.", statement=self.display_name
            )
        return message

    def _on_approval_granted(self, approval):
        self._write_protected({"signed_date": fields.Datetime.now()})
        self._after_signing()
        return super()._on_approval_granted(approval)

    def _after_signing(self):
        """Called for one statement, as superuser, once the last signature is there."""
