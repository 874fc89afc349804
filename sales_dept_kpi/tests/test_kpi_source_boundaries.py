from datetime import datetime, timedelta

from odoo.tests import freeze_time, tagged

from .kpi_common import KpiCommon

# March 2026 in Shanghai: from the first of these moments until the second, which is April's.
MARCH, APRIL = datetime(2026, 2, 28, 16), datetime(2026, 3, 31, 16)
DUE = datetime(2026, 3, 10, 9)
SECOND = timedelta(seconds=1)


class KpiBoundariesCommon(KpiCommon):
    """What lies exactly on a limit, and what is left out beside what is counted.

    Each figure is asked beside one that is not nought, so nothing is proved by an empty month.
    """

    code = None

    def _of(self, user=None, now=None, day="2026-03-01"):
        user = self.manager1 if user is None else user
        return tuple(map(float, self._sums(self.code, day, now).get(user, (0, 0, 0))))

    def _reasons(self, now=None):
        return sorted(row["reason"] for row in self._evidence(self.code, "2026-03-01", now))

    def _sql(self, statement, *values):
        """As the database may have it, whoever wrote it."""
        self.env.flush_all()
        self.env.cr.execute(statement, values)
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestKpiSourceReviewBoundaries(KpiBoundariesCommon):
    code = "order_review"

    def test_month(self):
        for deadline in (MARCH - SECOND, MARCH, APRIL - SECOND, APRIL):
            self._review(self.manager1, deadline, deadline)
        self.assertEqual(self._of(), (2, 2, 0))
        self.assertEqual(self._of(day="2026-02-01"), (1, 1, 0))
        self.assertEqual(self._of(day="2026-04-01"), (1, 1, 0))

    def test_overdue_after_the_deadline_only(self):
        self._review(self.manager1, DUE, None, state="conditions")
        self.assertEqual(self._of(now=DUE), (0, 0, 1))
        self.assertEqual(self._reasons(now=DUE), ["pending"])
        self.assertEqual(self._of(now=DUE + SECOND), (0, 1, 0))
        self.assertEqual(self._reasons(), ["overdue"])

    def test_received_before_the_order_was_cancelled(self):
        review = self._review(self.manager1, DUE, DUE + SECOND)
        self._sql("UPDATE sale_order SET state = 'cancel' WHERE id = %s", review.order_id.id)
        self.assertEqual(self._of(), (0, 1, 0))
        self.assertEqual(self._reasons(), ["late"])

    def test_never_received_and_cancelled(self):
        self._review(self.manager1, DUE, DUE)
        review = self._review(self.manager1, DUE, None, state="review")
        self._sql("UPDATE sale_order SET state = 'cancel' WHERE id = %s", review.order_id.id)
        self.assertEqual(self._of(), (1, 1, 0))


@tagged("post_install", "-at_install")
class TestKpiSourceIssueBoundaries(KpiBoundariesCommon):
    code = "issues"

    def _issue(self, deadline, answered=None, state="in_progress", waiting_since=None):
        issue = self.env["customer.issue"].create(
            {
                "title": "Where are they?",
                "kind": "delivery",
                "partner_id": self.customer.id,
                "user_id": self.manager1.id,
                "cancel_reason": "None",
            }
        )
        issue._write_protected(
            {
                "response_deadline": deadline,
                "answered_at": answered,
                "state": state,
                "waiting_since": waiting_since,
            }
        )

    def test_month(self):
        for deadline in (MARCH - SECOND, MARCH, APRIL - SECOND, APRIL):
            self._issue(deadline, deadline)
        self.assertEqual(self._of(), (2, 2, 0))
        self.assertEqual(self._of(day="2026-04-01"), (1, 1, 0))

    def test_overdue_after_the_deadline_only(self):
        self._issue(DUE)
        self.assertEqual(self._of(now=DUE), (0, 0, 1))
        self.assertEqual(self._of(now=DUE + SECOND), (0, 1, 0))
        self.assertEqual(self._reasons(now=DUE + SECOND), ["overdue"])

    def test_asked_back_at_the_deadline(self):
        self._issue(DUE, state="waiting", waiting_since=DUE)
        self.assertEqual(self._reasons(), ["pending"])

    def test_answered_late(self):
        self._issue(DUE, DUE + SECOND)
        self.assertEqual(self._reasons(), ["late"])


