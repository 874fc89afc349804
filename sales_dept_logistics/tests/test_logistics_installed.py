from odoo.tests import tagged

from odoo.addons.sales_dept_logistics import hooks as logistics
from odoo.addons.sales_dept_roles import hooks as roles
from odoo.addons.sales_dept_roles.tests.common import SalesDeptCommon

OURS = ("sales_dept_roles", "sales_dept_logistics")
POLICIES = (
    "sales_dept_delivery_notice",
    "sales_dept_milestones",
    "sales_dept_order_exceptions",
    "sales_dept_stock_ageing",
)
# Configuration and people: few rows, whatever the company has done.
SMALL = ("res.company", "res.users", "delivery.carrier", "hr.department", "resource.calendar", "calendar.event")


@tagged("post_install", "-at_install")
class TestLogisticsInstalled(SalesDeptCommon):
    def test_installing_switches_nothing_on(self):
        companies = self.env["res.company"].search([])
        self.assertTrue(companies)
        for policy in POLICIES:
            self.assertFalse(any(companies.mapped(policy)), policy)

    def test_handbook(self):
        self.company.action_sales_dept_apply_handbook()
        for policy in POLICIES:
            self.assertTrue(self.company[policy], policy)

    def test_nothing_is_computed_row_by_row(self):
        """Stored results on tables of Odoo's that are large in a company at work come with the column."""
        created = {
            (table, column)
            for hooks in (roles, logistics)
            for table, columns in hooks.COLUMNS.items()
            for column in columns
        }
        computed = {
            (model._table, name)
            for model in self.env.values()
            if not model._original_module.startswith("sales_dept_")
            and model._auto
            and not model._abstract
            and not model._transient
            for name, field in model._fields.items()
            if field._module in OURS and field.store and field.column_type and (field.compute or field.default)
            if model._name not in SMALL and not _is_odoos(model, name)
        }
        self.assertTrue(computed & created)
        self.assertEqual(computed - created, set())


def _is_odoos(model, name):
    """Whether Odoo has the field too: its column is there, whatever ours adds to what it may hold."""
    return any(
        name in vars(base)
        for base in type(model).mro()
        if base.__module__.startswith("odoo.addons.") and not base.__module__.startswith("odoo.addons.sales_dept_")
    )
