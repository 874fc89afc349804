import random
from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.sales_dept_kpi.models.kpi.period import Period

from .sales_basis_common import SalesBasisCommon

MONTHS = [date(2026, number, 1) for number in (3, 4, 5)]
NOWS = (datetime(2026, 4, 10, 4), datetime(2026, 7, 1))


@tagged("post_install", "-at_install", "sales_dept_wide")
class TestKpiKits(SalesBasisCommon):
    """Kits, sold in two currencies, that leave component by component: by chance, and walked through one by one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chance = random.Random(20260305)
        cls._rate("2026-04-01", 0.15)
        cls.pricelist = cls.env["product.pricelist"].create({"name": "USD", "currency_id": cls.usd.id})
        cls.kit, cls.case, cls.screw = cls.env["product.product"].create(
            [{"name": name, "is_storable": True, "taxes_id": False} for name in ("Kit", "Case", "Screw")]
        )
        cls.parts = {cls.case: 1, cls.screw: 3}
        cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": cls.kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": part.id, "product_qty": count}) for part, count in cls.parts.items()
                ],
            }
        )
        cls.orders = cls.env["sale.order"]
        for _number in range(12):
            cls._sell()
        cls.env.flush_all()

    @classmethod
    def _sell(cls):
        chance = cls.chance
        dollars = {"pricelist_id": cls.pricelist.id} if chance.random() < 0.4 else {}
        order = cls._order(user=chance.choice((cls.manager1, cls.manager2)), **dollars)
        order.order_line.write({"product_id": cls.kit.id, "product_uom_qty": chance.randint(2, 7), "tax_ids": False})
        order.order_line.price_unit = chance.choice((9.99, 33.33, 0.07, 1250))
        order.action_confirm()
        day = date(2026, 3, 1) + timedelta(days=chance.randrange(80))
        # Around midnight in Shanghai as often as not.
        order.date_order = f"{day} {chance.choice(('15:59:59', '16:00:00'))}"
        order.order_line._write_protected({"promised_date": day + timedelta(days=chance.randint(1, 9))})
        cls.orders |= order
        for _part in range(chance.randint(0, 3)):
            cls._ship(order, order.order_line.promised_date + timedelta(days=chance.choice((-3, -1, 0, 0, 1))))

    @classmethod
    def _ship(cls, order, day):
        """Let some or all of what has not left yet leave on `day`."""
        for picking in order.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel")):
            everything = cls.chance.random() < 0.6
            for move in picking.move_ids:
                wanted = int(move.product_uom_qty)
                move.quantity = wanted if everything else cls.chance.randint(0, wanted)
                move.picked = bool(move.quantity)
            if any(picking.move_ids.mapped("picked")):
                picking.with_context(skip_backorder=True)._action_done()
                picking.move_ids.filtered(lambda move: move.state == "done").date = f"{day} 15:59:59"

    # === WHAT IS SOLD === #

    def _moves(self, order):
        return order.order_line.move_ids.filtered(lambda move: move.state == "done")

    def _delivered(self, order):
        """Each component is an equal part of its kits, and each piece of it a part of that."""
        line = order.order_line
        for move in self._moves(order):
            part = Decimal(repr(move.quantity)) / Decimal(repr(line.product_uom_qty)) / self.parts[move.product_id]
            yield self.company._local_day(move.date), part / len(self.parts) * Decimal(repr(line.price_subtotal))

    def _ordered(self, order):
        yield self.company._local_day(order.date_order), Decimal(repr(order.order_line.price_subtotal))

    def test_sales(self):
        compared = 0
        for basis in ("ordered", "delivered"):
            self.company.sales_dept_sales_basis = basis
            for day, until in zip(MONTHS, MONTHS[1:], strict=False):
                expected = defaultdict(Decimal)
                for order in self.orders:
                    for sold, amount in getattr(self, f"_{basis}")(order):
                        if day <= sold < until:
                            rate = Decimal(repr(order.currency_rate))
                            expected[order.user_id] += (amount / rate).quantize(Decimal("0.01"), ROUND_HALF_UP)
                found = {user: amount for user, (amount, _overlay) in self._sales(day, until).items()}
                with self.subTest(basis=basis, day=day):
                    self.assertEqual(found, expected)
                compared += len(expected)
        self.assertGreater(compared, 5, "Histories that say nothing prove nothing")

    # === WHAT LEFT ON TIME === #

    def _whole_kits(self, order):
        left = self._moves(order).grouped("product_id")
        return min(
            sum(left.get(part, self.env["stock.move"]).mapped("quantity")) // count
            for part, count in self.parts.items()
        )

    def _standing(self, order, today):
        """A kit is delivered when its components are, on the day of the last of them."""
        line = order.order_line
        days = [self.company._local_day(move.date) for move in self._moves(order)]
        if self._whole_kits(order) >= line.product_uom_qty and max(days) <= line.promised_date:
            return (1, 1, 0)
        return (0, 0, 1) if line.promised_date >= today else (0, 1, 0)

    def test_deliveries(self):
        outcomes = set()
        for day in MONTHS:
            for now in NOWS:
                period = Period.of(self.company, day, now)
                expected = defaultdict(lambda: (0, 0, 0))
                for order in self.orders:
                    if order.order_line.promised_date.replace(day=1) == day:
                        standing = self._standing(order, self.company._local_day(now))
                        outcomes.add(standing)
                        expected[order.user_id] = tuple(map(sum, zip(expected[order.user_id], standing, strict=True)))
                rows = self._rows(self.env["sales.kpi.source.delivery"]._kpi_evidence_sql(period))
                found = defaultdict(lambda: (0, 0, 0))
                for row in rows:
                    user = self.env["res.users"].browse(row["user_id"])
                    sums = (row["numerator"], row["denominator"], row["pending"])
                    found[user] = tuple(map(sum, zip(found[user], sums, strict=True)))
                with self.subTest(day=day, now=now):
                    self.assertEqual(found, expected)
        self.assertEqual(len(outcomes), 3, "Histories that say nothing prove nothing")
