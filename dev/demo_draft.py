# Fed to `odoo shell` after demo_reports.py: agreements that are paid by the month, and the acceptance drafts by which
# customers pay: one to register, held ones, one endorsed, one discounted, one paid, and one that bounced.
from datetime import datetime, time, timedelta

from freezegun import freeze_time

from odoo.fields import Command, Domain

env = env(context={**env.context, "mail_notify_force_send": False})  # noqa: F821


def ref(name):
    return env.ref(f"sales_dept_roles.{name}")


company = ref("demo_company")
env = env(context={**env.context, "allowed_company_ids": company.ids})
today = company._local_today()
manager1, manager2, director, gm, finance = (
    ref(f"user_{login}") for login in ("manager1", "manager2", "director", "gm", "finance")
)


def at(day):
    return freeze_time(datetime.combine(day, time(2)))


def keep_books():
    """Journals and accounts of drafts, of a bank, and of a supplier who takes drafts."""
    books = env["account.account"].with_company(company)
    in_hand, costs, payable = (
        books.create({"name": name, "code": code, "account_type": kind, "reconcile": reconciles})
        for name, code, kind, reconciles in (
            ("Drafts in hand 应收票据", "112101", "asset_current", True),
            ("Finance costs 财务费用", "660301", "expense", False),
            ("Accounts payable 应付账款", "220211", "liability_payable", True),
        )
    )
    journals = env["account.journal"].with_company(company)
    drafts = journals.create(
        {"name": "Acceptance drafts 承兑汇票", "code": "ADR", "type": "bank", "company_id": company.id}
    )
    drafts.inbound_payment_method_line_ids.payment_account_id = in_hand
    bank = journals.create(
        {
            "name": "ICBC current account 工商银行基本户",
            "code": "ICBC",
            "type": "bank",
            "company_id": company.id,
            "default_account_id": books.search([("code", "=", "100201")], limit=1).id,
        }
    )
    company.write({"sales_dept_draft_journal_id": drafts.id, "sales_dept_draft_cost_account_id": costs.id})
    supplier = env["res.partner"].create(
        {
            "name": "Jiangsu Bar Steel 江苏圆钢",
            "is_company": True,
            "company_id": company.id,
            "country_id": company.country_id.id,
        }
    )
    supplier.with_company(company).property_account_payable_id = payable
    return bank, supplier


def by_the_month(name, months, cut_off_day, grace_days=0):
    line = {
        "value": "percent",
        "value_amount": 100,
        "delay_type": "closing_months",
        "nb_days": months,
        "sales_dept_cut_off_day": cut_off_day,
        "sales_dept_grace_days": grace_days,
    }
    return env["account.payment.term"].create(
        {"name": name, "company_id": company.id, "line_ids": [Command.create(line)]}
    )


def renew(agreement, term, base):
    """The renewal of an agreement, with payment by the month, submitted by its account manager."""
    if not agreement.successor_id:
        agreement.with_user(manager1).action_renew()
    renewal = agreement.successor_id.with_user(manager1)
    renewal.write({"payment_term_id": term.id, "payment_base": base})
    renewal.action_approval_submit()
    return renewal


def open_invoices(customer):
    """What the customer has not paid of, oldest first."""
    return env["account.move"].search(
        Domain("commercial_partner_id", "=", ref(customer).id)
        & Domain("company_id", "=", company.id)
        & Domain("move_type", "=", "out_invoice")
        & Domain("state", "=", "posted")
        & Domain("payment_state", "=", "not_paid"),
        order="invoice_date, id",
    )


def draft(
    customer, invoices, number, maturity, kind="bank", medium="electronic", acceptor="", drawer="", received=None
):
    """A draft as it is entered by the account manager, some days after the last of the invoices that it pays."""
    received = received or min(
        max(invoices.mapped("invoice_date")) + timedelta(days=5), maturity - timedelta(days=2), today
    )
    with at(received):
        return (
            env["sales.acceptance.draft"]
            .with_user(ref(customer).user_id)
            .create(
                {
                    "name": number,
                    "kind": kind,
                    "medium": medium,
                    "partner_id": ref(customer).id,
                    "drawer": drawer or ref(customer).name,
                    "acceptor": acceptor,
                    "issue_date": min(received, maturity - timedelta(days=170)),
                    "receipt_date": received,
                    "maturity_date": maturity,
                    "amount": sum(invoices.mapped("amount_residual")),
                    "invoice_ids": [Command.set(invoices.ids)],
                }
            )
        )


