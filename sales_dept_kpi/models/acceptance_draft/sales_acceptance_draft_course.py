from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_date

from odoo.addons.sales_dept_roles.models.protected_results.client_context import without_client_context

HANDLERS = ("sales_dept_roles.group_finance_verifier", "account.group_account_invoice")
# From where to where.
COURSE = {
    "held": ("entered",),
    "endorsed": ("held",),
    "discounted": ("held",),
    "paid": ("held",),
    "dishonoured": ("held", "endorsed", "discounted"),
    "returned": ("held",),
}


class SalesAcceptanceDraft(models.Model):
    """The way of a draft: held, then endorsed, discounted, paid, returned or dishonoured. Finance takes the steps."""

    _inherit = "sales.acceptance.draft"

    # === ACTIONS === #

    def action_receive(self):
        """Register `self`: each becomes a payment, which is matched with what it pays."""
        self._check_handles()
        for draft in self:
            draft._take("held", draft.receipt_date, party=draft.partner_id.commercial_partner_id.name)
        return True

    def action_open_step(self):
        """Ask for what the step named by the button's context needs to know."""
        self.ensure_one()
        self._check_handles()
        kind = self.env.context.get("draft_step")
        kinds = dict(self.env["sales.acceptance.draft.event"]._fields["kind"]._description_selection(self.env))
        return {
            "type": "ir.actions.act_window",
            "name": kinds.get(kind, ""),
            "res_model": "sales.acceptance.draft.step",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_draft_id": self.id, "default_kind": kind},
        }

    # === RIGHTS === #

    @api.model
    def _user_handles(self):
        return self.env.su or any(map(self.env.user.has_group, HANDLERS))

    def _check_handles(self):
        """:raises AccessError: for anybody but finance"""
        if not self._user_handles():
            raise AccessError(
                self.env._(
                    "Drafts are registered, passed on and cashed by finance. Enter what you were handed; finance "
                    "sees it under Acceptance Drafts."
                )
            )
        self.check_access("write")

    # === STEPS === #

    def _take(self, kind, date, **values):
        """Take one step with a draft, book it, and keep what happened.

        :param str kind: a state of :data:`COURSE`
        :param date: the day on which it happened
        :param values: of the event: party, partner_id, account_id, interest, fee, note
        :raises UserError: where the draft is elsewhere, or the day cannot be
        """
        self.ensure_one()
        self._check_handles()
        # Finance may lack a right to the books: the entries are made for them, as the steps say.
        draft = without_client_context(self.sudo()).with_company(self.company_id)
        draft._lock()
        if message := draft._take_error_message(kind, date, values):
            raise UserError(message)
        event = draft._prepare_event_values(kind, date, values)
        move = draft._book(event)
        event |= {"move_id": move.id, "entry_name": move.name}
        draft.env["sales.acceptance.draft.event"].create(event)
        draft._write_protected(draft._prepare_state_values(event))
        draft._after_step(event)

    def _lock(self):
        """Whoever takes a step at the same time begins anew, and finds it taken."""
        self.env.flush_all()
        self.env.cr.execute(SQL("UPDATE sales_acceptance_draft SET write_date = write_date WHERE id = %s", self.id))
        self.invalidate_recordset()

    def _take_error_message(self, kind, date, values):
        """Return why the step cannot be taken, or False."""
        states = dict(self._fields["state"]._description_selection(self.env))
        if self.state not in COURSE[kind]:
            return self.env._(
                "Draft %(number)s: %(state)s. From there it does not become: %(next)s.",
                number=self.name,
                state=states[self.state],
                next=states[kind],
            )
        last = self.event_ids[-1:].date or self.receipt_date
        if date < last:
            return self.env._(
                "Draft %(number)s: %(date)s lies before %(last)s, when it last changed hands.",
                number=self.name,
                date=format_date(self.env, date),
                last=format_date(self.env, last),
            )
        if date > self.company_id._local_today():
            return self.env._(
                "Draft %(number)s: %(date)s is still to come. Note what happened once it did.",
                number=self.name,
                date=format_date(self.env, date),
            )
        if kind in ("endorsed", "discounted") and date > self.maturity_date:
            return self.env._(
                "Draft %(number)s matured on %(date)s: it can be cashed, but no longer passed on.",
                number=self.name,
                date=format_date(self.env, self.maturity_date),
            )
        cost = values.get("interest", 0) + values.get("fee", 0)
        if min(values.get("interest", 0), values.get("fee", 0)) < 0 or cost >= self.amount:
            return self.env._(
                "Draft %(number)s: interest and fees are more than nothing, and less than its amount.",
                number=self.name,
            )
        return False

    def _prepare_event_values(self, kind, date, values):
        round_ = self.currency_id.round
        interest, fee = (round_(values.get(name, 0)) for name in ("interest", "fee"))
        return {
            **values,
            "draft_id": self.id,
            "kind": kind,
            "date": date,
            "amount": self.amount,
            "interest": interest,
            "fee": fee,
            "net_amount": round_(self.amount - interest - fee),
            "user_id": self.env.uid,
        }

    def _prepare_state_values(self, event):
        values = {"state": event["kind"]}
        if event["kind"] != "held":
            values["close_date"] = event["date"]
        if event["kind"] in ("endorsed", "discounted", "paid"):
            values |= {
                "realised_date": event["date"],
                "cost": self.currency_id.round(event["interest"] + event["fee"]),
            }
        elif event["kind"] in ("dishonoured", "returned"):
            values["realised_date"] = False
        return values

    def _after_step(self, event):
        """Called for one draft, as superuser, once the step is taken and booked."""
