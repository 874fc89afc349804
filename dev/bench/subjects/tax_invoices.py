"""Tax-office invoices: their list beside Odoo's list of quotations, and what of many invoices stands on none yet.

At SCALE=1 there are 300,000 posted invoices in a database of their own, of which every second one stands on a
tax-office invoice; and 1,000 quotations for the list. The bare query knows no rules of who sees which invoice.
"""

from contextlib import closing

from common import addons
from databases import clone, depends_of, installed
from postgres import execute

from bench import operations
from bench.data import cursor_of
from bench.harness import Comparison
from bench.operations import PAGE
from bench.subjects.stock_ageing import Copies

DATABASE = "sd_bench_tax_invoices"
# For the 20,000 quotations of SCALE=1.
QUOTATIONS, INVOICES, ORDERS = 20_000, 300_000, 1_000
LIST_LIMIT, RATIO_LIMIT = 1.2, 2.0
PAIRS = 5


def measure_installed(bench):
    invoices = round(INVOICES * bench.quotations / QUOTATIONS)
    clone(bench.variables, installed(bench.variables, "minimal", depends_of(addons())), bench.database(DATABASE))
    with closing(bench.worker(DATABASE)) as worker:
        models = worker("tax_invoice_models")
    with cursor_of(bench.variables, DATABASE) as cursor:
        TaxInvoices(cursor, models).make(invoices)
    execute(bench.variables, "VACUUM ANALYZE", database=DATABASE)
    worker = bench.worker(DATABASE)
    worker("settle")
    costs = Comparison.run(lambda _n: worker("issue_quotations"), lambda _n: worker("tax_invoice_list"), PAIRS)
    bench.table.times(f"Tax-office invoices, {PAGE} rows", "list of quotations", costs, ratio_limit=LIST_LIMIT)
    beside = f"bare SQL, {invoices:,} invoices"
    costs = Comparison.run(lambda _n: worker("tax_invoice_left_bare"), lambda _n: worker("tax_invoice_left"), PAIRS)
    bench.table.times("What stands on none yet", beside, costs, ratio_limit=RATIO_LIMIT)


class TaxInvoices(Copies):
    """Invoices; every second one on a tax-office invoice of its own."""

    def make(self, invoices):
        with self._in_bulk("account_move"):
            move = self._copy("account_move", invoices, {"name": "'BI' || n", "payment_reference": "'BI' || n"})
        with self._in_bulk("sale_order"):
            self._copy("sale_order", ORDERS, {"name": "'BQ' || n"})
        papers = invoices // 2
        with self._in_bulk("sales_tax_invoice"), self._in_bulk("sales_tax_invoice_line"):
            paper = self._copy("sales_tax_invoice", papers, {"number": "LPAD(n::text, 20, '0')"})
            self._copy(
                "sales_tax_invoice_line", papers, {"tax_invoice_id": f"{paper} + n", "move_id": f"{move} + 2 * n"}
            )


class Operations(operations.Operations):
    def tax_invoice_models(self):
        """Make a tax-office invoice of a posted invoice; return the ids of their rows."""
        models = self.kpi_models()
        with self.environment() as env:
            move = env["account.move"].browse(models["account_move"])
            paper = env["sales.tax.invoice"].create(
                {
                    "kind": env["sales.tax.invoice"]._fields["kind"].get_values(env)[0],
                    "partner_id": move.commercial_partner_id.id,
                    "amount_untaxed": move.amount_untaxed,
                    "line_ids": [(0, 0, {"move_id": move.id, "amount": move.amount_total})],
                }
            )
            return {
                "account_move": move.id,
                "sale_order": models["sale_order"],
                "sales_tax_invoice": paper.id,
                "sales_tax_invoice_line": paper.line_ids.id,
            }

    def tax_invoice_list(self):
        return self._list_of("sales.tax.invoice", "sales_dept_kpi.view_sales_tax_invoice_list")

    def tax_invoice_left_bare(self):
        with self.measured() as (env, measure):

            def read():
                env.cr.execute(BARE, {"company": env.company.id})
                return env.cr.fetchall()

            return measure(read)

    def tax_invoice_left(self):
        with self.measured() as (env, measure):
            return measure(lambda: env["account.move"].search(UNCOVERED).ids)


UNCOVERED = [
    ("move_type", "=", "out_invoice"),
    ("state", "=", "posted"),
    ("tax_invoice_line_ids", "=", False),
]
BARE = """
    SELECT move.id
      FROM account_move move
     WHERE move.company_id = %(company)s AND move.move_type = 'out_invoice' AND move.state = 'posted'
       AND NOT EXISTS (SELECT FROM sales_tax_invoice_line line WHERE line.move_id = move.id)
"""
