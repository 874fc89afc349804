# Fed to `odoo shell` after the history of the demo company is written: its contact plan by class, the visits and calls
# of half a year with what came of them, one that nobody reported, today's and next week's. One customer was forgotten.
import random
from datetime import datetime, time, timedelta

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

env = env(context={**env.context, "mail_notify_force_send": False, "no_mail_to_attendees": True})  # noqa: F821
random.seed(12)


def ref(name):
    return env.ref(f"sales_dept_roles.{name}")


company = ref("demo_company")
env = env(context={**env.context, "allowed_company_ids": company.ids})
manager1, director = ref("user_manager1"), ref("user_director")
today = company._local_today()

# How much the customer weighs.
CLASSES = {
    "a": ["hengtai", "yongjia", "keller"],
    "b": ["boyu", "ruifeng", "tianhe", "beifang"],
    "c": ["huaxin", "jinda", "xinyuan", "haoyu"],
}
# Customer, days ago, hour, kind, purpose, result, outcome.
PAST = [
    ("hengtai", 112, 9, "visit", "relationship", "neutral", "Talked through the year's plan. 沟通全年计划。"),
    ("hengtai", 81, 14, "visit", "negotiation", "order", "Frame order for pulleys agreed. 同步轮年度订单谈妥。"),
    ("hengtai", 50, 10, "call", "relationship", "neutral", "No open points. 无遗留问题。"),
    ("hengtai", 20, 9, "visit", "complaint", "interest", "Burrs on two shafts. 两根轴有毛刺。"),
    ("boyu", 96, 10, "visit", "demonstration", "interest", "Clamp ring fits their arm. 夹紧环适配其机械臂。"),
    ("boyu", 13, 15, "visit", "demonstration", "quotation", "Asks for 200 flanges. 询价200件法兰。"),
    ("tianhe", 70, 9, "call", "collection", "negative", "Pays after their audit only. 审计后才付款。"),
    ("huaxin", 120, 11, "online", "relationship", "neutral", "Budget is set in spring. 春季定预算。"),
    ("yongjia", 103, 9, "visit", "negotiation", "order", "Agreement renewed. 框架协议续签。"),
    ("yongjia", 68, 14, "call", "relationship", "neutral", "Bushings arrived in order. 铜套到货完好。"),
    ("yongjia", 41, 10, "visit", "complaint", "interest", "New bronze accepted. 新铜料认可。"),
    ("keller", 45, 8, "online", "relationship", "neutral", "First container announced. 首柜已预告。"),
    ("keller", 12, 8, "online", "negotiation", "quotation", "Letter of credit by sight possible. 可接受即期信用证。"),
    ("beifang", 30, 9, "visit", "exhibition", "interest", "Met at the Tianjin fair. 天津展会会面。"),
    ("jinda", 60, 10, "call", "relationship", "neutral", "New line runs from January. 新线一月投产。"),
    ("haoyu", 92, 15, "visit", "relationship", "interest", "Wants motor plates in aluminium. 希望电机板改铝件。"),
    ("xinyuan", 150, 14, "visit", "relationship", "neutral", "New buyer introduced. 新采购负责人见面。"),
]  # fmt: skip
# Customer, days from now, hour, kind, purpose.
AHEAD = [
    ("tianhe", -1, 14, "visit", "collection"),
    ("boyu", 0, 10, "visit", "negotiation"),
    ("hengtai", 0, 15, "visit", "relationship"),
    ("yongjia", 0, 14, "visit", "relationship"),
    ("huaxin", 2, 10, "call", "relationship"),
    ("jinda", 6, 9, "visit", "demonstration"),
    ("beifang", 7, 13, "visit", "negotiation"),
]
PEOPLE = {"hengtai": "Chen Wei 陈伟", "boyu": "Li Na 李娜", "yongjia": "Wang Fang 王芳", "tianhe": "Zhao Min 赵敏"}


def moment(days, hour, minute=0):
    return company._moment_of(today + timedelta(days=days), time(hour, minute))


def visit(customer, days, hour, kind, purpose):
    partner = ref(f"demo_customer_{customer}")
    user = partner.user_id or director
    wizard = (
        env["sales.visit.plan"]
        .with_user(user)
        .create(
            {
                "partner_id": partner.id,
                "user_id": user.id,
                "visit_kind": kind,
                "visit_purpose": purpose,
                "start": moment(days, hour),
                "duration": 0.5 if kind == "call" else 1.5,
                "contact_ids": people[customer].ids if customer in people else False,
                "product_ids": products.ids if purpose == "demonstration" else False,
            }
        )
    )
    return env["calendar.event"].with_user(user).browse(wizard.action_plan()["res_id"])


with freeze_time(datetime.combine(today - relativedelta(months=8), time(2))):
    for contact_class, customers in CLASSES.items():
        for customer in customers:
            ref(f"demo_customer_{customer}").contact_class_id = ref(f"contact_class_{contact_class}")
    # The day from which it holds is that of the company then.
    env.flush_all()
people = {
    customer: env["res.partner"].create(
        {"name": name, "parent_id": ref(f"demo_customer_{customer}").id, "function": "Purchasing 采购"}
    )
    for customer, name in PEOPLE.items()
}
products = (ref("demo_product_flange") | ref("demo_product_gear")).with_env(env)

for customer, days, hour, kind, purpose, result, outcome in PAST:
    with freeze_time(moment(-days, hour, random.randrange(10))):
        event = visit(customer, -days, hour, kind, purpose)
        if kind == "visit":
            event.action_visit_check_in()
    with freeze_time(moment(-days, hour + 2, random.randrange(60))):
        event.write({"visit_result": result, "visit_outcome": outcome})
        event.action_visit_done()
    if result == "quotation" and customer == "boyu":
        demonstration = event
for planned in AHEAD:
    visit(*planned)

# What the last demonstration asks of engineering.
env["sales.assignment.give"].with_user(manager1).create(
    {
        "kind": "follow_up",
        "name": "Cost sheet for 200 flanges of Boyu 博宇200件法兰成本单",
        "user_ids": ref("user_engineering").ids,
        "company_id": company.id,
        "date_deadline": today + timedelta(days=2),
        "meeting_id": demonstration.id,
    }
).action_give()

env.cr.commit()
print("visits are planned")
