from odoo import models
from odoo.tools import SQL

# A charged weight is ours where it is so near to it, in kg and as a share.
WEIGHT_NEAR, WEIGHT_NEAR_SHARE = 0.05, 0.01
# A tax amount is that of its rate where it is so near to it.
TAX_NEAR = 0.05
# A shipment at the edge of a period is dated by the carrier when it was picked up.
EDGE_DAYS = 3


class FreightStatement(models.Model):
    """What was agreed for each line, what differs, and of which kind the difference is.

    What was agreed is due once. The first line of a waybill and a kind of charge is compared with what is still due,
    after what other statements paid and what the carrier owes us for damage; further lines on the
    same statement correct it, and are looked at together.
    """

    _inherit = "freight.statement"

    def _audit(self):
        """Audit the copied lines of one statement; decisions stand where the difference is what it was."""
        self.ensure_one()
        self.env.cr.execute(
            SQL(
                """
                WITH tolerance AS MATERIALIZED (%(tolerances)s),
                     taxed AS MATERIALIZED (%(taxed)s),
                     due AS MATERIALIZED (%(due)s),
                     compared AS MATERIALIZED (%(compared)s),
                     judged AS MATERIALIZED (%(judged)s)
                UPDATE freight_match line
                   SET expected_amount = judged.expected, difference = judged.difference,
                       difference_kind = judged.kind, difference_code = judged.code,
                       is_exception = judged.is_exception,
                       decision = CASE
                            WHEN old.decision = 'exclude' OR (
                                judged.is_exception AND old.difference = judged.difference
                                AND old.difference_kind = judged.kind)
                            THEN old.decision END
                  FROM (
                    SELECT judged.*, COALESCE(kind <> 'rounding' AND code IS DISTINCT FROM 'netted', FALSE)
                           AS is_exception
                      FROM judged
                  ) judged
                  JOIN freight_statement_line old ON old.id = judged.id
                 WHERE judged.id = line.id
                """,
                tolerances=self._tolerances_sql(),
                taxed=_taxed_sql(),
                due=self._due_sql(),
                compared=self._compared_sql(),
                judged=self._judged_sql(),
            )
        )

    def _tolerances_sql(self):
        """The tolerance of each kind of charge on the statement: ``kind`` and its four limits."""
        return SQL(
            """
            SELECT kinds.kind, narrowest.*
              FROM (SELECT DISTINCT kind_id AS kind FROM freight_match) kinds
         LEFT JOIN LATERAL (%s) narrowest ON TRUE
            """,
            self.env["freight.tolerance"]._narrowest_sql(self.company_id.id, self.carrier_id.id, SQL("kinds.kind")),
        )

    def _due_sql(self):
        """Each line with its place among those of its waybill and kind, and what is due for all of them.

        :return: ``id, place, lines, charged`` of the pair; ``is_rated``: the waybill has agreed charges at all;
            ``agreed`` or NULL; ``due``: agreed, less what other statements paid
        """
        return SQL(
            """
            SELECT line.id, line.place, line.lines, line.charged, agreed.is_rated, agreed.amount AS agreed,
                   COALESCE(agreed.amount, 0) - COALESCE(paid.amount, 0) - line.claimed AS due
              FROM (
                SELECT line.id, line.waybill_id, line.kind_id, line.role,
                       row_number() OVER (pair ORDER BY line.role = 'original' DESC, line.id) AS place,
                       COUNT(*) OVER pair AS lines, SUM(line.amount) OVER pair AS charged,
                       SUM(COALESCE(claim.amount, 0)) OVER pair AS claimed
                  FROM freight_match line
             LEFT JOIN freight_credit claim ON claim.received_line_id = line.id AND claim.source = 'delivery'
                 WHERE line.role IN ('original', 'adjustment')
                WINDOW pair AS (PARTITION BY line.waybill_id, COALESCE(line.kind_id, 0))
              ) line
         LEFT JOIN LATERAL (
                SELECT SUM(charge.expected_amount)
                       FILTER (WHERE charge.kind_id = line.kind_id OR %(lump)s) AS amount,
                       COUNT(*) > 0 AS is_rated
                  FROM freight_waybill_charge charge
                 WHERE charge.waybill_id = line.waybill_id AND charge.currency_id = %(currency)s
              ) agreed ON TRUE
         LEFT JOIN LATERAL (
                SELECT SUM(CASE WHEN other.is_settled THEN other.settled_amount ELSE other.payable_amount END) AS amount
                  FROM freight_statement_line other
                 WHERE other.waybill_id = line.waybill_id AND COALESCE(other.kind_id, 0) = COALESCE(line.kind_id, 0)
                   AND other.statement_id <> %(statement)s AND other.role IN ('original', 'adjustment', 'duplicate')
              ) paid ON TRUE
            """,
            statement=self.id,
            currency=self.currency_id.id,
            lump=self._lump_sql(SQL("line.kind_id")),
        )

    def _compared_sql(self):
        """Each line with what is agreed for it, what differs, and what speaks for which kind of difference."""
        return SQL(
            """
            SELECT line.*, line.amount - line.expected AS difference,
                   %(pair_is_small)s AS is_small, %(tax_is_small)s AS is_tax_alone
              FROM (
                SELECT line.id, line.amount, line.role, line.other_waybill_id, line.tax_rate, line.kind_id,
                       due.is_rated, due.agreed, due.lines, COALESCE(due.charged - due.due, 0) AS pair_difference,
                       line.currency_id <> %(currency)s AS is_foreign,
                       CASE WHEN due.place = 1 THEN due.due ELSE 0 END AS expected,
                       due.due, %(tax_differs)s AS tax_differs, %(weight_differs)s AS weight_differs,
                       line.role = 'original' AND waybill.shipped_date NOT BETWEEN %(begin)s AND %(end)s
                       AND NOT COALESCE(
                            line.ship_date BETWEEN %(begin)s AND %(end)s
                            AND abs(line.ship_date - waybill.shipped_date) <= %(edge)s, FALSE
                       ) AS is_other_period
                  FROM freight_match line
             LEFT JOIN due ON due.id = line.id
             LEFT JOIN taxed ON taxed.row_id = line.row_id
             LEFT JOIN freight_waybill waybill ON waybill.id = line.waybill_id
              ) line
         LEFT JOIN tolerance ON tolerance.kind IS NOT DISTINCT FROM line.kind_id
            """,
            currency=self.currency_id.id,
            begin=self.date_from,
            end=self.date_to,
            edge=EDGE_DAYS,
            tax_differs=self._tax_differs_sql(),
            weight_differs=_weight_differs_sql(),
            pair_is_small=_is_small_sql(SQL("line.pair_difference"), SQL("line.due")),
            tax_is_small=self._tax_alone_sql(),
        )

    def _agreed_tax_rate(self):
        """The rate in % that was agreed with the carrier, or None."""
        tax = self.carrier_id.sudo().with_company(self.company_id).freight_tax_id
        return tax.amount if tax and tax.amount_type == "percent" else None

    def _tax_differs_sql(self):
        """The rate is not the agreed one, or the amount is not that of its rate, with the tax in it or beside it."""
        return SQL(
            """
            (COALESCE(line.tax_rate, 0) <> 0 AND %(rate)s::numeric IS NOT NULL
             AND abs(line.tax_rate - %(rate)s::numeric) > 0.001)
            OR (COALESCE(line.tax_rate, 0) <> 0 AND COALESCE(line.tax_amount, 0) <> 0
                AND abs(line.tax_amount - %(taxed)s * line.tax_rate / 100) > %(near)s
                AND abs(line.tax_amount - %(taxed)s * line.tax_rate / (100 + line.tax_rate)) > %(near)s)
            """,
            rate=self._agreed_tax_rate(),
            taxed=SQL("COALESCE(taxed.amount, line.amount)"),
            near=TAX_NEAR,
        )

    def _tax_alone_sql(self):
        """The amount would be the agreed one with the agreed rate."""
        rate = self._agreed_tax_rate()
        if rate is None:
            return SQL("FALSE")
        return _is_small_sql(
            SQL("(line.amount * %s::numeric / (100 + line.tax_rate) - line.expected)", 100 + rate),
            SQL("line.expected"),
        )

    def _judged_sql(self):
        """Each line with the kind of its difference, the first that applies, and the sentence that says why."""
        return SQL(
            """
            SELECT compared.id, compared.expected, compared.difference,
                   split_part(judged.text, ' ', 1) AS kind, NULLIF(split_part(judged.text, ' ', 2), '') AS code
              FROM compared
        CROSS JOIN LATERAL (
                SELECT CASE
                    WHEN role = 'duplicate' THEN 'twice'
                    WHEN role = 'unmatched' AND other_waybill_id IS NOT NULL THEN 'carrier'
                    WHEN role = 'unmatched' THEN 'unknown'
                    WHEN role IS NULL THEN NULL
                    WHEN is_foreign THEN 'price currency'
                    WHEN tax_differs AND (is_small OR is_tax_alone) THEN 'tax'
                    WHEN is_small AND is_other_period THEN 'period'
                    WHEN difference = 0 THEN NULL
                    WHEN is_small AND lines > 1 THEN 'price netted'
                    WHEN is_small THEN 'rounding'
                    WHEN NOT is_rated THEN 'price unrated'
                    WHEN agreed IS NULL THEN 'surcharge'
                    WHEN role = 'adjustment' THEN 'price correction'
                    WHEN weight_differs THEN 'weight'
                    ELSE 'price'
                END AS text
            ) judged
            """
        )


