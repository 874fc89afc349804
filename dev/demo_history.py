# Fed to `odoo shell` after load_demo.py: what the demo company did in the six months before today.
# Every step is what a person of the company would do, in the order of the days, with the clock set back to that day.
import random
from collections import defaultdict
from datetime import datetime, time, timedelta

from freezegun import freeze_time

from odoo.fields import Command, Date

env = env(context={**env.context, "mail_notify_force_send": False})  # noqa: F821
chance = random.Random(2026)
WEEKS = 26
# The last days belong to what the other demo data tell.
UNTIL = Date.today() - timedelta(days=4)
# Before this the department worked by word of mouth; since then its quotations are signed.
SIGNED_SINCE = Date.today() - timedelta(weeks=13)


def ref(name):
    module = "sales_dept_logistics" if name.startswith("demo_carrier") else "sales_dept_roles"
    return env.ref(f"{module}.{name}")


company = ref("demo_company")
warehouse = ref("demo_warehouse")
assistant, director, gm = (ref(f"user_{login}") for login in ("assistant", "director", "gm"))
keeper = ref("user_warehouse")
POLICIES = {
    "sales_dept_quote_signoff": "off",
    "sales_dept_order_review": "off",
    "sales_dept_customer_file": False,
    "sales_dept_agreement": False,
}
# Goods of their own: what the other demo data tell of stock stays true.
# Name, code, price, cost, kg, what is usually ordered, what a receipt brings beyond what was ordered.
GOODS = (
    ("Timing pulley HTD 5M 32T 同步带轮", "HR-TP-532", 46.0, 28.52, 0.38, (40, 60, 100), 60),
    ("Clamp ring φ25 夹紧环", "HR-CR-25", 7.8, 4.84, 0.12, (200, 300, 500), 400),
    ("Guide block, bronze inlay 导向块", "HR-GB-60", 132.0, 81.84, 0.95, (15, 20, 40), 20),
    ("Bearing cap 6205 轴承盖", "HR-BC-6205", 18.5, 11.47, 0.21, (80, 120, 200), 150),
    ("Motor plate, machined 电机安装板", "HR-MP-80", 265.0, 164.3, 1.6, (10, 15, 25), 10),
    ("Lead screw nut Tr16×4 丝杠螺母", "HR-LN-164", 58.0, 35.96, 0.45, (30, 50, 80), 50),
)
# Customer, how often an order comes from there, carrier, days on the way.
CUSTOMERS = [
    (ref(f"demo_customer_{name}"), weight, ref(f"demo_carrier_{carrier}"), days)
    for name, weight, carrier, days in (
        ("hengtai", 5, "suyun", 1),
        ("boyu", 4, "deppon", 3),
        ("yongjia", 3, "deppon", 2),
        ("ruifeng", 4, "suyun", 1),
        ("tianhe", 2, "sf", 2),
        ("huaxin", 3, "sf", 1),
        ("jinda", 2, "deppon", 3),
        ("beifang", 3, "deppon", 3),
        ("xinyuan", 2, "suyun", 2),
        ("keller", 1, "ocean", 32),
    )
]
# How an order goes: kept, shipped days late, in two parts, or some of it comes back.
WAYS = ["kept"] * 13 + ["late"] * 4 + ["parts"] * 3 + ["returned"] * 2
RECEIVERS = {"hengtai": "徐芳", "keller": "J. Brandt"}

agenda = defaultdict(list)
numbers = defaultdict(int)


def on(day, step, *what):
    """Put `step` on the agenda of the first working day from `day` on; what has not come yet is not history."""
    while day.weekday() > 4:
        day += timedelta(days=1)
    if day <= UNTIL:
        agenda[day].append((step, what))
    return day


def number(prefix, digits, start):
    numbers[prefix] += chance.randint(3, 90)
    return f"{prefix}{start + numbers[prefix]:0{digits}}"


def tracking(carrier):
    """A number as that carrier writes it."""
    name = carrier.get_external_id()[carrier.id].rpartition("_")[2]
    return {
        "sf": lambda: number("SF", 13, 1399021000000),
        "deppon": lambda: number("DPK", 12, 202600010000),
        "suyun": lambda: number("苏运 ", 4, 100),
        "ocean": lambda: number("HTSHA", 7, 6100100),
    }[name]()


# === STEPS === #


