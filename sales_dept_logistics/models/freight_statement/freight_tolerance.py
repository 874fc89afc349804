from odoo import api, fields, models
from odoo.tools import SQL


class FreightTolerance(models.Model):
    """How far a charge may be from what was agreed before anybody has to look at it.

    The narrowest rule holds: of carrier and kind, then of the carrier, then of the kind, then for all.
    """

    _name = "freight.tolerance"
    _description = "Tolerance of Freight Charges"
    _order = "company_id, carrier_id, kind_id, id"
    _rec_name = "carrier_id"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", index="btree_not_null", help="Empty: all companies.")
    carrier_id = fields.Many2one(
        "delivery.carrier", index="btree_not_null", ondelete="cascade", check_company=True, help="Empty: all carriers."
    )
    kind_id = fields.Many2one(
        "freight.charge.kind",
        "Kind of Charge",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        help="Empty: all kinds.",
    )
    over_amount = fields.Float("Above, Amount", digits=(16, 2), help="0: the amount does not matter.")
    over_percent = fields.Float("Above, %", digits=(6, 3), help="0: the percentage does not matter.")
    under_amount = fields.Float("Below, Amount", digits=(16, 2), help="0: the amount does not matter.")
    under_percent = fields.Float("Below, %", digits=(6, 3), help="0: the percentage does not matter.")

    _limits = models.Constraint(
        "CHECK (over_amount >= 0 AND over_percent >= 0 AND under_amount >= 0 AND under_percent >= 0)",
        "A tolerance is not less than nothing.",
    )
    _once = models.UniqueIndex(
        "(COALESCE(company_id, 0), COALESCE(carrier_id, 0), COALESCE(kind_id, 0))",
        "There is a tolerance for this carrier and kind of charge already: change that one.",
    )

    @api.depends("carrier_id", "kind_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for tolerance in self:
            names = filter(None, [tolerance.carrier_id.name, tolerance.kind_id.name])
            tolerance.display_name = " · ".join(names) or self.env._("All charges")

    @api.model
    def _narrowest_sql(self, company, carrier, kind):
        """The one tolerance that holds for a row: `company` and `carrier` as ids, `kind` as SQL of its id."""
        self.flush_model()
        return SQL(
            """
            SELECT COALESCE(over_amount, 0) AS over_amount, COALESCE(over_percent, 0) AS over_percent,
                   COALESCE(under_amount, 0) AS under_amount, COALESCE(under_percent, 0) AS under_percent
              FROM freight_tolerance
             WHERE COALESCE(company_id, %(company)s) = %(company)s AND COALESCE(carrier_id, %(carrier)s) = %(carrier)s
               AND (kind_id IS NULL OR kind_id = %(kind)s)
          ORDER BY carrier_id IS NULL, kind_id IS NULL, company_id IS NULL
             LIMIT 1
            """,
            company=company,
            carrier=carrier,
            kind=kind,
        )
