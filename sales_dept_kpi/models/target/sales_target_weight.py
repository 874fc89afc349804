from odoo import api, fields, models


class SalesTargetWeight(models.Model):
    """How much of a year's figure a month gets, beside the other months."""

    _name = "sales.target.weight"
    _description = "Weight of a Month"
    _order = "target_id, date"
    _rec_name = "date"

    target_id = fields.Many2one("sales.target", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="target_id.company_id", store=True, index=True)
    date = fields.Date("Month", required=True, readonly=True)
    weight = fields.Float(
        digits=(16, 2), compute="_compute_weight", store=True, readonly=False, precompute=True, aggregator="sum"
    )

    _weight_not_negative = models.Constraint(
        "CHECK (weight >= 0)", "A month's weight is 0 or more: correct it, or leave it at 0 for a month without target."
    )

    @api.depends("target_id.spread", "date")
    def _compute_weight(self):
        for target, weights in self.grouped("target_id").items():
            by_month = target._weights_by(target.spread) if target.spread != "hand" else {}
            for weight in weights:
                weight.weight = by_month.get(weight.date, weight.weight or 1)

    @api.model_create_multi
    def create(self, vals_list):
        weights = super().create(vals_list)
        weights.target_id._check_open()
        return weights

    def write(self, vals):
        if vals.keys() & {"weight", "date", "target_id"}:
            # Whoever may not is told so, and nothing else.
            self.check_access("write")
            self.target_id._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_if_open(self):
        self.target_id._check_open()