def _taxed_sql():
    """What the tax of a row is on: all its charges. It stands on the first of them."""
    return SQL(
        """
        SELECT row_id, SUM(amount) AS amount
          FROM freight_match
         WHERE row_id IN (SELECT row_id FROM freight_match WHERE tax_amount <> 0 AND tax_rate <> 0)
      GROUP BY row_id
        """
    )


def _weight_differs_sql():
    """The charged weight is neither the chargeable nor the actual one, and the amount goes the same way."""
    return SQL(
        """
        line.weight > 0 AND waybill.chargeable_weight > 0
        AND abs(line.weight - waybill.chargeable_weight) > GREATEST(%(near)s, %(share)s * waybill.chargeable_weight)
        AND abs(line.weight - waybill.weight) > GREATEST(%(near)s, %(share)s * waybill.weight)
        AND sign(line.weight - waybill.chargeable_weight) = sign(due.charged - due.due)
        """,
        near=WEIGHT_NEAR,
        share=WEIGHT_NEAR_SHARE,
    )


def _is_small_sql(difference, expected):
    """`difference` is nothing, or within both limits of the tolerance; a limit of 0 says nothing."""
    return SQL(
        """
        COALESCE(%(difference)s = 0 OR CASE WHEN %(difference)s > 0
            THEN over_amount + over_percent > 0
                 AND (over_amount = 0 OR %(difference)s <= over_amount)
                 AND (over_percent = 0 OR %(difference)s <= abs(%(expected)s) * over_percent / 100)
            ELSE under_amount + under_percent > 0
                 AND (under_amount = 0 OR -%(difference)s <= under_amount)
                 AND (under_percent = 0 OR -%(difference)s <= abs(%(expected)s) * under_percent / 100)
        END, FALSE)
        """,
        difference=difference,
        expected=expected,
    )