@tagged("post_install", "-at_install")
class TestKpiSourceDeliveryBoundaries(KpiBoundariesCommon):
    code = "delivery"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._keep_stock()

    def _delivered(self, promised, moment, quantity=5, shipped=5, **vals):
        order = self._order(self.manager1, quantity, promised=promised, **vals)
        return self._ship(order, shipped, moment)

    def test_month_of_the_promise(self):
        for day in ("2026-02-28", "2026-03-01", "2026-03-31", "2026-04-01"):
            self._delivered(day, datetime(2026, 2, 20, 4))
        self.assertEqual(self._of(), (2, 2, 0))
        self.assertEqual(self._of(day="2026-04-01"), (1, 1, 0))

    def test_month_of_the_orders_date(self):
        for moment in (MARCH - SECOND, MARCH, APRIL - SECOND, APRIL):
            move = self._delivered(False, datetime(2026, 2, 20, 4), commitment_date=moment)
            move.sale_line_id._write_protected({"promised_date": False})
        self.assertEqual(self._of(), (2, 2, 0))
        self.assertEqual(self._of(day="2026-04-01"), (1, 1, 0))

    def test_the_promise_counts_where_there_is_one(self):
        """Promised for April in an order that is wanted in March: April's, and nothing of March."""
        self._delivered("2026-04-10", DUE, commitment_date=DUE)
        self.assertEqual(self._of(), (0, 0, 0))
        self.assertEqual(self._of(day="2026-04-01"), (1, 1, 0))

    def test_left_in_the_last_second_of_the_day(self):
        self._delivered("2026-03-10", datetime(2026, 3, 10, 15, 59, 59))
        self.assertEqual(self._of(), (1, 1, 0))
        self._delivered("2026-03-10", datetime(2026, 3, 10, 16))
        self.assertEqual(self._of(), (1, 2, 0))

    def test_undecided_until_the_day_is_over(self):
        self._order(self.manager1, 5, promised="2026-03-10")
        self.assertEqual(self._of(now=datetime(2026, 3, 10, 15, 59)), (0, 0, 1))
        self.assertEqual(self._of(now=datetime(2026, 3, 10, 16)), (0, 1, 0))
        self.assertEqual(self._reasons(), ["late"])

    def test_quotations_and_lines_of_nothing(self):
        self._delivered("2026-03-10", DUE)
        quotation = self._order(self.manager1, 5, promised="2026-03-10")
        nothing = self._order(self.manager1, 5, promised="2026-03-10")
        advance = self._order(self.manager1, 5, promised="2026-03-10")
        self.assertEqual(self._of(), (1, 4, 0))
        self._sql("UPDATE sale_order SET state = 'sent' WHERE id = %s", quotation.id)
        self._sql("UPDATE sale_order_line SET product_uom_qty = 0 WHERE order_id = %s", nothing.id)
        self._sql("UPDATE sale_order_line SET is_downpayment = TRUE WHERE order_id = %s", advance.id)
        self.assertEqual(self._of(), (1, 1, 0))

    def test_what_moves_inside_the_house_is_not_delivered(self):
        order = self._order(self.manager1, 5, promised="2026-03-10")
        move = self._ship(order, 5, DUE)
        self.assertEqual(self._of(), (1, 1, 0))
        self._sql("UPDATE stock_move SET location_dest_id = %s WHERE id = %s", self.stock.id, move.id)
        self.assertEqual(self._of(), (0, 1, 0))

    def test_what_is_planned_is_not_delivered(self):
        move = self._delivered("2026-03-10", DUE)
        self._sql("UPDATE stock_move SET state = 'assigned' WHERE id = %s", move.id)
        self.assertEqual(self._of(), (0, 1, 0))

    def test_in_another_unit(self):
        """Two dozen are 24 pieces: 23 are not all of it."""
        for pieces in (24, 23):
            order = self._order(self.manager1, 2, promised="2026-03-10")
            order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
            self._ship(order, pieces, DUE, uom=self.goods.uom_id)
        self.assertEqual(self._of(), (1, 2, 0))

    def test_a_kit_whose_last_part_left_late(self):
        component = self.env["product.product"].create({"name": "Component"})
        for moment in (datetime(2026, 3, 10, 15), datetime(2026, 3, 10, 16)):
            move = self._delivered("2026-03-10", moment)
            self._sql("UPDATE stock_move SET product_id = %s WHERE id = %s", component.id, move.id)
            self._sql("UPDATE sale_order_line SET qty_delivered = 5 WHERE id = %s", move.sale_line_id.id)
        self.assertEqual(self._of(), (1, 2, 0))

    def test_reason_of_an_order_of_several_lines(self):
        order = self._order(self.manager1, 5, promised="2026-03-05")
        self._ship(order, 5, datetime(2026, 3, 4, 4))
        line = order.order_line
        later, last = (line.copy({"order_id": order.id}) for _number in range(2))
        later._write_protected({"promised_date": "2026-03-10"})
        last._write_protected({"promised_date": "2026-03-20"})
        self.assertEqual(self._reasons(now=datetime(2026, 3, 9)), ["pending"], "one left, none is late")
        self.assertEqual(self._reasons(now=datetime(2026, 3, 12)), ["partly"], "one is late, one is to come")
        self.assertEqual(self._of(now=datetime(2026, 3, 12)), (1, 2, 1))
        self.assertEqual(self._reasons(), ["partly"])


