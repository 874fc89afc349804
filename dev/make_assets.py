# Fed to `odoo shell`: makes the scripts and styles of all pages, as Odoo does before it tests in a browser.
env["ir.qweb"]._pregenerate_assets_bundles()  # noqa: F821
env.cr.commit()  # noqa: F821
print("assets are made")
