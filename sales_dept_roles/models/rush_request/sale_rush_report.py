from odoo import api, fields, models
from odoo.tools import SQL


class SaleRushReport(models.Model):
    """How much of the business is rush: one row per confirmed order line, and one per request that was asked.

    The share is the average over order lines, so it is right at whatever level one looks: requests have none.
    """

    _name = "sale.rush.report"
    _description = "Rush Order Analysis"
    _auto = False
    _rec_name = "order_id"
    _order = "date desc, id desc"
    _depends = {
        "sale.order": ["company_id", "partner_id", "user_id", "date_order", "state"],
        "sale.order.line": ["order_id", "product_id", "display_type", "is_downpayment", "is_rush"],
        "sale.rush.request": ["order_id", "cause", "request_date", "is_granted"],
        "res.partner": ["commercial_partner_id"],
    }

    order_id = fields.Many2one("sale.order", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    user_id = fields.Many2one("res.users", "Account Manager", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    date = fields.Datetime(
        "Order Date",
        readonly=True,
        help="Of the order, for requests too: requests and share then speak of the same orders. "
        "When they were asked stands in the register of requests.",
    )
    cause = fields.Selection(
        selection=lambda self: self.env["sale.rush.request"]._fields["cause"]._description_selection(self.env),
        readonly=True,
    )
    request_count = fields.Integer("Requests", readonly=True)
    granted_count = fields.Integer("Requests Granted", readonly=True)
    line_count = fields.Integer("Order Lines", readonly=True)
    rush_line_count = fields.Integer("Rush Lines", readonly=True)
    rush_share = fields.Float("Share of Rush Lines", aggregator="avg", readonly=True)

    @property
    def _table_query(self):
        return self._query()

    @api.model
    def _query(self):
        return SQL("%s UNION ALL %s", self._query_lines(), self._query_requests())

    @api.model
    def _query_lines(self):
        return SQL(
            """
            SELECT line.id AS id, ord.id AS order_id, ord.company_id, partner.commercial_partner_id AS partner_id,
                   ord.user_id, line.product_id, ord.date_order AS date, NULL::varchar AS cause,
                   0 AS request_count, 0 AS granted_count, 1 AS line_count,
                   CASE WHEN line.is_rush THEN 1 ELSE 0 END AS rush_line_count,
                   CASE WHEN line.is_rush THEN 1.0 ELSE 0.0 END AS rush_share
              FROM sale_order_line line
              JOIN sale_order ord ON ord.id = line.order_id
              JOIN res_partner partner ON partner.id = ord.partner_id
             WHERE ord.state = 'sale' AND line.display_type IS NULL AND NOT COALESCE(line.is_downpayment, FALSE)
            """
        )

    @api.model
    def _query_requests(self):
        return SQL(
            """
            SELECT -request.id, ord.id, ord.company_id, partner.commercial_partner_id, ord.user_id, NULL::integer,
                   ord.date_order, request.cause, 1, CASE WHEN request.is_granted THEN 1 ELSE 0 END,
                   0, 0, NULL
              FROM sale_rush_request request
              JOIN sale_order ord ON ord.id = request.order_id
              JOIN res_partner partner ON partner.id = ord.partner_id
             WHERE request.request_date IS NOT NULL
            """
        )
