# Fed to `odoo shell` after the reports of the demo company are written: what its customers asked and complained of in
# the last months, answered in time or not, and the issues that lie open today, one in each state.
import base64
import io
import random
from datetime import time, timedelta

from freezegun import freeze_time
from markupsafe import Markup
from PIL import Image, ImageDraw

from odoo.fields import Command, Datetime

env = env(context={**env.context, "mail_notify_force_send": False})  # noqa: F821
chance = random.Random(2028)


def ref(name):
    return env.ref(f"sales_dept_roles.{name}")


company = ref("demo_company")
env = env(context={**env.context, "allowed_company_ids": company.ids})
company.sales_dept_issue_portal = True
manager1, manager2, assistant, quality, engineering, warehouse = (
    ref(f"user_{login}") for login in ("manager1", "manager2", "assistant", "quality", "engineering", "warehouse")
)
Issue = env["customer.issue"].with_company(company)
calendar = company.resource_calendar_id
today = company._local_today()
clock = calendar._working_days_from(company, today - timedelta(days=150))


def working_day(back):
    """The working day that lies so many working days before today."""
    return clock.number(max(clock.count(today) - back, 1))


def at(back, hour, minute=0):
    return company._moment_of(working_day(back), time(hour, minute))


def enter(moment, title, kind, customer, **vals):
    partner = ref(f"demo_customer_{customer}")
    with freeze_time(moment):
        return Issue.with_user(partner.user_id or assistant).create(
            {"title": title, "kind": kind, "partner_id": partner.id, "company_id": company.id, **vals}
        )


def say(moment, issue, kind, text, by="call"):
    with freeze_time(moment):
        issue.with_user(issue.user_id or assistant)._say(kind, Markup("<p>%s</p>") % text, by)


def ask(moment, issue, group, user, question, answer=None, hours=3):
    with freeze_time(moment):
        made = (
            env["customer.issue.question"]
            .with_user(issue.user_id or assistant)
            ._ask(
                issue.with_user(issue.user_id or assistant),
                {
                    "group_id": ref(f"group_review_{group}").id,
                    "user_id": user.id,
                    "question": question,
                    "deadline": company._local_day(moment) + timedelta(days=3),
                },
            )
        )
    if answer:
        with freeze_time(moment + timedelta(hours=hours)):
            theirs = made.with_user(user)
            theirs.answer = answer
            theirs.action_answer()


def drawing():
    """A signature, as drawn with a finger."""
    image = Image.new("RGB", (300, 100), "white")
    points = [(20 + 26 * step, 50 + chance.randint(-28, 28)) for step in range(11)]
    ImageDraw.Draw(image).line(points, fill="black", width=3, joint="curve")
    content = io.BytesIO()
    image.save(content, "PNG")
    return base64.b64encode(content.getvalue())


# === THE LAST MONTHS === #

CASES = [
    (
        "Price of the longer shaft? 加长轴什么价格？",
        "quotation",
        "Quoted at 96.00 with MOQ 200. 报价96.00元，起订200件。",
    ),
    (
        "Surface hardness of the guide blocks 导向块表面硬度",
        "technical",
        "HRC 58 to 62, certificate sent. HRC58-62，已发证明。",
    ),
    ("When does the second half come? 后一半何时到？", "delivery", "On Thursday with SF. 周四顺丰发出。"),
    ("Two cartons were wet 两箱受潮", "logistics", "Replaced, the carrier was charged. 已补发，向承运方索赔。"),
    ("How is the clamp ring mounted? 夹紧环怎么安装？", "after_sales", "Shown by video call. 已视频指导。"),
    ("Invoice shows the old drawing number 发票图号有误", "quotation", "Corrected. 已更正。"),
]
CUSTOMERS = ["hengtai", "boyu", "yongjia", "ruifeng", "tianhe", "xinyuan", "keller"]
for number in range(24):
    title, kind, words = CASES[number % len(CASES)]
    back = 70 - number * 2 - (number > 20)
    issue = enter(
        at(back, chance.randint(9, 16), chance.choice((0, 20, 40))),
        title,
        kind,
        CUSTOMERS[number % len(CUSTOMERS)],
        channel=chance.choice(("call", "mail", "portal")),
    )
    late = chance.random() < 0.2
    answered = issue.response_deadline + timedelta(minutes=chance.randint(30, 300) * (1 if late else -1))
    say(max(answered, issue.reported_at + timedelta(minutes=15)), issue, "solution", words)
    with freeze_time(issue.solved_at + timedelta(days=1)):
        issue._confirm("call", issue.user_id.partner_id)

# === WHAT LIES OPEN, AND WHAT ENDED LATELY === #

