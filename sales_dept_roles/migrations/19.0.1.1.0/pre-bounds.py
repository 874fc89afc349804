from odoo.addons.sales_dept_roles.models.clock.bounds import MOST_WORKING_DAYS

LIMITS = [
    ("sales_approval_flow_step", "working_days"),
    ("sales_policy", "working_days"),
    ("res_company", "sales_dept_review_days"),
]


def migrate(cr, version):
    """Lower limits that nobody can mean to the highest that may be entered now."""
    for table, column in LIMITS:
        cr.execute(f"UPDATE {table} SET {column} = %(most)s WHERE {column} > %(most)s", {"most": MOST_WORKING_DAYS})
