from datetime import datetime, timedelta

from odoo.fields import Command

from odoo.addons.sales_dept_roles.tests.common import SalesDeptCommon

OUTSIDE = {
    "supplier": "stock.stock_location_suppliers",
    "customer": "stock.stock_location_customers",
}


class StockAgeingCommon(SalesDeptCommon):
    """A company in Shanghai with two warehouses, and goods whose moves were done when a test says so."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        calendar = cls.env["resource.calendar"].create({"name": "Shanghai", "tz": "Asia/Shanghai"})
        cls.company.resource_calendar_id = calendar
        cls.env["res.company"].search([]).sales_dept_stock_ageing = False
        cls.warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)], limit=1)
        cls.other_warehouse = cls.env["stock.warehouse"].create({"name": "Second", "code": "SECND"})
        cls.stock, cls.second = cls.warehouse.lot_stock_id, cls.other_warehouse.lot_stock_id
        cls.shelf = cls.env["stock.location"].create({"name": "Shelf", "location_id": cls.stock.id})
        cls.supplier, cls.client = (cls.env.ref(OUTSIDE[name]) for name in ("supplier", "customer"))
        cls.lost = cls.env["stock.location"].search(
            [("usage", "=", "inventory"), ("company_id", "=", cls.company.id)], limit=1
        )
        # Goods that were there before belong to no test.
        cls.env["stock.quant"].search([]).sudo().unlink()
        cls.goods = cls._create_goods("Gear")

    @classmethod
    def _create_goods(cls, name, cost=10.0, **vals):
        return cls.env["product.product"].create(
            {"name": name, "is_storable": True, "standard_price": cost, "list_price": 30.0, **vals}
        )

    @classmethod
    def _move(cls, source, target, quantity, day, product=None, origin=None, owner=None, uom=None, company=None):
        """Do a move, as of noon of `day` at the company, or of a moment."""
        (move,) = cls._do_moves(
            [
                {
                    "source": source,
                    "target": target,
                    "quantity": quantity,
                    "moment": cls._moment(day),
                    "product": product or cls.goods,
                    "origin": origin,
                    "owner": owner,
                    "uom": uom,
                    "company": company or cls.company,
                }
            ]
        )
        return move

    @classmethod
    def _moment(cls, day):
        if isinstance(day, str) and len(day) == 10:
            return datetime.fromisoformat(f"{day} 04:00:00")
        return datetime.fromisoformat(day) if isinstance(day, str) else day

    @classmethod
    def _do_moves(cls, rows):
        """Do moves together, and date them back as Odoo's own does when the date of a transfer is changed."""
        moves = cls.env["stock.move"].create([cls._prepare_move(**row) for row in rows])
        moves._action_done()
        for move, row in zip(moves, rows, strict=True):
            move.date = row["moment"]
        return moves

    @classmethod
    def _prepare_move(cls, source, target, quantity, product, company, origin=None, owner=None, uom=None, **_other):
        uom = uom or product.uom_id
        places = {"location_id": source.id, "location_dest_id": target.id}
        return {
            "product_id": product.id,
            "product_uom": uom.id,
            "product_uom_qty": quantity,
            "company_id": company.id,
            "origin_returned_move_id": origin and origin.id,
            "picked": True,
            **places,
            "move_line_ids": [
                Command.create(
                    {
                        "product_id": product.id,
                        "product_uom_id": uom.id,
                        "quantity": quantity,
                        "company_id": company.id,
                        "owner_id": owner and owner.id,
                        "picked": True,
                        **places,
                    }
                )
            ],
        }

    @classmethod
    def _sheet(cls, day, user=None, company=None):
        """A sheet of the end of `day`, with its figures."""
        sheet = (
            cls.env["stock.ageing.sheet"]
            .with_user(user or cls.assistant)
            .create({"date": day, "company_id": (company or cls.company).id})
        )
        sheet.action_compute()
        return sheet

    @classmethod
    def _lines(cls, sheet, product=None):
        return sheet.sudo().line_ids.filtered(lambda line: line.product_id == (product or cls.goods))

    @classmethod
    def _buckets(cls, lines):
        names = ("quantity_0_30", "quantity_31_60", "quantity_61_90", "quantity_over_90")
        return [sum(lines.mapped(name)) for name in names]

    @classmethod
    def _explain(cls, lines, user=None, **vals):
        lines.with_user(user or lines.user_id).write(
            {
                "cause": "The customer put the order off",
                "measure": "ship",
                "measure_date": lines[0].date + timedelta(days=20),
                "measure_user_id": lines[0].user_id.id,
                **vals,
            }
        )

    @classmethod
    def _sell(cls, product, user, quantity=1, day="2026-01-05", customer=None):
        """A confirmed order of `product`, by `user`, which is still to be delivered."""
        order = cls._create_quotation(
            cls.director,
            partner_id=(customer or cls.customer).id,
            user_id=user and user.id,
            order_line=[Command.create({"product_id": product.id, "product_uom_qty": quantity, "price_unit": 30})],
        ).sudo()
        cls.company.sales_dept_quote_signoff = "off"
        order.action_confirm()
        order.date_order = cls._moment(day)
        return order
