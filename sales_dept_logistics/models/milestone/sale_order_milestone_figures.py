from odoo import api, models
from odoo.tools import SQL

from .supply import passed_sql

# What the database writes; a row in which none of it differs is left alone.
FIGURES = (
    "date_promised",
    "date_planned",
    "is_plan_late",
    "date_actual",
    "quantity",
    "quantity_done",
    "state",
    "is_current",
    "is_passed",
    "is_done_late",
    "is_system",
    "is_manual",
)
# More lines than those of a few orders.
LARGE = 200
RELATED = ("order_id", "partner_id", "user_id", "company_id", "product_id")


class SaleOrderMilestone(models.Model):
    """How far goods are: one statement over the moves of order lines, and what they are made or bought by.

    *Delivered* is what Odoo says that is, with returns, kits and units. *In stock* is what is reserved for the line, or
    has left the shelves for it: of the moves of the line the first ones, before packing and loading; of a kit as much
    as all its components make. *Supply* is found by going from these moves backwards, through the steps of the
    receipt, to finished moves of manufacturing orders and to receipts from suppliers: split, merged and partial ones
    are several moves, or one for several lines. What is made for several lines together belongs to those for whom it
    is reserved, the rest to whom it was promised first.

    Goods that got further have passed what lies before. So goods that were made for stock, of which no manufacturing
    order says for whom, are produced once they are reserved. An inspection is not passed by itself.

    Manufacturing and purchase are no dependencies: their tables are read where they are.
    """

    _inherit = "sale.order.milestone"

    @api.model
    def _refresh(self, lines):
        """Make, bring up to date and remove the milestones of the order lines `lines`."""
        if lines:
            marked = SQL("= ANY(%s)", list(lines._ids))
            self._execute(
                lines.sudo().company_id,
                SQL("line.id %s AND (%s OR %s)", marked, _is_open(), _has_rows(SQL("TRUE"))),
                SQL("row.sale_line_id %s", marked),
                len(lines) > LARGE,
            )

    @api.model
    def _refresh_companies(self, companies):
        """As :meth:`_refresh`, for all lines of `companies` that are not with the customer yet."""
        self._execute(
            companies,
            SQL("%s OR %s", _is_open(), _has_rows(SQL("row.is_current"))),
            SQL("row.sale_line_id IN (SELECT sale_line_id FROM sale_order_milestone WHERE is_current)"),
            True,
        )

    @api.model
    def _execute(self, companies, of_lines, of_rows, is_large):
        """Write the rows.

        :param SQL of_lines: the order lines in question
        :param SQL of_rows: the rows in question, of these lines and of others that have none any more
        :param bool is_large: whether these are more than a few orders
        """
        companies = companies.sudo().filtered("sales_dept_milestones")
        if not companies:
            return
        self.env.flush_all()
        query = self._write_query(companies, of_lines, of_rows)
        if is_large:
            # The database takes intermediate results for a few rows, and would compare each with each. Where rows of
            # large tables are looked up by their key, the query says so itself.
            self.env.cr.execute("SHOW enable_nestloop")
            (setting,) = self.env.cr.fetchone()
            self.env.cr.execute("SET LOCAL enable_nestloop = off")
            self.env.cr.execute(query)
            self.env.cr.execute(SQL("SET LOCAL enable_nestloop = %s", setting))
        else:
            self.env.cr.execute(query)
        self.invalidate_model()
        self.env["sale.order.line"].invalidate_model(["milestone_ids"])

    @api.model
    def _write_query(self, companies, of_lines, of_rows):
        return SQL(
            """
            WITH RECURSIVE %(tables)s,
            different AS MATERIALIZED (
                SELECT figure.id FROM figure JOIN kept ON kept.id = figure.id
                 WHERE (%(old)s) IS DISTINCT FROM (%(new)s)
            ),
            gone AS (
                DELETE FROM sale_order_milestone row
                 WHERE row.company_id IN (SELECT id FROM company) AND %(of_rows)s
                   AND row.id NOT IN (SELECT id FROM figure WHERE id IS NOT NULL)
            ),
            changed AS (
                UPDATE sale_order_milestone row
                   SET %(assigned)s, write_date = now() AT TIME ZONE 'UTC', write_uid = %(uid)s
                  FROM figure
                 WHERE row.id = figure.id AND row.id = ANY(ARRAY(SELECT id FROM different))
            )
            INSERT INTO sale_order_milestone (
                sale_line_id, kind, sequence, %(related)s, %(figures)s, create_uid, write_uid, create_date, write_date
            )
            SELECT figure.sale_line_id, figure.kind, figure.sequence, %(of_line)s, %(new)s,
                   %(uid)s, %(uid)s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
              FROM figure
              JOIN line ON line.id = figure.sale_line_id
             WHERE figure.id IS NULL
                ON CONFLICT DO NOTHING
            """,
            tables=SQL(", ").join(
                SQL("%s AS MATERIALIZED (%s)", SQL.identifier(name), query)
                for name, query in self._tables(companies, of_lines).items()
            ),
            of_rows=of_rows,
            assigned=SQL(", ").join(
                SQL("%s = figure.%s", SQL.identifier(name), SQL.identifier(name)) for name in FIGURES
            ),
            old=_columns("kept", FIGURES),
            new=_columns("figure", FIGURES),
            figures=SQL(", ").join(map(SQL.identifier, FIGURES)),
            related=SQL(", ").join(map(SQL.identifier, RELATED)),
            of_line=_columns("line", RELATED),
            uid=self.env.uid,
        )

    # === THE FIGURES === #

    @api.model
    def _tables(self, companies, of_lines):
        """Return ``{name: query}`` of what the figures are made of, each by those above it.

        :param companies: the companies in question
        :param SQL of_lines: the order lines in question
        """
        return {
            "company": self._companies_query(companies),
            "line": self._lines_query(of_lines),
            "kit": self._kits_query(of_lines, companies),
            "part": self._parts_query(),
            "inbound": self._inbound_query(),
            "kept": self._kept_query(),
            "moved": self._moved_query(),
            "linked": self._linked_query(),
            "outward": self._outward_query(),
            "head": self._heads_query(),
            "stocked": self._stocked_query(),
            "chain": self._chain_query(),
            "supply": self._supply_query(),
            "pooled": self._pooled_query(),
            "shared": self._shared_query(),
            "supplied": self._supplied_query(),
            "shipped": self._shipped_query(),
            "signed": self._signed_query(),
            "route": self._routes_query(),
            "sourced": self._sourced_query(),
            "step": self._steps_query(),
            "reached": self._reached_query(),
            "figure": self._figures_query(),
        }

    @api.model
    def _companies_query(self, companies):
        """The companies with their zone and today, so that a moment becomes a day without being looked up again."""
        return SQL(
            "SELECT * FROM (VALUES %s) company (id, zone, today, security, production, inspection, transit, supply)",
            SQL(", ").join(
                SQL(
                    "(%s, %s, %s::date, %s::int, %s, %s, %s, %s)",
                    company.id,
                    company._local_zone().zone,
                    company._local_today(),
                    company.security_lead,
                    company.sales_dept_milestone_production_days,
                    company.sales_dept_milestone_inspection_days,
                    company.sales_dept_milestone_transit_days,
                    company.sales_dept_milestone_supply,
                )
                for company in companies
            ),
        )

    @api.model
    def _from_lines(self, of_lines):
        """Order lines of goods that are on order, with what they are asked about."""
        return SQL(
            """
              FROM sale_order_line line
              JOIN sale_order ordered ON ordered.id = line.order_id
              JOIN company ON company.id = line.company_id
              JOIN product_product product ON product.id = line.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
              JOIN uom_uom unit ON unit.id = line.product_uom_id
              JOIN uom_uom own_unit ON own_unit.id = template.uom_id
             WHERE ordered.state = 'sale' AND template.type = 'consu' AND line.product_uom_qty > 0
               AND line.display_type IS NULL AND NOT COALESCE(line.is_downpayment, FALSE) AND (%s)
            """,
            of_lines,
        )

    @api.model
    def _lines_query(self, of_lines):
        """The lines in question: `per_unit` is how much of the product's own unit one unit of the line is."""
        return SQL(
            """
            SELECT line.id, line.order_id, ordered.partner_id, ordered.user_id, line.company_id, line.product_id,
                   template.id AS template_id, template.categ_id, template.milestone_supply, template.is_storable,
                   line.product_uom_qty AS wanted, COALESCE(line.qty_delivered, 0) AS delivered,
                   (unit.factor / own_unit.factor)::numeric AS per_unit,
                   company.zone, company.today, company.security, company.production, company.inspection,
                   company.transit, company.supply AS other_supply,
                   COALESCE(line.promised_date, %s) AS promised
            %s
            """,
            _day(
                SQL(
                    "COALESCE(ordered.commitment_date,"
                    " ordered.date_order + COALESCE(line.customer_lead, 0) * INTERVAL '1 day')"
                ),
                SQL("company.zone"),
            ),
            self._from_lines(of_lines),
        )

    @api.model
    def _kits_query(self, of_lines, companies):
        """Components of kits, as Odoo explodes them; once for each kit, whose lines may be many."""
        none = SQL(
            "SELECT 0 AS product_id, 0 AS company_id, 0 AS component_id, 0.0 AS factor, TRUE AS is_storable WHERE FALSE"
        )
        if "mrp.bom" not in self.env:
            return none
        self.env.cr.execute(
            SQL(
                """
                WITH company AS (%s)
                SELECT MIN(line.id) %s
                   AND EXISTS (
                       SELECT FROM mrp_bom bill
                        WHERE bill.product_tmpl_id = template.id AND bill.type = 'phantom' AND bill.active
                   )
              GROUP BY line.product_id, line.company_id
                """,
                self._companies_query(companies),
                self._from_lines(of_lines),
            )
        )
        lines = self.env["sale.order.line"].sudo().browse([line_id for (line_id,) in self.env.cr.fetchall()])
        rows = [
            SQL(
                "(%s, %s, %s, %s::numeric, %s)",
                line.product_id.id,
                line.company_id.id,
                component.id,
                factor,
                component.is_storable,
            )
            for line, components in lines._notice_kits(dict.fromkeys(lines, 1.0)).items()
            for component, factor in components.items()
        ]
        if not rows:
            return none
        return SQL(
            "SELECT * FROM (VALUES %s) kit (product_id, company_id, component_id, factor, is_storable)",
            SQL(", ").join(rows),
        )

    @api.model
    def _parts_query(self):
        """What has to be shipped for each line, in the product's own unit: the product, or the components of a kit."""
        return SQL(
            """
            SELECT line.id AS line_id, COALESCE(kit.component_id, line.product_id) AS product_id,
                   line.wanted * line.per_unit * COALESCE(kit.factor, 1) AS needed,
                   kit.component_id IS NOT NULL AS is_kit, COALESCE(kit.is_storable, line.is_storable) AS is_storable
              FROM line
         LEFT JOIN kit ON kit.product_id = line.product_id AND kit.company_id = line.company_id
            """
        )

    @api.model
    def _inbound_query(self):
        """Places of warehouses where goods are on their way in, and whether they are inspected there."""
        after_production = (
            SQL("UNION ALL SELECT sam_loc_id, FALSE FROM stock_warehouse WHERE sam_loc_id IS NOT NULL")
            if "sam_loc_id" in self.env["stock.warehouse"]._fields
            else SQL()
        )
        return SQL(
            """
            SELECT wh_input_stock_loc_id AS id, FALSE AS is_inspection
              FROM stock_warehouse WHERE wh_input_stock_loc_id IS NOT NULL
         UNION ALL
            SELECT wh_qc_stock_loc_id, TRUE FROM stock_warehouse WHERE wh_qc_stock_loc_id IS NOT NULL
            %s
            """,
            after_production,
        )

    @api.model
    def _kept_query(self):
        """The rows that there are."""
        return SQL(
            """
            SELECT row.* FROM line
             CROSS JOIN LATERAL (SELECT * FROM sale_order_milestone WHERE sale_line_id = line.id OFFSET 0) row
            """
        )

    @api.model
    def _moved_query(self):
        """All moves of each line, those of the goods' way in and back too; `quantity` in the product's own unit."""
        return SQL(
            """
            SELECT move.id, line.id AS line_id, move.product_id, move.state, move.date, move.origin_returned_move_id,
                   move.to_refund, move.quantity * unit.factor / own_unit.factor AS quantity,
                   source.usage AS source_usage, target.usage AS target_usage, target.company_id AS target_company_id,
                   source.id IN (SELECT id FROM inbound) AS is_inward
              FROM line
             CROSS JOIN LATERAL (
                   SELECT * FROM stock_move
                    WHERE sale_line_id = line.id AND state NOT IN ('draft', 'cancel') OFFSET 0
                   ) move
              JOIN stock_location source ON source.id = move.location_id
              JOIN stock_location target ON target.id = move.location_dest_id
              JOIN product_product product ON product.id = move.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
              JOIN uom_uom unit ON unit.id = move.product_uom
              JOIN uom_uom own_unit ON own_unit.id = template.uom_id
            """
        )

    @api.model
    def _linked_query(self):
        """What comes right before each of these moves."""
        return SQL(
            """
            SELECT moved.id, moved.line_id, link.move_orig_id AS before_id
              FROM moved
             CROSS JOIN LATERAL (
                   SELECT move_orig_id FROM stock_move_move_rel WHERE move_dest_id = moved.id OFFSET 0
                   ) link
            """
        )

    @api.model
    def _outward_query(self):
        """Of the moves of each line those that bring its goods, or the components of a kit, from the shelves on."""
        return SQL(
            """
            SELECT moved.*, part.is_kit, part.is_storable
              FROM part
              JOIN moved ON moved.line_id = part.line_id AND moved.product_id = part.product_id
             WHERE moved.source_usage IN ('internal', 'transit') AND NOT moved.is_inward
               AND moved.target_usage IN ('internal', 'transit', 'customer')
            """
        )

    @api.model
    def _heads_query(self):
        """Of these the ones that take goods off the shelves, with nothing of the kind before them."""
        return SQL(
            """
            SELECT outward.* FROM outward
             WHERE outward.id NOT IN (
                   SELECT linked.id FROM linked
                     JOIN outward before ON before.id = linked.before_id AND before.line_id = linked.line_id
                   )
            """
        )

    @api.model
    def _stocked_query(self):
        """How much of each line is reserved or has left the shelves, as a share of it; what was put back is not.

        Of goods whose stock Odoo does not keep, everything is reserved at once: only what has left counts.
        """
        return SQL(
            """
            SELECT part.line_id, MIN(COALESCE(held.quantity, 0) / part.needed) AS share,
                   BOOL_OR(part.is_storable) AS is_system, MAX(held.date) AS date
              FROM part
         LEFT JOIN (
                    SELECT line_id, product_id, MAX(date) AS date, SUM(quantity) AS quantity
                      FROM (
                            SELECT line_id, product_id, quantity, CASE WHEN state = 'done' THEN date END AS date
                              FROM head
                             WHERE state = 'done' OR (is_storable AND state IN ('assigned', 'partially_available'))
                         UNION ALL
                            SELECT back.line_id, back.product_id, -back.quantity, NULL
                              FROM moved back
                             WHERE back.origin_returned_move_id IN (SELECT id FROM head) AND back.state = 'done'
                               AND back.source_usage = 'internal' AND back.target_usage = 'internal'
                           ) side
                  GROUP BY line_id, product_id
                   ) held ON held.line_id = part.line_id AND held.product_id = part.product_id
             WHERE part.needed > 0
          GROUP BY part.line_id
            """
        )

    @api.model
    def _chain_query(self):
        """All moves that bring goods to the shelves for a line, step by step backwards."""
        return SQL(
            """
            SELECT linked.before_id AS move_id, linked.line_id
              FROM head
              JOIN linked ON linked.id = head.id
             WHERE NOT head.is_kit
             UNION
            SELECT link.move_orig_id, chain.line_id
              FROM chain
             CROSS JOIN LATERAL (
                   SELECT move_orig_id FROM stock_move_move_rel WHERE move_dest_id = chain.move_id OFFSET 0
                   ) link
            """
        )

    @api.model
    def _supply_query(self):
        """Finished moves, receipts and inspections that are for some of the lines, in the product's own unit, less what
        was sent back to the supplier, unbuilt, or scrapped on its manufacturing order.

        `pool` are the lines they are for: what is made for the same lines, split or one after the other, is one.
        """
        has_production = "mrp.production" in self.env
        return SQL(
            """
            SELECT source.pool, move.date, move.state = 'done' AS is_done, %(is_made)s AS is_made,
                   inbound.id IS NOT NULL AS is_inspection, %(production)s,
                   CASE WHEN move.state = 'done' THEN move.quantity * unit.factor / own_unit.factor
                        ELSE move.product_qty END - COALESCE(back.quantity, 0) - %(scrapped)s AS quantity
              FROM (
                    SELECT move_id, ARRAY_AGG(line_id ORDER BY line_id) AS pool
                      FROM (
                            SELECT line_id, move_id FROM chain
                             UNION
                            SELECT line_id, id FROM moved
                             WHERE is_inward OR source_usage NOT IN ('internal', 'customer')
                           ) reached
                  GROUP BY move_id
                   ) source
              JOIN line ON line.id = source.pool[1]
             CROSS JOIN LATERAL (SELECT * FROM stock_move WHERE id = source.move_id OFFSET 0) move
              JOIN stock_location place ON place.id = move.location_id
              JOIN stock_location target ON target.id = move.location_dest_id
              JOIN product_template template ON template.id = line.template_id
              JOIN uom_uom unit ON unit.id = move.product_uom
              JOIN uom_uom own_unit ON own_unit.id = template.uom_id
         LEFT JOIN inbound ON inbound.id = move.location_id AND inbound.is_inspection
         LEFT JOIN LATERAL (
                    SELECT SUM(returned.product_qty) AS quantity FROM stock_move returned
                     WHERE returned.origin_returned_move_id = move.id AND returned.state = 'done'
                       AND (place.usage = 'supplier' OR %(is_made)s)
                   ) back ON TRUE
              %(join)s
             WHERE move.state <> 'cancel' AND move.product_id = line.product_id
               AND target.usage IN ('internal', 'transit')
               AND (%(is_made)s OR inbound.id IS NOT NULL OR place.usage = 'supplier')
            """,
            is_made=SQL("(move.production_id IS NOT NULL)") if has_production else SQL("FALSE"),
            production=SQL(
                """
                production.date_start AS start_date,
                COALESCE(production.state IN ('progress', 'to_close', 'done'), FALSE) AS is_started,
                COALESCE(production.state = 'confirmed'
                         AND COALESCE(production.reservation_state, 'assigned') = 'assigned', FALSE) AS is_ready
                """
            )
            if has_production
            else SQL("NULL::timestamp AS start_date, FALSE AS is_started, FALSE AS is_ready"),
            scrapped=SQL("COALESCE(scrapped.quantity, 0)") if has_production else SQL("0"),
            join=self._production_join() if has_production else SQL(),
        )

    @api.model
    def _production_join(self):
        """The manufacturing order of a finished move, and what was scrapped of it: counted at its last move."""
        return SQL(
            """
         LEFT JOIN LATERAL (SELECT * FROM mrp_production WHERE id = move.production_id OFFSET 0) production ON TRUE
         LEFT JOIN LATERAL (
                    SELECT SUM(lost.product_qty) FILTER (WHERE lost.scrap_id IS NOT NULL AND lost.state = 'done')
                               AS quantity,
                           MAX(lost.id) FILTER (WHERE lost.scrap_id IS NULL AND lost.state <> 'cancel') AS last_id
                      FROM stock_move lost
                     WHERE lost.production_id = move.production_id AND lost.product_id = move.product_id
                   ) scrapped ON scrapped.last_id = move.id
            """
        )

    @api.model
    def _pooled_query(self):
        """What is made, received and inspected for the same lines."""
        return SQL(
            """
            SELECT pool, BOOL_OR(is_made) AS has_production, BOOL_OR(is_inspection) AS has_inspection,
                   BOOL_OR(NOT is_made AND NOT is_inspection) AS has_receipt,
                   SUM(quantity) FILTER (WHERE is_made AND (is_ready OR is_started)) AS ready,
                   SUM(quantity) FILTER (WHERE is_made AND is_started) AS started,
                   MAX(start_date) FILTER (WHERE is_made AND is_started) AS start_date,
                   SUM(quantity) FILTER (WHERE is_made AND is_done) AS made,
                   MAX(date) FILTER (WHERE is_made AND is_done) AS made_date,
                   SUM(quantity) FILTER (WHERE NOT is_made AND NOT is_inspection AND is_done) AS received,
                   MAX(date) FILTER (WHERE NOT is_made AND NOT is_inspection AND is_done) AS received_date,
                   SUM(quantity) FILTER (WHERE is_inspection AND is_done) AS inspected,
                   MAX(date) FILTER (WHERE is_inspection AND is_done) AS inspected_date
              FROM supply
          GROUP BY pool
            """
        )

    @api.model
    def _shared_query(self):
        """By line and pool: of what is there for all of them, who has how much of it.

        First whom it was reserved for: `held`, up to what there is. The rest goes to whom it was promised first.
        """
        return SQL(
            """
            SELECT side.*,
                   COALESCE(SUM(held) OVER before, 0) AS held_before, SUM(held) OVER (PARTITION BY pool) AS held_in_all,
                   needed - held AS missing, COALESCE(SUM(needed - held) OVER before, 0) AS missing_before
              FROM (
                    SELECT pooled.*, line.id AS line_id, line.promised, line.wanted * line.per_unit AS needed,
                           LEAST(1, COALESCE(stocked.share, 0)) * line.wanted * line.per_unit AS held
                      FROM (SELECT *, unnest(pool) AS of_line_id FROM pooled) pooled
                      JOIN line ON line.id = pooled.of_line_id
                 LEFT JOIN stocked ON stocked.line_id = line.id
                   ) side
            WINDOW before AS (
                PARTITION BY pool ORDER BY promised, line_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            )
            """
        )

    @api.model
    def _supplied_query(self):
        """By line: what is made for it, received, inspected, in the product's own unit."""
        ordered = (
            SQL(
                "line.id IN (SELECT head.line_id FROM head CROSS JOIN LATERAL ("
                "SELECT FROM stock_move_created_purchase_line_rel WHERE move_id = head.id OFFSET 0) link)"
            )
            if "created_purchase_line_ids" in self.env["stock.move"]._fields
            else SQL("FALSE")
        )
        return SQL(
            """
            SELECT line.id AS line_id, BOOL_OR(has_production) AS has_production,
                   BOOL_OR(has_inspection) AS has_inspection, COALESCE(BOOL_OR(has_receipt), FALSE) OR %(ordered)s
                       AS has_receipt,
                   %(shares)s,
                   MAX(start_date) AS start_date, MAX(made_date) AS made_date, MAX(received_date) AS received_date,
                   MAX(inspected_date) AS inspected_date
              FROM line
         LEFT JOIN shared ON shared.line_id = line.id
          GROUP BY line.id
            """,
            ordered=ordered,
            shares=SQL(", ").join(
                SQL(
                    """
                    SUM(GREATEST(0, LEAST(held, COALESCE(%(all)s, 0) - held_before))
                        + GREATEST(0, LEAST(
                            missing, GREATEST(0, COALESCE(%(all)s, 0) - held_in_all) - missing_before
                        ))) AS %(all)s
                    """,
                    all=SQL.identifier(name),
                )
                for name in ("ready", "started", "made", "received", "inspected")
            ),
        )

    @api.model
    def _shipped_query(self):
        """When goods of each line last left for the customer, as Odoo counts deliveries."""
        return SQL(
            """
            SELECT line_id, MAX(date) AS date
              FROM moved
             WHERE state = 'done' AND (origin_returned_move_id IS NULL OR to_refund)
               AND (target_usage = 'customer' OR (target_usage = 'transit' AND target_company_id IS NULL))
          GROUP BY line_id
            """
        )

    @api.model
    def _signed_query(self):
        return SQL(
            """
            SELECT noted.sale_line_id AS line_id,
                   SUM(noted.qty_received) FILTER (WHERE notice.state = 'signed') AS quantity,
                   MAX(notice.sign_date) FILTER (WHERE notice.state = 'signed') AS date
              FROM line
             CROSS JOIN LATERAL (SELECT * FROM sale_delivery_notice_line WHERE sale_line_id = line.id OFFSET 0) noted
              JOIN sale_delivery_notice notice ON notice.id = noted.notice_id
             WHERE notice.state NOT IN ('draft', 'sent_back', 'cancelled')
          GROUP BY noted.sale_line_id
            """
        )

    # === WHERE GOODS COME FROM === #

    @api.model
    def _routes_query(self):
        """What the routes of each line, its product and the categories above it say."""
        of_line = self.env["sale.order.line"]._fields["route_ids"]
        of_product = self.env["product.template"]._fields["route_ids"]
        of_category = self.env["product.category"]._fields["route_ids"]
        return SQL(
            """
            SELECT taken.line_id, BOOL_OR(rule.action = 'manufacture') AS is_made,
                   BOOL_OR(rule.action = 'buy' AND target.usage <> 'customer') AS is_bought,
                   BOOL_OR(rule.action = 'buy' AND target.usage = 'customer') AS is_direct
              FROM (
                    SELECT line.id AS line_id, link.%(line_route)s AS route_id
                      FROM line JOIN %(line_routes)s link ON link.%(line)s = line.id
                     UNION
                    SELECT line.id, link.%(product_route)s
                      FROM line JOIN %(product_routes)s link ON link.%(product)s = line.template_id
                     UNION
                    SELECT line.id, link.%(category_route)s
                      FROM line
                      JOIN product_category category ON category.id = line.categ_id
                      JOIN %(category_routes)s link
                        ON link.%(category)s = ANY(string_to_array(rtrim(category.parent_path, '/'), '/')::int[])
                   ) taken
              JOIN stock_rule rule ON rule.route_id = taken.route_id AND rule.active
               AND rule.action IN ('manufacture', 'buy')
         LEFT JOIN stock_location target ON target.id = rule.location_dest_id
          GROUP BY taken.line_id
            """,
            line_routes=SQL.identifier(of_line.relation),
            line=SQL.identifier(of_line.column1),
            line_route=SQL.identifier(of_line.column2),
            product_routes=SQL.identifier(of_product.relation),
            product=SQL.identifier(of_product.column1),
            product_route=SQL.identifier(of_product.column2),
            category_routes=SQL.identifier(of_category.relation),
            category=SQL.identifier(of_category.column1),
            category_route=SQL.identifier(of_category.column2),
        )

    @api.model
    def _sourced_query(self):
        """Where the goods of each line come from, and how long making them takes."""
        bills = (
            SQL(
                """
                LEFT JOIN LATERAL (
                    SELECT BOOL_OR(type = 'phantom') AS is_kit, BOOL_OR(type = 'normal') AS is_made,
                           MAX(produce_delay) FILTER (WHERE type = 'normal') AS days
                      FROM mrp_bom
                     WHERE product_tmpl_id = line.template_id AND active
                       AND (product_id IS NULL OR product_id = line.product_id)
                       AND (company_id IS NULL OR company_id = line.company_id)
                ) bill ON TRUE
                """
            )
            if "mrp.bom" in self.env
            else SQL("CROSS JOIN (SELECT FALSE AS is_kit, FALSE AS is_made, 0 AS days) bill")
        )
        is_buying = "purchase_line_id" in self.env["stock.move"]._fields
        return SQL(
            """
            SELECT line.id AS line_id, COALESCE(NULLIF(bill.days, 0), line.production) AS production_days,
                   COALESCE(
                       line.milestone_supply,
                       CASE WHEN route.is_direct THEN 'direct'
                            WHEN bill.is_kit THEN 'stock'
                            WHEN supplied.has_production THEN 'made'
                            WHEN supplied.has_receipt THEN 'bought'
                            WHEN route.is_made THEN 'made'
                            WHEN route.is_bought THEN 'bought'
                            WHEN bill.is_made THEN 'made'
                            WHEN %(is_buying)s AND EXISTS (
                                SELECT FROM product_supplierinfo WHERE product_tmpl_id = line.template_id
                            ) THEN 'bought' END,
                       line.other_supply
                   ) AS supply
              FROM line
         LEFT JOIN supplied ON supplied.line_id = line.id
         LEFT JOIN route ON route.line_id = line.id
            %(bills)s
            """,
            is_buying=is_buying,
            bills=bills,
        )

    # === THE MILESTONES === #

    @api.model
    def _steps_query(self):
        """Each milestone of each line, as the system sees it: quantity in the line's unit, day, plan."""
        return SQL(
            """
            SELECT line.id AS line_id, line.wanted, line.today, line.promised, line.transit, step.kind, step.sequence,
                   step.is_implied,
                   CASE step.kind
                        WHEN 'material' THEN
                            CASE WHEN sourced.supply = 'made' THEN supplied.ready ELSE supplied.received END
                            / line.per_unit
                        WHEN 'production' THEN supplied.started / line.per_unit
                        WHEN 'produced' THEN supplied.made / line.per_unit
                        WHEN 'inspected' THEN supplied.inspected / line.per_unit
                        WHEN 'stock' THEN stocked.share * line.wanted
                        WHEN 'shipped' THEN line.delivered
                        WHEN 'signed' THEN signed.quantity
                   END AS quantity,
                   %(day)s AS day,
                   COALESCE(CASE step.kind
                        WHEN 'material' THEN
                            CASE WHEN sourced.supply = 'made' THEN supplied.has_production
                                 ELSE supplied.has_receipt END
                        WHEN 'inspected' THEN supplied.has_inspection
                        WHEN 'stock' THEN stocked.is_system
                        WHEN 'shipped' THEN TRUE
                        WHEN 'signed' THEN signed.line_id IS NOT NULL
                        ELSE supplied.has_production
                   END, FALSE) AS is_system,
                   line.promised
                   + CASE WHEN step.kind = 'signed' THEN line.transit ELSE 0 END
                   - CASE WHEN step.kind NOT IN ('shipped', 'signed') THEN line.security ELSE 0 END
                   - CASE WHEN step.kind IN ('material', 'production', 'produced') THEN line.inspection ELSE 0 END
                   - CASE WHEN sourced.supply = 'made' AND step.kind IN ('material', 'production')
                          THEN sourced.production_days ELSE 0 END AS plan
              FROM line
              JOIN sourced ON sourced.line_id = line.id
              JOIN (VALUES %(passed)s) step (supply, kind, sequence, is_implied) ON step.supply = sourced.supply
         LEFT JOIN supplied ON supplied.line_id = line.id
         LEFT JOIN stocked ON stocked.line_id = line.id
         LEFT JOIN shipped ON shipped.line_id = line.id
         LEFT JOIN signed ON signed.line_id = line.id
            """,
            day=_day(
                SQL(
                    """
                    CASE step.kind
                         WHEN 'material' THEN CASE WHEN sourced.supply <> 'made' THEN supplied.received_date END
                         WHEN 'production' THEN supplied.start_date
                         WHEN 'produced' THEN supplied.made_date
                         WHEN 'inspected' THEN supplied.inspected_date
                         WHEN 'stock' THEN stocked.date
                         WHEN 'shipped' THEN shipped.date
                         WHEN 'signed' THEN signed.date
                    END
                    """
                ),
                SQL("line.zone"),
            ),
            passed=passed_sql(),
        )

    @api.model
    def _reached_query(self):
        """With what was ticked by hand, and the days that are known: goods are reserved on the day they are seen to be.

        `own` is the milestone's own quantity, `own_day` the day of it where it is all.
        """
        return SQL(
            """
            SELECT told.*, LEAST(told.own, told.wanted) >= told.wanted AS is_own_done,
                   CASE WHEN told.own >= told.wanted THEN COALESCE(
                       CASE WHEN told.is_manual THEN told.manual_date END,
                       CASE WHEN told.kind = 'stock' THEN told.known_day END,
                       told.day,
                       told.known_day
                   ) END AS own_day
              FROM (
                    SELECT step.*, row.id, row.manual_date, row.manual_date IS NOT NULL AND NOT step.is_system
                               AS is_manual,
                           CASE WHEN row.is_plan_edited THEN row.date_planned ELSE step.plan END AS planned,
                           CASE WHEN row.state = 'done' THEN row.date_actual END AS known_day,
                           ROUND(GREATEST(
                               COALESCE(step.quantity, 0),
                               CASE WHEN row.manual_date IS NOT NULL AND NOT step.is_system
                                    THEN COALESCE(NULLIF(row.manual_quantity, 0), step.wanted) END
                           )::numeric, %(digits)s) AS own
                      FROM step
                 LEFT JOIN kept row ON row.sale_line_id = step.line_id AND row.kind = step.kind
                   ) told
            """,
            digits=self.env["decimal.precision"].precision_get("Product Unit"),
        )

    @api.model
    def _figures_query(self):
        """The columns of the milestones, with what follows from those further on."""
        return SQL(
            """
            SELECT id, sale_line_id, kind, sequence, date_promised, date_planned,
                   COALESCE(date_planned > date_promised + CASE WHEN kind = 'signed' THEN transit ELSE 0 END, FALSE)
                       AS is_plan_late,
                   CASE WHEN is_done THEN date_actual END AS date_actual,
                   quantity, quantity_done,
                   CASE WHEN is_done THEN 'done' WHEN quantity_done > 0 THEN 'partial' ELSE 'waiting' END AS state,
                   NOT is_done AND NOT is_further AND ROW_NUMBER() OVER (
                       PARTITION BY sale_line_id, is_done OR is_further ORDER BY sequence
                   ) = 1 AS is_current,
                   NOT is_done AND is_further AS is_passed,
                   COALESCE(is_done AND date_actual > date_planned, FALSE) AS is_done_late,
                   is_system, is_manual
              FROM (
                    SELECT level.*, quantity_done >= quantity AS is_done,
                           COALESCE(BOOL_OR(quantity_done >= quantity) OVER further, FALSE) AS is_further,
                           COALESCE(own_day, MIN(own_day) OVER further, known_day, today) AS date_actual
                      FROM (
                            SELECT reached.id, line_id AS sale_line_id, kind, sequence, transit, today, is_system,
                                   is_manual, own_day, known_day,
                                   promised AS date_promised, planned AS date_planned, wanted AS quantity,
                                   LEAST(wanted, CASE WHEN is_implied THEN MAX(own) OVER (
                                       PARTITION BY line_id ORDER BY sequence DESC
                                   ) ELSE own END) AS quantity_done
                              FROM reached
                           ) level
                    WINDOW further AS (
                        PARTITION BY sale_line_id ORDER BY sequence DESC
                        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                    )
                   ) told
            """
        )


def _day(moment, zone):
    """SQL of the day of the SQL `moment`, in UTC, where the company is; see ``res.company._local_day_sql``."""
    return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", moment, zone)


def _columns(table, names):
    return SQL(", ").join(SQL.identifier(table, name) for name in names)


def _is_open():
    return SQL("COALESCE(line.qty_delivered, 0) < line.product_uom_qty")


def _has_rows(condition):
    return SQL("EXISTS (SELECT FROM sale_order_milestone row WHERE row.sale_line_id = line.id AND %s)", condition)
