"""Ten carriers as they bill: each with its rate card, its own way of counting, and its own form of statement.

What a shipment costs is counted here once more, in a line or two for each carrier, as the carrier would: the test
compares it with what Odoo holds for agreed. All of it is seeded, and the files are made when they are asked for.
"""

from collections import Counter
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from io import BytesIO
from typing import NamedTuple

import xlsxwriter
import xlwt

from .statement_files import csv

FIRST, LAST = date(2031, 3, 1), date(2031, 3, 31)
# City, and the zone that carriers put it in.
CITIES = {"杭州": "near", "苏州": "near", "武汉": "middle", "长沙": "middle", "成都": "far", "沈阳": "far"}
PORTS = {"Hamburg": "near", "Rotterdam": "near", "Los Angeles": "far"}
WESTERN = {"Berlin": "near", "Lyon": "middle", "Porto": "far"}
# So many parcels of a statement are right; what is planted comes on top of some of them.
PARCELS = 110


def cents(amount, unit="0.01", rule=ROUND_HALF_UP):
    return (Decimal(amount) / Decimal(unit)).quantize(Decimal(1), rule) * Decimal(unit)


def upwards(quantity, step):
    return cents(quantity, step, ROUND_CEILING)


class Parcel(NamedTuple):
    number: str
    day: date
    city: str
    weight: Decimal
    volume: Decimal = Decimal(0)
    pieces: int = 1
    declared: int = 0
    services: tuple = ()


class Row(NamedTuple):
    """What the carrier writes of a parcel; `charges` by the codes of their kinds."""

    reference: str
    day: date
    city: str
    weight: Decimal
    charges: dict
    parcel: Parcel
    tax_rate: int = 0


class Plan(NamedTuple):
    """What left, what the carrier billed, and what is wrong with it.

    :param Counter planted: of ``(number, kind, class of difference)``
    :param shipped: parcels of which a waybill is kept, with the day on which they left
    :param foreign: parcels that left with another carrier
    """

    rows: list
    shipped: list
    foreign: list
    planted: Counter


