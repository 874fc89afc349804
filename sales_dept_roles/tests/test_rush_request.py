from datetime import datetime
from unittest.mock import patch

from openpyxl import load_workbook
from psycopg2.errors import UniqueViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Date
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .rush_request_common import RushRequestCommon


@tagged("post_install", "-at_install")
class TestRushRequest(RushRequestCommon):
    def test_granted(self):
        line, sibling = self.order.order_line
        request = self._request()
        self.assertRegex(request.name, r"^RR/\d{4}/\d{4}$")
        self.assertEqual(request.line_ids.promised_date, Date.to_date("2030-06-28"))
        self.assertEqual(request.line_ids.quantity, 10)
        row = request.affected_ids
        self.assertEqual(row.sale_line_id, self.other.order_line)
        self.assertEqual(row.date_before, Date.to_date("2030-06-20"))
        # The rush comes 6 working days earlier: Thursday the 20th to Friday the 28th.
        self.assertEqual(row.date_after, Date.to_date("2030-06-28"))
        self._submit(request)
        self.assertEqual(request.approval_state, "pending")
        for user, role in ((self.director, "director"), (self.production, "production")):
            request.with_user(user).action_approval_approve()
            self.assertFalse(self.order.is_rush or line.is_rush, role)
            self.assertEqual(line.promised_date, Date.to_date("2030-06-28"), role)
        request.with_user(self.gm).action_approval_approve()
        self.assertEqual(request.approval_state, "approved")
        self.assertTrue(self.order.is_rush and line.is_rush and request.is_granted and request.close_date)
        self.assertEqual(line.promised_date, Date.to_date("2030-06-20"))
        self.assertEqual(self.other.order_line.promised_date, Date.to_date("2030-06-28"))
        self.assertEqual(self.other.commitment_date, datetime(2030, 6, 28, 9))
        # On no other line, and on no other order.
        self.assertFalse(sibling.is_rush or self.other.is_rush or self.other.order_line.is_rush)
        self.assertEqual(sibling.promised_date, Date.to_date("2030-06-28"))
        self.assertEqual(self.order.commitment_date, datetime(2030, 6, 28, 9))
        self.assertEqual(line.move_ids.date_deadline, datetime(2030, 6, 20, 9))
        self.assertEqual(sibling.move_ids.date_deadline, datetime(2030, 6, 28, 9))
        self.assertEqual(self.order.picking_ids.mapped("priority"), ["1"])
        self.assertEqual(self.other.picking_ids.mapped("priority"), ["0"])

    def test_grant_twice_changes_nothing(self):
        request = self._granted()
        self.line._write_protected({"promised_date": Date.to_date("2030-06-18")})
        self.order.picking_ids.priority = "0"
        notes = len(self.order.message_ids)
        request.sudo()._on_approval_granted(request.sudo()._approval_in_force())
        self.assertEqual(self.line.promised_date, Date.to_date("2030-06-18"))
        self.assertEqual(self.order.picking_ids.priority, "0")
        self.assertEqual(len(self.order.message_ids), notes)
        with self.assertRefused("not waiting"):
            request.with_user(self.gm).action_approval_approve()
        request.action_approval_submit()
        self.assertEqual(len(request.sudo().approval_ids), 1)

    def test_counterfactual_grant(self):
        """It is the grant that changes the orders, and nothing else does."""
        with patch.object(self.registry["sale.rush.request"], "_grant", lambda self: None):
            request = self._granted()
        self.assertEqual(request.approval_state, "approved")
        self.assertFalse(self.order.is_rush)
        self.assertEqual(self.line.promised_date, Date.to_date("2030-06-28"))

    def test_refused(self):
        request = self._submit(self._request(), self.director)
        with self.assertRefused("Say why"):
            request.with_user(self.production).action_approval_reject(" ")
        request.with_user(self.production).action_approval_reject("No capacity before July")
        self.assertEqual(request.approval_state, "rejected")
        self.assertEqual(request.sudo().approval_ids.reason, "No capacity before July")
        self.assertTrue(request.close_date)
        self.assertFalse(self.order.is_rush)
        told = self.env["mail.message"].search(
            [
                ("model", "=", request._name),
                ("res_id", "=", request.id),
                ("partner_ids", "in", self.manager1.partner_id.id),
            ]
        )
        self.assertIn("No capacity before July", told.body)
        # Asked again with another date.
        request.line_ids.wanted_date = "2030-06-25"
        self._submit(request, self.director, self.production, self.gm)
        self.assertEqual(self.line.promised_date, Date.to_date("2030-06-25"))

    def test_asked_again_it_is_judged_anew(self):
        """The date that production gave for a request which was refused is no promise for the next one."""
        request = self._submit(self._request(), self.director)
        judge = request.with_user(self.production)
        judge.action_give_dates({str(request.line_ids.id): "2030-06-26"})
        self.assertEqual(request.line_ids.feasible_date, Date.to_date("2030-06-26"))
        judge.action_approval_reject("No capacity before July")
        request.action_approval_submit()
        self.assertFalse(request.line_ids.feasible_date)
        for user in (self.director, self.production, self.gm):
            request.with_user(user).action_approval_approve()
        self.assertEqual(self.line.promised_date, Date.to_date("2030-06-20"), "as it was wanted")

    def test_withdrawn(self):
        request = self._submit(self._request(), self.director)
        with self.assertRefused("can withdraw", AccessError):
            request.with_user(self.assistant).action_approval_withdraw()
        request.action_approval_withdraw("The customer found stock")
        self.assertEqual(request.approval_state, "none")
        with self.assertRefused("not waiting"):
            request.with_user(self.production).action_approval_approve()
        with self.assertRefused("stays in the register"):
            request.unlink()

    def test_changed_after_asking(self):
        edits = {
            "reason": lambda request: request.write({"reason": "Other"}),
            "cause": lambda request: request.write({"cause": "quality"}),
            "cost": lambda request: request.write({"extra_cost": 10, "cost_bearer": "us"}),
            "wanted date": lambda request: request.line_ids.write({"wanted_date": "2030-06-19"}),
            "quantity": lambda request: request.line_ids.write({"quantity": 3}),
            "another line": lambda request: request.write(
                {
                    "line_ids": [
                        Command.create({"sale_line_id": self.order.order_line[1].id, "wanted_date": "2030-06-19"})
                    ]
                }
            ),
            "affected": lambda request: request.affected_ids.unlink(),
        }
        for name, edit in edits.items():
            with self.subTest(edit=name):
                request = self._submit(self._request())
                edit(request)
                self.assertEqual(request.approval_state, "stale")
                with self.assertRefused("was changed after"):
                    request.with_user(self.director).action_approval_approve()
                request.action_approval_withdraw()

    def test_promise_moved_meanwhile(self):
        """What the promised dates were is brought up to date when it is asked again, not behind anybody's back."""
        request = self._submit(self._request())
        self.line._write_protected({"promised_date": Date.to_date("2030-06-26")})
        self.assertEqual(request.approval_state, "pending")
        request.action_approval_submit()
        self.assertEqual(request.line_ids.promised_date, Date.to_date("2030-06-26"))
        self.assertEqual(request.affected_ids.date_after, Date.to_date("2030-06-26"))
        self.assertEqual(len(request.sudo().approval_ids), 2)

    def test_cannot_be_asked(self):
        delivered = self._confirmed({self.shaft: 1}, "2030-06-28")
        delivered.picking_ids.move_ids.write({"quantity": 1, "picked": True})
        delivered.picking_ids._action_done()
        locked = self._confirmed({self.gear: 1}, "2030-06-28")
        locked.action_lock()
        cancelled = self._confirmed({self.gear: 1}, "2030-06-28")
        cancelled.action_cancel()
        cases = {
            "delivered already": self._request(
                delivered.order_line,
                **{
                    "line_ids": [
                        Command.create(
                            {"sale_line_id": delivered.order_line.id, "quantity": 1, "wanted_date": "2030-06-20"}
                        )
                    ]
                },
            ),
            "is locked": self._request(locked.order_line),
            "is cancelled": self._request(cancelled.order_line),
            "no lines yet": self._request(line_ids=[]),
            "in the past": self._request(wanted="2020-01-01"),
            "nothing has to be rushed": self._request(wanted="2030-06-28"),
            "only 10 are still": self._request(
                line_ids=[Command.create({"sale_line_id": self.line.id, "quantity": 11, "wanted_date": "2030-06-20"})]
            ),
            "who bears": self._request(extra_cost=100),
            "Say why": self._request(reason=" "),
        }
        for sentence, request in cases.items():
            with self.subTest(sentence=sentence), self.assertRefused(sentence):
                request.action_approval_submit()
            self.assertEqual(request.approval_state, "none")

    def test_wanted_today(self):
        """Today is possible still, and it is today where the company is: in Shanghai from 16:00 UTC on."""
        with freeze_time("2030-06-09 16:00:00"):
            with self.assertRefused("in the past"):
                self._request(wanted="2030-06-09").action_approval_submit()
            request = self._request(wanted="2030-06-10")
            request.action_approval_submit()
        self.assertEqual(request.approval_state, "pending")

    def test_order_written_again(self):
        """What a client sends along unchanged is no change."""
        request = self._request()
        request.write({"order_id": self.order.id, "reason": "The line stands still again"})
        self.assertEqual((request.order_id, request.reason), (self.order, "The line stands still again"))

    def test_bad_rows(self):
        foreign = self.other.order_line
        with self.assertRefused("speaks of one order", ValidationError):
            self._request(
                line_ids=[Command.create({"sale_line_id": foreign.id, "wanted_date": "2030-06-20"})],
                user=self.assistant,
            )
        request = self._request(user=self.assistant)
        draft = self._order({self.shaft: 1})
        for line, sentence in (
            (self.order.order_line[1], "not pushed back by itself"),
            (draft.order_line, "confirmed"),
        ):
            with self.subTest(sentence=sentence), self.assertRefused(sentence, ValidationError):
                request.affected_ids = [Command.create({"sale_line_id": line.id})]
        with self.assertRefused("earlier date"):
            request.affected_ids.date_after = "2030-06-01"
        with self.assertRefused("stays with its order"):
            request.order_id = self.other
        with self.assertRefused("take it out of the request first"):
            self._request(draft.order_line).line_ids.sale_line_id.unlink()

    def test_one_waiting_request_per_line(self):
        self._submit(self._request())
        second = self._request(wanted="2030-06-19")
        with self.assertRefused("one waiting request only"):
            second.action_approval_submit()
        # Two at the same moment: neither sees the other, the database does.
        Request = self.registry["sale.rush.request"]
        with (
            patch.object(Request, "_waiting_elsewhere_messages", lambda self: []),
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            second.action_approval_submit()
            self.env.flush_all()
        self.env.invalidate_all()
        # Another line of the same order may be asked for.
        self._submit(self._request(self.order.order_line[1]))

    def test_several_over_time(self):
        self._granted(wanted="2030-06-25")
        self._granted(wanted="2030-06-20")
        self.assertEqual(self.line.promised_date, Date.to_date("2030-06-20"))
        self.assertEqual(self.order.rush_request_count, 2)

    def test_pushed_by_two(self):
        """What one rush has pushed further back is not pulled forward by another."""
        second = self._confirmed({self.shaft: 3}, "2030-06-27")
        first = self._submit(self._request(), self.director, self.production)
        weak = self._submit(self._request(second.order_line, wanted="2030-06-26"), self.director, self.production)
        first.with_user(self.gm).action_approval_approve()
        self.assertEqual(self.other.order_line.promised_date, Date.to_date("2030-06-28"))
        weak.with_user(self.gm).action_approval_approve()
        self.assertEqual(self.other.order_line.promised_date, Date.to_date("2030-06-28"))

    def test_who_is_pushed_back(self):
        other_company = self.env["res.company"].create({"name": "Other"})
        foreign = (
            self.env["sale.order"]
            .with_company(other_company)
            .create({"partner_id": self.customer.id, "order_line": [Command.create({"product_id": self.shaft.id})]})
        )
        foreign.action_confirm()
        self._order({self.shaft: 1})
        self._confirmed({self.gear: 1}, "2030-06-28")
        delivered = self._confirmed({self.shaft: 1}, "2030-06-28")
        delivered.picking_ids.move_ids.write({"quantity": 1, "picked": True})
        delivered.picking_ids._action_done()
        partly = self._confirmed({self.shaft: 4}, "2030-06-28")
        partly.order_line.move_ids.write({"quantity": 1, "picked": True})
        partly.picking_ids.with_context(skip_backorder=True).button_validate()
        found = self._request().affected_ids
        self.assertEqual(found.sale_line_id, self.other.order_line | partly.order_line)
        self.assertEqual(found.filtered(lambda row: row.sale_line_id == partly.order_line).open_quantity, 3)

    def test_proposal_is_set_based(self):
        Request = self.env["sale.rush.request"].sudo()
        counts = []
        for more in (10, 20):
            for _number in range(more):
                self._confirmed({self.shaft: 1}, "2030-06-21")
            request = Request.browse(self._request().id)
            request.affected_ids.unlink()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            request._propose_affected(request.line_ids)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(request.affected_ids), more + 1 if more == 10 else 31)
        self.assertLessEqual(counts[1], counts[0] + 1)

    def test_proposal_follows_the_lines(self):
        gears = self._confirmed({self.gear: 2}, "2030-06-21")
        request = self._request()
        kept = request.affected_ids
        kept.date_after = "2030-07-05"
        request.line_ids = [
            Command.create({"sale_line_id": self.order.order_line[1].id, "wanted_date": "2030-06-27"}),
        ]
        self.assertEqual(request.affected_ids.sale_line_id, self.other.order_line | gears.order_line)
        self.assertEqual(kept.date_after, Date.to_date("2030-07-05"), "given by hand")
        self.assertEqual((request.affected_ids - kept).date_after, Date.to_date("2030-06-24"), "a weekend later")
        request.line_ids[0].unlink()
        self.assertEqual(request.affected_ids.sale_line_id, gears.order_line)
        request.affected_ids.unlink()
        request.action_propose_affected()
        self.assertEqual(request.affected_ids.sale_line_id, gears.order_line)
        request.action_propose_affected()
        self.assertEqual(len(request.affected_ids), 1)

    def test_after_date_follows_the_working_calendar(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "company_id": self.company.id,
                "date_from": "2030-06-23 16:00:00",
                "date_to": "2030-06-25 15:59:59",
            }
        )
        # Monday and Tuesday are free: the 20th to the 28th are 4 working days, and so are the 20th to the 28th.
        request = self._request()
        self.assertEqual(request.affected_ids.date_after, Date.to_date("2030-06-28"))
        self.other.order_line._write_protected({"promised_date": Date.to_date("2030-06-25")})
        again = self._request()
        self.assertEqual(again.affected_ids.date_after, Date.to_date("2030-07-01"))

    def test_production_gives_dates(self):
        request = self._submit(self._request())
        line, row = request.line_ids, request.affected_ids
        dates = {str(line.id): "2030-06-21"}, {str(row.id): "2030-07-01"}
        others = self.manager1 | self.director | self.gm | self.finance | self.assistant
        for user in others | self.production:
            with self.subTest(user=user.login, step="director's"), self.assertRaises(AccessError):
                request.with_user(user).action_give_dates(*dates)
        request.with_user(self.director).action_approval_approve()
        for user in others:
            with self.subTest(user=user.login, step="production's"), self.assertRaises(AccessError):
                request.with_user(user).action_give_dates(*dates)
        judge = request.with_user(self.production)
        self.assertTrue(judge.can_give_dates)
        for attempt in (
            lambda: line.with_user(self.production).write({"feasible_date": "2030-06-21"}),
            lambda: row.with_user(self.production).write({"date_after": "2030-07-01"}),
            lambda: judge.write({"reason": "x"}),
        ):
            with self.assertRaises(AccessError):
                attempt()
        with self.assertRefused("being judged"):
            row.date_after = "2030-07-01"
        with self.assertRefused("do not belong"):
            judge.action_give_dates({}, {str(row.id + 1000): "2030-07-01"})
        with self.assertRefused("earlier date"):
            judge.action_give_dates({}, {str(row.id): "2030-06-19"})
        judge.action_give_dates({}, {str(row.id): "2030-06-20"})
        self.assertEqual(row.date_after, row.date_before, "it need not come later at all")
        judge.action_give_dates(*dates)
        self.assertEqual(request.approval_state, "pending", "the director's signature stands")
        judge.action_approval_approve()
        with self.assertRaises(AccessError):
            judge.action_give_dates(*dates)
        request.with_user(self.gm).action_approval_approve()
        self.assertEqual(self.line.promised_date, Date.to_date("2030-06-21"))
        self.assertEqual(self.other.order_line.promised_date, Date.to_date("2030-07-01"))

    def test_dates_taken_back(self):
        """A line goes back to what is wanted; an order that waits behind it keeps a date. Only changes are noted."""
        request = self._submit(self._request(), self.director)
        line, row = request.line_ids, request.affected_ids
        judge = request.with_user(self.production)
        judge.action_give_dates({str(line.id): "2030-06-26"})
        notes = len(request.sudo().message_ids)
        judge.action_give_dates({str(line.id): "2030-06-26"}, {str(row.id): str(row.date_after)})
        self.assertEqual(len(request.sudo().message_ids), notes, "nothing changed")
        with self.assertRefused("needs a date"):
            judge.action_give_dates({}, {str(row.id): False})
        judge.action_give_dates({str(line.id): False})
        self.assertFalse(line.feasible_date)
        self.assertIn("as wanted", request.sudo().message_ids[0].body)

    def test_nobody_is_told_of_what_is_not_pushed_back(self):
        """Production finds room for both: the other order keeps its day, and its manager hears nothing."""
        request = self._submit(self._request(), self.director)
        request.with_user(self.production).action_give_dates({}, {str(request.affected_ids.id): "2030-06-20"})
        notes = len(self.other.sudo().message_ids)
        for user in (self.production, self.gm):
            request.with_user(user).action_approval_approve()
        self.assertEqual(self.other.order_line.promised_date, Date.to_date("2030-06-20"))
        self.assertEqual(len(self.other.sudo().message_ids), notes)
        self.assertFalse(
            self.env["mail.message"].search(
                [("partner_ids", "in", self.manager2.partner_id.id), ("subject", "like", "pushed back")]
            )
        )

    def test_dialog_of_production(self):
        request = self._submit(self._request(), self.director).with_user(self.production)
        action = request.action_open_dates()
        wizard = self.env[action["res_model"]].with_user(self.production).browse(action["res_id"])
        self.assertEqual(wizard.affected_ids.date, Date.to_date("2030-06-28"))
        with Form(wizard) as form:
            with form.line_ids.edit(0) as row:
                row.date = "2030-06-24"
            with form.affected_ids.edit(0) as row:
                row.date = "2030-07-02"
        wizard.action_give_dates()
        self.assertEqual(request.line_ids.feasible_date, Date.to_date("2030-06-24"))
        self.assertEqual(request.affected_ids.date_after, Date.to_date("2030-07-02"))
        with self.assertRaises(AccessError):
            wizard.with_user(self.gm).read(["request_id"])

    def test_director_asks(self):
        """Their own opinion is in the request: production and the general manager still decide."""
        request = self._request(user=self.director)
        request.action_approval_submit()
        self.assertEqual(
            request.sudo().approval_ids.task_ids.group_id,
            self.env.ref("sales_dept_roles.group_review_production")
            | self.env.ref("sales_dept_roles.group_general_manager"),
        )
        request.with_user(self.production).action_approval_approve()
        request.with_user(self.gm).action_approval_approve()
        self.assertTrue(self.order.is_rush)

    def test_granted_is_a_record(self):
        request = self._granted()
        for attempt in (
            lambda: request.write({"reason": "Other"}),
            lambda: request.line_ids.write({"wanted_date": "2030-06-01"}),
            lambda: request.line_ids.unlink(),
            lambda: request.affected_ids.unlink(),
            lambda: request.affected_ids.write({"date_after": "2030-08-01"}),
            lambda: request.action_propose_affected(),
            lambda: request.write({"line_ids": [Command.clear()]}),
            lambda: (
                self.env["sale.rush.request.affected"]
                .with_user(self.assistant)
                .create({"request_id": request.id, "sale_line_id": self.other.order_line.id})
            ),
        ):
            with self.assertRefused("granted and carried out"):
                attempt()
        with self.assertRaises(UserError):
            request.unlink()
        self.assertEqual(request.approval_state, "approved")

    def test_cancelled_order_withdraws(self):
        request = self._submit(self._request(), self.director)
        stale = self._submit(self._request(self.order.order_line[1]))
        stale.reason = "Changed"
        granted = self._granted(self.other.order_line, wanted="2030-06-18", user=self.assistant)
        self.order.action_cancel()
        self.other.action_cancel()
        for waiting in (request, stale):
            self.assertEqual(waiting.sudo().approval_ids.state, "withdrawn")
            self.assertIn("cancelled", waiting.sudo().approval_ids.reason)
        self.assertEqual(granted.approval_state, "approved")
        draft = self._order({self.gear: 1})
        kept = self._order({self.gear: 1})
        kept.commitment_date = datetime(2030, 6, 28, 9)
        self._submit(self._request(kept.order_line))
        unsent = self._request(draft.order_line)
        draft.sudo().unlink()
        self.assertFalse(unsent.exists())
        with self.assertRefused("stay in the register"):
            kept.sudo().unlink()

    def test_quotation(self):
        """Asked before the order is confirmed: its deliveries are urgent from the start."""
        quotation = self._order({self.shaft: 3, self.gear: 1})
        quotation.commitment_date = datetime(2030, 6, 28, 9)
        self._granted(quotation.order_line[0])
        self.assertEqual(quotation.order_line.mapped("is_rush"), [True, False])
        self.assertFalse(quotation.picking_ids)
        self.assertEqual(quotation.commitment_date, datetime(2030, 6, 28, 9), "the other line is not promised earlier")
        self.assertEqual(quotation.order_line[1].wanted_date, Date.to_date("2030-06-28"))
        quotation.action_confirm()
        self.assertEqual(quotation.picking_ids.mapped("priority"), ["1"])
        self.assertEqual(quotation.order_line[0].move_ids.date_deadline, datetime(2030, 6, 20, 9))

    def test_confirmed_without_rush_is_not_urgent(self):
        self.assertEqual(self._confirmed({self.shaft: 1}, "2030-06-28").picking_ids.priority, "0")

    def test_later_pickings_are_urgent(self):
        self._granted()
        self.order.picking_ids.write({"printed": True, "priority": "0"})
        self.line.product_uom_qty = 12
        self.assertEqual(len(self.order.picking_ids), 2)
        self.assertEqual(set(self.order.picking_ids.mapped("priority")), {"1"})

    def test_three_steps(self):
        """Pick, pack and ship: what is pushed on later is urgent too."""
        self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        ).delivery_steps = "pick_pack_ship"
        order = self._confirmed({self.shaft: 2}, "2030-06-28")
        self.assertEqual(order.picking_ids.mapped("priority"), ["0"])
        self._granted(order.order_line)
        self.assertEqual(order.picking_ids.mapped("priority"), ["1"])
        self.assertEqual(order.picking_ids.move_ids.date_deadline, datetime(2030, 6, 20, 9))
        order.picking_ids.move_ids.write({"quantity": 2, "picked": True})
        order.picking_ids._action_done()
        self.assertEqual(len(order.picking_ids), 2)
        waiting = order.picking_ids.filtered(lambda picking: picking.state != "done")
        self.assertEqual(waiting.priority, "1")

    def test_managers_are_told_once(self):
        second = self._confirmed({self.shaft: 2, self.gear: 1}, "2030-06-21", self.manager2)
        third = self._confirmed({self.shaft: 2}, "2030-06-21", self.assistant)
        self._granted(self.order.order_line)
        for manager, orders in ((self.manager2, self.other | second), (self.assistant, third)):
            message = self.env["mail.message"].search(
                [("partner_ids", "in", manager.partner_id.id), ("subject", "like", "pushed back")]
            )
            self.assertEqual(len(message), 1)
            for order in orders:
                self.assertIn(order.name, message.body)
        self.assertIn("Pushed back by rush request", second.message_ids[0].body)

    def test_delivered_while_it_waited(self):
        request = self._submit(self._request(), self.director, self.production)
        for picking in (self.order | self.other).sudo().picking_ids:
            for move in picking.move_ids:
                move.write({"quantity": move.product_uom_qty, "picked": True})
            picking._action_done()
        request.with_user(self.gm).action_approval_approve()
        self.assertFalse(self.order.is_rush or self.line.is_rush)
        self.assertEqual(self.line.promised_date, Date.to_date("2030-06-28"))
        self.assertEqual(self.other.order_line.promised_date, Date.to_date("2030-06-20"))

    def test_form(self):
        """The button of the order fills in what is still to be delivered."""
        self.order.order_line.sudo().wanted_date = Date.to_date("2030-06-20")
        action = self.order.with_user(self.manager1).action_request_rush()
        with Form(self.env["sale.rush.request"].with_user(self.manager1).with_context(**action["context"])) as form:
            self.assertEqual(len(form.line_ids), 2)
            form.reason = "Line down"
        self.assertEqual(form.record.line_ids.sale_line_id, self.order.order_line)
        self.assertEqual(form.record.line_ids.mapped("quantity"), [10, 5])

    def test_date_given_for_no_line_yet(self):
        row = self.env["sale.rush.request.affected"].new({"request_id": self._request().id, "date_given": "2030-07-01"})
        self.assertFalse(row.date_after)

    def test_report_by_hand(self):
        """Customer A: 4 lines, 1 rushed, 2 requests. Customer B: 1 line, none."""
        other = self.env["res.partner"].create({"name": "Other Customer"})
        orders = self._confirmed({self.shaft: 1, self.gear: 1}, "2030-06-28") | self._confirmed(
            {self.shaft: 1, self.gear: 1}, "2030-06-28"
        )
        customer = self.env["res.partner"].create({"name": "Customer A", "is_company": True})
        contact = self.env["res.partner"].create({"name": "Buyer", "parent_id": customer.id})
        orders.sudo().partner_id = contact
        single = self._confirmed({self.shaft: 1}, "2030-06-28")
        single.sudo().partner_id = other
        self._granted(orders[0].order_line[0])
        self._submit(self._request(orders[1].order_line[0]), self.director).with_user(
            self.production
        ).action_approval_reject("No")
        # Requests count in the month of their orders, beside the lines of which they are a share.
        (orders | single).sudo().date_order = "2030-02-15 02:00:00"
        self.env.flush_all()
        rows = self.env["sale.rush.report"]._read_group(
            [("partner_id", "in", (customer | other).ids)],
            ["partner_id", "date:month"],
            ["request_count:sum", "granted_count:sum", "line_count:sum", "rush_line_count:sum", "rush_share:avg"],
        )
        self.assertEqual({str(month.date()) for _partner, month, *_values in rows}, {"2030-02-01"})
        figures = {partner: values for partner, _month, *values in rows}
        self.assertEqual(figures, {customer: [2, 1, 4, 1, 0.25], other: [0, 0, 1, 0, 0.0]})

    def test_register_xlsx(self):
        request = self._granted(extra_cost=1200.5, cost_bearer="shared")
        book = load_workbook(request._register_file())
        title, row = list(book.active.iter_rows(values_only=True))
        values = dict(zip(title, row, strict=True))
        self.assertEqual(values["Number"], request.name)
        self.assertEqual(values["Extra Cost"], 1200.5)
        self.assertEqual(values["Borne By"], "Both Sides")
        self.assertEqual(values["Wanted On"], datetime(2030, 6, 20))
        self.assertEqual(values["Orders Pushed Back"], 1)
        self.assertEqual(values["Status"], "Approved")

    def test_printed_form(self):
        request = self._granted()
        html = self.env["ir.actions.report"]._render_qweb_html("sales_dept_roles.report_rush_request", request.ids)[0]
        text = html.decode()
        for part in (request.name, self.order.name, self.other.name, self.director.name, self.gm.name, "stands still"):
            self.assertIn(part, text)
