from odoo import api, models

# The duties of the shipped job cards that a KPI proves, by its code: external ids less `sales_dept_roles.duty_`.
DUTIES = {
    "sales_attainment": (
        "general_manager_3",
        "director_3_1_5",
        "manager_3_2_1",
        "sales_manager_1",
        "sales_representative_3",
        "key_account_manager_1",
    ),
    "new_customers": ("director_3_1_5", "manager_3_2_1"),
    "collection": ("director_3_1_6", "manager_3_2_2"),
    "invoicing": ("director_3_1_7", "manager_3_2_3"),
    "satisfaction": (
        "director_3_1_8",
        "manager_3_2_4",
        "customer_relationship_manager_4",
        "after_sales_manager_3",
    ),
    "issues": ("customer_service_1", "after_sales_manager_1"),
    **{
        f"answers_{department}": ("director_3_1_8",)
        for department in ("engineering", "production", "purchasing", "quality", "logistics", "finance")
    },
    "delivery": ("director_3_1_9", "manager_3_2_5"),
    "overstock": ("director_3_2_1", "manager_3_2_7"),
    "assignment": ("director_3_1_1", "assistant_3_3_1"),
    "freight": ("assistant_3_3_2",),
    "order_review": ("director_3_1_9", "manager_3_2_5", "assistant_3_3_4"),
    "erp_upkeep": ("director_3_1_2",),
    "visits": ("director_3_1_8", "manager_3_2_4", "sales_representative_2", "customer_relationship_manager_2"),
}


class SalesKpiSource(models.AbstractModel):
    _inherit = "sales.kpi.source"

    @api.model
    def _kpi_duties(self, code):
        """The duties that the KPI proves when it is made; later they are chosen on screen."""
        duties = [
            self.env.ref(f"sales_dept_roles.duty_{name}", raise_if_not_found=False) for name in DUTIES.get(code, ())
        ]
        return self.env["sales.dept.duty"].union(*filter(None, duties))

    @api.model
    def _prepare_kpi_values(self, code):
        return {**super()._prepare_kpi_values(code), "duty_ids": self._kpi_duties(code).ids}
