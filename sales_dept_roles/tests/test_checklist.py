from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import SalesDeptCommon


@tagged("post_install", "-at_install")
class TestChecklist(SalesDeptCommon):
    """The handbook's rules are switched on with open eyes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = new_test_user(cls.env, "admin_test", "base.group_system,sales_team.group_sale_manager")
        cls.company.write(cls.company._sales_dept_off_values())
        cls.env["sale.order"].search([("state", "in", ("draft", "sent"))]).action_cancel()
        flow = {"model_id": cls.env["ir.model"]._get_id("sale.order")}
        cls.env["sales.approval.flow"].create(
            [
                {**flow, "name": "Exempt", "domain": "[('client_order_ref', '=', 'Exempt')]", "sequence": 1},
                {
                    **flow,
                    "name": "Dear",
                    "domain": "[('amount_total', '>', 1000)]",
                    "sequence": 2,
                    "step_ids": [
                        Command.create({"name": name, "group_id": cls.env.ref(f"sales_dept_roles.{name}").id})
                        for name in ("group_director", "group_general_manager")
                    ],
                },
            ]
        )
        with_contract = {"signed_contract": b"JVBERi0xLjQK", "signed_contract_name": "contract.pdf"}
        cls.orders = cls.env["sale.order"].browse(
            cls._create_quotation(**vals).id
            for vals in (
                {},
                {"client_order_ref": "Exempt"},
                {"order_line": [Command.create({"product_id": cls.product.id, "product_uom_qty": 50})]},
                with_contract,
                {"partner_id": cls.env["res.partner"].create({"name": "Another Customer"}).id},
            )
        )

    def _checklist(self):
        checklist = self.env["sales.dept.checklist"].with_user(self.admin).create({})
        return checklist, {line.policy: line for line in checklist.policy_ids}

    def _refused(self, orders):
        """Those of `orders` that are not confirmed when somebody tries."""
        refused = orders.browse()
        for order in orders:
            savepoint = self.env.cr.savepoint(flush=True)
            try:
                order.action_confirm()
            except UserError:
                refused |= order
            finally:
                self.env.clear()
                savepoint.close(rollback=True)
        return refused

    def test_trial_is_what_happens(self):
        """What the trial counts before a policy is on is what is refused once it is: each policy by itself."""
        some = False
        for policy in self.company._sales_dept_order_policies():
            _checklist, lines = self._checklist()
            line = lines[policy]
            self.assertFalse(line.is_on)
            self.assertEqual(line.open_count, len(self.orders))
            self.assertFalse(self._refused(self.orders), "nothing is held before")
            held = self._trial_ids(line)
            line.action_switch_on()
            with self.subTest(policy=policy):
                self.assertTrue(line.is_on)
                self.assertEqual(set(self._refused(self.orders).ids), held)
                self.assertEqual(line.held_count, len(held), "told again, now that it is on")
                some |= 0 < len(held) < len(self.orders)
            line.action_switch_off()
            self.assertFalse(line.is_on)
            self.assertFalse(self._refused(self.orders), "nothing is held after")
        self.assertTrue(some, "a policy that told orders apart was among them")

    def _trial_ids(self, line):
        action = line.action_view_held()
        ids = {action["res_id"]} if action.get("res_id") else set(self.env["sale.order"].search(action["domain"]).ids)
        self.assertEqual(line.held_count, len(ids))
        return ids

    def test_trial_goes_by_the_gate(self):
        """Counterfactual: a gate that asks for less has a trial that tells less."""
        SaleOrder = self.registry["sale.order"]
        with patch.object(SaleOrder, "_quote_signoff_unreleased", lambda self, *args: self.browse()):
            _checklist, lines = self._checklist()
        self.assertEqual(lines["sales_dept_quote_signoff"].held_count, 0)
        _checklist, lines = self._checklist()
        self.assertEqual(lines["sales_dept_quote_signoff"].held_count, 4)

    def test_what_went_its_way(self):
        """The last three months: as many as would be refused, were they confirmed again with the policy on."""
        self.orders.action_confirm()
        old = self._create_quotation()
        old.action_confirm()
        old.date_order = fields.Datetime.now() - timedelta(days=120)
        _checklist, lines = self._checklist()
        line = lines["sales_dept_quote_signoff"]
        others = self.env["sale.order"].search_count(
            [("state", "in", ("sent", "sale")), ("date_order", ">=", fields.Datetime.now() - timedelta(days=80))]
        ) - len(self.orders)
        self.assertEqual(others, 0, "tests begin without orders")
        self.assertEqual((line.passed_count, line.concerned_count), (5, 4))
        self.assertEqual(line.roles, "General Manager 4, Sales Director 1")
        self.assertEqual(line.waiting_days, "0", "confirmed on the day on which they were made")
        again = self.orders
        again._action_cancel()
        again.action_draft()
        line.action_switch_on()
        self.assertEqual(len(self._refused(again)), 4)

    def test_waiting_once_it_is_on(self):
        self.company.sales_dept_quote_signoff = "all"
        order = self._sign(self._create_quotation())
        order.action_confirm()
        _checklist, lines = self._checklist()
        line = lines["sales_dept_quote_signoff"]
        self.assertEqual((line.passed_count, line.concerned_count), (1, 1))
        self.assertEqual(line.waiting_days, "0")
        self.assertEqual(line.held_count, 4)

    def test_all_at_once(self):
        checklist, lines = self._checklist()
        self.assertFalse(checklist.is_any_on)
        checklist.action_switch_all_on()
        self.assertTrue(checklist.is_all_on)
        for name, value in self.company._sales_dept_handbook_values().items():
            self.assertEqual(self.company[name], value)
        checklist.action_switch_all_off()
        self.assertFalse(checklist.is_any_on)
        self.assertFalse(any(self.company[name] not in (False, "off") for name in lines))
        self.assertFalse(self._refused(self.orders))

    def test_opening_it_changes_nothing(self):
        self.env.flush_all()
        names = list(self.company._sales_dept_handbook_values())
        before = self.company.read(names), self.orders.read(["write_date", "quote_released"])
        self._checklist()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((self.company.read(names), self.orders.read(["write_date", "quote_released"])), before)

    def test_roles_held_by_nobody(self):
        quality = self.env.ref("sales_dept_roles.group_review_quality")
        quality.user_ids = False
        checklist, _lines = self._checklist()
        row = checklist.role_ids.filtered(lambda role: role.group_id == quality)
        self.assertTrue(row)
        self.assertNotIn(self.env.ref("sales_dept_roles.group_director"), checklist.role_ids.group_id)
        review = self.env.ref("sales_dept_roles.approval_flow_order_review")
        self.assertIn(review.name, row.flow_names)
        self.assertIn(review, checklist.flow_ids)
        self.assertIn("nobody", review.with_company(self.company).signers)
        with self.assertRefused("Choose who is to be"):
            row.action_give()
        row.user_ids = self.outsider
        row.action_give()
        self.assertTrue(row.is_held)
        self.assertTrue(self.outsider.has_group("sales_dept_roles.group_review_quality"))

    def test_holders_elsewhere_sign_nothing_here(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.finance.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        checklist, _lines = self._checklist()
        self.assertIn(self.env.ref("sales_dept_roles.group_finance_verifier"), checklist.role_ids.group_id)

    def test_for_administrators_only(self):
        checklist, lines = self._checklist()
        for user in (self.gm, self.director, self.manager1, self.finance, self.outsider, self.portal_user):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    self.env["sales.dept.checklist"].with_user(user).action_open()
                with self.assertRaises(AccessError):
                    checklist.with_user(user).action_switch_all_on()
                with self.assertRaises(AccessError):
                    lines["sales_dept_agreement"].with_user(user).action_switch_on()
        self.assertFalse(self.company.sales_dept_agreement)

    def test_queries_do_not_grow_with_documents(self):
        _checklist, lines = self._checklist()

        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            lines["sales_dept_quote_signoff"]._try()
            lines["sales_dept_agreement"]._try()
            return self.env.cr.sql_log_count - before

        queries()
        few = queries()
        for _number in range(10):
            self._create_quotation()
        many = queries()
        self.assertEqual(lines["sales_dept_quote_signoff"].open_count, 15)
        self.assertEqual(few, many)
