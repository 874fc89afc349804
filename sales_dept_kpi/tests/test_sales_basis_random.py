from odoo.tests import tagged

from .sales_basis_random_common import SPAN, SalesBasisRandomCommon


@tagged("post_install", "-at_install")
class TestSalesBasisRandom(SalesBasisRandomCommon):
    """Histories by chance: the set-based figures are those that one adds up document by document."""

    def test_each_basis(self):
        for basis in ("invoiced", "ordered", "delivered"):
            self.company.sales_dept_sales_basis = basis
            expected = self._reference(basis)
            self.assertGreater(len(expected), 1, f"nothing is tried by {basis}")
            for method in ("_documents_sql", "_lines_sql"):
                found = {user: sums for user, sums in self._sales(*SPAN, method=method).items() if any(sums)}
                with self.subTest(basis=basis, method=method):
                    self.assertEqual(found, expected)

    def test_without_splits_the_fast_way_is_the_same(self):
        self.env["sales.credit.split"].search([]).unlink()
        fast = self._sales(*SPAN)
        self.assertEqual(fast, self._sales(*SPAN, method="_lines_sql"))
        self.assertEqual({user: sums for user, sums in fast.items() if any(sums)}, self._reference("invoiced"))

    def test_first_sales(self):
        """A customer's first document of all, found by walking through them in their order."""
        for basis in ("invoiced", "ordered", "delivered"):
            self.company.sales_dept_sales_basis = basis
            rows = self._rows(self.env["sales.basis"]._first_sales_sql(self.company, *SPAN))
            found = {row["partner_id"] for row in rows}
            first = {}
            for order, _user, day, amount in sorted(getattr(self, f"_{basis}")(), key=lambda row: row[2]):
                if amount > 0:
                    first.setdefault(order.partner_id.commercial_partner_id.id, day)
            with self.subTest(basis=basis):
                self.assertEqual(found, {partner for partner, day in first.items() if SPAN[0] <= day < SPAN[1]})

    def test_shares_never_change_the_sum(self):
        """The counterfactual: without its splits the company has the same total, and the people do not."""
        self.company.sales_dept_sales_basis = "ordered"
        split = self._sales(*SPAN)
        self.env["sales.credit.split"].search([]).unlink()
        alone = self._sales(*SPAN)
        self.assertEqual(sum(sums[0] for sums in split.values()), sum(sums[0] for sums in alone.values()))
        self.assertNotEqual(split, alone)

    def test_documents_have_a_name_each(self):
        rows = self._rows(self.env["sales.basis"]._documents_sql(self.company, *SPAN))
        keys = [(row["user_id"], row["res_model"], row["res_id"]) for row in rows]
        self.assertEqual(len(keys), len(set(keys)))
        self.assertTrue(all(row["name"] for row in rows))
