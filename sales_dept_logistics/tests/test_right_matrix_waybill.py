from odoo import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.sales_dept_roles.tests.right_matrix import RightMatrixCase

HEAD = """# Who may what with waybills

Made by a test that tries all of it (`make rights` writes it, `make test` compares it):
`sales_dept_logistics/tests/test_right_matrix_waybill.py`. The roles are those of `rights.md`; the warehouse is Odoo's
own right to inventory. Record rules narrow what is seen further: one's own orders, one's own company.
"""


@tagged("post_install", "-at_install")
class TestRightMatrix(RightMatrixCase):
    """docs/rights-waybills.md says what each role may do with waybills; each cell of it is tried here."""

    addon = "sales_dept_logistics"
    prefix = "freight.waybill"
    page = "rights-waybills.md"
    head = HEAD

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people["Warehouse"] = new_test_user(
            cls.env, "matrix_warehouse", "stock.group_stock_user", email="w@company.example"
        )
        service = cls.env["product.product"].create({"name": "Freight", "type": "service"})
        cls.carrier = cls.env["delivery.carrier"].create(
            {"name": "Carrier", "product_id": service.id, "cooperation_mode": "monthly"}
        )

    def _waybill(self):
        """A waybill of an order of the account manager's."""
        product = self.env["product.product"].create({"name": "Shaft", "type": "consu"})
        order = self._order(order_line=[Command.create({"product_id": product.id, "product_uom_qty": 1})]).sudo()
        order.action_confirm()
        picking = order.picking_ids
        picking.write({"carrier_id": self.carrier.id, "carrier_tracking_ref": "A1"})
        picking.button_validate()
        return picking.waybill_ids

    def _scan(self):
        file = self.env["ir.attachment"].create({"name": "IMG.png", "raw": b"scan"})
        _filed, scans = self.env["freight.waybill.scan"]._file(file, self.company, self.carrier)
        return scans

    def _make_company_records(self):
        self._charge(self._waybill())
        self._scan()

    def _charge(self, waybill):
        """What a rate card would say of `waybill`."""
        waybill.charge_ids.create(
            {
                "waybill_id": waybill.id,
                "kind_id": self.env.ref("sales_dept_logistics.charge_freight").id,
                "company_id": waybill.company_id.id,
                "currency_id": waybill.currency_id.id,
                "expected_amount": 9,
            }
        )

    def _action_cases(self):
        Waybill = self.env["freight.waybill"]
        values = {"name": "B1", "carrier_id": self.carrier.id}
        loose = Waybill.create
        yield "Waybill: write by hand", lambda: Waybill, lambda waybills: waybills.create(values)
        yield "Waybill: read that of an order", self._waybill, lambda waybill: waybill.read(["name", "order_names"])
        yield "Waybill: correct", self._waybill, lambda waybill: waybill.write({"weight": 7})
        yield "Waybill: attach a scan", self._waybill, self._attach
        yield "Waybill: delete one of no delivery", lambda: loose(values), lambda waybill: waybill.unlink()
        yield "Waybills: download the register", self._waybill, lambda waybill: waybill._register_records([])
        yield "Waybills: import", lambda: self.env["freight.waybill.import"], lambda wizards: wizards.create({})
        yield "Month folder: read", self._month, lambda folder: folder.read(["missing_paper_count"])
        yield "Scans: file a pile", lambda: self.env["freight.waybill.scan.batch"], lambda wizards: wizards.create({})
        yield "Scan: say whose it is", self._scan, lambda scan: scan.write({"carrier_id": False})
        yield (
            "Delivery: write its number",
            self._numberless,
            lambda picking: picking.write({"carrier_tracking_ref": "C1"}),
        )

    def _attach(self, waybill):
        self.env["ir.attachment"].with_env(waybill.env).create(
            {"name": "scan.pdf", "raw": b"scan", "res_model": waybill._name, "res_id": waybill.id}
        )

    def _month(self):
        self._waybill()
        self.env.flush_all()
        return self.env["freight.waybill.month"].search([("carrier_id", "=", self.carrier.id)])

    def _numberless(self):
        picking = self._waybill().picking_ids
        picking.carrier_tracking_ref = False
        return picking
