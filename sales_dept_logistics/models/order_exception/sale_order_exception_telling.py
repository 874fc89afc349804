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
        people = _of_company(order.user_id | order.team_id.user_id, self.company_id)
        return (people or self._leaders(self.company_id))[:1]

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
            (user, company): exceptions._superiors(user, company)
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

    @api.model
    def _superiors(self, user, company):
        """Who is above the account manager `user`: whoever holds the post that theirs reports to, else who leads."""
        Post = self.env["sales.dept.role"].sudo().with_context(allowed_company_ids=company.ids)
        posts = Post.search([("user_ids", "in", user.ids)]) if user else Post
        above = posts.parent_id.user_ids - user
        if superiors := _of_company(above, company):
            return superiors
        return self._leaders(company, besides=user)

    @api.model
    def _leaders(self, company, besides=None):
        """The directors of the company, and the general managers where there is none but `besides`."""
        for role in ("director", "general_manager"):
            users = self.env.ref(f"sales_dept_roles.group_{role}").sudo().all_user_ids
            if users := _of_company(users, company) - (besides or users.browse()):
                return users
        return self.env["res.users"]


def _of_company(users, company):
    return users.filtered(lambda user: user.active and not user.share and company in user.company_ids)


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
