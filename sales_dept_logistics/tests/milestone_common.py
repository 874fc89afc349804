from datetime import date

from odoo.fields import Command

from .delivery_notice_common import DeliveryNoticeCommon

KINDS = ("material", "production", "produced", "inspected", "stock", "shipped", "signed")


class MilestoneCommon(DeliveryNoticeCommon):
    """Goods that are made, in a company without delivery notices that follows its milestones."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"sales_dept_delivery_notice": False, "sales_dept_milestones": True})
        cls.shaft.write({"milestone_supply": "made"})
        cls.stock = cls.warehouse.lot_stock_id
        cls.Milestone = cls.env["sale.order.milestone"]
        cls.Milestone._refresh_marked()

    @classmethod
    def _milestones(cls, line, **domain):
        """The milestones of `line` as they are at the end of the transaction, by kind."""
        cls.Milestone._refresh_marked()
        return {row.kind: row for row in cls.Milestone.search([("sale_line_id", "=", line.id)])}

    @classmethod
    def _stored(cls, name="Flange", supply="stock", **vals):
        """Goods whose stock Odoo keeps."""
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "consu",
                "is_storable": True,
                "list_price": 10.0,
                "taxes_id": False,
                "milestone_supply": supply,
                **vals,
            }
        )

    @classmethod
    def _put_in_stock(cls, product, quantity):
        cls.env["stock.quant"]._update_available_quantity(product, cls.stock, quantity)

    @classmethod
    def _tick(cls, row, user=None, **values):
        row.with_user(user or cls.assistant).action_tick(**values)

    def assertMilestones(self, line, **expected):
        """`expected`: for each kind its quantity done, or ``(quantity done, state)``; others have none done."""
        rows = self._milestones(line)
        done = {kind: row.quantity_done for kind, row in rows.items()}
        self.assertEqual(done, {kind: expected.get(kind, 0) for kind in rows})
        for kind, row in rows.items():
            quantity = expected.get(kind, 0)
            state = "done" if quantity >= row.quantity else "partial" if quantity else "waiting"
            self.assertEqual((kind, row.state), (kind, state))
            self.assertEqual((kind, bool(row.date_actual)), (kind, state == "done"))

    def _done_on(self, moves, moment):
        """Date moves that are done back to `moment`."""
        moves.write({"date": moment})
        moves.move_line_ids.write({"date": moment})

    @classmethod
    def _lines(cls, quantities, product=None, **vals):
        """A confirmed order with a line for each of `quantities`."""
        order = cls._create_quotation(
            order_line=[
                Command.create(
                    {"product_id": (product or cls.shaft).id, "product_uom_qty": quantity, "price_unit": 10.0}
                )
                for quantity in quantities
            ],
            **vals,
        )
        order.action_confirm()
        return order.order_line

    @classmethod
    def _promise(cls, lines, day):
        lines._write_protected({"promised_date": day})
        lines.order_id._apply_promised_dates()
        cls.Milestone._refresh_marked()

    @staticmethod
    def _day(text):
        return date.fromisoformat(text)
