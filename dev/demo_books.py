# Fed to `odoo shell` after demo_freight.py: what was invoiced of the history's shipments, what came in for it, which
# reviews were received when, and what was asked of whom. The month that runs is still to be saved.
import random
from datetime import datetime, time, timedelta

from freezegun import freeze_time

from odoo.fields import Command, Date

env = env(context={**env.context, "mail_notify_force_send": False})  # noqa: F821
chance = random.Random(2028)
company = env.ref("sales_dept_roles.demo_company")
director, assistant = (env.ref(f"sales_dept_roles.user_{login}") for login in ("director", "assistant"))
people = env.ref("sales_dept_roles.user_manager1") | env.ref("sales_dept_roles.user_manager2")
env = env(context={**env.context, "allowed_company_ids": company.ids})
today = Date.today()
# How likely something is done in time, month by month up to the one that runs.
CARE = {people[0]: (0.95, 0.9, 1.0, 0.8, 0.95, 0.85), people[1]: (0.9, 0.7, 0.85, 0.95, 0.8, 0.9)}
MONTHS = [(today.replace(day=1) - timedelta(days=31 * back)).replace(day=1) for back in range(5, -1, -1)]


def at(day, hour=2):
    return datetime.combine(day, time(hour))


def care(user, day):
    """How likely `user` did in time what was due on `day`."""
    month = max((number for number, first in enumerate(MONTHS) if first <= day), default=0)
    return CARE.get(user, CARE[people[1]])[month]


def keep_books():
    """What invoices to customers need in a company without a chart of accounts."""
    books = env["account.account"].with_company(company)
    income, receivable, bank = (
        books.create({"name": name, "code": code, "account_type": kind, "reconcile": kind == "asset_receivable"})
        for name, code, kind in (
            ("Sales 主营业务收入", "600101", "income"),
            ("Accounts receivable 应收账款", "112201", "asset_receivable"),
            ("Bank 银行存款", "100201", "asset_cash"),
        )
    )
    journals = env["account.journal"].with_company(company)
    journals.create(
        {
            "name": "Customer invoices 销售发票",
            "code": "INV",
            "type": "sale",
            "default_account_id": income.id,
            "company_id": company.id,
        }
    )
    receipts = journals.create({"name": "Receipts 收款", "code": "REC", "type": "general", "company_id": company.id})
    customers = env["res.partner"].search([("company_id", "in", (False, company.id)), ("is_company", "=", True)])
    customers.with_company(company).property_account_receivable_id = receivable
    products = env["product.template"].search([("company_id", "in", (False, company.id))])
    products.with_company(company).property_account_income_id = income
    return receivable, bank, receipts


def invoice(orders):
    """What left is invoiced within days; now and then it is forgotten until the next month."""
    invoices = env["account.move"]
    for order in orders:
        shipped = [move.date.date() for move in order.picking_ids.move_ids if move.state == "done"]
        if not shipped or order.invoice_status != "to invoice":
            continue
        last = max(shipped)
        day = last + timedelta(days=2 if chance.random() < care(order.user_id, last) else 33)
        if day >= today:
            continue
        with freeze_time(at(day)):
            made = order._create_invoices()
            # A customer without terms pays in thirty days.
            made.write({"invoice_date": day, "invoice_user_id": order.user_id.id})
            if not made.invoice_payment_term_id:
                made.invoice_payment_term_id = env.ref("account.account_payment_term_30days")
            made.action_post()
        invoices |= made
    return invoices


def collect(invoices, receivable, bank, journal):
    """What fell due is paid, mostly in time; some of it late, in part, or not yet."""
    for line in invoices.line_ids.filtered(lambda line: line.account_id == receivable and line.balance > 0):
        due, user = line.date_maturity, line.move_id.invoice_user_id
        if chance.random() < care(user, due):
            pay(line, due - timedelta(days=chance.choice((0, 1, 3))), 1, bank, journal)
        elif chance.random() < 0.5:
            pay(line, due - timedelta(days=1), 0.5, bank, journal)
        else:
            pay(line, due + timedelta(days=chance.choice((6, 18))), 1, bank, journal)


def pay(line, day, share, bank, journal):
    if not line.move_id.invoice_date <= day < today:
        return
    amount = line.currency_id.round(line.amount_currency * share)
    balance = company.currency_id.round(line.balance * share)
    received = env["account.move"].create(
        {
            "journal_id": journal.id,
            "date": day,
            "ref": f"{line.partner_id.name} {line.move_id.name}",
            "line_ids": [
                Command.create(
                    {
                        "account_id": account.id,
                        "partner_id": line.partner_id.id,
                        "balance": sign * balance,
                        "amount_currency": sign * amount,
                        "currency_id": line.currency_id.id,
                    }
                )
                for account, sign in ((bank, 1), (line.account_id, -1))
            ],
        }
    )
    received.action_post()
    (received.line_ids.filtered(lambda item: item.account_id == line.account_id) | line).reconcile()


def review(orders):
    """The form of each order of the history: asked when it was confirmed, received within four working days, or not."""
    asked = [order for order in orders if not order.order_review_ids]
    starts = [(at(order.date_order.date()), 4) for order in asked]
    due = company.resource_calendar_id._working_day_deadlines(starts, company)
    for order, (start, _days), deadline in zip(asked, starts, due, strict=True):
        in_time = chance.random() < care(order.user_id, deadline.date())
        received = deadline + timedelta(hours=-5 if in_time else 26)
        with freeze_time(start):
            form = env["sale.order.review"].create({"order_id": order.id})
        past = received < datetime.combine(today, time())
        form._write_protected(
            {
                "state": "passed",
                "sign_date": start,
                "deadline": deadline,
                "close_date": received - timedelta(hours=6),
                "hand_out_date": received - timedelta(hours=5),
                "hand_out_uid": assistant,
                "receive_date": received if past else False,
                "receive_uid": order.user_id if past else env["res.users"],
            }
        )


def assign():
    """Three things a month for each, done by the day they are due, or not."""
    tasks = ("Price list for key accounts 大客户价目表", "Visit report 拜访报告", "Forecast for next month 下月预测")
    for month in MONTHS:
        for user in people | assistant:
            for number, task in enumerate(tasks):
                due = month + timedelta(days=7 + 7 * number)
                if due > today + timedelta(days=14):
                    continue
                with freeze_time(at(month)):
                    sheet = (
                        env["sales.assignment.give"]
                        .with_user(director)
                        .create({"name": task, "user_ids": [Command.set(user.ids)], "date_deadline": due})
                    )
                    activity = sheet._give()
                done = due - timedelta(days=1) if chance.random() < care(user, due) else due + timedelta(days=3)
                if done < today:
                    with freeze_time(at(done)):
                        activity.with_user(user).action_feedback("Done. 已完成。")
                        env.flush_all()


receivable, bank, journal = keep_books()
history = env["sale.order"].search(
    [("company_id", "=", company.id), ("state", "=", "sale"), ("name", "like", "S%-%")], order="date_order, id"
)
review(history)
collect(invoice(history), receivable, bank, journal)
assign()
env.cr.commit()
print("books are kept")
