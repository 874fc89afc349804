from datetime import time

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

# What left earlier is shown as long as its order waits to be invoiced.
MONTHS = 6


class SalesInvoicingDue(models.Model):
    """What left, by shipment and order: what of it is to be invoiced by which closing day, and what was handed over.

    It is read from shipments and invoices whenever somebody looks, by the rule of the KPI of invoicing on time.
    """

    _name = "sales.invoicing.due"
    _description = "Shipment to Invoice"
    _inherit = ["sales.figures.register.mixin"]
    _register_day = "ship_date"
    _auto = False
    _order = "closing_date, id"
    _rec_name = "name"
    _depends = {
        "account.move": ["amount_total_signed", "invoice_date", "move_type", "state"],
        "account.move.line": ["move_id", "product_uom_id", "quantity", "sale_line_ids"],
        "res.partner": ["commercial_partner_id", "customer_file_closing_day"],
        "sale.order": ["currency_rate", "name", "partner_id", "user_id"],
        "sale.order.line": ["invoice_status", "price_subtotal", "product_uom_qty", "qty_delivered"],
        "sales.invoice.handover": ["company_id", "date", "move_ids", "tax_invoice_ids"],
        "sales.tax.invoice": ["date", "state"],
        "sales.tax.invoice.line": ["amount", "move_id", "tax_invoice_id"],
        "stock.move": ["date", "origin_returned_move_id", "picking_id", "quantity", "sale_line_id", "state"],
        "stock.picking": ["name"],
    }

    name = fields.Char("Shipment", readonly=True)
    picking_id = fields.Many2one("stock.picking", "Delivery", readonly=True)
    order_id = fields.Many2one("sale.order", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    user_id = fields.Many2one("res.users", "Account Manager", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    ship_date = fields.Date("Shipped On", readonly=True)
    closing_date = fields.Date(
        "Closing Day", readonly=True, help="The customer's first closing day on or after the shipment."
    )
    days_left = fields.Integer(readonly=True, aggregator="min", help="Until the closing day; negative after it.")
    amount = fields.Monetary("Shipped", readonly=True, help="Untaxed, at the order's price; less what came back.")
    invoiced_amount = fields.Monetary(readonly=True)
    on_time_amount = fields.Monetary("Invoiced in Time", readonly=True, help="By the closing day.")
    remaining_amount = fields.Monetary("To Invoice", readonly=True)
    handover_date = fields.Date("Handed Over On", readonly=True)
    state = fields.Selection(
        [
            ("late", "Closing Day Passed"),
            ("due", "To Invoice"),
            ("invoiced", "To Hand Over"),
            ("done", "Handed Over"),
        ],
        "Status",
        readonly=True,
    )

    # === THE ROWS === #

    @property
    def _table_query(self):
        companies = self.env.companies.sudo()
        if self.ids:
            # A row is named after one of its stock moves.
            companies = self.env["stock.move"].sudo().browse(self.ids).exists().company_id or companies
        return SQL(" UNION ALL ").join(SQL("(%s)", self._company_sql(company)) for company in companies)

    @api.model
    def _search(self, domain, *args, **kwargs):
        """By ids, rows of their orders alone, of whatever companies: the rules say which of them are seen."""
        conditions = Domain(domain).optimize_full(self).iter_conditions()
        ids = [key for leaf in conditions if (leaf.field_expr, leaf.operator) == ("id", "in") for key in leaf.value]
        return super(SalesInvoicingDue, self.browse(ids))._search(domain, *args, **kwargs)

    def _company_sql(self, company):
        source = self.env["sales.kpi.source.invoicing"]
        today = company._local_today()
        since = company._moment_of(today.replace(day=1) - relativedelta(months=MONTHS), time())
        return SQL(
            """
            WITH %(rule)s,
            shipment_of_order AS (
                SELECT MIN(id) AS id, picking_id, order_id, partner_id, user_id, MIN(name) AS name,
                       MIN(day) AS ship_date, MIN(due_date) AS closing_date, SUM(amount) AS amount,
                       SUM(so_far) AS invoiced_amount, SUM(reached) AS on_time_amount,
                       ARRAY_AGG(line_id) AS line_ids
                  FROM valued
              GROUP BY picking_id, order_id, partner_id, user_id, CASE WHEN picking_id IS NULL THEN id END
            ),
            handed AS (
                SELECT given.move_id, MIN(handover.date) AS date
                  FROM sales_invoice_handover handover
                  JOIN (%(given)s) given ON given.handover_id = handover.id
                 WHERE handover.company_id = %(company)s
              GROUP BY given.move_id
            ),
            paper AS (
                SELECT goods.id, BOOL_AND(handed.move_id IS NOT NULL) AS is_handed, MAX(handed.date) AS date
                  FROM shipment_of_order goods
                  JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = ANY(goods.line_ids)
                  JOIN account_move_line item ON item.id = rel.invoice_line_id
                  JOIN account_move move ON move.id = item.move_id
             LEFT JOIN handed ON handed.move_id = move.id
                 WHERE move.state = 'posted' AND move.move_type = 'out_invoice'
              GROUP BY goods.id
            )
            SELECT goods.id, COALESCE(goods.name, ordered.name) AS name, goods.picking_id, goods.order_id,
                   goods.partner_id, goods.user_id, %(company)s AS company_id, goods.ship_date, goods.closing_date,
                   goods.closing_date - %(today)s AS days_left, goods.amount, goods.invoiced_amount,
                   goods.on_time_amount, goods.amount - goods.invoiced_amount AS remaining_amount,
                   CASE WHEN paper.is_handed THEN %(handed_on)s END AS handover_date,
                   CASE WHEN goods.amount > goods.invoiced_amount AND goods.closing_date < %(today)s THEN 'late'
                        WHEN goods.amount > goods.invoiced_amount THEN 'due'
                        WHEN paper.is_handed THEN 'done' ELSE 'invoiced' END AS state
              FROM shipment_of_order goods
              JOIN sale_order ordered ON ordered.id = goods.order_id
         LEFT JOIN paper ON paper.id = goods.id
             WHERE goods.amount <> 0
               AND (goods.ship_date >= %(first_day)s OR goods.amount > goods.invoiced_amount)
            """,
            rule=source._valued_sql(company, today, self._lines_sql(company, since), SQL("TRUE")),
            given=self._given_sql(),
            company=company.id,
            today=today,
            first_day=company._local_day(since),
            handed_on=source._day(SQL("paper.date"), company),
        )

    def _lines_sql(self, company, since):
        """Ids of the order lines of which there may be rows; of the rows `self`, those of their orders."""
        if self.ids:
            return SQL(
                "SELECT line.id FROM stock_move move JOIN sale_order_line sold ON sold.id = move.sale_line_id"
                " JOIN sale_order_line line ON line.order_id = sold.order_id WHERE move.id IN %s",
                tuple(self.ids),
            )
        return SQL(
            "%s UNION SELECT id FROM sale_order_line WHERE company_id = %s AND invoice_status = 'to invoice'",
            self.env["sales.kpi.source.invoicing"]._shipped_lines_sql(company, SQL("date >= %s", since)),
            company.id,
        )

    @api.model
    def _given_sql(self):
        """Which invoices in Odoo were handed over: themselves, or a tax-office invoice on which they stand."""
        return SQL(
            """
            SELECT sales_invoice_handover_id AS handover_id, account_move_id AS move_id
              FROM account_move_sales_invoice_handover_rel
             UNION ALL
            SELECT rel.sales_invoice_handover_id, line.move_id
              FROM sales_invoice_handover_sales_tax_invoice_rel rel
              JOIN sales_tax_invoice_line line ON line.tax_invoice_id = rel.sales_tax_invoice_id
            """
        )

    # === ACTIONS === #

    def action_create_invoice(self):
        """Odoo's own dialog for the orders that are goods."""
        orders = self._orders()
        self.env["sale.advance.payment.inv"].check_access("create")
        action = self.env["ir.actions.act_window"]._for_xml_id("sale.action_view_sale_advance_payment_inv")
        action["context"] = {"active_model": "sale.order", "active_ids": orders.ids, "active_id": orders[:1].id}
        return action

    def action_register_tax_invoice(self):
        return self._moves().action_register_tax_invoice()

    def action_hand_over(self):
        moves = self._moves()
        tax_invoices = moves._portal_tax_invoices().with_env(self.env)._filtered_access("read")
        return self.env["sales.invoice.hand.over"]._open(
            tax_invoices=tax_invoices, moves=moves - tax_invoices.line_ids.move_id
        )

    def action_open_shipment(self):
        self.ensure_one()
        return (self.picking_id or self.order_id)._get_records_action()

    def action_open_order(self):
        self.ensure_one()
        return self.order_id._get_records_action()

    def _orders(self):
        """The orders of `self`, which are of one customer.

        :raises UserError: where they are of several, or none are chosen
        """
        self.check_access("read")
        if len(self.partner_id) != 1 or len(self.company_id) != 1:
            raise UserError(self.env._("Choose shipments of one customer: an invoice has one."))
        return self.order_id

    def _moves(self):
        """The posted invoices of the shipped orders, as the user may read them.

        :raises UserError: where there are none
        """
        moves = self._orders().sudo().order_line.invoice_lines.move_id.with_env(self.env)._filtered_access("read")
        moves = moves.filtered(lambda move: move.state == "posted" and move.move_type in ("out_invoice", "out_receipt"))
        if not moves:
            raise UserError(self.env._("These shipments are not invoiced yet: create and post the invoice first."))
        return moves
