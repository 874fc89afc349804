from odoo import api, fields, models

from .sales_kpi_figure_mixin import READONLY


class SalesKpiResult(models.Model):
    """What a KPI says of a person in a month; of no person: what belongs to nobody.

    The database writes it, from its evidence (see `sales_kpi_total_figures.py`); nobody else does.
    """

    _name = "sales.kpi.result"
    _description = "KPI Result"
    _inherit = ["sales.kpi.figure.mixin", "sales.figures.register.mixin"]
    _order = "date desc, sequence, kpi_id, user_id"
    _rec_name = "kpi_id"

    total_id = fields.Many2one("sales.kpi.total", required=True, readonly=True, ondelete="restrict", index=True)
    month_id = fields.Many2one(
        "sales.kpi.month", "Month's Sheet", required=True, readonly=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date("Month", required=True, readonly=True)
    kpi_id = fields.Many2one("sales.kpi", "KPI", required=True, readonly=True, ondelete="restrict", index=True)
    sequence = fields.Integer(readonly=True, aggregator=None)
    user_id = fields.Many2one("res.users", "Person", readonly=True, ondelete="restrict")
    team_id = fields.Many2one(
        "crm.team",
        "Sales Team",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="That of the person then.",
    )
    overlay = fields.Float("Credit Beside It", help="Credit of theirs that is not counted for the company.", **READONLY)
    evidence_count = fields.Integer("Documents", readonly=True)
    measure = fields.Selection(
        [("share", "Share in per Cent"), ("mean", "Average"), ("total", "Sum or Number")], required=True, readonly=True
    )
    unit = fields.Selection(related="kpi_id.unit")
    weight = fields.Float(aggregator=None, **READONLY)
    state = fields.Selection(related="month_id.state", store=True, string="Month's Status")
    evidence_ids = fields.One2many("sales.kpi.evidence", "result_id")

    _once = models.UniqueIndex("(total_id, COALESCE(user_id, 0))", "A person has each KPI once a month.")
    _person_month = models.Index("(user_id, date)")
    _company_month = models.Index("(company_id, date)")

    @api.depends("kpi_id", "user_id", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for result in self:
            parts = (result.kpi_id.name, result.user_id.name, result.month_id.display_name)
            result.display_name = " · ".join(part for part in parts if part)

    def _reached(self):
        return self.numerator + self.overlay

    # === SCREENS === #

    @api.model
    def _register_columns(self):
        return [
            "date",
            "user_id",
            "team_id",
            "kpi_id",
            "numerator",
            "denominator",
            "overlay",
            "value_text",
            "threshold",
            "verdict",
            "state",
        ]

    def _register_spans(self):
        rows = self._read_group([("id", "in", self.ids)], [], ["month_id:recordset"])
        return self._register_month_spans(rows[0][0])

    def action_open_evidence(self):
        """The documents that the figure is made of."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_dept_kpi.action_sales_kpi_evidence")
        return {
            **action,
            "domain": [("result_id", "=", self.id)],
            "context": {},
            "name": self.display_name,
            "display_name": self.display_name,
        }
