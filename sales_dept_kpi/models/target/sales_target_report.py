from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .sales_target import BUDGETS, MEASURES
from .span import span_of

# What of a group is a ratio of sums, never a sum of ratios.
ATTAINMENT = "attainment:sum"


class SalesTargetReport(models.Model):
    """Plan against actual: each month of the years that have a target, by team, person, category and measure.

    A row with a category is about that part of the sales, with its subcategories; rows without one are about all of
    them. So they are looked at apart.
    """

    _name = "sales.target.report"
    _description = "Plan against Actual"
    _auto = False
    _order = "date, measure, categ_id, team_id, user_id"
    _depends = {
        "sales.target.line": ["amount", "categ_id", "company_id", "date", "in_force", "measure", "team_id", "user_id"],
        "account.analytic.account": ["sales_dept_budget", "sales_dept_team_id", "sales_dept_user_id"],
        "account.analytic.line": ["amount", "company_id", "date"],
        "crm.lead": ["company_id", "date_deadline", "prorated_revenue", "team_id", "user_id", "won_status", "active"],
        "sale.order": [
            "commitment_date",
            "company_id",
            "currency_rate",
            "date_order",
            "delivery_status",
            "invoice_status",
            "opportunity_id",
            "state",
            "team_id",
            "user_id",
        ],
        "sale.order.line": ["price_subtotal", "untaxed_amount_invoiced", "qty_delivered", "product_uom_qty"],
    }

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date("Month", readonly=True)
    measure = fields.Selection(MEASURES, readonly=True)
    categ_id = fields.Many2one("product.category", "Product Category", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    user_id = fields.Many2one("res.users", "Person", readonly=True)
    planned = fields.Float("Target", digits=(16, 2), readonly=True)
    actual = fields.Float(
        digits=(16, 2),
        readonly=True,
        help="What was sold, or spent of a budget on the analytic accounts that name it. Empty where no account does.",
    )
    overlay = fields.Float(
        "Credit Beside It",
        digits=(16, 2),
        readonly=True,
        help="Credit for orders of others, which counts for the person and not for the company.",
    )
    difference = fields.Float(digits=(16, 2), readonly=True, help="Actual less target.")
    attainment = fields.Float(
        "Attainment (%)", digits=(16, 1), readonly=True, aggregator="sum", help="Actual in per cent of the target."
    )
    in_hand = fields.Float(
        "Orders in Hand",
        digits=(16, 2),
        readonly=True,
        help="Confirmed and not counted as sales yet, in the month in which they are expected.",
    )
    pipeline = fields.Float(
        "Weighted Pipeline",
        digits=(16, 2),
        readonly=True,
        help="Open opportunities by their probability, in the month in which they are expected.",
    )
    forecast = fields.Float(
        digits=(16, 2), readonly=True, help="Actual, orders in hand and weighted pipeline together."
    )

    @property
    def _table_query(self):
        parts = [part for company in self.env.companies for part in self._parts_of(company)]
        return SQL(
            """
            SELECT %s AS id, month.*, actual - planned AS difference,
                   100 * actual / NULLIF(planned, 0) AS attainment,
                   actual + in_hand + pipeline AS forecast
              FROM (
                    SELECT company_id, date, measure, categ_id, team_id, user_id, SUM(planned) AS planned,
                           -- Of a budget that no account names nobody knows what was spent.
                           CASE WHEN BOOL_AND(is_known) THEN SUM(actual) END AS actual,
                           SUM(overlay) AS overlay,
                           SUM(in_hand) AS in_hand, SUM(pipeline) AS pipeline
                      FROM (%s) part
                  GROUP BY company_id, date, measure, categ_id, team_id, user_id
                   ) month
            """,
            # It says which row it is, so that the row that is pressed is the one that opens.
            SQL(
                "('x' || SUBSTR(MD5(CONCAT_WS('|', company_id, date, measure, COALESCE(categ_id, 0),"
                " COALESCE(team_id, 0), COALESCE(user_id, 0))), 1, 13))::bit(52)::bigint"
            ),
            SQL(" UNION ALL ").join(parts) if parts else self._row_sql(where=SQL("FALSE")),
        )

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Have the months made that `domain` asks for, and no others."""
        report = self.with_context(sales_target_span=span_of(Domain(domain).optimize_full(self)))
        return super(SalesTargetReport, report)._search(domain, *args, **kwargs)

    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec != ATTAINMENT:
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "100 * SUM(%s) / NULLIF(SUM(%s), 0)",
            self._field_to_sql(self._table, "actual", query),
            self._field_to_sql(self._table, "planned", query),
        )

    # === THE PARTS === #

    def _row_sql(self, source=None, where=None, **columns):
        """A part of the report: the SQL of its columns, where others are empty."""
        empty = {
            "company_id": SQL("NULL::int"),
            "date": SQL("NULL::date"),
            "measure": SQL("'sales'"),
            "categ_id": SQL("NULL::int"),
            "team_id": SQL("NULL::int"),
            "user_id": SQL("NULL::int"),
            **dict.fromkeys(("planned", "actual", "overlay", "in_hand", "pipeline"), SQL("0::numeric")),
            "is_known": SQL("TRUE"),
        }
        return SQL(
            "SELECT %s %s %s",
            SQL(", ").join(
                SQL("%s AS %s", value, SQL.identifier(name)) for name, value in {**empty, **columns}.items()
            ),
            SQL("FROM %s", source) if source else SQL(),
            SQL("WHERE %s", where) if where else SQL(),
        )

    def _parts_of(self, company):
        """The SQL of all that is known of `company` in the years that have a target; nothing where none has.

        Of these years the months that the search asks for.
        """
        ((date_from, date_to),) = (
            self.env["sales.target"]
            .sudo()
            ._read_group(
                [("company_id", "=", company.id), ("state", "=", "approved")], [], ["date_from:min", "date_to:max"]
            )
        )
        if not date_from:
            return []
        end = fields.Date.add(date_to, days=1)
        first, last = self.env.context.get("sales_target_span") or (None, None)
        date_from = max(date_from, first.replace(day=1)) if first else date_from
        end = min(end, fields.Date.add(last.replace(day=1), months=1)) if last else end
        spent = self.env["sales.target.spending"]._rows_sql(company, date_from, end)
        return [
            *([self._spent_sql(company, spent)] if spent else []),
            self._planned_sql(company),
            self._actual_sql(company, date_from, end),
            self._actual_by_category_sql(company, date_from, end),
            self._new_sql(company, "new_customers", "_first_sales_sql", date_from, end),
            self._new_sql(company, "new_products", "_first_products_sql", date_from, end),
            self._in_hand_sql(company, date_from, end),
            self._pipeline_sql(company, date_from, end),
        ]

    def _planned_sql(self, company):
        names = ("date", "measure", "categ_id", "team_id", "user_id")
        unknown = BUDGETS - self.env["sales.target.spending"]._measured(company)
        return self._row_sql(
            SQL("sales_target_line line"),
            SQL("line.in_force AND line.company_id = %s", company.id),
            company_id=SQL("line.company_id"),
            planned=SQL("line.amount"),
            is_known=SQL("NOT line.measure = ANY(%s)", sorted(unknown)),
            **{name: SQL.identifier("line", name) for name in names},
        )

    def _of_sale(self, company, **columns):
        return {
            "company_id": SQL("%s", company.id),
            "date": SQL("DATE_TRUNC('month', sale.date)::date"),
            "team_id": SQL("COALESCE(plan.team_id, sale.team_id)"),
            "user_id": SQL("sale.user_id"),
            **columns,
        }

    def _with_plan(self, company, source):
        """The rows `sale` of `source`, with the team of the person's own plan: there they are compared with it.

        Whoever has none that month counts for the team that the document names.
        """
        return SQL(
            """
            %s
            LEFT JOIN (
                SELECT DISTINCT ON (user_id, date) user_id, date, team_id
                  FROM sales_target_line
                 WHERE in_force AND company_id = %s AND user_id IS NOT NULL AND team_id IS NOT NULL
              ORDER BY user_id, date, (measure = 'sales') DESC, id
            ) plan ON plan.user_id = sale.user_id AND plan.date = DATE_TRUNC('month', sale.date)::date
            """,
            source,
            company.id,
        )

    def _actual_sql(self, company, date_from, end):
        rows = self.env["sales.basis"]._documents_sql(company, date_from, end)
        return self._row_sql(
            self._with_plan(company, SQL("(%s) sale", rows)),
            **self._of_sale(company, actual=SQL("sale.amount"), overlay=SQL("sale.overlay")),
        )

    def _actual_by_category_sql(self, company, date_from, end):
        """Sales of the categories that have a target, each with all below it."""
        return self._row_sql(
            self._with_plan(
                company,
                SQL(
                    """
                (SELECT DISTINCT planned.categ_id, category.parent_path
                   FROM sales_target_line planned JOIN product_category category ON category.id = planned.categ_id
                  WHERE planned.in_force AND planned.company_id = %s) wanted
                JOIN product_category below ON below.parent_path LIKE wanted.parent_path || '%%'
                JOIN (%s) sale ON sale.categ_id = below.id
                """,
                    company.id,
                    self.env["sales.basis"]._lines_sql(company, date_from, end),
                ),
            ),
            **self._of_sale(
                company, categ_id=SQL("wanted.categ_id"), actual=SQL("sale.amount"), overlay=SQL("sale.overlay")
            ),
        )

    def _new_sql(self, company, measure, method, date_from, end):
        """How many customers, or products, were sold to, or sold, for the first time."""
        rows = getattr(self.env["sales.basis"], method)(company, date_from, end)
        return self._row_sql(
            self._with_plan(company, SQL("(%s) sale", rows)),
            **self._of_sale(company, measure=SQL("%s", measure), actual=SQL("1::numeric")),
        )

    def _spent_sql(self, company, rows):
        """What was spent of the budgets, for whoever the account says."""
        return self._row_sql(
            self._with_plan(company, SQL("(%s) sale", rows)),
            **self._of_sale(company, measure=SQL("sale.measure"), actual=SQL("sale.amount")),
        )

    def _this_month(self, company):
        return company._local_today().replace(day=1)

    def _in_hand_sql(self, company, date_from, end):
        """Confirmed orders as far as they are no sales yet, by their expected day; what is overdue comes this month."""
        Company = self.env["res.company"]
        day = Company._local_day_sql(SQL("COALESCE(sale.commitment_date, sale.date_order)"), SQL("%s", company.id))
        return self._row_sql(
            self._with_plan(
                company,
                SQL(
                    """
                (SELECT sale.team_id, sale.user_id,
                        GREATEST(DATE_TRUNC('month', %(day)s)::date, %(this_month)s) AS date,
                        ROUND(%(left)s / COALESCE(NULLIF(sale.currency_rate, 0), 1), %(digits)s) AS amount
                   FROM sale_order sale
                   JOIN sale_order_line line ON line.order_id = sale.id AND line.display_type IS NULL
                  WHERE sale.company_id = %(company)s AND sale.state = 'sale' AND %(is_open)s
               GROUP BY sale.id
                 HAVING %(left)s > 0) sale
                """,
                    day=day,
                    this_month=self._this_month(company),
                    left=self._left_sql(company),
                    is_open=self._is_open_sql(company),
                    digits=company.currency_id.decimal_places,
                    company=company.id,
                ),
            ),
            SQL("sale.date < %s AND sale.date >= %s", end, date_from),
            **self._of_sale(company, in_hand=SQL("sale.amount")),
        )

    def _left_sql(self, company):
        """How much of an order is no sale yet, by the company's basis, in the order's currency."""
        return {
            # A deposit is invoiced before, and deducted in the end: of an order all that was invoiced counts.
            "invoiced": SQL(
                """
                (COALESCE(SUM(line.price_subtotal) FILTER (WHERE line.is_downpayment IS NOT TRUE), 0)
                 - COALESCE(SUM(line.untaxed_amount_invoiced), 0))
                """
            ),
            "delivered": SQL(
                """
                COALESCE(SUM(line.price_subtotal
                             * GREATEST(1 - COALESCE(line.qty_delivered, 0) / NULLIF(line.product_uom_qty, 0), 0))
                         FILTER (WHERE line.is_downpayment IS NOT TRUE), 0)
                """
            ),
            "ordered": SQL("0"),
        }[company.sales_dept_sales_basis]

    def _is_open_sql(self, company):
        """Which orders may have something left, told without their lines: nearly all of the past have not."""
        return {
            # Odoo takes a draft invoice for one.
            "invoiced": SQL(
                """
                (sale.invoice_status <> 'invoiced' OR sale.id IN (
                    SELECT ordered.order_id
                      FROM account_move draft
                      JOIN account_move_line draft_line ON draft_line.move_id = draft.id
                      JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = draft_line.id
                      JOIN sale_order_line ordered ON ordered.id = rel.order_line_id
                     WHERE draft.state = 'draft' AND draft.move_type = 'out_invoice' AND draft.company_id = %s))
                """,
                company.id,
            ),
            "delivered": SQL("sale.delivery_status IS DISTINCT FROM 'full'"),
            "ordered": SQL("FALSE"),
        }[company.sales_dept_sales_basis]

    def _pipeline_sql(self, company, date_from, end):
        """Open opportunities without a confirmed order; without a closing date they come this month."""
        return self._row_sql(
            self._with_plan(
                company,
                SQL(
                    """
                (SELECT lead.team_id, lead.user_id, lead.prorated_revenue AS amount,
                        GREATEST(DATE_TRUNC('month', COALESCE(lead.date_deadline, %(this_month)s))::date,
                                 %(this_month)s) AS date
                   FROM crm_lead lead
              LEFT JOIN crm_team team ON team.id = lead.team_id
              LEFT JOIN res_users seller ON seller.id = lead.user_id
                  WHERE lead.type = 'opportunity' AND lead.active AND lead.won_status = 'pending'
                    AND COALESCE(lead.company_id, team.company_id, seller.company_id) = %(company)s
                    AND NOT EXISTS (SELECT 1 FROM sale_order ordered
                                     WHERE ordered.opportunity_id = lead.id AND ordered.state = 'sale')) sale
                """,
                    this_month=self._this_month(company),
                    company=company.id,
                ),
            ),
            SQL("sale.date < %s AND sale.date >= %s", end, date_from),
            **self._of_sale(company, pipeline=SQL("sale.amount")),
        )
