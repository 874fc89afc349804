from unittest.mock import patch

from odoo import http
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .common import SalesDeptCommon
from .order_bypass import SIGNATURE

BEYOND = "has to be looked at by us first"


class CustomerChoiceCommon(SalesDeptCommon, HttpCase):
    """A signed quotation with one line that is sold and one that is optional, its price given by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.option = cls.env["product.product"].create(
            {"name": "Spare Shaft", "list_price": 80.0, "type": "service", "taxes_id": False}
        )
        cls.order = cls._offer()

    @classmethod
    def _offer(cls, price=50.0, **vals):
        order = cls._create_quotation(
            user_id=cls.manager1.id,
            order_line=[
                Command.create({"product_id": cls.product.id, "product_uom_qty": 2, "price_unit": 100, "sequence": 1}),
                Command.create({"display_type": "line_section", "name": "Options", "is_optional": True, "sequence": 2}),
                Command.create({"product_id": cls.option.id, "product_uom_qty": 0, "price_unit": price, "sequence": 3}),
            ],
            **{"require_signature": True, "require_payment": False, **vals},
        )
        cls._sign(order).action_quotation_sent()
        order._portal_ensure_token()
        return order

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    @property
    def optional_line(self):
        return self.order.order_line[2]

    def _choose(self, line=None, token=True, **params):
        """What the portal's buttons send."""
        order = (line or self.optional_line).order_id
        if token:
            params["access_token"] = order.access_token
        self.make_jsonrpc_request(
            f"/my/orders/{order.id}/update_line_dict", {"line_id": (line or self.optional_line).id, **params}
        )
        self.env.invalidate_all()

    def _page(self, order=None, token=True):
        order = order or self.order
        suffix = f"?access_token={order.access_token}" if token else ""
        return self.url_open(f"/my/orders/{order.id}{suffix}", timeout=60).text

    def _accept(self, order=None):
        order = order or self.order
        answer = self.make_jsonrpc_request(
            f"/my/orders/{order.id}/accept",
            {"access_token": order.access_token, "name": "Buyer", "signature": SIGNATURE},
        )
        self.env.invalidate_all()
        return answer

    def _undo(self, order=None, token=True):
        order = order or self.order
        suffix = f"?access_token={order.access_token}" if token else ""
        response = self.url_open(
            f"/my/orders/{order.id}/undo_choice{suffix}", data={"csrf_token": http.Request.csrf_token(self)}
        )
        self.env.invalidate_all()
        return response

    def _to_dos(self, order=None):
        return (order or self.order).activity_ids.filtered(
            lambda activity: activity.user_id == self.manager1 and "On the portal the customer" in activity.note
        )