# Quality: an 8D report from containment to prevention.
scratched = enter(
    at(9, 10),
    "Shafts arrived scratched 传动轴表面划伤",
    "quality",
    "hengtai",
    channel="portal",
    description="<p>12 of 200 shafts have scratches along the bearing seat. 200件中有12件轴承位有轴向划痕。</p>",
    product_id=ref("demo_product_shaft").id,
)
say(
    at(9, 14),
    scratched,
    "answer",
    "We sort out what is in stock today, and report by Friday. 今日全检库存，周五前回复。",
    "mail",
)
ask(
    at(9, 15),
    scratched,
    "quality",
    quality,
    "What does the final inspection of this lot say? 该批终检记录如何？",
    "Passed by sample; scratches come from packing. 抽检合格，划痕产生于包装环节。",
)
with freeze_time(at(6, 11)):
    for step, text in zip(
        scratched.with_user(quality).step_ids,
        (
            "All 460 shafts in stock inspected, 9 sorted out. 库存460件全检，剔除9件。",
            "Shafts touch each other in the carton: the dividers were left out. 装箱漏放隔板，轴件相互摩擦。",
            "12 shafts replaced; dividers put back, line 2 trained. 补发12件；恢复隔板，二线培训。",
            "The packing instruction shows the divider, the last check counts it. 作业书加图示，终检核对隔板。",
        ),
        strict=True,
    ):
        step.text = text
say(
    at(5, 16),
    scratched,
    "solution",
    "The cause was the packing; 12 shafts are on their way. 原因在包装，12件已补发。",
    "mail",
)

# After-sales service: a visit, with parts, signed for on site.
feeder = enter(at(6, 9), "Feeder stops after an hour 送料机运行一小时后停机", "after_sales", "boyu", channel="call")
say(at(6, 10), feeder, "answer", "Our engineer comes tomorrow morning. 工程师明早到厂。")
parts = ref("demo_product_bushing") | ref("demo_product_pin")
with freeze_time(at(5, 12)):
    service = (
        env["customer.issue.service"]
        .with_user(feeder.user_id)
        .create(
            {
                "issue_id": feeder.id,
                "technician_id": engineering.id,
                "date_from": at(5, 9),
                "date_until": at(5, 11, 30),
                "work_done": "Bearing of the feed roller replaced, belt tightened, two hours of trial without a stop.\n"
                "更换送料辊轴承，张紧皮带，试运行两小时无停机。",
                "part_ids": [
                    Command.create({"product_id": part.id, "quantity": 2 - n}) for n, part in enumerate(parts)
                ],
                "customer_name": "Chen Gang 陈刚",
                "signature": drawing(),
            }
        )
    )
    service.action_sign()
say(at(5, 14), feeder, "solution", "The bearing was replaced on site. 已现场更换轴承。")
with freeze_time(at(4, 10)):
    feeder._confirm("call", feeder.user_id.partner_id)

# Not solved, says the customer.
missing = enter(at(7, 9), "Papers missing in the parcel 包裹缺随货单据", "logistics", "yongjia", channel="mail")
say(at(7, 11), missing, "solution", "The papers were sent by mail. 单据已邮寄。", "mail")
with freeze_time(at(3, 15)):
    missing.sudo().message_post(
        body="Only the packing list came, the certificate is still missing. 只收到装箱单，材质证明仍缺。",
        author_id=missing.partner_id.id,
        email_from=missing.partner_id.email or "customer@example.com",
        message_type="email",
        subtype_xmlid="mail.mt_comment",
    )

# Late, and with the superior.
late = enter(at(3, 9), "Delivery of the pulleys? 同步轮何时交货？", "delivery", "ruifeng", channel="call")
ask(at(3, 10), late, "logistics", warehouse, "When does the rest of it leave? 余下的何时发？")

# The customer is asked, and the clock stands.
drawing_asked = enter(at(2, 10), "Tolerance of the bore 孔公差问题", "technical", "keller", channel="mail")
say(at(2, 13), drawing_asked, "question", "Which revision of the drawing do you have? 请问您手上是哪一版图纸？", "mail")

enter(
    Datetime.now() - timedelta(minutes=20),
    "New price list from July? 七月起新价格？",
    "quotation",
    "tianhe",
    channel="call",
)
twice = enter(at(2, 11), "Delivery of the pulleys (again) 同步轮交货（重复）", "delivery", "ruifeng", channel="call")
twice.with_user(twice.user_id or assistant).cancel_reason = "Entered twice 重复录入"
twice.with_user(twice.user_id or assistant).action_cancel()
Issue._cron_escalate()

env.cr.commit()
print("issues are entered")
