from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

CRON = "sales_dept_logistics.ir_cron_freight_matching"
# How far apart the days and weights of a line and its waybill may lie where the number does not tell.
DAYS = 3
WEIGHT_SHARE = 0.05
# So many lines are matched while the user waits.
AT_ONCE = 2_000
# "广东省" and "广东" are one place.
PLACE_ENDINGS = "(省|市|自治区|特别行政区| province| city)$"


class FreightStatement(models.Model):
    """Which waybill each line is for: set-based passes in the background, from the surest to the boldest.

    All of it is one transaction for each statement. Stopped at any moment it changes nothing, and done again it
    comes to the same. The passes work on a temporary copy of the lines, ``freight_match``, and what came of them is
    written once: a row that is written twice in a transaction has all its foreign keys checked again.
    """

    _inherit = "freight.statement"

    # === QUEUE === #

    def _after_reading(self):
        """Match the lines of `self` in the background: all their files are read, as rows and lines.

        Called once more, after a file more, it matches anew.
        """
        self._check_lines_open()
        self._write_protected({"read_date": fields.Datetime.now(), "matched_date": False})
        self.env.ref(CRON).sudo()._trigger()

    def _begin_again(self):
        """Nothing is there any more that was read: what follows from it goes, and the statement is a draft again."""
        self._release()
        self._write_protected({"read_date": False, "matched_date": False})
        self.env.invalidate_all()
        self._take_totals()

    def _match_again(self):
        """Match those of `self` anew that were matched, since their lines changed; at once where they are short."""
        matched = self.filtered("matched_date").sudo()
        short = matched.filtered(lambda statement: statement._line_count() <= AT_ONCE)
        matched._after_reading()
        short._match()

    @api.model
    def _cron_match(self):
        waiting = self.search(Domain("state", "=", "matching"), order="date_from, id")
        self.env["sales.dept.job"]._run(CRON, waiting, lambda batch: batch._match(), batch_size=1)

    def _match(self):
        """Match, audit and sum the statements of `self` now."""
        for statement in self:
            statement._lock()
            if statement.state == "matching":
                statement._match_lines()
                statement._write_protected({"matched_date": fields.Datetime.now()})
                statement._take_totals()
                statement._after_matching()

    def _lock(self):
        """Let no two transactions work on the carrier's statements: what one bills, the other may not.

        The row is written, not read for update: so a transaction that began before another one ended is begun anew.
        """
        self.ensure_one()
        self.env.flush_all()
        self.env.cr.execute(SQL("SELECT pg_advisory_xact_lock(%s, %s)", 20_260_909, self.carrier_id.id))
        self.env.cr.execute(SQL("UPDATE freight_statement SET read_date = read_date WHERE id = %s", self.id))
        self.invalidate_recordset()

    def _line_count(self):
        self.ensure_one()
        return self.env["freight.statement.line"].search_count(Domain("statement_id", "=", self.id))

    def _after_matching(self):
        """Called for one statement, once its lines are matched and audited."""

    # === PASSES === #

    def _match_lines(self):
        """Give each line its waybill, what it counts as and what is agreed; lines matched by hand keep theirs."""
        self.ensure_one()
        self._copy_lines()
        self._complete_keys()
        self._match_numbers()
        self._find_other_carriers()
        self._match_shipments()
        self._match_near_numbers()
        self._assign_roles()
        self._find_credits()
        self._audit()
        self._write_results()
        self._write_missing()
        self.env.invalidate_all(flush=False)

    def _copy_lines(self):
        """Begin with what the carrier wrote, and with what was chosen by hand."""
        self.env.flush_all()
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS pg_temp.freight_match"))
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMPORARY TABLE freight_match ON COMMIT DROP AS
                SELECT id, statement_id, row_id, reference, NULLIF(number_key, '') AS number_key, ship_date,
                       %(place)s AS place, weight, kind_id, COALESCE(amount, 0) AS amount, tax_rate, tax_amount,
                       currency_id, decision,
                       CASE WHEN match_pass = 'hand' THEN waybill_id END AS waybill_id,
                       CASE WHEN match_pass = 'hand' THEN match_pass END AS match_pass,
                       NULL::varchar AS role, NULL::int AS original_id, NULL::int AS other_waybill_id,
                       NULL::numeric AS expected_amount, NULL::numeric AS difference, NULL::varchar AS difference_kind,
                       NULL::varchar AS difference_code, FALSE AS is_exception
                  FROM freight_statement_line line
                 WHERE statement_id = %(statement)s AND role IS DISTINCT FROM 'missing'
                """,
                place=_place_sql(SQL("destination")),
                statement=self.id,
            )
        )
        self.env.cr.execute(SQL("CREATE INDEX ON freight_match (waybill_id)"))

    def _complete_keys(self):
        """Compute the compared numbers that a reader left to us."""
        rows = self.env.execute_query(
            SQL("SELECT DISTINCT reference FROM freight_match WHERE reference IS NOT NULL AND number_key IS NULL")
        )
        rules = self.carrier_id.sudo()._number_rules()
        keys = [(reference, key) for (reference,) in rows if (key := rules.key(reference))]
        if keys:
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE freight_match line SET number_key = given.key FROM unnest(%s, %s) given(reference, key)
                     WHERE line.number_key IS NULL AND line.reference = given.reference
                    """,
                    *map(list, zip(*keys, strict=True)),
                )
            )
        self.env.cr.execute(SQL("ANALYZE freight_match"))

    def _release(self):
        """Take back what the lines of this statement count as: others may bill it."""
        self.env.cr.execute(
            SQL("DELETE FROM freight_statement_line WHERE statement_id = %s AND role = 'missing'", self.id)
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE freight_statement_line SET role = NULL, original_id = NULL
                 WHERE statement_id = %s AND role IS NOT NULL
                """,
                self.id,
            )
        )

    @api.model
    def _loose_sql(self):
        """The lines that still look for a waybill, as a condition on ``line``."""
        return SQL(
            """
            line.waybill_id IS NULL AND line.other_waybill_id IS NULL AND line.decision IS DISTINCT FROM 'exclude'
            """
        )

    def _match_numbers(self):
        """The surest pass: the carrier's number. Of several uses of it the one whose day is the nearest."""
        limit = self.carrier_id.sudo().number_reuse_days
        self.env.cr.execute(
            SQL(
                """
                UPDATE freight_match line SET waybill_id = found.waybill_id, match_pass = 'number'
                  FROM (
                    SELECT DISTINCT ON (line.id) line.id, waybill.id AS waybill_id
                      FROM freight_match line
                      JOIN freight_waybill waybill
                        ON waybill.company_id = %(company)s AND waybill.carrier_id = %(carrier)s
                       AND waybill.number_key = line.number_key
                     WHERE %(loose)s
                       AND (%(limit)s = 0
                            OR abs(waybill.shipped_date - COALESCE(line.ship_date, %(day)s)) <= %(limit)s)
                  ORDER BY line.id, abs(waybill.shipped_date - COALESCE(line.ship_date, %(day)s)), waybill.id
                ) found
                 WHERE found.id = line.id
                """,
                company=self.company_id.id,
                carrier=self.carrier_id.id,
                day=self.date_to,
                limit=limit,
                loose=self._loose_sql(),
            )
        )

    def _find_other_carriers(self):
        """Note the waybills of other carriers whose number it is, by the rules of those."""
        others = (
            self.env["delivery.carrier"]
            .sudo()
            .with_context(active_test=False)
            .search(Domain("company_id", "in", [False, self.company_id.id]) & Domain("id", "!=", self.carrier_id.id))
        )
        rows = self.env.execute_query(
            SQL("SELECT line.id, line.reference FROM freight_match line WHERE %s", self._loose_sql())
        )
        for rules, carriers in others.grouped(lambda carrier: carrier._number_rules()).items():
            keys = [(line_id, key) for line_id, reference in rows if (key := rules.key(reference))]
            if keys:
                self._note_other_carriers(carriers, *map(list, zip(*keys, strict=True)))

    def _note_other_carriers(self, carriers, line_ids, keys):
        self.env.cr.execute(
            SQL(
                """
                UPDATE freight_match line SET other_waybill_id = found.waybill_id
                  FROM (
                    SELECT DISTINCT ON (given.id) given.id, waybill.id AS waybill_id
                      FROM unnest(%(lines)s, %(keys)s) given(id, key)
                      JOIN freight_match line ON line.id = given.id
                      JOIN freight_waybill waybill
                        ON waybill.company_id = %(company)s AND waybill.carrier_id = ANY(%(carriers)s)
                       AND waybill.number_key = given.key
                     WHERE waybill.shipped_date BETWEEN %(begin)s::date - 31 AND %(end)s::date + 31
                  ORDER BY given.id, abs(waybill.shipped_date - COALESCE(line.ship_date, %(end)s)), waybill.id
                ) found
                 WHERE found.id = line.id AND line.other_waybill_id IS NULL
                """,
                lines=line_ids,
                keys=keys,
                carriers=carriers.ids,
                company=self.company_id.id,
                begin=self.date_from,
                end=self.date_to,
            )
        )

    def _shipments_sql(self):
        """What the loose lines know of each shipment: several charges of one number are one shipment."""
        return SQL(
            """
            SELECT %(key)s AS shipment, MIN(line.number_key) AS number_key, MIN(line.ship_date) AS day,
                   MAX(line.weight) AS weight, MAX(line.place) AS place
              FROM freight_match line
             WHERE %(loose)s
          GROUP BY 1
            """,
            key=self._shipment_key_sql(),
            loose=self._loose_sql(),
        )

    @api.model
    def _shipment_key_sql(self):
        return SQL("COALESCE(line.number_key, 'row ' || line.row_id, 'line ' || line.id)")

    def _free_sql(self):
        """The carrier's waybills of the period that no line was found for: ``id, number_key, day, weights, places``."""
        return SQL(
            """
            SELECT waybill.id, waybill.number_key, waybill.shipped_date AS day, waybill.weight,
                   waybill.chargeable_weight,
                   ARRAY[%(zone)s, %(city)s, %(state)s, %(state)s || %(city)s] AS places
              FROM freight_waybill waybill
         LEFT JOIN res_partner partner ON partner.id = waybill.partner_id
         LEFT JOIN res_country_state state ON state.id = partner.state_id
             WHERE waybill.company_id = %(company)s AND waybill.carrier_id = %(carrier)s
               AND waybill.shipped_date BETWEEN %(begin)s::date - %(days)s AND %(end)s::date + %(days)s
               AND NOT EXISTS (
                    SELECT FROM freight_statement_line taken
                     WHERE taken.waybill_id = waybill.id AND taken.statement_id <> %(statement)s
                       AND taken.role IN ('original', 'adjustment', 'duplicate')
               )
               AND NOT EXISTS (SELECT FROM freight_match taken WHERE taken.waybill_id = waybill.id)
            """,
            statement=self.id,
            zone=_place_sql(SQL("waybill.zone")),
            city=_place_sql(SQL("partner.city")),
            state=_place_sql(SQL("state.name")),
            company=self.company_id.id,
            carrier=self.carrier_id.id,
            begin=self.date_from,
            end=self.date_to,
            days=DAYS,
        )

    def _match_shipments(self):
        """Destination, day and weight, where one waybill fits one shipment and no other."""
        self._match_pairs(
            "shipment",
            SQL(
                """
                SELECT DISTINCT shipment.shipment, free.id AS waybill_id
                  FROM shipment
                  JOIN (SELECT free.*, unnest(free.places) AS place FROM free) free ON free.place = shipment.place
                 WHERE abs(free.day - shipment.day) <= %(days)s AND shipment.weight > 0
                   AND (abs(free.weight - shipment.weight) <= %(share)s * free.weight
                        OR abs(free.chargeable_weight - shipment.weight) <= %(share)s * free.chargeable_weight)
                """,
                days=DAYS,
                share=WEIGHT_SHARE,
            ),
        )

    def _match_near_numbers(self):
        """A number with one character too many, too few or wrong, where nothing else speaks against it.

        Two texts are one edit apart where they are the same without one character at the same place of both, or
        where the one is the other without a character: so a hash join finds them.
        """
        self._match_pairs(
            "near",
            SQL(
                """
                SELECT DISTINCT ours.shipment, theirs.id AS waybill_id
                  FROM (%(shipments)s) ours
                  JOIN (%(frees)s) theirs
                    ON theirs.variant = ours.variant AND (theirs.at = ours.at OR theirs.at = 0 OR ours.at = 0)
                 WHERE theirs.number_key <> ours.number_key
                   AND abs(theirs.day - COALESCE(ours.day, theirs.day)) <= %(days)s
                   AND (ours.place = ANY(theirs.places) OR ours.place IS NULL)
                   AND (ours.place IS NOT NULL OR ours.weight IS NULL OR ours.weight = 0
                        OR abs(theirs.weight - ours.weight) <= %(share)s * theirs.weight
                        OR abs(theirs.chargeable_weight - ours.weight) <= %(share)s * theirs.chargeable_weight)
                """,
                shipments=_variants_sql(SQL("shipment")),
                frees=_variants_sql(SQL("free")),
                days=DAYS,
                share=WEIGHT_SHARE,
            ),
        )

    def _match_pairs(self, name, pairs):
        """Match the `pairs` of shipment and waybill that are the only ones of both."""
        self.env.cr.execute(
            SQL(
                """
                WITH shipment AS MATERIALIZED (%(shipments)s), free AS MATERIALIZED (%(free)s),
                     pair AS MATERIALIZED (%(pairs)s),
                     sole AS (
                        SELECT shipment, waybill_id FROM (
                            SELECT shipment, waybill_id, COUNT(*) OVER (PARTITION BY shipment) AS waybills,
                                   COUNT(*) OVER (PARTITION BY waybill_id) AS shipments
                              FROM pair
                        ) counted
                         WHERE waybills = 1 AND shipments = 1
                     )
                UPDATE freight_match line SET waybill_id = sole.waybill_id, match_pass = %(name)s
                  FROM sole
                 WHERE %(key)s = sole.shipment AND %(loose)s
                """,
                shipments=self._shipments_sql(),
                free=self._free_sql(),
                pairs=pairs,
                name=name,
                key=self._shipment_key_sql(),
                loose=self._loose_sql(),
            )
        )


def _place_sql(text):
    return SQL("NULLIF(regexp_replace(lower(btrim(%s)), %s, ''), '')", text, PLACE_ENDINGS)


def _variants_sql(table):
    """Each row of `table` with its number, and with the number without each of its characters."""
    return SQL(
        """
        SELECT numbered.*, at, CASE WHEN at = 0 THEN numbered.number_key
                    ELSE overlay(numbered.number_key placing '' from at for 1) END AS variant
          FROM %s numbered, generate_series(0, length(numbered.number_key)) at
         WHERE numbered.number_key IS NOT NULL
        """,
        table,
    )
