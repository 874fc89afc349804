from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from .test_quote_terms_differential import QuoteTermsCommon


@tagged("post_install", "-at_install")
class TestTermsFollow(QuoteTermsCommon):
    """Stored states follow master data: at once where few documents show it, else by the cron."""

    def _states(self, *orders):
        self.env.flush_all()
        self.env.invalidate_all()
        return [(order.approval_state, order.quote_released) for order in orders]

    def test_at_once(self):
        changes = {
            "customer": (self.customer, {"name": "Quite Another Ltd"}),
            "address": (self.delivered, {"street": "Elsewhere 1"}),
            "payment term": (self.term, {"name": "Soon"}),
            "its line": (self.term.line_ids, {"nb_days": 120}),
            "tax": (self.tax, {"amount": 50}),
            "fiscal position": (self.position, {"note": "<p>Something else</p>"}),
            "unit": (self.unit, {"name": "Crate"}),
        }
        for name, (record, values) in changes.items():
            before = record.read(list(values))[0]
            with self.subTest(change=name):
                record.with_user(self.keeper).write(values)
                self.assertEqual(self._states(self.order), [("stale", False)])
                record.with_user(self.keeper).write({key: before[key] for key in values})
                self.assertEqual(self._states(self.order), [("approved", True)])

    def test_what_nobody_signed_asks_for_nothing(self):
        with patch.object(self.registry["sale.order"], "_approval_recheck_state") as recheck:
            self.customer.with_user(self.keeper).write({"comment": "Pays late", "ref": "K 1"})
            self.assertFalse(recheck.called)

    def test_many_follow_by_the_cron(self):
        other = self._create_quotation(payment_term_id=self.term.id)
        self._sign(other)
        cron = self.env.ref("sales_dept_roles.ir_cron_approval_recheck")
        trigger = patch.object(self.registry["ir.cron"], "_trigger")
        limit = patch.object(self.registry["account.payment.term.line"], "_approval_followed_at_once", 1)
        with limit, trigger as triggered:
            self.term.line_ids.nb_days = 120
            self.assertTrue(triggered.called)
        self.assertEqual(self._states(other), [("stale", False)], "the latest at once")
        self.assertEqual(self._states(self.order), [("approved", True)], "the others not yet")
        self.assertTrue(self.order._quote_signoff_unreleased(), "but no gate goes by that")
        with patch.object(self.registry["ir.cron"], "_commit_progress", return_value=60):
            cron.ir_actions_server_id.with_user(cron.user_id).run()
        self.assertEqual(self._states(self.order, other), [("stale", False)] * 2)

    def test_one_query_whatever_the_number(self):
        """Terms of many documents with many lines cost as many queries as those of one."""

        def count(orders):
            approvals = orders._approvals_in_force()
            # As a gate finds them: the orders and their lines are read already.
            self.env.invalidate_all()
            orders.order_line.mapped("product_uom_qty")
            orders.partner_id.mapped("name")
            approvals = orders._approvals_in_force()
            before = self.cr.sql_log_count
            self.assertEqual(orders._approval_matching(approvals), set(orders.ids))
            return self.cr.sql_log_count - before

        lines = [Command.create({"product_id": self.product.id, "tax_ids": self.tax.ids}) for _number in range(30)]
        many = self.env["sale.order"].sudo()
        for _number in range(4):
            many |= self._create_quotation(payment_term_id=self.term.id, order_line=lines).sudo()
        for order in many:
            self._sign(order)
        few = many[:1]
        self.env.flush_all()
        count(few)
        self.assertEqual(count(few), count(many))
        self.assertLessEqual(count(many), 4)
