from odoo.tools.sql import column_exists

from .customer_file_keys import fill_keys


def pre_init_hook(env):
    """Create the stored columns with their value for existing orders and customers.

    Odoo would otherwise compute them one by one, which takes long on a large database, for
    a result that is known: nothing was submitted yet, no policy is on, and what is confirmed was
    confirmed without a signature.
    """
    for column, definition in {
        "approval_state": "varchar DEFAULT 'none'",
        "quote_released": "boolean DEFAULT TRUE",
        "quote_waived": "boolean DEFAULT FALSE",
        "is_web_shop_order": "boolean DEFAULT FALSE",
        "order_review_state": "varchar DEFAULT 'none'",
    }.items():
        if not column_exists(env.cr, "sale_order", column):
            env.cr.execute(f"ALTER TABLE sale_order ADD COLUMN {column} {definition}")
            env.cr.execute(f"ALTER TABLE sale_order ALTER COLUMN {column} DROP DEFAULT")
    # What customers wanted of orders that are there already is not known.
    if not column_exists(env.cr, "sale_order_line", "wanted_date"):
        env.cr.execute("ALTER TABLE sale_order_line ADD COLUMN wanted_date date")
    for column, definition in {
        "approval_state": "varchar DEFAULT 'none'",
        "customer_file_state": "varchar DEFAULT 'none'",
        "customer_file_name_key": "varchar",
        "customer_file_vat_key": "varchar",
    }.items():
        if not column_exists(env.cr, "res_partner", column):
            env.cr.execute(f"ALTER TABLE res_partner ADD COLUMN {column} {definition}")
            env.cr.execute(f"ALTER TABLE res_partner ALTER COLUMN {column} DROP DEFAULT")
    fill_keys(env.cr)
    env.cr.execute("UPDATE sale_order SET quote_waived = TRUE WHERE state = 'sale'")
    if column_exists(env.cr, "sale_order", "website_id"):
        # Carts that customers have open now, and their orders that wait for a wire transfer.
        env.cr.execute(
            """
            UPDATE sale_order SET is_web_shop_order = TRUE
            FROM res_users WHERE res_users.id = sale_order.create_uid
            AND (res_users.share OR res_users.id = 1) AND sale_order.website_id IS NOT NULL
            """
        )


def uninstall_hook(env):
    """Empty the record of signatures first.

    It is closed to deletion and holds on to flows and groups, which Odoo deletes before it drops
    the tables: they would stay behind.
    """
    env["ir.attachment"].search([("res_model", "=", "res.partner.paper"), ("res_field", "!=", False)]).unlink()
    env.cr.execute(
        """
        TRUNCATE sales_approval_decision, sales_approval_task, sales_approval, sales_approval_delegation,
                 sales_approval_flow_step, sales_approval_flow CASCADE
        """
    )
