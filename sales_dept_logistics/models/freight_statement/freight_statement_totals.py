from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.sales_dept_roles.models.protected_results.key import Key

from .freight_statement_line import DIFFERENCES

COUNTS = [
    "row_count",
    "matched_row_count",
    "exception_row_count",
    "excluded_row_count",
    "exception_count",
    "open_count",
]
TOTALS = ["total_amount", "expected_total", "payable_total", "disputed_total", "excluded_total"]


class FreightStatement(models.Model):
    """What the rows and amounts of a statement add up to, exactly, and the digest of its lines."""

    _inherit = "freight.statement"

    row_count = fields.Integer("Number of Rows", readonly=True, copy=False)
    matched_row_count = fields.Integer("Rows Matched", readonly=True, copy=False)
    exception_row_count = fields.Integer("Rows with Exceptions", readonly=True, copy=False)
    excluded_row_count = fields.Integer("Rows Left Out", readonly=True, copy=False)
    exception_count = fields.Integer("Freight Exceptions", readonly=True, copy=False)
    open_count = fields.Integer("To Be Decided", readonly=True, copy=False)
    total_amount = fields.Monetary("Amount Charged", readonly=True, copy=False, help="The sum of the carrier's files.")
    expected_total = fields.Monetary("Agreed", readonly=True, copy=False)
    payable_total = fields.Monetary("To Pay", readonly=True, copy=False, help="Without what is disputed.")
    disputed_total = fields.Monetary("Disputed", readonly=True, copy=False)
    excluded_total = fields.Monetary("Left Out", readonly=True, copy=False)
    lines_digest = Key("Digest of the Lines", readonly=True, copy=False)
    matched_percent = fields.Float(
        "Matched %",
        readonly=True,
        copy=False,
        aggregator="avg",
        help="Of the lines that are not left out, those that found their waybill without a hand.",
    )
    reconciliation = fields.Html("How It Adds Up", compute="_compute_reconciliation", sanitize=False)

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {*COUNTS, *TOTALS, "matched_percent", "lines_digest"}

    @api.depends("lines_digest")
    @api.depends_context("lang")
    def _compute_reconciliation(self):
        for statement in self:
            statement.reconciliation = (
                self.env["ir.qweb"]._render(
                    "sales_dept_logistics.freight_statement_reconciliation",
                    {"statement": statement, "parts": statement._reconciliation_parts()},
                )
                if statement.matched_date
                else Markup()
            )

    def _take_totals(self):
        """Count and sum the lines of each of `self` anew."""
        self.env.flush_all()
        for statement in self:
            statement._write_protected(
                {**statement._row_counts(), **statement._line_totals(), "lines_digest": statement._digest_lines()}
            )

    def _row_counts(self):
        """Count the rows of the files; each is matched, an exception or left out, and it is one of these only.

        A line that was written by hand stands in no file, and in no count of rows.
        """
        ((rows, excluded, exceptions),) = self.env.execute_query(
            SQL(
                """
                SELECT COUNT(*), COUNT(*) FILTER (WHERE is_excluded),
                       COUNT(*) FILTER (WHERE NOT is_excluded AND is_exception)
                  FROM (
                    SELECT row.exclusion IS NOT NULL OR COALESCE(bool_and(line.decision = 'exclude'), FALSE)
                           AS is_excluded,
                           COUNT(line.id) = 0 OR bool_or(line.role IS NULL AND line.decision IS DISTINCT FROM 'exclude')
                           OR bool_or(line.is_exception AND line.decision IS DISTINCT FROM 'exclude') AS is_exception
                      FROM freight_statement_row row
                 LEFT JOIN freight_statement_line line ON line.row_id = row.id
                     WHERE row.statement_id = %s
                  GROUP BY row.id
                ) counted
                """,
                self.id,
            )
        )
        return {
            "row_count": rows,
            "excluded_row_count": excluded,
            "exception_row_count": exceptions,
            "matched_row_count": rows - excluded - exceptions,
        }

    def _line_totals(self):
        (totals,) = self.env.execute_query_dict(
            SQL(
                """
                SELECT COALESCE(SUM(amount), 0) AS total_amount, COALESCE(SUM(expected_amount), 0) AS expected_total,
                       COALESCE(SUM(payable_amount), 0) AS payable_total,
                       COALESCE(SUM(amount - payable_amount) FILTER (WHERE decision = 'dispute'), 0) AS disputed_total,
                       COALESCE(SUM(amount) FILTER (WHERE decision = 'exclude'), 0) AS excluded_total,
                       COUNT(*) FILTER (WHERE is_exception) AS exception_count,
                       COUNT(*) FILTER (WHERE is_exception AND decision IS NULL) AS open_count,
                       COALESCE(100.0 * COUNT(*) FILTER (WHERE role <> 'missing' AND match_pass <> 'hand')
                                / NULLIF(COUNT(*) FILTER (WHERE role <> 'missing'), 0), 0) AS matched_percent
                  FROM freight_statement_line WHERE statement_id = %s
                """,
                self.id,
            )
        )
        return {name: self.currency_id.round(value) if name in TOTALS else value for name, value in totals.items()}

    def _digest_lines(self):
        """SHA-256 of what is signed of the lines, in their order; of those that are settled with what they come to."""
        ((digest,),) = self.env.execute_query(
            SQL(
                """
                SELECT encode(sha256(convert_to(COALESCE(string_agg(ROW(id, row_id, reference, ship_date,
                            waybill_id, kind_id, amount, tax_amount, tax_rate, currency_id, role, expected_amount,
                            difference_kind, decision, payable_amount)::text
                            || CASE WHEN is_settled THEN ' ' || settled_amount::text ELSE '' END,
                            E'\\n' ORDER BY id), ''), 'UTF8')), 'hex')
                  FROM freight_statement_line WHERE statement_id = %s
                """,
                self.id,
            )
        )
        return digest

    def _reconciliation_parts(self):
        """Return how ours becomes theirs: ``[(label, lines, amount)]`` of the differences by kind, exact.

        What was agreed plus all of them is what the carrier charges; the lines that agree differ by nothing.
        """
        self.ensure_one()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT CASE WHEN decision = 'exclude' THEN 'exclude' ELSE difference_kind END AS kind,
                       COUNT(*), SUM(amount - expected_amount)
                  FROM freight_statement_line
                 WHERE statement_id = %s AND (difference_kind IS NOT NULL OR amount <> expected_amount)
              GROUP BY 1
                """,
                self.id,
            )
        )
        found = {kind: (count, self.currency_id.round(amount)) for kind, count, amount in rows}
        labels = dict(self.env["freight.statement.line"]._fields["difference_kind"]._description_selection(self.env))
        labels["exclude"] = self.env._("Left out by hand")
        order = [*(kind for kind, _label in DIFFERENCES), "exclude"]
        return [(labels[kind], *found[kind]) for kind in order if kind in found]

    def _check_sums(self):
        """:raises UserError: where rows or amounts do not add up: nothing of it may be signed"""
        self.ensure_one()
        explained = sum(amount for _label, _count, amount in self._reconciliation_parts())
        is_equal = self.currency_id.compare_amounts(self.expected_total + explained, self.total_amount) == 0
        if not is_equal or self.lines_digest != self._digest_lines():
            raise UserError(
                self.env._(
                    "%(statement)s does not add up any more: its lines changed since they were matched. Match it "
                    "again.",
                    statement=self.display_name,
                )
            )
