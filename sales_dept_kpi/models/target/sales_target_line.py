from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date


class SalesTargetLine(models.Model):
    """What is to be reached in a month: the figures of a target, of which everything else is the sum."""

    _name = "sales.target.line"
    _description = "Target of a Month"
    _order = "date, sequence, categ_id, team_id, user_id, id"
    _check_company_auto = True

    share_id = fields.Many2one("sales.target.share", required=True, index=True, ondelete="cascade", readonly=True)
    target_id = fields.Many2one(related="share_id.target_id", string="Sales Target", store=True, index=True)
    company_id = fields.Many2one(related="share_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    measure = fields.Selection(related="share_id.measure", store=True)
    sequence = fields.Integer(related="share_id.sequence", store=True, aggregator=None)
    categ_id = fields.Many2one(related="share_id.categ_id", store=True, index="btree_not_null")
    team_id = fields.Many2one(related="share_id.team_id", store=True, index="btree_not_null")
    user_id = fields.Many2one(related="share_id.user_id", store=True, index="btree_not_null")
    date = fields.Date("Month", required=True, readonly=True)
    amount = fields.Float("Target", digits=(16, 2))
    in_force = fields.Boolean(compute="_compute_in_force", store=True)
    state = fields.Selection(related="target_id.state", string="Target's Status")

    _once = models.UniqueIndex("(share_id, date)", "A share has each month once.")
    _first_of_month = models.Constraint("CHECK (EXTRACT(DAY FROM date) = 1)", "A month begins on its first day.")
    _amount_not_negative = models.Constraint(
        "CHECK (amount >= 0)", "A month's target is 0 or more: correct the figure."
    )
    _in_force = models.Index("(company_id, date, measure) WHERE in_force")

    @api.depends("target_id.state")
    def _compute_in_force(self):
        for line in self:
            line.in_force = line.target_id.state == "approved"

    @api.depends("date", "measure", "user_id", "team_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        measures = dict(self._fields["measure"]._description_selection(self.env))
        for line in self:
            named = line.sudo()
            whose = named.user_id.name or named.team_id.name or named.company_id.name
            month = line.date and format_date(self.env, line.date, date_format="yyyy-MM")
            line.display_name = " · ".join(filter(None, [month, measures.get(line.measure), whose]))

    @api.model
    def _kpi_targets_sql(self, period, measure):
        """The targets in force of a month as evidence of a KPI: what its figure is measured by."""
        self.flush_model()
        return SQL(
            """
            SELECT line.user_id, 'sales.target.line' AS res_model, line.id AS res_id,
                   TO_CHAR(line.date, 'YYYY-MM') AS name, line.date, 0::numeric AS numerator,
                   line.amount AS denominator, 0::numeric AS overlay, 0::numeric AS pending, 'target' AS reason
              FROM sales_target_line line
             WHERE line.in_force AND line.company_id = %s AND line.date = %s AND line.measure = %s
               AND line.categ_id IS NULL AND line.amount <> 0
            """,
            period.company.id,
            period.date_from,
            measure,
        )

    # === CRUD === #

    def write(self, vals):
        if "amount" in vals:
            # Whoever may not is told so, and nothing else.
            self.check_access("write")
            self.target_id._check_open()
            self._check_not_locked()
        result = super().write(vals)
        if "amount" in vals:
            self.target_id._refresh_confirmations()
        return result

    def _check_not_locked(self):
        """:raises UserError: when the month of one of `self` is over and locked"""
        for target, lines in self.grouped("target_id").items():
            locked = target._locked_months()
            if kept := lines.filtered(lambda line, locked=locked: line.date in locked):
                raise UserError(
                    self.env._(
                        "%(month)s is locked: what was to be reached in it stays as it was. Change the months to come.",
                        month=format_date(self.env, kept[0].date, date_format="LLLL yyyy"),
                    )
                )
