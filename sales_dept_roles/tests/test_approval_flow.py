from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import SalesDeptCommon


@tagged("post_install", "-at_install")
class TestApprovalFlow(SalesDeptCommon):
    def _create_flow(self, name, domain="[]", **vals):
        return self.env["sales.approval.flow"].create(
            {
                "name": name,
                "model_id": self.env["ir.model"]._get_id("sale.order"),
                "domain": domain,
                "step_ids": [
                    Command.create({"name": name, "group_id": self.env.ref("sales_dept_roles.group_director").id})
                ],
                **vals,
            }
        )

    def test_first_matching_flow(self):
        large = self._create_flow("Large", "[('amount_total', '>', 1000)]", sequence=20)
        discount = self._create_flow("Discount", "[('order_line.discount', '>', 10)]", sequence=10)
        order = self._create_quotation()
        self.assertEqual(order._approval_flow(), self.flow)
        order.order_line.product_uom_qty = 50
        self.assertEqual(order._approval_flow(), large)
        order.order_line.discount = 20
        self.assertEqual(order._approval_flow(), discount)

    def test_flows_are_of_documents_also_by_mixins_built_on_the_engines(self):
        names = self.env["sales.approval.flow"]._approval_model_names()
        self.assertIn("sale.order", names)
        self.assertFalse([name for name in names if name.endswith(".mixin") or self.env[name]._abstract])

    def test_own_flows_of_a_company_first(self):
        general = self._create_flow("All", "[('amount_total', '>', 1)]", sequence=1)
        own = self._create_flow("Own", company_id=self.company.id, sequence=99)
        other = self._create_flow("Other", company_id=self.env["res.company"].create({"name": "Other"}).id, sequence=0)
        order = self._create_quotation()
        self.assertEqual(order._approval_flow(), own)
        own.active = False
        self.assertEqual(order._approval_flow(), general)
        self.assertTrue(other.active)

    def _exemption(self, domain, **vals):
        exemption = self._create_flow("Exempt", domain, **vals)
        exemption.step_ids.unlink()
        return exemption

    def test_exemption_before_the_flow_of_all_the_rest(self):
        """A company's own flow for all the rest does not undo what every company exempts."""
        own = self._create_flow("Own", company_id=self.company.id, sequence=1)
        self._create_flow("Dear", "[('amount_total', '>', 1000)]", sequence=3)
        exemption = self._exemption("[('client_order_ref', '=', 'Exempt')]", sequence=50)
        exempt, other = self._create_quotation(client_order_ref="Exempt"), self._create_quotation()
        self.assertEqual(exempt._approval_flow(), exemption)
        self.assertFalse(exempt.quote_signoff_required)
        exempt.action_confirm()
        self.assertEqual(other._approval_flow(), own)
        self.assertTrue(other.quote_signoff_required)
        own.company_id = False
        self.assertEqual(exempt._approval_flow(), exemption, "and so for flows of every company")

    def test_exemption_in_its_turn_among_conditions(self):
        """Of flows with a condition the order decides: what is to be signed all the same stands before."""
        exemption = self._exemption("[('client_order_ref', '=', 'Exempt')]", sequence=5)
        large = self._create_flow("Large", "[('amount_total', '>', 1000)]", sequence=1)
        order = self._create_quotation(client_order_ref="Exempt")
        self.assertEqual(order._approval_flow(), exemption)
        order.order_line.product_uom_qty = 50
        self.assertEqual(order._approval_flow(), large)
        large.sequence = 6
        self.assertEqual(order._approval_flow(), exemption)

    def test_web_shop_exemption_of_a_company_with_its_own_flows(self):
        self._create_flow("Own", company_id=self.company.id, sequence=1)
        order = self._create_quotation()
        order.sudo()._write_protected({"is_web_shop_order": True})
        self.assertEqual(order._approval_flow(), self.env.ref("sales_dept_roles.approval_flow_web_shop"))
        self.assertFalse(order._quote_signoff_unreleased())

    def test_condition_on_what_the_user_may_not_read(self):
        large = self._create_flow("By reference", "[('client_order_ref', '=', 'X')]", sequence=1)
        order = self._create_quotation(client_order_ref="X")
        self.patch(type(order).client_order_ref, "groups", "base.group_system")
        with self.assertRaises(AccessError):
            order.read(["client_order_ref"])
        self.assertEqual(order._approval_flow(), large)

    def test_condition_asked_by_a_customer(self):
        """She may not read flows, also where their condition speaks of who looks."""
        flow = self._create_flow("Others", "[('user_id', '!=', uid)]", sequence=1)
        order = self._create_quotation().sudo()
        customer = new_test_user(self.env, "flow_customer", "base.group_portal", email="c@customer.example")
        # Rights are asked where something is read from the database: not of what is in a cache.
        self.assertNotEqual(order._approval_flow(), flow, "her account manager is the one who looks")
        self.env.flush_all()
        self.env.invalidate_all()
        found = self.env["sales.approval.flow"].with_user(customer)._match(order)
        self.assertEqual(found[order.id].id, flow.id)

    def test_match_is_set_based(self):
        self._create_flow("Large", "[('amount_total', '>', 1000)]", sequence=10)

        def queries(count):
            orders = self.env["sale.order"].browse()
            for _number in range(count):
                orders |= self._create_quotation()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            orders._quote_signoff_unreleased()
            return self.env.cr.sql_log_count - before

        queries(1)
        self.assertEqual(queries(3), queries(30))

    def test_condition_that_cannot_be_read(self):
        for domain in ("[('no_such_field', '=', 1)]", "[(", "[('name', 'resembles', 1)]", "import os"):
            with self.subTest(domain=domain), self.assertRefused("cannot be read", ValidationError):
                self._create_flow("Broken", domain)
            with self.subTest(step=domain), self.assertRefused("cannot be read", ValidationError):
                self.flow.step_ids.domain = domain

    def test_condition_whose_field_is_gone(self):
        """A module was uninstalled: nobody's work stops, and nothing goes unsigned."""
        large = self._create_flow("Large", "[('amount_total', '>', 1000)]", sequence=1)
        exemption = self._create_flow("Exempt", "[('amount_total', '<', 0)]", sequence=2)
        exemption.step_ids.unlink()
        self.env.flush_all()
        query = "UPDATE sales_approval_flow SET domain = '[(''margin_gone'', ''>'', 1)]' WHERE id = %s"
        self.env.cr.execute(query, [exemption.id])
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        with self.assertLogs("odoo.addons.sales_dept_roles.models.approval.sales_approval_flow", "WARNING"):
            order = self._create_quotation()
            self.assertEqual(order._approval_flow(), self.flow, "it exempts nobody")
            self.env.cr.execute(query, [large.id])
            self.env.invalidate_all()
            self.env.registry.clear_cache()
            self.assertEqual(order._approval_flow(), large, "it asks for its signatures")

    def test_condition_of_a_step_whose_field_is_gone(self):
        """It is asked for, and the gate gives its sentence."""
        self.env.flush_all()
        query = "UPDATE sales_approval_flow_step SET domain = '[(''margin_gone'', ''>'', 1)]' WHERE id = %s"
        self.env.cr.execute(query, [self.flow.step_ids[0].id])
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        order = self._create_quotation()
        with self.assertLogs("odoo.addons.sales_dept_roles.models.approval.sales_approval_flow_step", "WARNING"):
            with self.assertRefused("has not been signed off"):
                order.action_confirm()
            order.action_approval_submit()
        self.assertEqual(order.approval_state, "pending")

    def test_relative_dates(self):
        flow = self._create_flow("Dated", "[('create_date', '>=', context_today().strftime('%Y-%m-%d'))]", sequence=1)
        self.assertEqual(self._create_quotation()._approval_flow(), flow)

    def test_only_documents_with_the_engine(self):
        names = self.env["sales.approval.flow"]._approval_model_names()
        self.assertIn("sale.order", names)
        self.assertNotIn("res.country", names)

    def test_whose_fields_a_condition_speaks_of(self):
        """The document's own, or those of the document that a form is about; nothing where the module is gone."""
        Flow = self.env["sales.approval.flow"]
        for model, condition_model in (
            ("sale.order", "sale.order"),
            ("sale.order.review", "sale.order"),
            ("res.partner", "res.partner"),
            ("res.country", "res.country"),
            ("gone.model", "gone.model"),
        ):
            with self.subTest(model=model):
                self.assertEqual(Flow._condition_model(model), condition_model)
        review = self.env["ir.model"]._get_id("sale.order.review")
        flow = self._create_flow("Review", "[('amount_total', '>', 1000)]", model_id=review)
        self.assertEqual(flow.step_ids.condition_model, "sale.order")
        with self.assertRefused("cannot be read", ValidationError):
            flow.domain = "[('review_date', '=', False)]"
        Flow._check_condition("[('no_such_field', '=', 1)]", "gone.model", "Of a module that is gone")
        Flow._check_condition("[('no_such_field', '=', 1)]", False, "Of no document yet")

    def test_flows_of_a_form_about_the_document(self):
        """Their conditions are asked of the order, and those of the order's own flows do not count."""
        Flow, order = self.env["sales.approval.flow"], self._create_quotation(client_order_ref="Exempt")
        self.company.sales_dept_order_review = "all"

        def required(policy, res_model=None):
            return bool(Flow._filter_required(order, policy, res_model=res_model))

        self.assertTrue(required("sales_dept_order_review", "sale.order.review"))
        review = self.env["ir.model"]._get_id("sale.order.review")
        exemption = self._exemption("[('client_order_ref', '=', 'Exempt')]", model_id=review, sequence=1)
        self.assertFalse(required("sales_dept_order_review", "sale.order.review"))
        self.assertTrue(required("sales_dept_quote_signoff"))
        exemption.model_id = self.env["ir.model"]._get_id("sale.order")
        self.assertTrue(required("sales_dept_order_review", "sale.order.review"))
        self.assertFalse(required("sales_dept_quote_signoff"))

    def test_who_is_to_be_asked_is_said(self):
        order = self._create_quotation()
        with self.assertRefused("Submit it for approval by: General Manager."):
            order.action_confirm()
        self.env["sales.approval.flow"].search([("res_model", "=", "sale.order")]).active = False
        with self.assertRefused("Submit it for approval by: nobody .no approval flow applies"):
            order.action_confirm()

    def test_negative_limit(self):
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            self.flow.step_ids.working_days = -1
            self.env.flush_all()
