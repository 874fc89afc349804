import doctest
import importlib
import pkgutil
import random
from datetime import date
from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook

from odoo.tests import BaseCase, tagged

from .. import statement_reader
from ..statement_reader import FREIGHT, Field, Profile, look_at
from .statement_files import DAY, GOOD, HEADING, Found, below, changed, csv, xls, xlsx


@tagged("post_install", "-at_install")
class TestStatementReader(BaseCase):
    """Partners' lists as they come: each row of the list of inputs that must be survived, and each layout."""

    def test_examples(self):
        for module in pkgutil.iter_modules(statement_reader.__path__):
            loaded = importlib.import_module(f"{statement_reader.__name__}.{module.name}")
            self.assertFalse(doctest.testmod(loaded).failed, module.name)

    def test_knows_nothing_of_the_server_nor_of_freight(self):
        for path in Path(statement_reader.__path__[0]).glob("*.py"):
            code = path.read_text(encoding="utf-8")
            self.assertNotIn("odoo", code, path.name)
            if path.stem not in ("freight", "__init__"):
                self.assertNotIn("freight", code.lower(), path.name)
                self.assertNotIn("carrier", code.lower(), path.name)

    def test_another_kind_of_list(self):
        profile = Profile(
            (
                Field("deal", "reference", ("合同号", "Deal No."), required=True),
                Field("day", "date", ("成交日", "Closed On")),
                Field("commission", "amount", ("佣金", "Commission")),
            )
        )
        found = Found(xlsx(["Commissions"], ["Closed On", "佣金", "Deal No."], [DAY, 12.5, "D-1"]), profile)
        self.assertEqual(found.rows[-1][3], {"day": "2026-10-03", "deal": "D-1"})
        self.assertEqual(found.rows[-1][4], [[None, None, "12.5", 1, "CNY"]])

    # === LAYOUTS === #

    def test_title_and_heading_below_it(self):
        found = Found(xlsx(["德邦物流"], ["对账单 2026年10月"], [], ["客户", "甲公司"], HEADING, GOOD))
        self.assertEqual(found.sheets[0]["reading"]["heading_row"], 5)
        self.assertEqual(found.left_out, [(1, "title"), (2, "title"), (4, "title"), (5, "heading")])
        self.assertEqual(found.charges, [("SF10000001", "freight", "100"), ("SF10000001", "fuel", "10.5")])

    def test_heading_that_somebody_chose(self):
        content = xlsx(HEADING, GOOD, ["单号", "日期", "到", "重", "费用", "其他"], GOOD)
        book = look_at(content, FREIGHT, choices={"明细": {"heading_row": 3, "heading_lines": 1}})
        reading = book["sheets"][0]["reading"]
        self.assertEqual(reading["heading_row"], 3)
        self.assertEqual([column["heading"] for column in reading["columns"]][:2], ["单号", "日期"])
        book = look_at(content, FREIGHT, choices={"明细": {"heading_row": 9}})
        self.assertEqual(book["sheets"][0]["asks"][0]["code"], "no_heading")

    def test_headings_in_two_lines(self):
        found = Found(
            xlsx(
                ["对账单"],
                ["运单号", "发货日期", "收货", "", "费用(元)", "", ""],
                ["", "", "城市", "单位", "运费", "送货上楼", "保价费"],
                ["DB1", DAY, "武汉", "甲", 100, 20, 1],
            )
        )
        self.assertEqual(found.sheets[0]["reading"]["heading_lines"], 2)
        self.assertEqual(found.columns["destination"], "收货 城市")
        self.assertEqual([kind for _r, kind, _a in found.charges], ["freight", "upstairs", "insurance"])

    def test_columns_in_any_order_and_language(self):
        """Whatever the order, the width of the letters and the words, columns are what they are."""
        pairs = [
            ("Ｔｒａｃｋｉｎｇ　Ｎｏ．", "1Z999"),
            ("Ship Date", DAY),
            ("Dest.", "Wuhan"),
            ("Actual Weight (KG)", 3),
            ("计费重量", 4),
            ("体积(m³)", 0.1),
            ("No. of Packages", 2),
            ("Fuel Surcharge", 1.5),
            ("海运费", 80),
            ("Total Charges", 81.5),
            ("客户单号", "C-1"),
            ("付款方式", "月结"),
        ]
        shuffled = random.Random(5)
        for _try in range(10):
            shuffled.shuffle(pairs)
            found = Found(xlsx(*zip(*pairs, strict=True)))
            self.assertEqual(
                found.columns,
                {
                    "reference": "Ｔｒａｃｋｉｎｇ Ｎｏ．",
                    "ship_date": "Ship Date",
                    "destination": "Dest.",
                    "weight": "Actual Weight (KG)",
                    "chargeable_weight": "计费重量",
                    "volume": "体积(m³)",
                    "pieces": "No. of Packages",
                    "fuel": "Fuel Surcharge",
                    "freight": "海运费",
                    "total": "Total Charges",
                },
            )
            self.assertEqual(sorted(amount for _r, _k, amount in found.charges), ["1.5", "80"])

    def test_long_files(self):
        found = Found(
            csv(
                ["B/L No.", "Charge Description", "Currency", "Amount"],
                ["OOLU1", "Ocean Freight", "USD", "1,200.00"],
                ["OOLU1", "Bunker Surcharge", "USD", "85"],
                ["OOLU1", "Seal", "USD", "5"],
                delimiter="\t",
            ),
            currency="USD",
        )
        self.assertEqual(
            found.charges, [("OOLU1", "freight", "1200.00"), ("OOLU1", "fuel", "85"), ("OOLU1", None, "5")]
        )
        self.assertEqual([row[4][0][1] for row in found.rows[1:]], ["Ocean Freight", "Bunker Surcharge", "Seal"])

    def test_one_column_of_amounts(self):
        found = Found(csv(["运单号", "应付金额"], ["A1", "5"]))
        self.assertEqual(found.charges, [("A1", "freight", "5")])
        self.assertEqual(found.columns["amount"], "应付金额")

    def test_amounts_and_their_sum(self):
        heading = ["运单号", "费用", "折扣", "应付金额"]
        found = Found(xlsx(heading, ["A1", 20, 2, 18], ["A2", 30, None, 30], ["A3", 10, 1, 8]))
        # The discount is written without a minus; the sums say that it is one.
        self.assertEqual([amount for _r, _k, amount in found.charges], ["20", "-2", "30", "10", "-1"])
        self.assertNotIn("discount_sign", found.asks)
        self.assertEqual(Found(xlsx(heading[:3], ["A1", 20, 2])).asks, ["discount_sign"])

    def test_row_whose_sum_is_another(self):
        rows = [[f"A{at}", DAY, "x", 1, 10, 2, 12] for at in range(9)]
        rows[4][6] = 13
        found = Found(xlsx([*HEADING, "合计"], *rows))
        self.assertEqual(found.flags, [(6, 6, "total_differs")])
        self.assertEqual(found.rows[5][5][0][5], {"sum": "12"})

    def test_two_columns_of_amounts(self):
        found = Found(csv(["运单号", "金额", "应付金额"], ["A1", "5", "4"], ["A2", "5", "3"]))
        self.assertEqual(found.asks, ["two_amounts"])
        self.assertEqual([amount for _r, _k, amount in found.charges], ["4", "3"])
        with_tax = Found(
            csv(["运单号", "不含税金额", "税额", "价税合计"], ["A1", "100", "6", "106"], ["A2", "50", "3", "53"])
        )
        self.assertEqual(with_tax.asks, [])
        self.assertEqual([amount for _r, _k, amount in with_tax.charges], ["100", "50"])
        self.assertEqual(with_tax.rows[1][3]["tax_amount"], "6")

    def test_unknown_kind_of_charge(self):
        found = Found(xlsx([*HEADING, "消毒费"], [*GOOD, 7]))
        self.assertEqual(found.rows[1][4][2][:3], [None, "消毒费", "7"])
        self.assertEqual(found.notes, ["unknown_kind"])

    def test_remembered_layout(self):
        content = xlsx(["t"], ["Z1", "Z2", "Z3"], ["A1", DAY, 5])
        before = look_at(content, FREIGHT)["sheets"][0]
        self.assertEqual([problem["code"] for problem in before["asks"]], ["no_heading"])
        chosen = look_at(content, FREIGHT, choices={"明细": {"heading_row": 2}})["sheets"][0]["reading"]
        for column, field in zip(chosen["columns"], ["reference", "ship_date", "amount"], strict=True):
            column["field"] = field
        # The same headings in another place, a month later.
        later = xlsx(["t"], ["month"], ["Z1", "Z2", "Z3"], ["A2", DAY, 6])
        found = Found(later, known={chosen["signature"]: chosen})
        self.assertEqual(found.asks, [])
        self.assertTrue(found.sheets[0]["reading"]["remembered"])
        self.assertEqual(found.charges, [("A2", "freight", "6")])

    # === SHEETS === #

    def test_several_and_hidden_sheets(self):
        found = Found(
            xlsx(
                sheets={
                    "汇总": [["项目", "金额"], ["运费", 100]],
                    "快递": [HEADING, GOOD],
                    "零担": [HEADING, ["DB1", DAY, "武汉", 5, 50, 5]],
                    "旧": [HEADING, ["OLD", DAY, "武汉", 5, 50, 5]],
                    "空": [],
                },
                hidden=["旧"],
            )
        )
        self.assertEqual([sheet["used"] for sheet in found.sheets], [False, True, True, False, False])
        self.assertEqual([sheet["visible"] for sheet in found.sheets], [True, True, True, False, True])
        self.assertEqual(found.asks, ["hidden_sheet"])
        self.assertIn("several_sheets", found.notes)
        self.assertIn("sheet_not_read", found.notes)
        self.assertEqual({row[0] for row in found.rows}, {"快递", "零担"})

    def test_hidden_rows_are_read_and_said(self):
        content = changed(xlsx(HEADING, GOOD), lambda text: text.replace(b'<row r="2"', b'<row r="2" hidden="1"'))
        self.assertEqual(Found(content).flags, [(2, None, "hidden_row")])

    # === CELLS === #

    def test_widths_spaces_and_signs(self):
        amounts = ["￥１，２３４．５０", "¥ 1,234.50", "1 234.50元", "RMB1234.50", "人民币1,234.50元整", "CNY 1234.50"]
        found = Found(csv(["运单号", "运费"], *[[f"A{at}", f'"{text}"'] for at, text in enumerate(amounts)]))
        self.assertEqual({amount for _r, _k, amount in found.charges}, {"1234.50"})
        self.assertFalse(found.flags)

    def test_another_currency(self):
        for text in ("$5", "USD 5", "5美元", "HK$5", "€5"):
            self.assertEqual(Found(csv(["运单号", "运费"], ["A1", text])).flags, [(2, 1, "other_currency")], text)
        found = Found(xlsx(["运单号", "运费(USD)"], ["A1", 5]))
        self.assertEqual(found.flags, [(2, 1, "other_currency")])
        self.assertEqual(found.rows[1][4][0][4], "USD")
        column = Found(csv(["运单号", "运费", "币种"], ["A1", "5", "美元"], ["A2", "5", "人民币"]))
        self.assertEqual(column.flags, [(2, 2, "other_currency")])
        self.assertFalse(Found(csv(["Waybill", "Freight"], ["A1", "$5"]), currency="USD").flags)

    def test_numbers_that_lost_digits(self):
        found = Found(xlsx(["运单号", "运费"], [123456789012345678, 5], ["1.23E+17", 5], [12345678901234, 5]), digits=0)
        self.assertEqual(found.flags, [(2, 0, "digits_lost"), (3, 0, "digits_lost")])
        self.assertEqual(found.rows[1][5][0][5], {"prefix": "123456789012345", "digits": 18})
        # Kept as it came, and no reference.
        self.assertEqual([row[2][0] for row in found.rows[1:]], ["1.234567890123457E+17", "1.23E+17", "12345678901234"])
        self.assertEqual([row[3].get("reference") for row in found.rows[1:]], [None, None, "12345678901234"])
        self.assertEqual(len(found.charges), 3)

    def test_numbers_most_likely_rounded_before(self):
        found = Found(csv(["运单号", "运费"], ["123456789012345000", 5], ["123456789012345678", 5]))
        self.assertEqual(found.flags, [(2, 0, "perhaps_lost")])

    def test_zeros_that_were_lost(self):
        found = Found(xlsx(["运单号", "运费"], [77, 5], ["0077", 5], [12345678, 5]), digits=8)
        self.assertEqual([row[3]["reference"] for row in found.rows[1:]], ["00000077", "0077", "12345678"])
        self.assertEqual(found.flags, [(2, 0, "zeros_added")])

    def test_digits_that_were_protected(self):
        found = Found(csv(["运单号", "运费"], ['="00123"', 5], ["00124\t", 5], ["'00125", 5]))
        self.assertEqual([row[3]["reference"] for row in found.rows[1:]], ["00123", "00124", "00125"])

    def test_days_in_all_forms(self):
        forms = [
            DAY,
            46298,
            46298.75,
            20261003,
            "20261003",
            "2026-10-03",
            "2026/10/3 23:59",
            "2026年10月3日",
            "２０２６．１０．３",
            "2026-10-03T23:59:59Z",
            "3-Oct-2026",
            "Oct 3, 2026",
            "03 October 2026",
            "20261003235959",
            "46298",
        ]
        found = Found(xlsx(["运单号", "日期", "运费"], *[[f"A{at}", day, 1] for at, day in enumerate(forms)]))
        self.assertEqual([row[3].get("ship_date") for row in found.rows[1:]], ["2026-10-03"] * len(forms))

    def test_days_of_1904(self):
        content = xlsx(["运单号", "日期", "运费"], ["A1", DAY, 1], ["A2", 44836, 1], date_1904=True)
        found = Found(content)
        self.assertTrue(found.book["date1904"])
        self.assertEqual([row[3]["ship_date"] for row in found.rows[1:]], ["2026-10-03", "2026-10-03"])

    def test_day_or_month_first(self):
        rows = [["A1", "03/04/2026", 1], ["A2", "05/06/2026", 1]]
        found = Found(csv(["运单号", "日期", "运费"], *rows))
        self.assertEqual(found.asks, ["ambiguous_dates"])
        self.assertEqual(found.flags, [(2, 1, "ambiguous_date"), (3, 1, "ambiguous_date")])
        for more, order, days in (
            ("25/04/2026", "dmy", ["2026-04-03", "2026-06-05"]),
            ("04/25/2026", "mdy", ["2026-03-04", "2026-05-06"]),
        ):
            found = Found(csv(["运单号", "日期", "运费"], *rows, ["A3", more, 1]))
            self.assertEqual((found.asks, found.flags), ([], []))
            self.assertEqual(found.sheets[0]["reading"]["date_order"], order)
            self.assertEqual([row[3]["ship_date"] for row in found.rows[1:3]], days)
        mixed = Found(csv(["运单号", "日期", "运费"], *rows, ["A3", "25/04/2026", 1], ["A4", "04/25/2026", 1]))
        self.assertEqual(mixed.asks, ["mixed_dates"])
        # An answer is all that is wanted.
        content = csv(["运单号", "日期", "运费"], *rows)
        reading = look_at(content, FREIGHT)["sheets"][0]["reading"]
        answered = {"": {**reading, "date_order": "mdy"}}
        days = [
            row[3].get("ship_date") for rows in statement_reader.read_rows(content, FREIGHT, answered) for row in rows
        ]
        self.assertEqual(days, [None, "2026-03-04", "2026-05-06"])

    def test_days_that_are_none(self):
        cases = {
            "2026-02-30": "not_a_date",
            "soon": "not_a_date",
            "10月3日": "no_year",
            "1899-12-31": "date_far",
            "7": "not_a_date",
        }
        good = [["B1", "2026-10-03", 1]] * 9
        found = Found(csv(["运单号", "日期", "运费"], *[["A", day, 1] for day in cases], *good))
        self.assertEqual([code for _row, _column, code in found.flags], list(cases.values()))

    def test_error_cells_and_formulas_without_result(self):
        content = changed(
            xlsx(HEADING, GOOD),
            below(
                b'<row r="3"><c r="A3" t="inlineStr"><is><t>A3</t></is></c><c r="E3" t="e"><v>#N/A</v></c></row>'
                b'<row r="4"><c r="A4" t="inlineStr"><is><t>A4</t></is></c><c r="E4"><f>1+1</f></c></row>'
                b'<row r="5"><c r="A5" t="e"><v>#REF!</v></c><c r="E5"><f>1+1</f><v>2</v></c></row>'
            ),
        )
        found = Found(content)
        self.assertEqual(found.flags, [(3, 4, "error_cell"), (4, 4, "no_result"), (5, 0, "error_cell")])
        self.assertEqual([row[2][4] for row in found.rows[2:]], ["#N/A", "", "2"])
        self.assertEqual(Found(csv(["运单号", "运费"], ["A1", "#DIV/0!"])).flags, [(2, 1, "error_cell")])

    def test_empty_cells_are_nothing(self):
        found = Found(xlsx(HEADING, ["A1", None, "", "  ", 5, "-"], [None, "", " "], ["A2", None, None, None, None, 0]))
        self.assertEqual(found.rows[1][3], {"reference": "A1"})
        self.assertEqual(found.rows[1][2], ["A1", None, None, "  ", "5", "-"])
        self.assertEqual(found.charges, [("A1", "freight", "5"), ("A2", "fuel", "0")])
        self.assertNotIn("None", str([row[3] for row in found.rows]))

    def test_zero_and_negative(self):
        found = Found(xlsx(HEADING, ["A1", DAY, "x", 0, -100, 0], ["A2", DAY, "x", -3, "(12.50)", "12-"]))
        self.assertEqual([amount for _r, _k, amount in found.charges], ["-100", "0", "-12.50", "-12"])
        self.assertEqual([row[3]["weight"] for row in found.rows[1:]], ["0", "-3"])
        self.assertFalse(found.flags)

    def test_decimal_commas(self):
        found = Found(csv(["运单号", "重量", "金额"], ["A1", "1,5", "1.012,50"], ["A2", "2,25", "3,00"], delimiter=";"))
        self.assertEqual([amount for _r, _k, amount in found.charges], ["1012.50", "3.00"])
        self.assertEqual(found.rows[1][3]["weight"], "1.5")
        # With points beside them nobody can say: no guess.
        mixed = Found(csv(["运单号", "金额"], ["A1", "1,5"], ["A2", "2.25"], delimiter=";"))
        self.assertEqual(mixed.flags, [(2, 1, "not_a_number")])

    def test_units(self):
        found = Found(
            csv(
                ["运单号", "重量", "体积", "件数", "运费"],
                ["A1", "12.5 KGS", "0.3m³", "2件", 5],
                ["A2", "500g", 1, 1, 5],
                ["A3", "1KG", 1, 1, 5],
            )
        )
        self.assertEqual(
            {name: found.rows[1][3][name] for name in ("weight", "volume", "pieces")},
            {"weight": "12.5", "volume": "0.3", "pieces": "2"},
        )
        self.assertEqual(found.flags, [(3, 1, "not_a_number")])

    # === SUMS, AND ROWS THAT ARE NO CHARGES === #

    def test_sums(self):
        rows = [
            HEADING,
            ["A1", DAY, "x", 1, 10, 1],
            ["A2", DAY, "x", 1, 20, 2],
            ["小 计", None, None, 2, 30, 3],
            ["A3", DAY, "x", 1, 5, 1],
            ["小计：", None, None, 1, 5, 1],
            ["合计", None, None, 3, 35, 4],
            [None, None, "Total", None, 35, 5],
            [None, None, None, None, 35, 4],
        ]
        found = Found(xlsx(*rows))
        self.assertEqual(
            found.left_out, [(1, "heading"), (4, "total"), (6, "total"), (7, "total"), (8, "total"), (9, "total")]
        )
        self.assertEqual(len(found.charges), 6)
        # The one that is wrong is said, with what it should be.
        self.assertEqual(found.flags, [(8, 5, "sum_differs")])
        self.assertEqual(found.rows[7][5][0][5]["sum"], "4")

    def test_words_of_sums_in_rows_that_are_charges(self):
        """A consignee may be called Total; a row with a number and a day is a charge."""
        found = Found(xlsx(["收件公司", *HEADING], ["Total", *GOOD], ["合计", None, None, None, None, 100, 10.5]))
        self.assertEqual(len(found.charges), 2)
        self.assertEqual(found.left_out, [(1, "heading"), (3, "total")])

    def test_column_that_is_almost_empty_on_many_pages(self):
        """Headings that come again say nothing of what is in a column: the one charge in it is not lost."""
        heading = ["运单号", "发货日期", "运费", "改址费"]
        row, moved = ["SF1", DAY, 5, None], ["SF2", DAY, 5, 15]
        found = Found(xlsx(heading, row, heading, row, heading, moved))
        self.assertEqual(found.columns["address"], "改址费")
        self.assertEqual(found.charges[-1], ("SF2", "address", "15"))

    def test_headings_of_each_page_and_remarks(self):
        found = Found(
            xlsx(
                HEADING,
                GOOD,
                HEADING,
                ["SF2", *GOOD[1:]],
                ["制表：张三", None, "审核：李四"],
                ["以上金额请于收到后三个工作日内核对完毕"],
            )
        )
        self.assertEqual(found.left_out, [(1, "heading"), (3, "heading"), (5, "remark"), (6, "remark")])

    def test_a_charge_without_its_number_is_no_remark(self):
        found = Found(
            xlsx(HEADING, GOOD, [None, DAY, "x", 1, 5, 1], [None, None, None, None, 7, None], ["SF3", DAY, "x"])
        )
        self.assertEqual(found.left_out, [(1, "heading")])
        self.assertEqual(found.flags, [(3, None, "missing"), (4, None, "missing"), (5, None, "missing")])

    # === KINDS OF FILES === #

    def test_texts_in_all_encodings(self):
        rows = [["运单号", "发货日期", "目的地", "运费"], ["顺1", "2026-10-03", "龘武汉", "5"]]
        for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
            for delimiter in ",\t;|":
                with self.subTest(encoding=encoding, delimiter=delimiter):
                    found = Found(csv(*rows, encoding=encoding, delimiter=delimiter))
                    self.assertEqual(found.rows[1][3]["destination"], "龘武汉")
                    self.assertEqual((found.book["encoding"], found.book["delimiter"]), (encoding, delimiter))

    def test_quoted_cells(self):
        found = Found('运单号,目的地,运费\nA1,"武汉, ""江夏""\n二楼","1,200"\nA2,x,5\n'.encode())
        self.assertEqual(found.rows[1][3]["destination"], '武汉, "江夏"\n二楼')
        self.assertEqual(found.charges, [("A1", "freight", "1200"), ("A2", "freight", "5")])

    def test_xls(self):
        found = Found(xls(["对账单"], HEADING, GOOD, [123456789012345678, DAY, "x", 1, 2, None]))
        self.assertEqual(found.book["kind"], "xls")
        self.assertEqual(found.charges[:2], [("SF10000001", "freight", "100"), ("SF10000001", "fuel", "10.5")])
        self.assertEqual(found.rows[2][3]["ship_date"], "2026-10-03")
        self.assertEqual(found.flags, [(4, 0, "digits_lost")])

    def test_other_ways_of_writing_the_same_xml(self):
        """Prefixes, cells without places, formatted texts, entities: other programs write other XML."""
        plain = xlsx(HEADING, GOOD)

        def prefixed(text):
            text = (
                text.replace(b"</", b"</x:").replace(b"<", b"<x:").replace(b"<x:/x:", b"</x:").replace(b"<x:?", b"<?")
            )
            return text.replace(b"xmlns=", b"xmlns:x=")

        def placeless(text):
            return text.replace(b' r="A2"', b"").replace(b' r="B2"', b"")

        rich = below(
            b'<row r="3"><c r="A3" t="inlineStr"><is><r><t>A&amp;</t></r><r><rPr><b/></rPr><t>3</t></r>'
            b'<rPh><t>x</t></rPh></is></c><c r="E3"><!-- five --><v>5</v></c></row>'
        )
        expected = Found(plain).rows
        self.assertEqual(Found(changed(plain, prefixed)).rows, expected)
        self.assertEqual(Found(changed(plain, placeless)).rows, expected)
        self.assertEqual(Found(changed(plain, rich)).charges[2:], [("A&3", "freight", "5")])

    def test_same_as_a_library_reads_it(self):
        """All values of a sheet of random cells are those that openpyxl reads."""
        seeded = random.Random(11)
        choices = [
            lambda: seeded.choice(["甲", "a & b <c>", 'say "x"', "line\nbreak", " lead", "_x0041_", "1e5"]),
            lambda: seeded.randrange(-1000, 10**14),
            lambda: seeded.random() * 10 ** seeded.randrange(-6, 9),
            lambda: date(2020, 1, 1).replace(day=seeded.randrange(1, 28)),
            lambda: None,
            lambda: seeded.random() < 0.5,
        ]
        rows = [[seeded.choice(choices)() for _column in range(30)] for _row in range(60)]
        content = xlsx(["运单号", "运费"], *rows)
        sheet = load_workbook(BytesIO(content), read_only=True, data_only=True).active
        found = {row[1]: row[2] for row in Found(content).rows}
        compared = 0
        for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
            for column, value in enumerate(values):
                if value is None:
                    continue
                text = found[number][column]
                compared += 1
                if isinstance(value, bool):
                    self.assertEqual(text, str(value).upper())
                elif isinstance(value, int | float):
                    self.assertEqual(float(text), float(value))
                else:
                    self.assertEqual(text, str(value).removesuffix(" 00:00:00"))
        self.assertGreater(compared, 1200)
