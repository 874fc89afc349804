from odoo import models
from odoo.exceptions import UserError
from odoo.tools import get_lang

from odoo.addons.sales_dept_roles.models.protected_results.client_context import without_client_context


class FreightStatementLine(models.Model):
    """What people decide about exceptions: accepted, disputed, left out; matched by hand."""

    _inherit = "freight.statement.line"

    # === ACTIONS === #

    def action_accept(self):
        """Pay the lines of `self` as they are charged."""
        return self._decide("accept")

    def action_dispute(self):
        """Pay of the lines of `self` only what we hold to be due, and claim the rest from the carrier."""
        return self._decide("dispute")

    def action_undo(self):
        """Take the decisions back."""
        return self._decide(False)

    def action_exclude(self):
        """Ask why the lines of `self` are left out."""
        self._check_decidable()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Leave Out"),
            "res_model": "freight.statement.exclude",
            "view_mode": "form",
            "target": "new",
            "context": {"default_line_ids": self.ids},
        }

    def action_match_by_hand(self):
        """Show the waybills that the line may be for, the likeliest first."""
        self.ensure_one()
        self._check_decidable()
        return self.env["freight.statement.match"]._open_for(self)

    def action_unmatch(self):
        """Take back waybills that were chosen by hand."""
        self._check_decidable()
        return self._match_by_hand(self.env["freight.waybill"])

    def action_open_waybill(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "freight.waybill",
            "res_id": (self.waybill_id or self.other_waybill_id).id,
            "views": [(False, "form")],
        }

    # === DECISIONS === #

    def _check_decidable(self):
        self.check_access("write")
        self.statement_id._check_lines_open()
        for statement in self.statement_id:
            if statement.state != "open":
                raise UserError(self.env._("%(statement)s is not matched yet.", statement=statement.display_name))

    def _decide(self, decision, note=False):
        """Write what was decided about `self`, by whom and why; False takes it back."""
        self._check_decidable()
        lines = without_client_context(self.sudo())
        statements = lines.statement_id
        for statement in statements:
            statement._lock()
        if decision in ("accept", "dispute") and (agreeing := lines.filtered(lambda line: not line.is_exception)[:1]):
            raise UserError(
                self.env._("%(line)s is no exception: there is nothing to decide about it.", line=agreeing.display_name)
            )
        was_excluded = lines.filtered(lambda line: line.decision == "exclude")
        lines._write_protected(
            {"decision": decision, "decision_user_id": decision and self.env.user, "decision_note": note}
        )
        self.env.flush_all()
        for statement, of_statement in lines.grouped("statement_id").items():
            if decision == "exclude" or was_excluded & of_statement:
                # Another line may bill now what this one did.
                statement._match_again()
            else:
                statement._take_payable(of_statement)
                self.env.invalidate_all(flush=False)
                statement._take_totals()
        return True

    def _match_by_hand(self, waybill):
        """Give the shipment of `self` the `waybill`, or none, and see what that changes.

        All charges under the same number are of the same shipment.
        """
        lines = without_client_context(self.sudo())
        for statement, chosen in lines.grouped("statement_id").items():
            statement._lock()
            keys = set(chosen.filtered("number_key").mapped("number_key"))
            together = chosen | statement.line_ids.filtered(
                lambda line, keys=keys: (
                    line.number_key in keys
                    and line.role != "missing"
                    and (not line.waybill_id or line.match_pass == "hand")
                )
            )
            together._write_protected({"waybill_id": waybill.id, "match_pass": "hand" if waybill else False})
            self.env.flush_all()
            statement._match_again()
        return True

    # === DISPUTES === #

    def _prepare_dispute_values(self):
        """What is claimed about the line, in the carrier's language."""
        self.ensure_one()
        partner = self.carrier_id.sudo().partner_id
        told = self.with_context(lang=partner.lang or get_lang(self.env).code)
        return {
            "line_id": self.id,
            "reference": self.reference,
            "ship_date": self.ship_date,
            "charge_label": self.charge_label or told.kind_id.name,
            "waybill_name": (self.waybill_id or self.other_waybill_id).name,
            "charged_amount": self.amount,
            "due_amount": self.payable_amount,
            "reason": told.difference_reason,
        }
