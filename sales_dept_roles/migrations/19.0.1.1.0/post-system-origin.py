from odoo.addons.sales_dept_roles.models.quote_signoff.origin import fill_origins


def migrate(cr, version):
    """What down payments and expenses exempted by their flags, they go on exempting by where they came from."""
    fill_origins(cr)
