from odoo import api, fields, models

SUPPLY = [
    ("made", "Made"),
    ("bought", "Bought"),
    ("stock", "From Stock"),
    ("direct", "Straight from the Supplier"),
]
# What milestones and their plans go by.
LEADS = ("sales_dept_milestone_production_days", "sales_dept_milestone_inspection_days")
LEADS += ("sales_dept_milestone_transit_days", "sales_dept_milestone_supply", "security_lead")


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = ["res.company", "sales.dept.changes.mixin"]

    sales_dept_milestones = fields.Boolean(
        "Milestones",
        help="The goods of confirmed orders are followed from material to the customer's signature: planned back from "
        "the promised date, and compared with what happened.",
    )
    sales_dept_milestone_supply = fields.Selection(
        SUPPLY,
        string="Milestones: Other Goods Are",
        required=True,
        default=lambda self: "stock" if "mrp.production" in self.env else "made",
        help="Where goods come from of which neither their route nor their form says it.",
    )
    sales_dept_milestone_production_days = fields.Integer(
        "Milestones: Days of Production",
        default=7,
        help="From the material being ready to the goods being produced, where the bill of materials has no lead time.",
    )
    sales_dept_milestone_inspection_days = fields.Integer("Milestones: Days of Inspection", default=1)
    sales_dept_milestone_transit_days = fields.Integer(
        "Milestones: Days on the Way", default=3, help="From goods leaving to the customer's signature."
    )

    _sales_dept_milestone_days = models.Constraint(
        "CHECK (sales_dept_milestone_production_days BETWEEN 0 AND 365"
        " AND sales_dept_milestone_inspection_days BETWEEN 0 AND 365"
        " AND sales_dept_milestone_transit_days BETWEEN 0 AND 365)",
        "Production, inspection and the way to the customer take from 0 to 365 days each.",
    )

    def _sales_dept_handbook_values(self):
        return {**super()._sales_dept_handbook_values(), "sales_dept_milestones": True}

    def _concerned(self):
        return super()._concerned() | set(self.ids)

    @api.model
    def _after_change(self, concerned, names=None):
        """Milestones of all open orders are made when the policy comes on, and follow changed lead times."""
        result = super()._after_change(concerned, names)
        if names and {"sales_dept_milestones", *LEADS} & set(names):
            self.env["sale.order.milestone"]._mark(companies=self.browse(concerned))
        return result
