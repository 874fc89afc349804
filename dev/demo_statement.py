# Fed to `odoo shell` after the reports of the demo company are written: customers' statements of the last two periods.
# Of the earlier one all is confirmed, verified and invoiced; of the later one some customers confirmed, one corrected
# lines, one has not answered in time, one is still a draft, and some have none yet.
from datetime import datetime, time, timedelta
from unittest.mock import patch

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from odoo.addons.sales_dept_roles.models.customer_file.closing_day import closing_date_before

env = env(context={**env.context, "mail_notify_force_send": False})  # noqa: F821


def ref(name):
    return env.ref(f"sales_dept_roles.{name}")


company = ref("demo_company")
assistant, finance, manager1 = (ref(f"user_{login}") for login in ("assistant", "finance", "manager1"))
customers = {name: ref(f"demo_customer_{name}") for name in ("hengtai", "boyu", "yongjia", "ruifeng", "huaxin")}
Statement = env["customer.statement"].with_company(company)
today = company._local_today()
# Who signs for the customer.
SIGNERS = {
    "hengtai": "顾梅 Gu Mei",
    "boyu": "林娜 Lin Na",
    "yongjia": "范燕 Fan Yan",
    "ruifeng": "邱云 Qiu Yun",
    "huaxin": "吴敏 Wu Min",
}
# Without a server pages have no styles: the paper is made when somebody opens it.
unprinted = patch.object(type(Statement), "_paper_content", lambda statement: False)


def on(day, hour=2):
    """The clock of that day, no later than now."""
    return freeze_time(min(datetime.combine(day, time(hour)), datetime.now()))


def make(customer, date_to):
    with on(date_to + timedelta(days=1)):
        statement = Statement.with_user(assistant).create(
            {"partner_id": customer.id, "date_to": date_to, "currency_id": customer_currency(customer).id}
        )
        if not statement.previous_id:
            statement.action_propose_opening()
        return statement


def customer_currency(customer):
    order = env["sale.order"].search([("partner_id", "=", customer.id), ("state", "=", "sale")], limit=1)
    return order.currency_id or company.currency_id


def send(statement):
    with on(statement.date_to + timedelta(days=1), 3):
        if statement.partner_id.email or statement._recipient().email:
            statement.action_send()


def confirm(statement, name, days=3):
    with on(statement.date_to + timedelta(days=days)):
        statement.sudo()._confirm(SIGNERS[name], "portal")


def verify(statement, days=4):
    with on(statement.date_to + timedelta(days=days)):
        statement.with_user(assistant).action_approval_submit()
        statement.with_user(finance).action_approval_approve()


def correct(statement, name):
    """The customer has other words on two lines."""
    lines = statement.line_ids.filtered(lambda line: line.kind == "shipment" and line.quantity > 5)[:2]
    said = {
        line: {"quantity": line.quantity - 2 if number == 0 else None, "price_unit": None, "remark": remark}
        for number, (line, remark) in enumerate(
            zip(lines, ("2 pieces were broken 到货破损2件", "Which order is this? 请提供订单号"), strict=False)
        )
    }
    if said:
        with on(statement.date_to + timedelta(days=2)):
            statement.sudo()._correct(said, SIGNERS[name], "portal")


def receive_late(statement):
    """The bank's paper comes after the statement went out: a receipt of its period stands on the next one."""
    receipt = (
        env["account.move.line"]
        .search(
            [
                ("partner_id", "=", statement.partner_id.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("move_id.move_type", "=", "entry"),
                ("parent_state", "=", "posted"),
                ("credit", ">", 0),
            ],
            order="credit, id",
            limit=1,
        )
        .move_id
    )
    if receipt:
        late = receipt.copy({"date": statement.date_to - timedelta(days=2)})
        late.action_post()


with unprinted:
    for name, customer in customers.items():
        if not customer.email:
            customer.email = f"finance@{name}.example"
        closing_day = customer.customer_file_closing_day or 0
        last = closing_date_before(closing_day, today)
        before = closing_date_before(closing_day, last - relativedelta(days=1))
        first = make(customer, before)
        send(first)
        confirm(first, name)
        verify(first)
        if name in ("hengtai", "ruifeng"):
            receive_late(first)
        second = make(customer, last)
        if name == "huaxin":
            # Still to be looked at.
            continue
        send(second)
        if name == "boyu":
            correct(second, name)
        elif name == "ruifeng":
            second._write_protected({"answer_by": min(second.answer_by, today - timedelta(days=2))})
            second.sudo()._remind()
        elif last + timedelta(days=3) <= today:
            confirm(second, name)
            if name == "yongjia":
                verify(second)
env.cr.commit()
print("statements are answered")
