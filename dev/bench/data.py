"""Data for the benchmarks: rows that Odoo made once, written many times over with COPY.

Every row is a copy of one that the ORM made, with other ids, people, names and dates; a quotation's
lines are copies of lines of the same state, and its amounts are their sums. So columns that we have
never heard of are as Odoo fills them. The same size gives the same rows, but for dates, which count
back from today.
"""

import io
import json
import random
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal

from postgres import connect

LINES = 5
# Quotations to confirm: number of lines, and how many quotations have that many.
LONG_QUOTATIONS = {20: 12, 200: 12}
STATES = {"draft": 50, "sent": 20, "sale": 25, "cancel": 5}
NULL = r"\N"


@contextmanager
def cursor_of(variables, database):
    """Yield a psycopg2 cursor; what it did is committed at the end."""
    connection = connect(variables, database)
    try:
        with connection, connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def encoded(value):
    """`value` as text of PostgreSQL's COPY format."""
    if value is None:
        return NULL
    if isinstance(value, bool):
        return "t" if value else "f"
    return str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


class Table:
    """Rows of a table in COPY's text format: read, varied, and written again."""

    def __init__(self, cursor, name):
        self.cursor = cursor
        self.name = name
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
            " ORDER BY attnum",
            [name],
        )
        self.columns = [column for (column,) in cursor.fetchall()]
        self.has_id = "id" in self.columns
        self.next_id = 0
        if self.has_id:
            cursor.execute(f'SELECT COALESCE(MAX(id), 0) + 1 FROM "{name}"')
            self.next_id = cursor.fetchone()[0]
        self.lines = []

    def _column_list(self):
        return ", ".join(f'"{column}"' for column in self.columns)

    def read(self, condition, *parameters):
        """Return the rows that meet `condition`, as dicts of COPY texts, in the order of their first column."""
        query = f'SELECT {self._column_list()} FROM "{self.name}" WHERE {condition} ORDER BY 1'
        copy = self.cursor.mogrify(f"COPY ({query}) TO STDOUT", parameters).decode()
        output = io.StringIO()
        self.cursor.copy_expert(copy, output)
        return [
            dict(zip(self.columns, line.split("\t"), strict=True)) for line in output.getvalue().split("\n") if line
        ]

    def add(self, row, **values):
        """Add a copy of `row` with other `values`; return its id, or 0 where the table has none."""
        new_id = self.next_id
        if self.has_id:
            self.next_id += 1
            values["id"] = new_id
        texts = {name: encoded(value) for name, value in values.items() if name in row}
        self.lines.append("\t".join((row | texts).values()))
        return new_id

    def write(self):
        """COPY what was added into the table."""
        text = io.StringIO("\n".join(self.lines) + "\n" if self.lines else "")
        self.cursor.copy_expert(f'COPY "{self.name}" ({self._column_list()}) FROM STDIN', text)
        if self.has_id:
            self.cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [self.name, self.next_id - 1])
        self.lines = []


class Quotation:
    """A quotation that Odoo made, with all that hangs on it, to be copied."""

    def __init__(self, tables, order_id):
        (self.order,) = tables["sale_order"].read("id = %s", order_id)
        self.lines = tables["sale_order_line"].read("order_id = %s", order_id)
        self.messages = tables["mail_message"].read("model = 'sale.order' AND res_id = %s", order_id)
        self.followers = tables["mail_followers"].read("res_model = 'sale.order' AND res_id = %s", order_id)
        self.taxes = self._grouped(tables["account_tax_sale_order_line_rel"], "sale_order_line_id", self.lines)
        self.subtypes = self._grouped(
            tables["mail_followers_mail_message_subtype_rel"], "mail_followers_id", self.followers
        )

    @staticmethod
    def _grouped(table, column, rows):
        """Rows of a relation's `table` by the id of those of `rows` that they belong to."""
        groups = {row["id"]: [] for row in rows}
        for link in table.read(f"{column} IN %s", tuple(map(int, groups))):
            groups[link[column]].append(link)
        return groups


