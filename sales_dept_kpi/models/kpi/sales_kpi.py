from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# Changed, they would give the figures of locked months another meaning.
MEANING = {"source", "measure", "unit"}
# Who sets thresholds and weights, and sees who did.
SETTERS = "sales_dept_roles.group_director,sales_dept_roles.group_general_manager,base.group_system"


class SalesKpi(models.Model):
    """A figure that proves a duty: what it is computed from, and from when on how much is enough.

    What it counts is a registered class (`sales.kpi.source`), or was put together on screen (see
    `sales_kpi_on_screen.py`).
    """

    _name = "sales.kpi"
    _description = "KPI"
    _inherit = ["mail.thread", "sales.dept.shared.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char("KPI", compute="_compute_name", inverse="_inverse_name", search="_search_name", required=True)
    own_name = fields.Char("Name of One's Own", translate=True, tracking=True, export_string_translation=False)
    active = fields.Boolean(default=True, tracking=True)
    sequence = fields.Integer(default=200)
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        default=lambda self: self.env["res.users"]._company_of_new_configuration(),
        help="Leave empty for a KPI that every company has.",
    )
    source = fields.Selection(
        selection="_selection_source",
        string="Computed From",
        readonly=True,
        help="Which program computes it. Empty: it was put together on screen.",
    )
    measure = fields.Selection(
        [("share", "Share in per Cent"), ("mean", "Average"), ("total", "Sum or Number")],
        required=True,
        default="share",
        tracking=True,
    )
    unit = fields.Selection(
        [("money", "Company Currency"), ("count", "Documents"), ("points", "Points")],
        string="Counted In",
        required=True,
        default="count",
    )
    is_growing = fields.Boolean(
        "More Can Be Reached", help="As long as the month runs, out of the same. Else what is decided stays decided."
    )
    threshold_ids = fields.One2many("sales.kpi.threshold", "kpi_id", string="Thresholds and Weights", copy=True)
    threshold_log_ids = fields.One2many(
        "sales.kpi.threshold.log", "kpi_id", string="Changes of Thresholds", readonly=True, groups=SETTERS
    )
    department_role_ids = fields.Many2many(
        "sales.dept.role",
        string="Department's Figure For",
        help="Whoever holds one of these posts answers for the figure of all, and sees what it is made of.",
    )
    explanation = fields.Html(
        "What Counts", compute="_compute_explanation", sanitize=False, export_string_translation=False
    )

    _source_once = models.UniqueIndex("(source) WHERE source IS NOT NULL", "This source has a KPI already.")

    # === COMPUTES === #

    @api.model
    def _selection_source(self):
        Source = self.env["sales.kpi.source"]
        return [(code, Source._kpi_of(code)._kpi_title()) for code in Source._kpi_codes()]

    @api.depends("own_name", "source")
    @api.depends_context("lang")
    def _compute_name(self):
        for kpi in self:
            source = kpi._source()
            kpi.name = kpi.own_name or (source is not None and source._kpi_title()) or kpi.source

    def _inverse_name(self):
        for kpi in self:
            source = kpi._source()
            # What is the source's own name stays so in all languages.
            kpi.own_name = kpi.name if source is None or kpi.name != source._kpi_title() else False

    @api.model
    def _search_name(self, operator, value):
        # There are dozens: names of sources are in no column.
        kpis = self.with_context(active_test=False).search(Domain.TRUE)
        return Domain("id", "in", kpis.filtered_domain(Domain("name", operator, value)).ids)

    @api.depends("source")
    @api.depends_context("lang")
    def _compute_explanation(self):
        labels = {
            "counts": self.env._("What counts"),
            "basis": self.env._("Whom and when it belongs to"),
            "exclusions": self.env._("What is left out"),
        }
        for kpi in self:
            texts = kpi._explanation()
            kpi.explanation = self.env["ir.qweb"]._render(
                "sales_dept_kpi.kpi_explanation",
                {"parts": [(label, texts[part]) for part, label in labels.items() if texts.get(part)]},
            )

    def _explanation(self):
        """As :meth:`SalesKpiSource._kpi_explanation`."""
        self.ensure_one()
        source = self._source()
        return source._kpi_explanation() if source is not None else {}

    # === RULES === #

    @api.constrains("source", "measure")
    def _check_source(self):
        for kpi in self:
            source = kpi._source()
            if source is not None and kpi.measure != source._kpi_measure:
                raise UserError(self.env._("“%(kpi)s” is computed as its program says.", kpi=kpi.name))

    def write(self, vals):
        if vals.keys() & self._meaning_fields() and (kpi := self._first_locked()):
            raise UserError(
                self.env._(
                    "“%(kpi)s” has figures in locked months, which would get another meaning. Archive it, and make "
                    "another KPI for the months to come.",
                    kpi=kpi.name,
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if kpi := self.filtered("source")[:1] or self._first_locked():
            raise UserError(
                self.env._("“%(kpi)s” is archived, not deleted: what it measured stays on record.", kpi=kpi.name)
            )

    def _meaning_fields(self):
        return MEANING

    def _first_locked(self):
        """One of `self` that has figures in a locked month, if there is one."""
        result = (
            self.env["sales.kpi.result"].sudo().search([("kpi_id", "in", self.ids), ("state", "=", "locked")], limit=1)
        )
        return result.kpi_id.with_env(self.env)

    # === FIGURES === #

    def _source(self):
        """The class that computes it, or None for one made on screen; also where its module is gone."""
        return self.env.get(f"sales.kpi.source.{self.source}") if self.source else None

    def _evidence_sql(self, period):
        """As :meth:`SalesKpiSource._kpi_evidence_sql`."""
        self.ensure_one()
        source = self._source()
        if source is None:
            return self.env["sales.kpi.source"]._no_evidence_sql()
        return source._kpi_evidence_sql(period)

    def _reasons(self):
        """As :meth:`SalesKpiSource._kpi_reasons`."""
        self.ensure_one()
        source = self._source()
        return source._kpi_reasons() if source is not None else {}

    @api.model
    def _of_company(self, company):
        """The KPIs that `company` has, but for those whose program is gone: what they said stays as it is."""
        kpis = self.search(Domain("company_id", "in", [False, company.id]))
        return kpis.filtered(lambda kpi: not kpi.source or kpi._source() is not None)

    def action_open_results(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_dept_kpi.action_sales_kpi_results")
        return {**action, "domain": [("kpi_id", "=", self.id)], "context": {}}
