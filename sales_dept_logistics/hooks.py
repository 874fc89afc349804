from odoo.addons.sales_dept_roles.hooks import create_columns

# As in `sales_dept_roles`: stored columns on tables that are large in a company at work.
COLUMNS = {
    "sale_order_line": {
        "qty_noticed": "numeric DEFAULT 0",
    },
}


def pre_init_hook(env):
    """Create the stored columns: nothing was noticed yet."""
    create_columns(env.cr, COLUMNS)
