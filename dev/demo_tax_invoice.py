# Fed to `odoo shell` after the books of the demo company are kept: the tax-office invoices of what was invoiced, and
# how they got to the customers. Most in time, one late, one taken back; some shipments close in three days.
import base64
import random
from datetime import datetime, time, timedelta

from freezegun import freeze_time

from odoo.fields import Command

env = env(context={**env.context, "mail_notify_force_send": False})  # noqa: F821
chance = random.Random(2032)
PDF = base64.b64encode(
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)


def ref(name):
    return env.ref(f"sales_dept_roles.{name}")


company = ref("demo_company")
env = env(context={**env.context, "allowed_company_ids": company.ids})
finance, assistant = (ref(f"user_{login}") for login in ("finance", "assistant"))
today = company._local_today()
number = 26312000000000100000
moves = env["account.move"].search(
    [("company_id", "=", company.id), ("move_type", "=", "out_invoice"), ("state", "=", "posted")],
    order="invoice_date, id",
)


def at(day, hour=6):
    return datetime.combine(min(day, today - timedelta(days=1)), time(hour))


def issue(values, day):
    global number
    number += chance.randint(3, 90)
    with freeze_time(at(day)):
        invoice = (
            env["sales.tax.invoice"]
            .with_user(finance)
            .create({"number": str(number), "date": at(day).date(), "company_id": company.id, **values})
        )
        invoice.action_issue()
    return invoice


def hand_over(invoice, day):
    """By courier mostly, now and then with the salesperson, or by mail."""
    method = chance.choice(("courier", "courier", "in_person", "mail"))
    receiver = env["sales.invoice.hand.over"]._invoice_contact(invoice.partner_id).name
    values = {
        "method": method,
        "date": at(day, 8),
        "handed_by_id": assistant.id,
        "receiver": receiver,
        "email": method == "mail" and (invoice.partner_id.email or "finance@customer.example"),
        "carrier": method == "courier" and "顺丰速运 SF Express",
        "tracking_number": method == "courier" and f"SF{1399021100000 + chance.randint(0, 99999)}",
    }
    env["sales.invoice.handover"]._log(values, tax_invoices=invoice)


# A tenth waits for the assistant still; one came after its customer had closed.
for position, move in enumerate(moves):
    day = move.invoice_date + timedelta(days=chance.choice((0, 0, 1)))
    if position == len(moves) - 4:
        day = min(move.invoice_date + timedelta(days=34), today - timedelta(days=1))
    kind = "digital_normal" if "Keller" in move.partner_id.name else "digital_special"
    invoice = issue({**move._prepare_tax_invoice_values(), "kind": kind, "pdf_file": PDF}, day)
    if position < len(moves) - 3:
        hand_over(invoice, day + timedelta(days=chance.choice((0, 1, 2))))

# The quantity was wrong: taken back as a whole, and issued anew.
wrong = env["sales.tax.invoice"].search([("company_id", "=", company.id), ("state", "=", "issued")], limit=1, offset=6)
move = wrong.line_ids.move_id
day = wrong.date + timedelta(days=2)
red = issue(
    {**wrong._prepare_red_values(), "line_ids": [Command.create({"move_id": move.id, "amount": -wrong.amount_total})]},
    day,
)
anew = issue({**move._prepare_tax_invoice_values(), "kind": wrong.kind, "pdf_file": PDF}, day)
hand_over(anew, day + timedelta(days=1))
red.message_post(
    body="数量开错,红冲重开。 The quantity was wrong: taken back, and issued anew.", author_id=finance.partner_id.id
)

# Registered by the assistant; finance issues it.
draft = {"partner_id": wrong.partner_id.id, "company_id": company.id, "amount_untaxed": 2000, "amount_tax": 260}
env["sales.tax.invoice"].with_user(assistant).create({**draft, "note": "Waits for the number. 等待开票号码。"})

# A customer who closes in three days, to whom two orders went out.
POLICIES = {
    "sales_dept_quote_signoff": "off",
    "sales_dept_order_review": "off",
    "sales_dept_customer_file": False,
    "sales_dept_agreement": False,
    "sales_dept_delivery_notice": False,
}
kept = {name: company[name] for name in POLICIES}
company.write(POLICIES)
customer = env["res.partner"].create(
    {
        "name": "Hangzhou Qiantang Tools 杭州钱塘工具",
        "is_company": True,
        "email": "fapiao@qiantang.example",
        "city": "Hangzhou",
        "country_id": env.ref("base.cn").id,
        "lang": "zh_CN",
        "user_id": ref("user_manager1").id,
        "company_id": company.id,
        "customer_file_closing_day": (today + timedelta(days=3)).day,
    }
)
goods = moves.invoice_line_ids.product_id.filtered(lambda product: product.type == "consu")[:2]
for product, quantity in zip(goods, (60, 25), strict=True):
    order = (
        env["sale.order"]
        .with_company(company)
        .create(
            {
                "partner_id": customer.id,
                "company_id": company.id,
                "user_id": ref("user_manager1").id,
                "order_line": [Command.create({"product_id": product.id, "product_uom_qty": quantity})],
            }
        )
    )
    order.action_confirm()
    for stock_move in order.picking_ids.move_ids:
        stock_move.write({"quantity": quantity, "picked": True})
    order.picking_ids._action_done()
company.write({**kept, "sales_dept_tax_invoices": True, "sales_dept_invoicing_days": 3})
env["sale.order"]._cron_ask_to_invoice()
env.cr.commit()
print("invoices are handed over")