def receive(product_id, quantity):
    picking = (
        env["stock.picking"]
        .with_company(company)
        .create(
            {
                "picking_type_id": warehouse.in_type_id.id,
                "location_id": env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": warehouse.lot_stock_id.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": product_id,
                            "product_uom_qty": quantity,
                            "location_id": env.ref("stock.stock_location_suppliers").id,
                            "location_dest_id": warehouse.lot_stock_id.id,
                            "company_id": company.id,
                        }
                    )
                ],
            }
        )
    )
    picking.action_confirm()
    done(picking)


def done(picking, quantities=None):
    for move in picking.move_ids:
        move.quantity = quantities[move.sale_line_id] if quantities else move.product_uom_qty
        move.picked = True
    picking._action_done()


def order(day, customer, carrier, transit):
    """A quotation, with all that will come of it."""
    lines = [
        {"product_id": product.id, "product_uom_qty": chance.choice(usual), "discount": chance.choice((0, 0, 0, 3, 5))}
        for product, usual, _surplus in chance.sample(goods, chance.choice((1, 1, 2)))
    ]
    numbers[day.strftime("%y%m")] += 1
    promised = day + timedelta(days=chance.choice((14, 18, 21, 28)))
    quotation = (
        env["sale.order"]
        .with_user(customer.user_id)
        .with_company(company)
        .create(
            {
                "name": f"S{day:%y%m}-{numbers[day.strftime('%y%m')]:02}",
                "partner_id": customer.id,
                "company_id": company.id,
                "user_id": customer.user_id.id,
                "client_order_ref": f"PO-{day:%y%m}{chance.randint(10, 99)}",
                "commitment_date": datetime.combine(promised, time(9)),
                "order_line": [Command.create(line) for line in lines],
            }
        )
    )
    if day >= SIGNED_SINCE:
        quotation.action_approval_submit()
        on(day + timedelta(days=1), sign, quotation)
    confirmed = on(day + timedelta(days=3), confirm, quotation)
    way = chance.choice(WAYS)
    ready = promised - timedelta(days=2 + transit % 5)
    if way == "late":
        ready = promised + timedelta(days=chance.choice((3, 5, 8)))
    ready = max(ready, confirmed + timedelta(days=3))
    for line in lines:
        # Made for the order, and a little more now and then.
        surplus = {product: surplus for product, _usual, surplus in goods}[
            env["product.product"].browse(line["product_id"])
        ]
        made = line["product_uom_qty"] + (surplus if chance.random() < 0.2 else 0)
        on(ready - timedelta(days=2), receive, line["product_id"], made)
    on(ready, ship, quotation, way, carrier, transit)
    if way == "late":
        on(promised - timedelta(days=chance.choice((2, 4, 6))), warn, quotation, ready)


def sign(quotation):
    quotation.with_user(gm).action_approval_approve()


def confirm(quotation):
    quotation.action_confirm()


TROUBLES = (
    ("production", "The milling machine stood still. 铣床停机。", "Second shift until it is made up. 加开第二班。"),
    ("purchase", "Bar stock came late. 棒料到货延迟。", "Another mill for the rest. 余料改由另一钢厂供货。"),
    ("picking", "No truck on that day. 当日无车。", "Another carrier. 改由另一承运商发货。"),
)


def warn(sale, ready):
    """The date cannot be kept: most customers hear of it before, some afterwards, a few when they have the goods."""
    cause, what, measure = chance.choice(TROUBLES)
    exception = (
        env["sale.order.exception"]
        .with_user(sale.user_id)
        .create(
            {
                "order_id": sale.id,
                "sale_line_id": sale.order_line[:1].id,
                "cause": cause,
                "description": what,
                "measure": measure,
                "date_new": ready + timedelta(days=2),
            }
        )
    )
    told = chance.choices((0, 9, None), (7, 2, 1))[0]
    if told is not None:
        on(Date.today() + timedelta(days=told), tell, exception)
    on(ready + timedelta(days=10), end, exception)


def tell(exception):
    order = exception.order_id.with_user(exception.user_id)
    order.message_post(
        body=f"{exception.name}: {exception.description} {exception.measure}",
        message_type="comment",
        subtype_xmlid="mail.mt_comment",
        partner_ids=order.partner_id.ids,
    )


def end(exception):
    if exception.state != "told":
        tell(exception)
    exception.with_user(exception.user_id).action_close()


