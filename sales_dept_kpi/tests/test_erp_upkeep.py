import base64
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.sales_dept_roles.tests.common import SalesDeptCommon


@tagged("post_install", "-at_install")
class TestErpUpkeep(SalesDeptCommon):
    """What each person leaves untended in Odoo, by kind: each count opens exactly the records that it counts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.sales_dept_quote_signoff = "off"
        cls.company.sales_dept_stale_days = 14
        cls.goods = cls.env["product.product"].create({"name": "Gear", "is_storable": True, "taxes_id": False})

    # === HELPERS === #

    def _rows(self, kind, user=None):
        rows = self.env["sales.erp.upkeep"].with_user(user or self.director).search([("kind", "=", kind)])
        # Counted anew, whatever was read before.
        rows.invalidate_recordset()
        return rows

    def _counts(self, kind, person):
        row = self._rows(kind).filtered(lambda row: row.user_id == (person or row.user_id.browse()))
        return row.untended_count, row.total_count

    def _open(self, row):
        """The records that the count opens."""
        action = row.action_open_untended()
        records = self.env[action["res_model"]].with_user(row.env.user).search(action["domain"])
        self.assertEqual(len(records), row.untended_count, row.kind)
        return records

    def _age(self, records, days):
        """As if nobody had changed them for so many days."""
        self.env.flush_all()
        moment = fields.Datetime.now() - timedelta(days=days)
        self.env.cr.execute(f"UPDATE {records._table} SET write_date = %s WHERE id IN %s", (moment, tuple(records.ids)))
        records.invalidate_recordset()

    def _plan(self, record, user, days, **vals):
        return record.sudo().activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=self.company._local_today() + timedelta(days=days),
            user_id=user.id,
            **vals,
        )

    def _order(self, person, **vals):
        order = self._create_quotation(
            self.director,
            user_id=person.id,
            order_line=[Command.create({"product_id": self.goods.id, "product_uom_qty": 1, "price_unit": 10})],
            **vals,
        ).sudo()
        order.action_confirm()
        return order

    def _only(self, kind, person, records):
        """The kind counts `records`, and they alone, as left by `person`; and its list shows them."""
        self.env.flush_all()
        row = self._rows(kind).filtered(lambda row: row.user_id == person and row.untended_count)
        self.assertEqual(self._open(row) if row else records.browse(), records.with_user(self.director))

    # === KINDS === #

    def test_stale_quotations(self):
        """Not changed for 14 days, nothing planned; yesterday's, planned and confirmed ones are tended."""
        before = self._counts("quotation", self.manager1)
        quotations = stale, planned, fresh, done = [
            self._create_quotation(self.director, user_id=self.manager1.id).sudo() for _number in range(4)
        ]
        done.action_confirm()
        self._plan(planned, self.manager1, 3)
        self._age(stale | planned | done, 16)
        self._age(fresh, 12)
        self._only("quotation", self.manager1, stale)
        self.assertEqual(self._counts("quotation", self.manager1), (before[0] + 1 if before[0] else 1, 3))
        self.assertEqual(len(quotations), 4)
        self.company.sales_dept_stale_days = 30
        self._only("quotation", self.manager1, stale.browse())

    def test_stale_opportunities(self):
        Lead = self.env["crm.lead"].sudo()
        values = {"type": "opportunity", "user_id": self.manager1.id, "company_id": self.company.id}
        stale, lost, fresh = Lead.create([{**values, "name": name} for name in ("stale", "lost", "fresh")])
        shared = Lead.create({**values, "name": "shared", "company_id": False, "team_id": False})
        lost.action_set_lost()
        self._age(stale | lost | shared, 16)
        self._only("opportunity", self.manager1, stale | shared)
        self.assertTrue(fresh)

    def test_overdue_activities(self):
        """On the department's documents; those of other apps are none of this."""
        order = self._create_quotation(self.director, user_id=self.manager1.id)
        late = self._plan(order, self.manager1, -1)
        self._plan(order, self.manager1, 0)
        self._plan(self.env["product.template"].create({"name": "Other"}), self.manager1, -1)
        self._plan(order, self.manager1, -1).action_done()
        self._only("activity", self.manager1, late)

    def test_orders_without_dates(self):
        """Of an order with a date, or whose lines have theirs, nothing is missing."""
        missing = self._order(self.manager1)
        self._order(self.manager1, commitment_date=datetime(2031, 3, 5, 4))
        lines = self._order(self.manager1)
        lines.order_line.wanted_date = "2031-03-05"
        cancelled = self._order(self.manager1)
        cancelled._action_cancel()
        self._only("order_dates", self.manager1, missing)
        self.assertEqual(self._counts("order_dates", self.manager1), (1, 3))

    def test_incomplete_customer_files(self):
        """Of customers with orders; whose nobody is, is of the latest order's salesperson."""
        self.company.sales_dept_customer_file = False
        buyer = self.env["res.partner"].create({"name": "Buyer", "is_company": True})
        self._order(self.manager2, partner_id=buyer.id)
        self._create_quotation(self.director, partner_id=self.customer.id, user_id=self.manager2.id)
        self.assertFalse(self._rows("customer_file"), "the company keeps no customer files")
        self.company.sales_dept_customer_file = True
        self._only("customer_file", self.manager2, buyer)
        buyer.user_id = self.manager1
        self._only("customer_file", self.manager1, buyer)
        buyer.sudo()._write_protected({"approval_state": "approved", "customer_file_state": "archived"})
        self._only("customer_file", self.manager1, buyer.browse())

    def test_reviews_overdue(self):
        """The account manager's until received; the department that was asked is nobody in particular."""
        order = self._create_quotation(self.director, user_id=self.manager1.id)
        review = self.env["sale.order.review"].sudo().create({"order_id": order.id})
        review._write_protected({"state": "review", "deadline": fields.Datetime.now() + timedelta(days=1)})
        self._only("review", self.manager1, review.browse())
        review._write_protected({"deadline": fields.Datetime.now() - timedelta(days=1)})
        self._only("review", self.manager1, review)
        review._write_protected({"receive_date": fields.Datetime.now()})
        self._only("review", self.manager1, review.browse())

    def test_opinions_overdue(self):
        order = self._create_quotation(self.manager1, user_id=self.manager1.id, commitment_date=datetime(2031, 3, 5, 4))
        review = self.env["sale.order.review"].with_user(self.manager1).create({"order_id": order.id})
        review.action_approval_submit()
        review.with_user(self.gm).action_approval_approve()
        self.assertEqual(review.state, "review")
        review = review.sudo()
        self._only("opinion", self.env["res.users"], review.browse())
        asked = review.opinion_ids.task_id.filtered(lambda task: task.state == "open")
        asked[:1].deadline = fields.Datetime.now() - timedelta(days=1)
        self._only("opinion", self.env["res.users"], review)

    def test_agreements_expiring(self):
        """Ending within the warning time and no renewal begun."""
        today = self.company._local_today()

        def agreement(days, **vals):
            record = (
                self.env["sales.agreement"]
                .sudo()
                .create(
                    {
                        "kind": "sales",
                        "partner_id": self.customer.id,
                        "user_id": self.manager1.id,
                        "subject": "Gears",
                        "date_start": today - timedelta(days=100),
                        "date_end": today + timedelta(days=days),
                        "signed_scan": base64.b64encode(b"%PDF-1.4 signed by both"),
                        "signed_date": today - timedelta(days=100),
                        **vals,
                    }
                )
            )
            record._write_protected({"approval_state": "approved"})
            return record

        ending, renewed, _later = agreement(5), agreement(5), agreement(300)
        agreement(400, predecessor_id=renewed.id)
        self._only("agreement", self.manager1, ending)

    def test_goods_ready_without_a_notice(self):
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", self.company.id)], limit=1)
        self.env["stock.quant"]._update_available_quantity(self.goods, warehouse.lot_stock_id, 1)
        self.company.sales_dept_delivery_notice = True
        ready = self._order(self.manager1)
        self._order(self.manager1)
        self._only("notice", self.manager1, ready)
        self.assertEqual(self._counts("notice", self.manager1), (1, 2))

    def test_customers_not_told(self):
        """Of what is open or handled; once the customer is told, it is over or given up, nothing is left."""
        order = self._order(self.manager1)
        exceptions = waits, handled, known, told, over, given_up = self.env["sale.order.exception"].create(
            [
                {"order_id": order.id, "cause": cause, "description": "A week late"}
                for cause in ("picking", "production", "purchase", "short", "damaged", "other")
            ]
        )
        (handled | told | over).measure = "Sent by air"
        (known | told | over)._write_protected({"date_told": fields.Datetime.now(), "told_text": "Told"})
        told._write_protected({"state": "told"})
        over._write_protected({"state": "closed"})
        given_up.cancel_reason = "It left in time"
        given_up._write_protected({"state": "cancelled"})
        self.assertEqual(exceptions.mapped("state"), ["open", "handled", "open", "told", "closed", "cancelled"])
        self._only("exception", self.manager1, waits | handled)
        self.assertEqual(self._counts("exception", self.manager1), (2, 3))
        self.assertEqual(self._counts("exception", self.manager2), (0, 0))
        order.user_id = self.manager2
        self._only("exception", self.manager2, waits | handled)
        waits.measure = "Sent by air"
        (waits | handled)._write_protected({"date_told": fields.Datetime.now(), "told_text": "Told", "state": "told"})
        self._only("exception", self.manager2, waits.browse())

    # === ALL TOGETHER === #

    def test_every_count_opens_what_it_counts(self):
        """Whatever there is in the database: for each kind and person, the list is as long as the count says."""
        self.test_stale_quotations()
        self.test_overdue_activities()
        self._order(self.manager2)
        rows = self.env["sales.erp.upkeep"].with_user(self.director).search([("untended_count", ">", 0)])
        self.assertGreaterEqual(len(rows), 2)
        for row in rows:
            self._open(row)

    def test_what_is_tended_drops_out_of_the_open_list(self):
        order = self._order(self.manager1)
        self.env.flush_all()
        action = self._rows("order_dates").filtered(lambda row: row.user_id == self.manager1).action_open_untended()
        order.commitment_date = datetime(2031, 3, 5, 4)
        self.assertFalse(self.env["sale.order"].search(action["domain"]))

    def test_share_of_a_group_is_that_of_its_sums(self):
        for _number in range(3):
            self._order(self.manager1, commitment_date=datetime(2031, 3, 5, 4))
        self._order(self.manager2)
        self.env.flush_all()
        upkeep = self.env["sales.erp.upkeep"].with_user(self.director)
        domain = [("kind", "=", "order_dates"), ("user_id", "in", (self.manager1 | self.manager2).ids)]
        self.assertEqual(upkeep._read_group(domain, [], ["share:avg"]), [(75,)])
        by_person, total = upkeep._read_grouping_sets(domain, [["user_id"], []], ["share:avg"])
        self.assertEqual(dict(by_person), {self.manager1: 100, self.manager2: 0})
        self.assertEqual(total, [(75,)])

    def test_queries_do_not_grow(self):
        def read():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["sales.erp.upkeep"].with_user(self.director).search_read([], ["untended_count", "kind"])
            return self.env.cr.sql_log_count - before

        self._order(self.manager1)
        read()
        few = read()
        for _number in range(6):
            self._order(self.manager2)
        self.assertEqual(read(), few)

    # === WHO SEES WHAT === #

    def test_the_director_sees_all_a_person_their_own(self):
        self._order(self.manager1)
        self._order(self.manager2)
        self.env.flush_all()
        for user in (self.director, self.gm):
            self.assertLessEqual(self.manager1 | self.manager2, self._rows("order_dates", user).user_id)
        self.assertEqual(self._rows("order_dates", self.manager1).user_id, self.manager1)
        theirs = self._rows("order_dates").filtered(lambda row: row.user_id == self.manager2)
        with self.assertRaises(AccessError):
            theirs.with_user(self.manager1).action_open_untended()
        self.assertFalse(self._rows("order_dates", self.assistant))
        with self.assertRaises(AccessError):
            self._rows("order_dates", self.outsider)

    def test_companies_apart(self):
        self._order(self.manager1)
        self.env.flush_all()
        other = self.env["res.company"].create({"name": "Another Company"})
        stranger = self._create_role_user("stranger_test", "group_director")
        stranger.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        self.assertFalse(self.env["sales.erp.upkeep"].with_user(stranger).with_company(other).search([]))

    # === KINDS OF OTHERS === #

    def test_a_kind_of_ones_own(self):
        """A class is all that a new kind takes; without its domain of what is left, nothing would be."""
        kind = self.env["sales.upkeep.kind.order_dates"]
        self._order(self.manager1)
        self.env.flush_all()
        self.assertEqual(self._counts("order_dates", self.manager1)[0], 1)
        with patch.object(type(kind), "_upkeep_untended", lambda self, company: fields.Domain("id", "=", 0)):
            self.assertEqual(self._counts("order_dates", self.manager1), (0, 1))

    def test_register(self):
        self._order(self.manager1)
        self.env.flush_all()
        rows = self.env["sales.erp.upkeep"].with_user(self.director)._register_records([])
        self.assertTrue(rows._register_file().read(4))
