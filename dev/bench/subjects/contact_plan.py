"""Who is due for a visit or a call, beside the query that somebody would write by hand for the last contacts.

At SCALE=1 there are 5,000 customers in a class with 100,000 visits and calls of two years, in a database of their own.
The bare query knows no time zones, no kinds of contact, no visits that are planned, and one interval for all classes.
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

DATABASE = "sd_bench_contact_plan"
# For the 20,000 quotations of SCALE=1.
QUOTATIONS, CUSTOMERS, CONTACTS = 20_000, 5_000, 20
DAYS = 2 * 365
RATIO_LIMIT = 2.0
PAIRS = 5


def measure_installed(bench):
    customers = round(CUSTOMERS * bench.quotations / QUOTATIONS)
    clone(bench.variables, installed(bench.variables, "minimal", depends_of(addons())), bench.database(DATABASE))
    with closing(bench.worker(DATABASE)) as worker:
        models = worker("contact_models")
    with cursor_of(bench.variables, DATABASE) as cursor:
        Contacts(cursor, models).make(customers)
    execute(bench.variables, "VACUUM ANALYZE", database=DATABASE)
    worker = bench.worker(DATABASE)
    worker("settle")
    beside = f"bare SQL, {customers * CONTACTS:,} contacts"
    costs = Comparison.run(lambda _n: worker("contacts_bare"), lambda _n: worker("contacts_due"), PAIRS)
    bench.table.times(f"Who is due of {customers:,} customers", beside, costs, ratio_limit=RATIO_LIMIT)


class Contacts(Copies):
    """Customers, and those who were visited or called."""

    def make(self, customers):
        partner = self._copy("res_partner", customers, {"name": "'Customer ' || n", "commercial_partner_id": "NULL"})
        self.cursor.execute("UPDATE res_partner SET commercial_partner_id = id WHERE id >= %s", [partner])
        day = f"(current_date - (n * 7919 %% {DAYS})::int)"
        with self._in_bulk("calendar_event"):
            self._copy(
                "calendar_event",
                customers * CONTACTS,
                {
                    "visit_partner_id": f"{partner} + n %% {customers}",
                    "visit_date": day,
                    "start": f"{day}::timestamp + INTERVAL '3 hours'",
                    "stop": f"{day}::timestamp + INTERVAL '4 hours'",
                    "visit_kind": "CASE WHEN n %% 3 = 0 THEN 'visit' ELSE 'call' END",
                },
            )


class Operations(operations.Operations):
    def contact_models(self):
        """Make a customer in a class and a visit; return the ids of their rows."""
        with self.environment() as env:
            partner = env["res.partner"].create({"name": "Customer", "customer_rank": 1})
            partner.contact_class_id = env.ref("sales_dept_roles.contact_class_a")
            event = env["calendar.event"].create(
                {
                    "name": "Visit",
                    "start": "2026-01-05 03:00:00",
                    "stop": "2026-01-05 04:00:00",
                    "visit_purpose": env["calendar.event"]._fields["visit_purpose"].get_values(env)[0],
                    "visit_partner_id": partner.id,
                }
            )
            return {"res_partner": partner.id, "calendar_event": event.id}

    def contacts_bare(self):
        with self.measured() as (env, measure):
            return measure(lambda: env.cr.execute(BARE))

    def contacts_due(self):
        """The page of the list, worst first, and how many there are."""
        with self.measured() as (env, measure):
            due, names = env["sales.contact.due"], ["partner_id", "last_date", "date_due"]

            def read():
                due.search_fetch([("state", "in", ("overdue", "due"))], names, limit=PAGE)

            return measure(read)


BARE = """
    SELECT partner.id, partner.name, last.day, last.day + INTERVAL '1 month' AS due
      FROM res_partner partner
 LEFT JOIN (SELECT visit_partner_id, MAX(visit_date) AS day FROM calendar_event
             WHERE visit_date IS NOT NULL GROUP BY 1) last ON last.visit_partner_id = partner.id
     WHERE partner.active AND partner.contact_class_id IS NOT NULL
       AND last.day + INTERVAL '1 month' < date_trunc('month', now()) + INTERVAL '1 month'
  ORDER BY due, last.day, partner.id
     LIMIT 80
"""
