from odoo import api, fields, models

READONLY = {"digits": 0, "readonly": True}


class SalesKpiEvidence(models.Model):
    """A document that counts for a result, as it was then: what it brings, and why.

    The database writes it. It keeps the document's name, so it still says what it was when that is gone.
    """

    _name = "sales.kpi.evidence"
    _description = "KPI Evidence"
    _inherit = ["sales.document.link.mixin", "sales.figures.register.mixin"]
    _order = "date desc, id desc"
    # Written a hundred thousand at a time, by the database.
    _log_access = False

    # What its result knows is not kept once more: each index, and each key into another table, is paid for row by row.
    result_id = fields.Many2one("sales.kpi.result", required=True, readonly=True, ondelete="cascade", index=True)
    total_id = fields.Many2one(related="result_id.total_id")
    company_id = fields.Many2one(related="result_id.company_id")
    kpi_id = fields.Many2one(related="result_id.kpi_id")
    user_id = fields.Many2one(related="result_id.user_id")
    res_model = fields.Char("Document Model", readonly=True)
    res_id = fields.Many2oneReference("Document ID", model_field="res_model", readonly=True, aggregator=None)
    name = fields.Char("Document", readonly=True)
    date = fields.Date("Day", readonly=True)
    numerator = fields.Float("Reached", **READONLY)
    denominator = fields.Float("Out Of", **READONLY)
    overlay = fields.Float("Credit Beside It", **READONLY)
    pending = fields.Float("Not Decided Yet", **READONLY)
    reason = fields.Char("Reason's Code", readonly=True)
    reason_text = fields.Char("Why", compute="_compute_reason_text")

    def init(self):
        # Of before, which Odoo keeps.
        self.env.cr.execute(
            "ALTER TABLE sales_kpi_evidence DROP COLUMN IF EXISTS total_id, DROP COLUMN IF EXISTS user_id"
        )

    @api.depends("reason")
    @api.depends_context("lang")
    def _compute_reason_text(self):
        reasons = {kpi: kpi._reasons() for kpi in self.kpi_id}
        for evidence in self:
            evidence.reason_text = reasons[evidence.kpi_id].get(evidence.reason)

    @api.model
    def _register_columns(self):
        return ["date", "kpi_id", "user_id", "name", "reason_text", "numerator", "denominator", "overlay", "pending"]

    def _register_spans(self):
        # Whoever may read a row may know its month.
        ((totals,),) = self._read_group([("id", "in", self.ids)], [], ["total_id:recordset"])
        return self._register_month_spans(totals.sudo().month_id)

    def action_open_document(self):
        """Open the document, where it is still there."""
        return self._open_document(
            self.env._("%(document)s does not exist any more. What it counted stays in the figure.", document=self.name)
        )
