from odoo import api, fields, models
from odoo.tools import SQL

from ..rate_card.freight_waybill_rating import rate_sql

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
        "freight.waybill": ["partner_id", "zone", "chargeable_weight", "shipped_date", "picking_ids"],
        "res.company": ["currency_id"],
        "res.currency.rate": ["currency_id", "name", "rate", "company_id"],
        "res.partner": ["commercial_partner_id"],
        "sale.order": ["currency_rate"],
        "sale.order.line": ["price_subtotal"],
        "stock.move": ["picking_id", "sale_line_id", "state", "quantity", "product_qty"],
    }

    company_id = fields.Many2one("res.company", readonly=True)
    statement_id = fields.Many2one("freight.statement", readonly=True)
    state = fields.Selection(related="statement_id.state")
    carrier_id = fields.Many2one("delivery.carrier", readonly=True)
    waybill_id = fields.Many2one("freight.waybill", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    kind_id = fields.Many2one("freight.charge.kind", "Kind of Charge", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency")
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
    company_amount = fields.Monetary(
        "Charged, in Our Currency",
        currency_field="company_currency_id",
        readonly=True,
        help="At the rate of the period's last day: what was converted once stays as it is.",
    )
    company_paid_amount = fields.Monetary(
        "Paid, in Our Currency",
        currency_field="company_currency_id",
        readonly=True,
        help="At the rate of the period's last day: what was converted once stays as it is.",
    )
    sales_amount = fields.Monetary(
        "Sales of the Goods",
        currency_field="company_currency_id",
        readonly=True,
        help="What the goods of each waybill were sold for, without tax; once, with its freight.",
    )
    sales_share = fields.Float(
        "Share of Sales (%)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="Paid, of what the goods were sold for: of all waybills together, not the average of each.",
    )
    weight = fields.Float(
        "Chargeable Weight (kg)", digits=(16, 3), readonly=True, help="Of each waybill once, with its freight."
    )
    cost_per_kg = fields.Float(
        "Cost per kg",
        digits=(16, 4),
        readonly=True,
        aggregator="avg",
        help="Paid, in our currency, for each chargeable kg: of all waybills together, with all their charges.",
    )

    def _read_group_select(self, aggregate_spec, query):
        """A share is that of the sums; so is what a kg costs, of the waybills that have a weight."""
        if aggregate_spec not in ("sales_share:avg", "cost_per_kg:avg"):
            return super()._read_group_select(aggregate_spec, query)
        names = ("company_paid_amount", "sales_amount", "waybill_id", "cost_per_kg")
        paid, sales, waybill, cost = (self._field_to_sql(self._table, name, query) for name in names)
        if aggregate_spec == "sales_share:avg":
            return SQL("100 * SUM(%s) / NULLIF(SUM(%s), 0)", paid, sales)
        # Each waybill weighs once, also where the charge for freight stands in another group or month.
        return SQL(
            """
            SUM(%(paid)s) FILTER (WHERE %(cost)s IS NOT NULL) / NULLIF((
                SELECT SUM(one.value::numeric)
                  FROM jsonb_each_text(jsonb_object_agg(%(waybill)s, %(kg)s) FILTER (WHERE %(cost)s IS NOT NULL)) one
            ), 0)
            """,
            paid=paid,
            cost=cost,
            waybill=waybill,
            kg=SQL.identifier(self._table, "waybill_kg"),
        )

    @property
    def _table_query(self):
        paid = SQL("CASE WHEN line.is_settled THEN line.settled_amount ELSE line.payable_amount END")
        is_freight = SQL(
            "line.role = 'original' AND line.kind_id = %s", self.env.ref("sales_dept_logistics.charge_freight").id
        )
        sales = SQL("CASE WHEN %s THEN %s END", is_freight, _sales_sql())
        return SQL(
            """
            SELECT line.id, line.company_id, line.statement_id, line.carrier_id, line.waybill_id,
                   partner.commercial_partner_id AS partner_id, line.kind_id, line.currency_id,
                   date_trunc('month', statement.date_to)::date AS month, waybill.zone, %(band)s AS weight_band,
                   line.difference_kind, line.amount, line.expected_amount, line.difference,
                   %(paid)s AS paid_amount, line.amount - %(paid)s AS recovered_amount,
                   %(company_amount)s AS company_amount, %(company_paid)s AS company_paid_amount,
                   %(sales)s AS sales_amount, 100 * %(company_paid)s / NULLIF(%(sales)s, 0) AS sales_share,
                   CASE WHEN %(is_freight)s THEN waybill.chargeable_weight END AS weight,
                   waybill.chargeable_weight AS waybill_kg,
                   %(company_paid)s / NULLIF(waybill.chargeable_weight, 0) AS cost_per_kg
              FROM freight_statement_line line
              JOIN freight_statement statement ON statement.id = line.statement_id
              JOIN res_company company ON company.id = line.company_id
              JOIN res_currency own ON own.id = company.currency_id
         LEFT JOIN freight_waybill waybill ON waybill.id = line.waybill_id
         LEFT JOIN res_partner partner ON partner.id = waybill.partner_id
             WHERE line.role IS NOT NULL AND line.role <> 'missing'
            """,
            band=self._band_sql(SQL("waybill.chargeable_weight")),
            paid=paid,
            company_amount=_converted_sql(SQL("line.amount")),
            company_paid=_converted_sql(paid),
            sales=sales,
            is_freight=is_freight,
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


def _converted_sql(amount):
    """`amount` in the company's currency, at the rate of the last day of the statement's period."""
    to, of = (rate_sql(currency, SQL("statement.date_to")) for currency in (SQL("own.id"), SQL("line.currency_id")))
    return SQL(
        """
        CASE WHEN line.currency_id = own.id THEN %(amount)s
             ELSE ROUND((%(amount)s) * %(to)s / %(of)s / own.rounding) * own.rounding END
        """,
        amount=amount,
        to=to,
        of=of,
    )


def _sales_sql():
    """What the goods of the waybill were sold for: of each order line the share that left with its deliveries.

    By the moves of a line among themselves, so that kits and other units of measure come out right. A delivery on
    several waybills is parted evenly between them, as its expected cost is.
    """
    return SQL(
        """
        (SELECT SUM(sold.amount / delivery.waybills)
           FROM freight_waybill_picking_rel rel
     CROSS JOIN LATERAL (
                SELECT COUNT(*) AS waybills FROM freight_waybill_picking_rel also WHERE also.picking_id = rel.picking_id
                ) delivery
     CROSS JOIN LATERAL (
                SELECT SUM(sale_line.price_subtotal / sale.currency_rate * shipped.quantity
                           / NULLIF(planned.quantity, 0)) AS amount
                  FROM (SELECT move.sale_line_id, SUM(move.product_qty) AS quantity
                          FROM stock_move move
                         WHERE move.picking_id = rel.picking_id AND move.state = 'done'
                      GROUP BY move.sale_line_id) shipped
                  JOIN sale_order_line sale_line ON sale_line.id = shipped.sale_line_id
                  JOIN sale_order sale ON sale.id = sale_line.order_id
            CROSS JOIN LATERAL (
                       SELECT SUM(move.product_qty) AS quantity
                         FROM stock_move move
                         JOIN stock_picking picking ON picking.id = move.picking_id
                         JOIN stock_picking_type type ON type.id = picking.picking_type_id
                        WHERE move.sale_line_id = sale_line.id AND move.state <> 'cancel'
                          AND type.code IN ('outgoing', 'dropship')
                       ) planned
                ) sold
          WHERE rel.waybill_id = waybill.id)
        """
    )
