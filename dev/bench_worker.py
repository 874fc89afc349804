"""A process of Odoo on one database that does what `bench.py` tells it, and says what it cost.

Commands and answers are JSON, one per line. Every measured operation is flushed, as Odoo does
before it commits, and then rolled back: the next one finds the same database.
"""

import base64
import gc
import json
import os
import random
import sys
import time
import traceback
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from lxml import etree

from odoo import api
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service import server
from odoo.tools import SQL, config

PAGE = 80
PRODUCTS = 200
MANAGERS = 8
HOLIDAYS = [(1, 1), (1, 2), (4, 5), (5, 1), (5, 2), (6, 10), (9, 17), (10, 1), (10, 2), (10, 3)]
# The web client stops counting there.
COUNT_LIMIT = 10_001


class Worker:
    """Operations on one database. The public methods are the commands."""

    def __init__(self, database):
        self.registry = Registry(database)

    @contextmanager
    def environment(self, user=api.SUPERUSER_ID):
        """Yield an environment of `user`; committed at the end."""
        with self.registry.cursor() as cr:
            company = api.Environment(cr, user, {})["res.users"].browse(user).company_id
            # No mail leaves the machine: it stays in the queue.
            context = {"lang": "en_US", "tz": "UTC", "allowed_company_ids": company.ids}
            yield api.Environment(cr, user, {**context, "mail_notify_force_send": False})

    @contextmanager
    def measured(self, user=api.SUPERUSER_ID):
        """Yield an environment and a function that runs and measures another; rolled back at the end."""
        with self.environment(user) as env:
            cr = env.cr

            def measure(function):
                cr.flush()
                env.invalidate_all()
                gc.collect()
                queries, begin = cr.sql_log_count, time.perf_counter()
                function()
                cr.flush()
                return {"seconds": time.perf_counter() - begin, "queries": cr.sql_log_count - queries}

            yield env, measure
            cr.rollback()

    # === PREPARATION === #

    def settle(self):
        """Leave what is loaded so far out of Python's garbage collection."""
        gc.collect()
        gc.freeze()

    def seed(self):
        """Make people, products, holidays, and one quotation per state with a line of every product."""
        with self.environment() as env:
            managers = [
                self._create_user(env, f"manager{number}", "sales_team.group_sale_salesman")
                for number in range(MANAGERS)
            ]
            general_manager = self._create_user(env, "general_manager", "sales_team.group_sale_salesman_all_leads")
            # At such prices no tax needs rounding: an order's is the sum of its lines', however a company rounds.
            products = env["product.product"].create(
                [
                    {"name": f"Product {number:03}", "type": "consu", "list_price": 10 + number}
                    for number in range(PRODUCTS)
                ]
            )
            env["resource.calendar.leaves"].create(
                [
                    {
                        "name": "Public holiday",
                        "company_id": env.company.id,
                        "date_from": datetime(year, month, day),
                        "date_to": datetime(year, month, day, 23, 59, 59),
                    }
                    for year in range(date.today().year - 1, date.today().year + 3)
                    for month, day in HOLIDAYS
                ]
            )
            customer = env["res.partner"].create(
                {"name": "Customer", "is_company": True, "email": "buyer@customer.example"}
            )
            orders = self._create_quotations(env(user=managers[0].id), customer, products)
            return {
                "managers": [{"id": user.id, "partner": user.partner_id.id} for user in managers],
                "general_manager": general_manager.id,
                "customer": customer.id,
                "orders": orders,
            }

    def _create_user(self, env, login, group):
        return (
            env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": login.replace("_", " ").title(),
                    "login": login,
                    "email": f"{login}@company.example",
                    "group_ids": [Command.set([env.ref("base.group_user").id, env.ref(group).id])],
                }
            )
        )

    def _create_quotations(self, env, customer, products):
        """Return ``{state: id of a quotation}``."""
        orders = {}
        for state in ("draft", "sent", "sale", "cancel"):
            lines = [
                Command.create({"product_id": product.id, "product_uom_qty": 1 + index % 7})
                for index, product in enumerate(products)
            ]
            orders[state] = env["sale.order"].create({"partner_id": customer.id, "order_line": lines})
        env.cr.flush()
        orders["sent"].action_quotation_sent()
        orders["sale"].action_confirm()
        orders["cancel"]._action_cancel()
        return {state: order.id for state, order in orders.items()}

    def check_quotations(self, orders):
        """Raise when Odoo would compute other values for the generated `orders` than they hold."""
        stored = ("amount_untaxed", "amount_tax", "amount_total", "invoice_status")
        with self.environment() as env:
            orders = env["sale.order"].browse(orders)
            before = [[order[name] for name in stored] for order in orders]
            for name in stored:
                env.add_to_compute(orders._fields[name], orders)
            after = [[order[name] for name in stored] for order in orders]
            env.cr.rollback()
        if before != after:
            raise ValueError(f"Generated quotations differ from computed ones: {before} and {after}")

    def give_roles(self, managers, general_manager):
        """Give the people of `seed` their roles of the Sales Department; return who judges for all departments."""
        with self.environment() as env:
            roles = {"group_account_manager": managers, "group_general_manager": [general_manager]}
            for role, users in roles.items():
                env["res.users"].browse(users).group_ids = [Command.link(env.ref(f"sales_dept_roles.{role}").id)]
            env["resource.calendar.workday"].create(
                [
                    {"name": "Make-up day", "company_id": env.company.id, "date": date(year, 9, 28)}
                    for year in range(date.today().year - 1, date.today().year + 3)
                ]
            )
            departments = self._create_user(env, "departments", "sales_dept_roles.group_finance_verifier")
            departments.group_ids = [
                Command.link(env.ref(f"sales_dept_roles.group_review_{name}").id)
                for name in ("engineering", "production", "purchasing", "quality", "logistics")
            ]
            return departments.id

    def switch_gates_on(self):
        with self.environment() as env:
            env.company.action_sales_dept_apply_handbook()
            # What is in a file costs nothing when an order is confirmed; that it is archived does.
            env.company.sales_dept_customer_file_item_ids = False

    def meet_gates(self, orders, user, general_manager, departments):
        """Let `orders` meet every gate: file archived, contract attached, review passed."""
        with self.environment(user) as env:
            orders = env["sale.order"].browse(orders)
            orders.write(
                {
                    "commitment_date": datetime.now() + timedelta(days=60),
                    "signed_contract": base64.b64encode(b"%PDF"),
                    "signed_contract_name": "contract.pdf",
                }
            )
            # Customers have several orders: the file of some is archived already.
            customers = orders.partner_id.filtered(lambda customer: customer.customer_file_state != "archived")
            customers.action_approval_submit()
            reviews = env["sale.order.review"].union(*(order._order_review() for order in orders))
            reviews.action_approval_submit()
            asked = [(general_manager, reviews), (departments, reviews), (departments, customers)]
            asked = [(judge, documents._name, documents.ids) for judge, documents in asked]
        for judge, model, ids in asked:
            with self.environment(judge) as env:
                env[model].browse(ids).action_approval_approve()

    def switch_on(self):
        with self.environment() as env:
            env.company.sales_dept_quote_signoff = "all"

    def submit(self, orders, user):
        """Ask for sign-off as `user`; return the ids of the requests."""
        with self.environment(user) as env:
            orders = env["sale.order"].browse(orders)
            orders.action_approval_submit()
            return orders.sudo()._approval_in_force().ids

    def sign(self, orders, user):
        with self.environment(user) as env:
            env["sale.order"].browse(orders).action_approval_approve()

    def terms(self, count):
        """Return `count` quotations that nobody has asked sign-off for, with what would be signed."""
        with self.environment() as env:
            orders = env["sale.order"].search([("state", "=", "draft"), ("approval_state", "=", "none")], limit=count)
            return [
                {
                    "id": order.id,
                    "name": order.name,
                    "partner": order.partner_id.id,
                    "amount": order.amount_total,
                    "user": order.user_id.id,
                    "terms": order._approval_terms(),
                    "digest": order._approval_digest(),
                }
                for order in orders
            ]

    def check_requests(self, orders, user):
        """Raise when the copied requests of `orders` are not what the engine takes for open ones."""
        with self.environment(user) as env:
            orders = env["sale.order"].browse(orders)
            env.add_to_compute(orders._fields["approval_state"], orders)
            if set(orders.mapped("approval_state")) != {"pending"} or not all(orders.mapped("approval_can_decide")):
                raise ValueError("Generated requests for sign-off are not open")
            env.cr.rollback()

    # === MEASURES === #

    def confirm(self, order, user):
        with self.measured(user) as (env, measure):
            order = env["sale.order"].browse(order)
            figures = measure(order.action_confirm)
            if order.state != "sale":
                raise ValueError(f"{order.name} was not confirmed")
            return figures

    def quotation_list(self, user):
        """The first page of Quotations, as the web client asks for it: every column, My Quotations on."""
        with self.measured(user) as (env, measure):
            view = env.ref("sale.view_quotation_tree_with_onboarding")
            specification = self._list_specification(env["sale.order"], view.id)
            return self._page(env["sale.order"], measure, [("user_id", "=", user)], specification)

    def order_form(self, order, user):
        """The form of the order, as the web client asks for it."""
        with self.measured(user) as (env, measure):
            return self._form(env["sale.order"].browse(order), measure, {"order_line"})

    def review_form(self, order, user):
        """The form of the order's review, as a department sees it."""
        with self.measured(user) as (env, measure):
            review = env["sale.order"].sudo().browse(order).order_review_id.with_user(user)
            return self._form(review, measure, {"line_ids", "opinion_ids"})

    def _form(self, record, measure, one2manys):
        """Read all that the form of `record` shows, and of its `one2manys` all that their lists show."""
        view = record.get_views([(False, "form")])
        specification = {}
        for name in view["models"][record._name]["fields"]:
            field = record._fields[name]
            specification[name] = {"fields": {"display_name": {}}} if field.type == "many2one" else {}
            if name in one2manys:
                lines = record.env[field.comodel_name]
                names = view["models"][lines._name]["fields"]
                specification[name] = {
                    "fields": {
                        key: {"fields": {"display_name": {}}} if lines._fields[key].type == "many2one" else {}
                        for key in names
                    },
                    "limit": 200,
                }
        return measure(lambda: record.web_read(specification))

    def inbox(self, user):
        """The first page of My Approvals."""
        with self.measured(user) as (env, measure):
            approvals = env["sales.approval"]
            specification = self._list_specification(approvals, env.ref("sales_dept_roles.view_sales_approval_list").id)
            return self._page(approvals, measure, [("can_decide", "=", True)], specification)

    def inbox_search(self, user):
        """The search of My Approvals alone."""
        with self.measured(user) as (env, measure):
            return measure(lambda: env["sales.approval"].search([("can_decide", "=", True)], limit=PAGE))

    def inbox_sql(self, user):
        """What My Approvals looks for, in SQL by hand."""
        with self.measured(user) as (env, measure):
            query = SQL(
                """SELECT approval.id FROM sales_approval approval
                   WHERE requester_id != %(user)s AND company_id IN %(companies)s AND EXISTS (
                       SELECT FROM sales_approval_task task
                       WHERE task.approval_id = approval.id AND task.state = 'open' AND task.group_id IN %(groups)s)
                   ORDER BY request_date DESC, id DESC LIMIT %(page)s""",
                user=user,
                companies=tuple(env.user.company_ids.ids),
                groups=tuple(env.user.all_group_ids.ids),
                page=PAGE,
            )
            return measure(lambda: env.execute_query(query))

    @staticmethod
    def _page(model, measure, domain, specification):
        found = {}

        def read():
            found.update(model.web_search_read(domain, specification, limit=PAGE, count_limit=COUNT_LIMIT))

        figures = measure(read)
        if len(found["records"]) != PAGE:
            raise ValueError(f"The list shows {len(found['records'])} records, not {PAGE}")
        return figures

    @staticmethod
    def _list_specification(model, view):
        """What the web client asks for to show the list `view`: every field of it, hidden columns too."""
        views = model.get_views([(view, "list")])
        fields = views["models"][model._name]["fields"]
        specification = {}
        for node in etree.fromstring(views["views"]["list"]["arch"]).xpath("./field"):
            name = node.get("name")
            specification[name] = {}
            if node.get("column_invisible") in ("True", "1"):
                continue
            if fields[name]["type"] == "many2one":
                specification[name] = {"fields": {"display_name": {}}}
            elif fields[name]["type"] in ("one2many", "many2many"):
                names = ["display_name", "color"] if node.get("widget") == "many2many_tags" else []
                specification[name] = {"fields": {name: {} for name in names}}
        return specification

    def approve(self, count, user):
        """Approve the `count` newest requests in the inbox at once."""
        with self.measured(user) as (env, measure):
            approvals = env["sales.approval"].search([("can_decide", "=", True)], limit=count)
            figures = measure(approvals.action_approve)
            if len(approvals) != count or set(approvals.mapped("state")) != {"approved"}:
                raise ValueError("Not all of the requests were approved")
            return figures

    def finish_activities(self, count, user):
        """Mark `count` of Odoo's own activities done at once, which leaves a note on each quotation."""
        with self.measured(user) as (env, measure):
            orders = env["sale.order"].search([("state", "=", "draft")], limit=count)
            for order in orders.with_context(mail_activity_quick_update=True):
                order.activity_schedule("mail.mail_activity_data_todo", user_id=user)
            return measure(orders.activity_ids.action_feedback)

    def switch_policy(self):
        """Switch quote sign-off on, for every quotation there is."""
        with self.measured() as (env, measure):
            return measure(lambda: env.company.write({"sales_dept_quote_signoff": "all"}))

    def switch_policy_sql(self):
        """Change the stored column in SQL by hand, on every quotation that the policy is about."""
        with self.measured() as (env, measure):
            query = SQL(
                "UPDATE sale_order SET quote_released = FALSE"
                " WHERE company_id = %s AND state IN ('draft', 'sent', 'cancel')",
                env.company.id,
            )
            return measure(lambda: env.cr.execute(query))

    def deadlines(self, requests):
        with self.measured() as (env, measure):
            calendar, requests = env.company.resource_calendar_id, self._requests(requests)
            return measure(lambda: calendar._working_day_deadlines(requests, env.company))

    def plan_days(self, requests):
        """The deadlines of `requests` by Odoo's own means, one after the other."""
        with self.measured() as (env, measure):
            calendar, requests = env.company.resource_calendar_id, self._requests(requests)
            return measure(lambda: [calendar.plan_days(days, start, compute_leaves=True) for start, days in requests])

    @staticmethod
    def _requests(count):
        """`count` times of two years, each with a limit of 1 to 10 working days."""
        chance = random.Random(19)
        first = datetime(date.today().year - 1, 1, 1)
        return [
            (first + timedelta(minutes=chance.randrange(2 * 365 * 24 * 60)), chance.randint(1, 10))
            for _index in range(count)
        ]


def serve(database):
    """Answer commands until there are no more."""
    # Whatever Odoo prints goes to the log, not among the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    config.parse_config(["-d", database, "--no-http", "--max-cron-threads=0"], setup_logging=True)
    server.start(preload=[], stop=True)
    worker = Worker(database)
    for line in sys.stdin:
        name, arguments = json.loads(line)
        try:
            answer = {"result": getattr(worker, name)(**arguments)}
        except Exception as error:
            traceback.print_exc()
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    serve(sys.argv[1])
