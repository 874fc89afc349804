from odoo.fields import Command
from odoo.tests import tagged

from .customer_statement_common import CustomerStatementCommon


@tagged("post_install", "-at_install", "sales_dept_wide")
class TestCustomerStatementKits(CustomerStatementCommon):
    """A statement says how many kits were shipped by its last day, whatever left after it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kit, cls.case, cls.screw = cls.env["product.product"].create(
            [{"name": name, "is_storable": True, "taxes_id": False} for name in ("Kit", "Case", "Screw")]
        )
        cls.bom = cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": cls.kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": part.id, "product_qty": count})
                    for part, count in ((cls.case, 1), (cls.screw, 3))
                ],
            }
        )

    @classmethod
    def _sold(cls, kits=7, price=20.0):
        return cls._order(cls.manager1, kits, price=price, product=cls.kit).order_line

    @classmethod
    def _leave(cls, line, part, quantity, day, back=None):
        """So many of a component leave on `day`; or come back, of the move `back`."""
        places = (cls.client, cls.stock) if back else (cls.stock, cls.client)
        move = cls.env["stock.move"].create(
            {
                "product_id": part.id,
                "product_uom_qty": quantity,
                "quantity": quantity,
                "picked": True,
                "sale_line_id": line.id,
                "bom_line_id": cls.bom.bom_line_ids.filtered(lambda row: row.product_id == part).id,
                "location_id": places[0].id,
                "location_dest_id": places[1].id,
                "origin_returned_move_id": back and back.id,
                "to_refund": bool(back),
            }
        )
        move._action_done()
        move.date = cls._noon(day)
        return move

    def _kits_stated(self, statement):
        return sum(statement.line_ids.mapped("quantity"))

    def test_as_of_the_last_day(self):
        """4 cases and 15 screws by the end of March make 4 kits; what left in April is on the next one."""
        line = self._sold()
        self._leave(line, self.case, 4, "2026-03-10")
        self._leave(line, self.screw, 15, "2026-03-11")
        self._leave(line, self.case, 3, "2026-04-01")
        self._leave(line, self.screw, 6, "2026-04-01")
        self.assertEqual(line.qty_delivered, 7)
        first = self._sent("2026-03-31")
        self.assertEqual(self._rows(first), [("shipment", 4, 80)])
        second = self._sent("2026-04-01")
        self.assertEqual(self._rows(second), [("shipment", 3, 60)])
        self.assertAddsUp(second)

    def test_no_kit_without_all_its_components(self):
        line = self._sold()
        self._leave(line, self.case, 4, "2026-03-10")
        self.assertFalse(self._statement().line_ids)

    def test_came_back_later(self):
        line = self._sold()
        self._leave(line, self.case, 4, "2026-03-10")
        screws = self._leave(line, self.screw, 12, "2026-03-10")
        self._leave(line, self.screw, 3, "2026-04-01", back=screws)
        self.assertEqual(line.qty_delivered, 3)
        self.assertEqual(self._kits_stated(self._sent("2026-03-31")), 4)
        self.assertEqual(self._rows(self._sent("2026-04-01")), [("shipment", -1, -20)])

    def test_before_the_first_day_of_all(self):
        """What was shipped before the first statement began is in its opening balance."""
        line = self._sold()
        for day, kits in (("2026-02-10", 2), ("2026-03-10", 5)):
            self._leave(line, self.case, kits, day)
            self._leave(line, self.screw, kits * 3, day)
        self.assertEqual(self._kits_stated(self._statement(date_from="2026-03-01")), 5)

    def test_entered_late(self):
        """A component of March that is entered in April stands on the next statement, as late."""
        line = self._sold()
        self._leave(line, self.case, 4, "2026-03-10")
        self._leave(line, self.screw, 9, "2026-03-10")
        self.assertEqual(self._kits_stated(self._sent("2026-03-31")), 3)
        self._leave(line, self.screw, 3, "2026-03-30")
        self.assertEqual(self._rows(self._sent("2026-04-01")), [("shipment", 1, 20)])
