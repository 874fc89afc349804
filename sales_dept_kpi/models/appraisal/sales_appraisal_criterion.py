from odoo import fields, models


class SalesAppraisalCriterion(models.Model):
    """What the daily work of a person is rated by, beside the KPIs."""

    _name = "sales.appraisal.criterion"
    _description = "Criterion of Appraisals"
    _inherit = ["sales.dept.job.card.mixin", "sales.dept.shared.mixin"]
    _order = "sequence, id"

    name = fields.Char("Criterion", required=True, translate=True)
    sequence = fields.Integer(default=10)
    weight = fields.Float(default=10, help="Beside those of the other criteria; together they may add up to anything.")
    description = fields.Text(translate=True, help="What is looked at, and what 100 points stand for.")
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        default=lambda self: self.env["res.users"]._company_of_new_configuration(),
        help="Leave empty for a criterion of every company.",
    )

    _weight_positive = models.Constraint(
        "CHECK (weight > 0)", "The weight of a criterion is more than 0: archive one that counts no more."
    )

    def _copy_texts_to(self, ratings):
        """Keep name and description with `ratings`, in all languages, for every reader, whatever they become."""
        self.ensure_one()
        for lang, _name in self.env["res.lang"].get_installed():
            texts = self.with_context(lang=lang)
            ratings.with_context(lang=lang)._write_protected({"name": texts.name, "description": texts.description})
