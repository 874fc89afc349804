from odoo import api, fields, models
from odoo.tools import SQL

from .measure import value_sql, verdict_sql


class SalesKpiTotal(models.Model):
    """How the figures are computed: one statement for a KPI of a month, whoever has any."""

    _inherit = "sales.kpi.total"

    def _compute_in_turn(self):
        """As a step of the hourly job: what another turn, or a person, computes or locks meanwhile is theirs."""
        for total in self:
            if not total.month_id.try_lock_for_update():
                continue
            total.month_id.invalidate_recordset(["state"])
            if total.month_id.state == "open":
                total._compute_figures()

    def _is_as_of(self, moment):
        """Whether the figure was computed at the naive UTC `moment` or later; without one, whether it was at all."""
        self.ensure_one()
        return bool(self.computed_date) and (not moment or self.computed_date >= moment)

    def _is_comparable(self):
        """Whether what it counts can still be told when the month is over."""
        self.ensure_one()
        return True

    def _compute_figures(self):
        """Compute the KPI anew. Results keep their ids; those of people who have no document any more go.

        The caller holds the month.
        """
        self.ensure_one()
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "DELETE FROM sales_kpi_evidence"
                " WHERE result_id IN (SELECT id FROM sales_kpi_result WHERE total_id = %s)",
                self.id,
            )
        )
        self.env.cr.execute(self._figures_sql())
        self.env.cr.execute(self._sums_sql())
        self.env.invalidate_all(flush=False)

    def _figures_sql(self):
        """Write evidence and results: a result is the sum of its evidence, since both come from the same rows."""
        person = SQL("(numerator + overlay)")
        return SQL(
            """
            WITH evidence AS MATERIALIZED (%(evidence)s),
            rule AS MATERIALIZED (%(rules)s),
            sums AS (
                SELECT user_id, SUM(numerator) AS numerator, SUM(denominator) AS denominator, SUM(overlay) AS overlay,
                       SUM(pending) AS pending, COUNT(*) AS evidence_count
                  FROM evidence
              GROUP BY user_id
            ),
            gone AS (
                DELETE FROM sales_kpi_result result
                 WHERE total_id = %(total)s
                   AND NOT EXISTS (SELECT 1 FROM sums WHERE COALESCE(sums.user_id, 0) = COALESCE(result.user_id, 0))
            ),
            judged AS (
                SELECT sums.*, line.threshold, COALESCE(line.weight, 0) AS weight, member.crm_team_id AS team_id,
                       %(measure)s::text AS measure
                  FROM sums
             LEFT JOIN LATERAL (%(threshold)s) line ON TRUE
             LEFT JOIN LATERAL (%(team)s) member ON TRUE
            ),
            result AS (
                INSERT INTO sales_kpi_result
                            (total_id, month_id, company_id, date, kpi_id, sequence, user_id, team_id, numerator,
                             denominator, overlay, pending, evidence_count, threshold, weight, measure, value,
                             has_value, verdict, state, create_date, write_date)
                     SELECT %(total)s, %(month)s, %(company)s, %(date)s, %(kpi)s, %(sequence)s, user_id, team_id,
                            numerator, denominator, overlay, pending, evidence_count, threshold, weight, measure,
                            %(value)s, (%(value)s) IS NOT NULL, %(verdict)s, 'open',
                            -- Nobody's: a figure is the same whoever asks, and each key is paid for row by row.
                            now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                       FROM judged
                ON CONFLICT (total_id, COALESCE(user_id, 0)) DO UPDATE
                        SET team_id = EXCLUDED.team_id, numerator = EXCLUDED.numerator,
                            denominator = EXCLUDED.denominator, overlay = EXCLUDED.overlay,
                            pending = EXCLUDED.pending, evidence_count = EXCLUDED.evidence_count,
                            threshold = EXCLUDED.threshold, weight = EXCLUDED.weight, measure = EXCLUDED.measure,
                            value = EXCLUDED.value, has_value = EXCLUDED.has_value, verdict = EXCLUDED.verdict,
                            write_date = EXCLUDED.write_date, write_uid = NULL
                  RETURNING id, user_id
            )
            INSERT INTO sales_kpi_evidence
                        (result_id, res_model, res_id, name, date, numerator, denominator, overlay, pending, reason)
                 SELECT result.id, res_model, res_id, name, date, numerator, denominator, overlay, pending, reason
                   FROM evidence
                   -- Hashed; IS NOT DISTINCT FROM would compare each with each.
                   JOIN result ON COALESCE(result.user_id, 0) = COALESCE(evidence.user_id, 0)
            """,
            evidence=self.kpi_id._evidence_sql(self.month_id._period()),
            rules=self._rules_sql(),
            measure=self.kpi_id.measure,
            threshold=self._threshold_sql(SQL("sums.user_id")),
            team=self._team_sql(SQL("sums.user_id")),
            total=self.id,
            month=self.month_id.id,
            company=self.company_id.id,
            date=self.date,
            kpi=self.kpi_id.id,
            sequence=self.sequence,
            value=value_sql(SQL("measure"), person, SQL("denominator")),
            verdict=verdict_sql(SQL("measure"), person, SQL("denominator"), SQL("threshold")),
        )

    def _sums_sql(self):
        """The department's figure: all its people's, and what is nobody's; credit beside it does not count twice."""
        return SQL(
            """
            WITH rule AS (%(rules)s),
            sums AS (
                SELECT COALESCE(SUM(numerator), 0) AS numerator, COALESCE(SUM(denominator), 0) AS denominator,
                       COALESCE(SUM(pending), 0) AS pending, COUNT(*) AS result_count
                  FROM sales_kpi_result
                 WHERE total_id = %(total)s
            ),
            judged AS (
                SELECT sums.*, line.threshold, %(measure)s::text AS measure
                  FROM sums
             LEFT JOIN LATERAL (%(threshold)s) line ON TRUE
            )
            UPDATE sales_kpi_total total
               SET numerator = judged.numerator, denominator = judged.denominator, pending = judged.pending,
                   threshold = judged.threshold, value = %(value)s,
                   has_value = result_count > 0 AND (%(value)s) IS NOT NULL,
                   verdict = CASE WHEN result_count > 0 THEN %(verdict)s ELSE 'none' END,
                   computed_date = %(now)s
              FROM judged
             WHERE total.id = %(total)s
            """,
            total=self.id,
            rules=self._rules_sql(),
            measure=self.kpi_id.measure,
            threshold=self._threshold_sql(SQL("NULL::int")),
            value=value_sql(SQL("judged.measure"), SQL("judged.numerator"), SQL("judged.denominator")),
            verdict=verdict_sql(
                SQL("judged.measure"), SQL("judged.numerator"), SQL("judged.denominator"), SQL("judged.threshold")
            ),
            now=fields.Datetime.now(),
        )

    def _rules_sql(self):
        """The thresholds of the month, of whomever, with the place in which each is looked for: the closest first."""
        return SQL(
            """
            SELECT threshold.threshold, threshold.weight, threshold.user_id, threshold.role_id,
                   ROW_NUMBER() OVER (
                       ORDER BY threshold.user_id IS NULL, threshold.role_id IS NULL, role.sequence, role.id,
                                threshold.date_from DESC, threshold.company_id IS NULL) AS place
              FROM sales_kpi_threshold threshold
         LEFT JOIN sales_dept_role role ON role.id = threshold.role_id
             WHERE threshold.kpi_id = %(kpi)s AND threshold.date_from <= %(date)s
               AND (threshold.company_id IS NULL OR threshold.company_id = %(company)s)
            """,
            kpi=self.kpi_id.id,
            date=self.date,
            company=self.company_id.id,
        )

    def _threshold_sql(self, user):
        """The threshold and weight for the person `user`, a column: that of the person, of a post, or of all.

        Of the rows `rule` of :meth:`_rules_sql`.
        """
        roles, users = self._post_holders()
        return SQL(
            """
            SELECT rule.threshold, rule.weight
              FROM rule
             WHERE (rule.user_id IS NULL OR rule.user_id = %(user)s)
               AND (rule.role_id IS NULL
                    OR EXISTS (SELECT 1 FROM unnest(%(roles)s::int[], %(users)s::int[]) holder (role_id, user_id)
                                WHERE holder.role_id = rule.role_id AND holder.user_id = %(user)s))
          ORDER BY rule.place
             LIMIT 1
            """,
            user=user,
            roles=roles,
            users=users,
        )

    def _post_holders(self):
        """Return who holds the posts that have a threshold of this KPI: two lists of ids, of posts and of people."""
        posts = self.kpi_id.threshold_ids.role_id.with_context(allowed_company_ids=self.company_id.ids)
        pairs = [(post.id, user.id) for post in posts for user in post.user_ids]
        return [post for post, _user in pairs], [user for _post, user in pairs]

    @api.model
    def _team_sql(self, user):
        """The team of the person `user`, a column, in this company."""
        return SQL(
            """
            SELECT member.crm_team_id
              FROM crm_team_member member
              JOIN crm_team team ON team.id = member.crm_team_id
             WHERE member.user_id = %(user)s AND member.active
               AND (team.company_id IS NULL OR team.company_id = %(company)s)
          ORDER BY team.company_id IS NULL, member.id
             LIMIT 1
            """,
            user=user,
            company=self.company_id.id,
        )
