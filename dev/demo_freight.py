# Fed to `odoo shell` after demo_history.py: what the carriers charged for it, in spreadsheets as they send them. Three
# months of each carrier are reconciled, signed, billed and invoiced; the last one lies open, with the errors that
# carriers make.
import random
from datetime import datetime, time, timedelta
from io import BytesIO

import xlsxwriter
from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from odoo.fields import Date

env = env(context={**env.context, "mail_notify_force_send": False})  # noqa: F821
chance = random.Random(2027)
CLOSED = 3
# The carriers' columns, and what of a row stands in them.
COLUMNS = {
    "运单号": "reference",
    "发货日期": "ship_date",
    "目的地": "destination",
    "件数": "pieces",
    "计费重量(kg)": "weight",
    "体积(m³)": "volume",
    "费用项目": "charge_label",
    "金额": "amount",
}
company = env.ref("sales_dept_roles.demo_company")
assistant, director, finance = (
    env.ref(f"sales_dept_roles.user_{login}") for login in ("assistant", "director", "finance")
)
carriers = [
    env.ref(f"sales_dept_logistics.demo_carrier_{name}").with_company(company)
    for name in ("sf", "deppon", "suyun", "ocean")
]
freight, upstairs = (env.ref(f"sales_dept_logistics.charge_{kind}") for kind in ("freight", "upstairs"))
env = env(context={**env.context, "allowed_company_ids": company.ids})


def keep_books():
    """What a vendor bill needs in a company without a chart of accounts."""
    books = env["account.account"].with_company(company)
    expense, payable, accrued = (
        books.create({"name": name, "code": code, "account_type": kind, "reconcile": kind == "liability_payable"})
        for name, code, kind in (
            ("Freight, outbound 销售运费", "660103", "expense"),
            ("Accounts payable 应付账款", "220201", "liability_payable"),
            ("Accrued freight 暂估运费", "220202", "liability_current"),
        )
    )
    env["account.journal"].with_company(company).create(
        {
            "name": "Freight bills 运费账单",
            "code": "FRT",
            "type": "purchase",
            "default_account_id": expense.id,
            "company_id": company.id,
        }
    )
    journal = env["account.journal"].with_company(company)
    company.sales_dept_freight_accrual_account_id = accrued
    company.sales_dept_freight_accrual_journal_id = journal.create(
        {"name": "Freight accruals 运费暂估", "code": "FRA", "type": "general", "company_id": company.id}
    )
    for carrier in carriers:
        carrier.partner_id.with_company(company).property_account_payable_id = payable
        carrier.product_id.with_company(company).property_account_expense_id = expense


def accrue():
    """The month before last is booked and taken back; the last one is counted, and waits for finance."""
    last = Date.today().replace(day=1) - timedelta(days=1)
    before = last.replace(day=1) - timedelta(days=1)
    accruals = env["freight.accrual"].with_user(finance).with_company(company)
    with freeze_time(datetime.combine(last, time(2))):
        accruals.create({"company_id": company.id, "date": before}).action_book()
    accruals.create({"company_id": company.id, "date": last})


def periods(carrier):
    """The last months that the carrier closed, the earliest first."""
    last = env["freight.statement"].new({"carrier_id": carrier.id, "company_id": company.id})
    end = last.date_to
    for back in range(CLOSED, -1, -1):
        closing = end - relativedelta(months=back)
        if not carrier.closing_day:
            closing += relativedelta(day=31)
        before = closing - relativedelta(months=1)
        if not carrier.closing_day:
            before += relativedelta(day=31)
        yield before + timedelta(days=1), closing


def charges(waybills):
    """Rows as the carrier bills them: one for each charge."""
    for waybill in waybills:
        agreed = waybill.charge_ids or [None]
        for charge in agreed:
            yield {
                "reference": waybill.name,
                "ship_date": waybill.shipped_date,
                "destination": waybill.zone,
                "pieces": waybill.pieces,
                "weight": waybill.chargeable_weight,
                "volume": waybill.volume,
                "charge_label": (charge.kind_id if charge else freight).with_context(lang="zh_CN").name,
                "amount": charge.expected_amount if charge else 12.0 * max(waybill.pieces, 1),
            }


def with_errors(rows):
    """The rows with what carriers get wrong, each error on a row of its own."""
    whole = [row for row in rows if row["charge_label"] == freight.with_context(lang="zh_CN").name]
    chance.shuffle(whole)
    for row, error in zip(whole, ("price", "weight", "twice", "number", "surcharge", "missing"), strict=False):
        if error == "price":
            row["amount"] = round(row["amount"] * 1.12, 2)
        elif error == "weight":
            row |= {"weight": row["weight"] + 12, "amount": round(row["amount"] * 1.4, 2)}
        elif error == "twice":
            rows.append(dict(row))
        elif error == "number":
            row["reference"] = row["reference"][:-1] + ("8" if row["reference"][-1] != "8" else "3")
        elif error == "surcharge":
            rows.append({**row, "charge_label": upstairs.with_context(lang="zh_CN").name, "amount": 80.0})
        else:
            rows.remove(row)
    if whole:
        rows.append({**whole[0], "reference": whole[0]["reference"][:-4] + "0000", "destination": "Urumqi 乌鲁木齐"})
    return rows