class Layout:
    """A carrier, its card, and its form of statement."""

    name = ""
    currency = "CNY"
    prefix, digits, first_number = "", 0, 10_000_000
    cities = CITIES
    divisor = 0
    fuel = 0
    tax_rate = 0
    card = {}
    errors = ("price", "weight", "unknown", "twice", "surcharge", "period", "carrier", "missing")
    # In place of the number: nothing, or one character that is wrong.
    oddities = ("typo", "lost", "rounding", "edge")

    def tiers(self):
        """``[(zone or None, values of a tier)]``."""
        return []

    def price(self, parcel, weight=None):
        """What is due by kind of charge; with `weight` as if it weighed so much."""
        raise NotImplementedError

    def file(self, rows):
        """``[(name, content)]``."""
        raise NotImplementedError

    # === WHAT LEFT === #

    def parcel(self, at, random):
        return Parcel(
            number=f"{self.prefix}{self.first_number + at * 3_711:0{self.digits}}",
            day=FIRST + timedelta(days=random.randrange(31)),
            city=random.choice(list(self.cities)),
            weight=Decimal(random.randrange(3, 400)) / 10,
            pieces=random.randrange(1, 6),
        )

    def charged(self, parcel):
        """The weight that stands on the statement."""
        return parcel.weight

    def row(self, parcel, **values):
        values = {"weight": self.charged(parcel), "charges": self.price(parcel), "tax_rate": self.tax_rate, **values}
        return Row(**{"reference": parcel.number, "day": parcel.day, "city": parcel.city, "parcel": parcel, **values})

    # === WHAT IS WRONG === #

    def plan(self, random):
        parcels = [self.parcel(at, random) for at in range(PARCELS)]
        plan = Plan([], [], [], Counter())
        odd = iter([*self.errors, *self.oddities])
        for at, parcel in enumerate(parcels):
            way = next(odd, None) if at % 7 == 3 else None
            getattr(self, f"plan_{way or 'right'}")(plan, parcel)
        assert next(odd, None) is None
        random.shuffle(plan.rows)
        return plan

    def plan_right(self, plan, parcel, row=None):
        plan.shipped.append((parcel, parcel.day))
        plan.rows.append(row or self.row(parcel))

    def plan_price(self, plan, parcel):
        charges = self.price(parcel)
        charges["freight"] = cents(charges["freight"] * Decimal("1.1") + 1)
        self.plan_right(plan, parcel, self.row(parcel, charges=charges))
        plan.planted[parcel.number, "freight", "price"] += 1

    def plan_weight(self, plan, parcel):
        """Weighed at more than twice of what it is."""
        weight = self.charged(parcel) * 2 + 10
        wrong, right = self.price(parcel, weight), self.price(parcel)
        self.plan_right(plan, parcel, self.row(parcel, weight=weight, charges=wrong))
        plan.planted.update((parcel.number, kind, "weight") for kind in wrong if wrong[kind] != right[kind])

    def plan_unknown(self, plan, parcel):
        plan.rows.append(self.row(parcel, city="拉萨"))
        plan.planted.update((parcel.number, kind, "unknown") for kind in self.price(parcel))

    def plan_twice(self, plan, parcel):
        self.plan_right(plan, parcel)
        plan.rows.append(self.row(parcel))
        plan.planted.update((parcel.number, kind, "twice") for kind in self.price(parcel))

    def plan_surcharge(self, plan, parcel):
        """The address is said to have been changed, which nobody agreed to pay for."""
        row = self.row(parcel, charges={**self.price(parcel), "address": Decimal(15)})
        self.plan_right(plan, parcel, row)
        plan.planted[parcel.number, "address", "surcharge"] += 1

    def plan_period(self, plan, parcel):
        before = parcel._replace(day=FIRST - timedelta(days=12))
        plan.shipped.append((before, before.day))
        plan.rows.append(self.row(before))
        plan.planted.update((parcel.number, kind, "period") for kind in self.price(parcel))

    def plan_carrier(self, plan, parcel):
        plan.foreign.append(parcel)
        plan.rows.append(self.row(parcel))
        plan.planted.update((parcel.number, kind, "carrier") for kind in self.price(parcel))

    def plan_missing(self, plan, parcel):
        plan.shipped.append((parcel, parcel.day))
        plan.planted.update((parcel.number, kind, "missing") for kind in self.price(parcel))

    def plan_tax(self, plan, parcel):
        self.plan_right(plan, parcel, self.row(parcel, tax_rate=self.tax_rate + 4))
        plan.planted.update((parcel.number, kind, "tax") for kind in self.price(parcel))

    # === WHAT IS ODD, AND NOT WRONG === #

    def plan_typo(self, plan, parcel):
        self.plan_right(plan, parcel, self.row(parcel, reference=parcel.number[:-1] + "X"))

    def plan_lost(self, plan, parcel):
        """The number of a sack stands where that of the parcel should."""
        self.plan_right(plan, parcel, self.row(parcel, reference="BAG" + parcel.number[-3:]))

    def plan_rounding(self, plan, parcel):
        charges = self.price(parcel)
        charges["freight"] += Decimal("0.04")
        self.plan_right(plan, parcel, self.row(parcel, charges=charges))

    def plan_edge(self, plan, parcel):
        """It left on the last day of February, and was picked up in March."""
        plan.shipped.append((parcel, FIRST - timedelta(days=1)))
        plan.rows.append(self.row(parcel, day=FIRST))

    # === SHEETS === #

    def total(self, rows, *kinds):
        """The sum of all charges, or of those of `kinds`."""
        return sum(
            (amount for row in rows for kind, amount in row.charges.items() if not kinds or kind in kinds), Decimal(0)
        )

    @staticmethod
    def book(write):
        """The XLSX file that `write` fills, given a :class:`Workbook` with formats for days and headings."""
        output = BytesIO()
        with xlsxwriter.Workbook(output, {"strings_to_numbers": False}) as book:
            write(book, book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"align": "center", "bold": 1}))
        return output.getvalue()


def put(sheet, at, values, day=None):
    """Write a row of a sheet; an empty text leaves the cell empty."""
    for column, value in enumerate(values):
        if isinstance(value, date):
            sheet.write_datetime(at, column, value, day)
        elif isinstance(value, Decimal):
            sheet.write_number(at, column, float(value))
        elif value not in (None, ""):
            sheet.write(at, column, value)


