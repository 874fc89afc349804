from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from odoo.fields import Command
from odoo.tests import tagged

from .kpi_random_common import KpiRandomCommon, first


@tagged("post_install", "-at_install")
class TestKpiRandom(KpiRandomCommon):
    """Random histories: what one statement says of all is what a walk from document to document says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._keep_books()
        cls._keep_stock()

    # === ORDER REVIEWS === #

    def test_order_reviews(self):
        states = ["review", "conditions", "passed", "passed", "passed", "refused", "superseded"]
        reviews = []
        order = self._create_quotation(self.manager1)
        for _number in range(40):
            deadline = self._moment()
            received = deadline + timedelta(minutes=self.chance.choice((-9, 0, 1, 3000)))
            review = self.env["sale.order.review"].create({"order_id": order.copy().id})
            review.order_id.user_id = self.chance.choice(self.people[:2])
            vals = {"deadline": deadline, "state": self.chance.choice(states)}
            review._write_protected({**vals, "receive_date": self.chance.choice((received, None))})
            reviews.append(review)

        def reference(month, now):
            sums = defaultdict(lambda: [0, 0, 0])
            for review in reviews:
                day = self.company._local_day(review.deadline)
                if first(day) != month or review.state not in ("review", "conditions", "passed"):
                    continue
                if review.receive_date:
                    new = (int(review.receive_date <= review.deadline), 1, 0)
                else:
                    new = (0, 0, 1) if review.deadline >= now else (0, 1, 0)
                for position, value in enumerate(new):
                    sums[review.user_id][position] += value
            return {user: tuple(values) for user, values in sums.items()}

        self._compare("order_review", reference)

    # === DELIVERIES AND INVOICING === #

    def _goods_history(self):
        """Orders that were shipped, returned, invoiced and credited in some order."""
        orders = []
        for closing_day in (0, 10, 31):
            customer = self.env["res.partner"].create(
                {"name": f"Closes {closing_day}", "property_account_receivable_id": self.receivable.id}
            )
            customer.customer_file_closing_day = closing_day
            for _number in range(5):
                orders.append(
                    self._order(
                        self.chance.choice(self.people),
                        self.chance.randint(3, 9),
                        price=self.chance.choice((10.0, 7.25)),
                        promised=self._day(),
                        partner_id=customer.id,
                    )
                )
        for order in orders:
            self._random_events(order)
        return orders

    def _random_events(self, order):
        shipped = [
            self._ship(order, self.chance.randint(1, 5), self._moment()) for _number in range(self.chance.randint(0, 3))
        ]
        for move in shipped:
            if self.chance.random() < 0.3:
                back = self._ship(order, 1, move.date + timedelta(days=2), origin=move)
                self.assertEqual(back.origin_returned_move_id, move)
        for _number in range(self.chance.randint(0, 2)):
            invoice = self._bill(order, self.chance.randint(1, 6), self._day())
            if self.chance.random() < 0.2:
                invoice.button_draft()
        if self.chance.random() < 0.2:
            self._bill(order, 1, self._day(), kind="out_refund")

    def test_deliveries_and_invoicing(self):
        orders = self._goods_history()
        self._compare("delivery", lambda month, now: self._deliveries(orders, month, now))
        self._compare("invoicing", lambda month, now: self._invoicings(orders, month, now))

    def _deliveries(self, orders, month, now):
        sums = defaultdict(lambda: [0, 0, 0])
        for order in orders:
            line = order.order_line
            if first(line.promised_date) != month:
                continue
            delivered = 0
            for move in line.move_ids.filtered(lambda move: move.state == "done"):
                if self.company._local_day(move.date) <= line.promised_date:
                    delivered += move.quantity if move.location_dest_id == self.client else -move.quantity
            if delivered >= line.product_uom_qty:
                new = (1, 1, 0)
            else:
                new = (0, 0, 1) if line.promised_date >= self.company._local_day(now) else (0, 1, 0)
            for position, value in enumerate(new):
                sums[order.user_id][position] += value
        return {user: tuple(values) for user, values in sums.items()}

    def _invoicings(self, orders, month, now):
        """Unit by unit: each that left waits in line for an invoice that was there by its closing day."""
        sums = defaultdict(lambda: [Decimal(0)] * 3)
        for order in orders:
            line = order.order_line
            price = Decimal(str(line.price_unit))
            before = 0
            out = line.move_ids.filtered(lambda move: move.state == "done" and move.location_dest_id == self.client)
            for move in out.sorted(lambda move: (move.date, move.id)):
                back = sum(returned.quantity for returned in move.returned_move_ids)
                units = int(move.quantity - back)
                day = self.company._local_day(move.date)
                due = self._closing(order.partner_id.customer_file_closing_day, day)
                invoiced = self._invoiced_by(line, due)
                on_time = sum(1 for unit in range(before, before + units) if unit < invoiced)
                before += units
                if first(day) != month or not units:
                    continue
                pending = due >= self.company._local_day(now)
                new = (on_time, on_time if pending else units, units - on_time if pending else 0)
                values = sums[order.user_id]
                sums[order.user_id] = [value + count * price for value, count in zip(values, new, strict=True)]
        return {user: tuple(values) for user, values in sums.items()}

    def _invoiced_by(self, line, due):
        items = line.invoice_lines.filtered(
            lambda item: item.parent_state == "posted" and item.move_id.invoice_date <= due
        )
        return sum(-item.quantity if item.move_id.move_type == "out_refund" else item.quantity for item in items)

    def _closing(self, closing_day, day):
        for month in (first(day), first(first(day) + timedelta(days=32))):
            last = first(month + timedelta(days=32)) - timedelta(days=1)
            closing = min(month + timedelta(days=closing_day - 1), last) if closing_day else last
            if closing >= day:
                return closing
        raise AssertionError("A closing day comes every month")

    # === COLLECTION === #

    def test_collection(self):
        """Instalments, deposits, payments in part, early and late, in two currencies, credit notes, and what was
        matched with them taken off and used again."""
        euro = self.env["res.currency"].create({"name": "KEU", "symbol": "K€", "rounding": 0.01})
        euro.rate_ids = [
            Command.create({"name": day, "rate": 1 / rate, "company_id": self.company.id})
            for day, rate in (("2026-01-01", 7.0), ("2026-03-01", 6.5), ("2026-04-01", 7.75))
        ]
        terms = [self._terms((100, 30)), self._terms((30, 5), (70, 45)), self._terms((30, 0), (30, 31), (40, 62))]
        invoices = []
        for _number in range(24):
            currency = self.chance.choice((self.company.currency_id, self.company.currency_id, euro))
            invoice = self._invoice(
                self.chance.choice(self.people),
                self.chance.randint(1, 90) * 100,
                self._day() - timedelta(days=30),
                currency=currency,
                invoice_payment_term_id=self.chance.choice(terms).id,
            )
            invoices.append(invoice)
            self._settle(invoice, currency)
        for invoice in self.chance.sample(invoices, 10):
            self._match_anew(invoice, invoices)

        def reference(month, now):
            sums = defaultdict(lambda: [Decimal(0)] * 3)
            for invoice in invoices:
                for line in self._due(invoice):
                    if first(line.date_maturity) == month:
                        new = self._collected(line, self.company._local_day(now))
                        values = sums[invoice.invoice_user_id]
                        sums[invoice.invoice_user_id] = [a + b for a, b in zip(values, new, strict=True)]
            return {user: tuple(values) for user, values in sums.items()}

        self._compare("collection", reference)

    def _settle(self, invoice, currency):
        for line in self._due(invoice):
            what = self.chance.choice(("whole", "part", "none", "credit", "deposit"))
            day = max(line.date_maturity + timedelta(days=self.chance.choice((-20, 0, 1, 15))), invoice.invoice_date)
            amount = abs(line.amount_residual_currency)
            if what == "whole":
                self._pay(line, amount, day, currency=currency)
            elif what == "part":
                self._pay(line, round(amount / 4, 2), day, currency=currency)
                self._pay(line, round(amount / 4, 2), line.date_maturity, currency=currency)
            elif what == "deposit":
                before = invoice.invoice_date - timedelta(days=self.chance.randint(1, 9))
                self._pay(line, round(amount / 3, 2), before, currency=currency)
            elif what == "credit":
                refund = self._invoice(
                    invoice.invoice_user_id, round(amount / 2, 2), day, kind="out_refund", currency=currency
                )
                (line | self._due(refund)).reconcile()

    def _match_anew(self, invoice, invoices):
        """What was matched is taken off, and used for whatever of its currency is open: the same, or another."""
        for line in self._due(invoice):
            credits = line.matched_credit_ids.credit_move_id
            line.remove_move_reconcile()
            for credit in credits.exists().filtered(lambda item: item.amount_residual_currency < 0):
                open_ones = self._due(*invoices).filtered(
                    lambda item, credit=credit: (
                        item.currency_id == credit.currency_id and item.amount_residual_currency > 0
                    )
                )
                (credit | self.chance.choice(open_ones)).reconcile()

    def _collected(self, line, today):
        """What was due, collected and is open of one instalment, in the company's currency."""
        cents = Decimal("0.01")
        rate = Decimal(str(line.balance)) / Decimal(str(line.amount_currency))
        due, on_time = Decimal(str(line.amount_currency)), Decimal(0)
        for partial in line.matched_credit_ids:
            amount = Decimal(str(partial.debit_amount_currency))
            if partial.credit_move_id.move_id.move_type == "out_refund":
                due -= amount
            elif partial.max_date <= line.date_maturity:
                on_time += amount
        decided = on_time if line.date_maturity >= today else due
        return tuple((amount * rate).quantize(cents, "ROUND_HALF_UP") for amount in (on_time, decided, due - decided))
