# Fed to `odoo shell` after the books of the demo company are kept: its collection. Ageing of five month's ends, plans
# of the running month approved, promises kept and broken, a dispute, reminders, and what is long overdue.
import random
from datetime import datetime, time, timedelta

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from odoo.fields import Command

env = env(context={**env.context, "mail_notify_force_send": False})  # noqa: F821
chance = random.Random(2031)
company = env.ref("sales_dept_roles.demo_company")
env = env(context={**env.context, "allowed_company_ids": company.ids})
manager1, manager2, director, finance, assistant = (
    env.ref(f"sales_dept_roles.user_{login}") for login in ("manager1", "manager2", "director", "finance", "assistant")
)
today = company._local_today()
month = today.replace(day=1)
company.sales_dept_collection = True
receivable = env["account.account"].with_company(company).search([("code", "=", "112201")], limit=1)
bank = env["account.account"].with_company(company).search([("code", "=", "100201")], limit=1)
journal = env["account.journal"].search([("company_id", "=", company.id), ("code", "=", "REC")], limit=1)


def at(day, hour=2):
    return datetime.combine(day, time(hour))


def overdue(user):
    """Of each customer who is overdue an instalment, largest first."""
    env.flush_all()
    env.invalidate_all()
    items = env["sales.receivable.item"].search(
        [("company_id", "=", company.id), ("user_id", "=", user.id), ("is_overdue", "=", True)]
    )
    lines = env["account.move.line"].browse(items.sorted(lambda item: -item.amount_company).ids)
    return [of_customer[0] for of_customer in lines.grouped("partner_id").values()]


def pay(line, day, share=1):
    """Receive a share of what is open of an instalment."""
    amount = line.currency_id.round(line.amount_residual_currency * share)
    balance = company.currency_id.round(line.amount_residual * share)
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
                for account, sign in ((bank, 1), (receivable, -1))
            ],
        }
    )
    received.action_post()
    (received.line_ids.filtered(lambda item: item.account_id == receivable) | line).reconcile()


def promise(user, line, made, day, share=1, **vals):
    with freeze_time(at(made)):
        return (
            env["sales.collection.promise"]
            .with_user(user)
            .create(
                {
                    "company_id": company.id,
                    "partner_id": line.partner_id.commercial_partner_id.id,
                    "move_line_ids": [Command.set(line.ids)],
                    "date": day,
                    "amount": line.currency_id.round(line.amount_residual_currency * share),
                    **vals,
                }
            )
        )


def bounce(user):
    """Receipts that came back: their customers owe the money again."""
    items = env["account.move.line"].search(
        [
            ("company_id", "=", company.id),
            ("account_id", "=", receivable.id),
            ("move_id.move_type", "=", "out_invoice"),
            ("move_id.invoice_user_id", "=", user.id),
            ("date_maturity", ">=", today - timedelta(days=80)),
            ("date_maturity", "<", today),
            ("reconciled", "=", True),
        ],
        order="date_maturity, id",
    )
    for lines in list(items.grouped("partner_id").values())[:5]:
        receipt = lines[0].matched_credit_ids.credit_move_id.move_id
        lines[0].remove_move_reconcile()
        receipt.button_draft()
        receipt.button_cancel()


def talk(user, line, day, kind, result, after=None):
    with freeze_time(at(day, 3)):
        env["sales.collection.contact"].with_user(user).create(
            {
                "company_id": company.id,
                "partner_id": line.partner_id.commercial_partner_id.id,
                "kind": kind,
                "result": result,
                "next_date": after and day + timedelta(days=after),
                "move_line_ids": [Command.set(line.ids)],
            }
        )


def plan(user):
    """The plan of the running month, made in its first days and approved."""
    with freeze_time(at(min(month + timedelta(days=1), today))):
        made = (
            env["sales.collection.plan"]
            .with_user(user)
            .create({"user_id": user.id, "company_id": company.id, "date_from": month})
        )
        made.action_make()
        for line in made.line_ids:
            line.expected_date = max(line.date_due, month) + timedelta(days=chance.choice((0, 3, 7)))
        if made.line_ids:
            made.line_ids[0].note = "Wants the statement first 先要对账单"
            made.action_approval_submit()
            made.with_user(director).action_approval_approve(comment="Good; press the oldest first. 先催最久的。")
    return made


for user in (manager1, manager2):
    bounce(user)
for back in range(5, 0, -1):
    env["sales.receivable.ageing"]._take(company, month - relativedelta(months=back - 1) - timedelta(days=1))
for user in (manager1, manager2):
    plan(user)
for user in (manager1, manager2):
    kept, missed, partly, later, *others = [*overdue(user), None, None, None, None]
    long_ago = today - timedelta(days=12)
    if kept:
        talk(user, kept, long_ago, "call", "The boss signs on Friday. 老板周五签字。", 4)
        promise(user, kept, long_ago, today - timedelta(days=4), note="By transfer 电汇")
        pay(kept, today - timedelta(days=5))
    if missed:
        talk(user, missed, long_ago, "visit", "Cash is short; promised half next week. 资金紧张，答应下周付。", 6)
        promise(user, missed, long_ago, today - timedelta(days=6))
    if partly:
        promise(user, partly, long_ago, today - timedelta(days=3))
        pay(partly, today - timedelta(days=4), 0.4)
    if later:
        promise(user, later, today - timedelta(days=2), today + timedelta(days=5), 0.5)
    rest = [line for line in others if line]
    if rest:
        line = rest[0]
        with freeze_time(at(long_ago)):
            env["sales.collection.dispute"].with_user(user).create(
                {
                    "company_id": company.id,
                    "partner_id": line.partner_id.commercial_partner_id.id,
                    "move_line_id": line.id,
                    "amount": line.currency_id.round(line.amount_residual_currency * 0.3),
                    "kind": "quality",
                    "reason": "Two of the parts have burrs; wants them credited. 两件有毛刺，要求折让。",
                    "responsible_id": finance.id,
                }
            )
env.flush_all()
env.invalidate_all()
with freeze_time(at(today - timedelta(days=1))):
    env["sales.collection.promise"]._cron_judge()
with freeze_time(at(today - timedelta(days=2))):
    remind = env["sales.collection.remind"].with_user(manager1)
    customers = [line.partner_id.commercial_partner_id.id for line in overdue(manager1)[:2]]
    action = remind._open(env["res.partner"].with_user(manager1).browse(customers), company)
    letters = remind.browse(action["res_id"])
    letters.line_ids.filtered(lambda line: not line.recipient_id.email).is_sent = False
    if any(letters.line_ids.mapped("is_sent")):
        letters.action_send()
env["sales.collection.contact"]._cron_escalate()
env["sales.collection.plan"]._cron_add_later()
env.cr.commit()
print("receivables are chased")