class Express(Layout):
    """First and further kg, by volume where that is more; fuel, and insurance of what is declared."""

    name = "Express, titles and totals above and below"
    prefix, digits = "SF", 10
    divisor, fuel = 6000, 12.5
    prices = {"near": (12, 2), "middle": (14, 4), "far": (18, 8)}
    card = {
        "volumetric_divisor": 6000,
        "has_fuel": True,
        "roundings": [{"step": 0.5, "rule": "up"}],
        "surcharges": [
            {"kind": "insurance", "method": "value", "amount": 0.3, "condition": "always", "minimum_amount": 1}
        ],
    }

    def tiers(self):
        return [
            (zone, {"fixed_amount": first, "included_quantity": 1, "price": more})
            for zone, (first, more) in self.prices.items()
        ]

    def parcel(self, at, random):
        return (
            super()
            .parcel(at, random)
            ._replace(
                volume=Decimal(random.randrange(1, 90)) / 1000, declared=random.choice([0, 0, 200, 3_000, 12_500])
            )
        )

    def charged(self, parcel):
        return upwards(max(parcel.weight, parcel.volume * 1_000_000 / 6000), "0.5")

    def price(self, parcel, weight=None):
        first, more = self.prices[self.cities[parcel.city]]
        weight = upwards(weight, "0.5") if weight else self.charged(parcel)
        freight = first + max(weight - 1, 0) * more
        insurance = max(cents(parcel.declared * Decimal("0.003")), Decimal(1)) if parcel.declared else 0
        charges = {"freight": freight, "fuel": cents(freight * Decimal("0.125")), "insurance": insurance}
        return {kind: Decimal(amount) for kind, amount in charges.items() if amount}

    headings = ["序号", "运单号码", "收寄日期", "目的地", "件数", "计费重量", "运费", "燃油附加费", "保价费"]

    def file(self, rows):
        kinds = ["freight", "fuel", "insurance", "address"]

        def write(book, day, bold):
            sheet = book.add_worksheet("三月账单")
            sheet.merge_range(0, 0, 0, 10, "顺达速运有限公司 月结对账单", bold)
            put(sheet, 1, ["账期", "", "2031-03-01 至 2031-03-31", "", "", "客户编号", "", "5719988776"])
            put(sheet, 3, [*self.headings, "改址费", "应付金额"])
            for at, row in enumerate(rows, 1):
                amounts = [row.charges.get(kind) for kind in kinds]
                cells = [at, row.reference, row.day, row.city, row.parcel.pieces, row.weight, *amounts]
                put(sheet, at + 3, [*cells, sum(row.charges.values())], day)
            put(sheet, len(rows) + 4, ["合计", *[""] * 9, self.total(rows)])
            put(sheet, len(rows) + 6, ["如有异议，请在五个工作日内书面提出。"])

        return [("顺达三月.xlsx", self.book(write))]


class ExpressLong(Express):
    """Each charge on a line of its own, its kind named beside it; a text file of a Chinese program."""

    name = "Express, a line for each charge, CSV in GB18030"
    prefix, digits, first_number = "YT", 0, 8_800_000_000
    labels = {"freight": "运费", "fuel": "燃油附加费", "insurance": "保价费", "address": "改址费"}

    def file(self, rows):
        lines = [
            [f"'{row.reference}", f"{row.day:%Y/%m/%d}", row.city, row.weight, self.labels[kind], f"{amount:.2f}"]
            for row in rows
            for kind, amount in row.charges.items()
        ]
        heading = ["运单号", "发货时间", "到达城市", "计费重量(kg)", "费用类型", "金额(元)"]
        return [("yt-202603.csv", csv(heading, *lines, encoding="gb18030"))]


