import random
from datetime import date, datetime, time, timedelta

from odoo.fields import Command
from odoo.tests import tagged

from .stock_ageing_common import StockAgeingCommon
from .stock_ageing_reference import Event, buckets, older_than, walk

HISTORIES = 100
STEPS = 9
FIRST = datetime(2023, 1, 1, 3)
DAYS = 300
# Ends of months, and a day like any other.
SHEETS = (date(2023, 10, 31), date(2023, 6, 30), date(2023, 8, 12))
# Kind of event: where from or to, whether in, whether in dozens. Customers return goods without a delivery, too.
OUTSIDE = {
    "receipt": ("supplier", True, False),
    "dozen": ("supplier", True, True),
    "delivery": ("customer", False, False),
    "unlinked": ("customer", True, False),
    "gain": ("inventory", True, False),
    "scrap": ("inventory", False, False),
    "made": ("production", True, False),
    "used": ("production", False, False),
    "consigned": ("supplier", True, False),
    "consigned out": ("customer", False, False),
}
KINDS = ["receipt"] * 5 + ["delivery"] * 3 + ["return"] * 4 + ["transfer"] * 3 + ["scrap"] * 2 + list(OUTSIDE)


@tagged("post_install", "-at_install")
class TestStockAgeingLayers(StockAgeingCommon):
    """The one query, beside layers that are walked one by one, on random histories (A15, A16)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner = cls.env["res.partner"].create({"name": "Owner of consigned goods"})
        cls.dozen = cls.env.ref("uom.product_uom_dozen")
        cls.company_b = cls.env["res.company"].create({"name": "Second Company"})
        cls.warehouse_b = cls.env["stock.warehouse"].search([("company_id", "=", cls.company_b.id)], limit=1)
        cls.env["res.users"].browse([cls.assistant.id, cls.env.uid]).company_ids = [Command.link(cls.company_b.id)]
        cls.outside = {
            (company, usage): cls.env["stock.location"].search(
                [("usage", "=", usage), ("company_id", "in", [company.id, False])], limit=1
            )
            for company in (cls.company, cls.company_b)
            for usage in ("inventory", "production")
        }
        for company in (cls.company, cls.company_b):
            cls.outside.update({(company, "supplier"): cls.supplier, (company, "customer"): cls.client})

    # === HISTORIES === #

    def _place(self, name, company):
        if company == self.company_b:
            return self.warehouse_b.lot_stock_id
        return {"first": self.stock, "shelf": self.shelf, "second": self.second}[name]

    @staticmethod
    def _warehouse(name):
        return {"shelf": "first"}.get(name, name)

    def _step(self, chance, history, company):
        """Return ``(event, source, target, what it is measured in)``: something that might happen next."""
        names = ["first"] if company == self.company_b else ["first", "shelf", "second"]
        name, other = chance.choice(names), chance.choice(names)
        quantity = chance.choice([1, 2, 3, 5, 8, 13, 20])
        moment = FIRST + timedelta(days=chance.randrange(DAYS), seconds=chance.randrange(72_000))
        kind = chance.choice(KINDS) if history else "receipt"
        if kind == "return" and (origin := chance.choice([*filter(self._can_return, history), None])):
            return self._return(origin, name, min(quantity, origin.quantity), max(moment, origin.moment), company)
        here, warehouse = self._place(name, company), self._warehouse(name)
        if kind == "transfer" and other != name:
            event = Event(moment, quantity, warehouse, self._warehouse(other))
            return event, here, self._place(other, company), None
        outside, is_in, uom = OUTSIDE.get(kind, OUTSIDE["receipt"])
        quantity = 12 * quantity if uom else quantity
        places = (None, warehouse) if is_in else (warehouse, None)
        event = Event(moment, quantity, *places, outside, consigned=kind.startswith("consigned"))
        away = self.outside[company, outside]
        return event, *((away, here) if is_in else (here, away)), uom and self.dozen

    @staticmethod
    def _can_return(event):
        return not event.consigned and event.outside in ("supplier", "customer")

    def _return(self, origin, name, quantity, moment, company):
        """What was received goes back, what was delivered comes back; returns of either go the other way again."""
        here, away = self._place(name, company), self.outside[company, origin.outside]
        if origin.target is None:
            event = Event(moment, quantity, None, self._warehouse(name), origin.outside, origin)
            return event, away, here, None
        return Event(moment, quantity, self._warehouse(name), None, origin.outside, origin), here, away, None

    def _make_histories(self, company, count, seed):
        """Return ``{product: its events}``, done in Odoo step by step for all products together."""
        chance = random.Random(seed)
        products = self.env["product.product"].create(
            [
                {"name": f"History {seed}.{number}", "is_storable": True, "standard_price": 3.35}
                for number in range(count)
            ]
        )
        products.with_company(company).standard_price = 3.35
        histories = {product: [] for product in products}
        for _step in range(STEPS):
            rows, events = [], []
            for product, history in histories.items():
                event, source, target, uom = self._step(chance, history, company)
                rows.append(
                    {
                        "source": source,
                        "target": target,
                        "quantity": event.quantity / 12 if uom else event.quantity,
                        "moment": event.moment,
                        "product": product,
                        "origin": event.origin and event.origin.key,
                        "owner": self.owner if event.consigned else None,
                        "uom": uom,
                        "company": company,
                    }
                )
                events.append((history, event))
            for (history, event), move in zip(events, self._do_moves(rows), strict=True):
                event.key = move
                history.append(event)
        return histories

    @classmethod
    def _do_moves(cls, rows):
        moves = cls.env["stock.move"].with_company(rows[0]["company"]).create([cls._prepare_move(**r) for r in rows])
        moves.with_context(cancel_backorder=True)._action_done()
        cls.env.flush_all()
        # As the write of a date does, which goes one by one.
        pairs = list(zip(moves.ids, [row["moment"] for row in rows], strict=True))
        cls.env.cr.executemany("UPDATE stock_move SET date = %s WHERE id = %s", [(m, i) for i, m in pairs])
        cls.env.cr.executemany("UPDATE stock_move_line SET date = %s WHERE move_id = %s", [(m, i) for i, m in pairs])
        cls.env.invalidate_all()
        return moves

    # === COMPARISON === #

    def _compare(self, sheet, histories, company):
        day, months = sheet.date, sheet.limit_months
        end = company._moment_of(day + timedelta(days=1), time.min)
        since = company._moment_of(day - timedelta(days=90), time.min)
        warehouses = {"first": self.warehouse, "second": self.other_warehouse}
        if company == self.company_b:
            warehouses = {"first": self.warehouse_b}
        lines = {(line.product_id, line.warehouse_id): line for line in sheet.sudo().line_ids}
        compared = 0
        for product, history in histories.items():
            expected = walk(history, end, since)
            for name, (on_hand, layers) in expected.items():
                line = lines.get((product, warehouses[name]))
                label = f"{product.name}, {name}, {day}: {[(e.moment, e.quantity) for e in history]}"
                if not on_hand:
                    self.assertFalse(line and line.quantity, label)
                    continue
                compared += 1
                figures = self._buckets(line)
                self.assertEqual(figures, buckets(layers, day, company._local_day), label)
                self.assertEqual(line.quantity, max(on_hand, 0), label)
                self.assertEqual(line.negative_quantity, min(on_hand, 0), label)
                over = older_than(layers, day, months * 30, company._local_day)
                self.assertEqual(line.over_quantity, over, label)
                self.assertEqual(line.is_over, over > 0)
                # A16: of whatever history, buckets add up to what is there, and none is below zero.
                self.assertGreaterEqual(min(figures), 0)
                self.assertEqual(sum(figures), line.quantity)
                values = [line.value_0_30, line.value_31_60, line.value_61_90, line.value_over_90]
                self.assertGreaterEqual(min(values), 0)
                self.assertEqual(company.currency_id.compare_amounts(sum(values), line.value), 0)
            total = sum(lines[key].value for key in lines if key[0] == product)
            whole = sum(max(on_hand, 0) for on_hand, _layers in expected.values())
            self.assertEqual(company.currency_id.compare_amounts(total, company.currency_id.round(whole * 3.35)), 0)
        return compared

    def test_random_histories(self):
        histories = self._make_histories(self.company, HISTORIES, 19)
        theirs = self._make_histories(self.company_b, 20, 7)
        for day in SHEETS:
            sheet = self._sheet(day)
            self.assertGreater(self._compare(sheet, histories, self.company), 75)
            self.assertFalse(sheet.sudo().line_ids.product_id & self.env["product.product"].concat(*theirs))
            other = self._sheet(day, company=self.company_b)
            self.assertGreater(self._compare(other, theirs, self.company_b), 10)

    def test_on_hand_as_odoo_says(self):
        """Of goods that are all in warehouses and above zero, what Odoo itself says was on hand."""
        histories = self._make_histories(self.company, 30, 3)
        products = self.env["product.product"].concat(*histories)
        for day in SHEETS:
            sheet = self._sheet(day)
            end = self.company._moment_of(day + timedelta(days=1), time.min) - timedelta(seconds=1)
            for product in products.with_context(to_date=end):
                lines = self._lines(sheet, product)
                on_hand = sum(lines.mapped("quantity")) + sum(lines.mapped("negative_quantity"))
                consigned = sum(lines.mapped("consigned_quantity"))
                self.assertEqual(on_hand + consigned, product.qty_available)
