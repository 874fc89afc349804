from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, formatLang

from odoo.addons.sales_dept_roles.models.register.register_column import RegisterColumn

CRON = "sales_dept_kpi.ir_cron_collection_promises"
BROKEN = "sales_dept_kpi.mail_activity_collection_promise_broken"


class SalesCollectionPromise(models.Model):
    """The way of a promise: its day passes and its outcome is kept; one that was broken is asked about, once."""

    _name = "sales.collection.promise"
    _inherit = ["sales.collection.promise", "sales.dept.register.mixin"]

    # === ACTIONS === #

    def action_withdraw(self):
        """The customer took it back, or it was written down by mistake; only as long as its day has not passed."""
        self.check_access("write")
        for promise in self:
            if promise.outcome or promise.date < promise.company_id._local_today():
                raise UserError(self.env._("%(promise)s is decided: it stays as it is.", promise=promise.display_name))
        self._write_protected({"outcome": "withdrawn", "judged_date": fields.Datetime.now()})
        return True

    # === ITS DAY HAS PASSED === #

    @api.model
    def _cron_judge(self):
        """Keep the outcome of the promises whose day has passed where their company is."""
        promises = self.search([("outcome", "=", False)]).filtered(
            lambda promise: promise.date < promise.company_id._local_today()
        )
        if promises:
            self.env["sales.dept.job"]._run(CRON, promises, lambda batch: batch._judge())

    def _judge(self):
        """Keep the outcome of `self`, whose day has passed, and ask about those that were not kept."""
        promises = self.filtered(lambda promise: not promise.outcome)
        paid = promises._paid_in_time()
        now = fields.Datetime.now()
        for promise in promises:
            amount = paid[promise.id]
            promise._write_protected({"outcome": promise._outcome_of(amount), "paid_then": amount, "judged_date": now})
        missed = promises.filtered(lambda promise: promise.outcome in ("broken", "partly"))
        self.env["sales.dept.telling"]._ask(
            BROKEN,
            [(promise, promise.user_id, {"note": _missed_text}) for promise in missed if promise.user_id.active],
            quiet=True,
        )

    # === REGISTER === #

    @api.model
    def _register_title(self):
        return self.env._("Promises")

    @api.model
    def _register_columns(self):
        return [
            "date", "partner_id", RegisterColumn("items_text", width=30), "currency_id", "amount", "paid", "state",
            "judged_date", "person_id", "user_id", "create_date", RegisterColumn("note", width=40),
            RegisterColumn("company_id", width=30),
        ]  # fmt: skip


def _missed_text(promise):
    """What is said of a promise that was not kept, in its reader's language."""
    return promise.env._(
        "%(customer)s promised %(amount)s for %(date)s and paid %(paid)s by then (%(documents)s). Call, and ask for a "
        "new day.",
        customer=promise.partner_id.name,
        amount=formatLang(promise.env, promise.amount, currency_obj=promise.currency_id),
        paid=formatLang(promise.env, promise.paid, currency_obj=promise.currency_id),
        date=format_date(promise.env, promise.date),
        documents=promise.items_text,
    )