class Groupage(Layout):
    """By tiers of weight with the cheaper break, least freight, whole yuan; tax beside it."""

    name = "LTL, merged headings of two lines, tax"
    prefix, digits, first_number = "DPK", 9, 210_000_000
    tax_rate = 9
    prices = {"near": ("1.2", "1", "0.7"), "middle": ("1.6", "1.35", "1"), "far": ("2.4", "2.1", "1.7")}
    errors = (*Layout.errors, "tax")
    # A whole yuan is the least that this carrier can be off by.
    oddities = ("typo", "lost", "edge")
    card = {
        "break_weight": True,
        "minimum_amount": 38,
        "fee_step": 1,
        "fee_rule": "nearest",
        "roundings": [{"step": 1, "rule": "nearest"}],
        "surcharges": [
            {"kind": "upstairs", "method": "weight", "amount": 0.2, "condition": "request", "minimum_amount": 50},
            {"kind": "receipt", "method": "fixed", "amount": 10, "condition": "request"},
        ],
    }

    def tiers(self):
        return [
            (zone, {"start_quantity": start, "price": float(price)})
            for zone, prices in self.prices.items()
            for start, price in zip((0, 100, 500), prices, strict=True)
        ]

    def parcel(self, at, random):
        services = random.choice([(), (), ("upstairs",), ("receipt",), ("upstairs", "receipt")])
        weight = Decimal(random.randrange(200, 9_000)) / 10
        return super().parcel(at, random)._replace(weight=weight, services=services)

    def charged(self, parcel):
        return cents(parcel.weight, "1")

    def price(self, parcel, weight=None):
        weight = cents(weight, "1") if weight else self.charged(parcel)
        prices = dict(zip((0, 100, 500), map(Decimal, self.prices[self.cities[parcel.city]]), strict=True))
        # Less than a tier begins with may be paid as if it were so much.
        freight = min(cents(max(weight, start) * price, "1") for start, price in prices.items())
        charges = {"freight": max(freight, Decimal(38))}
        if "upstairs" in parcel.services:
            charges["upstairs"] = max(cents(weight * Decimal("0.2"), "1"), Decimal(50))
        if "receipt" in parcel.services:
            charges["receipt"] = Decimal(10)
        return charges

    def file(self, rows):
        kinds = ["freight", "upstairs", "receipt", "address"]

        def write(book, day, bold):
            sheet = book.add_worksheet("Sheet1")
            sheet.merge_range("A1:M1", "德普物流 对账明细表", bold)
            for at, heading in enumerate(["运单号", "托运日期", "到站", "件数", "计费重量"]):
                sheet.merge_range(2, at, 3, at, heading, bold)
            sheet.merge_range(2, 5, 2, 8, "费用明细（元）", bold)
            put(sheet, 3, [*[""] * 5, "运费", "送货上楼费", "签单返还费", "改址费"])
            for at, heading in enumerate(["税率", "税额", "费用合计"], 9):
                sheet.merge_range(2, at, 3, at, heading, bold)
            for at, row in enumerate(rows, 4):
                amounts = [row.charges.get(kind) for kind in kinds]
                net = sum(row.charges.values())
                tax = [f"{row.tax_rate}%", cents(net * row.tax_rate / 100)]
                cells = [row.reference, row.day, row.city, row.parcel.pieces, row.weight, *amounts, *tax, net]
                put(sheet, at, cells, day)
            put(sheet, len(rows) + 4, ["总计", *[""] * 10, self.total(rows)])

        return [("德普.xlsx", self.book(write))]


class GroupageEnglish(Layout):
    """Each slice of the weight at its own price, and fuel."""

    name = "LTL in English, subtotals between"
    prefix, digits, first_number = "PRO", 8, 31_000_000
    fuel = 18
    cities = WESTERN
    prices = {"near": ("0.9", "0.6"), "middle": ("1.3", "0.95"), "far": ("1.75", "1.2")}
    card = {"tier_kind": "cumulative", "has_fuel": True, "minimum_amount": 25}

    def tiers(self):
        return [
            (zone, {"start_quantity": start, "price": float(price)})
            for zone, prices in self.prices.items()
            for start, price in zip((0, 150), prices, strict=True)
        ]

    def parcel(self, at, random):
        return super().parcel(at, random)._replace(weight=Decimal(random.randrange(100, 7_000)) / 10)

    def price(self, parcel, weight=None):
        weight = weight or parcel.weight
        below, above = map(Decimal, self.prices[self.cities[parcel.city]])
        freight = max(cents(min(weight, 150) * below + max(weight - 150, 0) * above), Decimal(25))
        return {"freight": freight, "fuel": cents(freight * Decimal("0.18"))}

    def file(self, rows):
        def write(book, day, bold):
            sheet = book.add_worksheet("Statement")
            put(sheet, 0, ["Transland Freight Inc. - Statement of Account"])
            put(sheet, 1, ["Customer:", "Precision Parts Co."])
            headings = ["PRO Number", "Ship Date", "Destination City", "Pcs", "Gross Weight (kg)"]
            put(sheet, 3, [*headings, "Linehaul", "Fuel Surcharge", "Address Correction Fee", "Total Charges"])
            at = 4
            for begin in range(0, len(rows), 25):
                page = rows[begin : begin + 25]
                for row in page:
                    amounts = [row.charges.get(kind) for kind in ("freight", "fuel", "address")]
                    cells = [row.reference, f"{row.day:%d-%b-%Y}", row.city, row.parcel.pieces, row.weight]
                    put(sheet, at, [*cells, *amounts, sum(row.charges.values())], day)
                    at += 1
                put(sheet, at, ["Subtotal", *[""] * 7, self.total(page)])
                at += 1
            put(sheet, at, ["Grand Total", *[""] * 7, self.total(rows)])

        return [("statement.xlsx", self.book(write))]


