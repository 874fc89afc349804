from collections import defaultdict

from psycopg2.errors import UniqueViolation

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, mute_logger

from odoo.addons.sales_dept_roles.models.protected_results.client_context import without_client_context

from .sale_order_exception import OPEN

CRON = "sales_dept_logistics.ir_cron_order_exceptions"
BATCH = 500
# Found by their dates, so that they are none any more where the dates are mended in time.
BY_DATE = ("plan", "picking", "purchase", "production")


class SaleOrderException(models.Model):
    """What the system finds: one query over the open order lines of the companies with the policy.

    A fact is what a document says about an order line: a day for which goods are planned, or that less of them came.
    Documents are found as Odoo links them: the moves that bring the goods to the customer, all open moves before
    them, through manufacturing to its components; the purchases and manufacturing orders behind those. Manufacturing
    and purchase are no dependencies: their tables are asked where they are installed.

    A day is late when it has passed, or comes after the promise. What is open already, or was ended by a person with
    the same dates, is not found again: only a later day, or another promise, is news.
    """

    _inherit = "sale.order.exception"

    @api.model
    def _cron_find(self):
        """Open what is new, and take back what was mended before the promised day."""
        job = self.env["sales.dept.job"]
        # Every hour there is mostly nothing to be done, which wants no line in the log.
        if lines := self._lines_with_news():
            job._run(CRON, lines, lambda batch: self._find(batch), batch_size=BATCH)
        if mended := self._mended():
            job._run(CRON, mended, lambda batch: batch._cancel_for(batch.env._("It is in time again.")))

    @api.model
    def _lines_with_news(self):
        return self.env["sale.order.line"].browse({fact["sale_line_id"] for fact in self._facts(news=True)})

    @api.model
    def _find(self, lines):
        """Open the exceptions of the order lines `lines` that are new."""
        return self._open_found(self._facts(lines, news=True))

    @api.model
    def _open_found(self, vals_list):
        """Open exceptions with `vals_list` where none of their line and cause is open, and return them.

        Done by two at the same moment, one of them opens it.
        """
        Exceptions = without_client_context(self).sudo()
        is_open = Domain("state", "in", OPEN)
        present = {
            (line.id, cause)
            for line, cause in Exceptions._read_group(
                Domain("sale_line_id", "in", [vals["sale_line_id"] for vals in vals_list]) & is_open,
                ["sale_line_id", "cause"],
            )
        }
        missing = {(vals["sale_line_id"], vals["cause"]): vals for vals in vals_list}
        return Exceptions._create_found([vals for key, vals in missing.items() if key not in present])

    @api.model
    def _create_found(self, vals_list):
        """Create with `vals_list`, without those that somebody else created meanwhile."""
        if not vals_list:
            return self
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                return self.create([self._prepare_found_values(vals) for vals in vals_list])._as_found(vals_list)
        except UniqueViolation:
            if len(vals_list) == 1:
                return self.browse()
        return self.browse().concat(*(self._create_found([vals]) for vals in vals_list))

    @api.model
    def _prepare_found_values(self, vals):
        return {name: vals.get(name, False) for name in ("order_id", "sale_line_id", "cause", "description")}

    def _as_found(self, vals_list):
        """Write down what the system found of `self`, which it created from `vals_list`."""
        for exception, vals in zip(self, vals_list, strict=True):
            exception._write_protected(
                {
                    "origin": "system",
                    "date_found": vals.get("date_found", False),
                    "found_documents": vals.get("found_documents", False),
                }
            )
        self._refresh_todos()
        return self

    # === MENDED === #

    @api.model
    def _mended(self):
        """What nobody answered, and is in time again before the promised day has come."""
        candidates = self.search(
            Domain("origin", "=", "system")
            & Domain("cause", "in", BY_DATE)
            & Domain("state", "=", "open")
            & Domain("date_told", "=", False)
            & Domain("company_id.sales_dept_order_exceptions", "=", True)
        )
        ahead = candidates.filtered(
            lambda exception: exception.date_promised and exception.date_promised >= exception.company_id._local_today()
        )
        late = {(fact["sale_line_id"], fact["cause"]) for fact in self._facts(ahead.sale_line_id)} if ahead else set()
        return ahead.filtered(lambda exception: (exception.sale_line_id.id, exception.cause) not in late)

    # === THE QUERY === #

    @api.model
    def _facts(self, lines=None, news=False):
        """Return what is late or short of order lines.

        :param lines: only of these; by default of all open ones whose companies want to know
        :param bool news: only what is neither open nor ended with the same dates
        :return: ``[{"order_id", "sale_line_id", "cause", "promise", "date_found", "found_documents"}]``
        """
        if lines is not None and not lines:
            return []
        # What this transaction changed of milestones is read first.
        self.env["sale.order.milestone"]._refresh_marked()
        self.env.flush_all()
        facts = self.env.execute_query_dict(self._facts_query(lines))
        return self._news(facts) if news else facts

    @api.model
    def _news(self, facts):
        """Those of `facts` that are neither open nor ended with the same dates, for their lines or their orders."""
        known = defaultdict(list)
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT order_id, sale_line_id, cause, state, date_promised, date_found
                  FROM sale_order_exception WHERE order_id = ANY(%s)
                """,
                list({fact["order_id"] for fact in facts}),
            )
        )
        for row in rows:
            known[row["order_id"], row["sale_line_id"], row["cause"]].append(row)
        return [
            fact
            for fact in facts
            if not any(
                row["state"] in OPEN
                or (
                    row["date_promised"] == fact["promise"]
                    and (row["date_found"] or fact["date_found"]) >= fact["date_found"]
                )
                for line_id in (fact["sale_line_id"], None)
                for row in known[fact["order_id"], line_id, fact["cause"]]
            )
        ]

    @api.model
    def _facts_query(self, lines):
        causes = [
            SQL("SELECT %s AS cause, source.* FROM (%s) source", cause, source)
            for cause, source in self._fact_sources().items()
        ]
        return SQL(
            """
            WITH RECURSIVE company AS MATERIALIZED (%(companies)s),
            subject AS (%(subject)s),
            chain (line_id, company_id, move_id) AS (
                SELECT subject.id, subject.company_id, move.id
                  FROM subject
                  JOIN stock_move move ON move.sale_line_id = subject.id
                  JOIN stock_location place ON place.id = move.location_id
                 WHERE move.state NOT IN ('done', 'cancel') AND place.usage != 'customer'
                 UNION
                SELECT chain.line_id, chain.company_id, move.id
                  FROM chain
                  JOIN LATERAL (%(before)s) before ON TRUE
                  JOIN stock_move move ON move.id = before.id
                 WHERE move.state NOT IN ('done', 'cancel')
            ),
            fact AS (%(facts)s)
            SELECT subject.order_id, subject.id AS sale_line_id, subject.promise, fact.cause,
                   MAX(fact.day) AS date_found, string_agg(DISTINCT fact.document, ', ') AS found_documents
              FROM fact
              JOIN subject ON subject.id = fact.line_id
             WHERE fact.cause IN ('short', 'plan') OR fact.day < subject.today OR fact.day > subject.promise
          GROUP BY subject.order_id, subject.id, subject.promise, fact.cause
          ORDER BY subject.id, fact.cause
            """,
            companies=self._companies_query(),
            subject=self._subject_query(lines),
            before=SQL(" UNION ALL ").join(self._moves_before()),
            facts=SQL(" UNION ALL ").join(causes),
        )

    @api.model
    def _companies_query(self):
        """The companies that want to know, each with the day it is there: looked up once for all of their lines."""
        return SQL(
            "SELECT id, %s AS today FROM res_company WHERE sales_dept_order_exceptions",
            self.env["res.company"]._local_today_sql(SQL.identifier("res_company", "id")),
        )

    @api.model
    def _subject_query(self, lines):
        """The order lines that are looked at, each with its promise and the day it is in its company."""
        return SQL(
            """
            SELECT line.id, line.order_id, line.company_id,
                   COALESCE(line.promised_date, %(commitment)s) AS promise, company.today
              FROM sale_order_line line
              JOIN sale_order ord ON ord.id = line.order_id
              JOIN company ON company.id = line.company_id
             WHERE line.state = 'sale' AND line.display_type IS NULL AND line.is_downpayment IS NOT TRUE
               AND %(restriction)s
            """,
            commitment=self.env["res.company"]._local_day_sql(
                SQL.identifier("ord", "commitment_date"), SQL.identifier("line", "company_id")
            ),
            restriction=SQL("TRUE") if lines is None else SQL("line.id = ANY(%s)", lines.ids),
        )

    @api.model
    def _moves_before(self):
        """SQL of the moves before the one of a row of ``chain``: what it is made from, and its own origins."""
        before = [SQL("SELECT move_orig_id AS id FROM stock_move_move_rel WHERE move_dest_id = chain.move_id")]
        if "mrp.production" in self.env:
            before.append(
                SQL(
                    """
                    SELECT raw.id
                      FROM stock_move made
                      JOIN stock_move raw ON raw.raw_material_production_id
                           IN (made.production_id, made.created_production_id)
                     WHERE made.id = chain.move_id
                    """
                )
            )
        return before

    @api.model
    def _fact_sources(self):
        """Return ``{cause: SQL of rows (line_id, day, document)}``, from ``subject`` and ``chain``."""
        sources = {"plan": self._late_plans(), "picking": self._late_pickings()}
        if "mrp.production" in self.env:
            sources["production"] = self._late_productions()
        if "purchase_line_id" in self.env["stock.move"]._fields:
            sources |= {"purchase": self._late_purchases(), "short": self._short_receipts()}
        return sources

    @api.model
    def _day_of(self, moment):
        """SQL of the company's day of the moment `moment`, for rows of ``chain``."""
        return self.env["res.company"]._local_day_sql(moment, SQL.identifier("chain", "company_id"))

    @api.model
    def _late_plans(self):
        """Milestones that are still to be reached, and whose plan does not keep the promise."""
        return SQL(
            """
            SELECT milestone.sale_line_id AS line_id, milestone.date_planned AS day, NULL::varchar AS document
              FROM sale_order_milestone milestone
              JOIN subject ON subject.id = milestone.sale_line_id
             WHERE milestone.is_plan_late AND milestone.state != 'done' AND milestone.is_passed IS NOT TRUE
            """
        )

    @api.model
    def _late_pickings(self):
        """The moves that bring the goods to the customer, out of our own stock: the last of each chain."""
        return SQL(
            """
            SELECT chain.line_id, %s AS day, COALESCE(picking.name, move.reference) AS document
              FROM chain
              JOIN stock_move move ON move.id = chain.move_id AND move.sale_line_id = chain.line_id
              JOIN stock_location source ON source.id = move.location_id
              JOIN stock_location place ON place.id = COALESCE(move.location_final_id, move.location_dest_id)
         LEFT JOIN stock_picking picking ON picking.id = move.picking_id
             WHERE place.usage = 'customer' AND source.usage != 'supplier'
               AND NOT EXISTS (SELECT FROM stock_move_move_rel WHERE move_orig_id = move.id)
            """,
            self._day_of(SQL.identifier("move", "date")),
        )

    @api.model
    def _late_productions(self):
        return SQL(
            """
            SELECT chain.line_id, %s AS day, production.name AS document
              FROM chain
              JOIN stock_move move ON move.id = chain.move_id
              JOIN mrp_production production ON production.id IN (move.production_id, move.created_production_id)
             WHERE production.state NOT IN ('done', 'cancel')
            """,
            self._day_of(SQL.identifier("production", "date_finished")),
        )

    @api.model
    def _late_purchases(self):
        """Purchases that are asked for or ordered, and not received; not what was left out for good."""
        linked = [
            SQL(
                """
                SELECT chain.line_id, chain.company_id, move.purchase_line_id AS purchase_line_id
                  FROM chain
                  JOIN stock_move move ON move.id = chain.move_id
                 WHERE move.purchase_line_id IS NOT NULL
                """
            ),
            SQL(
                """
                SELECT chain.line_id, chain.company_id, created.created_purchase_line_id
                  FROM chain
                  JOIN stock_move_created_purchase_line_rel created ON created.move_id = chain.move_id
                """
            ),
        ]
        if "sale_line_id" in self.env["purchase.order.line"]._fields:
            linked.append(
                SQL(
                    """
                    SELECT subject.id, subject.company_id, own.id
                      FROM subject
                      JOIN purchase_order_line own ON own.sale_line_id = subject.id
                    """
                )
            )
        return SQL(
            """
            SELECT chain.line_id, %s AS day, purchase.name AS document
              FROM (%s) chain
              JOIN purchase_order_line line ON line.id = chain.purchase_line_id
              JOIN purchase_order purchase ON purchase.id = line.order_id
             WHERE purchase.state != 'cancel' AND COALESCE(line.qty_received, 0) < line.product_qty
               AND (
                   NOT EXISTS (
                       SELECT FROM stock_move came WHERE came.purchase_line_id = line.id AND came.state = 'done'
                   )
                   OR EXISTS (
                       SELECT FROM stock_move more
                        WHERE more.purchase_line_id = line.id AND more.state NOT IN ('done', 'cancel')
                   )
               )
            """,
            self._day_of(SQL.identifier("line", "date_planned")),
            SQL(" UNION ").join(linked),
        )

    @api.model
    def _short_receipts(self):
        """Purchases for the line of which less came than was ordered, and nothing more is to come."""
        return SQL(
            """
            SELECT chain.line_id, MAX(%s) AS day, purchase.name AS document
              FROM chain
              JOIN stock_move_move_rel origin ON origin.move_dest_id = chain.move_id
              JOIN stock_move receipt ON receipt.id = origin.move_orig_id AND receipt.state = 'done'
              JOIN purchase_order_line line ON line.id = receipt.purchase_line_id
              JOIN purchase_order purchase ON purchase.id = line.order_id
             WHERE purchase.state = 'purchase' AND COALESCE(line.qty_received, 0) < line.product_qty
               AND NOT EXISTS (
                   SELECT FROM stock_move more
                    WHERE more.purchase_line_id = line.id AND more.state NOT IN ('done', 'cancel')
               )
          GROUP BY chain.line_id, purchase.name
            """,
            self._day_of(SQL.identifier("receipt", "date")),
        )
