from io import BytesIO

import xlsxwriter
from freezegun import freeze_time

from odoo.fields import Command

from odoo.addons.sales_dept_roles.tests.common import SalesDeptCommon

# 23:30 of 31 March in Shanghai.
NOW = "2031-03-31 15:30:00"


class WaybillCommon(SalesDeptCommon):
    """A company in Shanghai with two carriers, goods in stock and people who keep waybills."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(NOW))
        cls.company.sales_dept_quote_signoff = "off"
        cls.company.resource_calendar_id.tz = "Asia/Shanghai"
        cls.logistics = cls._create_role_user("logistics_test", "group_review_logistics")
        cls.warehouse_user = cls._create_role_user("warehouse_test")
        cls.warehouse_user.group_ids = [Command.link(cls.env.ref("stock.group_stock_user").id)]
        cls.warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)], limit=1)
        cls.stock = cls.warehouse.lot_stock_id
        cls.customers = cls.env.ref("stock.stock_location_customers")
        cls.shaft = cls._product("Shaft", weight=2.0, volume=0.01)
        cls.sf = cls._carrier(
            "SF Test", number_prefix="SF", number_digits=8, cooperation_mode="monthly", transport_mode="express"
        )
        cls.truck = cls._carrier("Truck Test")

    @classmethod
    def _product(cls, name, **values):
        product = cls.env["product.product"].create({"name": name, "type": "consu", "is_storable": True, **values})
        cls.env["stock.quant"]._update_available_quantity(product, cls.stock, 1000)
        return product

    @classmethod
    def _carrier(cls, name, **values):
        service = cls.env["product.product"].create({"name": f"Freight {name}", "type": "service"})
        return cls.env["delivery.carrier"].create({"name": name, "product_id": service.id, **values})

    @classmethod
    def _delivery(cls, refs="SF00000001", carrier=None, quantity=3, **values):
        """A delivery that waits to be done."""
        carrier = cls.sf if carrier is None else carrier
        move = {
            "product_id": cls.shaft.id,
            "product_uom_qty": quantity,
            "location_id": cls.stock.id,
            "location_dest_id": cls.customers.id,
        }
        picking = cls.env["stock.picking"].create(
            {
                "picking_type_id": cls.warehouse.out_type_id.id,
                "partner_id": cls.customer.id,
                "location_id": cls.stock.id,
                "location_dest_id": cls.customers.id,
                "carrier_id": carrier.id,
                "carrier_tracking_ref": refs,
                "move_ids": [Command.create(move)],
                **values,
            }
        )
        picking.action_confirm()
        picking.action_assign()
        return picking

    @classmethod
    def _done(cls, *args, **values):
        picking = cls._delivery(*args, **values)
        picking.button_validate()
        assert picking.state == "done", picking.state
        return picking

    @classmethod
    def _waybill(cls, name="SF00000009", carrier=None, **values):
        return cls.env["freight.waybill"].create({"name": name, "carrier_id": (carrier or cls.sf).id, **values})

    @classmethod
    def _pack(cls, picking, weights, numbers=None):
        """Part the goods of `picking` into packages, one piece each."""
        packages = cls.env["stock.package"].create(
            [
                {"name": f"BOX{at}", "shipping_weight": weight, "carrier_tracking_ref": (numbers or {}).get(at)}
                for at, weight in enumerate(weights)
            ]
        )
        move = picking.move_ids
        move.move_line_ids.unlink()
        cls.env["stock.move.line"].create(
            [
                {
                    "move_id": move.id,
                    "picking_id": picking.id,
                    "product_id": move.product_id.id,
                    "location_id": move.location_id.id,
                    "location_dest_id": move.location_dest_id.id,
                    "quantity": 1,
                    "result_package_id": package.id,
                }
                for package in packages
            ]
        )
        return packages

    @classmethod
    def _attach(cls, record, name="scan.pdf", raw=b"scan"):
        return cls.env["ir.attachment"].create(
            {"name": name, "raw": raw, "res_model": record._name, "res_id": record.id}
        )

    @classmethod
    def _sheet(cls, *rows, sheets=None, heading=("Waybill No.", "Shipped On")):
        """An XLSX file of `rows` below `heading`; `sheets`: ``{title: rows}`` in place of both."""
        output = BytesIO()
        with xlsxwriter.Workbook(output, {"in_memory": True}) as book:
            for title, lines in (sheets or {"Waybills": [heading, *rows]}).items():
                sheet = book.add_worksheet(title)
                for at, line in enumerate(lines):
                    sheet.write_row(at, 0, line)
        return output.getvalue()