class Truck(Layout):
    """A truck to a zone costs what it costs; amounts are texts with their sign."""

    name = "Full truck, amounts as texts"
    prefix, digits, first_number = "HT", 8, 40_000_000
    prices = {"near": 900, "middle": 2_600, "far": 5_850}
    # What it weighs is not what is paid.
    errors = tuple(error for error in Layout.errors if error != "weight")
    card = {"basis": "shipment"}

    def tiers(self):
        return [(zone, {"fixed_amount": price, "included_quantity": 1}) for zone, price in self.prices.items()]

    def parcel(self, at, random):
        return super().parcel(at, random)._replace(weight=Decimal(random.randrange(3_000, 18_000)))

    def price(self, parcel, weight=None):
        return {"freight": Decimal(self.prices[self.cities[parcel.city]])}

    def file(self, rows):
        def money(amount):
            return f"￥{amount:,.2f}" if amount is not None else "-"

        def write(book, day, bold):
            sheet = book.add_worksheet("整车")
            put(sheet, 0, ["装车日期", "车牌号", "托运单号", "到站", "货物重量(kg)", "运输费", "改址费", "备注"])
            for at, row in enumerate(rows, 1):
                cells = [f"{row.day.year}年{row.day.month}月{row.day.day}日", f"浙A{at % 90_000:05}"]
                cells += [row.reference.lower(), row.city, row.weight, money(row.charges["freight"])]
                put(sheet, at, [*cells, money(row.charges.get("address")), "" if at % 9 else "夜间装车"])
            sums = [money(self.total(rows, kind)) for kind in ("freight", "address")]
            put(sheet, len(rows) + 1, ["合计", *[""] * 4, *sums])

        return [("整车.xlsx", self.book(write))]


class Sea(Layout):
    """By volume up to the next tenth of a m³, in dollars; the fuel is called BAF."""

    name = "Sea forwarder, in USD"
    currency = "USD"
    prefix, digits, first_number = "COSU", 10, 6_100_000_000
    cities = PORTS
    fuel = 14
    prices = {"near": 62, "far": 48}
    errors = tuple(error for error in Layout.errors if error != "weight")
    card = {
        "basis": "volume",
        "has_fuel": True,
        "minimum_amount": 60,
        "roundings": [{"step": 0.1, "rule": "up"}],
    }

    def tiers(self):
        return [(zone, {"price": price}) for zone, price in self.prices.items()]

    def parcel(self, at, random):
        volume = Decimal(random.randrange(200, 14_000)) / 1000
        return super().parcel(at, random)._replace(volume=volume, weight=cents(volume * 310, "0.1"))

    def price(self, parcel, weight=None):
        freight = max(upwards(parcel.volume, "0.1") * self.prices[self.cities[parcel.city]], Decimal(60))
        return {"freight": cents(freight), "fuel": cents(freight * Decimal("0.14"))}

    def file(self, rows):
        def write(book, day, bold):
            sheet = book.add_worksheet("SOA")
            put(sheet, 0, ["STATEMENT OF ACCOUNT", "", "", "", "", "", "Currency: USD"])
            headings = ["B/L No.", "ETD", "Port of Discharge", "PKGS", "G.W. (KGS)", "CBM"]
            put(sheet, 2, [*headings, "Ocean Freight (USD)", "BAF (USD)", "Address Correction (USD)", "Total (USD)"])
            for at, row in enumerate(rows, 3):
                amounts = [row.charges.get(kind) for kind in ("freight", "fuel", "address")]
                cells = [row.reference, row.day, row.city, row.parcel.pieces, row.weight, row.parcel.volume]
                put(sheet, at, [*cells, *amounts, sum(row.charges.values())], day)
            put(sheet, len(rows) + 3, ["TOTAL DUE", *[""] * 8, self.total(rows)])

        return [("SOA-MAR.xlsx", self.book(write))]


