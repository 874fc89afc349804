"""Uninstalling leaves the database as if the addon had never been there, and quotations usable."""

from common import LOGS, addons
from databases import clone, depends_of, drop, run_logged_odoo, template
from odoo_cli import run_odoo
from postgres import execute

DATABASE = "sd_blackbox_uninstall"

BEFORE = """
from odoo.fields import Command
product = env["product.product"].create({"name": "Old Shaft", "list_price": 100, "type": "service"})
orders = env["sale.order"].create([
    {
        "partner_id": env.company.partner_id.id,
        "client_order_ref": state,
        "order_line": [Command.create({"product_id": product.id})],
    }
    for state in ("draft", "sale")
])
orders[1].action_confirm()
env.cr.commit()
print("there before")
"""

USE_IT = """
from odoo.fields import Command
env.company.sales_dept_quote_signoff = "all"
roles = ("account_manager", "general_manager")
manager, gm = env["res.users"].with_context(no_reset_password=True).create([
    {
        "name": role,
        "login": role,
        "email": f"{role}@company.example",
        "group_ids": [Command.link(env.ref(f"sales_dept_roles.group_{role}").id)],
    }
    for role in roles
])
product = env["product.product"].create({"name": "Shaft", "list_price": 100, "type": "service"})
orders = env["sale.order"].with_user(manager).create([
    {"partner_id": env.company.partner_id.id, "order_line": [Command.create({"product_id": product.id})]}
    for _number in range(3)
])
orders.action_approval_submit()
orders[0].with_user(gm).action_approval_approve()
orders[1].with_user(gm).action_approval_reject("Too dear")
env["sales.approval.delegation"].with_user(gm).create(
    {"delegate_id": manager.id, "date_to": "2099-01-01", "reason": "Away"}
)

agreement = env["sales.agreement"].with_user(manager).create(
    {"partner_id": env.company.partner_id.id, "subject": "Supply", "terms": "<p>Prices hold.</p>"}
)
agreement.action_approval_submit()
env["sales.agreement"].with_user(manager).create(
    {"partner_id": env.company.partner_id.id, "subject": "Supply", "signed_scan": b"JVBERg=="}
)
orders[2].with_user(manager).signed_contract = b"JVBERg=="

director = env.ref("sales_dept_roles.role_director")
role = env["sales.dept.role"].create({"name": "Sample Keeper", "parent_id": director.id})
duty = env["sales.dept.duty"].create({"role_id": role.id, "name": "Samples"})
env["sales.dept.duty.link"].create(
    {"duty_id": duty.id, "name": "Quotations", "action_id": env.ref("sale.action_quotations").id}
)

env.cr.commit()
print("used")
"""

UNINSTALL = """
env["ir.module.module"].search([("name", "in", {addons!r})]).button_immediate_uninstall()
print("uninstalled")
"""

QUOTATIONS_WORK = """
orders = env["sale.order"].search([("client_order_ref", "=", False)], order="id")
orders[0].action_confirm()
orders[1].order_line.price_unit = 5
orders[1].copy().action_quotation_sent()
env["sale.order"].get_views([(False, "form"), (False, "list"), (False, "search")])
env.cr.rollback()
print("usable:", len(orders))
"""

# What Odoo keeps of users and modules themselves is theirs.
LEFTOVERS = {
    "tables and columns": """
        SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public'
    """,
    "constraints": "SELECT conrelid::regclass || '.' || conname FROM pg_constraint WHERE contype <> 'n'",
    "indexes": "SELECT indexname FROM pg_indexes WHERE schemaname = 'public'",
    "groups": "SELECT name->>'en_US' FROM res_groups",
    "privileges": "SELECT name->>'en_US' FROM res_groups_privilege",
    "rules": "SELECT name FROM ir_rule",
    "access": "SELECT name FROM ir_model_access",
    "menus": "SELECT name->>'en_US' FROM ir_ui_menu",
    "views": "SELECT name FROM ir_ui_view",
    "actions": "SELECT type || name::text FROM ir_actions",
    "crons": "SELECT cron_name FROM ir_cron",
    "activity types": "SELECT name->>'en_US' FROM mail_activity_type",
    "models": "SELECT model FROM ir_model",
    "fields": "SELECT model || '.' || name FROM ir_model_fields",
    "external ids": "SELECT module || '.' || name FROM ir_model_data WHERE module LIKE 'sales_dept%'",
    "parameters": "SELECT key FROM ir_config_parameter",
    "number sequences": "SELECT name FROM ir_sequence",
    "files of fields": "SELECT res_model || '.' || res_field FROM ir_attachment WHERE res_model LIKE 'sale%'",
}


def contents(pg):
    return {
        what: sorted(str(row[0]) for row in execute(pg, query, database=DATABASE)) for what, query in LEFTOVERS.items()
    }


def shell(pg, script, word):
    path = LOGS / "test-uninstall.py"
    path.write_text(script, encoding="utf-8")
    log = LOGS / "test-uninstall.log"
    with open(path, encoding="utf-8") as commands, open(log, "w", encoding="utf-8") as output:
        run_odoo(["shell", "-d", DATABASE, "--no-http"], pg, stdin=commands, stdout=output, stderr=output)
    text = log.read_text(encoding="utf-8")
    assert word in text, text[-3000:]
    errors = [line for line in text.splitlines() if " ERROR " in line]
    assert not errors, errors


def assert_old_orders_stay(pg):
    """What was confirmed before the addons came stays so unsigned; nothing else was waived, and nothing is held up."""
    query = """
        SELECT client_order_ref, quote_waived, quote_released, approval_state, order_review_state
        FROM sale_order ORDER BY id
    """
    assert execute(pg, query, database=DATABASE) == [
        ("draft", False, True, "none", "none"),
        ("sale", True, True, "none", "none"),
    ]
    query = """
        SELECT count(*) FROM information_schema.columns WHERE table_schema = 'public' AND is_generated = 'ALWAYS'
        AND column_name LIKE '%waived'
    """
    assert execute(pg, query, database=DATABASE) == [(0,)], "Odoo can write the columns"


def test_uninstall_leaves_nothing_behind(database_server):
    clone(database_server, template(database_server, "minimal", depends_of(addons())), DATABASE)
    try:
        shell(database_server, BEFORE, "there before")
        before = contents(database_server)
        install = ["-d", DATABASE, "-i", ",".join(addons()), "--stop-after-init", "--no-http"]
        assert run_logged_odoo(install, database_server, "test-uninstall-install.log") == 0
        assert_old_orders_stay(database_server)
        # Without it, the comparison below would have nothing to find.
        assert {what for what in before if contents(database_server)[what] != before[what]} >= {
            "tables and columns",
            "groups",
            "rules",
        }
        shell(database_server, USE_IT, "used")
        shell(database_server, UNINSTALL.format(addons=addons()), "uninstalled")
        after = contents(database_server)
        for what, names in before.items():
            assert sorted(set(after[what]) - set(names)) == [], what
        shell(database_server, QUOTATIONS_WORK, "usable: 3")
    finally:
        drop(database_server, DATABASE)