def carriers_file(carrier, begin, end, rows):
    """The rows as the carrier sends them: a title above the headings, and the sum of all below."""
    output = BytesIO()
    with xlsxwriter.Workbook(output, {"in_memory": True}) as book:
        sheet = book.add_worksheet(f"{end:%Y-%m}")
        title = book.add_format({"bold": True, "align": "center", "font_size": 14})
        heading, day = book.add_format({"bold": True, "border": 1}), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.set_column(0, len(COLUMNS) - 1, 16)
        words = f"{carrier.partner_id.name} 运费对账单 {begin:%Y-%m-%d} – {end:%Y-%m-%d}"
        sheet.merge_range(0, 0, 0, len(COLUMNS) - 1, words, title)
        sheet.write_row(1, 0, COLUMNS, heading)
        for at, row in enumerate(rows, 2):
            for column, name in enumerate(COLUMNS.values()):
                sheet.write(at, column, row[name] or None, day if name == "ship_date" else None)
        sheet.write(len(rows) + 2, 0, "合计", heading)
        sheet.write(len(rows) + 2, len(COLUMNS) - 1, round(sum(row["amount"] for row in rows), 2), heading)
    return output.getvalue()


def read(statement, content):
    """As the assistant does it: dropped on the statement, confirmed the first time, read in the background."""
    name = f"{statement.carrier_id.name} {statement.date_to:%Y-%m}.xlsx"
    attachment = env["ir.attachment"].with_user(assistant).create({"name": name, "raw": content})
    statement.action_add_files(attachment.ids)
    file = statement.file_ids
    if file.state == "confirm":
        file.action_read()
    env["freight.statement.file"]._cron_read()
    assert file.state == "read" and not file.flagged_count, f"{name}: {file.state} {file.problems}"


def statement_of(carrier, begin, end, is_open):
    waybills = env["freight.waybill"].search(
        [
            ("company_id", "=", company.id),
            ("carrier_id", "=", carrier.id),
            ("shipped_date", ">=", begin),
            ("shipped_date", "<=", end),
        ],
        order="shipped_date, id",
    )
    if not waybills:
        return None
    statement = (
        env["freight.statement"]
        .with_user(assistant)
        .with_company(company)
        .create({"carrier_id": carrier.id, "date_from": begin, "date_to": end, "company_id": company.id})
    )
    statement.currency_id = waybills.charge_ids.currency_id[:1] or company.currency_id
    rows = list(charges(waybills))
    if is_open:
        rows = with_errors(rows)
    elif len(rows) > 2:
        rows[1]["amount"] = round(rows[1]["amount"] * 1.08, 2)
    read(statement, carriers_file(carrier, begin, end, rows))
    statement.sudo()._match()
    return statement


def close(statement):
    """Decided, verified, signed, billed; the invoice came and is with finance."""
    exceptions = statement.line_ids.filtered("is_exception")
    disputed = exceptions.filtered(lambda line: line.difference_kind == "price" and line.difference_code != "unrated")
    accepted = exceptions - disputed
    if accepted:
        accepted.action_accept()
    if disputed:
        disputed.action_dispute()
        statement.action_claim()
        dispute = statement.dispute_ids
        dispute.line_ids.write({"answer": "accepted", "answer_note": "同意更正"})
        dispute.action_settle()
    statement.action_approval_submit()
    statement.with_user(finance).action_approval_approve()
    statement.with_user(director).action_approval_approve()
    statement.with_user(finance).action_create_bill()
    invoice = statement.invoice_ids
    invoice.write(
        {
            "number": f"{chance.randrange(10**7, 10**8)}",
            "date": Date.today(),
            "amount": statement.billed_total,
            "scan": SCAN,
            "scan_name": "发票.png",
        }
    )
    invoice.action_receive()
    invoice.action_hand_over()
    invoice.with_user(finance).action_give_receipt()


SCAN = env["ir.attachment"].search([("res_model", "=", "freight.waybill")], limit=1).datas
keep_books()
for carrier in carriers:
    for begin, end in periods(carrier):
        is_open = end == list(periods(carrier))[-1][1]
        day = min(end + timedelta(days=1 if is_open else 2), Date.today())
        with freeze_time(datetime.combine(day, time(2))):
            statement = statement_of(carrier, begin, end, is_open)
            if statement and not is_open:
                close(statement)
            env.flush_all()
accrue()
env.cr.commit()
print("freight is reconciled")