@tagged("post_install", "-at_install")
class TestKpiSourceCollectionBoundaries(KpiBoundariesCommon):
    code = "collection"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._keep_books()

    def test_month(self):
        for day in ("2026-02-28", "2026-03-01", "2026-03-31", "2026-04-01"):
            self._invoice(self.manager1, 100, "2026-02-01", due=day)
        self.assertEqual(self._of(), (0, 200, 0))
        self.assertEqual(self._of(day="2026-04-01"), (0, 100, 0))

    def test_receipts_count_and_an_invoice_of_nothing_does_not(self):
        self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-20", kind="out_receipt")
        self._invoice(self.manager1, 0, "2026-03-01", due="2026-03-20")
        self.assertEqual(self._of(), (0, 100, 0))

    def test_credit_notes_and_payments_do_not_fall_due(self):
        self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-20")
        self._invoice(self.manager1, 30, "2026-03-01", due="2026-03-20", kind="out_refund")
        entry = self._pay(self.env["account.move.line"], 50, "2026-03-20")
        self._sql("UPDATE account_move_line SET date_maturity = '2026-03-20' WHERE move_id = %s", entry.id)
        self.assertEqual(self._of(), (0, 100, 0))

    def test_other_accounts_do_not_fall_due(self):
        invoice = self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-20")
        self._sql("UPDATE account_account SET account_type = 'asset_current' WHERE id = %s", self.receivable.id)
        self.assertEqual(self._of(), (0, 0, 0))
        self._sql("UPDATE account_account SET account_type = 'asset_receivable' WHERE id = %s", self.receivable.id)
        self.assertEqual(self._of(), (0, 100, 0), invoice.name)

    def test_paid_on_the_last_day(self):
        for day in ("2026-03-20", "2026-03-21"):
            self._pay(self._due(self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-20")), 100, day)
        self.assertEqual(self._of(), (100, 200, 0))
        self.assertEqual(self._reasons(), ["late", "on_time"])

    def test_reasons(self):
        self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-20")
        self.assertEqual(self._reasons(), ["open"])
        # Nothing of it was paid in time, and nothing at all is not late.
        invoice = self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-20")
        refund = self._invoice(self.manager1, 30, "2026-03-25", kind="out_refund")
        (self._due(invoice) | self._due(refund)).reconcile()
        self.assertEqual(self._reasons(), ["open", "open"])
        self._pay(self._due(invoice), 10, "2026-03-28")
        self.assertEqual(self._reasons(), ["late", "open"])

    def test_all_of_it_credited(self):
        invoice = self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-20")
        refund = self._invoice(self.manager1, 100, "2026-03-25", kind="out_refund")
        (self._due(invoice) | self._due(refund)).reconcile()
        self.assertEqual(self._reasons(), ["credited"])
        self.assertEqual(self._reasons(now=datetime(2026, 3, 5)), ["credited"], "and not to come either")

    def test_reason_of_two_instalments(self):
        terms = self._terms((50, 9), (50, 19))
        invoice = self._invoice(self.manager1, 200, "2026-03-01", invoice_payment_term_id=terms.id)
        first, _second = self._due(invoice)
        self._pay(first, 100, "2026-03-10")
        self.assertEqual(self._reasons(now=datetime(2026, 3, 15)), ["pending"])
        self.assertEqual(self._of(now=datetime(2026, 3, 15)), (100, 100, 100))
        self.assertEqual(self._reasons(), ["partly"])
        self.assertEqual(self._of(), (100, 200, 0))

    def test_undecided_on_the_due_date(self):
        self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-20")
        self.assertEqual(self._reasons(now=datetime(2026, 3, 20, 15, 59)), ["pending"])
        self.assertEqual(self._reasons(now=datetime(2026, 3, 20, 16)), ["open"])


@tagged("post_install", "-at_install")
class TestKpiSourceInvoicingBoundaries(KpiBoundariesCommon):
    code = "invoicing"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._keep_books()
        cls._keep_stock()

    def test_month(self):
        for moment in (MARCH - SECOND, MARCH, APRIL - SECOND, APRIL):
            self._ship(self._order(self.manager1, 10), 10, moment)
        self.assertEqual(self._of(), (0, 200, 0))
        self.assertEqual(self._of(day="2026-04-01"), (0, 100, 0))

    def test_two_shipments_of_a_line_in_a_month(self):
        order = self._order(self.manager1, 10)
        self._ship(order, 4, datetime(2026, 3, 5, 4))
        self._ship(order, 6, datetime(2026, 3, 6, 4))
        self._bill(order, 5, "2026-03-20")
        self.assertEqual(self._of(), (50, 100, 0))

    def test_what_moves_inside_the_house_did_not_leave(self):
        order = self._order(self.manager1, 10)
        move = self._ship(order, 10, DUE)
        for source, target in ((self.stock, self.stock), (self.client, self.client)):
            self._sql(
                "UPDATE stock_move SET location_id = %s, location_dest_id = %s WHERE id = %s",
                source.id,
                target.id,
                move.id,
            )
            self.assertEqual(self._of(), (0, 0, 0))
        self._sql("UPDATE stock_move SET location_id = %s WHERE id = %s", self.stock.id, move.id)
        self.assertEqual(self._of(), (0, 100, 0))

    def test_a_planned_shipment_and_a_planned_return(self):
        order = self._order(self.manager1, 10)
        shipped = self._ship(order, 10, DUE)
        planned = self._ship(order, 4, DUE)
        back = self._ship(order, 3, DUE, origin=shipped)
        self.assertEqual(self._of(), (0, 110, 0))
        self._sql("UPDATE stock_move SET state = 'assigned' WHERE id IN %s", (planned.id, back.id))
        self.assertEqual(self._of(), (0, 100, 0))

    def test_all_of_it_came_back(self):
        order = self._order(self.manager1, 10)
        shipped = self._ship(order, 10, DUE)
        self._ship(order, 10, DUE, origin=shipped)
        self.assertFalse(self._evidence(self.code, "2026-03-01"))

    def test_reasons(self):
        late, partly, whole = (self._order(self.manager1, 10) for _number in range(3))
        for order in (late, partly, whole):
            self._ship(order, 10, DUE)
        self._bill(late, 10, "2026-04-01")
        self._bill(partly, 4, "2026-03-31")
        self._bill(whole, 10, "2026-03-31")
        names = {
            row["reason"]: (float(row["numerator"]), float(row["denominator"]))
            for order in (late, partly, whole)
            for row in self._alone(order)
        }
        self.assertEqual(names, {"late": (0, 100), "partly": (40, 100), "on_time": (100, 100)})

    def _alone(self, order):
        """The evidence of `order`, whose shipment is made one of a picking of its own."""
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": self.env["stock.picking.type"]
                .search([("company_id", "=", self.company.id), ("code", "=", "outgoing")], limit=1)
                .id,
                "location_id": self.stock.id,
                "location_dest_id": self.client.id,
            }
        )
        self._sql("UPDATE stock_move SET picking_id = %s WHERE sale_line_id = %s", picking.id, order.order_line.id)
        return [row for row in self._evidence(self.code, "2026-03-01") if row["res_id"] == picking.id]

    def test_undecided_on_the_closing_day(self):
        self.customer.customer_file_closing_day = 25
        self._ship(self._order(self.manager1, 10), 10, DUE)
        self.assertEqual(self._of(now=datetime(2026, 3, 25, 15, 59)), (0, 0, 100))
        self.assertEqual(self._of(now=datetime(2026, 3, 25, 16)), (0, 100, 0))
        self.assertEqual(self._reasons(now=datetime(2026, 3, 25, 15, 59)), ["pending"])

    def test_a_down_payment_is_no_shipment(self):
        order = self._order(self.manager1, 10)
        self._ship(order, 10, DUE)
        self.assertEqual(self._of(), (0, 100, 0))
        self._sql("UPDATE sale_order_line SET is_downpayment = TRUE WHERE order_id = %s", order.id)
        self.assertEqual(self._of(), (0, 0, 0))


