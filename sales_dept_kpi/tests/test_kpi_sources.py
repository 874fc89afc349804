from datetime import datetime

from odoo.tests import freeze_time, tagged

from .kpi_common import KpiCommon

DUE = datetime(2026, 3, 10, 9)


@tagged("post_install", "-at_install")
class TestKpiSources(KpiCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._keep_stock()

    def _of(self, code, user, now=None, day="2026-03-01"):
        return self._sums(code, day, now).get(user, (0, 0, 0))

    # === ORDER REVIEWS === #

    def test_reviews_by_their_deadline_inclusively(self):
        self._review(self.manager1, DUE, DUE)
        self._review(self.manager1, DUE, datetime(2026, 3, 10, 9, 0, 1))
        self._review(self.manager1, DUE, None, state="review")
        self.assertEqual(self._of("order_review", self.manager1), (1, 3, 0))

    def test_reviews_that_ended_otherwise(self):
        for state in ("draft", "sales", "refused", "superseded"):
            self._review(self.manager1, DUE, None, state=state)
        self._review(self.manager1, DUE, None).order_id.sudo().action_cancel()
        self.assertEqual(self._of("order_review", self.manager1), (0, 0, 0))

    def test_reviews_due_in_the_companys_month(self):
        """B22: due on 31 March at 16:30 UTC is due in April."""
        self._review(self.manager1, datetime(2026, 3, 31, 16, 30), None)
        self._review(self.manager1, datetime(2026, 2, 28, 16, 0), None)
        self.assertEqual(self._of("order_review", self.manager1), (0, 1, 0))
        self.assertEqual(self._of("order_review", self.manager1, day="2026-04-01"), (0, 1, 0))

    # === DELIVERIES === #

    def test_on_the_promised_day_whatever_the_hour(self):
        """A8: promised for 31 March, done at 15:30 UTC, which is 23:30 in Shanghai: on time. After midnight: late."""
        for moment in (datetime(2026, 3, 31, 15, 30), datetime(2026, 3, 31, 16, 1)):
            self._ship(self._order(self.manager1, 5, promised="2026-03-31"), 5, moment)
        self.assertEqual(self._of("delivery", self.manager1), (1, 2, 0))

    def test_no_data_no_verdict(self):
        """A8: of nothing there is no 100 %."""
        month = self._compute("2026-03-01")
        self.assertFalse(month.result_ids)
        self.assertEqual(set(month.total_ids.mapped("verdict")), {"none"})
        self.assertFalse(any(month.total_ids.mapped("value_text")))

    def test_in_part_is_late_and_in_two_parts_is_on_time(self):
        short = self._order(self.manager1, 5, promised="2026-03-31")
        self._ship(short, 4, datetime(2026, 3, 20, 4))
        whole = self._order(self.manager1, 5, promised="2026-03-31")
        self._ship(whole, 4, datetime(2026, 3, 20, 4))
        self._ship(whole, 1, datetime(2026, 3, 31, 4))
        self.assertEqual(self._of("delivery", self.manager1), (1, 2, 0))

    def test_what_came_back_by_then_is_not_delivered(self):
        order = self._order(self.manager1, 5, promised="2026-03-31")
        shipped = self._ship(order, 5, datetime(2026, 3, 20, 4))
        self._ship(order, 1, datetime(2026, 3, 25, 4), origin=shipped)
        self.assertEqual(self._of("delivery", self.manager1), (0, 1, 0))
        self._ship(order, 1, datetime(2026, 3, 31, 4))
        self.assertEqual(self._of("delivery", self.manager1), (1, 1, 0))

    def test_a_return_after_the_day_changes_nothing(self):
        order = self._order(self.manager1, 5, promised="2026-03-31")
        shipped = self._ship(order, 5, datetime(2026, 3, 20, 4))
        self._ship(order, 5, datetime(2026, 4, 1, 4), origin=shipped)
        self.assertEqual(self._of("delivery", self.manager1), (1, 1, 0))

    def test_by_the_orders_date_where_nothing_was_promised(self):
        order = self._order(self.manager1, 5, commitment_date=datetime(2026, 3, 31, 16, 30))
        order.order_line._write_protected({"promised_date": False})
        self.assertEqual(self._of("delivery", self.manager1), (0, 0, 0))
        self.assertEqual(self._of("delivery", self.manager1, day="2026-04-01"), (0, 1, 0))

    def test_what_is_promised_for_a_later_day_is_not_decided(self):
        self._order(self.manager1, 5, promised="2026-03-31")
        self.assertEqual(self._of("delivery", self.manager1, now=datetime(2026, 3, 31, 15, 59)), (0, 0, 1))
        self.assertEqual(self._of("delivery", self.manager1, now=datetime(2026, 3, 31, 16)), (0, 1, 0))

    def test_services_and_cancelled_orders_are_not_delivered(self):
        self._order(self.manager1, 5, promised="2026-03-31", product=self.product)
        self._order(self.manager1, 5, promised="2026-03-31").with_context(disable_cancel_warning=True).action_cancel()
        self.assertEqual(self._of("delivery", self.manager1), (0, 0, 0))

    def test_lines_of_an_order_are_one_document(self):
        order = self._order(self.manager1, 5, promised="2026-03-31")
        self._ship(order, 5, datetime(2026, 3, 20, 4))
        line = order.order_line.copy({"order_id": order.id})
        line._write_protected({"promised_date": "2026-03-31"})
        (row,) = self._evidence("delivery", "2026-03-01")
        self.assertEqual((row["numerator"], row["denominator"], row["reason"]), (1, 2, "partly"))

    # === ASSIGNMENTS === #

    def test_assignments_as_their_own_report_counts_them(self):
        kind = self.env["mail.activity.type"].search([("assignment_kind", "=", "assignment")], limit=1)
        with freeze_time("2026-03-02 04:00:00"):
            for user, day in (
                (self.manager1, "2026-03-05"),
                (self.manager1, "2026-03-06"),
                (self.director, "2026-03-06"),
            ):
                self.env["mail.activity"].with_user(self.director).create(
                    {
                        "activity_type_id": kind.id,
                        "user_id": user.id,
                        "summary": "Call them",
                        "date_deadline": day,
                        "res_model_id": self.env["ir.model"]._get_id("res.partner"),
                        "res_id": self.customer.id,
                    }
                )
            self.assertEqual(self._of("assignment", self.manager1), (0, 0, 2))
            first = self.env["mail.activity"].search(
                [("user_id", "=", self.manager1.id), ("activity_type_id", "=", kind.id)], order="date_deadline", limit=1
            )
            first.with_user(self.manager1).action_feedback("Done")
            self.env.flush_all()
        with freeze_time("2026-03-07 04:00:00"):
            self.assertEqual(self._of("assignment", self.manager1), (1, 2, 0))
            self.assertEqual(self._of("assignment", self.director), (0, 0, 0), "Given to oneself")

    # === OVERSTOCK === #

    def test_overstock_explained_by_the_sheets_deadline(self):
        with freeze_time("2026-03-02 04:00:00"):
            sheet = self.env["stock.ageing.sheet"].create({"date": "2026-02-28"})
        sheet._write_protected({"computed_date": DUE})
        self.assertEqual(str(sheet.deadline), "2026-03-31")
        values = {"sheet_id": sheet.id, "product_id": self.goods.id, "user_id": self.manager1.id, "is_over": True}
        lines = self.env["stock.ageing.line"].sudo()
        for explained in (datetime(2026, 3, 31, 15, 59), datetime(2026, 3, 31, 16, 0), None):
            line = lines.browse(self._insert_line(values))
            if explained:
                line._write_protected({"is_explained": True, "explained_date": explained})
        self.assertEqual(self._of("overstock", self.manager1, now=datetime(2026, 3, 31, 15)), (1, 2, 1))
        self.assertEqual(self._of("overstock", self.manager1), (1, 3, 0))
        self.assertEqual({row["name"] for row in self._evidence("overstock", "2026-03-01")}, {"Gear"})
        sheet._write_protected({"superseded_date": DUE})
        self.assertEqual(self._of("overstock", self.manager1), (0, 0, 0))

    def _insert_line(self, values):
        """As the database writes them: nobody else does."""
        self.env.flush_all()
        self.env.cr.execute(
            "INSERT INTO stock_ageing_line (sheet_id, product_id, user_id, is_over, company_id, is_explained)"
            " VALUES (%s, %s, %s, %s, %s, FALSE) RETURNING id",
            [*values.values(), self.company.id],
        )
        return self.env.cr.fetchone()[0]

    # === FREIGHT === #

    def test_freight_signed_within_its_working_days(self):
        """Closing on the 25th of February, 10 working days: until Wednesday 11 March at the close of business."""
        partner = self.env["res.partner"].create({"name": "Carrier Ltd", "is_company": True})
        delivery = self.env["product.product"].create({"name": "Freight", "type": "service"})
        carrier = self.env["delivery.carrier"].create(
            {"name": "Carrier", "product_id": delivery.id, "partner_id": partner.id, "closing_day": 25}
        )
        self.env["freight.waybill"].create(
            {"carrier_id": carrier.id, "name": "W1", "shipped_date": "2026-02-10", "company_id": self.company.id}
        )
        nobody = self.env["res.users"]
        self.assertEqual(self._of("freight", nobody, now=datetime(2026, 3, 11, 8, 59)), (0, 0, 1))
        self.assertEqual(self._of("freight", nobody), (0, 1, 0))
        self.assertEqual(self._evidence("freight", "2026-03-01")[0]["reason"], "missing")
        self.env["res.lang"]._activate_lang("zh_CN")
        carrier.with_context(lang="zh_CN").name = "承运商"
        for lang, name in (("en_US", "Carrier"), ("zh_CN", "承运商")):
            self.company.partner_id.lang = lang
            self.assertEqual(self._evidence("freight", "2026-03-01")[0]["name"], name)
        statement = self.env["freight.statement"].create(
            {
                "carrier_id": carrier.id,
                "date_from": "2026-01-26",
                "date_to": "2026-02-25",
                "user_id": self.assistant.id,
            }
        )
        self.assertEqual(self._of("freight", self.assistant), (0, 1, 0))
        statement._write_protected({"signed_date": datetime(2026, 3, 11, 3)})
        self.assertEqual(self._of("freight", self.assistant), (1, 1, 0))
        statement._write_protected({"signed_date": datetime(2026, 3, 11, 16)})
        self.assertEqual(self._of("freight", self.assistant), (0, 1, 0))
        self.assertFalse(self._evidence("freight", "2026-02-01"))

    def test_what_a_company_has_is_its_own(self):
        self._review(self.manager1, DUE, DUE)
        self._ship(self._order(self.manager1, 5, promised="2026-03-31"), 5, DUE)
        other = self.env["res.company"].create({"name": "Other"})
        for code in self.env["sales.kpi.source"]._kpi_codes():
            self.assertFalse(self._evidence(code, "2026-03-01", company=other), code)

    def test_a_kit_is_delivered_with_its_components(self):
        """Components that belong to a line of another product are judged by what Odoo calls delivered."""
        order = self._order(self.manager1, 5, promised="2026-03-31")
        component = self.env["product.product"].create({"name": "Component"})
        move = self._ship(order, 5, datetime(2026, 3, 20, 4))
        self.env.flush_all()
        self.env.cr.execute("UPDATE stock_move SET product_id = %s WHERE id = %s", [component.id, move.id])
        self.env.cr.execute("UPDATE sale_order_line SET qty_delivered = 5 WHERE id = %s", [order.order_line.id])
        self.assertEqual(self._of("delivery", self.manager1), (1, 1, 0))
        self.env.cr.execute("UPDATE sale_order_line SET qty_delivered = 4 WHERE id = %s", [order.order_line.id])
        self.assertEqual(self._of("delivery", self.manager1), (0, 1, 0))
