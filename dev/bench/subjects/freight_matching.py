"""A freight statement matched and audited, pass by pass, beside the hash join of its numbers alone.

At SCALE=1 there are 1.2 million waybills of one carrier and a year, each with an agreed charge, and a statement of
100,000 lines of its last month, in a database of their own. Of 1,000 lines 989 have their number, 8 have none but
destination, day and weight, one has a character wrong, one is unknown, one stands twice. The bare SQL writes the
waybill on the lines whose number is one, and nothing else.
"""

from contextlib import closing

from common import addons
from databases import clone, depends_of, installed
from postgres import execute

from bench import operations
from bench.data import cursor_of
from bench.harness import Comparison
from bench.subjects.stock_ageing import Copies

DATABASE = "sd_bench_freight"
QUOTATIONS, WAYBILLS, LINES = 20_000, 1_200_000, 100_000
PAIRS = 3
# In the order in which a statement is matched; what each wants is done before it is measured.
PASSES = {
    "copied": "_copy_lines",
    "compared numbers": "_complete_keys",
    "pass 1: number": "_match_numbers",
    "waybills of other carriers": "_find_other_carriers",
    "pass 2: place, day, weight": "_match_shipments",
    "pass 3: one character wrong": "_match_near_numbers",
    "what lines count as": "_assign_roles",
    "credits": "_find_credits",
    "auditing": "_audit",
    "written": "_write_results",
    "missing on their side": "_write_missing",
    "sums and digest": "_take_totals",
}


def measure_installed(bench):
    scale = bench.quotations / QUOTATIONS
    waybills, lines = round(WAYBILLS * scale), round(LINES * scale)
    clone(bench.variables, installed(bench.variables, "minimal", depends_of(addons())), bench.database(DATABASE))
    with closing(bench.worker(DATABASE)) as worker:
        models = worker("freight_models")
    with cursor_of(bench.variables, DATABASE) as cursor:
        fill(Copies(cursor, models), models, waybills, lines)
    execute(bench.variables, "VACUUM ANALYZE", database=DATABASE)
    worker = bench.worker(DATABASE)
    statement = models["freight_statement"]
    worker("settle")
    worker("freight_check", statement=statement, lines=lines)
    beside = f"bare join, {waybills:,} waybills"
    for label, name in PASSES.items():
        costs = Comparison.run(
            lambda _n: worker("freight_bare", statement=statement),
            lambda _n, name=name: worker("freight_pass", statement=statement, name=name),
            PAIRS,
        )
        bench.table.times(f"{lines:,} lines, {label}", beside, costs)
    costs = Comparison.run(
        lambda _n: worker("freight_bare", statement=statement),
        lambda _n: worker("freight_pass", statement=statement, name="_match"),
        PAIRS,
    )
    bench.table.times(f"{lines:,} lines matched and audited", beside, costs, seconds_limit=30)


def fill(copies, models, waybills, lines):
    """A year of waybills, and lines of the last twelfth of them."""
    number = "'SF' || lpad((n::bigint * 7919)::text, 12, '0')"
    days = f"DATE '2031-12-31' - ((({waybills} - 1 - n)::bigint * 365) / {waybills})::int"
    weight = "5 + (n::bigint * 31 %% 4000) / 10.0"
    first = copies._copy(
        "freight_waybill",
        waybills,
        {
            "name": number,
            "number_key": number,
            "shipped_date": days,
            "zone": "'Zone ' || n %% 97",
            "weight": weight,
            "chargeable_weight": weight,
        },
    )
    copies._copy(
        "freight_waybill_charge",
        waybills,
        {"waybill_id": f"{first} + n", "expected_amount": "100 + n %% 900"},
    )
    # The last of them, one by one.
    at = f"({waybills} - {lines} + n)"
    reference = "waybill.number_key"
    copies._copy(
        "freight_statement_line",
        lines,
        {
            "reference": reference,
            "number_key": f"""CASE WHEN n %% 1000 < 8 THEN NULL
                WHEN n %% 1000 = 8 THEN overlay({reference} placing 'X' from 9 for 1)
                WHEN n %% 1000 = 9 THEN 'U' || {reference}
                WHEN n %% 1000 = 10 THEN (
                    SELECT number_key FROM freight_waybill earlier WHERE earlier.id = waybill.id - 1)
                ELSE {reference} END""",
            "ship_date": "waybill.shipped_date",
            "destination": "waybill.zone",
            "weight": "CASE WHEN n %% 1000 = 9 THEN 4000 ELSE waybill.weight END",
            "amount": f"100 + {at} %% 900 + CASE WHEN n %% 50 = 0 THEN 30 ELSE 0 END",
        },
        f"JOIN freight_waybill waybill ON waybill.id = {first} + {at}",
    )


class Operations(operations.Operations):
    def freight_models(self):
        """Make a carrier, a waybill with its charge, and a statement with a line; return their ids."""
        with self.environment() as env:
            service = env["product.product"].create({"name": "Freight", "type": "service"})
            carrier = env["delivery.carrier"].create(
                {"name": "Carrier", "product_id": service.id, "number_prefix": "SF", "number_reuse_days": 180}
            )
            waybill = env["freight.waybill"].create(
                {"name": "FIRST", "carrier_id": carrier.id, "shipped_date": "2020-01-01", "weight": 1}
            )
            freight = env.ref("sales_dept_logistics.charge_freight")
            charge = env["freight.waybill.charge"].create(
                {
                    "waybill_id": waybill.id,
                    "kind_id": freight.id,
                    "company_id": env.company.id,
                    "currency_id": env.company.currency_id.id,
                    "expected_amount": 1,
                }
            )
            statement = env["freight.statement"].create(
                {"carrier_id": carrier.id, "date_from": "2031-12-01", "date_to": "2031-12-31"}
            )
            line = env["freight.statement.line"].create(
                {"statement_id": statement.id, "reference": "NONE", "kind_id": freight.id, "amount": 1}
            )
            statement._after_reading()
            return {
                "freight_waybill": waybill.id,
                "freight_waybill_charge": charge.id,
                "freight_statement": statement.id,
                "freight_statement_line": line.id,
            }

    def freight_check(self, statement, lines):
        """Match once, to know that what is measured does what it says."""
        with self.measured() as (env, _measure):
            record = env["freight.statement"].browse(statement)
            record._match()
            if record.total_amount <= 0 or not 0 < record.exception_count < lines / 20:
                raise ValueError(f"{record.exception_count} exceptions of {lines} lines")
            env.cr.execute(
                "SELECT match_pass, role, COUNT(*) FROM freight_statement_line WHERE statement_id = %s GROUP BY 1, 2",
                [statement],
            )
            return env.cr.fetchall()

    def freight_bare(self, statement):
        with self.measured() as (env, measure):
            return measure(lambda: env.cr.execute(BARE, [statement]))

    def freight_pass(self, statement, name):
        """One pass, after all that come before it."""
        with self.measured() as (env, measure):
            record = env["freight.statement"].browse(statement)
            names = list(PASSES.values())
            for earlier in names[: names.index(name)] if name in names else []:
                getattr(record, earlier)()
            return measure(getattr(record, name))


BARE = """
    UPDATE freight_statement_line line SET waybill_id = waybill.id
      FROM freight_waybill waybill
     WHERE line.statement_id = %s AND waybill.company_id = line.company_id
       AND waybill.carrier_id = line.carrier_id AND waybill.number_key = line.number_key
"""
