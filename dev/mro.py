"""Print from which classes of ours each model is built, nearest first: `dev/odoo shell -d DB < dev/mro.py`.

Compared before and after code was moved: where the order of a model's classes differs, its overrides run in
another order.
"""
# ruff: noqa: F821 (the shell gives `env`)

for name in sorted(env.registry):
    classes = [cls for cls in env.registry[name].mro() if ".sales_dept_" in cls.__module__]
    for cls in classes:
        print(f"{name}\t{cls.__module__.removeprefix('odoo.addons.')}")
