from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.sales_dept_logistics.models.delivery_notice.price import PRICE_PLACES
from odoo.addons.sales_dept_roles.models.jobs.hashed import hashed

# What was written while the statement before was collected may have been committed after it.
OVERLAP = timedelta(days=7)
# More statements than these are looked at by reading tables as a whole.
FEW = 20
# What is stated of goods and of money alike.
LINE_COLUMNS = (
    "statement_id", "company_id", "partner_id", "kind", "date", "is_late", "is_difference", "is_kit", "move_id",
    "picking_id", "sale_line_id", "entry_line", "delivery_note", "customer_order_number", "customer_part_number",
    "name", "unit", "quantity", "price_unit", "price_with_tax", "tax_rate", "amount_untaxed", "amount_tax", "amount",
    "reason",
)  # fmt: skip


class CustomerStatement(models.Model):
    """The lines, made by one query for any number of statements: goods that moved, and money that was received.

    A movement stands on one statement, the first that ends on or after its day. Each statement besides looks at what
    was stated and was changed since, and states the difference; so all statements of a customer together are always
    what moved, priced as agreed, whenever it was entered.
    """

    _inherit = "customer.statement"

    def action_collect(self):
        """Make the lines of drafts anew; adjustments that were entered stay."""
        self.check_access("write")
        self._check_draft()
        self._collect()
        return True

    def _collect(self):
        if not self:
            return
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "DELETE FROM customer_statement_line WHERE statement_id IN %s AND (kind <> 'adjustment' "
                "OR merged_statement_id IS NOT NULL)",
                tuple(self.ids),
            )
        )
        self.env.invalidate_all(flush=False)
        self._write_protected({"collected_date": fields.Datetime.now()})
        self.env.flush_all()
        with hashed(self.env.cr, len(self) > FEW):
            self.env.cr.execute(self._insert_lines_sql())
        self.env.invalidate_all(flush=False)
        self._take_over_merged()
        # Beside what was entered or taken over the numbers that lines were made with are not the last word.
        # Not by `line_ids`, which would read each line that was just written.
        self._take_totals(self.env["customer.statement.line"].search(self._kept_domain()).statement_id)

    def _kept_domain(self):
        return Domain("statement_id", "in", self.ids) & Domain("kind", "=", "adjustment")

    # === WHICH === #

    def _asked_sql(self):
        """The statements of `self` with what is asked of each."""
        return SQL(
            """
            SELECT statement.id AS statement_id, statement.company_id, statement.partner_id, statement.currency_id,
                   statement.date_from, statement.date_to, statement.chain_date_from,
                   -- Nothing was stated before a first one, so nothing of it can have changed.
                   previous.collected_date - %(overlap)s AS changed_since,
                   currency.decimal_places AS digits, COALESCE(customer.lang, 'en_US') AS lang
              FROM customer_statement statement
              JOIN res_currency currency ON currency.id = statement.currency_id
              JOIN res_partner customer ON customer.id = statement.partner_id
         LEFT JOIN customer_statement previous ON previous.id = statement.previous_id
             WHERE statement.id IN %(ids)s
            """,
            overlap=OVERLAP,
            ids=tuple(self.ids),
        )

    @api.model
    def _payers_sql(self):
        """Whom the customers' orders are invoiced to: their contacts, each with what is asked of the customer."""
        return SQL(
            """
            SELECT partner.id AS payer_id, asked.*
              FROM asked JOIN res_partner partner ON partner.commercial_partner_id = asked.partner_id
            """
        )

    # === LINES === #

    def _insert_lines_sql(self):
        """Goods and money in one, numbered and with the balance after each as :meth:`_placing_sql` says.

        Written once: a number that came afterwards would write each row and all its indexes again.
        """
        values = {name: SQL("row.%s", SQL.identifier(name)) for name in LINE_COLUMNS}
        stamp = {"in_force": SQL("TRUE")}
        stamp |= dict.fromkeys(("create_uid", "write_uid"), SQL("%s", self.env.uid))
        stamp |= dict.fromkeys(("create_date", "write_date"), SQL("%s", fields.Datetime.now()))
        return SQL(
            """
            INSERT INTO customer_statement_line (number, balance, %(names)s)
            WITH asked AS MATERIALIZED (%(asked)s),
            payer AS MATERIALIZED (%(payers)s),
            %(goods)s,
            %(receipts)s,
            row AS (SELECT %(columns)s FROM goods UNION ALL SELECT %(columns)s FROM receipt)
            SELECT %(placing)s, %(values)s
              FROM row
              JOIN customer_statement statement ON statement.id = row.statement_id
            WINDOW by_day AS (%(by_day)s)
          ORDER BY row.statement_id, 1
            """,
            asked=self._asked_sql(),
            payers=self._payers_sql(),
            goods=self._goods_sql(),
            receipts=self._receipts_sql(),
            columns=SQL(", ").join(map(SQL.identifier, LINE_COLUMNS)),
            placing=self._placing_sql(),
            by_day=self._by_day_sql(SQL("COALESCE(row.move_id, row.entry_line)")),
            names=SQL(", ").join(map(SQL.identifier, [*values, *stamp])),
            values=SQL(", ").join([*values.values(), *stamp.values()]),
        )

    # === GOODS === #

    def _goods_sql(self):
        return SQL(
            """
            moved AS MATERIALIZED (%(moved)s),
            kit AS MATERIALIZED (%(kits)s),
            fact AS MATERIALIZED (
                SELECT statement_id, move_id, picking_id, sale_line_id, FALSE AS is_kit, day, quantity
                  FROM moved WHERE NOT is_part
             UNION ALL
                -- Of a kit the last of its components is the shipment, with as many as all of them make by then.
                (SELECT DISTINCT ON (moved.statement_id, moved.sale_line_id) moved.statement_id, moved.move_id,
                        moved.picking_id, moved.sale_line_id, TRUE, moved.day,
                        COALESCE(kit.quantity, line.qty_delivered)
                   FROM moved JOIN sale_order_line line ON line.id = moved.sale_line_id
              LEFT JOIN kit ON kit.statement_id = moved.statement_id AND kit.sale_line_id = moved.sale_line_id
                  WHERE moved.is_part
               ORDER BY moved.statement_id, moved.sale_line_id, moved.day DESC, moved.move_id DESC)
            ),
            taxed AS (%(taxed)s),
            priced AS (%(priced)s),
            goods_stated AS (%(stated)s),
            compared AS (
                SELECT priced.*, COALESCE(stated.count, 0) AS stated_count,
                       CASE WHEN stated.count > 0 THEN priced.quantity - stated.total_quantity
                            ELSE priced.quantity END AS line_quantity,
                       COALESCE(stated.total_untaxed, 0) AS total_untaxed, COALESCE(stated.total_tax, 0) AS total_tax,
                       COALESCE(stated.quantity, 0) AS stated_quantity, stated.price AS stated_price,
                       CASE WHEN stated.count > 0 THEN stated.tax_rate ELSE priced.rate END AS tax_rate
                  FROM priced
             LEFT JOIN goods_stated stated ON stated.statement_id = priced.statement_id
                       AND stated.move_id = priced.move_id
                 WHERE CASE WHEN stated.count > 0
                            THEN stated.quantity <> priced.quantity OR stated.price <> priced.price
                            ELSE priced.quantity <> 0 AND priced.day >= priced.chain_date_from END
            ),
            summed AS (%(summed)s),
            noticed AS (%(noticed)s),
            goods AS (
                SELECT summed.statement_id, summed.company_id, summed.partner_id,
                       CASE WHEN summed.quantity < 0 OR (summed.quantity = 0 AND summed.stated_quantity < 0)
                            THEN 'return' ELSE 'shipment' END AS kind,
                       summed.day AS date, summed.day < summed.date_from AS is_late,
                       summed.stated_count > 0 AS is_difference, summed.is_kit, summed.move_id, summed.picking_id,
                       summed.sale_line_id, NULL::integer AS entry_line,
                       COALESCE(notice.name, picking.name) AS delivery_note,
                       COALESCE(notice.customer_order_number, summed.client_order_ref) AS customer_order_number,
                       COALESCE(notice.customer_part_number, part.part_number) AS customer_part_number,
                       COALESCE(notice.description, summed.name) AS name, summed.unit,
                       summed.line_quantity AS quantity, summed.price AS price_unit,
                       summed.with_tax AS price_with_tax, summed.tax_rate,
                       summed.line_untaxed AS amount_untaxed, summed.line_tax AS amount_tax,
                       summed.line_untaxed + summed.line_tax AS amount,
                       CASE WHEN summed.stated_count > 0
                            THEN %(changed)s || ': ' || TRIM_SCALE(summed.stated_quantity::numeric)::text || ' × '
                                 || TRIM_SCALE(summed.stated_price::numeric)::text || ' → '
                                 || TRIM_SCALE(summed.quantity::numeric)::text || ' × '
                                 || TRIM_SCALE(summed.price::numeric)::text END AS reason
                  FROM summed
             LEFT JOIN stock_picking picking ON picking.id = summed.picking_id
             LEFT JOIN noticed notice ON notice.move_id = summed.move_id
             LEFT JOIN LATERAL (%(part)s) part ON notice.customer_part_number IS NULL
                 WHERE summed.stated_count = 0 OR summed.line_quantity <> 0
                       OR summed.line_untaxed <> 0 OR summed.line_tax <> 0
            )
            """,
            moved=self._moved_sql(),
            kits=self._kits_sql(),
            taxed=self._taxed_sql(),
            priced=self._priced_sql(),
            stated=self._stated_sql(),
            summed=self._summed_sql(),
            noticed=self._noticed_sql(),
            part=self.env["sales.customer.part"]._found_sql(
                SQL("summed.partner_id"), SQL("summed.sold_product_id"), SQL("summed.company_id")
            ),
            changed=self.env._("Stated before, and changed since"),
        )

    def _moved_sql(self):
        """What was done for the customers' order lines in the period, or was changed since the statement before.

        Counted as Odoo counts what is delivered: an exchange counts neither way.
        """
        return SQL(
            """
            SELECT payer.statement_id, move.id AS move_id, move.picking_id, line.id AS sale_line_id,
                   move.product_id <> line.product_id AS is_part, %(day)s AS day,
                   ROUND(((CASE WHEN source.usage = 'customer' THEN -1 ELSE 1 END)
                          * move.quantity * unit.factor / line_unit.factor)::numeric, %(places)s) AS quantity
              FROM payer
              JOIN sale_order ordered ON ordered.partner_invoice_id = payer.payer_id
                   AND ordered.company_id = payer.company_id AND ordered.currency_id = payer.currency_id
              JOIN sale_order_line line ON line.order_id = ordered.id AND line.display_type IS NULL
              JOIN stock_move move ON move.sale_line_id = line.id AND move.state = 'done'
              JOIN stock_location source ON source.id = move.location_id
              JOIN stock_location target ON target.id = move.location_dest_id
              JOIN uom_uom unit ON unit.id = move.product_uom
              JOIN uom_uom line_unit ON line_unit.id = line.product_uom_id
             WHERE (source.usage = 'customer') <> (target.usage = 'customer') AND target.usage <> 'inventory'
               AND (COALESCE(move.to_refund, FALSE)
                    OR (source.usage <> 'customer' AND move.origin_returned_move_id IS NULL))
               AND move.date >= payer.chain_date_from - 1 AND move.date < payer.date_to + 2
               AND %(day)s BETWEEN payer.chain_date_from AND payer.date_to
               AND (%(day)s >= payer.date_from OR move.write_date >= payer.changed_since
                    OR line.write_date >= payer.changed_since)
            """,
            day=self._day_sql(SQL("move.date")),
            places=self.env["decimal.precision"].precision_get("Product Unit"),
        )

    def _day_sql(self, moment):
        """The day at the company; one query is for statements of any companies."""
        zones = {company.id: company._local_zone().zone for company in self.company_id}
        if len(set(zones.values())) == 1:
            zone = SQL("%s", next(iter(zones.values())))
        else:
            cases = SQL(" ").join(SQL("WHEN %s THEN %s", key, zone) for key, zone in zones.items())
            zone = SQL("CASE payer.company_id %s END", cases)
        return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", moment, zone)

    def _priced_sql(self):
        """The facts with the price of the order line, as it was agreed, and the rate of its taxes.

        A rate is none where its taxes are no plain percentage; then the tax is the order line's, by quantity.
        """
        return SQL(
            """
            SELECT fact.*, asked.company_id, asked.partner_id, asked.date_from, asked.chain_date_from, asked.digits,
                   ordered.client_order_ref, line.name, line.product_id AS sold_product_id,
                   COALESCE(unit.name ->> asked.lang, unit.name ->> 'en_US') AS unit,
                   ROUND((line.price_unit * (1 - COALESCE(line.discount, 0) / 100))::numeric, %(places)s) AS price,
                   COALESCE(tax.with_tax, FALSE) AND COALESCE(tax.is_plain, TRUE) AS with_tax,
                   CASE WHEN COALESCE(tax.is_plain, TRUE) THEN COALESCE(tax.rate, 0)::numeric END AS rate,
                   line.price_subtotal / NULLIF(line.product_uom_qty, 0) AS unit_subtotal,
                   line.price_tax / NULLIF(line.product_uom_qty, 0) AS unit_tax
              FROM fact
              JOIN asked ON asked.statement_id = fact.statement_id
              JOIN sale_order_line line ON line.id = fact.sale_line_id
              JOIN sale_order ordered ON ordered.id = line.order_id
              JOIN uom_uom unit ON unit.id = line.product_uom_id
         LEFT JOIN taxed tax ON tax.sale_line_id = line.id
            """,
            places=PRICE_PLACES,
        )

    @api.model
    def _taxed_sql(self):
        """The taxes of the facts' order lines."""
        return SQL(
            """
            SELECT rel.sale_order_line_id AS sale_line_id, SUM(tax.amount) AS rate,
                   BOOL_AND(included.is_included) AS with_tax,
                   BOOL_AND(tax.amount_type = 'percent' AND NOT COALESCE(tax.include_base_amount, FALSE))
                   AND BOOL_AND(included.is_included) = BOOL_OR(included.is_included) AS is_plain
              FROM account_tax_sale_order_line_rel rel
              JOIN account_tax tax ON tax.id = rel.account_tax_id
              JOIN res_company company ON company.id = tax.company_id
        CROSS JOIN LATERAL (SELECT COALESCE(tax.price_include_override, company.account_price_include)
                                   = 'tax_included' AS is_included) included
             WHERE rel.sale_order_line_id IN (SELECT sale_line_id FROM fact)
          GROUP BY rel.sale_order_line_id
            """
        )

    @api.model
    def _stated_sql(self):
        """What the statements before say of a fact: of the goods alone, and with what was agreed on it since."""
        return SQL(
            """
            SELECT line.for_id AS statement_id, line.fact_id AS move_id, COUNT(*) AS count,
                   SUM(line.quantity) FILTER (WHERE line.kind IN ('shipment', 'return')) AS quantity,
                   SUM(line.quantity) AS total_quantity, SUM(line.amount_untaxed) AS total_untaxed,
                   SUM(line.amount_tax) AS total_tax,
                   (ARRAY_AGG(line.price_unit ORDER BY line.id DESC)
                       FILTER (WHERE line.kind IN ('shipment', 'return')))[1] AS price,
                   (ARRAY_AGG(line.tax_rate ORDER BY line.id)
                       FILTER (WHERE line.kind IN ('shipment', 'return')))[1] AS tax_rate
              FROM (
                SELECT fact.statement_id AS for_id, fact.move_id AS fact_id, plain.*
                  FROM fact JOIN customer_statement_line plain ON plain.move_id = fact.move_id
                 WHERE NOT fact.is_kit AND NOT plain.is_kit
             UNION ALL
                SELECT fact.statement_id, fact.move_id, kit.*
                  FROM fact JOIN customer_statement_line kit ON kit.sale_line_id = fact.sale_line_id
                 WHERE fact.is_kit AND kit.is_kit
                   ) line
             WHERE line.in_force AND line.statement_id <> line.for_id
          GROUP BY line.for_id, line.fact_id
            """
        )

    @api.model
    def _summed_sql(self):
        """The amounts: rounded once for all of a fact, less what of it was stated; as :func:`amounts.line_amounts`."""
        return SQL(
            """
            SELECT taxed.*, taxed.untaxed - taxed.total_untaxed AS line_untaxed,
                   taxed.tax - taxed.total_tax AS line_tax
              FROM (
                SELECT based.*,
                       CASE WHEN tax_rate IS NULL THEN ROUND((quantity * unit_subtotal)::numeric, digits)
                            WHEN with_tax THEN ROUND(base / (1 + tax_rate::numeric / 100), digits)
                            ELSE base END AS untaxed,
                       CASE WHEN tax_rate IS NULL THEN ROUND((quantity * unit_tax)::numeric, digits)
                            WHEN with_tax THEN base - ROUND(base / (1 + tax_rate::numeric / 100), digits)
                            ELSE ROUND(base * tax_rate::numeric / 100, digits) END AS tax
                  FROM (SELECT compared.*, ROUND((quantity * price)::numeric, digits) AS base FROM compared) based
                ) taxed
            """
        )

    @api.model
    def _noticed_sql(self):
        """How the delivery notice calls the goods, where they left against one."""
        return SQL(
            """
            SELECT DISTINCT ON (shipment.move_id) shipment.move_id, document.name, notice_line.customer_order_number,
                   notice_line.customer_part_number, notice_line.description
              FROM sale_delivery_notice_shipment shipment
              JOIN sale_delivery_notice_line notice_line ON notice_line.id = shipment.line_id
              JOIN sale_delivery_notice document ON document.id = notice_line.notice_id
             WHERE shipment.move_id IN (SELECT move_id FROM fact)
          ORDER BY shipment.move_id, shipment.id
            """
        )

    # === MONEY === #

    def _receipts_sql(self):
        """Entries of the customer's account that are no invoices: receipts, and what took one back."""
        return SQL(
            """
            booked AS (
                SELECT payer.statement_id, item.id AS entry_line, item.date, item.amount_currency AS amount,
                       entry.name AS entry_name, NULLIF(item.name, '') AS label
                  FROM payer
                  JOIN account_move_line item ON item.partner_id = payer.payer_id
                       AND item.company_id = payer.company_id AND item.currency_id = payer.currency_id
                  JOIN account_account account ON account.id = item.account_id
                  JOIN account_move entry ON entry.id = item.move_id
                 WHERE account.account_type = 'asset_receivable' AND entry.state = 'posted'
                   AND entry.move_type = 'entry' AND item.amount_currency <> 0
                   AND item.date BETWEEN payer.chain_date_from AND payer.date_to
            ),
            money_stated AS (
                SELECT asked.statement_id, line.entry_line, SUM(line.amount) AS amount, MIN(line.date) AS date,
                       MIN(line.delivery_note) AS entry_name, MIN(line.name) AS label
                  FROM asked
                  JOIN customer_statement before ON before.partner_id = asked.partner_id
                       AND before.company_id = asked.company_id AND before.currency_id = asked.currency_id
                       AND before.id <> asked.statement_id
                  JOIN customer_statement_line line ON line.statement_id = before.id AND line.in_force
                 WHERE line.entry_line IS NOT NULL
              GROUP BY asked.statement_id, line.entry_line
            ),
            found AS (
                SELECT COALESCE(booked.statement_id, stated.statement_id) AS statement_id,
                       COALESCE(booked.entry_line, stated.entry_line) AS entry_line,
                       COALESCE(booked.date, stated.date) AS date, stated.entry_line IS NOT NULL AS is_stated,
                       COALESCE(booked.entry_name, stated.entry_name) AS entry_name,
                       COALESCE(booked.label, stated.label) AS label,
                       COALESCE(booked.amount, 0) - COALESCE(stated.amount, 0) AS amount
                  FROM booked
             FULL JOIN money_stated stated ON stated.statement_id = booked.statement_id
                       AND stated.entry_line = booked.entry_line
            ),
            receipt AS (
                SELECT asked.statement_id, asked.company_id, asked.partner_id, 'receipt' AS kind, found.date,
                       found.date < asked.date_from AS is_late, found.is_stated AS is_difference,
                       NULL::boolean AS is_kit, NULL::integer AS move_id, NULL::integer AS picking_id,
                       NULL::integer AS sale_line_id, found.entry_line, found.entry_name AS delivery_note,
                       NULL AS customer_order_number, NULL AS customer_part_number,
                       COALESCE(found.label, found.entry_name, %(receipt)s) AS name, NULL AS unit,
                       NULL::numeric AS quantity, NULL::numeric AS price_unit, NULL::boolean AS price_with_tax,
                       NULL::numeric AS tax_rate, found.amount AS amount_untaxed, 0 AS amount_tax, found.amount,
                       CASE WHEN found.is_stated THEN %(changed)s END AS reason
                  FROM found
                  JOIN asked ON asked.statement_id = found.statement_id
                 WHERE found.amount <> 0
            )
            """,
            receipt=self.env._("Receipt"),
            changed=self.env._("Stated before, and changed since"),
        )

    # === MERGED CUSTOMERS === #

    def _take_over_merged(self):
        """Bring in the balances of customers that were merged into those of `self`, once."""
        merged = self.sudo().search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("cancelled_date", "=", False),
                ("taken_over_by_id", "in", [False, *self.ids]),
                ("id", "not in", (self | self.previous_id).ids),
                ("next_ids", "not any", [("cancelled_date", "=", False)]),
            ]
        )
        rows = []
        for statement in self if merged else ():
            for other in merged.filtered(lambda other, statement=statement: statement._is_merged(other)):
                rows.append(statement._prepare_merged_values(other))
                other._write_protected({"taken_over_by_id": statement})
        self.env["customer.statement.line"]._insert(rows)

    def _is_merged(self, other):
        self.ensure_one()
        same = ("company_id", "partner_id", "currency_id")
        return other.chain_key != self.chain_key and all(self[name] == other[name] for name in same)

    def _prepare_merged_values(self, other):
        return {
            "statement_id": self.id,
            "kind": "adjustment",
            "date": self.date_from,
            "name": self.env._("Balance of %(statement)s", statement=other.name),
            "amount": other.closing_balance,
            "amount_untaxed": other.closing_balance,
            "reason": self.env._("The contact was merged into this one."),
            "merged_statement_id": other.id,
        }
