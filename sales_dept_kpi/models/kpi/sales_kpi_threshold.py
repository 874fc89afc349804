from typing import NamedTuple

from odoo import api, fields, models


class Line(NamedTuple):
    """A threshold as it stands: for whom and from when on, and what is asked of them."""

    id: int
    whose: tuple
    asked: tuple


class SalesKpiThreshold(models.Model):
    """From a month on: how much is enough, and how much the KPI weighs in an appraisal.

    For one person, for whoever holds a post, or for all; the most particular counts, and of several the latest.
    """

    _name = "sales.kpi.threshold"
    _description = "KPI Threshold"
    _inherit = ["sales.dept.changes.mixin", "sales.dept.shared.mixin"]
    _order = "kpi_id, date_from desc, user_id, role_id, id"
    _rec_name = "kpi_id"
    _check_company_auto = True

    kpi_id = fields.Many2one("sales.kpi", "KPI", required=True, ondelete="cascade", index=True, check_company=True)
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        default=lambda self: self.env["res.users"]._company_of_new_configuration(),
        help="Leave empty for all companies that have the KPI.",
    )
    date_from = fields.Date(
        "From Month",
        required=True,
        default=lambda self: self.env.company._local_today().replace(day=1),
        help="The first day of a month. It holds until another begins.",
    )
    user_id = fields.Many2one(
        "res.users", "Person", index="btree_not_null", domain="[('share', '=', False)]", check_company=True
    )
    role_id = fields.Many2one("sales.dept.role", "Post", index="btree_not_null", check_company=True)
    threshold = fields.Float(
        digits=0, required=True, help="Whoever reaches it has met it: 90 stands for 90.00 and more."
    )
    weight = fields.Float(
        digits=0, default=1, required=True, help="Its share in an appraisal: weights of any size add up to the whole."
    )

    _first_of_month = models.Constraint(
        "CHECK (EXTRACT(DAY FROM date_from) = 1)",
        "A threshold begins with a month: enter the first day of one.",
    )
    _weight = models.Constraint("CHECK (weight >= 0)", "A weight is 0 or more.")
    _once = models.UniqueIndex(
        "(kpi_id, date_from, COALESCE(company_id, 0), COALESCE(user_id, 0), COALESCE(role_id, 0))",
        "There is a threshold from this month on for the same people already: change that one.",
    )
    _person_or_post = models.Constraint(
        "CHECK (user_id IS NULL OR role_id IS NULL)",
        "A threshold is for a person, for a post, or for all: not for both.",
    )

    @api.depends("kpi_id", "threshold")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.kpi_id.name} ≥ {line.threshold:g}"

    # === WHAT CHANGED === #

    def _concerned(self):
        """The lines `self` as they stand: those of before and of after a change say what it was."""
        return super()._concerned() | {
            Line(
                line.id,
                (line.kpi_id.id, line.company_id.id, line.date_from, line.user_id.id, line.role_id.id),
                (line.threshold, line.weight),
            )
            for line in self
        }

    @api.model
    def _after_change(self, concerned, names=None):
        now = {line.id: line for line in self.browse({line.id for line in concerned}).exists()._concerned()}
        before = [line for line in concerned if line != now.get(line.id)]
        changes = [(line, now.get(line.id)) for line in before]
        if names is None and not before:
            changes = [(None, line) for line in now.values()]
        self.env["sales.kpi.threshold.log"].sudo()._keep(changes)
        return super()._after_change(concerned, names)
