from odoo import api, fields, models

from ..monthly_report.figure_text import figure_text

# The points of a KPI whose threshold is just reached.
PAR = 100


class SalesAppraisalFigure(models.Model):
    """A KPI in an appraisal: its result over the locked months of the period, and the points that it brings.

    The system makes them; nobody has the right to make, change or delete one. The name is kept in all languages.
    """

    _name = "sales.appraisal.figure"
    _description = "KPI of an Appraisal"
    _order = "appraisal_id, sequence, id"

    appraisal_id = fields.Many2one("sales.appraisal", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="appraisal_id.company_id", store=True, index=True)
    sequence = fields.Integer(readonly=True)
    kpi_id = fields.Many2one("sales.kpi", "KPI", readonly=True, index="btree_not_null", ondelete="set null")
    name = fields.Char("Figure", translate=True, readonly=True)
    measure = fields.Char(readonly=True)
    unit = fields.Char(readonly=True)
    numerator = fields.Float(digits=(16, 4), readonly=True, aggregator=None)
    denominator = fields.Float(digits=(16, 4), readonly=True, aggregator=None)
    value = fields.Float("Result", digits=(16, 4), readonly=True, aggregator=None)
    threshold = fields.Float(digits=(16, 4), readonly=True, aggregator=None)
    weight = fields.Float(readonly=True, aggregator=None)
    month_count = fields.Integer("Months", readonly=True, aggregator=None, help="Locked months that have a result.")
    points = fields.Float(digits=(16, 2), readonly=True, aggregator=None)
    has_points = fields.Boolean(
        "Counts", readonly=True, help="A KPI without a result or without a threshold is left out of the score."
    )

    value_text = fields.Char("Result in Words", compute="_compute_texts")
    threshold_text = fields.Char("Threshold in Words", compute="_compute_texts")

    @api.depends("value", "threshold", "month_count", "measure", "unit", "has_points", "points")
    @api.depends_context("lang")
    def _compute_texts(self):
        for figure in self:
            kind = (self.env, figure.measure, figure.unit)
            verdict = "met" if figure.points >= PAR else "missed"
            value = figure_text(*kind, figure.value, verdict if figure.has_points else "none")
            figure.value_text = value if figure.month_count else "–"
            figure.threshold_text = figure_text(*kind, figure.threshold) if figure.threshold else "–"

    def _counted_points(self):
        return self.points if self.has_points else None
