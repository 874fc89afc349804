from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Date, Domain

from .asked import Days, company_of_id, day_of_id, days_of
from .sales_progress_document import FIGURES, SalesProgressDocument

MOST_DAYS = 366
# Whoever holds one of these roles has a row, whatever they did.
SELLERS = ("sales_dept_roles.group_account_manager", "sales_dept_roles.group_director")


class SalesDailyProgress(models.Model):
    """The day's sheet: what each person brought in today and in the month so far, beside the plan.

    One row per day, company and person; documents of nobody have a row of their team, so that the rows add up to the
    company. It is computed when somebody looks, for the days that the search speaks of, else for today.
    """

    _name = "sales.daily.progress"
    _description = "Daily Progress"
    _auto = False
    _order = "date desc, id"
    _rec_name = "user_id"
    _depends = {**SalesProgressDocument._depends, "res.company": ["currency_id"]}

    date = fields.Date(readonly=True, help="The company's day.")
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one("res.users", "Person", readonly=True, help="Empty: documents without a salesperson.")
    team_id = fields.Many2one("crm.team", readonly=True)
    order_day = fields.Monetary("Orders", readonly=True, help="Confirmed on this day.")
    order_month = fields.Monetary("Orders, Month", readonly=True, help="From the first of the month to this day.")
    shipment_day = fields.Monetary("Shipments", readonly=True, help="Left for customers on this day, less returns.")
    shipment_month = fields.Monetary("Shipments, Month", readonly=True, help="From the first of the month to this day.")
    invoice_day = fields.Monetary("Invoices", readonly=True, help="Dated on this day, less credit notes.")
    invoice_month = fields.Monetary("Invoices, Month", readonly=True, help="From the first of the month to this day.")
    receipt_day = fields.Monetary("Receipts", readonly=True, help="Paid on this day, with tax.")
    receipt_month = fields.Monetary("Receipts, Month", readonly=True, help="From the first of the month to this day.")
    plan_month = fields.Monetary("Plan of the Month", readonly=True, help="The sales target of the month.")
    plan_day = fields.Monetary(
        "Plan to Date",
        readonly=True,
        help="The month's plan by working days: what should be reached when work closes on this day.",
    )
    reached = fields.Monetary(
        readonly=True,
        help="The month so far by what the company's targets count: invoices, shipments or orders.",
    )
    share = fields.Float(
        "Of Plan (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="What is reached of the plan to date; of a group, of all its rows together. Empty without a plan.",
    )

    # === THE ROWS === #

    @property
    def _table_query(self):
        asked = self.env.context.get("sales_progress_days")
        companies = self.env.companies
        if not asked and self.ids:
            asked = Days(day_of_id(min(self.ids)), day_of_id(max(self.ids)))
            companies = companies.browse(sorted({company_of_id(key) for key in self.ids}))
        return self._sheet_sql({company: asked or self._today_of(company) for company in companies})

    @api.model
    def _today_of(self, company):
        return Days(company._local_today(), company._local_today())

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Have the rows made for the days that `domain` asks for."""
        conditions = list(Domain(domain).optimize_full(self).iter_conditions())
        days = days_of([(leaf.operator, leaf.value) for leaf in conditions if leaf.field_expr == "date"])
        ids = [key for leaf in conditions if (leaf.field_expr, leaf.operator) == ("id", "in") for key in leaf.value]
        rows = self.browse(() if days else ids)
        if days:
            self._check_days(days)
        return super(SalesDailyProgress, rows.with_context(sales_progress_days=days))._search(domain, *args, **kwargs)

    @api.model
    def _check_days(self, days):
        if not days.first or not days.last or (days.last - days.first).days >= MOST_DAYS:
            raise UserError(
                self.env._(
                    "The daily progress is computed for the days that you ask for, %(most)s at most: say from which "
                    "day to which.",
                    most=MOST_DAYS,
                )
            )

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """The share of a group is that of its sums: an average of shares would weigh small plans like great ones."""
        if aggregate_spec == "share:avg":
            return self._share_sql(self._field_to_sql(self._table, "reached", query), query)
        return super()._read_group_select(aggregate_spec, query)

    # === ACTIONS === #

    @api.readonly
    def action_open_documents(self):
        """Open what a figure is made of.

        The context says which: ``progress_figure``, all without one, and ``progress_span``, ``day`` or ``month``.
        """
        self.ensure_one()
        figure, span = self.env.context.get("progress_figure"), self.env.context.get("progress_span", "day")
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_dept_kpi.action_sales_progress_documents")
        titles = dict(self.env["sales.progress.document"]._fields["figure"]._description_selection(self.env))
        action["domain"] = list(self._documents_domain(figure, span))
        action["name"] = action["display_name"] = " · ".join(
            filter(None, [titles.get(figure, action["name"]), self.user_id.name, Date.to_string(self.date)])
        )
        action["context"] = {} if figure else {"search_default_group_figure": 1}
        return action

    def _documents_domain(self, figure=None, span="day"):
        self.ensure_one()
        start = self.date.replace(day=1) if span == "month" else self.date
        domain = Domain(
            [
                ("date", ">=", Date.to_string(start)),
                ("date", "<=", Date.to_string(self.date)),
                ("company_id", "=", self.company_id.id),
                ("user_id", "=", self.user_id.id),
            ]
        )
        if not self.user_id:
            domain &= Domain("team_id", "=", self.team_id.id)
        return domain & Domain("figure", "in", [figure] if figure else [name for name, _label in FIGURES])

    @api.readonly
    def action_open_day(self):
        """Open the sheet of another day: ``progress_step`` days from the one that the screen was opened for."""
        day = Date.to_date(self.env.context.get("progress_day")) or self.env.company._local_today()
        day += timedelta(days=self.env.context.get("progress_step", 0))
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_dept_kpi.action_sales_daily_progress")
        # The web client keeps what a search starts with to itself.
        action["context"] = {"search_default_date": Date.to_string(day), "progress_day": Date.to_string(day)}
        action["target"] = "main"
        return action
