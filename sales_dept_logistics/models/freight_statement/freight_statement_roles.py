from odoo import models
from odoo.tools import SQL


class FreightStatement(models.Model):
    """What lines count as: a charge that is billed for the first time, one that corrects it, one that repeats it."""

    _inherit = "freight.statement"

    def _assign_roles(self):
        """Say of the copied lines what they count as, after what other statements billed."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE freight_match line
                   SET role = CASE
                            WHEN line.waybill_id IS NULL THEN 'unmatched'
                            WHEN own.amount < 0 THEN 'adjustment'
                            WHEN own.prior_id IS NULL AND own.place = 1 THEN 'original'
                            WHEN own.amount = 0 THEN 'adjustment'
                            WHEN own.place > 1 OR own.amount = own.prior_amount THEN 'duplicate'
                            ELSE 'adjustment'
                       END,
                       original_id = CASE WHEN line.waybill_id IS NOT NULL
                            THEN COALESCE(own.prior_id, NULLIF(own.first_id, line.id)) END
                  FROM (
                    SELECT line.id, line.amount, prior.id AS prior_id, prior.amount AS prior_amount,
                           row_number() OVER pair AS place, first_value(line.id) OVER pair AS first_id
                      FROM freight_match line
                 LEFT JOIN freight_statement_line prior
                        ON prior.waybill_id = line.waybill_id
                       AND COALESCE(prior.kind_id, 0) = COALESCE(line.kind_id, 0)
                       AND prior.role = 'original' AND prior.statement_id <> %(statement)s
                     WHERE line.decision IS DISTINCT FROM 'exclude'
                    WINDOW pair AS (
                        PARTITION BY line.waybill_id, COALESCE(line.kind_id, 0)
                            ORDER BY (line.amount > 0) DESC, line.id
                    )
                ) own
                 WHERE own.id = line.id
                """,
                statement=self.id,
            )
        )

    def _lump_sql(self, kind):
        """Whether the carrier writes one amount for each waybill, with all that was agreed in it: then it is freight.

        :param SQL kind: the kind of charge of a line
        """
        ((kinds, least),) = self.env.execute_query(
            SQL(
                """
                SELECT COUNT(DISTINCT COALESCE(kind_id, 0)), MIN(COALESCE(kind_id, 0)) FROM freight_match
                 WHERE role IN ('original', 'adjustment') AND amount > 0
                """
            )
        )
        freight = self.env.ref("sales_dept_logistics.charge_freight")
        if kinds != 1 or least not in (0, freight.id):
            return SQL("FALSE")
        return SQL("COALESCE(%s, 0) = %s", kind, least)

    # === WRITING === #

    def _write_results(self):
        """Write what came of the copied lines on those that it changes."""
        # Two lines of one charge may change places, and the database looks at each row when it is written.
        self.env.cr.execute(
            SQL(
                """
                UPDATE freight_statement_line line SET role = NULL FROM freight_match found
                 WHERE found.id = line.id AND line.role = 'original'
                   AND (found.role IS DISTINCT FROM 'original' OR found.waybill_id IS DISTINCT FROM line.waybill_id)
                """
            )
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE freight_statement_line line
                   SET company_id = %(company)s, carrier_id = %(carrier)s, number_key = found.number_key,
                       amount = found.amount, waybill_id = found.waybill_id, match_pass = found.match_pass,
                       role = found.role, original_id = found.original_id, other_waybill_id = found.other_waybill_id,
                       expected_amount = found.expected_amount, difference = found.difference,
                       difference_kind = found.difference_kind, difference_code = found.difference_code,
                       is_exception = found.is_exception, decision = found.decision,
                       payable_amount = %(payable)s
                  FROM freight_match found
                 WHERE found.id = line.id
                   AND (line.company_id, line.carrier_id, line.number_key, line.amount, line.waybill_id,
                        line.match_pass, line.role, line.original_id, line.other_waybill_id, line.expected_amount,
                        line.difference, line.difference_kind, line.difference_code, line.is_exception, line.decision,
                        line.payable_amount)
                       IS DISTINCT FROM
                       (%(company)s, %(carrier)s, found.number_key, found.amount, found.waybill_id,
                        found.match_pass, found.role, found.original_id, found.other_waybill_id, found.expected_amount,
                        found.difference, found.difference_kind, found.difference_code, found.is_exception,
                        found.decision, %(payable)s)
                """,
                company=self.company_id.id,
                carrier=self.carrier_id.id,
                payable=_payable_sql(SQL("found")),
            )
        )

    def _write_missing(self):
        """Write down what the carrier did not bill of the period: our waybills, charge by charge."""
        self.env.cr.execute(
            SQL("DELETE FROM freight_statement_line WHERE statement_id = %s AND role = 'missing'", self.id)
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO freight_statement_line (
                    statement_id, company_id, carrier_id, currency_id, reference, number_key, ship_date, destination,
                    weight, volume, waybill_id, kind_id, amount, payable_amount, role, expected_amount, difference,
                    difference_kind, is_exception, create_uid, create_date, write_uid, write_date)
                SELECT %(statement)s, waybill.company_id, waybill.carrier_id, %(currency)s, waybill.name,
                       waybill.number_key, waybill.shipped_date, waybill.zone, waybill.chargeable_weight,
                       waybill.volume, waybill.id, charge.kind_id, 0, 0, 'missing',
                       COALESCE(charge.expected_amount, 0), -COALESCE(charge.expected_amount, 0), 'missing', FALSE,
                       %(user)s, now() AT TIME ZONE 'UTC', %(user)s, now() AT TIME ZONE 'UTC'
                  FROM freight_waybill waybill
             LEFT JOIN freight_waybill_charge charge
                    ON charge.waybill_id = waybill.id AND charge.currency_id = %(currency)s
                 WHERE waybill.company_id = %(company)s AND waybill.carrier_id = %(carrier)s
                   AND waybill.shipped_date BETWEEN %(begin)s AND %(end)s
                   AND (charge.id IS NULL OR charge.expected_amount <> 0)
                   AND NOT EXISTS (
                        SELECT FROM freight_statement_line billed
                         WHERE billed.waybill_id = waybill.id
                           AND billed.role IN ('original', 'adjustment')
                           AND (%(lump)s OR charge.id IS NULL OR billed.kind_id IS NULL
                                OR billed.kind_id = charge.kind_id)
                   )
                """,
                statement=self.id,
                currency=self.currency_id.id,
                company=self.company_id.id,
                carrier=self.carrier_id.id,
                begin=self.date_from,
                end=self.date_to,
                user=self.env.uid,
                lump=self._lump_sql(SQL("billed.kind_id")),
            )
        )

    def _take_payable(self, lines):
        """Say what is paid of `lines` after what was decided about them."""
        self.env.cr.execute(
            SQL(
                "UPDATE freight_statement_line line SET payable_amount = %s WHERE id = ANY(%s)",
                _payable_sql(SQL("line")),
                lines.ids,
            )
        )


def _payable_sql(line):
    """What is paid of a line: all, nothing of what is left out, what we hold for due of what is disputed."""
    return SQL(
        """
        CASE %(line)s.decision WHEN 'exclude' THEN 0
             WHEN 'dispute' THEN LEAST(%(line)s.amount, %(line)s.expected_amount)
             ELSE %(line)s.amount END
        """,
        line=line,
    )
