from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time
from pytz import timezone

from odoo.fields import Command
from odoo.sql_db import Cursor
from odoo.tests import BaseCase, Form, tagged

from ..models.approval.glance import Fact, percent_text, share_text, short_text
from .rush_request_common import RushRequestCommon


@tagged("post_install", "-at_install")
class TestFacts(BaseCase):
    """The texts, without records."""

    def test_share_text(self):
        cases = [(0.1, "+10 %"), (-0.0421, "−4.2 %"), (0.0004, ""), (0.0, ""), (-0.0006, "−0.1 %"), (2.5, "+250 %")]
        for share, text in cases:
            with self.subTest(share=share):
                self.assertEqual(share_text(share), text)

    def test_percent_text(self):
        cases = [(0.38, "38 %"), (-0.042, "−4.2 %"), (0.0, "0 %"), (-0.0001, "0 %")]
        for share, text in cases:
            with self.subTest(share=share):
                self.assertEqual(percent_text(share), text)

    def test_short_text(self):
        facts = [Fact("Margin", "10"), Fact("Discount", "5 %", is_short=True), Fact("Until", "Monday", is_short=True)]
        self.assertEqual(short_text(facts), "Discount: 5 % · Until: Monday")
        self.assertEqual(short_text([]), "")


@tagged("post_install", "-at_install")
class TestApprovalGlance(RushRequestCommon):
    """What somebody sees before they sign: each kind's facts, for each reader what they may see."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.sales_dept_quote_signoff = "all"

    def _asked(self, order):
        order.with_user(self.manager1).action_approval_submit()
        return order.sudo()._approval_in_force().with_user(self.gm)

    def _facts(self, approval, user=None):
        approval = approval.with_user(user or self.gm)
        return {fact.label: fact for fact in approval._glances()[approval]}

    # === QUOTATIONS === #

    def test_quotation(self):
        self.product.lst_price = 100.0
        usual, other = self.env["account.payment.term"].create([{"name": "30 days"}, {"name": "120 days"}])
        self.customer.with_company(self.company).property_payment_term_id = usual
        last = self._create_quotation(
            order_line=[Command.create({"product_id": self.product.id, "product_uom_qty": 1, "price_unit": 95.0})]
        )
        self._sign(last)
        last.sudo().action_confirm()
        order = self._create_quotation(
            payment_term_id=other.id,
            order_line=[
                Command.create(
                    {"product_id": self.product.id, "product_uom_qty": 10, "price_unit": 95.0, "discount": 10.0}
                )
            ],
        )
        approval = self._asked(order)
        facts = self._facts(approval)
        self.assertEqual(facts["Customer"].text, self.customer.display_name)
        self.assertIn("855", facts["Amount"].text)
        self.assertEqual(facts["Discount"].text, "10 %")
        self.assertEqual(facts["Against List Price"].text, "−14.5 %")
        (price,) = [fact for label, fact in facts.items() if "against the last order" in label]
        self.assertIn("(−10 %)", price.text)
        self.assertIn("95", price.before)
        self.assertEqual((facts["Payment Terms"].before, facts["Payment Terms"].text), ("30 days", "120 days"))
        for text in (str(approval.glance), self._dialog(approval)):
            for fact in facts.values():
                self.assertIn(fact.text, text)
        self.assertEqual(approval.glance_text, "Discount: 10 % · Against List Price: −14.5 % · Payment Terms: 120 days")

    def test_nothing_out_of_the_ordinary(self):
        self.product.lst_price = 95.0
        order = self._create_quotation(
            payment_term_id=False,
            order_line=[Command.create({"product_id": self.product.id, "product_uom_qty": 1, "price_unit": 95.0})],
        )
        self.assertEqual(set(self._facts(self._asked(order))), {"Customer", "Amount"} | self._margin_label())

    def _margin_label(self):
        # Where another addon keeps costs with orders.
        return {"Margin"} if "margin" in self.env["sale.order"]._fields else set()

    def test_list_prices_are_those_of_the_products(self):
        """The database reads them as ``lst_price`` has them: extras of a variant, other units, other currencies."""
        values = [Command.create({"name": "Plain"}), Command.create({"name": "Ground", "default_extra_price": 7.5})]
        finish = self.env["product.attribute"].create({"name": "Finish", "value_ids": values})
        shaft = self.env["product.template"].create(
            {
                "name": "Shaft",
                "list_price": 40.0,
                "attribute_line_ids": [
                    Command.create({"attribute_id": finish.id, "value_ids": [Command.set(finish.value_ids.ids)]})
                ],
            }
        )
        plain, ground = shaft.product_variant_ids.sorted("lst_price")
        self.assertEqual(ground.lst_price, 47.5)
        lines = [
            {"product_id": plain.id, "product_uom_qty": 3, "price_unit": 41.0},
            {
                "product_id": ground.id,
                "product_uom_id": self.env.ref("uom.product_uom_dozen").id,
                "product_uom_qty": 2,
                "price_unit": 500.0,
                "discount": 4.0,
            },
            {"display_type": "line_note", "name": "Ground on both sides"},
        ]
        order = self._create_quotation(order_line=[Command.create(line) for line in lines]).sudo()
        self.env.flush_all()
        self.assertEqual(order.order_line[1].product_uom_id, self.env.ref("uom.product_uom_dozen"))
        gross, net, listed = order._glance_amounts()[order.id]
        self.assertAlmostEqual(gross, 3 * 41 + 2 * 500)
        self.assertAlmostEqual(net, 3 * 41 + 2 * 480)
        self.assertEqual(set(listed), {plain.currency_id})
        self.assertAlmostEqual(
            listed[plain.currency_id],
            sum(
                line.product_uom_qty
                * line.product_id.uom_id._compute_price(line.product_id.lst_price, line.product_uom_id)
                for line in order.order_line[:2]
            ),
        )

    def test_last_price_is_of_the_same_customer_and_unit(self):
        line = Command.create({"product_id": self.product.id, "product_uom_qty": 1, "price_unit": 50.0})
        dozen = Command.create(
            {
                "product_id": self.product.id,
                "product_uom_qty": 1,
                "price_unit": 51.0,
                "product_uom_id": self.env.ref("uom.product_uom_dozen").id,
            }
        )
        other = self.env["res.partner"].create({"name": "Somebody Else"})
        for order in (
            self._create_quotation(partner_id=other.id, order_line=[line]),
            self._create_quotation(order_line=[dozen]),
        ):
            self._sign(order)
            order.sudo().action_confirm()
        draft = self._create_quotation(order_line=[line])
        order = self._create_quotation(
            order_line=[Command.create({"product_id": self.product.id, "product_uom_qty": 1, "price_unit": 60.0})]
        )
        self.assertEqual(order._last_prices(), {}, "neither another's, nor of another unit, nor a draft")
        self._sign(draft)
        draft.sudo().action_confirm()
        self.assertEqual(order._last_prices(), {order.id: {order.order_line.id: 50.0}})

    def test_what_changed_since_it_was_signed(self):
        order = self._create_quotation()
        self._sign(order)
        order.order_line.price_unit = 77.0
        facts = self._facts(self._asked(order)).values()
        (price,) = [fact for fact in facts if fact.label.endswith("Unit Price")]
        self.assertEqual((price.text, price.tone), ("77", "warning"))
        self.assertTrue(price.before)
        never = self._create_quotation()
        self.assertFalse([fact for fact in self._facts(self._asked(never)).values() if fact.tone == "warning"])

    def test_what_was_refused_was_not_signed(self):
        order = self._create_quotation()
        self._asked(order)._decide("rejected", "Too cheap")
        order.order_line.price_unit = 77.0
        self.assertFalse([fact for fact in self._facts(self._asked(order)).values() if fact.before])

    # === OTHER KINDS === #

    def test_rush_request(self):
        request = self._request()
        request.action_approval_submit()
        approval = request.sudo()._approval_in_force()
        facts = self._facts(approval)
        self.assertEqual(facts["Reason"].text, request.reason)
        wanted = [
            fact for label, fact in facts.items() if label.startswith(request.line_ids[0].product_id.display_name)
        ]
        self.assertEqual(len(wanted), 1)
        self.assertTrue(wanted[0].before and wanted[0].text)
        pushed = [fact for label, fact in facts.items() if label.startswith("Pushed back")]
        self.assertTrue(pushed)
        self.assertEqual(len(pushed), len(request.affected_ids))
        self.assertDialogSays(request, self.gm, *(fact.label for fact in pushed))

    def test_every_kind_says_something_of_its_own(self):
        """A new kind of document that forgets its glance fails here."""
        silent = [
            model
            for model in self.env["sales.approval.flow"]._approval_model_names()
            if not any("_approval_glance" in base.__dict__ for base in self._features(model))
        ]
        self.assertEqual(silent, [])

    def _features(self, model):
        mixin = self.env.registry["sales.approval.mixin"]
        return [base for base in type(self.env[model]).__mro__ if base not in mixin.__mro__]

    # === WHO SEES WHAT === #

    def test_only_what_waits(self):
        approval = self._asked(self._create_quotation())
        self.assertTrue(approval._glances())
        approval.action_approve()
        self.assertEqual(approval._glances(), {})
        self.assertFalse(approval.glance_text)

    # === DIALOG AND MAIL === #

    def _dialog(self, approvals):
        context = approvals.action_sign()["context"]
        return str(Form(self.env["sales.approval.decide"].with_user(self.gm).with_context(**context)).glance)

    def test_dialog_of_mixed_kinds(self):
        order, other = self._create_quotation(), self._create_quotation()
        request = self._request()
        request.action_approval_submit()
        approvals = self._asked(order) | self._asked(other)
        total = sum(approvals.mapped("amount"))
        mixed = approvals | request.sudo()._approval_in_force().with_user(self.gm)
        dialog = self._dialog(mixed)
        self.assertIn("3 documents", " ".join(dialog.replace("<b>", "").replace("</b>", "").split()))
        self.assertIn(f"{total:,.2f}", dialog)
        for document in (order, other, request):
            self.assertIn(document.name, dialog)

    def test_dialog_signs_what_can_be_signed(self):
        order, changed = self._create_quotation(), self._create_quotation()
        approvals = self._asked(order) | self._asked(changed)
        context = approvals.action_sign()["context"]
        wizard = Form(self.env["sales.approval.decide"].with_user(self.gm).with_context(**context)).save()
        changed.order_line.price_unit += 1
        told = wizard.action_decide()["params"]
        self.assertEqual(told["type"], "warning")
        self.assertIn(f"{order.name}: signed off.", told["message"])
        self.assertIn(f"{changed.name} was changed after", told["message"])
        self.assertEqual((order | changed).mapped("approval_state"), ["approved", "stale"])

    def test_mail(self):
        self.product.lst_price = 200.0
        order = self._create_quotation(
            order_line=[Command.create({"product_id": self.product.id, "product_uom_qty": 1, "price_unit": 100.0})]
        )
        self._asked(order)
        self.env["sales.approval"]._cron_notify()
        message = self.env["mail.message"].search([("partner_ids", "in", self.gm.partner_id.ids)], limit=1)
        self.assertIn("Against List Price: −50 %", message.body)
        self.assertNotIn("Margin", message.body)

    # === WHEN === #

    def test_due_in_words(self):
        shanghai = timezone("Asia/Shanghai")
        now = shanghai.localize(datetime(2026, 3, 10, 23, 30))
        cases = [
            (datetime(2026, 3, 10, 17), "today 17:00"),
            (datetime(2026, 3, 11, 9, 5), "tomorrow 09:05"),
            (datetime(2026, 3, 9, 17), "yesterday 17:00"),
            (datetime(2026, 3, 12, 17), "Thu, Mar 12 17:00"),
            (datetime(2026, 3, 8, 17), "2 days overdue"),
        ]
        for due, text in cases:
            with self.subTest(due=due):
                self.assertEqual(self.env["sales.approval"]._due_sentence(shanghai.localize(due), now), text)

    def test_due_by_the_readers_clock(self):
        approval = self._asked(self._create_quotation())
        approval.sudo().task_ids.deadline = datetime(2026, 3, 10, 17)
        with freeze_time("2026-03-10 10:00:00"):
            for zone, text in (("UTC", "today 17:00"), ("Asia/Shanghai", "tomorrow 01:00")):
                self.gm.tz = zone
                approval.invalidate_recordset(["due_text"])
                self.assertEqual(approval.with_user(self.gm).due_text, text)
            self.gm.tz = False
            approval.invalidate_recordset(["due_text"])
            self.assertEqual(approval.with_user(self.gm).due_text, "tomorrow 01:00", "the company's, in Shanghai")

    def test_queries_do_not_grow(self):
        def queries(count):
            orders = self.env["sale.order"].browse()
            term = self.env["account.payment.term"].create({"name": "Usual"})
            for number in range(count):
                product = self.env["product.product"].create({"name": f"Part {number}", "list_price": 7})
                customer = self.env["res.partner"].create({"name": f"Customer {number}", "is_company": True})
                customer.with_company(self.company).property_payment_term_id = term
                line = Command.create({"product_id": product.id, "product_uom_qty": 1, "price_unit": 5.0})
                orders |= self._create_quotation(partner_id=customer.id, order_line=[line])
            orders.with_user(self.manager1).action_approval_submit()
            approvals = orders.sudo()._approval_in_force().with_user(self.gm)
            # What the server keeps in its caches belongs to no list; what is flushed first may empty them.
            for _turn in range(2):
                approvals.mapped("glance_text")
                self.env.flush_all()
                self.env.invalidate_all()
            asked, execute = [], Cursor.execute

            def record(cursor, query, *args, **kwargs):
                asked.append(str(query))
                return execute(cursor, query, *args, **kwargs)

            # As a list reads them.
            with patch.object(Cursor, "execute", record):
                approvals.browse(approvals.ids).mapped("glance_text")
            return asked

        queries(1)
        few, many = queries(2), queries(6)
        self.assertEqual(len(few), len(many), f"{few}\n\n{many}")


@tagged("post_install", "-at_install", "-standard", "sales_dept_wide")
class TestApprovalGlanceMargin(TestApprovalGlance):
    """Who sees what orders earn, where another addon keeps their costs."""

    def test_margin_is_for_those_who_may_see_it(self):
        approval = self._asked(self._create_quotation())
        self.assertIn("Margin", self._facts(approval))
        for user in (self.director, self.manager1):
            self.assertNotIn("Margin", self._facts(approval, user))
            self.assertNotIn("Margin", str(approval.with_user(user).glance))
            self.assertNotIn("Margin", approval.with_user(user).glance_text)

    def test_margin_is_in_nothing_that_others_get(self):
        """Neither in the dialog, nor in what is read over RPC, nor in the mail of whoever is asked to sign."""
        self.product.standard_price = 61.37
        self.flow.step_ids.group_id = self.env.ref("sales_dept_roles.group_director")
        order = self._create_quotation()
        approval = self._asked(order)
        self.assertIn("77.26", str(approval.with_user(self.gm).glance), "else nothing is proven")
        self.env["sales.approval"]._cron_notify()
        mail = self.env["mail.message"].search([("partner_ids", "in", self.director.partner_id.ids)], limit=1)
        self.assertIn(order.name, mail.body)
        dialog = self.assertDialogSays(order, self.director)
        for text in (mail.body, dialog, str(approval.with_user(self.director).read())):
            self.assertNotIn("Margin", text)
            self.assertNotIn("77.26", text)