@tagged("post_install", "-at_install")
class TestKpiSourceOverstockBoundaries(KpiBoundariesCommon):
    code = "overstock"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._keep_stock()
        with freeze_time("2026-03-02 04:00:00"):
            cls.sheet = cls.env["stock.ageing.sheet"].create({"date": "2026-02-28"})
        cls.sheet._write_protected({"computed_date": DUE})

    def _line(self, is_over=True, explained=None):
        self.env.flush_all()
        self.env.cr.execute(
            "INSERT INTO stock_ageing_line (sheet_id, product_id, user_id, is_over, company_id, is_explained,"
            " explained_date) VALUES (%s, %s, %s, %s, %s, %s, %s)",
            [
                self.sheet.id,
                self.goods.id,
                self.manager1.id,
                is_over,
                self.company.id,
                bool(explained),
                explained,
            ],
        )

    def test_goods_below_the_limit_ask_for_nothing(self):
        self._line()
        self._line(is_over=False)
        self._line(is_over=False, explained=DUE)
        self.assertEqual(self._of(), (0, 1, 0))

    def test_sheets_that_ask_for_nothing(self):
        self._line()
        self.assertEqual(self._of(), (0, 1, 0))
        for change in ("is_month_end = FALSE", "computed_date = NULL", "superseded_date = now()"):
            with self.subTest(change), self.env.cr.savepoint() as savepoint:
                self._sql(f"UPDATE stock_ageing_sheet SET {change} WHERE id = %s", self.sheet.id)
                self.assertEqual(self._of(), (0, 0, 0))
                savepoint.rollback()
        self.assertEqual(self._of(), (0, 1, 0))

    def test_month_of_the_deadline(self):
        self._line()
        for day, found in (("2026-02-28", 0), ("2026-03-01", 1), ("2026-03-31", 1), ("2026-04-01", 0)):
            self._sql("UPDATE stock_ageing_sheet SET deadline = %s WHERE id = %s", day, self.sheet.id)
            self.assertEqual(self._of(), (0, found, 0), day)

    def test_reasons(self):
        self._line(explained=datetime(2026, 3, 31, 15, 59))
        self._line(explained=datetime(2026, 3, 31, 16))
        self._line()
        self.assertEqual(self._reasons(), ["explained", "late", "missing"])
        self.assertEqual(self._reasons(now=datetime(2026, 3, 31, 15, 59)), ["explained", "late", "pending"])
        self.assertEqual(self._reasons(now=datetime(2026, 3, 31, 16)), ["explained", "late", "missing"])


