from odoo import api, models

from odoo.addons.sales_dept_roles.models.register.register_column import RegisterColumn


class SalesCollectionPlanLine(models.Model):
    """The items of plans as XLSX."""

    _name = "sales.collection.plan.line"
    _inherit = ["sales.collection.plan.line", "sales.figures.register.mixin"]
    _register_day = "plan_date"
    _register_by_month = True

    @api.model
    def _register_title(self):
        return self.env._("Collection Plan")

    @api.model
    def _register_columns(self):
        return [
            RegisterColumn("plan_date", self.env._("Month")),
            "user_id", RegisterColumn("partner_name", width=30), "name", "standing", "date_due", "currency_name",
            "amount", "amount_company", "expected_date", "payment_method", "payment_term_name",
            RegisterColumn("person_name", width=18), "promise_date", "promise_state", "settled", "open_now",
            "is_addition", RegisterColumn("note", width=40), RegisterColumn("company_id", width=30),
        ]  # fmt: skip