@tagged("post_install", "-at_install")
class TestCustomerChoiceWithin(CustomerChoiceCommon):
    """What was offered is the customer's to take."""

    def test_option_taken_changed_and_removed(self):
        for login in (None, "portal_test"):
            self.authenticate(login, login)
            for params, quantity in (({}, 1), ({"input_quantity": 5}, 5), ({"remove": True}, 4), ({}, 5)):
                with self.subTest(login=login, params=params):
                    self._choose(**params)
                    line = self.optional_line
                    self.assertEqual((line.product_uom_qty, line.price_unit), (quantity, 50))
                    self.assertEqual(self.order.approval_state, "approved")
                    self.assertTrue(self.order.quote_released)
                    self.assertFalse(self.order.is_beyond_offer)
                    self.assertIn("Accept", self._page())
            self._choose(input_quantity=0)
            self.assertTrue(self.order.quote_released)
        self.assertFalse(self._to_dos())
        self._choose(input_quantity=3)
        self.assertIn("redirect_url", self._accept())
        self.assertEqual((self.order.state, self.order.amount_untaxed), ("sale", 350))

    def test_counterfactual(self):
        with patch.object(self.registry["sale.order.line"], "_is_permitted_choice", lambda line: False):
            self._choose()
            self.assertEqual(self.order.approval_state, "stale")

    def test_no_terms_to_compare_with(self):
        """Of a request whose terms were not kept nothing is known to be within it."""
        self._choose()
        approval = self.order.sudo().approval_ids
        self.assertTrue(self.order._is_within_offer(approval))
        self.env.flush_all()
        self.env.cr.execute("UPDATE sales_approval SET terms = NULL WHERE id = %s", [approval.id])
        self.env.invalidate_all()
        self.assertFalse(self.order._is_within_offer(approval))

    def test_payable(self):
        order = self.order = self._offer(require_signature=False, require_payment=True, prepayment_percent=1.0)
        self._choose()
        self.assertTrue(order._has_to_be_paid())
        self.assertEqual(order._get_prepayment_required_amount(), 250)

    def test_the_same_by_staff_is_a_change(self):
        # Else the price would change with the quantity.
        self.option.list_price = 50
        self.optional_line.with_user(self.manager1).product_uom_qty = 1
        self.assertEqual(self.order.approval_state, "stale")
        self.optional_line.with_user(self.manager1).product_uom_qty = 0
        self._choose()
        self.assertTrue(self.optional_line.is_customer_choice)
        self.assertEqual(self.order.approval_state, "approved")
        # Staff that writes what the customer chose makes it the company's own offer.
        self.optional_line.with_user(self.manager1).product_uom_qty = 1
        self.assertFalse(self.optional_line.is_customer_choice)
        self.assertEqual(self.order.approval_state, "stale")

    def test_staff_changes_the_price_of_what_was_chosen(self):
        self._choose()
        self.optional_line.with_user(self.manager1).price_unit = 40
        self.assertEqual(self.order.approval_state, "stale")

    def test_no_client_writes_whose_choice_it_is(self):
        line = self.optional_line.with_user(self.manager1)
        for attempt in (
            lambda: line.write({"is_customer_choice": True}),
            lambda: line.create({"order_id": self.order.id, "display_type": "line_note", "is_customer_choice": True}),
            lambda: self.order.with_user(self.manager1).write({"is_beyond_offer": True}),
            lambda: self.order.with_user(self.manager1).write({"customer_offer": {}}),
        ):
            with self.assertRefused("cannot be set", AccessError):
                attempt()
        made = line.with_context(default_is_customer_choice=True).create(
            {"order_id": self.order.id, "product_id": self.product.id}
        )
        self.assertFalse(made.is_customer_choice)

    def test_only_what_is_optional(self):
        """Odoo's own portal keeps to options; what another door of a customer's writes is no choice either."""
        line = self.order.order_line[0]
        self._choose(line)
        self.assertEqual(line.product_uom_qty, 2)
        line.with_user(self.portal_user).sudo().product_uom_qty = 5
        self.assertFalse(line.is_customer_choice)
        self.assertFalse(self.order.quote_released)

    def test_no_option_any_more(self):
        """What staff takes out of the options is no choice, also where the customer had chosen it."""
        self._choose()
        self.order.order_line[1].with_user(self.manager1).is_optional = False
        self.env.invalidate_all()
        self.assertFalse(self.optional_line._is_permitted_choice())

    def test_without_policies(self):
        self.company.sales_dept_quote_signoff = "off"
        self._choose()
        self.assertFalse(self.order.customer_offer)
        self.assertEqual(self.optional_line.price_unit, 80, "Odoo looks up the price anew")


