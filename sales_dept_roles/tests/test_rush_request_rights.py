from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .rush_request_common import RushRequestCommon


@tagged("post_install", "-at_install")
class TestRushRequestRights(RushRequestCommon):
    """What each role may and may not do, as a client would try it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.request = cls._request()
        cls.departments = cls.finance | cls.engineering | cls.production
        for group in ("purchasing", "quality", "logistics"):
            cls.departments |= cls._create_role_user(f"{group}_test", f"group_review_{group}")
        cls.salesman = cls._create_role_user("salesman_test")
        cls.salesman.group_ids |= cls.env.ref("sales_team.group_sale_salesman_all_leads")

    def test_who_asks(self):
        for user in (self.manager1, self.assistant, self.director):
            with self.subTest(user=user.login):
                request = self._request(user=user)
                request.action_approval_submit()
                request.action_approval_withdraw()
        refused = self.departments | self.gm | self.manager2 | self.salesman | self.outsider | self.portal_user
        for user in refused:
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    self._request(user=user)
                for attempt in (
                    lambda user=user: self.request.with_user(user).action_approval_submit(),
                    lambda user=user: self.request.with_user(user).write({"reason": "x"}),
                    lambda user=user: self.request.with_user(user).unlink(),
                    lambda user=user: self.request.line_ids.with_user(user).write({"quantity": 1}),
                    lambda user=user: self.request.affected_ids.with_user(user).unlink(),
                    lambda user=user: self.request.with_user(user).action_propose_affected(),
                ):
                    with self.assertRaises(AccessError):
                        attempt()
        self.assertEqual(self.request.approval_state, "none")

    def test_who_reads(self):
        readers = self.departments | self.gm | self.director | self.assistant | self.manager1 | self.salesman
        for user in readers | self.manager2 | self.outsider | self.portal_user:
            for record in (self.request, self.request.line_ids, self.request.affected_ids):
                with self.subTest(user=user.login, model=record._name):
                    mine = record.with_user(user)
                    self.assertEqual(mine.has_access("read"), user in readers)
        self.assertNotIn(self.request, self.env["sale.rush.request"].with_user(self.manager2).search([]))

    def test_departments_judge_without_other_rights(self):
        """Every field of the form can be read by those who have no right on orders and stock."""
        self.request.action_approval_submit()
        for user in self.departments:
            with self.subTest(user=user.login):
                request = self.request.with_user(user)
                self.env.invalidate_all()
                with self.assertRaises(AccessError):
                    self.order.with_user(user).read(["name"])
                arch = request.get_view(view_type="form")
                self.assertIn("affected_ids", arch["arch"])
                rows = {
                    "display_name": {},
                    "sale_line_id": {"fields": {"display_name": {}}},
                    "product_id": {"fields": {"display_name": {}}},
                    "uom_id": {"fields": {"display_name": {}}},
                }
                (values,) = request.web_read(
                    {
                        "name": {},
                        "order_name": {},
                        "order_id": {"fields": {"display_name": {}}},
                        "partner_id": {"fields": {"display_name": {}}},
                        "approval_summary": {},
                        "can_give_dates": {},
                        "extra_cost": {},
                        "line_ids": {
                            "fields": {
                                **rows,
                                "quantity": {},
                                "on_hand_quantity": {},
                                "incoming_quantity": {},
                                "open_quantity": {},
                            }
                        },
                        "affected_ids": {
                            "fields": {
                                **rows,
                                "order_name": {},
                                "user_id": {"fields": {"display_name": {}}},
                                "open_quantity": {},
                                "date_after": {},
                            }
                        },
                    }
                )
                self.assertEqual(values["order_name"], self.order.name)
                self.assertEqual(values["affected_ids"][0]["order_name"], self.other.name)

    def test_stock_is_shown(self):
        product = self.env["product.product"].create({"name": "Stored", "is_storable": True})
        order = self._confirmed({product: 10}, "2030-06-28")
        self.env["stock.quant"]._update_available_quantity(product, order.warehouse_id.lot_stock_id, 7)
        line = self._request(order.order_line).line_ids
        self.assertEqual(line.with_user(self.production).on_hand_quantity, 7)
        self.assertEqual(line.with_user(self.production).incoming_quantity, 0)

    def test_stock_is_shown_in_the_unit_of_the_line(self):
        product = self.env["product.product"].create({"name": "Stored", "is_storable": True})
        order = self._order({product: 10})
        order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        order.action_confirm()
        order.order_line._write_protected({"promised_date": "2030-06-28"})
        self.env["stock.quant"]._update_available_quantity(product, order.warehouse_id.lot_stock_id, 2405)
        line = self._request(order.order_line).line_ids
        self.assertEqual(line.quantity, 10)
        self.assertEqual(line.with_user(self.production).on_hand_quantity, 200.41, "what is not there does not count")

    def test_results_are_not_typed(self):
        results = {
            self.request: {
                "approval_state": "approved",
                "is_granted": True,
                "user_id": self.manager2.id,
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "request_date": "2030-01-01",
                "close_date": "2030-01-01",
                "wanted_date": "2030-01-01",
                "name": "RR1",
                "approval_ids": [Command.clear()],
            },
            self.request.line_ids: {
                "approval_state": "approved",
                "feasible_date": "2030-06-01",
                "promised_date": "2030-01-01",
                "company_id": self.company.id,
            },
            self.request.affected_ids: {"date_before": "2030-01-01", "date_given": "2030-01-01"},
        }
        for user in (self.manager1, self.assistant, self.director, self.gm):
            for record, values in results.items():
                for name, value in values.items():
                    with self.subTest(user=user.login, field=name), self.assertRaises(AccessError):
                        record.with_user(user).write({name: value})
        values = {"order_id": self.order.id, "reason": "x"}
        Request = self.env["sale.rush.request"].with_user(self.manager1)
        for name in ("approval_state", "is_granted", "user_id", "request_date", "name"):
            value = results[self.request][name]
            with self.subTest(created=name), self.assertRaises(AccessError):
                Request.create({**values, name: value})
            forged = Request.with_context(**{f"default_{name}": value}).create(values)
            with self.subTest(default=name):
                self.assertNotEqual(forged.read([name], load=None)[0][name], value)
        imported = Request.load(["order_id/.id", "reason", "is_granted"], [[str(self.order.id), "x", "1"]])
        self.assertFalse(imported["ids"])
        line = {"sale_line_id": self.line.id, "wanted_date": "2030-06-20"}
        with self.assertRaises(AccessError):
            Request.create({**values, "line_ids": [Command.create({**line, "feasible_date": "2030-06-01"})]})
        forged = Request.with_context(default_feasible_date="2030-06-01", default_approval_state="approved").create(
            {**values, "line_ids": [Command.create(line)]}
        )
        self.assertFalse(forged.line_ids.feasible_date)
        self.assertEqual(forged.line_ids.approval_state, "none")

    def test_the_flag_is_not_typed(self):
        everybody = self.manager1 | self.assistant | self.director | self.gm | self.env.ref("base.user_admin")
        for user in everybody:
            order = self.order.with_user(user)
            attempts = {
                "order": lambda order=order: order.write({"is_rush": True}),
                "line": lambda order=order: order.order_line.write({"is_rush": True}),
                "through the order": lambda order=order: order.write(
                    {"order_line": [Command.update(order.order_line[0].id, {"is_rush": True})]}
                ),
                "create": lambda user=user: self._create_quotation(user, is_rush=True),
                "created line": lambda order=order: order.order_line.create(
                    {"order_id": order.id, "product_id": self.shaft.id, "is_rush": True}
                ),
                "import": lambda order=order: self._import_flag(order),
            }
            for name, attempt in attempts.items():
                with self.subTest(user=user.login, attempt=name), self.assertRaises(UserError):
                    attempt()
            made = (
                self.env["sale.order"]
                .with_user(user)
                .with_context(default_is_rush=True)
                .create({"partner_id": self.customer.id, "order_line": [Command.create({"product_id": self.shaft.id})]})
            )
            self.assertFalse(made.is_rush or made.order_line.is_rush)
        self._granted()
        copy = self.order.copy()
        self.assertFalse(copy.is_rush or any(copy.order_line.mapped("is_rush")))

    def test_the_flag_is_no_default_of_a_line(self):
        """A line of its own, with the flag in the client's context."""
        for user in self.manager1 | self.assistant:
            line = (
                self.env["sale.order.line"]
                .with_user(user)
                .with_context(default_is_rush=True)
                .create({"order_id": self.order.id, "product_id": self.shaft.id})
            )
            self.assertFalse(line.is_rush)
            self.assertEqual(line.order_id, self.order)
        self.assertFalse(self.order.is_rush)

    def _import_flag(self, order):
        result = order.load([".id", "is_rush"], [[str(order.id), "1"]])
        if not result["ids"]:
            raise UserError(str(result["messages"]))

    def test_who_decides(self):
        self.request.action_approval_submit()
        for user in self.departments | self.gm | self.manager1 | self.manager2 | self.assistant | self.outsider:
            with self.subTest(user=user.login), self.assertRaises(UserError):
                self.request.with_user(user).action_approval_approve()
        self.request.with_user(self.director).action_approval_approve()
        for user in (self.departments - self.production) | self.gm | self.director:
            with self.subTest(user=user.login), self.assertRaises(UserError):
                self.request.with_user(user).action_approval_approve()
        self.assertFalse(self.order.is_rush)

    def test_rows_of_other_orders_are_added_by_those_who_see_them(self):
        unseen = self._confirmed({self.gear: 1}, "2030-06-28", self.manager2)
        values = {"request_id": self.request.id, "sale_line_id": unseen.order_line.id}
        Affected = self.env["sale.rush.request.affected"]
        with self.assertRaises(AccessError):
            Affected.with_user(self.manager1).create(values)
        self.assertTrue(Affected.with_user(self.assistant).create(values))

    def test_other_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        strangers = self.env["res.users"]
        for group in ("group_director", "group_review_production", "group_general_manager"):
            strangers |= self._create_role_user(f"{group}_other", group)
        strangers.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        self.request.action_approval_submit()
        for user in strangers:
            with self.subTest(user=user.login):
                self.assertFalse(self.env["sale.rush.request"].with_user(user).search([]))
                with self.assertRaises(UserError):
                    self.request.with_user(user).sudo().action_approval_approve()
        foreign = (
            self.env["sale.order"]
            .with_company(other)
            .create({"partner_id": self.customer.id, "order_line": [Command.create({"product_id": self.shaft.id})]})
        )
        foreign.action_confirm()
        Report = self.env["sale.rush.report"]
        self.assertTrue(Report.search([("order_id", "=", foreign.id)]))
        self.assertFalse(Report.with_user(self.director).search([("order_id", "=", foreign.id)]))
        with self.assertRaises(UserError):
            self.request.sudo().line_ids.create(
                {"request_id": self.request.id, "sale_line_id": foreign.order_line.id, "wanted_date": "2030-06-20"}
            )

    def test_private_methods_are_not_callable(self):
        from odoo.service.model import get_public_method

        for name in ("_grant", "_change_dates", "_propose_affected", "_write_protected"):
            with self.subTest(method=name), self.assertRaises(AccessError):
                get_public_method(self.request, name)

    def test_dialog_shows_nothing_to_strangers(self):
        Dates = self.env["sale.rush.request.dates"].with_user(self.outsider)
        with self.assertRaises(AccessError):
            Dates.create({"request_id": self.request.id})
        with self.assertRaises(AccessError):
            self.request.with_user(self.production).action_open_dates()