class SeveralSheets(Layout):
    """By pieces; a sheet for each warehouse, and one that sums them up."""

    name = "Several sheets and a summary"
    prefix, digits, first_number = "JT", 9, 500_000_000
    errors = tuple(error for error in Layout.errors if error != "weight")
    card = {"basis": "pieces"}
    prices = {"near": (12, 10), "middle": (15, 12), "far": (21, 18)}

    def tiers(self):
        return [
            (zone, {"start_quantity": start, "price": price})
            for zone, prices in self.prices.items()
            for start, price in zip((0, 11), prices, strict=True)
        ]

    def parcel(self, at, random):
        return super().parcel(at, random)._replace(pieces=random.randrange(1, 24))

    def price(self, parcel, weight=None):
        few, many = self.prices[self.cities[parcel.city]]
        return {"freight": Decimal(parcel.pieces * (many if parcel.pieces >= 11 else few))}

    def file(self, rows):
        parts = {"一号仓": rows[::3], "二号仓": rows[1::3], "三号仓": rows[2::3]}

        def write(book, day, bold):
            summary = book.add_worksheet("汇总")
            put(summary, 0, ["仓库", "票数", "金额"])
            for at, (name, part) in enumerate(parts.items(), 1):
                put(summary, at, [name, len(part), self.total(part)])
            put(summary, 4, ["合计", len(rows), self.total(rows)])
            for name, part in parts.items():
                sheet = book.add_worksheet(name)
                put(sheet, 0, [name])
                put(sheet, 1, ["运单编号", "寄件时间", "收件城市", "件数", "实际重量", "快递费", "改址费"])
                for at, row in enumerate(part, 2):
                    amounts = [row.charges["freight"], row.charges.get("address")]
                    cells = [row.reference, row.day, row.city, row.parcel.pieces, row.weight, *amounts]
                    put(sheet, at, cells, day)
                put(sheet, len(part) + 2, ["小计", *[""] * 4, self.total(part, "freight"), self.total(part, "address")])

        return [("三月.xlsx", self.book(write))]


class Credits(Layout):
    """Charges that are corrected further down, and credits for what the statement before charged too much."""

    name = "Credit notes, of this month and the one before"
    prefix, digits, first_number = "CN", 8, 60_000_000
    errors = (*Layout.errors, "credit")
    oddities = (*Layout.oddities, "netted", "credited", "credited")
    card = {"minimum_amount": 15, "roundings": [{"step": 1, "rule": "up"}]}
    prices = {"near": "1.5", "middle": "2.2", "far": "3.1"}

    def __init__(self):
        self.before = []

    def tiers(self):
        return [(zone, {"price": float(price)}) for zone, price in self.prices.items()]

    def charged(self, parcel):
        return upwards(parcel.weight, "1")

    def price(self, parcel, weight=None):
        weight = upwards(weight, "1") if weight else self.charged(parcel)
        return {"freight": max(cents(weight * Decimal(self.prices[self.cities[parcel.city]])), Decimal(15))}

    def plan_netted(self, plan, parcel):
        right = self.price(parcel)["freight"]
        self.plan_right(plan, parcel, self.row(parcel, charges={"freight": right + 20}))
        plan.rows.append(self.row(parcel, charges={"freight": Decimal(-20)}))

    def plan_credited(self, plan, parcel, credit=12):
        """February charged 12 too much, which was paid; March gives it back."""
        parcel = parcel._replace(day=FIRST - timedelta(days=9))
        plan.shipped.append((parcel, parcel.day))
        right = self.price(parcel)["freight"]
        self.before.append(self.row(parcel, charges={"freight": right + 12}))
        plan.rows.append(self.row(parcel, charges={"freight": Decimal(-credit)}))

    def plan_credit(self, plan, parcel):
        """It gives back less than it has to."""
        self.plan_credited(plan, parcel, credit=5)
        plan.planted[parcel.number, "freight", "price"] += 1

    def file(self, rows):
        def write(book, day, bold):
            sheet = book.add_worksheet("对账单")
            put(sheet, 0, ["单号", "日期", "目的地", "重量", "运费", "改址费", "说明"])
            for at, row in enumerate(rows, 1):
                freight = row.charges["freight"]
                text = f"({-freight:.2f})" if freight < 0 else freight
                note = "冲减多收" if freight < 0 else ""
                cells = [row.reference, row.day, row.city, row.weight, text, row.charges.get("address"), note]
                put(sheet, at, cells, day)
            put(sheet, len(rows) + 1, ["合计", "", "", "", self.total(rows, "freight"), self.total(rows, "address")])

        return [("对账单.xlsx", self.book(write))]


