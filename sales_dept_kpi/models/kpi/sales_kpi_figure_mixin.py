from odoo import api, fields, models
from odoo.tools import SQL

from . import measure as arithmetic

READONLY = {"digits": 0, "readonly": True}


class SalesKpiFigureMixin(models.AbstractModel):
    """A figure of a KPI, a person's or the department's: what was reached out of what, and what that says.

    A model that has it says in which `measure`, `unit` and `currency_id`, and whether its month is locked (`state`).
    """

    _name = "sales.kpi.figure.mixin"
    _description = "Figure of a KPI"

    numerator = fields.Float("Reached", **READONLY)
    denominator = fields.Float("Out Of", help="The target, or what there was.", **READONLY)
    pending = fields.Float(
        "Not Decided Yet", help="What falls due later in the month: it can still be met.", **READONLY
    )
    value = fields.Float(aggregator="avg", help="Of several people or months: that of the sums.", **READONLY)
    has_value = fields.Boolean("Has a Value", readonly=True)
    value_text = fields.Char("Value as Shown", compute="_compute_value_text")
    threshold = fields.Float(aggregator="avg", **READONLY)
    verdict = fields.Selection(
        [("met", "Met"), ("missed", "Missed"), ("none", "No Verdict")], required=True, readonly=True, default="none"
    )
    next_step = fields.Char(compute="_compute_next_step")

    @api.depends("value", "has_value", "verdict")
    def _compute_value_text(self):
        for figure in self:
            figure.value_text = figure._value_text() if figure.has_value else False

    def _value_text(self):
        if self.measure == "total":
            return f"{self.value:,.2f}" if self.unit == "money" else f"{self.value:,.0f}"
        text = arithmetic.shown(self.value, {"met": True, "missed": False}.get(self.verdict))
        return f"{text} %" if self.measure == "share" else text

    @api.depends("numerator", "denominator", "pending", "threshold", "verdict")
    @api.depends_context("lang")
    def _compute_next_step(self):
        for figure in self:
            figure.next_step = figure._next_step()

    def _next_step(self):
        """A sentence: what has to happen yet this month, or False where nothing can."""
        if self.state == "locked" or not self.threshold or not (self.has_value or self.pending):
            return False
        if not self.pending and not self.kpi_id.is_growing:
            return False
        # As if nothing of what is not decided yet were met.
        reached, out_of = self._reached(), self.denominator + self.pending
        missing = arithmetic.missing(self.measure, reached, out_of, self.threshold)
        values = {"threshold": self._threshold_text(), "missing": self._amount_text(missing)}
        if not missing:
            return self.env._("The threshold of %(threshold)s is safe this month.", **values)
        if self.kpi_id.is_growing:
            return self.env._("%(missing)s more reach %(threshold)s.", **values)
        if missing > self.pending:
            return self.env._("The threshold of %(threshold)s cannot be reached any more this month.", **values)
        return self.env._(
            "%(missing)s of %(pending)s still open must be on time to reach %(threshold)s.",
            pending=self._amount_text(self.pending),
            **values,
        )

    def _reached(self):
        """What counts for whoever the figure is of."""
        return self.numerator

    def _threshold_text(self):
        return f"{self.threshold:g} %" if self.measure == "share" else f"{self.threshold:g}"

    def _amount_text(self, amount):
        if self.unit == "money":
            return self.currency_id.format(amount)
        # Part of a document does not help.
        return f"{-(-amount // 1):g}" if self.unit == "count" else f"{amount:g}"

    def _read_group_select(self, aggregate_spec, query):
        """Of several figures the value is that of the sums; of several KPIs there is none."""
        if aggregate_spec != "value:avg":
            return super()._read_group_select(aggregate_spec, query)

        def column(name):
            return self._field_to_sql(self._table, name, query)

        value = arithmetic.value_sql(
            SQL("MIN(%s)", column("measure")),
            SQL("SUM(%s)", column("numerator")),
            SQL("SUM(%s)", column("denominator")),
        )
        return SQL("CASE WHEN MIN(%(kpi)s) = MAX(%(kpi)s) THEN %(value)s END", kpi=column("kpi_id"), value=value)
