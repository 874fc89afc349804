from odoo.tests import tagged

from .freight_statement_common import FreightStatementCommon

KINDS = 60


@tagged("post_install", "-at_install")
class TestFreightStatementBill(FreightStatementCommon):
    def _billed(self, statement):
        statement.line_ids.filtered("is_exception").with_user(self.assistant).action_accept()
        statement.with_user(self.assistant).action_approval_submit()
        for user in (self.finance, self.director):
            statement.with_user(user).action_approval_approve()
        statement.with_user(self.finance).action_create_bill()
        return statement.bill_ids.move_id

    def test_no_more_than_fifty_lines(self):
        """Of many kinds the smallest stand together, credits for themselves; nothing is lost of the sum."""
        self._keep_books()
        self._shipped(1)
        kinds = self.env["freight.charge.kind"].create(
            [{"name": f"Extra {number}", "code": f"extra{number}"} for number in range(KINDS)]
        )
        statement = self._statement(
            {"reference": "SF00000001"},
            *(
                {"reference": "SF00000001", "kind_id": kind.id, "amount": number}
                for number, kind in enumerate(kinds, 1)
            ),
            {"reference": "SF00000001", "kind_id": self.other.id, "amount": -7},
        )
        bill = self._billed(statement)
        lines = bill.invoice_line_ids
        self.assertLessEqual(len(lines), 50)
        self.assertGreater(len(lines), 45)
        self.assertEqual(bill.amount_untaxed, 100 + KINDS * (KINDS + 1) / 2 - 7)
        self.assertEqual(bill.amount_untaxed, statement.payable_total)
        self.assertEqual(lines.filtered(lambda line: line.price_unit < 0).mapped("price_unit"), [-7])
        self.assertIn("Other charges", lines.mapped("name"))
        self.assertIn("Extra 59", lines.mapped("name"), "the greatest keep their name")
        self.assertNotIn("Extra 0", lines.mapped("name"))

    def test_analysed_by_kind_and_linked_both_ways(self):
        self._keep_books()
        analytic = self.env["account.analytic.account"].create(
            {"name": "Fuel", "plan_id": self.env["account.analytic.plan"].create({"name": "Costs"}).id}
        )
        self.fuel.analytic_account_id = analytic
        self._shipped(1, fuel=10)
        statement = self._statement(
            {"reference": "SF00000001"}, {"reference": "SF00000001", "kind_id": self.fuel.id, "amount": 10}
        )
        bill = self._billed(statement)
        self.assertEqual(
            {line.price_unit: line.analytic_distribution for line in bill.invoice_line_ids},
            {100: False, 10: {str(analytic.id): 100}},
        )
        self.assertEqual(bill.invoice_origin, statement.name)
        for record, other in ((bill, statement), (statement, bill)):
            links = [f'data-oe-model="{other._name}"', f'data-oe-id="{other.id}"']
            bodies = [str(message.body).replace("'", '"') for message in record.message_ids]
            self.assertTrue(any(all(link in body for link in links) for body in bodies), bodies)
        self.assertEqual(statement.with_user(self.director).action_open_bills()["res_id"], bill.id)
