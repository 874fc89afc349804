from odoo.tools.sql import column_exists


def pre_init_hook(env):
    """Create the stored columns with their value for existing orders.

    Odoo would otherwise compute them order by order, which takes long on a large database, for
    a result that is known: nothing was submitted yet and no policy is on.
    """
    for column, definition in {
        "approval_state": "varchar DEFAULT 'none'",
        "quote_released": "boolean DEFAULT TRUE",
        "is_web_shop_order": "boolean DEFAULT FALSE",
    }.items():
        if not column_exists(env.cr, "sale_order", column):
            env.cr.execute(f"ALTER TABLE sale_order ADD COLUMN {column} {definition}")
            env.cr.execute(f"ALTER TABLE sale_order ALTER COLUMN {column} DROP DEFAULT")
