from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SalesDeptCommon
from .fake_models import load_fake_models


@tagged("post_install", "-at_install")
class TestProtectedResults(SalesDeptCommon):
    """Results of the system's own work, on each model that has them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        load_fake_models(cls, "SalesDeptTestResult")
        cls.Result = cls.env["sales.dept.test.result"]
        cls.record = cls.Result.create({"name": "A"})
        cls.env["ir.model.access"].create(
            {
                "name": "results",
                "model_id": cls.env["ir.model"]._get_id("sales.dept.test.result"),
                "group_id": cls.env.ref("base.group_user").id,
                "perm_read": True,
                "perm_write": True,
                "perm_create": True,
                "perm_unlink": True,
            }
        )

    def test_written_by_nobody(self):
        for user in (self.manager1, self.gm, self.env.ref("base.user_admin"), self.env.ref("base.user_root")):
            record = self.record.with_user(user)
            with self.subTest(user=user.login):
                for attempt in (
                    lambda record=record: record.write({"figure": 1.0}),
                    lambda record=record: record.create({"name": "B", "figure": 1.0}),
                    lambda record=record: record.copy({"figure": 1.0}),
                    lambda record=record: record.write({"name": "C", "figure": 0.0}),
                ):
                    with self.assertRefused("Figure cannot be set by hand", AccessError):
                        attempt()
        self.assertEqual(self.record.figure, 0.0)

    def test_default_of_the_client(self):
        made = self.Result.with_user(self.gm).with_context(default_figure=5.0, default_name="D").create({})
        self.assertEqual((made.name, made.figure), ("D", 0.0))

    def test_counterfactual(self):
        """Taken away, each of the three ways sets the figure."""
        self.patch(self.registry["sales.dept.test.result"], "_protected_names", lambda self: frozenset())
        record = self.record.with_user(self.manager1)
        record.figure = 1.0
        self.assertEqual(record.figure, 1.0)
        self.assertEqual(record.create({"figure": 2.0}).figure, 2.0)
        self.assertEqual(record.with_context(default_figure=3.0).create({}).figure, 3.0)

    def test_one_writer(self):
        self.record._write_protected({"figure": 7.0})
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.record.figure, 7.0)
        self.assertEqual(self.record.double, 14.0, "what is computed from it follows")

    def test_writer_tracks(self):
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.record._write_protected({"figure": 9.0})
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.assertEqual(self.record.message_ids.sudo().tracking_value_ids.mapped("new_value_float"), [9.0])

    def test_every_model(self):
        """Each protected field of each model is a field, and is refused to every role."""
        self.company.sales_dept_quote_signoff = "all"
        tried = 0
        owned_by_odoo = {"hr.leave": {"user_id", "company_id", "employee_company_id"}}
        # Of assignments only: an activity that is none has Odoo's rules.
        owned_by_odoo["mail.activity"] = self.env["mail.activity"]._protected_fields()
        # Processes make lines with them.
        owned_by_odoo["sale.order.line"] = {"system_origin", "is_expense", "is_downpayment"}
        for name, model in self.registry.items():
            if model._abstract or not hasattr(model, "_protected_fields"):
                continue
            Model = self.env[name].with_user(self.manager1)
            names = Model._protected_fields() - owned_by_odoo.get(name, set())
            self.assertFalse(names - Model._fields.keys(), name)
            for field in names:
                with self.subTest(model=name, field=field), self.assertRefused("set by hand", AccessError):
                    Model._check_protected({field: False})
                tried += 1
        self.assertGreater(tried, 80)

    def test_amounts_on_creation(self):
        """Odoo takes the amount of a new order as it takes one that is written."""
        values = {
            "partner_id": self.customer.id,
            "order_line": [Command.create({"product_id": self.product.id})],
        }
        Order = self.env["sale.order"].with_user(self.manager1)
        with self.assertRefused("cannot be set by hand", AccessError):
            Order.create({**values, "amount_total": 1.0})
        with self.assertRefused("cannot be set by hand", AccessError):
            Order.create(
                {**values, "order_line": [Command.create({"product_id": self.product.id, "price_subtotal": 1.0})]}
            )
        self.company.sales_dept_quote_signoff = "off"
        Order.create({**values, "amount_total": 1.0})

    def test_proofs(self):
        """Each model says which of its files prove something; they are files of their own, kept with their field."""
        proofs = {
            (name, field)
            for name, model in self.registry.items()
            if hasattr(model, "_proof_fields") and not model._abstract
            for field in self.env[name]._proof_fields()
        }
        self.assertLessEqual(
            {("sales.agreement", "signed_scan"), ("sale.order", "signed_contract"), ("res.partner.paper", "file")},
            proofs,
        )
        for name, field in proofs:
            self.assertTrue(self.env[name]._fields[field].attachment, name)
        order = self._create_quotation()
        order.signed_contract = b"JVBERg=="
        file = self.env["ir.attachment"].search(
            [("res_model", "=", "sale.order"), ("res_id", "=", order.id), ("res_field", "=", "signed_contract")]
        )
        self.assertTrue(file)
        with self.assertRefused("on record", AccessError):
            file.with_user(self.manager1).unlink()
        self.patch(self.registry["sale.order"], "_proof_fields", lambda self: set())
        file.with_user(self.manager1).unlink()
