from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class FreightRateWhatIf(models.TransientModel):
    """What the waybills of some months would have cost by another rate card, beside what they should cost now."""

    _name = "freight.rate.what.if"
    _description = "What If"

    card_id = fields.Many2one("freight.rate.card", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="card_id.company_id.currency_id")
    date_from = fields.Date(
        required=True, default=lambda self: self.env.company._local_today() - relativedelta(months=3)
    )
    date_to = fields.Date(required=True, default=lambda self: self.env.company._local_today())
    line_ids = fields.One2many("freight.rate.what.if.line", "what_if_id", "By Zone", readonly=True)
    old_amount = fields.Monetary("Expected Now", compute="_compute_amounts")
    new_amount = fields.Monetary("By This Card", compute="_compute_amounts")
    difference = fields.Monetary(compute="_compute_amounts")
    percent = fields.Float("Difference (%)", digits=(16, 1), compute="_compute_amounts")
    left_out_count = fields.Integer("Left Out", compute="_compute_amounts")

    @api.depends("line_ids")
    def _compute_amounts(self):
        for what_if in self:
            lines = what_if.line_ids
            for name in ("old_amount", "new_amount", "difference"):
                what_if[name] = sum(lines.mapped(name))
            what_if.percent = what_if.old_amount and 100 * what_if.difference / what_if.old_amount
            what_if.left_out_count = sum(lines.mapped("left_out_count"))

    def action_compare(self):
        """Price the waybills by the card, compare, and show it."""
        self.ensure_one()
        if self.date_to < self.date_from:
            raise UserError(self.env._("The last day is before the first one: correct the dates."))
        self.card_id.check_access("read")
        self.line_ids.unlink()
        self.env.flush_all()
        self.env.cr.execute(self._compare_sql())
        self.invalidate_recordset(flush=False)
        return self._action_open()

    def _action_open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What If: %(card)s", card=self.card_id.name),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _waybills_sql(self):
        # Those that the user sees.
        waybills = self.env["freight.waybill"]._search(
            [
                ("company_id", "=", self.card_id.company_id.id),
                ("carrier_id", "=", self.card_id.carrier_id.id),
                ("mode", "in", [self.card_id.mode] if self.card_id.mode else self._modes()),
                ("shipped_date", ">=", self.date_from),
                ("shipped_date", "<=", self.date_to),
            ]
        )
        return waybills.select()

    def _modes(self):
        return [False, *self.env["freight.waybill"]._fields["mode"].get_values(self.env)]

    def _compare_sql(self):
        """What lacks one of the two prices is counted, and left out of both sums."""
        return SQL(
            """
            WITH %(compared)s
            INSERT INTO freight_rate_what_if_line
                        (what_if_id, zone_id, waybill_count, left_out_count, weight, old_amount, new_amount,
                         difference, create_uid, create_date, write_uid, write_date)
                 SELECT %(what_if)s, zone_id, COUNT(old), COUNT(*) - COUNT(old),
                        COALESCE(SUM(weight) FILTER (WHERE old IS NOT NULL), 0), COALESCE(SUM(old), 0),
                        COALESCE(SUM(new) FILTER (WHERE old IS NOT NULL), 0),
                        COALESCE(SUM(new - old), 0), %(uid)s, NOW() AT TIME ZONE 'UTC', %(uid)s,
                        NOW() AT TIME ZONE 'UTC'
                   FROM compared
               GROUP BY zone_id
            """,
            compared=self.env["freight.waybill"]._comparison_sql(self._waybills_sql(), SQL("%s", self.card_id.id)),
            what_if=self.id,
            uid=self.env.uid,
        )
