from odoo.addons.sales_dept_roles.models.customer_file.keys import fill_keys


def migrate(cr, version):
    """Tax numbers count without their country now, and placeholders are none."""
    fill_keys(cr)
