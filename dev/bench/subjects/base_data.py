"""The people, customers and quotations that the other subjects measure with."""

import base64
from datetime import date, datetime, timedelta

from odoo.fields import Command

from bench import operations
from bench.data import LONG_QUOTATIONS

PRODUCTS = 200
MANAGERS = 8
HOLIDAYS = [(1, 1), (1, 2), (4, 5), (5, 1), (5, 2), (6, 10), (9, 17), (10, 1), (10, 2), (10, 3)]


def prepare_gated(bench):
    """Switch on every gate, and let what is to be confirmed meet them."""
    bench.ours("switch_gates_on")
    for lines in LONG_QUOTATIONS:
        bench.ours(
            "meet_gates",
            orders=bench.to_confirm[lines],
            user=bench.manager,
            general_manager=bench.general_manager,
            departments=bench.departments,
        )


class Operations(operations.Operations):
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
            # No gate: measured beside them.
            env.company.sales_dept_milestones = False

    def switch_milestones(self, is_on):
        with self.environment() as env:
            env.company.sales_dept_milestones = is_on

    def meet_gates(self, orders, user, general_manager, departments):
        """Let `orders` meet every gate: file archived, contract attached, review passed."""
        with self.environment(user) as env:
            orders = env["sale.order"].browse(orders)
            orders.order_line.wanted_date = date.today() + timedelta(days=60)
            orders.write({"signed_contract": base64.b64encode(b"%PDF"), "signed_contract_name": "contract.pdf"})
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
