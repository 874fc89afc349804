from datetime import date

from odoo.fields import Command
from odoo.tests import tagged

from .freight_statement_common import FreightStatementCommon


@tagged("post_install", "-at_install")
class TestFreightAnalysis(FreightStatementCommon):
    """What freight cost across currencies, and of what the goods were sold for."""

    def _rows(self, *aggregates, groupby=("carrier_id",)):
        self.env.flush_all()
        domain = [("carrier_id", "in", (self.sf | self.truck).ids)]
        return self.env["freight.analysis"].with_user(self.finance)._read_group(domain, groupby, aggregates)

    def _sold(self, numbers, quantity=4, price=500, **values):
        """An order of shafts that leaves under `numbers`; its waybills."""
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.shaft.id,
                            "product_uom_qty": quantity,
                            "price_unit": price,
                            "tax_ids": False,
                        }
                    )
                ],
                **values,
            }
        )
        order.action_confirm()
        order.picking_ids.write({"carrier_id": self.sf.id, "carrier_tracking_ref": numbers})
        return order.picking_ids

    def test_one_currency_for_all(self):
        """At the rate of the period's last day, whatever the rate is later."""
        other = self.env["res.currency"].create(
            {
                "name": "TST",
                "symbol": "T",
                "rate_ids": [
                    Command.create({"name": day, "rate": rate}) for day, rate in (("2031-01-01", 8), ("2031-04-01", 2))
                ],
            }
        )
        self._shipped(1)
        self._shipped("T1", carrier=self.truck).charge_ids.currency_id = other
        self._statement({"reference": "SF00000001", "amount": 130})
        lines = self._statement(
            {"reference": "T1", "amount": 100.06, "currency_id": other.id}, carrier=self.truck, currency_id=other.id
        ).line_ids
        self.assertEqual(lines.filtered("amount").currency_id, other)
        self.assertEqual(
            self._rows("company_amount:sum", "company_paid_amount:sum"),
            [(self.sf, 130, 130), (self.truck, 12.51, 12.51)],
        )

    def test_share_of_sales(self):
        """Two waybills of one delivery sold for 2,000 share it; a share is that of the sums, never their average."""
        self._sold("SF00000001,SF00000002").button_validate()
        self._sold("SF00000003", quantity=1, price=100).button_validate()
        waybills = self.env["freight.waybill"].search([("carrier_id", "=", self.sf.id)])
        self.assertEqual(len(waybills), 3)
        for waybill in waybills:
            self._agree(waybill, self.freight, 50)
            self._agree(waybill, self.fuel, 2)
        day = {"ship_date": waybills[0].shipped_date}
        self._statement(
            *({"reference": f"SF0000000{at}", "amount": 50, **day} for at in (1, 2, 3)),
            *({"reference": f"SF0000000{at}", "amount": 2, "kind_id": self.fuel.id, **day} for at in (1, 2, 3)),
        )
        self.assertEqual(self._rows("sales_amount:sum", groupby=("waybill_id",))[0][1:], (1000,))
        ((_carrier, sales, paid, share),) = self._rows("sales_amount:sum", "company_paid_amount:sum", "sales_share:avg")
        self.assertEqual((sales, paid), (2100, 156))
        self.assertAlmostEqual(share, 100 * 156 / 2100)

    def test_part_of_an_order(self):
        """What left is the share of its line; an order in another currency counts at its own rate."""
        other = self.env["res.currency"].create(
            {"name": "TST", "symbol": "T", "rate_ids": [Command.create({"name": "2031-01-01", "rate": 8})]}
        )
        pricelist = self.env["product.pricelist"].create({"name": "TST", "currency_id": other.id})
        picking = self._sold("SF00000001", pricelist_id=pricelist.id)
        picking.move_ids.quantity = 1
        picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(picking.state, "done")
        waybill = self.env["freight.waybill"].search([("carrier_id", "=", self.sf.id)])
        self._agree(waybill, self.freight, 25)
        self._statement({"reference": "SF00000001", "amount": 25, "ship_date": date(2031, 3, 31)})
        self.assertEqual(self._rows("sales_amount:sum", "sales_share:avg"), [(self.sf, 62.5, 40)])

    def test_nothing_sold(self):
        self._shipped(1)
        self._statement({"reference": "SF00000001"})
        self.assertEqual(self._rows("sales_amount:sum", "sales_share:avg"), [(self.sf, False, False)])

    def test_by_zone_customer_and_weight_band(self):
        """What a kg costs is what was paid for all charges of the waybills, of all their kg."""
        customer = self.env["res.partner"].create({"name": "Customer's Works", "parent_id": self.customer.id})
        self._shipped(1, weight=10, fuel=10, zone="Hubei", partner_id=customer.id)
        self._shipped(2, weight=90, zone="Hubei")
        self._shipped(3, weight=1001)
        statement = self._statement(
            {"reference": "SF00000001", "amount": 100},
            {"reference": "SF00000001", "amount": 10, "kind_id": self.fuel.id},
            {"reference": "SF00000002", "amount": 130},
            {"reference": "SF00000003", "amount": 100},
            {"reference": "UNKNOWN", "amount": 50},
        )
        self._line(statement, "SF00000002").with_user(self.assistant).action_dispute()
        sums = ("company_paid_amount:sum", "recovered_amount:sum", "weight:sum", "cost_per_kg:avg")
        by_zone = {zone: figures for zone, *figures in self._rows(*sums, groupby=("zone",))}
        self.assertEqual(by_zone["Hubei"], [210, 30, 100, 2.1])
        self.assertEqual(by_zone["Guangdong"][:3], [100, 0, 1001])
        self.assertEqual(by_zone[False][2:], [False, False])
        bands = {band: cost for band, cost in self._rows("cost_per_kg:avg", groupby=("weight_band",)) if band}
        self.assertEqual(list(bands), ["3. ≤ 20", "4. ≤ 100", "7. > 1000"])
        self.assertEqual((bands["3. ≤ 20"], bands["4. ≤ 100"]), (11, 100 / 90))
        # A kg counts once, and wherever something was paid for it.
        kinds = dict(self._rows("cost_per_kg:avg", groupby=("kind_id",)))
        self.assertAlmostEqual(kinds[self.fuel], 1)
        self.assertAlmostEqual(kinds[self.freight], 300 / 1101)
        customers = dict(self._rows("company_amount:sum", groupby=("partner_id",)))
        self.assertEqual(customers[self.customer], 110, "of the company, whichever of its addresses it went to")
