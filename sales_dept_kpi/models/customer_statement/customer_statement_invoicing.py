from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import SQL, float_compare

from odoo.addons.sales_dept_roles.models.protected_results.client_context import without_client_context

INVOICERS = (
    "sales_dept_roles.group_assistant",
    "sales_dept_roles.group_director",
    "sales_dept_roles.group_finance_verifier",
    "account.group_account_invoice",
)


class CustomerStatement(models.Model):
    """From the statement to invoices: of exactly what it says, less what was invoiced of it already."""

    _inherit = "customer.statement"

    invoice_ids = fields.Many2many(
        "account.move",
        "customer_statement_invoice_rel",
        "statement_id",
        "move_id",
        "Invoices Made",
        readonly=True,
        copy=False,
    )
    invoice_count = fields.Integer(compute="_compute_invoice_count", compute_sudo=True)
    goods_total = fields.Monetary(
        "Goods",
        compute="_compute_invoiced",
        compute_sudo=True,
        help="Shipments, returns and what was corrected of them.",
    )
    invoiced_total = fields.Monetary("Invoiced Already", compute="_compute_invoiced", compute_sudo=True)
    to_invoice_total = fields.Monetary("To Invoice", compute="_compute_invoiced", compute_sudo=True)
    other_total = fields.Monetary(
        "Other Adjustments",
        compute="_compute_invoiced",
        compute_sudo=True,
        help="Adjustments that are of no shipment: they are invoiced or credited by hand.",
    )

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"invoice_ids"}

    @api.depends("invoice_ids")
    def _compute_invoice_count(self):
        for statement in self:
            statement.invoice_count = len(statement.invoice_ids)

    @api.depends("lines_digest", "invoice_ids.state")
    def _compute_invoiced(self):
        rows = {}
        for row in self._origin._goods_to_invoice():
            rows.setdefault(row["statement_id"], []).append(row)
        for statement in self:
            found = rows.get(statement._origin.id, [])
            statement.goods_total = sum(row["amount"] for row in found)
            statement.to_invoice_total = statement.currency_id.round(sum(map(statement._amount_left, found)))
            statement.invoiced_total = statement.goods_total - statement.to_invoice_total
            statement.other_total = (
                statement.shipped_total - statement.returned_total + statement.adjusted_total - statement.goods_total
            )

    # === ACTIONS === #

    def action_make_invoices(self):
        """Make the draft invoices of what the statement says and was not invoiced yet, and open them.

        Pressed again, or by somebody else meanwhile, it opens those that are there.
        """
        self.ensure_one()
        self.check_access("read")
        if not (self.env.su or any(map(self.env.user.has_group, INVOICERS))):
            raise AccessError(self.env._("Invoices of a statement are made by the assistant, the director or finance."))
        without_client_context(self.sudo())._make_invoices()
        # Who may make them need not have a right to the books: then the statement says that they are there.
        return self.action_open_invoices() if self.env["account.move"].has_access("read") else True

    def action_open_invoices(self):
        self.ensure_one()
        self.check_access("read")
        return self.sudo().invoice_ids._get_records_action(
            name=self.env._("Invoices Made"), context={"default_move_type": "out_invoice", "create": False}
        )

    # === WHAT === #

    def _goods_to_invoice(self):
        """Return of each order line on the statements what it says, and how much of that is not invoiced yet.

        What was invoiced of an order line is that of its earliest statements. Beyond quantities there is what was
        agreed on them: a price that was corrected, or that changed after it was stated.

        :return: ``[{"statement_id", "sale_line_id", "order_id", "quantity", "price", "amount", "base", "left",
            "extra"}]``; `extra` is what is to be invoiced beyond the quantity that is left, as `base` in the agreed
            kind of price
        """
        if not self:
            return []
        self.env.flush_all()
        rows = self.env.execute_query_dict(self._goods_to_invoice_sql())
        for row in rows:
            row["extra"] = self.browse(row["statement_id"])._extra_base(row)
        return rows

    def _goods_to_invoice_sql(self):
        return SQL(
            """
            WITH stated AS (
                SELECT line.statement_id, line.sale_line_id, SUM(line.quantity)::float8 AS quantity,
                       SUM(line.amount)::float8 AS amount,
                       SUM(CASE WHEN line.price_with_tax THEN line.amount ELSE line.amount_untaxed END)::float8
                           AS base,
                       BOOL_OR(line.price_with_tax) AS with_tax,
                       (ARRAY_AGG(line.price_unit ORDER BY line.kind = 'adjustment', line.id DESC))[1]::float8
                           AS price
                  FROM customer_statement_line line
                 WHERE line.statement_id IN %(ids)s AND line.sale_line_id IS NOT NULL
              GROUP BY 1, 2
            )
            SELECT stated.*, sale_line.order_id, sale_line.qty_invoiced::float8 AS billed_quantity,
                   COALESCE(billed.base, 0)::float8 AS billed_base, so_far.quantity::float8 AS quantity_so_far,
                   so_far.base::float8 AS base_so_far,
                   CASE WHEN stated.quantity >= 0
                        THEN LEAST(GREATEST(LEAST(so_far.quantity, so_far.net) - sale_line.qty_invoiced, 0),
                                   stated.quantity)
                        ELSE GREATEST(LEAST(GREATEST(so_far.quantity, so_far.net) - sale_line.qty_invoiced, 0),
                                      stated.quantity)
                   END::float8 AS left
              FROM stated
              JOIN customer_statement statement ON statement.id = stated.statement_id
              JOIN sale_order_line sale_line ON sale_line.id = stated.sale_line_id
        CROSS JOIN LATERAL (
                SELECT SUM(line.quantity) FILTER (WHERE before.is_so_far) AS quantity,
                       SUM(line.quantity) AS net,
                       SUM(CASE WHEN line.price_with_tax THEN line.amount ELSE line.amount_untaxed END)
                           FILTER (WHERE before.is_so_far) AS base
                  FROM customer_statement_line line
            CROSS JOIN LATERAL (
                    SELECT (other.date_to, other.id) <= (statement.date_to, statement.id) AS is_so_far,
                           other.validated_date
                      FROM customer_statement other WHERE other.id = line.statement_id) before
                 WHERE line.sale_line_id = stated.sale_line_id AND line.in_force
                   -- What came back since, and was credited, is not invoiced once more.
                   AND (before.is_so_far OR before.validated_date IS NOT NULL)) so_far
         LEFT JOIN LATERAL (
                SELECT SUM((CASE WHEN move.move_type = 'out_refund' THEN -1 ELSE 1 END)
                           * (CASE WHEN stated.with_tax THEN item.price_total ELSE item.price_subtotal END)) AS base
                  FROM (SELECT invoice_line_id FROM sale_order_line_invoice_rel
                         WHERE order_line_id = stated.sale_line_id
                  UNION SELECT invoice_line_id FROM customer_statement_price_rel
                         WHERE sale_line_id = stated.sale_line_id) of_line
                  JOIN account_move_line item ON item.id = of_line.invoice_line_id
                  JOIN account_move move ON move.id = item.move_id
                 -- As Odoo counts what is invoiced, drafts too.
                 WHERE move.move_type IN ('out_invoice', 'out_refund')
                   AND (move.state <> 'cancel' OR move.payment_state = 'invoicing_legacy')) billed ON TRUE
          ORDER BY stated.statement_id, sale_line.order_id, sale_line.sequence, sale_line.id
            """,
            ids=tuple(self.ids),
        )

    def _extra_base(self, row):
        """What the statement says beyond quantity × price and is not invoiced yet; see :meth:`_goods_to_invoice`.

        It is invoiced with the last of the quantities that were stated so far, and never more of it than invoices
        differ from what was stated: so once, whoever made them, and at which price.
        """
        self.ensure_one()
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        if float_compare(row["billed_quantity"] + row["left"], row["quantity_so_far"], precision_digits=digits):
            return 0
        round_ = self.currency_id.round
        stated = round_(row["base"] - round_(row["quantity"] * row["price"]))
        missing = round_(row["base_so_far"] - row["billed_base"] - round_(row["left"] * row["price"]))
        return min(stated, max(missing, 0)) if stated > 0 else max(stated, min(missing, 0))

    def _amount_left(self, row):
        """What of a row of :meth:`_goods_to_invoice` is not invoiced yet, with tax."""
        if row["quantity"] and not row["extra"]:
            return row["amount"] * row["left"] / row["quantity"]
        return row["base"] and row["amount"] * (row["left"] * row["price"] + row["extra"]) / row["base"]

    # === THE INVOICES === #

    def _make_invoices(self):
        self.ensure_one()
        self._lock()
        if self.state != "validated":
            raise UserError(
                self.env._("%(statement)s is not validated yet: finance verifies it first.", statement=self.name)
            )
        rows = {row["sale_line_id"]: row for row in self._goods_to_invoice() if row["left"] or row["extra"]}
        if not rows:
            if self.invoice_ids:
                return self.invoice_ids
            raise UserError(
                self.env._("All that %(statement)s says was invoiced already, or it says nothing.", statement=self.name)
            )
        invoices = self._invoice_quantities(rows)
        invoices |= self._invoice_extras(invoices, [row for row in rows.values() if row["extra"]])
        # Where that was agreed, terms count from the day on which the statement closes.
        invoices._count_terms_by_agreement("statement", lambda invoice: self.date_to)
        # Odoo's invoices of the orders knew of what left after it, too.
        invoices._count_terms_by_agreement("shipment", self._last_stated_day)
        # What came back alone is credited.
        invoices.filtered(lambda invoice: invoice.amount_total < 0).action_switch_move_type()
        self._write_protected({"invoice_ids": self.invoice_ids | invoices})
        self._link_invoices(invoices)
        return invoices

    def _last_stated_day(self, invoice):
        """The last day on which goods left that are on the statement and on the invoice, or None."""
        sold = set(invoice.invoice_line_ids.sale_line_ids.ids)
        shipped = self.line_ids.filtered(lambda line: line.kind == "shipment" and line.sale_line_id.id in sold)
        return max(shipped.mapped("date"), default=None)

    def _invoice_quantities(self, rows):
        """Make drafts as Odoo makes them of the orders, of the quantities and at the prices that the statement says."""
        orders = self.env["sale.order"].browse({row["order_id"] for row in rows.values() if row["left"]})
        if not orders:
            return self.env["account.move"]
        before = orders.invoice_ids
        invoices = orders.with_company(self.company_id)._create_invoices(final=True)
        invoices = (invoices or orders.invoice_ids) - before
        for invoice in invoices:
            self._fit_invoice(invoice, rows)
        empty = invoices.filtered(lambda invoice: not invoice.invoice_line_ids.sale_line_ids)
        invoices -= empty
        empty.unlink()
        return invoices

    def _fit_invoice(self, invoice, rows):
        """Bring a draft that Odoo made of the orders to the quantities and prices that the statement says."""
        sign = -1 if invoice.move_type == "out_refund" else 1
        commands, kept = [], 0
        for line in invoice.invoice_line_ids:
            sale_line = line.sale_line_ids[:1]
            if line.display_type != "product" or sale_line.is_downpayment:
                continue
            row = rows.get(sale_line.id)
            if not row or not row["left"]:
                commands.append(Command.delete(line.id))
                continue
            kept += 1
            values = {"quantity": sign * row["left"]}
            if line.currency_id.compare_amounts(line.price_unit * (1 - line.discount / 100), row["price"]):
                values.update({"price_unit": row["price"], "discount": 0})
            commands.append(Command.update(line.id, values))
        if not kept:
            commands = [Command.delete(line.id) for line in invoice.invoice_line_ids]
        invoice.write({"invoice_line_ids": commands})

    def _invoice_extras(self, invoices, rows):
        """Put what was agreed beyond quantities on the invoice of the same order, or on one of its own.

        :return: the invoices that were made for it, together for orders that Odoo would invoice together
        """
        of_order = {order: invoice for invoice in invoices for order in invoice.invoice_line_ids.sale_line_ids.order_id}
        made = {}
        for row in rows:
            sale_line = self.env["sale.order.line"].browse(row["sale_line_id"])
            order = sale_line.order_id
            invoice = of_order.get(order)
            if not invoice:
                values = order.with_company(self.company_id)._prepare_invoice()
                key = tuple(values.get(name) for name in order._get_invoice_grouping_keys())
                invoice = made.get(key) or self.env["account.move"].create({**values, "invoice_line_ids": []})
                made[key] = of_order[order] = invoice
            invoice.write({"invoice_line_ids": [Command.create(self._prepare_extra_values(invoice, sale_line, row))]})
        return self.env["account.move"].union(*made.values())

    def _prepare_extra_values(self, invoice, sale_line, row):
        """Values of a line that is about the price alone: without the product, of which nothing leaves the stock."""
        product = sale_line.product_id.with_company(self.company_id)
        income = product.product_tmpl_id.get_product_accounts(fiscal_pos=invoice.fiscal_position_id)["income"]
        reader = self.with_context(lang=invoice.partner_id.lang)
        return {
            "name": reader.env._(
                "Price corrected by statement %(statement)s: %(product)s",
                statement=self.name,
                product=product.with_context(lang=invoice.partner_id.lang).display_name,
            ),
            "quantity": 1,
            "price_unit": row["extra"] * (-1 if invoice.move_type == "out_refund" else 1),
            **({"account_id": income.id} if income else {}),
            "tax_ids": [Command.set(sale_line.tax_ids.ids)],
            "analytic_distribution": sale_line.analytic_distribution,
            "sequence": sale_line.sequence,
            "statement_sale_line_ids": [Command.link(sale_line.id)],
        }

    def _link_invoices(self, invoices):
        """Say on both what belongs to what."""
        for invoice in invoices:
            invoice._message_log(
                body=self.env._("Made from customer statement %(statement)s.", statement=self._get_html_link())
            )
            self._message_log(body=self.env._("Invoice made: %(invoice)s.", invoice=invoice._get_html_link()))
