# Fed to `odoo shell`: loads Chinese, and the demo data of our addons and of no other.
from odoo.fields import Command
from odoo.modules.loading import load_data
from odoo.modules.module_graph import ModuleGraph

chinese = env["res.lang"].with_context(active_test=False).search([("code", "=", "zh_CN")])  # noqa: F821
env["base.language.install"].create({"lang_ids": [Command.set(chinese.ids)]}).lang_install()  # noqa: F821
graph = ModuleGraph(env.cr, mode="load")  # noqa: F821
graph.extend(env["ir.module.module"].search([("state", "=", "installed")]).mapped("name"))  # noqa: F821
for package in graph:
    if package.name.startswith("sales_dept_"):
        load_data(env, {}, "init", "demo", package)  # noqa: F821
if "odoobot_state" in env["res.users"]._fields:  # noqa: F821
    # The chat robot's greeting is not what the demo is about.
    env["res.users"].search([]).write({"odoobot_state": "disabled"})  # noqa: F821
# Forms for customers at home are printed in their language.
customers = [("company_id", "=", env.ref("sales_dept_roles.demo_company").id), ("country_id.code", "=", "CN")]  # noqa: F821
env["res.partner"].search(customers).write({"lang": "zh_CN"})  # noqa: F821
env.cr.commit()  # noqa: F821
print("demo company is ready")
