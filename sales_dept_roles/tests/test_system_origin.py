from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..models.quote_signoff.origin import fill_origins
from .common import SalesDeptCommon

CANNOT_BE_SET = "cannot be set"


class SystemOriginCommon(SalesDeptCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = new_test_user(
            cls.env,
            "accountant_test",
            "base.group_user,account.group_account_user,sales_team.group_sale_salesman_all_leads",
            email="accountant@company.example",
        )
        cls.freight = cls.env["product.product"].create(
            {"name": "Air Freight", "type": "service", "expense_policy": "cost", "taxes_id": False}
        )

    def _confirmed(self, **vals):
        order = self._sign(self._create_quotation(**vals))
        order.with_user(self.manager1).action_confirm()
        return order

    def _down_payment(self, order, user=None, amount=50):
        """Invoice a down payment with the wizard, as `user`; returns the invoice."""
        wizard = self.env["sale.advance.payment.inv"].with_user(user or self.manager1)
        wizard = wizard.with_context(active_model="sale.order", active_ids=order.ids)
        wizard.create({"advance_payment_method": "percentage", "amount": amount}).create_invoices()
        return order.sudo().invoice_ids.sorted("id")[-1:]

    def _bill(self, order, price=70.0, user=None, **line_vals):
        """Post a vendor bill that is to be charged to the customer of `order`, as an accountant."""
        bill = (
            self.env["account.move"]
            .with_user(user or self.accountant)
            .create(
                {
                    "move_type": "in_invoice",
                    "partner_id": self.customer.id,
                    "invoice_date": fields.Date.today(),
                    "invoice_line_ids": [
                        Command.create(
                            {"product_id": self.freight.id, "quantity": 1, "price_unit": price, "tax_ids": False}
                            | line_vals
                        )
                    ],
                }
            )
        )
        bill.action_post()
        return bill


@tagged("post_install", "-at_install")
class TestSystemOrigin(SystemOriginCommon):
    """Exemptions go by where a line came from, and no client says where that is."""

    def _charged(self, order, **kwargs):
        """Post a bill charged to `order`; in the small database no module says which order that is, so the test does"""
        analytic = self.env["account.analytic.account"].create(
            {"name": "Order", "plan_id": self.env["account.analytic.plan"].create({"name": "Orders"}).id}
        )
        Line = self.registry["account.move.line"]
        before = order.order_line
        with patch.object(Line, "_sale_determine_order", lambda lines: dict.fromkeys(lines.ids, order)):
            self._bill(order, analytic_distribution={str(analytic.id): 100}, **kwargs)
        return order.order_line - before

    # === CLIENTS === #

    def test_no_client_marks_a_line(self):
        order = self._create_quotation().with_user(self.manager1)
        line = order.order_line
        for flags in ({"is_expense": True}, {"is_downpayment": True}, {"system_origin": "expense"}):
            values = {"product_id": self.product.id, "price_unit": -200, **flags}
            (name,) = flags
            doors = {
                "create": lambda values=values: line.create({"order_id": order.id, **values}),
                "write": lambda flags=flags: line.write(flags),
                "line command": lambda values=values: order.write({"order_line": [Command.create(values)]}),
                "update command": lambda flags=flags: order.write({"order_line": [Command.update(line.id, flags)]}),
                "new order": lambda values=values: self._create_quotation(order_line=[Command.create(values)]),
                "copy": lambda flags=flags: line.copy({"order_id": order.id, **flags}),
            }
            for door, attempt in doors.items():
                with self.subTest(flags=flags, door=door), self.assertRefused(CANNOT_BE_SET, AccessError):
                    attempt()
            with self.subTest(flags=flags, door="import"):
                value = "expense" if name == "system_origin" else "True"
                result = order.load(
                    [".id", "order_line/.id", f"order_line/{name}"], [[str(order.id), str(line.id), value]]
                )
                self.assertFalse(result["ids"])
                self.assertRegex(result["messages"][0]["message"], CANNOT_BE_SET)
            with self.subTest(flags=flags, door="default in the context"):
                defaults = {f"default_{name}": value for name, value in flags.items()}
                made = line.with_context(**defaults).create({"order_id": order.id, "product_id": self.product.id})
                self.assertFalse(made.is_expense or made.is_downpayment or made.system_origin)
                # A process of the system's own that a client sets off has the client's context.
                made = made.sudo().create({"order_id": order.id, "product_id": self.product.id})
                self.assertFalse(made.is_expense or made.is_downpayment or made.system_origin)

    def test_a_flag_from_the_time_without_policies_exempts_nothing(self):
        self.company.sales_dept_quote_signoff = "off"
        order = self._create_quotation()
        order.order_line.is_expense = True
        order.order_line.with_user(self.manager1).write({"is_expense": True, "is_downpayment": False})
        self.assertTrue(order.order_line.is_expense, "without policies nothing is different from Odoo")
        self.company.sales_dept_quote_signoff = "all"
        self._sign(order).action_confirm()
        order.order_line.with_user(self.manager1).price_unit = 1
        self.assertEqual(order.approval_state, "stale")
        self.assertFalse(order.quote_released)

    def test_web_shop_line_called_an_expense(self):
        """On a web shop's order the flag once let staff lower the price unseen."""
        order = self._create_quotation()
        order.sudo()._write_protected({"is_web_shop_order": True})
        line = order.order_line.with_user(self.manager1)
        with self.assertRefused(CANNOT_BE_SET, AccessError):
            line.is_expense = True
        # Nor does a flag that got there otherwise.
        self.env.flush_all()
        self.env.cr.execute("UPDATE sale_order_line SET is_expense = TRUE WHERE id = %s", [line.id])
        self.env.invalidate_all()
        line.price_unit = 1
        self.assertFalse(order.is_web_shop_order)
        with self.assertRefused("has not been signed off"):
            order.with_user(self.manager1).action_confirm()

    def test_negative_expense_on_a_confirmed_order(self):
        order = self._confirmed()
        values = {"product_id": self.product.id, "price_unit": -200, "product_uom_qty": 1, "is_expense": True}
        with self.assertRefused(CANNOT_BE_SET, AccessError):
            order.with_user(self.manager1).write({"order_line": [Command.create(values)]})
        self.assertEqual(order.amount_untaxed, 200)
        self.assertTrue(order.quote_released)

    # === THE SYSTEM'S OWN === #

    def test_down_payment_by_a_salesperson(self):
        """Wizard, posting, deduction: nothing of it changes what was signed."""
        order = self._confirmed()
        invoice = self._down_payment(order)
        lines = order.order_line.filtered("is_downpayment")
        self.assertEqual(len(lines), 2, "a heading and a line")
        self.assertEqual(set(lines.mapped("system_origin")), {"down_payment"})
        self.assertEqual(order.approval_state, "approved")
        invoice.with_user(self.accountant).action_post()
        self.assertEqual(set(lines.mapped("system_origin")), {"down_payment"})
        invoice.with_user(self.accountant).button_draft()
        invoice.with_user(self.accountant).action_post()
        self.assertTrue(order.quote_released)
        order.with_user(self.manager1)._create_invoices(final=True)
        final = order.sudo().invoice_ids - invoice
        self.assertEqual(final.amount_untaxed, 100)
        final.with_user(self.accountant).action_post()
        self.assertEqual(order.approval_state, "approved")

    def test_down_payment_of_a_quotation(self):
        order = self._sign(self._create_quotation())
        self._down_payment(order)
        self.assertEqual(order.approval_state, "approved")
        order.with_user(self.manager1).action_confirm()

    def test_down_payment_counterfactual(self):
        order = self._confirmed()
        with patch.object(self.registry["sale.order.line"], "_is_no_term", lambda line: False):
            self._down_payment(order)
            self.assertEqual(order.approval_state, "stale", "its origin is what exempts it")

    def test_down_payment_changed_by_staff(self):
        """Its price is what the final invoice deducts."""
        order = self._confirmed()
        self._down_payment(order).with_user(self.accountant).action_post()
        line = order.order_line.filtered(lambda line: line.is_downpayment and not line.display_type)
        line.with_user(self.manager1).write({"price_unit": line.price_unit, "name": line.name})
        self.assertTrue(order.quote_released, "a form that saves what is there changes nothing")
        line.with_user(self.manager1).price_unit = 5000
        self.assertFalse(line.system_origin)
        self.assertEqual(order.approval_state, "stale")
        other = self._confirmed()
        self._down_payment(other).with_user(self.accountant).action_post()
        line = other.order_line.filtered(lambda line: line.is_downpayment and not line.display_type)
        line.with_user(self.manager1).name = "Ten years' warranty"
        self.assertEqual(other.approval_state, "stale")

    def test_expense_charged_to_the_customer(self):
        order = self._confirmed()
        line = self._charged(order)
        self.assertEqual((line.system_origin, line.is_expense, line.price_unit), ("expense", True, 70))
        self.assertEqual(order.approval_state, "approved")
        self.assertTrue(order.quote_released)
        line.with_user(self.manager1).price_unit = -200
        self.assertFalse(line.system_origin)
        self.assertEqual(order.approval_state, "stale")
        self.assertFalse(order.quote_released)

    def test_expense_on_an_order_confirmed_without_signature(self):
        self.company.sales_dept_quote_signoff = "rule"
        order = self._create_quotation()
        order.with_user(self.manager1).action_confirm()
        self.company.sales_dept_quote_signoff = "all"
        line = self._charged(order)
        self.assertTrue(order.quote_waived)
        line.with_user(self.manager1).price_unit = -200
        self.assertFalse(order.quote_waived)

    def test_copy_of_an_order_with_an_expense(self):
        order = self._confirmed()
        self._charged(order)
        copy = order.with_user(self.manager1).copy()
        self.assertEqual(len(copy.order_line), 2)
        self.assertFalse(any(copy.order_line.mapped("is_expense")))
        self.assertFalse(any(copy.order_line.mapped("system_origin")))
        self._sign(copy).action_confirm()
        copy.order_line[-1:].with_user(self.manager1).price_unit = -200
        self.assertEqual(copy.approval_state, "stale")

    def test_without_policies(self):
        self.company.sales_dept_quote_signoff = "off"
        order = self._create_quotation()
        order.with_user(self.manager1).action_confirm()
        self._charged(order)
        self._down_payment(order).with_user(self.accountant).action_post()
        self.assertEqual(len(order.order_line), 4)
        self.assertTrue(any(order.with_user(self.manager1).copy().order_line.mapped("is_expense")), "as in Odoo")

    def test_lines_from_before(self):
        """An upgrade finds out by what the processes left behind."""
        order = self._confirmed()
        self._charged(order)
        self._down_payment(order)
        marked = {line: line.system_origin for line in order.order_line}
        self.assertEqual(sorted(filter(None, marked.values())), ["down_payment", "down_payment", "expense"])
        false_claim = self._create_quotation().order_line
        self.env.flush_all()
        lines = order.order_line | false_claim
        self.env.cr.execute("UPDATE sale_order_line SET system_origin = NULL WHERE id IN %s", [lines._ids])
        self.env.cr.execute("UPDATE sale_order_line SET is_expense = TRUE WHERE id = %s", [false_claim.id])
        fill_origins(self.env.cr)
        self.env.invalidate_all()
        self.assertEqual({line: line.system_origin for line in order.order_line}, marked)
        self.assertFalse(false_claim.system_origin)


@tagged("post_install", "-at_install", "-standard", "sales_dept_wide")
class TestSystemOriginWide(SystemOriginCommon):
    """The same through the modules that say which order an expense is for, and the till."""

    def _project_of(self, order):
        project = self.env["project.project"].create({"name": "Delivery", "partner_id": self.customer.id})
        plan, _others = self.env["account.analytic.plan"]._get_all_plans()
        project.account_id = self.env["account.analytic.account"].create({"name": "Delivery", "plan_id": plan.id})
        order.sudo().project_id = project
        # Whoever posts the bill finds the order by the project.
        self.accountant.group_ids += self.env.ref("project.group_project_user")
        return project

    def test_expense_of_a_project(self):
        for policy in ("all", "off"):
            with self.subTest(policy=policy):
                self.company.sales_dept_quote_signoff = "all"
                order = self._confirmed()
                self.company.sales_dept_quote_signoff = policy
                project = self._project_of(order)
                self._bill(order, analytic_distribution={str(project.account_id.id): 100})
                line = order.order_line.filtered("is_expense")
                self.assertEqual(line.system_origin, "expense")
                self.company.sales_dept_quote_signoff = "all"
                self.assertEqual(order.approval_state, "approved")
                self.assertTrue(order.quote_released)

    def test_down_payment_at_the_till(self):
        """The till adds its lines as superuser, with the values that the wizard has."""
        order = self._confirmed()
        cashier = new_test_user(
            self.env, "cashier_test", "base.group_user,point_of_sale.group_pos_user", email="cashier@company.example"
        )
        base_line = order.order_line._prepare_base_line_for_taxes_computation()
        order.with_user(cashier).sudo()._create_down_payment_section_line_if_needed()
        lines = order.with_user(cashier).sudo()._create_down_payment_lines_from_base_lines([base_line])
        self.assertEqual(lines.system_origin, "down_payment")
        self.assertEqual(order.approval_state, "approved")

    def test_delivery_charge(self):
        """A delivery charge is a price to the customer: before signing it is one more line, after it a change."""
        carrier = self.env["delivery.carrier"].create(
            {"name": "Carrier", "product_id": self.freight.id, "fixed_price": 10.0, "delivery_type": "fixed"}
        )
        order = self._create_quotation()
        order.with_user(self.manager1).set_delivery_line(carrier, 10.0)
        self._sign(order)
        self.assertTrue(order.quote_released)
        order.with_user(self.manager1).set_delivery_line(carrier, 1.0)
        self.assertEqual(order.approval_state, "stale")
        self.assertFalse(any(order.order_line.mapped("system_origin")))
