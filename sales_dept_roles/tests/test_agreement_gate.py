from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .test_agreement import OTHER_SCAN, SCAN, AgreementCommon


@tagged("post_install", "-at_install")
class TestAgreementGate(AgreementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.sales_dept_agreement = True

    def assertHeld(self, order, sentence="no agreement in force today"):
        for path in (order.action_confirm, lambda: order.write({"state": "sale"})):
            with self.assertRefused(sentence):
                path()
        self.assertIn(order.state, ("draft", "sent"))

    def test_held_without_agreement_and_contract(self):
        order = self._create_quotation()
        self.assertHeld(order)
        self.assertIn("Test Customer Ltd", order.agreement_missing)
        self.assertIn("general manager", order.agreement_missing)
        with self.assertRefused("no agreement in force today"):
            self._create_quotation(state="sale")
        order.action_quotation_sent()
        self.assertFalse(order._has_to_be_paid())

    def test_counterfactual(self):
        order = self._create_quotation()
        with patch.object(self.registry["sale.order"], "_agreement_gate_messages", lambda self: {}):
            order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_agreement_of_a_colleague_s(self):
        """It is in force for the customer, whoever may read it."""
        agreement = self._create_signed()
        order = self._create_quotation(self.manager2, user_id=self.manager2.id)
        self.assertFalse(agreement.with_user(self.manager2).has_access("read"))
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_policy_off_changes_nothing(self):
        self.company.sales_dept_agreement = False
        order = self._create_quotation()
        self.assertFalse(order.agreement_missing)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_agreement_in_force_passes(self):
        for kind in ("sales", "channel"):
            with self.subTest(kind=kind):
                customer = self.customer.copy()
                self._create_signed(kind=kind, partner_id=customer.id)
                contact = self.env["res.partner"].create({"name": "Buyer", "parent_id": customer.id})
                for partner in (customer, contact):
                    order = self._create_quotation(partner_id=partner.id)
                    self.assertFalse(order.agreement_missing)
                    order.action_confirm()
                    self.assertEqual(order.state, "sale")

    def test_agreement_that_is_worth_nothing(self):
        order = self._create_quotation()
        self.assertHeld(order)
        self._create_signed(kind="logistics")
        self.assertHeld(order)
        draft = self._create_agreement()
        self.assertHeld(order, f"{draft.name}: Draft")
        draft.action_approval_submit()
        self.env.invalidate_all()
        self.assertHeld(order, f"{draft.name}: In Approval")
        draft.with_user(self.director).action_approval_approve()
        draft.with_user(self.gm).action_approval_approve()
        self.assertHeld(order, f"{draft.name}: Approved")
        draft.write({"signed_scan": SCAN})
        terminated = draft.with_user(self.director)
        terminated._terminate(self.today, "X")
        self.assertHeld(order, f"{draft.name}: Terminated")
        self._ending_in(-1, date_start=self.today - timedelta(days=50))
        self.assertHeld(order, "Expired")
        self._create_signed(date_start=self.today + timedelta(days=1))
        self.assertHeld(order, "Approved")
        self._ending_in(0)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_judged_on_the_day_of_confirmation(self):
        self._ending_in(10)
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        order = self._create_quotation(date_order=f"{self.today} 10:00:00")
        last = self.today + timedelta(days=10)
        with freeze_time(f"{last} 16:01:00"):
            self.env.invalidate_all()
            self.assertHeld(order)
        with freeze_time(f"{last} 15:59:00"):
            self.env.invalidate_all()
            order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_agreement_of_the_order_s_company(self):
        other = self.env["res.company"].create(
            {"name": "Other Company", "currency_id": self.company.currency_id.id, "sales_dept_agreement": True}
        )
        (self.manager1 | self.director | self.gm).company_ids |= other
        self._create_signed()
        order = (
            self.env["sale.order"]
            .with_user(self.manager1)
            .with_context(allowed_company_ids=[other.id, self.company.id])
            .create({"partner_id": self.customer.id, "company_id": other.id})
        )
        self.assertHeld(order)
        other.sales_dept_agreement = False
        order.action_confirm()
        with self.assertRefused("no agreement in force"):
            self._move_without_agreement(order)

    def _move_without_agreement(self, order):
        """Into a company that asks for an agreement which its customer has not."""
        self.Agreement.sudo().search([("company_id", "=", self.company.id)]).filtered(
            lambda agreement: agreement.partner_id == self.customer
        ).with_user(self.director)._terminate(self.today, "X")
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", self.company.id)], limit=1)
        order.sudo().write({"company_id": self.company.id, "warehouse_id": warehouse.id})

    # === THE CONTRACT === #

    def test_contract_of_the_order_passes(self):
        order, next_order = self._create_quotation(), self._create_quotation()
        order.write({"signed_contract": SCAN, "signed_contract_name": "contract.pdf"})
        self.assertEqual(order.signed_contract_user_id, self.manager1)
        self.assertTrue(order.signed_contract_date)
        self.assertFalse(order.agreement_missing)
        self.assertIn("Signed contract attached: contract.pdf", "".join(order.message_ids.mapped("body")))
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertHeld(next_order)
        self.assertHeld(order.copy())

    def test_removed_contract_holds_again(self):
        order = self._create_quotation(signed_contract=SCAN, signed_contract_name="contract.pdf")
        self.assertEqual(order.signed_contract_user_id, self.manager1)
        order.with_user(self.director).write({"signed_contract": OTHER_SCAN})
        self.assertEqual(order.signed_contract_user_id, self.director)
        self.assertFalse(order.agreement_missing)
        order.write({"signed_contract": False})
        self.assertHeld(order)
        self.assertFalse(order.signed_contract_user_id)
        self.assertFalse(order.signed_contract_name)
        text = "".join(order.message_ids.mapped("body"))
        self.assertIn("Signed contract replaced", text)
        self.assertIn("Signed contract removed.", text)
        order.write({"signed_contract": False})

    def test_any_other_file_is_no_contract(self):
        order = self._create_quotation()
        self.env["ir.attachment"].with_user(self.manager1).create(
            {"name": "contract.pdf", "datas": SCAN, "res_model": "sale.order", "res_id": order.id}
        )
        order.message_post(body="The contract", attachments=[("contract.pdf", b"%PDF")])
        self.assertHeld(order)

    def test_contract_comes_through_its_field_only(self):
        order = self._create_quotation()
        Attachment = self.env["ir.attachment"]
        place = {"res_model": "sale.order", "res_field": "signed_contract", "res_id": order.id}
        with self.assertRaises(AccessError):
            Attachment.with_user(self.manager1).create({"name": "x", "datas": SCAN, **place})
        order.signed_contract = SCAN
        contract = Attachment.search([(name, "=", value) for name, value in place.items()])
        with self.assertRaises(AccessError):
            contract.with_user(self.manager1).unlink()
        for vals in ({"signed_contract_user_id": self.gm.id}, {"signed_contract_date": "2020-01-01"}):
            with self.assertRaises(AccessError):
                order.write(vals)
            with self.assertRaises(AccessError):
                self._create_quotation(**vals)
        made = (
            self.env["sale.order"]
            .with_user(self.manager1)
            .with_context(
                default_signed_contract=SCAN,
                default_signed_contract_user_id=self.gm.id,
                default_signed_contract_date="2020-01-01 00:00:00",
            )
            .create({"partner_id": self.customer.id})
        )
        self.assertFalse(made.signed_contract or made.signed_contract_user_id or made.signed_contract_date)

    def test_outsiders_and_customers_reach_no_contract(self):
        order = self._create_quotation(partner_id=self.portal_user.partner_id.id, signed_contract=SCAN)
        order.action_quotation_sent()
        contract = self.env["ir.attachment"].search(
            [("res_model", "=", "sale.order"), ("res_field", "=", "signed_contract"), ("res_id", "=", order.id)]
        )
        self.assertEqual(contract.with_user(self.manager1).datas, SCAN)
        self.assertTrue(order.with_user(self.portal_user).read(["name"]), "the customer reads the order")
        for user in (self.portal_user, self.outsider):
            for call in (
                lambda user=user: contract.with_user(user).read(["datas"]),
                lambda user=user: order.with_user(user).read(["signed_contract"]),
                lambda user=user: order.with_user(user).write({"signed_contract": SCAN}),
            ):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    call()

    # === SCREEN === #

    def test_form_of_the_order(self):
        order = self._create_quotation()
        with Form(order) as form:
            [step] = [step for step in form.gate_rail if step["key"] == "agreement"]
            self.assertIn("no agreement in force", step["sentence"])
            form.client_order_ref = "4711"
        action = order.action_mend_agreement()
        self.assertEqual(action["context"]["default_partner_id"], self.customer.id)
        self.assertFalse(action["res_id"])
        with Form(self.Agreement.with_user(self.manager1).with_context(**action["context"])) as form:
            form.subject = "Supply"
        self.assertEqual(order.action_mend_agreement()["res_id"], form.record.id, "the one under way")
        self.assertEqual(order.agreement_count, 1)
        action = order.action_attach_contract()
        dialog = Form(order, view=action["views"][0][0])
        dialog.signed_contract = SCAN.decode()
        dialog.save()
        self.assertFalse(order.agreement_missing)

    def test_form_of_a_new_order(self):
        with Form(self.env["sale.order"].with_user(self.manager1)) as form:
            form.partner_id = self.customer
            [step] = [step for step in form.gate_rail if step["key"] == "agreement"]
            self.assertEqual(step["state"], "later")

    def test_handbook_button(self):
        self.company.sales_dept_agreement = False
        self.company.action_sales_dept_apply_handbook()
        self.assertTrue(self.company.sales_dept_agreement)

    def test_queries_do_not_grow_with_orders(self):
        def queries_of_gate(number):
            orders = self.env["sale.order"].browse()
            for index in range(number):
                customer = self.customer.copy()
                if index % 2:
                    self._create_signed(partner_id=customer.id)
                orders |= self._create_quotation(
                    partner_id=customer.id, order_line=[Command.create({"product_id": self.product.id})]
                )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            messages = orders._gate_sentences("agreement")
            self.assertEqual(len(messages), (number + 1) // 2)
            return self.env.cr.sql_log_count - before

        queries_of_gate(2)
        self.assertEqual(queries_of_gate(4), queries_of_gate(8))

    def test_queries_of_one_order_that_passes(self):
        self._create_signed()
        order = self._create_quotation()
        order.partner_id.commercial_partner_id  # noqa: B018
        order._order_gate_subjects().filtered("company_id.sales_dept_agreement")
        self.company._local_today()
        self.env.flush_all()
        with self.assertQueryCount(2):
            self.assertFalse(order._gate_sentences("agreement"))
