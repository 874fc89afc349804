import re

from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.sales_dept_roles.tests.test_order_review import OrderReviewCommon

from .delivery_notice_common import DeliveryNoticeCommon


@tagged("post_install", "-at_install")
class TestDeliveryNotice(DeliveryNoticeCommon):
    """What may be noticed, the notice's way, and what left against it."""

    def test_over_two_orders(self):
        first, second = self._order(10), self._order(5, self.gear)
        notice = self.env["sale.delivery.notice"].with_user(self.manager1).create({"partner_id": self.customer.id})
        notice.action_add_open()
        self.assertEqual(notice.line_ids.mapped("quantity"), [10, 5])
        self.assertEqual(notice.order_ids, first | second)
        with self.assertRefused("does not say when"):
            notice.action_issue()
        notice.wanted_date = fields.Date.today()
        notice.action_issue()
        self.assertEqual(first.order_line.qty_noticed, 10)
        self.assertEqual(first.order_line.qty_to_notice, 0)
        notice.with_user(self.keeper).action_accept()
        self._ship(first.picking_ids, {self.shaft: 4})
        self.assertEqual(notice.state, "loading")
        self.assertEqual(notice.line_ids.mapped("qty_shipped"), [4, 0])
        self.assertEqual((first.order_line.qty_noticed, first.order_line.qty_to_notice), (6, 0))
        self._ship(second.picking_ids)
        self._ship(first.picking_ids.filtered(lambda picking: picking.state != "done"))
        self.assertEqual(notice.state, "shipped")
        self.assertTrue(notice.ship_date)
        self.assertEqual(notice.picking_ids, first.picking_ids | second.picking_ids)

    def test_part_number_of_the_customer(self):
        """Taken over when the notice is made; another one may be typed, and what is kept later changes neither."""
        part = self.env["sales.customer.part"].create(
            {
                "partner_id": self.customer.id,
                "product_tmpl_id": self.shaft.product_tmpl_id.id,
                "part_number": "PN-1",
                "company_id": False,
            }
        )
        shaft, gear = self._order(10), self._order(5, self.gear)
        notice = self._notice((shaft.order_line, 10), (gear.order_line, 5), state="draft")
        self.assertEqual(notice.line_ids.mapped("customer_part_number"), ["PN-1", False])
        part.part_number = "PN-2"
        self.assertEqual(notice.line_ids[0].customer_part_number, "PN-1")
        notice.line_ids[0].customer_part_number = "Typed"
        self.assertEqual(notice.line_ids[0].customer_part_number, "Typed")

    def test_from_orders(self):
        orders = self._order(10) | self._order(3, self.gear)
        action = orders.with_user(self.assistant).action_delivery_notice()
        notice = self.env["sale.delivery.notice"].browse(action["res_id"])
        self.assertEqual(notice.line_ids.mapped("quantity"), [10, 3])
        self.assertEqual(notice.user_id, self.manager1 if self.customer.user_id else self.assistant)
        notice.action_issue()
        with self.assertRefused("no goods that may still be noticed"):
            orders.with_user(self.assistant).action_delivery_notice()
        with self.assertRefused("no goods that may still be noticed"):
            self._order(1, confirm=False).action_delivery_notice()

    def test_from_orders_by_address(self):
        """One notice for each address, wanted when the first of its goods is promised."""
        depot = self.env["res.partner"].create({"name": "Depot", "parent_id": self.customer.id, "type": "delivery"})
        here = {"partner_shipping_id": self.customer.id}
        late, early = (self._order(10, commitment_date=f"2031-03-{day} 12:00:00", **here) for day in (20, 10))
        there = self._order(5, partner_shipping_id=depot.id)
        orders = late | early | there | self._order(1, confirm=False)
        notices = self.env["sale.delivery.notice"].with_user(self.assistant)._make_for(orders).sudo()
        notices = notices.sorted(lambda notice: notice.partner_shipping_id == depot)
        self.assertEqual([notice.partner_shipping_id for notice in notices], [self.customer, depot])
        self.assertEqual([notice.order_ids for notice in notices], [late | early, there])
        self.assertEqual(str(notices[0].wanted_date), "2031-03-10")

    def test_open_goods_of_the_customer(self):
        """Also what her people ordered; nothing of others, of other companies, or that is not confirmed."""
        contact = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.customer.id})
        stranger = self.env["res.partner"].create({"name": "Stranger Ltd", "is_company": True})
        mine = self._order(10) | self._order(2, partner_id=contact.id)
        self._order(3, confirm=False)
        self._order(4, partner_id=stranger.id)
        other = self.env["res.company"].create({"name": "Other"})
        self.env.user.company_ids |= other
        there = self._order(5, user=self.env.user, company_id=other.id, confirm=False)
        there.with_company(other).action_confirm()
        self.assertEqual(there.state, "sale")
        notice = self.env["sale.delivery.notice"].create({"partner_id": self.customer.id})
        notice.with_context(allowed_company_ids=(self.company | other).ids).action_add_open()
        self.assertEqual(notice.order_ids, mine)
        with self.assertRefused("no goods on confirmed orders"):
            notice.action_add_open()

    def test_what_is_missing_when_it_is_issued(self):
        empty = self._notice(state="draft")
        with self.assertRefused("no goods yet"):
            empty.action_issue()
        quotation = self._order(10, confirm=False)
        early = self._notice((quotation.order_line, 1), state="draft")
        with self.assertRefused(f"{quotation.name} is not confirmed"):
            early.action_issue()

    def test_one_step_after_the_other(self):
        """Each step in its state only, by whose step it is, and on one's own notices only."""
        notice = self._notice((self._order(10).order_line, 6), state="draft")
        keeper, manager = notice.with_user(self.keeper), notice.with_user(self.manager1)

        def refused(sentence, *steps, exception=UserError):
            for step in steps:
                with self.subTest(state=notice.state, refused=sentence), self.assertRefused(sentence, exception):
                    step()

        others = "done by the warehouse"
        refused("is in state “Draft”", keeper.action_accept, keeper.action_load, keeper.action_close)
        refused("is in state “Draft”", lambda: keeper.action_send_back("No"), lambda: manager.action_sign_for("Li"))
        refused("by the sales department", keeper.action_cancel, exception=AccessError)
        manager.action_issue()
        refused("is in state “Issued”", manager.action_issue, keeper.action_load, lambda: keeper.action_close("No"))
        refused(others, manager.action_accept, lambda: manager.action_send_back("No"), exception=AccessError)
        keeper.action_accept()
        refused("is in state “Accepted”", keeper.action_accept, manager.action_issue)
        refused(others, manager.action_load, lambda: manager.action_close("No"), exception=AccessError)
        keeper.action_load()
        refused(
            "is in state “Loading”", keeper.action_load, keeper.action_accept, lambda: keeper.action_send_back("No")
        )
        stranger = notice.with_user(self.manager2)
        strange = (stranger.action_cancel, stranger.action_issue, lambda: stranger.action_sign_for("Li"))
        refused("Delivery Notice", *strange, exception=AccessError)
        self.assertEqual(notice.state, "loading")
        manager.action_cancel()
        refused("is in state “Cancelled”", manager.action_cancel, manager.action_issue, keeper.action_accept)

    def test_order_that_changed_before_the_warehouse_looked(self):
        self.company.sales_dept_quote_signoff = "all"
        order = self._sign(self._order(10, confirm=False))
        order.with_user(self.manager1).action_confirm()
        notice = self._notice((order.order_line, 5), state="issued")
        order.order_line.price_unit = 1
        with self.assertRefused("was changed after it was submitted"):
            notice.with_user(self.keeper).action_accept()
        self.assertEqual(notice.state, "issued")

    def test_who_notes_the_signature(self):
        for user in (self.manager1, self.keeper):
            order = self._order(10)
            notice = self._notice((order.order_line, 10))
            self._ship(order.picking_ids)
            with self.assertRefused("by the sales department or the warehouse", AccessError):
                notice.with_user(self.finance).action_sign_for("Mr Li")
            now = fields.Datetime.now()
            with freeze_time(now):
                notice.with_user(user).action_sign_for("Mr Li")
            self.assertEqual((notice.state, notice.sign_date), ("signed", now), user.login)

    def test_nobody_signs_in_the_customers_place(self):
        """A7: what she signs on her page says so; colleagues note papers, whatever they send."""
        order = self._order(10)
        notice = self._notice((order.order_line, 10))
        self._ship(order.picking_ids)
        for user in (self.manager1, self.keeper, self.director):
            with self.assertRefused("the customer signs herself", AccessError):
                notice.with_user(user).action_sign_for("Ms Zhao", source="portal")
        notice.with_user(self.keeper).action_sign_for("Ms Zhao", source="carrier")
        self.assertEqual(notice.sign_source, "carrier")

    def test_signed_for_at_this_very_moment(self):
        order = self._order(10)
        notice = self._notice((order.order_line, 10))
        self._ship(order.picking_ids)
        with freeze_time("2031-03-10 12:00:00"):
            with self.assertRefused("in the future"):
                notice.action_sign_for("Mr Li", "2031-03-10 12:00:01")
            notice.action_sign_for("Mr Li", "2031-03-10 12:00:00")
        self.assertEqual(str(notice.sign_date), "2031-03-10 12:00:00")

    def test_partly_shipped(self):
        order = self._order(10)
        notice = self._notice((order.order_line, 6), (self._order(3, self.gear).order_line, 3))
        self.assertFalse(notice.is_partly_shipped)
        self._ship(order.picking_ids, {self.shaft: 4})
        self.assertTrue(notice.is_partly_shipped)
        notice.with_user(self.keeper).action_close("Truck is full")
        self.assertFalse(notice.is_partly_shipped, "the rest stays behind")

    def test_without_an_account_manager(self):
        """Whoever issued it is told."""
        notice = self._notice((self._order(10).order_line, 6), state="issued", user=self.assistant, user_id=False)
        notice.with_user(self.keeper).action_send_back("No pallets")
        self.assertEqual(notice.sudo().activity_ids.user_id, self.assistant)

    def test_found_by_order(self):
        first, second = self._order(10), self._order(10)
        notices = [self._notice((order.order_line, 1), state="draft") for order in (first, second)]
        both = self.env["sale.delivery.notice"].concat(*notices)
        for operator, expected in (("in", notices[0]), ("not in", notices[1])):
            domain = [("id", "in", both.ids), ("order_ids", operator, first.ids)]
            self.assertEqual(both.search(domain), expected, operator)
            domain = [("id", "in", both.ids), ("order_ids.name", "=" if operator == "in" else "!=", first.name)]
            self.assertEqual(both.search(domain), expected, domain)

    def test_no_more_than_is_left(self):
        """A5: the rest of 10 is 4 once 6 are noticed."""
        order = self._order(10)
        first, second = (self._notice((order.order_line, 6), state="draft") for _number in range(2))
        first.action_issue()
        with self.assertRefused("only 4 Units left that are neither shipped nor on another"):
            second.action_issue()
        self.assertEqual(second.state, "draft")
        second.line_ids.quantity = 4
        second.action_issue()
        first.action_cancel()
        self.assertEqual(order.order_line.qty_to_notice, 6)

    def test_what_came_back_may_be_noticed_again(self):
        """A4: 10 shipped, 4 back, 4 out again are 10."""
        order = self._order(10)
        self._notice((order.order_line, 10))
        picking = self._ship(order.picking_ids)
        returned = self._return(picking, 4)
        self.assertEqual(order.order_line.qty_delivered, 6)
        self.assertEqual(order.order_line.qty_to_notice, 4)
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=returned.id, active_model="stock.picking")
            .with_user(self.keeper)
            .create({})
        )
        wizard.product_return_moves.write({"quantity": 4, "to_refund": True})
        again = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        with self.assertRefused("accepted delivery notices allow 0"):
            self._ship(again)
        notice = self._notice((order.order_line, 4))
        self._ship(again)
        self.assertEqual(order.order_line.qty_delivered, 10)
        self.assertEqual(notice.state, "shipped")
        self.assertEqual(order.order_line.qty_to_notice, 0)

    def test_sent_back(self):
        order = self._order(10)
        notice = self._notice((order.order_line, 10), state="issued")
        with self.assertRefused("done by the warehouse", AccessError):
            notice.action_accept()
        action = notice.with_user(self.keeper).action_send_back()
        self.assertEqual(action["res_model"], "sale.delivery.notice.reason")
        wizard = (
            self.env["sale.delivery.notice.reason"]
            .with_user(self.keeper)
            .with_context(**action["context"])
            .create({"reason": "No pallets"})
        )
        wizard.action_confirm()
        self.assertEqual((notice.state, notice.send_back_reason), ("sent_back", "No pallets"))
        self.assertIn("No pallets", notice.sudo().activity_ids.note)
        self.assertEqual(notice.sudo().activity_ids.user_id, self.manager1)
        self.assertEqual(order.order_line.qty_noticed, 0, "what was sent back is not spoken for")
        notice.line_ids.quantity = 5
        notice.action_issue()
        self.assertFalse(notice.send_back_reason)

    def test_issued_is_not_changed(self):
        order = self._order(10)
        notice = self._notice((order.order_line, 6), state="issued")
        line = notice.line_ids
        for change in (
            lambda: notice.write({"wanted_date": "2030-01-01"}),
            lambda: notice.write({"note": "More"}),
            lambda: line.write({"quantity": 1}),
            lambda: line.unlink(),
            lambda: notice.write({"line_ids": [Command.update(line.id, {"quantity": 2})]}),
            lambda: notice.write({"line_ids": [Command.create({"sale_line_id": order.order_line.id, "quantity": 1})]}),
            lambda: notice.unlink(),
        ):
            with self.assertRefused("was issued"):
                change()
        notice.with_user(self.keeper).write({"dock": "3"})
        self.assertEqual(notice.dock, "3")
        draft = self._notice((order.order_line, 1), state="draft")
        with self.assertRefused("changed by the sales department", AccessError):
            draft.with_user(self.keeper).note = "More"

    def test_no_client_sets_the_course(self):
        notice = self._notice((self._order(10).order_line, 6), state="draft")
        for vals in ({"state": "accepted"}, {"name": "X"}, {"signed_by": "Me"}, {"issue_date": "2030-01-01"}):
            with self.assertRefused("cannot be set by hand", AccessError):
                notice.write(vals)
        with self.assertRefused("cannot be set by hand", AccessError):
            notice.line_ids.write({"qty_shipped": 6})
        made = notice.with_context(default_state="accepted").copy()
        self.assertEqual(made.state, "draft")
        self.assertEqual(made.line_ids.quantity, 6)
        self.assertNotEqual(made.name, notice.name)

    def test_loaded_by_the_warehouse(self):
        notice = self._notice((self._order(10).order_line, 6), state="issued")
        with self.assertRefused("loaded once the warehouse accepted"):
            notice.line_ids.with_user(self.keeper).qty_loaded = 5
        notice.with_user(self.keeper).action_accept()
        with self.assertRefused("done by the warehouse", AccessError):
            notice.line_ids.qty_loaded = 5
        notice.with_user(self.keeper).action_load()
        notice.line_ids.with_user(self.keeper).write({"qty_loaded": 5, "left_reason": "Truck is full"})
        self.assertEqual(notice.line_ids.qty_loaded, 5)

    def test_rest_left_behind(self):
        order = self._order(10)
        notice = self._notice((order.order_line, 10))
        keeper = notice.with_user(self.keeper)
        with self.assertRefused("nothing left yet"):
            keeper.action_close("Truck is full")
        self._ship(order.picking_ids, {self.shaft: 8})
        with self.assertRefused("left already"):
            notice.action_cancel()
        keeper.action_close("Truck is full")
        self.assertEqual((notice.state, notice.left_behind_reason), ("shipped", "Truck is full"))
        self.assertEqual(order.order_line.qty_to_notice, 2)
        # A6: ordered 10, now 8, open 2.
        (row,) = notice._delivery_paper_rows()
        self.assertEqual((row["ordered"], row["now"], row["open"]), (10, 8, 2))

    def test_signed_for(self):
        """A7: once, with the signer's name, and nothing gets lost of what was shipped."""
        order = self._order(10)
        notice = self._notice((order.order_line, 10))
        with self.assertRefused("is in state"):
            notice.action_sign_for("Mr Li")
        self._ship(order.picking_ids)
        line = notice.line_ids
        with self.assertRefused("makes 9"):
            notice.action_sign_for("Mr Li", received={line.id: {"qty_received": 9}})
        with self.assertRefused("say why"):
            notice.action_sign_for("Mr Li", received={line.id: {"qty_received": 9, "qty_damaged": 1}})
        with self.assertRefused("in the future"):
            notice.action_sign_for("Mr Li", "2999-01-01 00:00:00")
        self.assertEqual(notice.state, "shipped")
        received = {line.id: {"qty_received": 9, "qty_damaged": 1, "sign_reason": "Wet carton"}}
        notice.action_sign_for("Mr Li", received=received)
        self.assertEqual((notice.state, notice.signed_by, line.qty_received), ("signed", "Mr Li", 9))
        self.assertTrue(line.is_short)
        self.assertIn("Wet carton", notice.sudo().activity_ids.note)
        with self.assertRefused("is in state"):
            notice.action_sign_for("Somebody Else")
        self.assertEqual(notice.signed_by, "Mr Li")
        html = self.env["ir.qweb"]._render("sales_dept_logistics.report_delivery_paper", {"docs": notice})
        self.assertIn("Mr Li", html)
        self.assertEqual(str(html).count("Mr Li"), 3, "on each part")
        self.assertIn(str(notice.wanted_date), html, "in English, too, no date is read the American way")
        self.assertFalse(re.search(r"\d\d/\d\d/\d{4}", html))

    def test_received_over_rpc(self):
        """Ids of lines come as texts; what is said of other goods is refused and not left out."""
        order = self._order(10)
        notice = self._notice((order.order_line, 10))
        self._ship(order.picking_ids)
        amiss = {"qty_lost": 1, "sign_reason": "Gone"}
        with self.assertRefused("do not stand on this delivery notice"):
            notice.action_sign_for("Mr Li", received={"0": amiss})
        with self.assertRefused("do not stand on this delivery notice"):
            notice.action_sign_for("Mr Li", received={notice.line_ids.id: 3})
        for wrong in (-1, float("nan"), float("inf"), [1], "one"):
            with self.assertRefused("is no quantity"):
                notice.action_sign_for("Mr Li", received={notice.line_ids.id: {**amiss, "qty_lost": wrong}})
        notice.action_sign_for("Mr Li", received={str(notice.line_ids.id): amiss})
        self.assertEqual((notice.line_ids.qty_received, notice.line_ids.qty_lost), (9, 1))

    def test_wizard_of_signing(self):
        order = self._order(10)
        notice = self._notice((order.order_line, 10))
        self._ship(order.picking_ids)
        action = notice.action_sign_for()
        self.assertEqual(action["res_model"], "sale.delivery.notice.sign")
        wizard = self.env[action["res_model"]].with_user(self.manager1).with_context(**action["context"])
        wizard = wizard.create({"signed_by": "Ms Wang", "source": "carrier"})
        self.assertEqual(wizard.line_ids.qty_received, 10)
        wizard.action_confirm()
        self.assertEqual((notice.state, notice.sign_source), ("signed", "carrier"))

    def test_customers_and_companies_do_not_mix(self):
        other = self.env["res.partner"].create({"name": "Other Ltd", "is_company": True})
        order = self._order(10, partner_id=other.id)
        with self.assertRefused("orders of one customer", ValidationError):
            self._notice((order.order_line, 1), state="draft")
        with self.assertRefused("nothing that is shipped", ValidationError):
            self._notice((self._order(1, self.product).order_line, 1), state="draft")
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            self._notice((self._order(1).order_line, 0), state="draft")

    def test_cancelled_order(self):
        order = self._order(10)
        notice = self._notice((order.order_line, 10))
        order._action_cancel()
        self.assertEqual(notice.state, "cancelled")

    def test_order_that_changed(self):
        """Signed, confirmed, changed: its goods wait, whoever noticed them before."""
        self.company.sales_dept_quote_signoff = "all"
        order = self._sign(self._order(10, confirm=False))
        order.with_user(self.manager1).action_confirm()
        notice = self._notice((order.order_line, 5))
        late = self._notice((order.order_line, 5), state="draft")
        order.order_line.price_unit = 1
        with self.assertRefused("was changed after it was submitted"):
            late.action_issue()
        with self.assertRefused("was changed after it was submitted"):
            self._ship(order.picking_ids, {self.shaft: 5})
        self.assertEqual(notice.state, "accepted")
        self._sign(order)
        self._ship(order.picking_ids, {self.shaft: 5})
        self.assertEqual(notice.state, "shipped")

    def test_late_by_the_companys_day(self):
        order = self._order(10)
        notice = self._notice((order.order_line, 1))
        yesterday = fields.Date.subtract(self.company._local_today(), days=1)
        self.assertFalse(notice.is_late)
        notice.sudo()._write_protected({"wanted_date": yesterday})
        self.assertTrue(notice.is_late)
        self.assertIn(notice, notice.search([("is_late", "=", True)]))
        notice.with_user(self.manager1).action_cancel()
        self.assertFalse(notice.is_late)

    def test_late_in_two_zones(self):
        """Wanted on the 5th, which it is in Shanghai already and in Los Angeles not for a long time."""
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        west = self.env["res.company"].create({"name": "West"})
        west.resource_calendar_id.tz = "America/Los_Angeles"
        values = {"partner_id": self.customer.id, "wanted_date": "2031-03-05"}
        notices = both = self.env["sale.delivery.notice"].create(
            [{**values, "company_id": company.id} for company in (self.company, west)]
        )
        for moment, late in (
            ("2031-03-05 15:59:59", both.browse()),
            ("2031-03-05 16:00:00", notices[0]),
            ("2031-03-06 07:59:59", notices[0]),
            ("2031-03-06 08:00:00", both),
        ):
            with self.subTest(moment=moment), freeze_time(moment):
                both.invalidate_recordset(["is_late"])
                self.assertEqual(both.filtered("is_late"), late)
                self.assertEqual(both.search([("id", "in", both.ids), ("is_late", "=", True)]), late)
                self.assertEqual(both.search([("id", "in", both.ids), ("is_late", "=", False)]), both - late)

    def test_who_sees_what(self):
        notice = self._notice((self._order(10).order_line, 6))
        for user in (self.manager1, self.assistant, self.director, self.gm, self.keeper, self.finance):
            self.assertTrue(notice.with_user(user).has_access("read"), user.login)
        for user in (self.manager2, self.outsider, self.portal_user):
            self.assertFalse(notice.with_user(user).has_access("read"), user.login)
        self.assertFalse(notice.with_user(self.finance).has_access("write"))
        for user in (self.engineering, self.finance, self.keeper, self.manager1):
            views = notice.with_user(user).get_views([(False, "form"), (False, "list")])["models"]
            for name in views["sale.delivery.notice.line"]["fields"]:
                # As lists show them, with the names of what they point to.
                notice.with_user(user).line_ids.web_read(
                    {name: {"fields": {"display_name": {}}} if name.endswith("_id") else {}}
                )
            with Form(notice.with_user(user)) as form:
                self.assertEqual(form.name, notice.name)
        with self.assertRefused("by the sales department", AccessError):
            self._notice((self._order(1).order_line, 1), state="draft").with_user(self.keeper).action_issue()

    def test_worklist_reads_many_in_as_many_queries(self):
        Notice = self.env["sale.delivery.notice"].with_user(self.keeper)
        columns = {"name": {}, "is_late": {}, "order_ids": {"fields": {"display_name": {}}}}

        def queries(notices):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(len(Notice.browse(notices.ids).web_read(columns)), len(notices))
            return self.env.cr.sql_log_count - before

        few = self.env["sale.delivery.notice"]
        for _number in range(2):
            few |= self._notice((self._order(10).order_line, 1))
        many = few
        for _number in range(6):
            many |= self._notice((self._order(10).order_line, 1))
        queries(few)
        self.assertEqual(queries(few), queries(many))

    def test_register(self):
        notice = self._notice((self._order(10).order_line, 6))
        content = notice.with_user(self.assistant)._register_file().read()
        self.assertTrue(content.startswith(b"PK"))


@tagged("post_install", "-at_install")
class TestDeliveryNoticeOfReviewedOrder(OrderReviewCommon, DeliveryNoticeCommon):
    def test_order_that_changed_after_its_review(self):
        """Its goods wait for a supplementary review, whoever noticed them before; as it was, they leave."""
        line = {"product_id": self.shaft.id, "product_uom_qty": 10, "price_unit": 10.0}
        order = self._create_order(order_line=[Command.create(line)])
        self._pass(order)
        order.with_user(self.manager1).action_confirm()
        notice = self._notice((order.order_line, 5))
        order.order_line.price_unit = 9
        with self.assertRefused("goods wait for a supplementary review"):
            self._ship(order.picking_ids, {self.shaft: 5})
        self.assertEqual(notice.state, "accepted")
        order.order_line.price_unit = 10
        self._ship(order.picking_ids, {self.shaft: 5})
        self.assertEqual(notice.state, "shipped")
