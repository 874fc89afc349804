from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# An id holds the company, the person and, in its last bits, the kind; see `daily_progress/asked.py`.
KIND_BITS = 6
USER_BITS = 25


class SalesErpUpkeep(models.Model):
    """What each person has left untended in Odoo, by kind: how many, of how many, now.

    One row per company, kind and person; it is counted whenever somebody looks.
    """

    _name = "sales.erp.upkeep"
    _description = "ERP Upkeep"
    _auto = False
    _order = "untended_count desc, id"
    _rec_name = "kind"

    kind = fields.Selection(selection="_selection_kind", string="What", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    user_id = fields.Many2one(
        "res.users", "Person", readonly=True, help="Empty: nobody in particular has to see to it, a department does."
    )
    team_id = fields.Many2one("crm.team", readonly=True)
    untended_count = fields.Integer("Untended", readonly=True)
    tended_count = fields.Integer("Tended", readonly=True)
    total_count = fields.Integer("To Be Tended", readonly=True)
    share = fields.Float(
        "Tended (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="What is tended of all that has to be; of a group, of all its rows together.",
    )
    hint = fields.Char("What to Do", compute="_compute_hint")

    @api.model
    def _selection_kind(self):
        kinds = self.env["sales.upkeep.kind"]._upkeep_kinds()
        return [(kind._upkeep_code(), kind._upkeep_title()) for kind in kinds]

    @api.depends("kind")
    @api.depends_context("lang")
    def _compute_hint(self):
        hints = {kind._upkeep_code(): kind._upkeep_hint() for kind in self.env["sales.upkeep.kind"]._upkeep_kinds()}
        for row in self:
            row.hint = hints.get(row.kind)

    # === THE ROWS === #

    @property
    def _table_query(self):
        companies = self.env.companies
        if self.ids:
            companies = companies.browse(sorted({key >> KIND_BITS + USER_BITS for key in self.ids}))
        return SQL(" UNION ALL ").join(SQL("(%s)", self._company_sql(company)) for company in companies.sudo())

    @api.model
    def _search(self, domain, *args, **kwargs):
        """By ids, rows of whatever companies: the rules say which of them are seen."""
        conditions = Domain(domain).optimize_full(self).iter_conditions()
        ids = [key for leaf in conditions if (leaf.field_expr, leaf.operator) == ("id", "in") for key in leaf.value]
        return super(SalesErpUpkeep, self.browse(ids))._search(domain, *args, **kwargs)

    @api.model
    def _company_sql(self, company):
        kinds = self.env["sales.upkeep.kind"]._upkeep_kinds()
        return SQL(
            """
            SELECT (%(company)s::bigint << %(company_shift)s)
                   | (COALESCE(counted.user_id, 0)::bigint << %(kind_bits)s)
                   | counted.number AS id,
                   counted.kind, %(company)s AS company_id, counted.user_id, %(team)s AS team_id,
                   counted.untended_count, counted.total_count - counted.untended_count AS tended_count,
                   counted.total_count,
                   100.0 * (counted.total_count - counted.untended_count) / counted.total_count AS share
              FROM (
                   SELECT document.kind, document.user_id,
                          ARRAY_POSITION(%(codes)s, document.kind::text) AS number,
                          COUNT(*) AS total_count, COUNT(*) FILTER (WHERE document.is_untended) AS untended_count
                     FROM (%(documents)s) document
                 GROUP BY document.kind, document.user_id
                   ) counted
            """,
            company=company.id,
            company_shift=KIND_BITS + USER_BITS,
            kind_bits=KIND_BITS,
            team=self.env["sales.progress.document"]._team_of(SQL("counted.user_id"), company),
            codes=[kind._upkeep_code() for kind in kinds],
            documents=SQL(" UNION ALL ").join(SQL("(%s)", kind._upkeep_documents_sql(company)) for kind in kinds),
        )

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """The share of a group is that of its sums."""
        if aggregate_spec == "share:avg":
            return SQL(
                "100.0 * SUM(%s) / NULLIF(SUM(%s), 0)",
                self._field_to_sql(self._table, "tended_count", query),
                self._field_to_sql(self._table, "total_count", query),
            )
        return super()._read_group_select(aggregate_spec, query)

    # === ACTIONS === #

    def _kind(self):
        self.ensure_one()
        return self.env["sales.upkeep.kind." + self.kind]

    def _untended_ids(self):
        """Ids of the documents that the row counts as untended."""
        self.ensure_one()
        self.env.flush_all()
        documents = self._kind()._upkeep_documents_sql(self.company_id)
        rows = self.env.execute_query(
            SQL(
                "SELECT res_id FROM (%s) document WHERE is_untended AND user_id IS NOT DISTINCT FROM %s ORDER BY 1",
                documents,
                self.user_id.id or None,
            )
        )
        return [res_id for (res_id,) in rows]

    def action_open_untended(self):
        """Open what is left; what is tended meanwhile drops out of the list."""
        self.ensure_one()
        kind = self._kind()
        action = self.env["ir.actions.act_window"]._for_xml_id(kind._upkeep_action)
        action["domain"] = list(Domain("id", "in", self._untended_ids()) & kind._upkeep_untended(self.company_id))
        # Filters that the screen starts with would hide some of what was counted.
        action["context"] = {"create": False}
        action["name"] = action["display_name"] = " · ".join(
            filter(None, [kind._upkeep_title(), self.user_id.sudo().name])
        )
        action["help"] = f"<p>{kind._upkeep_hint()}</p>"
        return action