def ship(sale, way, carrier, transit, part=None):
    """Notice, acceptance, loading, waybill."""
    today = Date.today()
    lines = sale.order_line.filtered(lambda line: line.qty_to_notice > 0)
    if way == "parts" and part is None:
        quantities = {line: round(line.product_uom_qty * 0.6) for line in lines}
        on(today + timedelta(days=chance.choice((7, 12))), ship, sale, way, carrier, transit, 2)
    else:
        quantities = {line: line.qty_to_notice for line in lines}
    notice = (
        env["sale.delivery.notice"]
        .with_user(assistant)
        .with_company(company)
        .create(
            {
                "partner_id": sale.partner_id.id,
                "company_id": company.id,
                "user_id": sale.user_id.id,
                "wanted_date": today,
                "carrier_id": carrier.id,
                "line_ids": [
                    Command.create({"sale_line_id": line.id, "quantity": quantity})
                    for line, quantity in quantities.items()
                ],
            }
        )
    )
    notice.action_issue()
    notice.with_user(keeper).action_accept()
    picking = sale.sudo().picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel"))
    picking.write({"carrier_id": carrier.id, "carrier_tracking_ref": tracking(carrier)})
    done(picking, quantities)
    on(today + timedelta(days=transit), arrive, notice, picking, way)


def arrive(notice, picking, way):
    """The customer signs; the carrier brings the paper, most of the time."""
    customer = notice.partner_id.get_external_id()[notice.partner_id.id].rpartition("_")[2]
    notice.with_user(assistant).action_sign_for(RECEIVERS.get(customer, "收货章"), source="carrier")
    waybill = picking.waybill_ids
    waybill.with_user(assistant).signed_date = Date.today()
    if chance.random() < 0.93:
        env["ir.attachment"].create(
            {"name": f"{waybill.name}.png", "raw": SCAN, "res_model": waybill._name, "res_id": waybill.id}
        )
    if way == "returned":
        on(Date.today() + timedelta(days=chance.choice((4, 9))), take_back, picking)


def take_back(picking):
    move = picking.move_ids[0]
    wizard = (
        env["stock.return.picking"]
        .with_company(company)
        .with_context(active_id=picking.id, active_ids=picking.ids, active_model="stock.picking")
        .create({})
    )
    wizard.product_return_moves.write({"quantity": 0})
    row = wizard.product_return_moves.filtered(lambda row: row.move_id == move)
    row.write({"quantity": max(round(move.quantity / 10), 1), "to_refund": True})
    returned = env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
    done(returned)


# === THE SIX MONTHS === #

SCAN = env["ir.attachment"].search([("res_model", "=", "freight.waybill")], limit=1).raw
kept = {name: company[name] for name in POLICIES}
products = (
    env["product.product"]
    .with_company(company)
    .create(
        [
            {
                "name": name,
                "default_code": code,
                "list_price": price,
                "standard_price": cost,
                "weight": weight,
                "type": "consu",
                "is_storable": True,
                "company_id": company.id,
                "taxes_id": False,
                "supplier_taxes_id": False,
            }
            for name, code, price, cost, weight, _usual, _surplus in GOODS
        ]
    )
)
goods = [(product, *row[5:]) for product, row in zip(products, GOODS, strict=True)]
start = Date.today() - timedelta(weeks=WEEKS, days=Date.today().weekday())
for week in range(WEEKS):
    monday = start + timedelta(weeks=week)
    # Business grows over the months.
    for _order in range(2 if week < WEEKS // 2 else chance.choice((2, 3, 3))):
        customer, _weight, carrier, transit = chance.choices(CUSTOMERS, [row[1] for row in CUSTOMERS])[0]
        day = monday + timedelta(days=chance.randint(0, 4))
        on(day, order, day, customer, carrier, transit)

company.write(POLICIES)
with freeze_time(datetime.combine(start, time(2))) as clock:
    while agenda:
        day = min(agenda)
        # Ten o'clock in the company.
        clock.move_to(datetime.combine(day, time(2)))
        # What was offered before is confirmed by then.
        if day >= SIGNED_SINCE + timedelta(days=10):
            company.sales_dept_quote_signoff = kept["sales_dept_quote_signoff"]
        for step, what in agenda.pop(day):
            step(*what)
        env.flush_all()
company.write(kept)
env.cr.commit()
print("history is written")