@tagged("post_install", "-at_install")
class TestCustomerChoiceBeyond(CustomerChoiceCommon):
    """What nobody offered waits for the department; the customer reads so and can undo it."""

    def _assert_beyond(self, order=None):
        order = order or self.order
        self.assertTrue(order.is_beyond_offer)
        self.assertFalse(order.quote_released)
        page = self._page(order)
        self.assertIn(BEYOND, page)
        self.assertIn("cannot be accepted right now", page)
        self.assertIn("error", self._accept(order))
        self.assertFalse(order._has_to_be_paid())
        self.assertEqual(len(self._to_dos(order)), 1)
        return page

    def _priced_by_quantity(self):
        self.option.list_price = 50
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "By quantity",
                "item_ids": [
                    Command.create(
                        {
                            "product_tmpl_id": self.option.product_tmpl_id.id,
                            "applied_on": "1_product",
                            "min_quantity": 10,
                            "compute_price": "fixed",
                            "fixed_price": 43.21,
                        }
                    )
                ],
            }
        )
        self.order = self._offer(pricelist_id=pricelist.id)

    def test_price_that_goes_by_quantity(self):
        self._priced_by_quantity()
        self._choose(input_quantity=9)
        self.assertTrue(self.order.quote_released)
        for login in (None, "portal_test"):
            self.authenticate(login, login)
            for quantity in (10, 11):
                self._choose(input_quantity=quantity)
                self.assertEqual(self.optional_line.price_unit, 43.21)
                page = self._assert_beyond()
                self.assertNotIn("43.21", page, "nobody signed that price")
                self.assertNotIn("43.21", self.url_open(self.order.get_portal_url(report_type="html")).text)
            with self.subTest(login=login, undo="by choosing what was offered"):
                self._choose(input_quantity=9)
                self.assertTrue(self.order.quote_released)
                self.assertFalse(self.order.is_beyond_offer)
                self.assertIn("Accept", self._page())
        self._choose(input_quantity=10)
        self._undo()
        self.assertEqual((self.optional_line.product_uom_qty, self.optional_line.price_unit), (0, 50))
        self.assertTrue(self.order.quote_released)
        self.assertFalse(self.order.customer_offer)
        self.assertIn("redirect_url", self._accept())
        self.assertEqual(self.order.state, "sale")

    def test_less_than_nothing(self):
        self._choose(input_quantity=-3)
        self._assert_beyond()
        self._undo()
        self.assertTrue(self.order.quote_released)

    def test_another_line_and_another_price(self):
        """By whatever module's door: written as superuser in the customer's name."""
        public = self.env.ref("base.public_user")
        order = self.order.with_user(public).sudo()
        order.order_line[0].write({"price_unit": 1, "discount": 50})
        order.write({"order_line": [Command.create({"product_id": self.option.id, "product_uom_qty": 1})]})
        self.env.invalidate_all()
        self._assert_beyond()
        self._undo()
        self.assertEqual(len(self.order.order_line), 3)
        self.assertEqual(self.order.order_line[0].mapped(lambda line: (line.price_unit, line.discount)), [(100, 0)])
        self.assertTrue(self.order.quote_released)

    def test_over_a_limit_of_the_rules(self):
        """A quotation that needed no signature as it was offered."""
        self.company.sales_dept_quote_signoff = "rule"
        self.flow.copy({"name": "Large", "domain": "[('amount_total', '>', 1000)]", "sequence": 1})
        self.env.invalidate_all()
        order = self.order = self._offer()
        order.sudo().approval_ids.filtered(lambda approval: approval.state == "approved")._close("withdrawn")
        self._choose(input_quantity=2)
        self.assertTrue(order.quote_released)
        self._choose(input_quantity=50)
        self._assert_beyond()
        self._undo()
        self.assertTrue(order.quote_released)

    def test_only_hers_to_undo(self):
        self._choose(input_quantity=-3)
        stranger = new_test_user(self.env, "stranger_test", "base.group_portal", email="stranger@else.example")
        for login in (None, stranger.login):
            self.authenticate(login, login)
            self.assertNotIn(BEYOND, self._page(token=False))
            self._undo(token=False)
            self._choose(token=False, input_quantity=0)
            self.assertEqual(self.optional_line.product_uom_qty, -3)
        self.authenticate("portal_test", "portal_test")
        self.assertIn(BEYOND, self._page(token=False), "from the list of her quotations")
        self._undo(token=False)
        self.assertEqual(self.optional_line.product_uom_qty, 0)

    def test_the_other_doors_stay_closed(self):
        self._choose(input_quantity=-3)
        order, token = self.order, self.order.access_token
        for suffix in ("", "/download_edi"):
            response = self.url_open(f"/my/orders/{order.id}{suffix}?access_token={token}&report_type=pdf", timeout=60)
            self.assertNotIn(f"/my/orders/{order.id}", response.url)
            self.assertNotEqual(response.headers["Content-Type"], "application/pdf")
        self.assertFalse(self.env["sale.order"].with_user(self.portal_user).search([("id", "=", order.id)]))

    def test_staff_goes_on_with_it(self):
        """Changed or submitted by staff it is another offer: until it is signed she sees nothing of it."""
        self._choose(input_quantity=-3)
        self.order.order_line[0].with_user(self.manager1).price_unit = 99
        self.assertFalse(self.order.is_beyond_offer)
        self.assertNotIn(BEYOND, self._page())
        order = self.order = self._offer()
        self._choose(input_quantity=-3)
        order.with_user(self.manager1).action_approval_submit()
        self.assertFalse(order.is_beyond_offer)
        self._undo()
        self.assertEqual(self.optional_line.product_uom_qty, -3)
        order.with_user(self.gm).action_approval_approve()
        self.assertIn("Accept", self._page())

    def test_what_staff_made_unreleased_is_no_choice(self):
        self.order.order_line[0].with_user(self.manager1).price_unit = 99
        self.optional_line.with_user(self.portal_user).sudo().product_uom_qty = 1
        self.assertFalse(self.order.is_beyond_offer)
        self.assertFalse(self._to_dos())


