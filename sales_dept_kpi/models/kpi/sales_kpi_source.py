from odoo import api, models
from odoo.tools import SQL

PREFIX = "sales.kpi.source."


class SalesKpiSource(models.AbstractModel):
    """What a KPI is computed from. An addon that owns the data registers a KPI by a class of its own::

        class SalesKpiSourceReviews(models.AbstractModel):
            _name = "sales.kpi.source.reviews"
            _inherit = "sales.kpi.source"
            _description = "Order Reviews on Time"
            _kpi_threshold = 90

            def _kpi_evidence_sql(self, period): ...

    Its `sales.kpi` is made with it, in no other place: thresholds, weights and posts are set there, on screen.
    """

    _name = "sales.kpi.source"
    _description = "Source of a KPI"

    # How the sums become a value: `share` in per cent, `mean`, or the `total` of the numerators.
    _kpi_measure = "share"
    # The threshold it comes with.
    _kpi_threshold = 90
    _kpi_sequence = 100
    # External ids of the posts that answer for the department's figure, not for their own.
    _kpi_department_roles = ()
    # Whether more can be reached out of the same: a target is reached by selling, a deadline that passed by nothing.
    _kpi_is_growing = False
    # What the numerators are, for screens: `money`, `count` or `points`.
    _kpi_unit = "count"

    # === WHAT A SOURCE SAYS === #

    @api.model
    def _kpi_title(self):
        """Its name in the reader's language."""
        return self.env["ir.model"]._get(self._name).name

    @api.model
    def _kpi_explanation(self):
        """Texts in the reader's language: what is counted, on which basis, and what is left out.

        :return: ``{"counts": …, "basis": …, "exclusions": …}``
        """
        return {}

    @api.model
    def _kpi_reasons(self):
        """Why a document counts as it does: ``{code: text in the reader's language}``."""
        return {}

    @api.model
    def _kpi_evidence_sql(self, period):
        """Return the ``SQL`` of the documents that make the KPI in `period`, for everybody in the company at once.

        Its columns: `user_id` (null: nobody's), `res_model`, `res_id`, `name`, `date`, `numerator`, `denominator`,
        `overlay` (credit that does not count for the company), `pending` (of the denominator: not decided yet),
        `reason` (a code of :meth:`_kpi_reasons`). Money in the company's currency; a document counts once a person.

        :param Period period: whose rows alone are wanted; the company is ``period.company``
        """
        raise NotImplementedError

    # === REGISTRY === #

    @api.model
    def _kpi_codes(self):
        """The codes of all sources that are registered."""
        names = self.env.registry.descendants(["sales.kpi.source"], "_inherit")
        return sorted(name.removeprefix(PREFIX) for name in names if name.startswith(PREFIX))

    @api.model
    def _kpi_of(self, code):
        return self.env[PREFIX + code]

    def init(self):
        # The table of KPIs may be made later in the same step.
        if self._name.startswith(PREFIX):
            self.pool.post_init(self._make_kpi)

    @api.model
    def _make_kpi(self):
        """Make the KPI of this source, once; one that was archived or changed stays as it is."""
        code = self._name.removeprefix(PREFIX)
        Kpi = self.env["sales.kpi"].sudo().with_context(active_test=False)
        if kpi := Kpi.search([("source", "=", code)], limit=1):
            if kpi._revive():
                self._name_kpi(kpi)
            return
        kpi = Kpi.create(self._prepare_kpi_values(code))
        self.env["sales.kpi.threshold"].sudo().create(
            {"kpi_id": kpi.id, "date_from": "2000-01-01", "threshold": self._kpi_threshold}
        )
        self._name_kpi(kpi)

    @api.model
    def _name_kpi(self, kpi):
        """Give `kpi` its external id, by which it goes with the module that made it."""
        self.env["ir.model.data"].sudo().create(
            {
                # Not one that extends the source.
                "module": self._original_module,
                "name": f"kpi_{kpi.source}",
                "model": "sales.kpi",
                "res_id": kpi.id,
                "noupdate": True,
            }
        )

    @api.model
    def _prepare_kpi_values(self, code):
        return {
            "source": code,
            "measure": self._kpi_measure,
            "unit": self._kpi_unit,
            "is_growing": self._kpi_is_growing,
            "sequence": self._kpi_sequence,
            "company_id": False,
            "department_role_ids": [self.env.ref(role).id for role in self._kpi_department_roles],
        }

    @api.model
    def _no_evidence_sql(self):
        """For a source whose data are not there: no rows."""
        return SQL(
            "SELECT NULL::int AS user_id, '' AS res_model, 0 AS res_id, '' AS name, NULL::date AS date,"
            " 0::numeric AS numerator, 0::numeric AS denominator, 0::numeric AS overlay, 0::numeric AS pending,"
            " '' AS reason WHERE FALSE"
        )
