import random
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from odoo.tests import tagged

from .customer_statement_common import CustomerStatementCommon

SEED = 2026
PERIODS = ("2026-01-31", "2026-02-25", "2026-03-15", "2026-03-31")
FIRST = date(2026, 1, 1)


@tagged("post_install", "-at_install")
class TestCustomerStatementRandom(CustomerStatementCommon):
    """Random histories: statements chain without gap or overlap, and close with what a walk over all facts says."""

    def setUp(self):
        super().setUp()
        self.chance = random.Random(SEED)
        self.shipments, self.receipts = [], []

    def _day(self, first, last):
        return first + timedelta(days=self.chance.randrange((last - first).days + 1))

    def _happen(self, first, last):
        """Something of a day of the period, or before it and entered late."""
        day = self._day(self.chance.choice((FIRST, first, first)), last)
        moment = datetime.combine(day, time(self.chance.choice((0, 4, 15))))
        what = self.chance.choice(("ship", "ship", "back", "receive", "take_back", "correct", "price"))
        if what == "ship":
            quantity, price = self.chance.randrange(1, 40), self.chance.choice((9.99, 10.0, 3.335))
            self.shipments.append(self._ship(self._order(self.manager1, quantity, price=price), quantity, moment))
        elif what == "receive":
            self.receipts.append(self._receive(self.chance.randrange(1, 300), day))
        elif what == "take_back" and self.receipts:
            self.receipts.pop(self.chance.randrange(len(self.receipts))).button_draft()
        elif self.shipments:
            move = self.chance.choice(self.shipments)
            if what == "back":
                self._ship(move.sale_line_id.order_id, 1, moment + timedelta(days=1), origin=move)
            elif what == "correct":
                move.quantity = self.chance.randrange(1, 40)
            else:
                move.sale_line_id.price_unit = self.chance.choice((9.99, 11.5))

    def _reference(self, last):
        """What is owed at the end of `last`: all that moved, each at its price, less all that was received."""
        zone = self.company._local_zone()
        total = defaultdict(Decimal)
        moves = self.env["stock.move"].search([("sale_line_id.order_partner_id", "=", self.customer.id)])
        for move in moves.filtered(lambda move: move.state == "done"):
            if FIRST <= zone.fromutc(move.date).date() <= last:
                sign = -1 if move.location_id.usage == "customer" else 1
                price = Decimal(str(move.sale_line_id.price_unit))
                exact = sign * Decimal(str(move.quantity)) * price
                total["goods"] += exact.quantize(Decimal("0.01"), "ROUND_HALF_UP")
        for move in self.receipts:
            if move.date <= last:
                line = move.line_ids.filtered(lambda line: line.account_id == self.receivable)
                total["money"] += Decimal(str(line.amount_currency))
        return sum(total.values())

    def test_chains_of_random_histories(self):
        first, statements = FIRST, self.Statement
        for end in PERIODS:
            last = date.fromisoformat(end)
            for _number in range(12):
                self._happen(first, last)
            statement = self._statement(end, date_from=FIRST)
            self.assertEqual(Decimal(str(round(statement.closing_balance, 2))), self._reference(last), end)
            self.assertAddsUp(statement)
            statement.with_user(self.assistant).action_send()
            statements |= statement
            first = last + timedelta(days=1)
        self.assertTrue(any(statements.line_ids.mapped("is_late")), "Histories without late facts prove nothing")
        self.assertTrue(any(statements.line_ids.mapped("is_difference")), "… nor such without changes")
        for before, after in zip(statements, statements[1:], strict=False):
            self.assertEqual(after.previous_id, before)
            self.assertEqual(after.date_from, before.date_to + timedelta(days=1))
            self.assertEqual(after.opening_balance, before.closing_balance)
        stated = statements.line_ids.filtered(lambda line: line.kind in ("shipment", "return"))
        for move, lines in stated.grouped("move_id").items():
            sign = -1 if move.location_id.usage == "customer" else 1
            self.assertAlmostEqual(sum(lines.mapped("quantity")), sign * move.quantity, 2)
