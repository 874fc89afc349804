from odoo import api, models

from odoo.addons.sales_dept_roles.models.register.register_column import RegisterColumn


class SalesCollectionPlan(models.Model):
    """The list of plans as XLSX."""

    _name = "sales.collection.plan"
    _inherit = ["sales.collection.plan", "sales.figures.register.mixin"]
    _register_day = "date_from"
    _register_by_month = True

    @api.model
    def _register_title(self):
        return self.env._("Collection Plans")

    @api.model
    def _register_columns(self):
        return [
            "date_from", "user_id", "state", "line_count", "overdue_amount", "due_amount", "planned_amount",
            "settled_amount", "settled_share", "approved_date", "approver_id", RegisterColumn("note", width=40),
            RegisterColumn("company_id", width=30),
        ]  # fmt: skip