@tagged("post_install", "-at_install")
class TestKpiSourceFreightBoundaries(KpiBoundariesCommon):
    """A carrier that closes on 25 February, to be signed within 10 working days: until 11 March, 17:00 in Shanghai."""

    code = "freight"
    DEADLINE = datetime(2026, 3, 11, 9)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        partner = cls.env["res.partner"].create({"name": "Carrier Ltd", "is_company": True})
        freight = cls.env["product.product"].create({"name": "Freight", "type": "service"})
        cls.carrier = cls.env["delivery.carrier"].create(
            {"name": "Carrier", "product_id": freight.id, "partner_id": partner.id, "closing_day": 25}
        )
        cls.nobody = cls.env["res.users"]
        cls._waybill("W1", "2026-02-10")

    @classmethod
    def _waybill(cls, name, day, **vals):
        return cls.env["freight.waybill"].create(
            {
                "carrier_id": cls.carrier.id,
                "name": name,
                "shipped_date": day,
                "company_id": cls.company.id,
                **vals,
            }
        )

    def _statement(self, date_from="2026-01-26", date_to="2026-02-25"):
        return self.env["freight.statement"].create(
            {
                "carrier_id": self.carrier.id,
                "date_from": date_from,
                "date_to": date_to,
                "user_id": self.assistant.id,
            }
        )

    def test_one_row_for_a_month_of_a_carrier(self):
        self._waybill("W2", "2026-02-11")
        self._waybill("W3", "2026-02-25")
        self.assertEqual(self._of(self.nobody), (0, 1, 0))
        # What left on the 26th is of March's statement, which is due in April.
        self._waybill("W4", "2026-02-26")
        self.assertEqual(self._of(self.nobody), (0, 1, 0))
        self.assertEqual(self._of(self.nobody, day="2026-04-01"), (0, 1, 0))

    def test_signed_at_the_last_moment(self):
        statement = self._statement()
        for signed, on_time in ((self.DEADLINE, 1), (self.DEADLINE + SECOND, 0)):
            statement._write_protected({"signed_date": signed})
            self.assertEqual(self._of(self.assistant), (on_time, 1, 0))

    def test_undecided_until_the_deadline(self):
        self.assertEqual(self._of(self.nobody, now=self.DEADLINE), (0, 0, 1))
        self.assertEqual(self._of(self.nobody, now=self.DEADLINE + SECOND), (0, 1, 0))
        self.assertEqual(self._reasons(now=self.DEADLINE), ["pending"])

    def test_reasons(self):
        self.assertEqual(self._reasons(), ["missing"])
        statement = self._statement()
        self.assertEqual(self._reasons(), ["overdue"])
        statement._write_protected({"signed_date": self.DEADLINE + SECOND})
        self.assertEqual(self._reasons(), ["late"])
        statement._write_protected({"signed_date": self.DEADLINE})
        self.assertEqual(self._reasons(), ["on_time"])

    def test_a_cancelled_statement_and_one_of_another_month(self):
        statement = self._statement()
        statement._write_protected({"signed_date": self.DEADLINE})
        self.assertEqual(self._reasons(), ["on_time"])
        statement._write_protected({"cancelled_date": self.DEADLINE})
        self.assertEqual(self._reasons(), ["missing"])
        later = self._statement("2026-02-26", "2026-03-25")
        later._write_protected({"signed_date": self.DEADLINE})
        self.assertEqual(self._reasons(), ["missing"])

    def test_of_two_statements_the_one_that_is_not_signed_decides(self):
        first, _second = self._statement(date_to="2026-02-10"), self._statement("2026-02-11")
        first._write_protected({"signed_date": DUE})
        self.assertEqual(self._of(self.assistant), (0, 1, 0))
        self.assertEqual(self._reasons(), ["overdue"])