@tagged("post_install", "-at_install")
class TestCustomerSignature(CustomerChoiceCommon):
    """What the customer signed is bound to its terms, as what the department signed is."""

    def setUp(self):
        super().setUp()
        # Signed, and not confirmed as long as it is not paid.
        self.order = self._offer(require_payment=True, prepayment_percent=1.0)
        self._accept()
        self.assertEqual((self.order.state, self.order.signed_by), ("sent", "Buyer"))

    def _notes(self):
        return self.order.message_ids.filtered(lambda message: "asked to sign again" in (message.body or ""))

    def test_bound_to_its_terms(self):
        self.assertEqual(self.order.customer_signed_digest, self.order._approval_digest())
        self.order.with_user(self.manager1).client_order_ref = "4711"
        self.assertTrue(self.order.signature, "no term")

    def test_edit_drops_it(self):
        order = self.order
        order.with_user(self.manager1).write(
            {
                "note": "Cash only",
                "order_line": [Command.update(order.order_line[0].id, {"price_unit": 90, "discount": 3})],
            }
        )
        self.assertFalse(order.signature or order.signed_by or order.signed_on or order.customer_signed_digest)
        note = self._notes()
        self.assertEqual(len(note), 1)
        for part in (self.manager1.name, "Buyer", "Unit Price: 100", "90", "Discount (%): 0", "Cash only"):
            self.assertIn(part, note.body)
        self.assertTrue(note.subtype_id.internal)
        self._sign(order)
        self.assertTrue(order._has_to_be_signed())
        self.assertRegex(self._page(), "Sign &(amp;)? Pay")
        self._accept()
        self.assertEqual(order.signed_by, "Buyer")
        self.assertEqual(order.customer_signed_digest, order._approval_digest())
        order.order_line[0].with_user(self.manager1).price_unit = 80
        self.assertEqual(len(self._notes()), 2)

    def test_counterfactual(self):
        with patch.object(self.registry["sale.order"], "_drop_outdated_signatures", lambda orders: None):
            self.order.order_line[0].with_user(self.manager1).price_unit = 90
            self.assertTrue(self.order.signature)

    def test_every_line_door(self):
        for name, edit in {
            "new line": lambda order: order.write({"order_line": [Command.create({"product_id": self.product.id})]}),
            "line removed": lambda order: order.order_line[0].unlink(),
            "by the system": lambda order: order.sudo().order_line[0].write({"price_unit": 90}),
        }.items():
            with self.subTest(edit=name):
                self.order = self._offer(require_payment=True, prepayment_percent=1.0)
                self._accept()
                edit(self.order.with_user(self.manager1))
                self.assertFalse(self.order.signature)
                self.assertEqual(len(self._notes()), 1)

    def test_undone_is_dropped_all_the_same(self):
        line = self.order.order_line[0].with_user(self.manager1)
        line.price_unit = 90
        line.price_unit = 100
        self.assertFalse(self.order.signature)

    def test_her_own_choice_afterwards(self):
        self._choose()
        self.assertFalse(self.order.signature)
        self.assertTrue(self.order.quote_released)
        self.assertIn(self.customer.name, self._notes().body)
        self.assertRegex(self._page(), "Sign &(amp;)? Pay")

    def test_confirmed_order_keeps_it(self):
        """The proof of what was agreed: it cannot be signed again, so the signature is not taken away."""
        order = self.order
        order.with_user(self.manager1).action_confirm()
        changed = "before the order was changed"

        def paper():
            report = self.env["ir.actions.report"].with_user(self.manager1)
            return report._render_qweb_html("sale.report_saleorder", order.ids)[0].decode()

        self.assertNotIn(changed, paper())
        order.order_line[0].with_user(self.manager1).price_unit = 90
        self.assertTrue(order.signature)
        self.assertTrue(order.customer_signed_terms)
        self.assertIn(changed, paper())
        self._sign(order)
        self.assertIn(changed, self._page())

    def test_nobody_signs_for_her(self):
        fresh = self._offer()
        for vals in ({"signature": SIGNATURE}, {"signed_by": "Buyer"}, {"signed_on": "2030-01-01 08:00:00"}):
            with self.subTest(vals=vals):
                for order in (fresh, self.order):
                    with self.assertRefused("cannot be set", AccessError):
                        order.with_user(self.manager1).write(vals)
                with self.assertRefused("cannot be set", AccessError):
                    self._create_quotation(**vals)
                defaults = {f"default_{name}": value for name, value in vals.items()}
                made = self.env["sale.order"].with_user(self.manager1).with_context(**defaults)
                made = made.create({"partner_id": self.customer.id})
                self.assertFalse(made.signature or made.signed_by or made.signed_on)
        for vals in ({"customer_signed_digest": "x"}, {"customer_signed_terms": {}}):
            with self.assertRefused("cannot be set", AccessError):
                self.order.with_user(self.manager1).write(vals)
        self.company.sales_dept_quote_signoff = "off"
        fresh.with_user(self.manager1).signed_by = "Buyer"

    def test_set_back_to_quotation(self):
        """Odoo's own button removes the signature, as the user who presses it."""
        self.order.with_user(self.manager1).action_draft()
        self.assertFalse(self.order.signature or self.order.customer_signed_digest)
        self.assertFalse(self._notes())

    def test_without_policies(self):
        self.company.sales_dept_quote_signoff = "off"
        order = self.order = self._offer(require_payment=True, prepayment_percent=1.0)
        self._accept()
        order.order_line[0].with_user(self.manager1).price_unit = 90
        self.assertTrue(order.signature, "as in Odoo")
