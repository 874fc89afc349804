from odoo import api, fields, models

from ..monthly_report.figure_text import figure_text

# The points of a KPI whose threshold is just reached.
PAR = 100


class SalesAppraisalFigure(models.Model):
    """A KPI in an appraisal: its result over the locked months of the period, and the points that it brings."""

    _name = "sales.appraisal.figure"
    _description = "KPI of an Appraisal"
    _inherit = ["sales.kpi.kept.mixin"]
    _order = "appraisal_id, sequence, id"

    appraisal_id = fields.Many2one("sales.appraisal", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="appraisal_id.company_id", store=True, index=True)
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
