from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SalesDeptCommon

# What a copy needs of its own.
COPIED = {"sales.dept.duty": {"number": "99"}}


@tagged("post_install", "-at_install")
class TestSharedConfiguration(SalesDeptCommon):
    """Configuration that all companies share is changed by an administrator, or by who works in each of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Other Company"})
        cls.foreign_gm = cls._create_role_user("gm_foreign_test", "group_general_manager", "group_director")
        cls.foreign_gm.write({"company_ids": [Command.set(cls.other.ids)], "company_id": cls.other.id})
        cls.role = cls.env["sales.dept.role"].create({"name": "Shared Post", "company_id": False})
        cls.duty = cls.env["sales.dept.duty"].create({"role_id": cls.role.id, "number": "9", "name": "Shared duty"})
        cls.limit = cls.env.ref("sales_dept_roles.customer_issue_limit_quality")
        cls.part = cls.env["sales.customer.part"].create(
            {
                "partner_id": cls.customer.id,
                "product_tmpl_id": cls.product.product_tmpl_id.id,
                "part_number": "C-1",
                "company_id": False,
            }
        )
        cls.link = cls.env["sales.dept.duty.link"].create(
            {"name": "Orders", "duty_id": cls.duty.id, "action_id": cls.env.ref("sale.action_orders").id}
        )

    def _shared(self):
        """What is shared, with a change: ``[(record, values)]``."""
        return [
            (self.flow, {"step_ids": [Command.clear()]}),
            (self.flow, {"domain": "[('id', '=', 0)]"}),
            (self.flow.step_ids[:1], {"domain": "[('id', '=', 0)]"}),
            (self.env.ref("sales_dept_roles.customer_file_item_vat"), {"domain": "[]"}),
            (self.role, {"name": "Taken"}),
            (self.duty, {"name": "Taken"}),
            (self.link, {"sequence": 3}),
            (self.limit, {"response_time": 3}),
            (self.part, {"part_number": "C-2"}),
            (self.env.ref("sales_dept_roles.contact_class_a"), {"interval_number": 2}),
        ]

    def test_every_model_with_optional_company_is_tried(self):
        tried = {record._name for record, _vals in self._shared()}
        optional = {
            name
            for name in self.registry
            if self.env[name]._original_module == "sales_dept_roles"
            and self.env[name]._auto
            and not self.env[name]._transient
            and "company_id" in self.env[name]._fields
            and not self.env[name]._fields["company_id"].required
            and not self.env[name]._fields["company_id"].related
        }
        # Authority that a person passes on is that person's.
        self.assertEqual(optional - {"sales.approval.delegation"} - tried, set())

    def test_what_is_new_is_for_ones_own_company(self):
        values = {"name": "Large", "model_id": self.env["ir.model"]._get_id("sale.order")}
        made = self.env["sales.approval.flow"].with_user(self.foreign_gm).create(values)
        self.assertEqual(made.company_id, self.other)
        admin = self.env.ref("base.user_admin")
        self.assertFalse(self.env["sales.approval.flow"].with_user(admin).create(values).company_id)

    def test_refused_to_who_works_in_one_of_the_companies(self):
        for user in (self.foreign_gm, self.gm, self.director):
            self.assertFalse(user.sales_dept_keeps_shared)
            self.env.invalidate_all()
            self.assertFalse(user.with_user(user).sales_dept_keeps_shared, "nor by what he sees of companies himself")
        self.assertGreater(len(self._shared()), 6)
        for record, vals in self._shared():
            operations = [
                lambda record=record, vals=vals: record.with_user(self.foreign_gm).write(vals),
                lambda record=record: record.with_user(self.foreign_gm).unlink(),
            ]
            has_company = (
                record in (self.flow, self.role, self.duty, self.limit, self.part) or "contact" in record._name
            )
            if not has_company:
                # A part of something shared; those have a company of their own.
                operations.append(
                    lambda record=record: record.with_user(self.foreign_gm).copy(COPIED.get(record._name))
                )
            for operation in operations:
                with self.subTest(model=record._name, vals=vals), self.assertRefused("all companies", AccessError):
                    operation()

    def test_a_copy_is_for_ones_own_company(self):
        for record in (self.flow, self.role, self.duty):
            with self.subTest(model=record._name):
                copy = record.with_user(self.foreign_gm).copy(COPIED.get(record._name))
                self.assertEqual(copy.company_id, self.other)
                self.assertFalse(record.company_id)
                admin = self.env.ref("base.user_admin")
                self.assertFalse(record.with_user(admin).copy(COPIED.get(record._name)).company_id)
        flow = self.flow.with_user(self.foreign_gm).copy()
        self.assertEqual(len(flow.step_ids), len(self.flow.step_ids))

    def test_ones_own_company(self):
        """A company has a flow, a post and a duty of its own."""
        own = self.env(user=self.foreign_gm)
        flow = own["sales.approval.flow"].create(
            {"name": "Ours", "model_id": self.flow.model_id.id, "company_id": self.other.id}
        )
        own["sales.approval.flow.step"].create(
            {"flow_id": flow.id, "name": "Step", "group_id": self.flow.step_ids[:1].group_id.id}
        )
        role = own["sales.dept.role"].create({"name": "Ours", "company_id": self.other.id})
        own["sales.dept.duty"].create({"role_id": role.id, "number": "1", "name": "Ours"})
        own["sales.dept.duty"].create(
            {"role_id": self.role.id, "number": "8", "name": "Ours besides", "company_id": self.other.id}
        )
        duty = own["sales.dept.duty"].search([("role_id", "=", role.id)])
        link = own["sales.dept.duty.link"].create(
            {"name": "Orders", "duty_id": duty.id, "action_id": self.link.action_id.id}
        )
        for record, vals in (
            (flow, {"company_id": False}),
            (flow.step_ids, {"flow_id": self.flow.id}),
            (role, {"company_id": False}),
            (duty, {"role_id": self.role.id, "company_id": False}),
            (link, {"duty_id": self.duty.id}),
        ):
            with self.subTest(model=record._name), self.assertRefused("all companies", AccessError):
                record.write(vals)
        # Nor is it given to another company, whose orders would then go another way.
        theirs = self.env["sales.approval.flow"].create(
            {"name": "Theirs", "model_id": self.flow.model_id.id, "company_id": self.company.id}
        )
        their_role = self.env["sales.dept.role"].create({"name": "Theirs", "company_id": self.company.id})
        their_duty = self.env["sales.dept.duty"].create({"role_id": their_role.id, "number": "7", "name": "Theirs"})
        for record, vals in (
            (flow, {"company_id": self.company.id}),
            (flow.step_ids, {"flow_id": theirs.id}),
            (role, {"company_id": self.company.id}),
            (duty, {"role_id": their_role.id}),
            (link, {"duty_id": their_duty.id}),
        ):
            # It is not shared, so Odoo's own words say more.
            with self.subTest(model=record._name, to="another company"):
                with self.assertRefused("^(?!.*shared by all companies)", AccessError):
                    record.write(vals)

    def test_who_works_in_each_company(self):
        self.foreign_gm.company_ids |= self.env["res.company"].search([])
        administrator = self._create_role_user("admin_shared_test")
        administrator.group_ids |= self.env.ref("base.group_system")
        for user in (self.foreign_gm, administrator):
            for record, vals in self._shared()[1:]:
                with self.subTest(user=user.login, model=record._name):
                    record.with_user(user).write(vals)


@tagged("post_install", "-at_install")
class TestOtherCompanies(SalesDeptCommon):
    """What a person reads about partners whose company is not one of theirs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Other Company"})
        cls.colleague = cls._create_role_user("colleague_test", "group_account_manager")
        cls.colleague.write({"company_ids": [Command.set(cls.other.ids)], "company_id": cls.other.id})
        cls.colleague.partner_id.company_id = cls.other

    def _readers(self):
        return (self.manager1, self.director, self.gm, self.finance, self.assistant, self.engineering)

    def _read_form(self, partner):
        """Read what this addon brings on the form; Odoo's own fields are Odoo's."""
        names = [
            name
            for name in partner.get_views([(False, "form")])["models"]["res.partner"]["fields"]
            if partner._fields[name]._module == "sales_dept_roles" or name == "name"
        ]
        self.assertIn("customer_file_state", names)
        self.assertTrue(partner.web_read({name: {} for name in names})[0]["name"])

    def test_contact_of_a_colleague_in_another_company(self):
        for policy in (False, True):
            (self.company | self.other).sales_dept_customer_file = policy
            for user in self._readers():
                self.env.invalidate_all()
                partner = self.colleague.partner_id.with_user(user)
                with self.subTest(policy=policy, user=user.login):
                    self.assertTrue(partner._filtered_access("read"))
                    self._read_form(partner)

    def test_customer_that_companies_share_archived_in_another(self):
        (self.company | self.other).write({"sales_dept_customer_file": True})
        self.other.sales_dept_customer_file_item_ids = self.company.sales_dept_customer_file_item_ids = False
        finance = self._create_role_user("finance_other_test", "group_finance_verifier")
        finance.write({"company_ids": [Command.set(self.other.ids)], "company_id": self.other.id})
        self.customer.user_id = False
        shared = self.customer.with_user(self.colleague)
        shared.action_approval_submit()
        self.customer.with_user(finance).action_approval_approve()
        self.assertEqual(self.customer.sudo().approval_ids.company_id, self.other)
        self.customer.name = "Renamed Ltd"
        for user in self._readers():
            self.env.invalidate_all()
            partner = self.customer.with_user(user)
            with self.subTest(user=user.login):
                self._read_form(partner)

    def test_flows_of_a_mixed_batch(self):
        """Documents of several companies, and without one, each follow a flow of theirs."""
        Flow = self.env["sales.approval.flow"]
        model = self.env["ir.model"]._get("res.partner")
        flows = {
            company: Flow.create({"name": company.name, "model_id": model.id, "company_id": company.id, "sequence": 1})
            for company in self.company | self.other
        }
        partners = self.env["res.partner"].create(
            [
                {"name": "Of the other", "company_id": self.other.id},
                {"name": "Of none"},
                {"name": "Of this one", "company_id": self.company.id},
                {"name": "Of none either"},
            ]
        )
        found = Flow._match(partners)
        expected = [flows[self.other], flows[self.company], flows[self.company], flows[self.company]]
        self.assertEqual([found[partner.id] for partner in partners], expected)
        self.assertEqual(Flow.with_company(self.other)._match(partners)[partners[1].id], flows[self.other])
