from odoo.addons.sales_dept_roles.models.customer_file.keys import fill_keys


def migrate(cr, version):
    """Tax numbers count without their country now, and placeholders are none."""
    fill_keys(cr)
    # Where the condition is still the one that was shipped.
    cr.execute(
        """
        UPDATE sales_customer_file_item SET domain = '[("customer_file_vat_key", "!=", False)]'
        FROM ir_model_data data
        WHERE data.module = 'sales_dept_roles' AND data.name = 'customer_file_item_vat'
        AND data.res_id = sales_customer_file_item.id AND domain = '[("vat", "!=", False)]'
        """
    )
