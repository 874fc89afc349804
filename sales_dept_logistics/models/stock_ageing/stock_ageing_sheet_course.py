from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.sales_dept_roles.models.protected_results.client_context import without_client_context

from .days import last_month_end

# So many lines are named in a sentence.
NAMED = 5


class StockAgeingSheet(models.Model):
    """The way of a sheet: figures taken, taken again, explained; each month's is made by the system."""

    _inherit = "stock.ageing.sheet"

    # === ACTIONS === #

    def action_compute(self):
        """Take the figures of the drafts `self`."""
        self.check_access("write")
        for sheet in self:
            if sheet.state != "draft":
                raise UserError(self.env._("%(sheet)s has its figures already.", sheet=sheet.display_name))
            without_client_context(sheet.sudo())._take_figures()
        return True

    def action_compute_again(self):
        """Take the figures of this sheet's day again, on a sheet of their own, and open that one."""
        self.ensure_one()
        self.check_access("write")
        if self.state not in ("computed", "waiting"):
            raise UserError(
                self.env._(
                    "The figures of %(sheet)s are not taken again: it is %(state)s.",
                    sheet=self.display_name,
                    state=dict(self._fields["state"]._description_selection(self.env))[self.state],
                )
            )
        return without_client_context(self.sudo())._compute_again()._open_form()

    def action_ask(self):
        """Ask those who are responsible for an explanation of what is over the limit."""
        self.check_access("write")
        for sheet in self:
            if sheet.state != "computed":
                raise UserError(self.env._("%(sheet)s is not to be explained now.", sheet=sheet.display_name))
        without_client_context(self.sudo())._ask_to_explain()
        return True

    def action_open_lines(self):
        """Open the lines of this sheet that the user may see."""
        self.ensure_one()
        return self._lines_action({})

    def action_open_mine(self):
        self.ensure_one()
        return self._lines_action({"search_default_mine": 1, "search_default_over": 1})

    def action_open_unexplained(self):
        self.ensure_one()
        return self._lines_action({"search_default_unexplained": 1})

    def _lines_action(self, context):
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_dept_logistics.action_stock_ageing_lines")
        return {**action, "domain": [("sheet_id", "=", self.id)], "context": context}

    def _open_form(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    # === FIGURES === #

    def _take_figures(self, before=None):
        """Take the figures of this draft, as superuser.

        :param before: the sheet of the same day that it replaces, whose answers it goes on with
        """
        self.ensure_one()
        months = self.company_id.sales_dept_max_stock_months
        self._write_protected({"limit_months": months, "computed_date": fields.Datetime.now()})
        self._write_lines(before)
        self._write_protected(self._sum_lines())
        self._message_log(
            body=self.env._("Figures taken as of %(date)s.", date=format_date(self.env, self.date)),
            author_id=self.env.user.partner_id.id,
        )
        if self.date == last_month_end(self.company_id._local_today()):
            self._ask_to_explain()

    def _compute_again(self):
        """Replace this sheet by one with figures as they are now; return the new one."""
        self.ensure_one()
        self._supersede()
        sheet = self.create({"company_id": self.company_id.id, "date": self.date})
        self._write_protected({"successor_id": sheet})
        sheet._take_figures(self)
        self._approval_refresh_activities()
        return sheet

    def _sum_lines(self):
        """The totals of this sheet."""
        sums = {
            "total_value": "value",
            **{name: name for name in ("value_0_30", "value_31_60", "value_61_90", "value_over_90")},
            "over_value": "over_value",
            "non_moving_value": "non_moving_value",
        }
        lines = self.env["stock.ageing.line"]
        ((*values, count),) = lines._read_group(
            [("sheet_id", "=", self.id)], [], [*(f"{name}:sum" for name in sums.values()), "__count"]
        )
        over = lines.search_count([("sheet_id", "=", self.id), ("is_over", "=", True)]) if count else 0
        return {**dict(zip(sums, (value or 0.0 for value in values), strict=True)), "over_count": over}

    # === EXPLAINING === #

    def _unexplained_message(self):
        """Return which lines over the limit lack an explanation, and whose they are, or False."""
        self.ensure_one()
        lines = self.env["stock.ageing.line"].sudo()
        domain = [("sheet_id", "=", self.id), ("is_over", "=", True), ("is_explained", "=", False)]
        count = lines.search_count(domain)
        if not count:
            return False
        named = [
            self.env._(
                "%(product)s (%(person)s)",
                product=line.product_id.display_name,
                person=line.user_id.name or self.env._("nobody responsible"),
            )
            for line in lines.search(domain, limit=NAMED)
        ]
        return self.env._(
            "%(sheet)s: each line over the limit wants a cause, a measure, its date and who does it. Not explained yet "
            "(%(count)s): %(lines)s%(more)s.",
            sheet=self.display_name,
            count=count,
            lines=", ".join(named),
            more=", …" if count > NAMED else "",
        )

    def _printed_lines(self):
        """The lines on paper, as far as the user sees them: over the limit, and what came of those that were."""
        self.ensure_one()
        over = Domain("is_over", "=", True) | Domain("previous_id", "!=", False)
        return self.env["stock.ageing.line"].search(Domain("sheet_id", "=", self.id) & over)

    # === EACH MONTH === #

    @api.model
    def _cron_month_end(self):
        """Make the sheet of the last month's end, for each company that wants one and has none that is of then."""
        companies = self.env["res.company"].search([("sales_dept_stock_ageing", "=", True)])
        self.env["sales.dept.job"]._run(
            "sales_dept_logistics.ir_cron_stock_ageing_sheets",
            companies.filtered(self._lacks_month_end),
            self._make_month_end,
            batch_size=1,
        )

    @api.model
    def _lacks_month_end(self, company):
        sheet = self._month_end_of(company)
        too_early = sheet.computed_date and sheet.company_id._local_day(sheet.computed_date) <= sheet.date
        return not sheet.computed_date or bool(too_early and sheet.state in ("computed", "waiting"))

    @api.model
    def _make_month_end(self, companies):
        for company in companies:
            sheet = self._month_end_of(company)
            if sheet.computed_date:
                sheet._compute_again()
            else:
                day = last_month_end(company._local_today())
                sheet = sheet or self.with_company(company).create({"company_id": company.id, "date": day})
                sheet._take_figures()

    @api.model
    def _month_end_of(self, company):
        """The sheet of the last month's end of `company`, or none."""
        return self.search(
            Domain("company_id", "=", company.id)
            & Domain("date", "=", last_month_end(company._local_today()))
            & Domain("superseded_date", "=", False)
        )

    def _last_month(self):
        """The sheet whose answers stand beside this one's: that of the month's end before, or none."""
        self.ensure_one()
        return self.search(
            Domain("company_id", "=", self.company_id.id)
            & Domain("date", "<", self.date)
            & Domain("is_month_end", "=", True)
            & Domain("computed_date", "!=", False)
            & Domain("superseded_date", "=", False),
            order="date desc",
            limit=1,
        )
