# Fed to `odoo shell` after demo_history.py: what the demo company wants to reach, beside what it reached.
# This year's target is in force, a revision waits for one person, and next year's is proposed.
from collections import defaultdict
from datetime import datetime, time, timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from odoo.fields import Command, Date

env = env(context={**env.context, "mail_notify_force_send": False})  # noqa: F821


def ref(name):
    return env.ref(f"sales_dept_roles.{name}")


company = ref("demo_company")
env = env(context={**env.context, "allowed_company_ids": company.ids})
director, gm = ref("user_director"), ref("user_gm")
managers = ref("user_manager1") | ref("user_manager2")
basis = env["sales.basis"]
invoices = [("company_id", "=", company.id), ("move_type", "=", "out_invoice"), ("state", "=", "posted")]
if not env["account.move"].search_count(invoices, limit=1):
    # Nothing was invoiced in the demo company: what left counts.
    company.sales_dept_sales_basis = "delivered"
today = company._local_today()
year = today.replace(month=1, day=1)

teams = env["crm.team"]
for name, manager in zip(("East China 华东区", "South China 华南区"), managers, strict=True):
    team = teams.search([("name", "=", name), ("company_id", "=", company.id)], limit=1) or teams.create(
        {"name": name, "company_id": company.id, "user_id": director.id}
    )
    team.member_ids |= manager

# What each sold in the months of the history, from its first whole month on.
env.flush_all()
env.cr.execute(basis._documents_sql(company, year, today.replace(day=1) + relativedelta(months=1)))
sold = defaultdict(Decimal)
for row in env.cr.dictfetchall():
    sold[row["user_id"], row["date"].replace(day=1)] += Decimal(repr(row["amount"]))
months = sorted({month for (_user, month), amount in sold.items() if amount})
first = months[0] if months else year
# How much of the target is reached, month by month: somebody does well, and has one bad month; somebody is close.
REACHED = {managers[0]: (104, 97, 112, 93, 101, 96, 88), managers[1]: (92, 86, 95, 99, 90, 84, 79)}


def wanted(user, month):
    """A round figure beside which what was sold is so good."""
    if month < first:
        return 0
    usual = sum(sold[user.id, day] for day in months) / max(len(months), 1)
    if month > today:
        return round(float(usual) * 1.05, -3)
    reached = REACHED[user][months.index(month) % 7] if month in months else 100
    amount = float(sold[user.id, month]) or float(usual) / 2
    if month == today.replace(day=1):
        # The running month can still be saved.
        return round(max(amount * 1.22, float(usual) / 2), -3)
    return round(amount * 100 / reached, -3) if amount > 20000 else round(amount * 100 / reached, -2)


def make_target(begin, **values):
    return env["sales.target"].with_user(director).create({"company_id": company.id, "date_from": begin, **values})


def figures(user, measure, amounts):
    """A share whose months are ``{month: amount}``."""
    share = target.share_ids.create(
        {"target_id": target.id, "measure": measure, "team_id": user.sale_team_id.id, "user_id": user.id}
    )
    for line in share.line_ids:
        line.amount = amounts(line.date)


def spend(bills):
    """Book ``[(budget, day, supplier, what, amount)]`` on an analytic account of each budget, as finance does."""
    books = env["account.account"].with_company(company)
    expense, payable = (
        books.create({"name": name, "code": code, "account_type": kind, "reconcile": kind == "liability_payable"})
        for name, code, kind in (
            ("Marketing 市场费用", "660105", "expense"),
            ("Accounts payable, marketing 应付市场费用", "220221", "liability_payable"),
        )
    )
    journal = (
        env["account.journal"]
        .with_company(company)
        .create(
            {
                "name": "Marketing bills 市场费用账单",
                "code": "MKT",
                "type": "purchase",
                "default_account_id": expense.id,
                "company_id": company.id,
            }
        )
    )
    accounts = {
        budget: env["account.analytic.account"].create(
            {
                "name": name,
                "plan_id": env.ref("analytic.analytic_plan_projects").id,
                "company_id": company.id,
                "sales_dept_budget": budget,
            }
        )
        for budget, name in (("promotion", "Promotion 推广"), ("exhibition", "Exhibitions 展会"))
    }
    for budget, day, supplier, what, amount in bills:
        if not year <= day < today:
            continue
        partner = env["res.partner"].search([("name", "=", supplier)], limit=1) or env["res.partner"].create(
            {"name": supplier, "is_company": True, "supplier_rank": 1, "company_id": company.id}
        )
        partner.with_company(company).property_account_payable_id = payable
        line = {"name": what, "quantity": 1, "price_unit": amount, "tax_ids": [], "account_id": expense.id}
        with freeze_time(datetime.combine(day, time(2))):
            env["account.move"].with_company(company).create(
                {
                    "move_type": "in_invoice",
                    "partner_id": partner.id,
                    "journal_id": journal.id,
                    "invoice_date": day,
                    "date": day,
                    "invoice_line_ids": [
                        Command.create({**line, "analytic_distribution": {str(accounts[budget].id): 100}})
                    ],
                }
            ).action_post()


# Signed before the first month of the history.
with freeze_time(datetime.combine(first - timedelta(days=12), time(2))):
    target = make_target(year, spread="hand")
    for user in managers:
        figures(user, "sales", lambda month, user=user: wanted(user, month))
        figures(user, "new_customers", lambda month: 1 if month >= first and month.month % 2 else 0)
        figures(user, "new_products", lambda month: 1 if month >= first and month.month % 3 == 0 else 0)
    for measure, amount in (("promotion", 60000), ("exhibition", 120000)):
        target.share_ids.create({"target_id": target.id, "measure": measure, "amount": amount})
    for user in managers:
        target.with_user(user).action_confirm_mine()
    target.action_approval_submit()
    target.with_user(gm).action_approval_approve()
    env.flush_all()

# One fair went over what the year has for fairs until then; promotion is within.
back = {months: today.replace(day=1) - relativedelta(months=months) for months in (1, 2, 3, 4)}
spend(
    (
        ("exhibition", back[4] + timedelta(days=9), "Tianjin Expo 天津会展", "Stand of 18 m² 18平米", 46800.0),
        (
            "exhibition",
            back[4] + timedelta(days=16),
            "Huayi Stand Building 华艺展览",
            "Stand building 展台搭建",
            23500.0,
        ),
        ("promotion", back[3] + timedelta(days=4), "Lingyun Print 凌云印务", "Catalogues 样本印刷", 9600.0),
        (
            "exhibition",
            back[2] + timedelta(days=11),
            "Shanghai PTC 上海动力传动展",
            "Stand of 36 m² 36平米展位",
            68400.0,
        ),
        ("promotion", back[1] + timedelta(days=7), "Sousou Media 搜搜传媒", "Search advertising 搜索推广", 12800.0),
    )
)

# The year's last month is raised for one of the two, who has not agreed to it yet.
revision = target._revise("The second line starts in December. 十二月第二条生产线投产。")
last = revision.share_ids.filtered(lambda share: share.user_id == managers[1] and share.measure == "sales").line_ids
last.sorted("date")[-1].amount += 50000
revision.action_ask()

proposal = make_target(Date.to_date(f"{year.year + 1}-01-01"), growth=12, spread="season")
proposal.action_propose()
env.cr.commit()
print("targets are set")
