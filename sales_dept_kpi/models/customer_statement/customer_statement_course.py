from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.sales_dept_roles.models.protected_results.client_context import without_client_context

from .customer_statement_answering import MOST_OF_NAME

# Who answers for the customers: managers for their own, the others for all.
ANSWERERS = tuple(f"sales_dept_roles.group_{role}" for role in ("account_manager", "assistant", "director"))


class CustomerStatement(models.Model):
    """The way of a statement: sent, confirmed or corrected, answered, verified, validated."""

    _inherit = "customer.statement"

    def _check_may_answer(self):
        """:raises AccessError: for whom these statements are none of theirs"""
        self.check_access("write")
        if not (self.env.su or any(map(self.env.user.has_group, ANSWERERS))):
            raise AccessError(
                self.env._("Statements are answered for by the account manager, the assistant and the director.")
            )

    # === CONFIRMED === #

    def _confirm(self, name, source, partner=None):
        """Note that the customer agrees, once.

        :param str name: who says so
        :param partner: in whose name the portal was used
        """
        self.ensure_one()
        self._lock()
        name = (name or "").strip()[:MOST_OF_NAME]
        if not name:
            raise UserError(self.env._("Write your name to confirm."))
        self._check_answerable()
        if self.open_correction_count:
            raise UserError(
                self.env._("Corrections of this statement are not answered yet. You will get it anew once they are.")
            )
        self._write_protected(
            {
                "confirmed_date": fields.Datetime.now(),
                "confirmed_by": name,
                "confirmed_partner_id": (partner or self.partner_id).id,
                "confirmed_source": source,
            }
        )
        self._end_reminders()

    def _check_answerable(self):
        """:raises UserError: where the customer cannot answer, or did so already"""
        self.ensure_one()
        if self.confirmed_date:
            raise UserError(
                self.env._(
                    "%(name)s confirmed this statement already, on %(day)s.",
                    name=self.confirmed_by,
                    day=self.company_id._local_day(self.confirmed_date),
                )
            )
        if self.state not in ("sent", "corrected"):
            raise UserError(self.env._("%(statement)s is %(state)s.", statement=self.name, state=self._state_text()))

    def action_confirm_on_paper(self):
        """The customer returned the reply slip: its scan proves it."""
        self.ensure_one()
        self._check_may_answer()
        if not self.reply_slip:
            raise UserError(
                self.env._("Put in the scan of the reply slip first: it is what says that the customer agrees.")
            )
        without_client_context(self.sudo())._confirm(self.partner_id.name, "paper")
        return True

    # === CANCELLED === #

    def action_cancel(self):
        """Take back a statement that was not validated; what stands on it may be stated by the next one."""
        self._check_may_answer()
        for statement in without_client_context(self.sudo()):
            statement._lock()
            if statement.state in ("draft", "waiting", "validated", "cancelled"):
                raise UserError(
                    self.env._(
                        "%(statement)s is %(state)s, and is not cancelled.",
                        statement=statement.display_name,
                        state=statement._state_text(),
                    )
                )
            if statement.next_ids.filtered(lambda following: not following.cancelled_date):
                raise UserError(
                    self.env._(
                        "%(statement)s has one that follows it: its balance stands there.",
                        statement=statement.display_name,
                    )
                )
            statement._release()
        return True

    def _release(self):
        self.ensure_one()
        lines = self.line_ids
        lines._write_protected({"in_force": False})
        lines.merged_statement_id._write_protected({"taken_over_by_id": False})
        self._write_protected({"cancelled_date": fields.Datetime.now()})
        self._end_reminders()
        self.flush_recordset()

    # === SCREENS === #

    def action_open_lines(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_dept_kpi.action_customer_statement_lines")
        return {**action, "display_name": self.display_name, "domain": [("statement_id", "=", self.id)]}