@tagged("post_install", "-at_install")
class TestKpiSourceAssignmentBoundaries(KpiBoundariesCommon):
    code = "assignment"

    def _assignment(self, day, user=None):
        kind = self.env["mail.activity.type"].search([("assignment_kind", "=", "assignment")], limit=1)
        with freeze_time("2026-02-20 04:00:00"):
            return (
                self.env["mail.activity"]
                .with_user(self.director)
                .create(
                    {
                        "activity_type_id": kind.id,
                        "user_id": (user or self.manager1).id,
                        "summary": "Call them",
                        "date_deadline": day,
                        "res_model_id": self.env["ir.model"]._get_id("res.partner"),
                        "res_id": self.customer.id,
                    }
                )
            )

    def test_month(self):
        for day in ("2026-02-28", "2026-03-01", "2026-03-31", "2026-04-01"):
            self._assignment(day)
        with freeze_time("2026-05-01 04:00:00"):
            self.assertEqual(self._of(), (0, 2, 0))
            self.assertEqual(self._of(day="2026-04-01"), (0, 1, 0))
        with freeze_time("2026-02-20 04:00:00"):
            self.assertEqual(self._of(), (0, 0, 2))

    def test_what_one_gave_oneself_is_not_to_come_either(self):
        self._assignment("2026-03-10")
        self._assignment("2026-03-10", self.director)
        with freeze_time("2026-03-01 04:00:00"):
            self.assertEqual(self._of(), (0, 0, 1))
            self.assertEqual(self._of(self.director), (0, 0, 0))


