import random
from collections import defaultdict
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from .sales_basis_common import SalesBasisCommon

CENT = Decimal("0.01")
SPAN = (date(2026, 4, 1), date(2026, 5, 1))


def _money(number):
    return Decimal(repr(number)).quantize(CENT, ROUND_HALF_UP)


class SalesBasisRandomCommon(SalesBasisCommon):
    """Orders by chance with all that comes of them, and what one adds up of it document by document."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chance = random.Random(20260401)
        cls.people = cls.manager1 | cls.manager2 | cls.director
        cls.customers = cls.env["res.partner"].create(
            [{"name": f"Customer {number}", "is_company": True} for number in range(6)]
        )
        cls.contacts = cls.env["res.partner"].create(
            [{"name": f"Contact {customer.name}", "parent_id": customer.id} for customer in cls.customers]
        )
        cls.pricelist = cls.env["product.pricelist"].create({"name": "USD", "currency_id": cls.usd.id})
        cls.goods = cls.env["product.product"].create(
            {
                "name": "Gear",
                "is_storable": True,
                "taxes_id": False,
                "categ_id": cls.gears.id,
                "invoice_policy": "order",
            }
        )
        cls.warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)], limit=1)
        for day, rate in (("2026-03-15", 0.13), ("2026-04-10", 0.14), ("2026-04-25", 0.15)):
            cls._rate(day, rate)
        cls.orders = cls.env["sale.order"]
        for _number in range(10):
            cls._history()
        # Somebody leaves, somebody takes over, a customer is archived.
        cls.orders[3].user_id = cls.manager2
        cls.manager1.active = False
        cls.customers[2].active = False
        cls.env.flush_all()

    @classmethod
    def _day(cls):
        return date(2026, 3, 20) + timedelta(days=cls.chance.randrange(55))

    @classmethod
    def _history(cls):
        """An order with shares, goods that leave in parts and come back, invoices and credit notes."""
        chance = cls.chance
        dollars = chance.random() < 0.3
        order = cls._order(
            [(chance.randint(1, 9), chance.choice((9.99, 33.33, 120, 0.07))) for _line in range(chance.randint(1, 3))],
            user=chance.choice(cls.people),
            partner_id=chance.choice(cls.customers + cls.contacts).id,
            **({"pricelist_id": cls.pricelist.id} if dollars else {}),
        )
        order.order_line.product_id = cls.goods
        order.order_line.tax_ids = False
        for line, price in zip(order.order_line, (9.99, 33.33, 120.0), strict=False):
            line.price_unit = price
        order.action_confirm()
        # Around midnight as often as not.
        order.date_order = f"{cls._day()} {chance.choice(('15:59:59', '16:00:00', '02:00:00'))}"
        cls.orders |= order
        for user, kind in ((cls.manager2, "revenue"), (cls.director, chance.choice(("revenue", "overlay")))):
            if order.user_id != user and chance.random() < 0.3:
                cls._split(order, user, chance.choice((12.5, 33.33, 50)), kind)
        cls._deliver(order)
        cls._invoices(order)

    @classmethod
    def _deliver(cls, order):
        for picking in order.picking_ids:
            for move in picking.move_ids:
                move.quantity = cls.chance.randint(1, int(move.product_uom_qty))
                move.picked = True
            picking.with_context(skip_backorder=True)._action_done()
            moment = f"{cls._day()} {cls.chance.choice(('15:59:59', '16:00:00'))}"
            picking.move_ids.date = moment
            if cls.chance.random() < 0.3:
                cls._take_back(picking)

    @classmethod
    def _take_back(cls, picking):
        wizard = (
            cls.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_ids=picking.ids, active_model="stock.picking")
            .create({})
        )
        wizard.product_return_moves.write({"quantity": 1, "to_refund": cls.chance.random() < 0.7})
        back = cls.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        for move in back.move_ids:
            move.picked = True
        back._action_done()
        back.move_ids.date = f"{cls._day()} 16:00:00"

    @classmethod
    def _invoices(cls, order):
        if cls.chance.random() < 0.4:
            cls.env["sale.advance.payment.inv"].with_context(active_model="sale.order", active_ids=order.ids).create(
                {"advance_payment_method": "percentage", "amount": 30}
            ).create_invoices()
            order.invoice_ids.invoice_date = cls._day()
            order.invoice_ids._post()
        invoice = cls._bill(order, cls._day())
        if cls.chance.random() < 0.3:
            invoice.invoice_user_id = cls.chance.choice(cls.people)
        if cls.chance.random() < 0.3:
            invoice._reverse_moves([{"invoice_date": cls._day()}])._post()

    # === THE REFERENCE === #

    def _credit(self, found, order, user, amount):
        """Give the `amount` of a line to whom it belongs, one share after the other."""
        given = Decimal(0)
        upto = Decimal(0)
        for split in order.credit_split_ids.sorted("id"):
            share = _money(split.share)
            if split.kind == "overlay":
                found[split.user_id][1] += (amount * share / 100).quantize(CENT, ROUND_HALF_UP)
                continue
            upto += share
            part = (amount * upto / 100).quantize(CENT, ROUND_HALF_UP) - given
            given += part
            found[split.user_id][0] += part
        found[user][0] += amount - given

    def _reference(self, basis, span=SPAN):
        """``{user: (amount, credit beside it)}`` of `span`."""
        found = defaultdict(lambda: [Decimal(0), Decimal(0)])
        for order, user, day, amount in getattr(self, f"_{basis}")():
            if span[0] <= day < span[1]:
                self._credit(found, order, user, amount)
        return {user: tuple(sums) for user, sums in found.items() if any(sums)}

    def _invoiced(self):
        for move in self.orders.invoice_ids.filtered(lambda move: move.state == "posted"):
            for line in move.invoice_line_ids.filtered(lambda line: line.display_type == "product"):
                order = line.sale_line_ids.order_id
                yield order, (move.reversed_entry_id or move).invoice_user_id, move.invoice_date, -_money(line.balance)

    def _ordered(self):
        for line in self.orders.order_line.filtered(lambda line: not line.is_downpayment and not line.display_type):
            order = line.order_id
            day = self.company._local_day(order.date_order)
            yield order, order.user_id, day, self._at_rate(order, Decimal(repr(line.price_subtotal)))

    def _delivered(self):
        for move in self.orders.picking_ids.move_ids.filtered(lambda move: move.state == "done"):
            order, line = move.sale_line_id.order_id, move.sale_line_id
            leaves = move.location_dest_id.usage == "customer"
            if not leaves and not move.to_refund:
                continue
            part = (
                Decimal(repr(move.quantity)) * Decimal(repr(line.price_subtotal)) / Decimal(repr(line.product_uom_qty))
            )
            yield (
                order,
                order.user_id,
                self.company._local_day(move.date),
                self._at_rate(order, part if leaves else -part),
            )

    def _at_rate(self, order, amount):
        return (amount / Decimal(repr(order.currency_rate))).quantize(CENT, ROUND_HALF_UP)
