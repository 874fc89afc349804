"""A carrier's file dropped on a statement, looked at, read and stored, beside Odoo's own import of the same file.

At SCALE=1 it is an XLSX file of 100,000 rows and 20 columns, with a column for each of four kinds of charge and their
sum. Odoo's import reads the whole file for its preview, and again for each batch of 2,000 rows that it makes: what is
measured of it is the preview and one batch, the first one, with one charge a row. Memory is that of all processes of
the bench's Odoo together, sampled while it works.
"""

import datetime
import random
import tempfile
import threading
import time
from pathlib import Path

import psutil
import xlsxwriter

from bench import operations
from bench.harness import Comparison

QUOTATIONS, ROWS = 20_000, 100_000
BATCH = 2_000
MEGABYTES = 400
HEADING = [
    "序号",
    "运单号",
    "寄件日期",
    "寄件城市",
    "目的地",
    "收件公司",
    "收件人",
    "件数",
    "实际重量",
    "体积",
    "计费重量",
    "产品类型",
    "付款方式",
    "运费",
    "燃油附加费",
    "上楼费",
    "保价费",
    "合计",
    "经手人",
    "备注",
]


def measure_installed(bench):
    rows = max(round(ROWS * bench.quotations / QUOTATIONS), BATCH)
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "statement.xlsx")
        make_file(path, rows)
        bench.ours("settle")
        statement = bench.ours("reading_statement")
        odoo = bench.ours("reading_odoo", path=path, statement=statement)
        ours = bench.ours("reading_ours", path=path, statement=statement, rows=rows)
        beside = f"Odoo: preview, {BATCH:,} rows"
        limit = 30 if rows == ROWS else None
        bench.table.times(f"{rows:,} × 20 XLSX → rows, lines", beside, Comparison([odoo], [ours]), seconds_limit=limit)
        look = bench.ours("reading_look", path=path)
        bench.table.times("… looked at, before it is confirmed", beside, Comparison([odoo], [look]))
        bench.table.counts("… MB over all processes", beside, odoo["megabytes"], ours["megabytes"], MEGABYTES)


def make_file(path, rows):
    """A month of an express carrier, the same each time."""
    seeded = random.Random(7)
    cities = ["上海市", "广州市", "深圳市", "武汉市", "成都市", "北京市"]
    with xlsxwriter.Workbook(path) as book:
        sheet, day = book.add_worksheet("明细"), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["月结对账单 2026年10月"])
        sheet.write_row(1, 0, HEADING)
        for at in range(rows):
            weight = round(seeded.uniform(0.2, 80), 2)
            charges = [round(seeded.uniform(10, 200), 2), round(seeded.uniform(1, 20), 2)]
            charges += [seeded.choice([None, None, None, 20.0]), round(seeded.uniform(0, 3), 2)]
            cells = [at + 1, f"SF{10**11 + 7 * at:012}", None, "上海市", seeded.choice(cities)]
            cells += [f"客户{seeded.randrange(3000)}有限公司", f"张{seeded.randrange(500)}", seeded.randrange(1, 9)]
            cells += [weight, round(weight / 200, 3), weight, "标快", "月结", *charges]
            cells += [round(sum(filter(None, charges)), 2), f"E{seeded.randrange(900):04}", f"备注{at}"]
            sheet.write_row(at + 2, 0, cells)
            sheet.write_datetime(at + 2, 2, datetime.datetime(2026, 10, 1 + at % 31), day)


class Memory:
    """The most memory that this process and its children had together, in MB, while the block ran."""

    def __enter__(self):
        self.most, self.over = 0, threading.Event()
        self.thread = threading.Thread(target=self._watch)
        self.thread.start()
        return self

    def __exit__(self, *error):
        self.over.set()
        self.thread.join()

    def _watch(self):
        me = psutil.Process()
        while not self.over.wait(0.05):
            size = 0
            for process in [me, *me.children(recursive=True)]:
                try:
                    size += process.memory_info().rss
                except psutil.NoSuchProcess:
                    continue
            self.most = max(self.most, size // 2**20)


class Operations(operations.Operations):
    def reading_statement(self):
        with self.environment() as env:
            service = env["product.product"].create({"name": "Freight", "type": "service"})
            carrier = env["delivery.carrier"].create(
                {"name": "Reading", "product_id": service.id, "number_prefix": "SF", "number_digits": 12}
            )
            values = {"carrier_id": carrier.id, "date_from": "2026-10-01", "date_to": "2026-10-31"}
            values["currency_id"] = env.ref("base.CNY").id
            return env["freight.statement"].create(values).id

    def reading_ours(self, path, statement, rows):
        """All of it: looked at, its layout confirmed, read, rows and lines stored."""
        with self.measured() as (env, measure), Memory() as memory:

            def read():
                attachments = env["ir.attachment"].with_context(sales_dept_without_index=True)
                attachment = attachments.create({"name": "a.xlsx", "raw": Path(path).read_bytes()})
                record = env["freight.statement"].browse(statement)
                file = env["freight.statement.file"]._take(record, attachment)
                file.state = "waiting"
                begin = time.perf_counter()
                for _step in file._read_steps():
                    env.flush_all()
                self.stored = time.perf_counter() - begin
                if (file.state, file.row_count, file.flagged_count) != ("read", rows + 2, 0):
                    raise ValueError(f"{file.state}: {file.row_count} rows, {file.flagged_count} flagged")

            cost = measure(read)
        return {**cost, "megabytes": memory.most, "stored": self.stored}

    def reading_look(self, path):
        from odoo.addons.sales_dept_logistics.statement_reader import look_at

        with self.measured() as (env, measure):
            content = Path(path).read_bytes()
            profile = env["freight.statement.file"]._profile()
            return measure(lambda: look_at(content, profile))

    def reading_odoo(self, path, statement):
        """Odoo's import of the same file into lines of the statement: its preview, and its first batch."""
        with self.measured() as (env, measure), Memory() as memory:
            values = {"res_model": "freight.statement.line", "file": Path(path).read_bytes(), "file_name": "a.xlsx"}
            values["file_type"] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            wizard = env["base_import.import"].create(values)
            options = {"has_headers": True, "quoting": '"', "separator": ",", "skip": 1, "limit": BATCH}
            options |= {"date_format": "%Y-%m-%d", "datetime_format": "", "float_thousand_separator": ","}
            options |= {"float_decimal_separator": ".", "keep_matches": False, "sheet": "明细"}
            columns = ["reference", "ship_date", "destination", "pieces", "weight", "volume", "amount"]
            places = [1, 2, 4, 7, 8, 9, 13]
            fields = [columns[places.index(at)] if at in places else False for at in range(20)]

            def read():
                preview = wizard.parse_preview(dict(options))
                if "error" in preview:
                    raise ValueError(preview["error"])
                wizard.with_context(default_statement_id=statement).execute_import(
                    fields, HEADING, dict(options, fallback_values={}, name_create_enabled_fields={})
                )

            cost = measure(read)
        return {**cost, "megabytes": memory.most}
