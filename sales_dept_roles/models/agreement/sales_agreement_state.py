from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .sales_agreement import EXPIRING_DAYS


class SalesAgreement(models.Model):
    """In which state an agreement is: it follows from dates, signatures and the scan, today."""

    _inherit = "sales.agreement"

    @api.depends(
        "approval_state",
        "recorded_date",
        "signed_scan",
        "signed_date",
        "date_start",
        "date_last",
        "termination_date",
        "company_id",
    )
    def _compute_state(self):
        # The rules of `_state_to_sql`, in the same order.
        scanned = self._with_scan_ids()
        today_of = {company: company._local_today() for company in self.company_id}
        for agreement in self:
            today = today_of.get(agreement.company_id) or self.env.company._local_today()
            if agreement.termination_date and agreement.termination_date <= today:
                agreement.state = "terminated"
            elif agreement.approval_state != "approved" and not agreement.recorded_date:
                agreement.state = "approval" if agreement.approval_state == "pending" else "draft"
            elif agreement.date_last and agreement.date_last < today:
                agreement.state = "expired"
            elif agreement._origin.id not in scanned or not agreement.signed_date or agreement.date_start > today:
                agreement.state = "approved"
            elif agreement.date_last and agreement.date_last <= today + timedelta(days=EXPIRING_DAYS):
                agreement.state = "expiring"
            else:
                agreement.state = "in_force"

    @api.depends("state", "recorded_by_id", "terminated_by_id", "termination_reason")
    @api.depends_context("lang")
    def _compute_state_note(self):
        for agreement in self:
            sentences = []
            if agreement.recorded_date:
                sentences.append(
                    self.env._(
                        "%(name)s recorded on %(date)s that it is signed on paper; it had no approval.",
                        name=agreement.recorded_by_id.sudo().name,
                        date=agreement.recorded_date,
                    )
                )
            if agreement.termination_date:
                sentences.append(
                    self.env._(
                        "Terminated by %(name)s from %(date)s on: %(reason)s",
                        name=agreement.terminated_by_id.sudo().name,
                        date=agreement.termination_date,
                        reason=agreement.termination_reason,
                    )
                )
            elif agreement.state == "approved" and agreement.signed_date:
                sentences.append(self.env._("Signed: it is in force from %(date)s on.", date=agreement.date_start))
            agreement.state_note = "\n".join(sentences)

    def _with_scan_ids(self):
        """Return the ids of those of `self` that have their signed scan."""
        scans = self.env["ir.attachment"].sudo()
        domain = [("res_model", "=", self._name), ("res_field", "=", "signed_scan"), ("res_id", "in", self._origin.ids)]
        return {res_id for (res_id,) in scans._read_group(domain, ["res_id"])}

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        states = [state for state in value if state]
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IN %s", model._field_to_sql(alias, "state", query), tuple(states) or (None,)
            ),
            predicate=lambda agreement: agreement.state in states,
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        # So that lists are grouped and sorted by it too.
        if field_expr == "state":
            return self._state_to_sql(alias, query)
        return super()._field_to_sql(alias, field_expr, query)

    def _state_to_sql(self, alias, query):
        """`state` as the database sees it, at this moment."""
        return SQL(
            """
            CASE
                WHEN %(termination)s <= %(today)s THEN 'terminated'
                WHEN %(approval)s IS DISTINCT FROM 'approved' AND %(recorded)s IS NULL
                    THEN CASE WHEN %(approval)s = 'pending' THEN 'approval' ELSE 'draft' END
                WHEN %(last)s < %(today)s THEN 'expired'
                WHEN %(signed)s IS NULL OR %(start)s > %(today)s OR NOT EXISTS (
                    SELECT FROM ir_attachment
                    WHERE res_model = %(model)s AND res_field = 'signed_scan' AND res_id = %(id)s
                ) THEN 'approved'
                WHEN %(last)s <= %(today)s + %(days)s THEN 'expiring'
                ELSE 'in_force'
            END
            """,
            today=self.env["res.company"]._local_today_sql(self._field_to_sql(alias, "company_id", query)),
            termination=self._field_to_sql(alias, "termination_date", query),
            approval=self._field_to_sql(alias, "approval_state", query),
            recorded=self._field_to_sql(alias, "recorded_date", query),
            last=self._field_to_sql(alias, "date_last", query),
            signed=self._field_to_sql(alias, "signed_date", query),
            start=self._field_to_sql(alias, "date_start", query),
            id=self._field_to_sql(alias, "id", query),
            model=self._name,
            days=EXPIRING_DAYS,
        )