@tagged("post_install", "-at_install")
class TestKpiSourceVisitBoundaries(KpiBoundariesCommon):
    code = "visits"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.monthly = cls.env["sales.contact.class"].create(
            {"name": "Monthly", "interval_number": 1, "interval_unit": "month", "contact_kind": "any"}
        )

    def _planned(self, since):
        with freeze_time(f"{since} 02:00:00"):
            customer = self.env["res.partner"].create(
                {
                    "name": "Planned",
                    "is_company": True,
                    "company_id": self.company.id,
                    "user_id": self.manager1.id,
                    "contact_class_id": self.monthly.id,
                }
            )
            self.env.flush_all()
        return customer

    def _contact(self, customer, day):
        start = datetime.fromisoformat(day)
        event = (
            self.env["calendar.event"]
            .with_user(self.manager1)
            .with_context(no_mail_to_attendees=True)
            .create(
                {
                    "name": "Contact",
                    "start": start,
                    "stop": start + timedelta(hours=1),
                    "visit_purpose": "relationship",
                    "visit_kind": "visit",
                    "visit_partner_id": customer.id,
                }
            )
        )
        event._write_protected({"visit_date": start.date()})

    def test_due_on_the_first_day_and_after_the_last(self):
        self._planned("2026-02-01")
        self.assertEqual(self._of(), (0, 1, 0))
        self._planned("2026-03-01")
        self.assertEqual(self._of(), (0, 1, 0), "due on 1 April")

    def test_contacted_on_the_first_day_and_after_the_last(self):
        customer = self._planned("2026-02-10")
        self._contact(customer, "2026-04-01")
        self.assertEqual(self._of(), (0, 1, 0))
        self._contact(customer, "2026-03-01")
        self.assertEqual(self._of(), (1, 1, 0))

    def test_reasons(self):
        customer = self._planned("2026-02-10")
        self.assertEqual(self._reasons(), ["missed"])
        self.assertEqual(self._reasons(now=datetime(2026, 3, 31, 15, 59)), ["open"])
        self._contact(customer, "2026-03-05")
        self.assertEqual(self._reasons(), ["kept"])
