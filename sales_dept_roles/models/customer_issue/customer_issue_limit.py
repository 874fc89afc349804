from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..clock.bounds import MOST_WORKING_DAYS

KINDS = [
    ("quotation", "Pricing"),
    ("technical", "Technical Support"),
    ("quality", "Product Quality"),
    ("delivery", "Delivery Date"),
    ("logistics", "Logistics"),
    ("after_sales", "After-sales Service"),
]
UNITS = [("hours", "Working Hours"), ("days", "Working Days")]


class CustomerIssueLimit(models.Model):
    """Until when issues of a kind are answered and solved, in one company or in all that have no limit of their own."""

    _name = "customer.issue.limit"
    _inherit = ["sales.dept.shared.mixin"]
    _description = "Limit of Customer Issues"
    _order = "kind, company_id, id"
    _rec_name = "kind"

    kind = fields.Selection(KINDS, required=True)
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        ondelete="cascade",
        default=lambda self: self.env["res.users"]._company_of_new_configuration(),
        help="Leave empty for all companies that have no limit of their own for this kind.",
    )
    response_time = fields.Float("Answer Within", required=True, default=8, digits=(8, 2))
    response_unit = fields.Selection(UNITS, "Unit of the Answer", required=True, default="hours")
    solution_time = fields.Float("Solution Within", required=True, default=5, digits=(8, 2))
    solution_unit = fields.Selection(UNITS, "Unit of the Solution", required=True, default="days")
    group_id = fields.Many2one(
        "res.groups",
        "Department to Ask",
        ondelete="set null",
        domain=lambda self: [("privilege_id", "=", self.env.ref("sales_dept_roles.privilege_sales_dept").id)],
        help="Proposed where a department is asked about an issue of this kind.",
    )

    _kind_once = models.UniqueIndex(
        "(kind, COALESCE(company_id, 0))", "This kind has a limit already: change the one that is there."
    )
    _positive = models.Constraint(
        "CHECK (response_time > 0 AND solution_time > 0)", "A limit is more than no time at all."
    )

    @api.constrains("response_time", "response_unit", "solution_time", "solution_unit")
    def _check_times(self):
        for limit in self:
            for time, unit in limit._times():
                if time > MOST_WORKING_DAYS or (unit == "days" and time != int(time)):
                    raise ValidationError(
                        self.env._(
                            "%(time)s is no limit: enter whole working days, or working hours, and not more than "
                            "%(most)s.",
                            time=time,
                            most=MOST_WORKING_DAYS,
                        )
                    )

    def _times(self):
        """The two limits, of the answer and of the solution, as ``(time, unit)``."""
        self.ensure_one()
        return [(self.response_time, self.response_unit), (self.solution_time, self.solution_unit)]

    @api.model
    def _limits_of(self, company):
        """Return ``{kind: limit}`` of `company`, as superuser: its own ones, else those of all."""
        limits = self.sudo().search(Domain("company_id", "in", [False, company.id]))
        # Its own ones come last, and stay.
        return {limit.kind: limit for limit in limits.sorted(lambda limit: bool(limit.company_id))}
