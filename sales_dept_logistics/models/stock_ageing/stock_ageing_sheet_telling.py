from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

EXPLAIN_ACTIVITY = "sales_dept_logistics.mail_activity_stock_ageing_explain"
UNANSWERED_ACTIVITY = "sales_dept_logistics.mail_activity_stock_ageing_unanswered"
# So many days before the deadline those are reminded who have not answered, and is the director told of them.
REMINDER = timedelta(days=7)
ESCALATION = timedelta(days=3)
# So many products are named in a message.
NAMED = 20


class StockAgeingSheet(models.Model):
    """Who is told of what lies too long: those responsible, at once and again, and in the end the director."""

    _inherit = "stock.ageing.sheet"

    # === TO-DOS === #

    @api.model
    def _approval_todo_types(self):
        return [*super()._approval_todo_types(), EXPLAIN_ACTIVITY, UNANSWERED_ACTIVITY]

    def _approval_todos(self):
        todos = super()._approval_todos()
        asked = self.filtered(lambda sheet: sheet.state == "computed" and sheet.asked_date)
        for sheet, users in asked._unexplained_users().items():
            for user in users:
                if sheet._is_asked(user):
                    todos[sheet.id, EXPLAIN_ACTIVITY, user] = (sheet.deadline, "")
            if sheet._is_up_to_director(users):
                for user in sheet._directors():
                    todos[sheet.id, UNANSWERED_ACTIVITY, user] = (sheet.deadline, "")
        return todos

    def _is_asked(self, user):
        """Whether the responsible `user` is there to be asked."""
        self.ensure_one()
        return bool(user.active and self.company_id in user.company_ids)

    def _is_up_to_director(self, users):
        """Whether the director has to see to the lines that wait for `users`: it is late, or nobody is there to ask."""
        self.ensure_one()
        today = self.company_id._local_today()
        return today >= self.deadline - ESCALATION or not all(map(self._is_asked, users))

    def _directors(self):
        """The directors of the sheet's company."""
        self.ensure_one()
        users = self.env.ref("sales_dept_roles.group_director").sudo().all_user_ids
        return users.filtered(lambda user: user.active and not user.share and self.company_id in user.company_ids)

    # === MESSAGES === #

    def _ask_to_explain(self):
        """Ask those responsible for the lines of `self`, and tell them what passes the limit within a month."""
        self._write_protected({"asked_date": fields.Datetime.now()})
        self._approval_refresh_activities()
        for sheet in self:
            for user, lines in sheet._lines_to_tell().items():
                sheet._tell(user, lines)

    def _lines_to_tell(self, domain=None):
        """Return ``{responsible: their lines over the limit without explanation, or over it within a month}``."""
        self.ensure_one()
        if domain is None:
            domain = Domain("soon_quantity", ">", 0)
        unexplained = Domain("is_over", "=", True) & Domain("is_explained", "=", False)
        lines = self.env["stock.ageing.line"].search(
            Domain("sheet_id", "=", self.id) & Domain("user_id", "!=", False) & (unexplained | domain)
        )
        return {user: lines for user, lines in lines.grouped("user_id").items() if self._is_asked(user)}

    def _tell(self, user, lines):
        """Send `user` one message about their `lines`."""
        self.ensure_one()
        over = lines.filtered(lambda line: line.is_over and not line.is_explained)
        soon = lines.filtered("soon_quantity")
        self.env["sales.dept.telling"]._notify(
            user,
            lambda reader: (
                reader.env._("Please explain: %(sheet)s", sheet=reader.display_name)
                if over
                else reader.env._("Soon over the limit: %(sheet)s", sheet=reader.display_name)
            ),
            lambda reader: reader.env["ir.qweb"]._render(
                "sales_dept_logistics.stock_ageing_mail",
                {
                    "sheet": reader,
                    "over": over[:NAMED].with_env(reader.env),
                    "over_count": len(over),
                    "soon": soon[:NAMED].with_env(reader.env),
                    "soon_count": len(soon),
                },
            ),
            about=self,
            force_send=False,
        )

    @api.model
    def _cron_remind(self):
        """In the last days of the month: remind those who have not answered, then tell the director of them."""
        sheets = self.search([("state", "=", "computed"), ("asked_date", "!=", False)])
        self.env["sales.dept.job"]._run(
            "sales_dept_logistics.ir_cron_stock_ageing_reminders", sheets, lambda batch: batch._remind(), batch_size=10
        )

    def _remind(self):
        waiting = self._unexplained_users()
        for sheet in self.filtered(lambda sheet: sheet in waiting):
            today = sheet.company_id._local_today()
            if today >= sheet.deadline - REMINDER and not sheet.reminded_date:
                for user, lines in sheet._lines_to_tell(Domain.FALSE).items():
                    sheet._tell(user, lines)
                sheet._write_protected({"reminded_date": fields.Datetime.now()})
            if today >= sheet.deadline - ESCALATION and not sheet.escalated_date:
                sheet._tell_directors(waiting[sheet])
                sheet._write_protected({"escalated_date": fields.Datetime.now()})
        self._approval_refresh_activities()

    def _tell_directors(self, waiting):
        """Tell the directors whose answers are missing.

        :param dict waiting: ``{responsible, or nobody: how many lines}``
        """
        self.ensure_one()
        of_person = defaultdict(int)
        for user, count in waiting.items():
            of_person[user.name or ""] += count

        def body(reader):
            nobody = reader.env._("nobody responsible")
            return reader.env._(
                "Goods over the limit are not explained yet, and the month ends on %(day)s: %(people)s.",
                day=reader.env["ir.qweb.field.date"].value_to_html(reader.deadline, {}),
                people=", ".join(f"{name or nobody}: {count}" for name, count in of_person.items()),
            )

        self.env["sales.dept.telling"]._notify(
            self._directors(),
            lambda reader: reader.env._("Not explained: %(sheet)s", sheet=reader.display_name),
            body,
            about=self,
            force_send=False,
        )
