# Fed to `odoo shell` after the KPIs of the demo company are computed and its closed months locked: the monthly reports
# of those months, written and confirmed by its people on the days on which they would, and the last quarter's
# appraisals.
from datetime import datetime, time, timedelta

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from odoo.fields import Command

env = env(context={**env.context, "mail_notify_force_send": False})  # noqa: F821
MONTHS = 5


def ref(name):
    return env.ref(f"sales_dept_roles.{name}")


company = ref("demo_company")
manager1, manager2, assistant, director, gm = (
    ref(f"user_{login}") for login in ("manager1", "manager2", "assistant", "director", "gm")
)
writers = manager1 | manager2 | assistant | director
Report = env["sales.monthly.report"].with_company(company)
this_month = company._local_today().replace(day=1)
last_month = this_month - relativedelta(months=1)

# By person: what was achieved, why figures fell short, what help is wanted, and what is planned with its measure.
WORDS = {
    manager1: (
        "Hengtai ordered the new pulleys; two quotations to Boyu. 恒泰下了新同步轮订单；向博宇报价两次。",
        "Two deliveries slipped because bar stock came late. 棒料到货晚，两批交期延误。",
        "A sample of the clamp ring for Boyu by the 15th. 15日前为博宇准备夹紧环样品。",
        [
            ("Visit Ruifeng 拜访瑞丰", "Show the guide blocks, agree on the yearly demand 展示导向块，商定年度用量"),
            ("Collect what Tianhe owes 催收天和货款", "Call each Monday, statement by mail 每周一电话，邮寄对账单"),
        ],
    ),
    manager2: (
        "Yongjia renewed its agreement; Keller's first container left. 永嘉续签协议；凯勒首柜发出。",
        "Keller pays by letter of credit, which takes longer. 凯勒用信用证付款，周期较长。",
        "",
        [("Quote the motor plate to Xinyuan 给新源报电机板", "Cost sheet from engineering first 先取技术成本单")],
    ),
    assistant: (
        "All freight statements reconciled; papers filed. 运费对账全部完成，单据已归档。",
        "",
        "A second scanner for the delivery papers. 增配一台扫描仪用于送货单。",
        [("Bring the customer files up to date 更新客户档案", "Ten a week, oldest first 每周十份，先旧后新")],
    ),
    director: (
        "The department reached its month in the main lines. 部门主要指标完成。",
        "Overstock of guide rails is still too high. 导轨库存仍偏高。",
        "A second shift at the mill in the busy weeks. 旺季铣床加开第二班。",
        [("Talk about prices with purchasing 与采购商讨价格", "Before the bars are ordered again 棒料再订前")],
    ),
}
# What came of last month's plan, in turn.
OUTCOMES = (
    ("done", "", 0),
    ("done", "Went well 顺利", 0),
    ("moved", "The customer was away 客户出差", 20),
    ("not_done", "Other orders came first 其他订单优先", 0),
)


def write(report, number):
    """As its writer: answers to last month's plan, the words, next month's plan."""
    own = report.with_user(report.user_id)
    for position, item in enumerate(own.answered_ids):
        outcome, remark, days = OUTCOMES[(number + position) % len(OUTCOMES)]
        moved = report.date_to + timedelta(days=days) if days else False
        item.write({"outcome": outcome, "remark": remark, "moved_date": moved})
    results, causes, help_needed, plan = WORDS[report.user_id]
    own.write(
        {
            "results": results,
            "causes": causes,
            "help_needed": help_needed if number % 2 else "",
            "item_ids": [
                Command.create(
                    {"name": name, "measure": measure, "date": report.date_to + timedelta(days=8 + 7 * turn)}
                )
                for turn, (name, measure) in enumerate(plan)
            ],
        }
    )
    return own


def at(day, hour):
    """The moment at the company's hour of `day`; what is still to come, now."""
    return min(company._moment_of(day, time(hour)), datetime.now())


