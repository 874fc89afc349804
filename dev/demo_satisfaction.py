# Fed to `odoo shell` before months are locked: what customers of the demo company answered in the last six months.
# Most are content; one is not with the quality, some do not answer, one wants no questions, one answers on paper.
import random
from datetime import datetime, time, timedelta

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

env = env(context={**env.context, "mail_notify_force_send": False})  # noqa: F821
SEED, MONTHS = 20260, 6
chance = random.Random(SEED)


def ref(name):
    return env.ref(f"sales_dept_roles.{name}")


company = ref("demo_company")
env = env(context={**env.context, "allowed_company_ids": company.ids})
manager1, manager2, assistant = ref("user_manager1"), ref("user_manager2"), ref("user_assistant")
company.write({"sales_dept_satisfaction_sending": "delivery", "sales_dept_satisfaction_interval": 60})
survey = company._satisfaction_survey()
SUBJECTS = ("quotation", "technical", "quality", "delivery", "logistics")
CUSTOMERS = ("hengtai", "ruifeng", "huaxin", "beifang", "haoyu", "yongjia", "xinyuan", "jinda", "tianhe", "keller")
# How good they find a subject, of five.
USUAL = {manager1: (5, 5, 4, 4, 5), manager2: (5, 4, 4, 4, 4)}
REMARKS = {
    "quotation": ("Quick and clear. 报价又快又清楚。", "The offer came after a week. 一周后才收到报价。"),
    "technical": ("Good drawings. 图纸质量好。", "Nobody could explain the tolerances. 公差没有人能讲清楚。"),
    "quality": ("No rejects this quarter. 本季度无不良。", "Burrs on twelve pulleys. 十二件同步轮有毛刺。"),
    "delivery": ("Always on the day. 每次都准时。", "Late twice, and nobody called. 两次晚到，也没有人来电。"),
    "logistics": ("Well packed. 包装很好。", "Cartons were wet. 纸箱受潮。"),
}


def question(subject, kind):
    return survey.question_ids.filtered(
        lambda question: (question.sales_dept_subject, question.question_type) == (subject, kind)
    )


def delivery(customer, first):
    """One that left for the customer in that month, if there is one."""
    since = company._moment_of(first, time())
    until = company._moment_of(first + relativedelta(months=1), time())
    return env["stock.picking"].search(
        [
            ("company_id", "=", company.id),
            ("partner_id", "child_of", customer.id),
            ("state", "=", "done"),
            ("location_dest_id.usage", "=", "customer"),
            ("date_done", ">=", since),
            ("date_done", "<", until),
        ],
        limit=1,
    )


def ask(customer, day, picking=None):
    contact = customer._satisfaction_contacts(company)[customer]
    if not contact or contact._satisfaction_refusals(company):
        return env["survey.user_input"]
    row = {"contact": contact, "customer": customer}
    if picking:
        row.update(picking=picking, order=picking.sale_id, user=picking.sale_id.user_id)
    with freeze_time(min(datetime.combine(day, time(2)), datetime.now())):
        return env["survey.user_input"]._satisfaction_invite(company, [row])


def answer(invited, values, day, low=()):
    """As the customer, some days later: `values` by subject, and a remark on what stands out."""
    invited = invited.sudo()
    for subject, value in zip(SUBJECTS, values, strict=True):
        invited._save_lines(question(subject, "scale"), str(value))
        if subject in low or value == 5 and chance.random() < 0.15:
            invited._save_lines(question(subject, "text_box"), REMARKS[subject][subject in low])
    with freeze_time(min(datetime.combine(day, time(7)), datetime.now())):
        invited._mark_in_progress()
        invited._mark_done()


def usual(user):
    return [max(1, min(5, value + chance.choice((-1, 0, 0, 0, 0, 1)))) for value in USUAL[user]]


this_month = company._local_today().replace(day=1)
for number in range(MONTHS):
    first = this_month - relativedelta(months=MONTHS - 1 - number)
    last_day = min(first + relativedelta(months=1), company._local_today()) - timedelta(days=1)
    # Every second month each, half of them at a time.
    for name in CUSTOMERS[number % 2 :: 2]:
        customer = ref(f"demo_customer_{name}")
        asked_on = min(first + timedelta(days=chance.randrange(3, 12)), last_day)
        with freeze_time(datetime.combine(asked_on, time(2))):
            invited = ask(customer, asked_on, delivery(customer, first))
        if not invited:
            continue
        answered_on = min(asked_on + timedelta(days=chance.randrange(1, 10)), company._local_today())
        if (number, name) == (MONTHS - 1, "ruifeng") or (number, name) == (MONTHS - 2, "hengtai"):
            answer(invited, (4, 4, 1, 4, 4), answered_on, low=("quality",))
        elif (number, name) == (2, "xinyuan"):
            invited._satisfaction_stop()
        elif chance.random() < 0.75:
            answer(invited, usual(customer.user_id), answered_on)
    env.flush_all()

# Asked on paper, which the assistant enters.
customer = ref("demo_customer_northline")
today = company._local_today()
with freeze_time(datetime.combine(today - timedelta(days=1), time(2))):
    contact = customer._satisfaction_contacts(company)[customer]
    paper = env["survey.user_input"]._satisfaction_invite(
        company, [{"contact": contact, "customer": customer}], channel="paper"
    )
dialog = env["sales.satisfaction.enter"].with_user(assistant).with_context(default_answer_id=paper.id).create({})
for line, value in zip(dialog.line_ids.filtered("hint"), "54434", strict=True):
    line.value = value
dialog.action_enter()
# One that waits for its paper.
customer = ref("demo_customer_boyu")
if contact := customer._satisfaction_contacts(company)[customer]:
    env["survey.user_input"]._satisfaction_invite(
        company, [{"contact": contact, "customer": customer}], channel="paper"
    )
# All of these mails arrived long ago.
env["mail.mail"].search([("state", "=", "outgoing"), ("subject", "like", company.name)]).unlink()
env["sales.kpi.month"].with_company(company)._of(company, this_month).action_compute()
env.cr.commit()
print("customers have answered")
