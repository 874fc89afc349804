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

    def test_keys_stand_in_no_grouping(self):
        """Nor in pivots and graphs, whose views ask each field whether it can be grouped by."""
        for name, keys in (
            ("sales.approval", {"digest", "terms_lang"}),
            ("res.partner", {"customer_file_name_key", "customer_file_vat_key"}),
        ):
            model = self.env[name]
            described = model.fields_get([*keys, "create_uid"], ["groupable"])
            self.assertEqual({key for key, value in described.items() if not value["groupable"]}, keys)
        self.assertTrue(self.env["sale.order"].get_view(view_type="pivot"))

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
        # What some may enter says who they are.
        own_sentence = {("res.partner", "contact_class_id"): "entered by them or the assistant"}
        for name, model in self.registry.items():
            if model._abstract or not hasattr(model, "_protected_fields"):
                continue
            Model = self.env[name].with_user(self.manager1)
            if not Model.has_access("create"):
                # What nobody makes by hand may refuse fields only once it is there.
                Model = Model.browse(1)
            names = Model._protected_fields() - owned_by_odoo.get(name, set())
            self.assertFalse(names - Model._fields.keys(), name)
            for field in names:
                sentence = own_sentence.get((name, field), "set by hand")
                with self.subTest(model=name, field=field), self.assertRefused(sentence, AccessError):
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
        for user in (self.manager1, self.outsider):
            # Asked whether, not told off: also where the user may not read the document itself.
            self.assertFalse(file.with_user(user).has_access("write"))
        # Nor is a file of one's own put in the place of one.
        own = self.env["ir.attachment"].with_user(self.manager1).create({"name": "own.pdf", "raw": b"%PDF-1.4"})
        with self.assertRefused("on record", AccessError):
            own.write({"res_model": "sale.order", "res_id": order.id, "res_field": "signed_contract"})
        self.patch(self.registry["sale.order"], "_proof_fields", lambda self: set())
        file.with_user(self.manager1).unlink()

    def test_file_on_record_is_asked_for_by_a_stranger(self):
        """Who may not read the document is told no, and is not stopped in the middle of a list of files."""
        policy, [file] = self._publish_policy({"name": "terms.txt", "raw": b"30 days"})
        own = self.env["ir.attachment"].with_user(self.outsider).create({"name": "own.txt", "raw": b"1"})
        both = (file | own).with_user(self.outsider)
        self.assertEqual(both._filtered_access("write"), own)
        self.assertFalse(policy.with_user(self.outsider).has_access("read"))

    def test_files_of_no_document(self):
        """One's own files that lie nowhere, or on something that is no document of ours, are one's own affair."""
        File = self.env["ir.attachment"].with_user(self.manager1)
        contact = self.env["res.partner"].with_user(self.manager1).create({"name": "New Customer"})
        files = File.create(
            [
                {"name": "loose.txt", "raw": b"1"},
                {"name": "contact.txt", "raw": b"1", "res_model": contact._name, "res_id": contact.id},
            ]
        )
        files.raw = b"2"
        self.assertEqual(files.mapped("raw"), [b"2"] * 2)
        # Of an addon that was taken away.
        files[0].sudo().res_model = "gone.model"
        self.assertFalse(files[0].sudo()._filter_on_record())

    def test_files_are_kept_with_their_document(self):
        """Its own stay the same; one that lies elsewhere is copied, so that nobody changes it there."""
        elsewhere = {"name": "elsewhere.txt", "raw": b"1"}
        policy, files = self._publish_policy(elsewhere)
        self.assertEqual((files.res_model, files.res_id), (policy._name, policy.id))
        self.assertEqual(files._kept_for(policy), files)
        other = self.env["ir.attachment"].create({**elsewhere, "res_model": policy._name, "res_id": 0})
        kept = (files | other)._kept_for(policy)
        self.assertEqual(len(kept), 2)
        self.assertLess(files, kept)
        self.assertNotIn(other, kept)

    def _publish_policy(self, *files):
        """Return a policy that was published for the account managers, and its files."""
        policy = (
            self.env["sales.policy"]
            .with_user(self.director)
            .create(
                {
                    "name": "Credit terms",
                    "number": "XS-07",
                    "audience": "roles",
                    "group_ids": self.env.ref("sales_dept_roles.group_account_manager").ids,
                    "attachment_ids": [Command.create(file) for file in files],
                }
            )
        )
        policy.action_publish()
        return policy.sudo(), policy.attachment_ids.sudo()
