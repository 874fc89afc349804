from io import BytesIO
from unittest.mock import Mock, patch

from openpyxl import load_workbook
from reportlab.pdfgen import canvas

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import SalesDeptCommon


@tagged("post_install", "-at_install")
class TestQuoteSignoff(SalesDeptCommon):
    def test_signed_quotation_is_released(self):
        order = self._create_quotation()
        self.assertFalse(order.quote_released)
        self.assertEqual(order.approval_state, "none")
        order.action_approval_submit()
        self.assertEqual(order.approval_state, "pending")
        self.assertFalse(order.quote_released)
        order.with_user(self.gm).action_approval_approve()
        self.assertEqual(order.approval_state, "approved")
        self.assertTrue(order.quote_released)
        order.action_quotation_sent()
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_unsigned_quotation_stays(self):
        order = self._create_quotation()
        for path in (
            order.action_quotation_send,
            order.action_quotation_sent,
            order.action_confirm,
            lambda: order.write({"state": "sent"}),
            lambda: order.write({"state": "sale"}),
        ):
            with self.subTest(path=path), self.assertRefused("has not been signed off"):
                path()
            self.assertEqual(order.state, "draft")

    def test_counterfactual(self):
        """Without the gate's one method, every path above is open: nothing else stopped them."""
        order = self._create_quotation()
        SaleOrder = self.registry["sale.order"]
        with patch.object(SaleOrder, "_quote_signoff_unreleased", lambda self, *args, **kwargs: self.browse()):
            order.action_quotation_send()
            order.action_quotation_sent()
            order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_policy_off_changes_nothing(self):
        self.company.sales_dept_quote_signoff = "off"
        order = self._create_quotation()
        self.assertTrue(order.quote_released)
        self.assertFalse(order.quote_signoff_required)
        order.action_quotation_sent()
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_created_as_sent_or_confirmed(self):
        for state in ("sent", "sale"):
            with self.subTest(state=state), self.assertRefused("has not been signed off"):
                self._create_quotation(state=state)
            with self.subTest(default_state=state), self.assertRefused("has not been signed off"):
                self.env["sale.order"].with_user(self.manager1).with_context(default_state=state).create(
                    {"partner_id": self.customer.id}
                )

    def test_every_edit_of_terms_is_noticed(self):
        currency = (
            self.env["res.currency"]
            .with_context(active_test=False)
            .search([("id", "!=", self.company.currency_id.id)], limit=1)
        )
        currency.active = True
        pricelist = self.env["product.pricelist"].create({"name": "Other", "currency_id": currency.id})
        tax = self.env["account.tax"].search([("company_id", "=", self.company.id)], limit=1) or self.env[
            "account.tax"
        ].create({"name": "Test tax", "amount": 5})
        term = self.env["account.payment.term"].create({"name": "Test term"})
        unit = self.env.ref("uom.product_uom_dozen")
        other = self.env["res.partner"].create({"name": "Somebody Else"})
        edits = {
            "price": lambda order: order.order_line.write({"price_unit": 90}),
            "quantity": lambda order: order.order_line.write({"product_uom_qty": 3}),
            "unit": lambda order: order.order_line.write({"product_uom_id": unit.id}),
            "discount": lambda order: order.order_line.write({"discount": 5}),
            "description": lambda order: order.order_line.write({"name": "Something else"}),
            "taxes": lambda order: order.order_line.write({"tax_ids": [Command.link(tax.id)]}),
            "new line": lambda order: order.write({"order_line": [Command.create({"product_id": self.product.id})]}),
            "line removed": lambda order: order.order_line.unlink(),
            "catalog": self._edit_in_catalog,
            "import": lambda order: order.load(
                [".id", "order_line/.id", "order_line/price_unit"],
                [[str(order.id), str(order.order_line.id), "80"]],
            ),
            "currency": lambda order: order.write({"pricelist_id": pricelist.id}),
            "payment terms": lambda order: order.write({"payment_term_id": term.id}),
            "customer": lambda order: order.write({"partner_id": other.id}),
            "delivery address": lambda order: order.write({"partner_shipping_id": other.id}),
            "validity": lambda order: order.write({"validity_date": "2030-01-01"}),
        }
        for name, edit in edits.items():
            with self.subTest(edit=name):
                order = self._sign(self._create_quotation())
                edit(order)
                self.env.flush_all()
                self.assertEqual(order.approval_state, "stale")
                self.assertFalse(order.quote_released)
                with self.assertRefused("was changed after"):
                    order.action_quotation_sent()

    def _edit_in_catalog(self, order):
        # The catalog's method talks to the request at hand, which a unit test has not.
        with patch("odoo.addons.sale.models.sale_order.request", Mock()):
            order._update_order_line_info(self.product.id, 7)

    def test_undone_edit_is_no_change(self):
        order = self._sign(self._create_quotation())
        order.order_line.price_unit = 90
        self.assertEqual(order.approval_state, "stale")
        order.order_line.price_unit = 100
        self.assertEqual(order.approval_state, "approved")
        self.assertTrue(order.quote_released)

    def test_line_replaced_by_its_equal_is_no_change(self):
        order = self._sign(self._create_quotation())
        line = order.order_line
        order.write(
            {
                "order_line": [
                    Command.delete(line.id),
                    Command.create({"product_id": self.product.id, "product_uom_qty": 2, "price_unit": 100.0}),
                ]
            }
        )
        self.assertEqual(order.approval_state, "approved")

    def test_resend_needs_no_new_signature(self):
        order = self._sign(self._create_quotation())
        order.action_quotation_sent()
        order.action_quotation_send()
        self.assertEqual(len(order.approval_ids), 1)

    def test_changes_are_shown_field_by_field(self):
        order = self._sign(self._create_quotation())
        order.order_line.write({"price_unit": 90, "discount": 5})
        diff = order.sudo().approval_ids._diff()
        self.assertEqual(
            diff,
            [
                ("Precision Shaft: Unit Price", "100", "90"),
                ("Precision Shaft: Discount (%)", "0", "5"),
                ("Precision Shaft: Subtotal", "200", "171"),
                ("Precision Shaft: Total", "200", "171"),
                ("Untaxed Amount (Quoted)", "200", "171"),
                ("Total (Quoted)", "200", "171"),
            ],
        )
        self.assertIn("90", order.approval_summary)
        self.assertIn("Unit Price", order.approval_summary)

    def test_confirmed_order_edited_is_stale(self):
        order = self._sign(self._create_quotation())
        order.action_confirm()
        order.order_line.price_unit = 1000
        self.assertEqual(order.approval_state, "stale")
        self.assertFalse(order.quote_released)

    def test_down_payment_after_confirmation_is_no_change(self):
        order = self._sign(self._create_quotation())
        order.action_confirm()
        self.env["sale.advance.payment.inv"].with_context(active_model="sale.order", active_ids=order.ids).create(
            {"advance_payment_method": "percentage", "amount": 50}
        ).create_invoices()
        self.assertTrue(order.order_line.filtered("is_downpayment"))
        self.assertEqual(order.approval_state, "approved")

    def test_changed_order_is_not_invoiced(self):
        """What was changed after it was signed is no price to ask for; a line of less than nothing neither."""
        changed, good = (self._sign(self._create_quotation()) for _number in range(2))
        orders = changed | good
        orders.action_confirm()
        discount = {"product_id": self.product.id, "price_unit": -200, "product_uom_qty": 1}
        changed.with_user(self.manager1).write({"order_line": [Command.create(discount)]})
        wizards = self.env["sale.advance.payment.inv"].with_context(active_model="sale.order", active_ids=orders.ids)
        for attempt in (
            lambda: changed.with_user(self.manager1)._create_invoices(),
            lambda: orders._create_invoices(final=True),
            lambda: wizards.create({"advance_payment_method": "delivered"}).create_invoices(),
            lambda: (
                wizards.with_context(active_ids=changed.ids)
                .create({"advance_payment_method": "fixed", "fixed_amount": 1})
                .create_invoices()
            ),
        ):
            with self.assertRefused("was changed after it was submitted"):
                attempt()
        self.assertFalse(orders.invoice_ids)
        self.assertFalse(changed.order_line.filtered("is_downpayment"))
        with patch.object(self.registry["sale.order"], "_quote_signoff_unreleased", lambda self, *args: self.browse()):
            self.assertEqual(good._create_invoices().amount_untaxed, 200)
            made = changed._create_invoices(final=True)
            self.assertTrue(made, "nothing else holds it")
        made.unlink()
        self._sign(changed)
        changed._create_invoices(final=True)
        self.assertTrue(changed.invoice_ids)

    def test_copy_is_unsigned(self):
        order = self._sign(self._create_quotation())
        copy = order.copy()
        self.assertEqual(copy.approval_state, "none")
        self.assertFalse(copy.quote_released)

    def test_confirmed_before_the_policy(self):
        self.company.sales_dept_quote_signoff = "off"
        confirmed, draft = self._create_quotation(), self._create_quotation()
        confirmed.action_confirm()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET create_date = create_date - interval '1 day' WHERE id IN %s",
            [(confirmed + draft)._ids],
        )
        self.env.invalidate_all()
        self.company.sales_dept_quote_signoff = "all"
        self.assertTrue(confirmed.quote_released, "left the house before")
        self.assertFalse(draft.quote_released)
        with self.assertRaises(UserError):
            draft.action_confirm()
        self.company.sales_dept_quote_signoff = "off"
        self.assertTrue(draft.quote_released)

    def test_confirmed_without_signature_stays_alone(self):
        """Whatever policy or flow comes later; but not what staff adds to the order then."""
        large = self.flow.copy({"name": "Large", "domain": "[('amount_total', '>', 1000)]", "sequence": 10})
        self.company.sales_dept_quote_signoff = "rule"
        small = self._create_quotation()
        small.action_confirm()
        self.assertTrue(small.quote_waived)
        self.company.sales_dept_quote_signoff = "all"
        large.active = False
        self.assertTrue(small.quote_released)
        self.assertFalse(small._quote_signoff_unreleased())
        # A down payment is no new term, and what Odoo adds by itself is not staff's.
        self.env["sale.order.line"].sudo().create(
            {"order_id": small.id, "product_id": self.product.id, "price_unit": 10, "name": "Freight"}
        )
        self.assertTrue(small.quote_released)
        small.order_line[0].with_user(self.manager1).price_unit = 1
        self.assertFalse(small.quote_waived)
        self.assertFalse(small.quote_released)
        self.assertTrue(small._quote_signoff_unreleased())

    def test_line_deleted_from_an_order_without_signature(self):
        """A note that is taken away changes what was promised, like one that is written."""
        self.company.sales_dept_quote_signoff = "off"
        note = {"display_type": "line_note", "name": "10 years' warranty"}
        order, other = (
            self._create_quotation(
                order_line=[Command.create({"product_id": self.product.id}), Command.create(note)],
            )
            for _number in range(2)
        )
        (order | other).action_confirm()
        self.company.sales_dept_quote_signoff = "all"
        self.assertEqual((order | other).mapped("quote_waived"), [True, True])
        order.order_line.filtered("display_type").with_user(self.manager1).unlink()
        self.assertFalse(order.quote_waived)
        self.assertFalse(order.quote_released)
        other.order_line.filtered("display_type").sudo().unlink()
        self.assertTrue(other.quote_waived, "by a program, not by staff")

    def test_pdf_that_was_kept(self):
        """A copy kept from an earlier print shows earlier terms: it is not what goes out under a new signature."""
        report = self.env.ref("sale.action_report_saleorder")
        report.write({"attachment": "'Offer.pdf'", "attachment_use": True})
        Report = self.env["ir.actions.report"]
        order = self._sign(self._create_quotation())

        def printed():
            """What a print shows that is made now; nothing where it is the kept copy."""
            shown = []

            def make(self, bodies, *args, **kwargs):
                shown.extend(map(str, bodies))
                page = BytesIO()
                canvas.Canvas(page).save()
                return page.getvalue()

            with patch.object(self.registry["ir.actions.report"], "_run_wkhtmltopdf", make):
                Report.with_user(self.manager1).with_context(force_report_rendering=True)._render_qweb_pdf(
                    report, order.ids
                )
            return "".join(shown)

        self.assertIn("200.00", printed())
        order.order_line.price_unit = 55
        self._sign(order)
        again = printed()
        self.assertIn("110.00", again)
        self.assertNotIn("200.00", again)
        # Counterfactual: without the policy Odoo keeps the first one, and gives it out whatever changes.
        self.company.sales_dept_quote_signoff = "off"
        self.assertIn("110.00", printed())
        order.order_line.price_unit = 66
        self.assertFalse(printed())

    def test_signed_then_changed_while_the_policy_was_off(self):
        order = self._sign(self._create_quotation())
        order.action_confirm()
        self.company.sales_dept_quote_signoff = "off"
        order.order_line.price_unit = 77
        self.assertTrue(order.quote_released)
        self.company.sales_dept_quote_signoff = "all"
        self.assertFalse(order.quote_released)

    def _warehouse_of(self, company):
        return self.env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)

    def test_another_company_signs_for_itself(self):
        other = self.env["res.company"].create({"name": "Other", "currency_id": self.company.currency_id.id})
        for user in self.manager1 | self.gm:
            user.company_ids |= other
        product_of_all = self.product
        self.assertFalse(product_of_all.company_id)
        values = {"partner_id": self.customer.id, "order_line": [Command.create({"product_id": product_of_all.id})]}
        Orders = self.env["sale.order"].with_context(allowed_company_ids=[other.id, self.company.id])
        confirmed = Orders.create({**values, "company_id": other.id})
        confirmed.action_confirm()
        with self.assertRefused("has not been signed off"):
            confirmed.write({"company_id": self.company.id, "warehouse_id": self._warehouse_of(self.company).id})
        signed = self._sign(self._create_quotation())
        other.sales_dept_quote_signoff = "all"
        signed.sudo().with_context(allowed_company_ids=[other.id, self.company.id]).write(
            {"company_id": other.id, "warehouse_id": self._warehouse_of(other).id}
        )
        self.assertEqual(signed.approval_state, "stale")

    def test_condition_on_a_field_that_is_no_term(self):
        """An exemption ends with what it was given for."""
        team, other_team = self.env["crm.team"].create([{"name": "Exempt"}, {"name": "Not exempt"}])
        exemption = self.flow.copy({"name": "Team", "domain": f"[('team_id', '=', {team.id})]", "sequence": 1})
        exemption.step_ids.unlink()
        order = self._create_quotation(team_id=team.id)
        self.assertTrue(order.quote_released)
        order.team_id = other_team
        self.assertFalse(order.quote_released)
        # What no write of the order tells is looked at once a day.
        exemption.domain = "[('partner_id.comment', 'ilike', 'trusted')]"
        self.assertFalse(order.quote_released)
        self.customer.comment = "trusted"
        self.assertFalse(order.quote_released)
        self.env["sale.order"]._cron_quote_signoff_recheck()
        self.assertTrue(order.quote_released)

    def test_sections_are_terms(self):
        order = self._create_quotation(
            order_line=[
                Command.create({"display_type": "line_section", "name": "Scope of supply", "sequence": 1}),
                Command.create({"product_id": self.product.id, "name": "A", "sequence": 2, "price_unit": 100}),
                Command.create({"product_id": self.product.id, "name": "B", "sequence": 3, "price_unit": 100}),
                Command.create({"display_type": "line_section", "name": "Free of charge", "sequence": 10}),
            ]
        )
        first, second = order.order_line[1:3]
        self._sign(order)
        first.sequence, second.sequence = 1, 4
        self.assertEqual(order.approval_state, "approved", "they stand as they stood")
        first.sequence = 11
        self.assertEqual(order.approval_state, "stale")
        self.assertIn("Free of charge", order.with_user(self.manager1).approval_summary)

    def test_down_payment_of_an_unsigned_quotation(self):
        order = self._create_quotation()
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"advance_payment_method": "percentage", "amount": 100})
        )
        with self.assertRefused("has not been signed off"):
            wizard.create_invoices()
        self.assertFalse(order.invoice_ids)
        self._sign(order)
        wizard.create_invoices()
        self.assertEqual(order.invoice_ids.amount_untaxed, 200)
        self.assertEqual(order.approval_state, "approved")

    def test_department_without_sales_rights_signs(self):
        """It judges by the terms that the approval shows: Odoo's own form of an order reads too much else."""
        finance_role = self.env.ref("sales_dept_roles.group_finance_verifier")
        self.flow.step_ids = [Command.clear(), Command.create({"name": "Finance", "group_id": finance_role.id})]
        self.customer.country_id = self.env.ref("base.cn")
        order = self._create_quotation()
        order.action_approval_submit()
        approval = self.env["sales.approval"].with_user(self.finance).search([("can_decide", "=", True)])
        with Form(approval) as form:
            self.assertIn("Precision Shaft", form.terms_text)
            self.assertNotIn("%(", form.terms_text, "nobody reads how an address is laid out")
            self.assertIn("Test Customer Ltd", form.terms_text)
        self.assertEqual(approval.action_open_document()["res_model"], "sales.approval")
        self.assertEqual(approval._url_for(self.finance), f"/mail/view?model=sales.approval&res_id={approval.id}")
        self.assertIn("sale.order", approval._url_for(self.gm))
        for user in (self.finance, self.engineering):
            with self.assertRaises(AccessError):
                order.with_user(user).read(["amount_total"])
        with self.assertRaises(AccessError):
            approval.with_user(self.engineering).read(["terms_text"])
        approval.action_approve()
        self.assertEqual(order.approval_state, "approved")

    def test_terms_to_be_read(self):
        """What says nothing is not shown, and nothing as a program would write it."""
        order = self._create_quotation(require_payment=False)
        share = order._fields["prepayment_percent"].string
        order.action_approval_submit()
        self.assertNotIn(share, order.approval_ids.terms_text)
        online = self._create_quotation(require_payment=True, prepayment_percent=0.3)
        online.action_approval_submit()
        self.assertIn(share, online.approval_ids.terms_text)
        self.assertIn("Yes", online.approval_ids.terms_text)
        self.assertNotIn("True", online.approval_ids.terms_text)

    def test_by_rule(self):
        self.company.sales_dept_quote_signoff = "rule"
        self.flow.copy({"name": "Large", "domain": "[('amount_total', '>', 1000)]", "sequence": 10})
        small, large = self._create_quotation(), self._create_quotation()
        large.order_line.product_uom_qty = 20
        self.assertTrue(small.quote_released)
        self.assertFalse(large.quote_released)
        small.action_confirm()
        with self.assertRaises(UserError):
            large.action_confirm()
        small.order_line.product_uom_qty = 20
        self.assertFalse(small.quote_released, "it became large after confirmation")

    def test_flow_change_updates_released(self):
        order = self._create_quotation()
        self.flow.step_ids.unlink()
        self.assertTrue(order.quote_released, "a flow without steps exempts")

    def test_protected_fields(self):
        order = self._create_quotation()
        for vals in (
            {"approval_state": "approved"},
            {"quote_released": True},
            {"is_web_shop_order": True},
            {"approval_ids": [Command.create({"state": "approved"})]},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                order.write(vals)
            with self.subTest(create=vals), self.assertRaises(AccessError):
                self._create_quotation(**vals)
        order = (
            self.env["sale.order"]
            .with_user(self.manager1)
            .with_context(default_quote_released=True, default_is_web_shop_order=True)
            .create({"partner_id": self.customer.id})
        )
        self.assertFalse(order.quote_released)
        self.assertFalse(order.is_web_shop_order)

    def test_new_customer_condition(self):
        order = self._create_quotation()
        self.assertTrue(order.is_new_customer)
        Orders = self.env["sale.order"]
        self.assertIn(order, Orders.search([("is_new_customer", "=", True)]))
        self.company.sales_dept_quote_signoff = "rule"
        self.flow.copy({"name": "New customers", "domain": "[('is_new_customer', '=', True)]", "sequence": 1})
        self.env.invalidate_all()
        with self.assertRefused("has not been signed off"):
            order.action_confirm()
        self._sign(order).action_confirm()
        second = self._create_quotation()
        self.assertFalse(second.is_new_customer)
        self.assertNotIn(second, Orders.search([("is_new_customer", "=", True)]))
        self.assertIn(second, Orders.search([("is_new_customer", "=", False)]))

    def test_condition_that_sending_changes(self):
        self.company.sales_dept_quote_signoff = "rule"
        rule = self.flow.copy({"name": "Drafts", "domain": "[('state', '=', 'draft')]", "sequence": 1})
        order, other = self._create_quotation(), self._create_quotation()
        for attempt in (
            order.action_confirm,
            order.action_quotation_sent,
            lambda: (order | other).write({"state": "sale"}),
        ):
            with self.assertRefused("has not been signed off"):
                attempt()
        self._sign(order).action_confirm()
        self.assertFalse(order.quote_waived, "it was signed")
        rule.active = False
        other.action_confirm()
        self.assertTrue(other.quote_waived)

    def test_form_as_account_manager(self):
        with Form(self.env["sale.order"].with_user(self.manager1)) as form:
            form.partner_id = self.customer
            with form.order_line.new() as line:
                line.product_id = self.product
        order = form.record
        order.action_approval_submit()
        self.assertEqual(order.approval_state, "pending")
        self.assertIn("gm_test", order.approval_summary)

    def test_empty_quotation_is_not_submitted(self):
        order = self.env["sale.order"].with_user(self.manager1).create({"partner_id": self.customer.id})
        with self.assertRefused("nothing to sign"):
            order.action_approval_submit()

    def test_handbook_button(self):
        self.company.sales_dept_quote_signoff = "off"
        self.company.action_sales_dept_apply_handbook()
        self.assertEqual(self.company.sales_dept_quote_signoff, "all")
        with self.assertRaises(AccessError):
            self.company.with_user(self.director).action_sales_dept_apply_handbook()

    def test_register_export(self):
        order = self._sign(self._create_quotation())
        content = order.approval_ids.with_user(self.gm)._register_file().read()
        rows = list(load_workbook(BytesIO(content)).active.iter_rows(values_only=True))
        self.assertEqual(rows[0][:3], ("Quotation", "Customer", "Amount"))
        self.assertEqual(rows[1][0], order.name)
        self.assertEqual(rows[1][2], 200)
        self.assertEqual(rows[1][8], 0, "signed on the day it was asked")

    def _asked(self, count):
        orders = self.env["sale.order"].browse()
        for _number in range(count):
            orders |= self._create_quotation()
        orders.action_approval_submit()
        return orders

    def test_many_are_signed_at_once(self):
        """Each is judged by what it says now."""
        orders = self._asked(3)
        changed = orders[1]
        changed.order_line.price_unit += 1
        approvals = orders._approval_in_force().with_user(self.gm)
        message = approvals.action_approve()["params"]["message"]
        self.assertIn("2 documents: signed off.", message)
        self.assertIn(f"{changed.name} was changed after", message)
        self.assertEqual(orders.mapped("approval_state"), ["approved", "stale", "approved"])

    def test_queries_do_not_grow_with_what_is_signed(self):
        def queries(count):
            asked = self._asked(count)._approval_in_force()
            # As the web client sends them.
            approvals = self.env["sales.approval"].with_user(self.gm).browse(asked.ids)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            approvals.action_approve()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        queries(1)
        self.assertLessEqual(queries(20), queries(5))

    def test_queries_do_not_grow_with_lines(self):
        def queries_of_confirming(lines):
            order = self._create_quotation(
                order_line=[
                    Command.create({"product_id": self.product.id, "product_uom_qty": 1, "price_unit": 10 + number})
                    for number in range(lines)
                ]
            )
            self._sign(order)
            # Before that, so that no cache of the server is counted; what is flushed first may empty them.
            for _turn in range(2):
                order._check_quote_signoff()
                self.env.flush_all()
                self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            order._check_quote_signoff()
            return self.env.cr.sql_log_count - before

        self.assertEqual(queries_of_confirming(5), queries_of_confirming(50))
