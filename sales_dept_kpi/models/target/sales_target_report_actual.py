from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Date, Domain
from odoo.tools import SQL

from ..kpi.month_name import month_name
from .sales_target import BUDGETS


class SalesTargetReport(models.Model):
    """From a row of plan against actual to what was reached, or spent, in it."""

    _inherit = "sales.target.report"

    @api.readonly
    def action_open_actual(self):
        """Open what the actual figure of the row is made of, by the reader's own rights."""
        self.ensure_one()
        if self.categ_id:
            raise UserError(
                self.env._(
                    "A document may be of several categories: open those of the row of all sales, and look at their "
                    "lines."
                )
            )
        name = " · ".join(filter(None, [self._measure_text(), self._owner_text(), month_name(self.env, self.date)]))
        return {**self._actual_action(), "context": {}, "name": name, "display_name": name}

    def _measure_text(self):
        return dict(self._fields["measure"]._description_selection(self.env))[self.measure]

    def _owner_text(self):
        return self.user_id.sudo().name or self.team_id.sudo().name

    def _actual_action(self):
        """The action that shows the documents of the row, with its domain."""
        if self.measure in BUDGETS:
            rows = self._actual_rows(self.env["sales.target.spending"]._rows_sql)
            ids = [row["id"] for row in rows if row["measure"] == self.measure]
            return self._action_of("sales_dept_kpi.action_sales_target_spending", Domain("id", "in", ids))
        if self.measure == "new_customers":
            return self._action_of("base.action_partner_form", self._first_domain("_first_sales_sql", "partner_id"))
        return self._action_of("product.product_normal_action", self._first_domain("_first_products_sql", "product_id"))

    @api.model
    def _action_of(self, xmlid, domain):
        return {**self.env["ir.actions.act_window"]._for_xml_id(xmlid), "domain": list(domain)}

    def _first_domain(self, method, column):
        ids = [row[column] for row in self._actual_rows(getattr(self.env["sales.basis"], method))]
        # Who was archived since was new all the same.
        return Domain("id", "in", ids) & Domain("active", "in", [True, False])

    def _actual_rows(self, rows_sql):
        """The rows of ``rows_sql(company, date_from, date_to)`` that this row counts, as dicts."""
        company = self.company_id.sudo()
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT sale.* FROM %s
                 WHERE sale.user_id IS NOT DISTINCT FROM %s
                   AND COALESCE(plan.team_id, sale.team_id) IS NOT DISTINCT FROM %s
                """,
                self._with_plan(company, SQL("(%s) sale", rows_sql(company, self.date, Date.add(self.date, months=1)))),
                self.user_id.id or None,
                self.team_id.id or None,
            )
        )
