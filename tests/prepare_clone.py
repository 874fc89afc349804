# Fed to `odoo shell`: people that the demo company does not have, and an API key for everybody.
import json

from odoo.fields import Command

company = env.ref("sales_dept_roles.demo_company")  # noqa: F821
Users = env["res.users"].with_context(no_reset_password=True)  # noqa: F821
drawing = env.ref("sales_dept_roles.user_gm").sales_dept_signature  # noqa: F821


def add_user(login, name, *groups, **values):
    Users.create(
        {
            "login": login,
            "password": login,
            "name": name,
            "email": f"{login}@huarui.example",
            "lang": "en_US",
            "tz": "Asia/Shanghai",
            "company_id": company.id,
            "company_ids": [Command.set(company.ids)],
            "group_ids": [Command.set([env.ref(group).id for group in groups])],  # noqa: F821
            **values,
        }
    )


# Whoever looked at the demo company may have chosen another language there.
Users.search([("share", "=", False)]).lang = "en_US"
add_user("gm2", "Second General Manager", "base.group_user", "sales_dept_roles.group_general_manager")
Users.search([("login", "=", "gm2")]).sales_dept_signature = drawing
add_user("newgm", "General Manager without a Drawing", "base.group_user", "sales_dept_roles.group_general_manager")
add_user("newcomer", "Newcomer without a Role", "base.group_user")
add_user("buyer", "Second Customer", "base.group_portal", email="buyer@boyu.example")
Users.search([("login", "=", "buyer")]).partner_id.parent_id = env.ref("sales_dept_roles.demo_customer_boyu")  # noqa: F821

keys = {
    user.login: env["res.users.apikeys"].with_user(user).sudo()._generate(None, "Black-box tests", None)  # noqa: F821
    for user in Users.search([("login", "not in", ("public", "portaltemplate"))])
}
env.cr.commit()  # noqa: F821
print("KEYS", json.dumps(keys))
