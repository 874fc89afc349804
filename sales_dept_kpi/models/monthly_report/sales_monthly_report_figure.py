from odoo import api, fields, models

from .figure_text import figure_text


class SalesMonthlyReportFigure(models.Model):
    """A KPI's result in a monthly report, as it stood when the figures were taken."""

    _name = "sales.monthly.report.figure"
    _description = "Figure of a Monthly Report"
    _inherit = ["sales.kpi.kept.mixin"]
    _order = "report_id, sequence, id"

    report_id = fields.Many2one("sales.monthly.report", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="report_id.company_id", store=True, index=True)
    date_from = fields.Date(related="report_id.date_from", store=True, index=True)
    month_text = fields.Char(related="report_id.month_text")
    kind = fields.Selection(related="report_id.kind", store=True)
    user_id = fields.Many2one("res.users", "Person", readonly=True, index="btree_not_null", ondelete="restrict")
    has_value = fields.Boolean(readonly=True)
    has_threshold = fields.Boolean(readonly=True)
    computed_date = fields.Datetime("Computed On", readonly=True, help="The figure is as the documents were then.")
    verdict = fields.Selection(
        [("met", "Met"), ("missed", "Missed"), ("none", "No Verdict"), ("failed", "Could Not Be Computed")],
        readonly=True,
        default="none",
    )
    result_text = fields.Char("Result in Words", compute="_compute_texts")
    threshold_text = fields.Char("Threshold in Words", compute="_compute_texts")

    @api.depends("value", "has_value", "threshold", "has_threshold", "measure", "unit", "verdict")
    @api.depends_context("lang")
    def _compute_texts(self):
        for figure in self:
            kind = (self.env, figure.measure, figure.unit)
            figure.result_text = figure_text(*kind, figure.value, figure.verdict) if figure.has_value else "–"
            figure.threshold_text = figure_text(*kind, figure.threshold) if figure.has_threshold else "–"