class Generator:
    """Fills a database with customers and quotations.

    :param dict seed: ids of what the ORM made, as `subjects.base_data.seed` returns them
    :param int quotations: how many to make
    """

    def __init__(self, cursor, seed, quotations):
        names = ["res_partner", "sale_order", "sale_order_line", "account_tax_sale_order_line_rel", "mail_message"]
        names += ["mail_followers", "mail_followers_mail_message_subtype_rel"]
        self.tables = {name: Table(cursor, name) for name in names}
        self.seed = seed
        self.quotations = quotations
        self.random = random.Random(19)
        self.today = datetime.now().replace(microsecond=0)
        self.models = {state: Quotation(self.tables, order_id) for state, order_id in seed["orders"].items()}

    def fill(self):
        """Write the rows; return ``{number of lines: ids of the quotations made to be confirmed}``."""
        customers = self._customers(max(self.quotations // 5, 1))
        made = {}
        sizes = [size for size, count in LONG_QUOTATIONS.items() for _index in range(count)]
        for number in range(self.quotations):
            long = number < len(sizes)
            # Sent, as most quotations are when they become orders.
            state = "sent" if long else self.random.choices(list(STATES), STATES.values())[0]
            user = self.seed["managers"][0] if long else self.random.choice(self.seed["managers"])
            size = sizes[number] if long else LINES
            order_id = self._quotation(number, self.models[state], self.random.choice(customers), user, size)
            if long:
                made.setdefault(size, []).append(order_id)
        for table in self.tables.values():
            table.write()
        return made

    def _customers(self, count):
        partners = self.tables["res_partner"]
        (model,) = partners.read("id = %s", self.seed["customer"])
        return [
            partners.add(
                model,
                name=f"Customer {number:06}",
                complete_name=f"Customer {number:06}",
                email=f"buyer@customer{number}.example",
                email_normalized=f"buyer@customer{number}.example",
                commercial_partner_id=partners.next_id,
            )
            for number in range(count)
        ]

    def _quotation(self, number, model, customer, user, size):
        """Add a copy of `model` for `customer`, by `user`, with `size` of its lines; return its id."""
        lines = [model.lines[index] for index in sorted(self.random.sample(range(len(model.lines)), size))]
        date = self.today - timedelta(minutes=self.random.randrange(2 * 365 * 24 * 60))
        untaxed = sum(Decimal(line["price_subtotal"]) for line in lines)
        total = sum(Decimal(line["price_total"]) for line in lines)
        order_id = self.tables["sale_order"].add(
            model.order,
            name=f"Q{number:06}",
            partner_id=customer,
            partner_invoice_id=customer,
            partner_shipping_id=customer,
            user_id=user["id"],
            create_uid=user["id"],
            date_order=date,
            create_date=date,
            write_date=date,
            access_token=None,
            amount_untaxed=untaxed,
            amount_tax=total - untaxed,
            amount_total=total,
        )
        for line in lines:
            line_id = self.tables["sale_order_line"].add(
                line, order_id=order_id, order_partner_id=customer, salesman_id=user["id"], create_date=date
            )
            for link in model.taxes[line["id"]]:
                self.tables["account_tax_sale_order_line_rel"].add(link, sale_order_line_id=line_id)
        self._thread(model, order_id, customer, user, date)
        return order_id

    def _thread(self, model, order_id, customer, user, date):
        """Add the messages and followers of `model` to the copy of it."""
        first = None
        for message in model.messages:
            message_id = self.tables["mail_message"].add(
                message,
                res_id=order_id,
                parent_id=first,
                message_id=f"<{order_id}.{message['id']}@benchmark.example>",
                date=date,
                create_date=date,
            )
            first = first or message_id
        manager = self.seed["managers"][0]
        partners = {str(self.seed["customer"]): customer, str(manager["partner"]): user["partner"]}
        for follower in model.followers:
            partner = partners.get(follower["partner_id"], follower["partner_id"])
            follower_id = self.tables["mail_followers"].add(follower, res_id=order_id, partner_id=partner)
            for link in model.subtypes[follower["id"]]:
                self.tables["mail_followers_mail_message_subtype_rel"].add(link, mail_followers_id=follower_id)


def copy_requests(cursor, approval_id, orders):
    """Give each of `orders` a copy of the request `approval_id`, which waits for its signature.

    :param list orders: ``{"id", "name", "partner", "amount", "user", "terms", "digest"}`` of each,
        as `subjects.approvals.terms` returns them
    """
    approvals, tasks = Table(cursor, "sales_approval"), Table(cursor, "sales_approval_task")
    activities = Table(cursor, "mail_activity")
    (approval,) = approvals.read("id = %s", approval_id)
    task_models = tasks.read("approval_id = %s", approval_id)
    activity_models = activities.read("res_model = 'sale.order' AND res_id = %s", int(approval["res_id"]))
    for order in orders:
        new_id = approvals.add(
            approval,
            res_id=order["id"],
            res_name=order["name"],
            partner_id=order["partner"],
            requester_id=order["user"],
            responsible_id=order["user"],
            amount=order["amount"],
            terms=json.dumps(order["terms"]),
            digest=order["digest"],
        )
        for task in task_models:
            tasks.add(task, approval_id=new_id)
        for activity in activity_models:
            activities.add(activity, res_id=order["id"], res_name=order["name"])
    for table in (approvals, tasks, activities):
        table.write()
    cursor.execute(
        "UPDATE sale_order SET approval_state = 'pending' WHERE id IN %s", [tuple(order["id"] for order in orders)]
    )