def receive(entered):
    with at(entered.receipt_date):
        entered.with_user(finance).action_receive()
    return entered


def step(held, kind, day, **values):
    with at(day):
        dialog = env["sales.acceptance.draft.step"].with_user(finance)
        dialog.create({"draft_id": held.id, "kind": kind, "date": day, **values}).action_confirm()


bank, supplier = keep_books()

# 月结, with a cut-off day: one agreement in force, one before the general manager.
agreement = renew(
    ref("demo_agreement_beifang"),
    by_the_month("Closing on the 25th, 2 months 月结60天（25日截止）", 2, 25),
    "statement",
)
agreement.with_user(director).action_approval_approve()
agreement.with_user(gm).action_approval_approve()
agreement.write({"signed_scan": ref("demo_agreement_beifang").signed_scan, "signed_scan_name": "Beifang-signed.pdf"})

boyu, ruifeng, beifang = (open_invoices(f"demo_customer_{name}") for name in ("boyu", "ruifeng", "beifang"))
huaxin, yongjia, xinyuan = (open_invoices(f"demo_customer_{name}") for name in ("huaxin", "yongjia", "xinyuan"))

# Held: one that matures soon, which finance is asked to present, and one that has time.
receive(
    draft(
        "demo_customer_boyu",
        boyu[:1],
        "130158400001220260601000000101",
        today + timedelta(days=8),
        acceptor="China Merchants Bank, Shenzhen 招商银行深圳分行",
    )
)
receive(
    draft(
        "demo_customer_huaxin",
        huaxin[:1],
        "131029000002220260815000000207",
        today + timedelta(days=75),
        acceptor="Bank of Shanghai 上海银行",
    )
)
# Passed on to a supplier, and turned into money at the bank: both may still come back.
endorsed = receive(
    draft(
        "demo_customer_beifang",
        beifang[:1],
        "131311000003220260702000000318",
        today + timedelta(days=40),
        acceptor="Bank of Tianjin 天津银行",
    )
)
step(endorsed, "endorsed", min(endorsed.receipt_date + timedelta(days=6), today), partner_id=supplier.id)
discounted = receive(
    draft(
        "demo_customer_yongjia",
        yongjia[:1],
        "131333200004220260720000000422",
        today + timedelta(days=55),
        acceptor="Bank of Ningbo 宁波银行",
    )
)
step(
    discounted,
    "discounted",
    min(discounted.receipt_date + timedelta(days=3), today),
    journal_id=bank.id,
    interest=round(discounted.amount * 0.0065, 2),
    fee=10,
)
# Paid when it matured.
paid = receive(
    draft(
        "demo_customer_xinyuan",
        xinyuan[:1],
        "131345200005220260505000000536",
        today - timedelta(days=4),
        acceptor="Bank of Qingdao 青岛银行",
    )
)
step(paid, "paid", today - timedelta(days=3), journal_id=bank.id)
# A company's promise that was not kept: what it paid is owed again, and as overdue as it was.
bounced = receive(
    draft(
        "demo_customer_ruifeng",
        ruifeng[:1],
        "00100063 28845167",
        today - timedelta(days=6),
        kind="commercial",
        medium="paper",
        acceptor="Wuxi Precision Castings 无锡精密铸造",
        drawer="Wuxi Precision Castings 无锡精密铸造",
    )
)
step(bounced, "dishonoured", today - timedelta(days=5), note="The acceptor's account had no cover 承兑人账户余额不足")
# Handed over this morning: finance has not registered it yet.
draft(
    "demo_customer_boyu",
    boyu[1:2] or boyu[:1],
    "230158400006220261010000000643",
    today + timedelta(days=120),
    kind="commercial",
    acceptor="Shenzhen Boyu Robotics 深圳博宇机器人",
    received=today,
)

env["sales.acceptance.draft"]._cron_remind()
env.cr.commit()
print("drafts are kept")
