from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

CRON = "sales_dept_logistics.ir_cron_order_exceptions_escalate"
HANDLE = "sales_dept_logistics.mail_activity_order_exception_handle"
TELL = "sales_dept_logistics.mail_activity_order_exception_tell"
ESCALATED = "sales_dept_logistics.mail_activity_order_exception_escalated"


class SaleOrderException(models.Model):
    """Who has something to do about an exception: the account manager, who tells the customer, the superior."""

    _inherit = "sale.order.exception"

    # === TO-DOS === #

    def _refresh_todos(self):
        """Bring the activities on `self` to what is to be done now; where the policy is off, nobody is asked."""
        exceptions = self.sudo().filtered("company_id.sales_dept_order_exceptions")
        to_handle = exceptions.filtered(lambda exception: exception.state == "open")
        to_tell = exceptions.filtered(lambda exception: exception.state == "handled")
        telling = self.env["sales.dept.telling"]
        telling._ask(
            HANDLE,
            [
                (exception, user, exception._prepare_todo(exception.date_handle_by))
                for exception in to_handle
                if (user := exception._responsible())
            ],
            quiet=True,
        )
        telling._ask(
            TELL,
            [
                (exception, user, exception._prepare_todo(exception.date_tell_by))
                for exception in to_tell
                if (user := exception.teller_id.filtered("active") or exception._responsible())
            ],
            quiet=True,
        )
        (self.sudo() - to_handle).activity_unlink([HANDLE, ESCALATED])
        (self.sudo() - to_tell).activity_unlink([TELL])

    def _prepare_todo(self, moment):
        """What an activity about the exception says, which is due at `moment`."""
        self.ensure_one()
        return {"note": _facts_text, "date_deadline": self.company_id._local_day(moment)}

    def _responsible(self):
        """The account manager; where there is none to ask, who leads the department."""
        self.ensure_one()
        order = self.order_id
        Post = self.env["sales.dept.role"]
        people = Post._of_company(order.user_id | order.team_id.user_id, self.company_id)
        return (people or Post._leaders(self.company_id))[:1]

    # === THE SUPERIOR === #

    @api.model
    def _cron_escalate(self):
        """What nobody answered within its working day goes to the superior, once."""
        overdue = self.search(
            Domain("state", "=", "open")
            & Domain("is_escalated", "=", False)
            & Domain("date_handle_by", "<", fields.Datetime.now())
            & Domain("company_id.sales_dept_order_exceptions", "=", True)
        )
        if overdue:
            self.env["sales.dept.job"]._run(CRON, overdue, lambda batch: batch._escalate())

    def _escalate(self):
        """Ask the superiors of the account managers of `self` to see to it."""
        due = self.filtered(lambda exception: exception.state == "open" and not exception.is_escalated)
        due._write_protected({"is_escalated": True})
        superiors = {
            (user, company): self.env["sales.dept.role"]._superiors(user, company)
            for (user, company), exceptions in due.grouped(
                lambda exception: (exception.user_id, exception.company_id)
            ).items()
        }
        self.env["sales.dept.telling"]._ask(
            ESCALATED,
            [
                (exception, superior, {"note": _facts_text})
                for exception in due
                for superior in superiors[exception.user_id, exception.company_id]
            ],
            per_person=True,
        )


def _facts_text(exception):
    """What an activity says about `exception`, in its reader's language."""
    cause = dict(exception._fields["cause"]._description_selection(exception.env))[exception.cause]
    facts = [f"{exception.order_id.name} · {exception.partner_id.display_name}: {cause}"]
    if exception.product_id:
        facts.append(exception.product_id.display_name)
    if exception.date_promised:
        facts.append(exception.env._("Promised for %(day)s", day=format_date(exception.env, exception.date_promised)))
    if exception.date_found:
        facts.append(exception.env._("Planned for %(day)s", day=format_date(exception.env, exception.date_found)))
    return "\n".join(facts)
