from odoo import api, models
from odoo.fields import Domain

from ..approval.terms import record_text
from ..protected_results.client_context import without_client_context


class SaleRushRequest(models.Model):
    """The request's way: asked, judged, and carried out once it is granted."""

    _inherit = "sale.rush.request"

    # === APPROVAL === #

    @api.model
    def _approval_terms_spec(self):
        # Not the dates after: production gives them while the request is under way.
        return {
            "order_id": None,
            "cause": None,
            "reason": None,
            "extra_cost": None,
            "cost_bearer": None,
            "line_ids": {"sale_line_id": None, "quantity": None, "promised_date": None, "wanted_date": None},
            "affected_ids": {"sale_line_id": None, "date_before": None},
        }

    @api.model
    def _approval_line_label(self, lines, values):
        line = values.get("sale_line_id")
        return record_text(line) if line else super()._approval_line_label(lines, values)

    def _approval_submit(self):
        if not self.is_granted:
            self._refresh_dates()
        return super()._approval_submit()

    def _approval_submit_error_message(self):
        return super()._approval_submit_error_message() or "\n".join(self._submit_error_messages()) or False

    def _submit_error_messages(self):
        """Return sentences for all that keeps this request from being asked for."""
        self.ensure_one()
        order = self.order_id.sudo()
        if self.is_granted:
            return [self.env._("%(request)s was granted already.", request=self.name)]
        if order.state == "cancel":
            return [self.env._("%(order)s is cancelled: nothing of it can be rushed.", order=order.name)]
        if order.locked:
            return [
                self.env._("%(order)s is locked: unlock it before a rush is asked for.", order=order.name),
            ]
        if not self.line_ids:
            return [self.env._("%(request)s has no lines yet: say what is wanted earlier.", request=self.name)]
        messages = [message for line in self.line_ids if (message := line._submit_error_message())]
        if not (self.reason or "").strip():
            messages.append(self.env._("Say why it cannot wait: nobody can decide without a reason."))
        if self.extra_cost and not self.cost_bearer:
            messages.append(self.env._("Say who bears the extra cost."))
        return messages + self._waiting_elsewhere_messages()

    def _waiting_elsewhere_messages(self):
        others = (
            self.env["sale.rush.request.line"]
            .sudo()
            .search(Domain("sale_line_id", "in", self.line_ids.sale_line_id.ids) & Domain("request_id", "!=", self.id))
        )
        approvals = others.request_id._approvals_in_force()
        return [
            self.env._(
                "%(line)s waits in %(request)s already: a line can be in one waiting request only.",
                line=other.sale_line_id.display_name,
                request=other.request_id.name,
            )
            for other in others
            if other.request_id.id in approvals and approvals[other.request_id.id].state == "pending"
        ]

    def _prepare_approval_values(self, flow):
        return {
            **super()._prepare_approval_values(flow),
            "partner_id": self.partner_id.id,
            "responsible_id": self.user_id.id,
            "currency_id": self.currency_id.id,
            "amount": self.extra_cost,
        }

    def _on_approval_asked(self, approval, tasks):
        if not approval.decision_ids:
            # A new request is judged anew.
            self.line_ids.filtered("feasible_date").feasible_date = False
        return super()._on_approval_asked(approval, tasks)

    def _on_approval_granted(self, approval):
        self._grant()
        return super()._on_approval_granted(approval)

    # === CARRYING IT OUT === #

    def _grant(self):
        """Carry out what was granted; doing it twice changes nothing."""
        self.ensure_one()
        if self.is_granted:
            return
        request = without_client_context(self).sudo().with_company(self.company_id)
        request._write_protected({"is_granted": True})
        rushed = request.line_ids.filtered(lambda line: line.sale_line_id._is_undelivered())
        for line in rushed:
            line.sale_line_id._write_protected({"is_rush": True, "promised_date": line._granted_date()})
        # What another rush has pushed further back meanwhile stays there.
        pushed = request.affected_ids.filtered(
            lambda row: row._is_open() and row.sale_line_id._planned_date() < row.date_after
        )
        for row in pushed:
            row.sale_line_id._write_protected({"promised_date": row.date_after})
        if rushed:
            request.order_id._write_protected({"is_rush": True})
        (rushed.sale_line_id | pushed.sale_line_id).order_id._apply_promised_dates()
        rushed.sale_line_id._make_supply_urgent()
        request._note_on_orders(rushed, pushed)
        request._tell_managers(pushed)

    def _note_on_orders(self, rushed, pushed):
        """Leave a note on the rushed order and on those that were pushed back."""
        bodies = {
            order.id: self.env._(
                "Pushed back by rush request %(request)s: %(dates)s",
                request=self.name,
                dates=rows._dates_text(),
            )
            for order, rows in pushed.grouped("order_id").items()
        }
        bodies[self.order_id.id] = self.env._(
            "Rush request %(request)s was granted: %(dates)s", request=self.name, dates=rushed._dates_text()
        )
        self.env["sale.order"].browse(bodies)._message_log_batch(bodies, author_id=self.env.user.partner_id.id)

    def _tell_managers(self, pushed):
        """Tell each account manager of the orders pushed back which they are, in one message."""
        for manager, rows in pushed.grouped("user_id").items():
            self.env["sales.dept.telling"]._notify(
                manager,
                lambda reader: reader.env._(
                    "Orders of yours are pushed back by rush request %(request)s", request=self.name
                ),
                lambda reader, rows=rows: reader.env["ir.qweb"]._render(
                    "sales_dept_roles.rush_request_pushed_mail",
                    {"rush": self, "rows": rows.with_context(lang=reader.env.lang)},
                ),
                force_send=False,
            )

    # === THE END === #

    @api.model
    def _approval_ended_domain(self):
        return super()._approval_ended_domain() | Domain("order_id.state", "=", "cancel")

    def _approval_ended_reason(self):
        return self.env._("%(order)s was cancelled.", order=self.order_id.name)