def month(first, number):
    """A month that everybody wrote about in time, and that was confirmed."""
    due = company._monthly_report_due(first)
    with freeze_time(at(due - timedelta(days=1), 9)):
        Report._make(company, first, writers)
        reports = Report.search([("date_from", "=", first), ("company_id", "=", company.id)])
        for report in reports.filtered(lambda report: report.kind == "person"):
            write(report, number).action_approval_submit()
    with freeze_time(at(due, 15)):
        for report in reports.filtered(lambda report: report.kind == "person"):
            boss = gm if report.user_id == director else director
            report.with_user(boss).action_approval_approve("Read and discussed. 已阅，已沟通。")
        department = reports.filtered(lambda report: report.kind == "department")
        department._take_figures()
        write(department, number).action_approval_submit()
        department.with_user(gm).action_approval_approve()
    env.flush_all()


def last(first, number):
    """The last month that was due: one confirmed, one sent back, one waiting, and one not written yet."""
    with freeze_time(at(first + relativedelta(months=1), 9)):
        Report._make(company, first, writers)
    reports = Report.search(
        [("date_from", "=", first), ("company_id", "=", company.id), ("kind", "=", "person")]
    ).grouped("user_id")
    with freeze_time(at(company._monthly_report_due(first), 11)):
        write(reports[manager1], number).action_approval_submit()
        reports[manager1].with_user(director).action_approval_approve()
        write(reports[director], number).action_approval_submit()
        write(reports[assistant], number).action_approval_submit()
        reports[assistant].with_user(director).action_approval_reject(
            "Say which customer files are still incomplete. 请写明哪些客户档案仍不完整。"
        )
    department = Report.search(
        [("date_from", "=", first), ("company_id", "=", company.id), ("kind", "=", "department")]
    )
    department._take_figures()


ASSESSED = {
    manager1: (
        (92, 85, 90),
        1500,
        "Won the order for pulleys from Hengtai. 拿下恒泰同步轮订单。",
        "Keep it up. 继续保持。",
    ),
    manager2: ((84, 78, 88), 0, "", "Quotations could leave sooner. 报价可更及时。"),
    assistant: ((95, 96, 92), 800, "All freight reconciled in time. 运费对账全部准时。", "Reliable. 工作可靠。"),
}


def appraise(kind, day, users, until, asked):
    """Appraisals of `users`, of which those of `asked` come as far as `until` says: submitted, or released."""
    appraisals = env["sales.appraisal"].with_company(company)._make(company, kind, day, users)
    for appraisal in appraisals:
        ratings, reward, reason, words = ASSESSED[appraisal.user_id]
        own = appraisal.with_user(director)
        for line, rating in zip(own.rating_ids, ratings, strict=True):
            line.rating = rating
        own.write({"assessment": words, "reward_amount": reward, "reward_reason": reason})
    for appraisal in appraisals.filtered(lambda appraisal: appraisal.user_id in asked):
        own = appraisal.with_user(director)
        own.action_approval_submit()
        if until == "released":
            own.with_user(gm).action_approval_approve()
            own.action_release()
    return appraisals


company.sales_dept_monthly_report = True
# In the first days of a month the reports of the last one are not due yet: of those before it one is late.
was_due = last_month
if company._monthly_report_due(last_month) >= company._local_today():
    was_due -= relativedelta(months=1)
for number in range(MONTHS):
    first = this_month - relativedelta(months=MONTHS - number)
    if first > was_due:
        Report._make(company, first, writers)
        continue
    last(first, number) if first == was_due else month(first, number)
late = Report.search([("user_id", "=", manager2.id), ("is_late", "=", True)])
assert late, "one report is late"
quarter = this_month - relativedelta(months=(this_month.month - 1) % 3 + 3)
team = manager1 | manager2 | assistant
told = appraise("quarter", quarter, team, "released", team)
told.filtered(lambda appraisal: appraisal.user_id == manager1).with_user(manager1)._comment(
    "Thank you. I would like to learn more about costs. 谢谢，希望多学习成本核算。"
)
appraise("month", last_month, team, "submitted", manager1 | manager2)
env.cr.commit()
print("reports are written")
