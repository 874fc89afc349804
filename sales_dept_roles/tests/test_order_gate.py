from itertools import count
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..models.order_gate.gate import Gate
from .common import SalesDeptCommon

NUMBERS = count(1)
ONLY_LARGE = Gate(
    name="only_large",
    policy="active",
    states=("sent",),
    required="_only_large_required",
    missing="_only_large_missing",
    messages="_only_large_messages",
    parties="_order_gate_parties",
)


@tagged("post_install", "-at_install")
class TestOrderGate(SalesDeptCommon):
    """One door for quotations and orders: each gate is asked once per transition, for all of them together."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.sales_dept_quote_signoff = "off"

    def _count(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _customers(self, count):
        return self.env["res.partner"].create(
            [{"name": f"Gate {next(NUMBERS)}", "is_company": True} for _number in range(count)]
        )

    def _quotations(self, count, lines=1):
        line = {"product_id": self.product.id, "product_uom_qty": 2, "price_unit": 100.0}
        return (
            self.env["sale.order"]
            .with_user(self.manager1)
            .create(
                [
                    {"partner_id": customer.id, "order_line": [Command.create(line) for _number in range(lines)]}
                    for customer in self._customers(count)
                ]
            )
        )

    def test_who_reads_what_colleagues_read(self):
        """It follows their groups."""
        reader = new_test_user(self.env, "gate_reader", groups="base.group_portal")
        orders = self.env["sale.order"].with_user(reader)
        stage, name = orders._fields["gate_stage"], orders._fields["name"]
        self.assertFalse(orders._has_field_access(stage, "read"))
        self.assertTrue(orders._has_field_access(name, "read"))
        self.assertTrue(orders.sudo()._has_field_access(stage, "read"))
        reader.group_ids = self.env.ref("base.group_user")
        self.assertTrue(orders._has_field_access(stage, "read"))
        reader.group_ids = self.env.ref("base.group_portal")
        self.assertFalse(orders._has_field_access(stage, "read"))

    def test_policies_are_those_of_the_gates(self):
        policies = {
            "sales_dept_quote_signoff": "all",
            "sales_dept_customer_file": True,
            "sales_dept_agreement": True,
            "sales_dept_order_review": "all",
        }
        self.assertEqual(set(self.company._sales_dept_order_policies()), set(policies))
        self.company.write(self.company._sales_dept_off_values())
        self.assertFalse(self.company._holds_orders())
        for name, value in policies.items():
            before = self.company[name]
            self.company[name] = value
            self.assertTrue(self.company._holds_orders(), name)
            self.company[name] = before

    def test_one_create_and_one_write(self):
        doors = {"create": set(), "write": set()}
        for cls in self.registry["sale.order"].mro():
            if cls.__module__.startswith("odoo.addons.sales_dept_"):
                for name in doors.keys() & vars(cls).keys():
                    doors[name].add(cls.__module__.removeprefix("odoo.addons.sales_dept_roles.models."))
        for name, modules in doors.items():
            # What all documents have stands below the document's own class, and asks no gate.
            features = {module for module in modules if "_mixin" not in module}
            self.assertEqual(features, {"order_gate.sale_order"}, name)

    def _with_gate(self, asked):
        """Register a gate besides, which holds what costs less than 500; `asked` is told of each time it is asked."""
        Order = self.registry["sale.order"]

        def missing(orders, required, _lacking):
            asked.append(len(required))
            return required.filtered(lambda order: order.amount_total < 500)

        def messages(orders):
            return {order.id: f"{order.name} is too small." for order in orders}

        gates = Order._gates
        self.startPatcher(patch.object(Order, "_gates", lambda orders: [*gates(orders), ONLY_LARGE]))
        for name, method in {
            ONLY_LARGE.required: lambda orders: orders.filtered(lambda order: order.partner_id != self.customer),
            ONLY_LARGE.missing: missing,
            ONLY_LARGE.messages: messages,
        }.items():
            self.startPatcher(patch.object(Order, name, method, create=True))

    def test_registered_gate_is_asked_on_each_way_in(self):
        asked = []
        small = self._quotations(1)
        self._with_gate(asked)
        with self.assertRefused("is too small"):
            small.action_quotation_sent()
        with self.assertRefused("is too small"):
            small.write({"state": "sent"})
        with self.assertRefused("is too small"):
            self.env["sale.order"].create({"partner_id": small.partner_id.id, "state": "sent"})
        with self.assertRefused("is too small"):
            self.env["sale.order"].with_context(default_state="sent").create({"partner_id": small.partner_id.id})
        self.assertEqual(asked, [1, 1, 1, 1])
        # Exempt by its own rule, and asked again when it comes to concern others.
        exempt = self._create_quotation()
        exempt.write({"state": "sent"})
        with self.assertRefused("is too small"):
            exempt.partner_id = small.partner_id
        exempt.note = "Not asked again"
        self.assertEqual(len(asked), 5)

    def test_without_the_gate_all_pass(self):
        small = self._quotations(1)
        small.write({"state": "sent"})
        self.assertEqual(small.state, "sent")

    def test_asked_once_for_all(self):
        asked = []
        orders = self._quotations(3)
        self._with_gate(asked)
        orders.order_line.price_unit = 1000.0
        orders.write({"state": "sent"})
        self.assertEqual(asked, [3])

    def test_all_sentences_at_once(self):
        self.company.write(
            {
                "sales_dept_quote_signoff": "all",
                "sales_dept_order_review": "all",
                "sales_dept_customer_file": True,
                "sales_dept_agreement": True,
            }
        )
        order = self._create_quotation()
        with self.assertRefused("(?s)has not been signed off.*is not filed.*no agreement in force.*was not reviewed"):
            order.action_confirm()
        self.assertEqual(order.state, "draft")

    def test_gates_cost_no_query_per_order(self):
        self.company.write(
            {
                "sales_dept_quote_signoff": "all",
                "sales_dept_order_review": "all",
                "sales_dept_customer_file": True,
                "sales_dept_agreement": True,
            }
        )
        few, many = self._quotations(5), self._quotations(20)
        few._gate_messages("sale")
        self.assertEqual(
            self._count(lambda: few._gate_messages("sale")), self._count(lambda: many._gate_messages("sale"))
        )

    def test_asking_for_approval_costs_no_query_per_document(self):
        self.company.sales_dept_customer_file_item_ids = False
        for kind, make in {"quotation": self._quotations, "customer file": self._customers}.items():
            with self.subTest(kind=kind):
                warm, few, many = (make(count).with_user(self.manager1) for count in (2, 5, 20))
                warm.action_approval_submit()
                cost_of_few = self._count(few.action_approval_submit)
                cost_of_many = self._count(many.action_approval_submit)
                self.assertEqual(set(many.mapped("approval_state")), {"pending"})
                self.assertLessEqual(cost_of_many, cost_of_few)
