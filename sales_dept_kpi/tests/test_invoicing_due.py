import random
from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from openpyxl import load_workbook

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from odoo.addons.sales_dept_roles.models.customer_file.closing_day import closing_date

from .tax_invoice_common import TaxInvoiceCommon

NOW = "2026-03-20 04:00:00"


class InvoicingDueCommon(TaxInvoiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["sale.order"].search([("company_id", "=", cls.company.id)]).order_line.filtered(
            lambda line: line.invoice_status == "to invoice"
        ).write({"invoice_status": "no"})
        cls.env.user.write({"company_ids": [Command.set(cls.company.ids)], "company_id": cls.company.id})
        cls.Due = cls.env["sales.invoicing.due"]

    def _rows(self, user=None, **vals):
        self.env.invalidate_all()
        return self.Due.with_user(user or self.director).search([("order_id", "in", self.orders.ids)])

    def setUp(self):
        super().setUp()
        self.orders = self.env["sale.order"]

    def _shipped(self, quantity, moment=datetime(2026, 3, 10, 4), user=None, **vals):
        order = self._order(user or self.manager1, quantity, **vals)
        self._ship(order, quantity, moment)
        self.orders |= order
        return order


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestInvoicingDue(InvoicingDueCommon):
    def _figures(self, row):
        return (row.amount, row.invoiced_amount, row.remaining_amount, row.state)

    def test_from_shipment_to_the_customers_hands(self):
        self.customer.customer_file_closing_day = 25
        order = self._shipped(10)
        row = self._rows()
        self.assertEqual(self._figures(row), (100, 0, 100, "due"))
        self.assertEqual((row.ship_date, row.closing_date, row.days_left), (date(2026, 3, 10), date(2026, 3, 25), 5))
        self._bill(order, 4, "2026-03-20").button_draft()
        self.assertEqual(self._figures(self._rows()), (100, 0, 100, "due"), "a draft is no invoice")
        first = self._bill(order, 4, "2026-03-20")
        self.assertEqual(self._figures(self._rows()), (100, 40, 60, "due"))
        second = self._bill(order, 6, "2026-03-20")
        self.assertEqual(self._figures(self._rows()), (100, 100, 0, "invoiced"))
        self._hand_over(moves=first)
        self.assertEqual(self._rows().state, "invoiced", "the other one is still here")
        invoice = self._tax_invoice(60, moves={second: 60})
        self._hand_over(tax_invoices=invoice)
        row = self._rows()
        self.assertEqual((row.state, row.handover_date), ("done", date(2026, 3, 20)))

    def test_after_the_closing_day_it_is_late(self):
        self.customer.customer_file_closing_day = 15
        order = self._shipped(10)
        row = self._rows()
        self.assertEqual((row.state, row.days_left), ("late", -5))
        self._bill(order, 10, "2026-03-20")
        row = self._rows()
        self.assertEqual((row.invoiced_amount, row.on_time_amount, row.state), (100, 0, "invoiced"))

    def test_what_came_back_is_not_invoiced(self):
        order = self._shipped(10)
        shipment = order.order_line.move_ids.filtered(lambda move: move.state == "done")
        self._ship(order, 10, datetime(2026, 3, 12, 4), origin=shipment)
        self.assertFalse(self._rows())

    def test_old_shipments_stay_until_they_are_invoiced(self):
        order = self._shipped(10, datetime(2025, 3, 10, 4))
        order.order_line.qty_delivered = 10
        self.env.flush_all()
        self.assertEqual(self._rows().state, "late")
        self._bill(order, 10, "2026-03-20")
        self.env.flush_all()
        self.assertFalse(self._rows())

    def test_with_tax_office_invoices(self):
        """An invoice in Odoo alone is none, where the company uses those of the tax office."""
        order = self._shipped(10)
        move = self._bill(order, 10, "2026-03-20")
        self.company.sales_dept_tax_invoices = True
        self.assertEqual(self._figures(self._rows()), (100, 0, 100, "due"))
        blue = self._tax_invoice(100, moves={move: 100})
        self.assertEqual(self._figures(self._rows()), (100, 100, 0, "invoiced"))
        self._red(blue, 30, "2026-03-20", moves={move: -30})
        self.assertEqual(self._figures(self._rows()), (100, 70, 30, "due"))

    def test_own_customers_only(self):
        mine, theirs = self._shipped(10), self._shipped(10, user=self.manager2)
        self.assertEqual(self._rows(self.manager1).order_id, mine)
        self.assertEqual(self._rows(self.manager2).order_id, theirs)
        for user in (self.director, self.gm, self.assistant, self.finance):
            self.assertEqual(self._rows(user).order_id.sudo(), (mine | theirs).sudo())

    def test_actions(self):
        order = self._shipped(10)
        row = self._rows(self.assistant)
        action = row.action_create_invoice()
        self.assertEqual(
            (action["res_model"], action["context"]["active_ids"]), ("sale.advance.payment.inv", order.ids)
        )
        for act in (row.action_register_tax_invoice, row.action_hand_over):
            with self.assertRefused("not invoiced yet"):
                act()
        move = self._bill(order, 10, "2026-03-20")
        context = self._rows(self.assistant).action_register_tax_invoice()["context"]
        self.assertEqual(context["default_amount_untaxed"], 100)
        invoice = self._tax_invoice(100, moves={move: 100})
        action = self._rows(self.assistant).action_hand_over()
        dialog = self.env["sales.invoice.hand.over"].browse(action["res_id"])
        self.assertEqual((dialog.tax_invoice_ids, dialog.move_ids), (invoice, self.env["account.move"]))
        self.assertEqual(row.action_open_order()["res_id"], order.id)
        other = self.env["res.partner"].create({"name": "Another", "is_company": True})
        self._shipped(5, partner_id=other.id)
        with self.assertRefused("of one customer"):
            self._rows(self.assistant).action_create_invoice()

    def test_read_one_by_one_as_in_the_list(self):
        orders = self._shipped(10) | self._shipped(20)
        self._ship(orders[0], 5, datetime(2026, 3, 12, 4))
        self._bill(orders[0], 12, "2026-03-20")
        rows = self._rows()
        self.assertEqual(rows.mapped("invoiced_amount"), [100, 0, 20])
        for row in rows:
            wanted = row.read(["amount", "invoiced_amount", "state", "order_id"])
            self.env.invalidate_all()
            self.assertEqual(self.Due.with_user(self.director).browse(row.id).read(list(wanted[0])[1:]), wanted)

    def test_register(self):
        self._shipped(10)
        rows = self._rows()
        sheet = load_workbook(rows._register_records(rows.ids)._register_file()).active
        head = [label for (label,) in sheet.iter_rows(max_row=3, max_col=1, values_only=True)]
        self.assertEqual(head, ["Company", "Period", "As Of"])

    def test_constant_queries(self):
        def cost():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows = self.Due.with_user(self.director).search_fetch([("order_id", "in", self.orders.ids)])
            rows.mapped("remaining_amount")
            rows.partner_id.mapped("display_name")
            return self.env.cr.sql_log_count - before

        self._shipped(1)
        cost()
        few = cost()
        for _number in range(5):
            self._shipped(1)
        self.env.flush_all()
        self.assertEqual(cost(), few)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestInvoicingDueAsked(InvoicingDueCommon):
    """Account managers are asked so many working days before their customers close."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kind = cls.env.ref("sales_dept_kpi.mail_activity_invoicing_due")

    def _asked(self, days):
        self.company.sales_dept_invoicing_days = days
        self.env["sale.order"]._cron_ask_to_invoice()
        return self.orders.activity_ids.filtered(lambda activity: activity.activity_type_id == self.kind)

    def test_working_days_before(self):
        """20 March 2026 is a Friday, the 25th the Wednesday after: three working days."""
        self.customer.customer_file_closing_day = 25
        self._shipped(10)
        self.assertFalse(self._asked(0))
        self.assertFalse(self._asked(2))
        activity = self._asked(3)
        self.assertEqual((activity.user_id, activity.date_deadline), (self.manager1, date(2026, 3, 25)))
        self.assertIn("100.00", activity.note)
        self.assertEqual(self._asked(3), activity, "once")

    def test_brought_up_to_date_and_taken_back(self):
        order = self._shipped(10)
        activity = self._asked(20)
        self._bill(order, 4, "2026-03-20")
        self.assertIn("60.00", self._asked(20).note)
        self._bill(order, 6, "2026-03-20")
        self.assertFalse(self._asked(20))
        self.assertFalse(activity.exists().active)


class Reference:
    """Invoicing on time, by hand: unit by unit would do, but quantities are taken in the order in which they left."""

    def __init__(self, closing_day):
        self.closing_day = closing_day
        # (day, quantity) each, in order; what was invoiced as (day, share of a quantity).
        self.shipments, self.invoiced = [], []

    def judged(self):
        """``[(day, amount, invoiced in time, invoiced at all)]`` at 10 a unit, to the cent."""
        before = Decimal(0)
        for day, quantity in self.shipments:
            closing = closing_date(self.closing_day, day)
            in_time = sum((part for when, part in self.invoiced if when <= closing), Decimal(0))
            total = sum((part for _when, part in self.invoiced), Decimal(0))
            covered = [min(max(part - before, Decimal(0)), quantity) * 10 for part in (in_time, total)]
            yield (day, *(part.quantize(Decimal("0.01"), ROUND_HALF_UP) for part in (quantity * 10, *covered)))
            before += quantity


@tagged("post_install", "-at_install")
class TestInvoicingRandom(InvoicingDueCommon):
    """The KPI, the worklist and a naive reference say the same of random histories."""

    def _history(self, chance, with_tax_invoices):
        """Ship, take back, invoice, credit and, with those, issue and take back tax-office invoices of an order."""
        day = date(2026, 1, 1) + timedelta(days=chance.randrange(60))
        told = Reference(self.customer.customer_file_closing_day)
        order = self._order(chance.choice((self.manager1, self.manager2)), 100)
        self.orders |= order
        for _number in range(chance.randint(1, 3)):
            quantity = Decimal(chance.randint(1, 20))
            move = self._ship(order, float(quantity), datetime.combine(day, datetime.min.time()))
            back = Decimal(chance.choice((0, 0, 0, 1, int(quantity))))
            if back:
                self._ship(order, float(back), move.date + timedelta(days=2), origin=move)
            if quantity > back:
                told.shipments.append((day, quantity - back))
            day += timedelta(days=chance.randrange(25))
        for _number in range(chance.randint(0, 3)):
            self._billed(chance, order, told, with_tax_invoices)
        return order, told

    def _billed(self, chance, order, told, with_tax_invoices):
        day = date(2026, 1, 5) + timedelta(days=chance.randrange(110))
        quantity = chance.randint(1, 15)
        is_credit = chance.random() < 0.2
        move = self._bill(order, quantity, day, "out_refund" if is_credit else "out_invoice")
        if not with_tax_invoices:
            told.invoiced.append((day, Decimal(-quantity if is_credit else quantity)))
            return
        if is_credit:
            return
        # Stands on up to three, not always all of it, some of it taken back.
        left = Decimal(quantity * 10)
        for _number in range(chance.randint(0, 3)):
            part = min(left, Decimal(chance.randint(1, quantity * 1000)) / 100)
            if not part:
                break
            when = day + timedelta(days=chance.randrange(-10, 30))
            blue = self._tax_invoice(float(part), when, moves={move: float(part)})
            told.invoiced.append((when, part / 10))
            left -= part
            if chance.random() < 0.3:
                later = when + timedelta(days=chance.randrange(20))
                self._red(blue, float(part), later, moves={move: -float(part)})
                told.invoiced.append((later, -part / 10))
                left += part

    def _compare(self, seed, with_tax_invoices):
        chance = random.Random(seed)
        self.company.sales_dept_tax_invoices = with_tax_invoices
        expected_months, expected_rows = defaultdict(lambda: [Decimal(0)] * 2), []
        with freeze_time("2026-06-20 04:00:00"):
            for _number in range(7):
                self.customer.customer_file_closing_day = 25
                order, told = self._history(chance, with_tax_invoices)
                for day, amount, in_time, total in told.judged():
                    sums = expected_months[order.user_id, day.replace(day=1)]
                    sums[0] += in_time
                    sums[1] += amount
                    expected_rows.append((order.id, day, amount, in_time, total))
            self.env.flush_all()
            for month in sorted({month for _user, month in expected_months}):
                found = self._sums("invoicing", str(month))
                for user in (self.manager1, self.manager2):
                    wanted = expected_months.get((user, month), [0, 0])
                    self.assertEqual(list(found.get(user, (0, 0, 0))[:2]), wanted, (seed, user.login, month))
            rows = [
                (
                    row.order_id.id,
                    row.ship_date,
                    *(Decimal(str(row[name])) for name in ("amount", "on_time_amount", "invoiced_amount")),
                )
                for row in self._rows()
            ]
        key = lambda row: row[:3]  # noqa: E731
        self.assertEqual(sorted(rows, key=key), sorted(expected_rows, key=key), seed)

    def test_by_invoices_in_odoo(self):
        self._compare(612, False)

    def test_by_tax_office_invoices(self):
        self._compare(613, True)