class Parcels(Layout):
    """A price for each step of weight; semicolons, decimal commas, and the day first."""

    name = "Parcels in EUR, semicolons and decimal commas"
    currency = "EUR"
    prefix, digits, first_number = "", 12, 340_000_000_000
    cities = WESTERN
    tax_rate = 19
    errors = (*Layout.errors, "tax")
    card = {"tier_start": "over"}
    prices = {"near": ("4.35", "6.10", "9.90"), "middle": ("7.2", "9.8", "15.45"), "far": ("9.4", "13.15", "22.6")}

    def tiers(self):
        return [
            (zone, {"start_quantity": start, "fixed_amount": float(price)})
            for zone, prices in self.prices.items()
            for start, price in zip((0, 2, 10), prices, strict=True)
        ]

    def price(self, parcel, weight=None):
        prices = self.prices[self.cities[parcel.city]]
        weight = weight or parcel.weight
        return {"freight": Decimal(prices[sum(weight > bound for bound in (2, 10))])}

    def plan_weight(self, plan, parcel):
        return super().plan_weight(plan, parcel._replace(weight=Decimal("1.5")))

    def file(self, rows):
        def number(amount):
            return f"{amount:,.2f}".translate(str.maketrans(",.", ".,")) if amount is not None else ""

        lines = []
        for row in rows:
            net = sum(row.charges.values())
            tax = cents(net * row.tax_rate / 100)
            cells = [row.reference, f"{row.day:%d.%m.%Y}", row.city, number(row.weight)]
            amounts = [row.charges["freight"], row.charges.get("address"), net]
            lines.append([*cells, *map(number, amounts), row.tax_rate, number(tax)])
        heading = [
            "Tracking No.",
            "Shipping Date",
            "Destination",
            "Weight",
            "Freight",
            "Address Correction",
            "Net Amount",
        ]
        return [("parcels.csv", csv([*heading, "VAT %", "VAT"], *lines, delimiter=";", encoding="utf-8-sig"))]


class Paged(Layout):
    """An old program: the heading again on each page, numbers without their zeros, days as numbers."""

    name = "XLS by pages, zeros lost, days as numbers"
    prefix, digits, first_number = "", 10, 45_000_000
    card = {"roundings": [{"step": 0.1, "rule": "up"}], "minimum_amount": 9}
    prices = {"near": "2.05", "middle": "2.9", "far": "3.95"}
    oddities = ("rounding", "edge")

    def tiers(self):
        return [(zone, {"price": float(price)}) for zone, price in self.prices.items()]

    def price(self, parcel, weight=None):
        price = Decimal(self.prices[self.cities[parcel.city]])
        return {"freight": max(cents((weight or parcel.weight) * price), Decimal(9))}

    def file(self, rows):
        output, book = BytesIO(), xlwt.Workbook()
        sheet, at = book.add_sheet("Page"), 0
        for begin in range(0, len(rows), 40):
            page = rows[begin : begin + 40]
            heading = ["单号", "开单日期", "目的站", "件数", "重量", "运费", "改址费", "小计"]
            lines = [
                [
                    int(row.reference),
                    int(f"{row.day:%Y%m%d}"),
                    row.city,
                    row.parcel.pieces,
                    float(row.weight),
                    float(row.charges["freight"]),
                    float(row.charges["address"]) if "address" in row.charges else "",
                    float(sum(row.charges.values())),
                ]
                for row in page
            ]
            for line in [heading, *lines, ["本页小计", *[""] * 6, float(self.total(page))]]:
                for column, value in enumerate(line):
                    sheet.write(at, column, value)
                at += 1
        book.save(output)
        return [("page.xls", output.getvalue())]


LAYOUTS = [
    Express,
    ExpressLong,
    Groupage,
    GroupageEnglish,
    Truck,
    Sea,
    SeveralSheets,
    Credits,
    Parcels,
    Paged,
]
