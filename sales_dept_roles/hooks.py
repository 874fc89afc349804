from odoo.tools import SQL
from odoo.tools.sql import column_exists

from .models.customer_file.keys import fill_keys
from .models.quote_signoff.origin import fill_origins

# Stored columns on tables that are large in a company at work, with their value for what is there already.
# A value that is the same for all is noted once and costs nothing; one that depends on the row rewrites the table
# in a single pass, which takes less than updating the rows one after the other in all indexes.
COLUMNS = {
    "sale_order": {
        "quote_waived": "boolean GENERATED ALWAYS AS (state IS NOT DISTINCT FROM 'sale') STORED",
        "approval_state": "varchar DEFAULT 'none'",
        "quote_released": "boolean DEFAULT TRUE",
        "is_web_shop_order": "boolean DEFAULT FALSE",
        "order_review_state": "varchar DEFAULT 'none'",
        "is_rush": "boolean DEFAULT FALSE",
    },
    "sale_order_line": {
        # What customers wanted of orders that are there already is not known.
        "wanted_date": "date",
        "system_origin": "varchar",
        "is_rush": "boolean DEFAULT FALSE",
    },
    "res_partner": {
        "approval_state": "varchar DEFAULT 'none'",
        "customer_file_state": "varchar DEFAULT 'none'",
        "customer_file_name_key": "varchar",
        "customer_file_vat_key": "varchar",
        # No customer that is there has a class.
        "contact_class_date": "date",
    },
    "hr_leave": {
        "department_leave_waived": "boolean GENERATED ALWAYS AS (state IS NOT DISTINCT FROM 'validate') STORED",
        "approval_state": "varchar DEFAULT 'none'",
    },
}


def create_columns(cr, tables):
    """Create stored columns with their value for existing records, where they are not there.

    :param dict tables: ``{table: {column: its type and value in SQL}}``
    """
    for table, columns in tables.items():
        for column, definition in columns.items():
            if not column_exists(cr, table, column):
                names = SQL.identifier(table), SQL.identifier(column)
                cr.execute(SQL("ALTER TABLE %s ADD COLUMN %s %s", *names, SQL(definition)))
                # The value is for those that are there; later ones are Odoo's to fill.
                what = SQL("EXPRESSION" if " GENERATED " in definition else "DEFAULT")
                cr.execute(SQL("ALTER TABLE %s ALTER COLUMN %s DROP %s", *names, what))


def pre_init_hook(env):
    """Create the stored columns with their value for existing records.

    Odoo would otherwise compute them one by one, which takes long on a large database, for a result
    that is known: nothing was submitted yet, no policy is on, and what is confirmed or validated was
    so without a signature.
    """
    create_columns(env.cr, COLUMNS)
    fill_keys(env.cr)
    fill_origins(env.cr)
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
    """Empty the records that are kept for good first: signatures, read receipts, assignment sheets.

    They are closed to deletion and hold on to flows and groups, which Odoo deletes before it drops
    the tables: they would stay behind.
    """
    for name in env.registry:
        if proofs := hasattr(env[name], "_proof_fields") and env[name]._proof_fields():
            env["ir.attachment"].search([("res_model", "=", name), ("res_field", "in", list(proofs))]).unlink()
    env.cr.execute(
        """
        TRUNCATE sales_approval_decision, sales_approval_task, sales_approval, sales_approval_delegation,
                 sales_approval_flow_step, sales_approval_flow,
                 sales_policy_receipt, sales_policy, sales_assignment_sheet CASCADE
        """
    )
    # Made with the first agreement of each kind.
    env["ir.sequence"].search([("code", "=like", "sales.agreement.%")]).unlink()
    # Done activities hold on to their type; of the open ones Odoo makes to-dos itself.
    env.cr.execute(
        """
        UPDATE mail_activity SET activity_type_id = %s
        FROM ir_model_data data
        WHERE data.module = 'sales_dept_roles' AND data.model = 'mail.activity.type'
        AND data.res_id = mail_activity.activity_type_id
        """,
        [env.ref("mail.mail_activity_data_todo").id],
    )
