from odoo import api, fields, models
from odoo.tools import SQL

# Upper bounds in kg; above the last one there is no bound.
BANDS = [1, 5, 20, 100, 500, 1000]


class FreightAnalysis(models.Model):
    """What freight cost, by carrier, zone, customer, kind of charge and weight band; what was found and recovered."""

    _name = "freight.analysis"
    _description = "Freight Analysis"
    _auto = False
    _order = "month desc, id"
    _rec_name = "waybill_id"
    _depends = {
        "freight.statement": ["date_to", "state"],
        "freight.statement.line": [
            "company_id",
            "carrier_id",
            "statement_id",
            "waybill_id",
            "kind_id",
            "currency_id",
            "role",
            "amount",
            "expected_amount",
            "difference",
            "difference_kind",
            "payable_amount",
            "is_settled",
            "settled_amount",
            "decision",
        ],
        "freight.waybill": ["partner_id", "zone", "chargeable_weight", "shipped_date"],
        "res.partner": ["commercial_partner_id"],
    }

    company_id = fields.Many2one("res.company", readonly=True)
    statement_id = fields.Many2one("freight.statement", readonly=True)
    state = fields.Selection(related="statement_id.state")
    carrier_id = fields.Many2one("delivery.carrier", readonly=True)
    waybill_id = fields.Many2one("freight.waybill", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    kind_id = fields.Many2one("freight.charge.kind", "Kind of Charge", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    month = fields.Date(readonly=True, help="In which the period of the statement ends.")
    zone = fields.Char(readonly=True)
    weight_band = fields.Char("Weight Band (kg)", readonly=True)
    difference_kind = fields.Selection(
        selection=lambda self: (
            self.env["freight.statement.line"]._fields["difference_kind"]._description_selection(self.env)
        ),
        string="Kind of Difference",
        readonly=True,
    )
    amount = fields.Monetary("Amount Charged", readonly=True)
    expected_amount = fields.Monetary("Agreed", readonly=True)
    difference = fields.Monetary(readonly=True)
    paid_amount = fields.Monetary("Paid", readonly=True, help="As it was settled, or is to be paid now.")
    recovered_amount = fields.Monetary("Not Paid", readonly=True, help="What was charged and is not paid.")
    weight = fields.Float(
        "Chargeable Weight (kg)", digits=(16, 3), readonly=True, help="Of each waybill once, with its freight."
    )
    cost_per_kg = fields.Float(
        "Cost per kg", digits=(16, 4), readonly=True, aggregator="avg", help="The average of the waybills."
    )

    @property
    def _table_query(self):
        paid = SQL("CASE WHEN line.is_settled THEN line.settled_amount ELSE line.payable_amount END")
        return SQL(
            """
            SELECT line.id, line.company_id, line.statement_id, line.carrier_id, line.waybill_id,
                   partner.commercial_partner_id AS partner_id, line.kind_id, line.currency_id,
                   date_trunc('month', statement.date_to)::date AS month, waybill.zone, %(band)s AS weight_band,
                   line.difference_kind, line.amount, line.expected_amount, line.difference,
                   %(paid)s AS paid_amount, line.amount - %(paid)s AS recovered_amount,
                   CASE WHEN line.role = 'original' AND line.kind_id = %(freight)s
                        THEN waybill.chargeable_weight END AS weight,
                   CASE WHEN line.role = 'original' AND waybill.chargeable_weight > 0
                        THEN %(paid)s / waybill.chargeable_weight END AS cost_per_kg
              FROM freight_statement_line line
              JOIN freight_statement statement ON statement.id = line.statement_id
         LEFT JOIN freight_waybill waybill ON waybill.id = line.waybill_id
         LEFT JOIN res_partner partner ON partner.id = waybill.partner_id
             WHERE line.role IS NOT NULL AND line.role <> 'missing'
            """,
            band=self._band_sql(SQL("waybill.chargeable_weight")),
            paid=paid,
            freight=self.env.ref("sales_dept_logistics.charge_freight").id,
        )

    @api.model
    def _band_sql(self, weight):
        """The band of `weight`, such that bands in alphabetical order are in order of weight."""
        cases = [SQL("WHEN %s <= %s THEN %s", weight, bound, f"{at}. ≤ {bound}") for at, bound in enumerate(BANDS, 1)]
        return SQL(
            "CASE WHEN %s IS NULL THEN NULL %s ELSE %s END",
            weight,
            SQL(" ").join(cases),
            f"{len(BANDS) + 1}. > {BANDS[-1]}",
        )
