from odoo import api, fields, models
from odoo.exceptions import ValidationError


class SalesAppraisalRating(models.Model):
    """How somebody's daily work is rated by one criterion."""

    _name = "sales.appraisal.rating"
    _description = "Rating of an Appraisal"
    _inherit = ["sales.dept.protected.mixin"]
    _order = "appraisal_id, sequence, id"

    appraisal_id = fields.Many2one("sales.appraisal", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="appraisal_id.company_id", store=True, index=True)
    sequence = fields.Integer(readonly=True)
    name = fields.Char("Criterion", translate=True, readonly=True)
    description = fields.Text(translate=True, readonly=True)
    weight = fields.Float(readonly=True, aggregator=None)
    rating = fields.Float("Points", digits=(16, 1), aggregator=None, help="From 0 to 100.")
    is_rated = fields.Boolean(
        "Rated", compute="_compute_is_rated", store=True, readonly=False, help="Set it for a rating of 0."
    )
    is_left_out = fields.Boolean("Left Out", help="Does not apply to this person: the other criteria count more.")
    remark = fields.Text()

    _rating_in_bounds = models.Constraint("CHECK (rating BETWEEN 0 AND 100)", "A rating is from 0 to 100 points.")

    @api.depends("rating")
    def _compute_is_rated(self):
        for rating in self:
            rating.is_rated = rating.is_rated or rating.rating > 0

    @api.constrains("is_left_out", "is_rated", "rating")
    def _check_left_out(self):
        for rating in self:
            if rating.is_left_out and rating.rating:
                raise ValidationError(
                    self.env._("“%(criterion)s” is either rated or left out: take one away.", criterion=rating.name)
                )

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {
            "appraisal_id",
            "company_id",
            "sequence",
            "name",
            "description",
            "weight",
        }

    def _refused_fields(self, names):
        # Only the system makes them: nobody else has the right.
        return super()._refused_fields(names) if self else set()

    def write(self, vals):
        self.appraisal_id._check_open()
        result = super().write(vals)
        if vals.keys() & {"rating", "is_rated", "is_left_out"}:
            self.appraisal_id._rank()
        return result

    def _counted_points(self):
        return self.rating if self.is_rated and not self.is_left_out else None
