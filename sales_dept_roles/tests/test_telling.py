from datetime import date

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ..models.telling.quantity_text import quantity_text
from .common import SalesDeptCommon

HELD = "sales_dept_roles.mail_activity_order_held"
CHANGED = "sales_dept_roles.mail_activity_order_changed"


@tagged("post_install", "-at_install")
class TestTelling(SalesDeptCommon):
    """People are told in their own language, once, and with what was typed as text."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.manager1.lang = "zh_CN"
        cls.telling = cls.env["sales.dept.telling"]
        cls.order = cls._create_quotation().sudo()

    def _messages(self, user):
        return self.env["mail.message"].sudo().search([("partner_ids", "in", user.partner_id.ids)])

    def _open(self, xmlid):
        return self.order.activity_ids.filtered(lambda activity: activity.activity_type_id == self.env.ref(xmlid))

    # === LANGUAGE === #

    def test_each_in_their_own_language(self):
        readers = self.manager1 | self.manager2 | self.gm
        before = {user: self._messages(user) for user in readers}
        self.telling._notify(readers, lambda reader: reader.env.lang, lambda reader: f"in {reader.env.lang}")
        self.assertEqual((self._messages(self.manager1) - before[self.manager1]).subject, "zh_CN")
        others = [self._messages(user) - before[user] for user in (self.manager2, self.gm)]
        self.assertEqual(others[0], others[1], "one message for those who read the same language")
        self.assertEqual(others[0].subject, "en_US")
        self.assertIn("in en_US", others[0].body)

    def test_decision_in_the_language_of_whoever_asked(self):
        self.order.with_user(self.manager1).action_approval_submit()
        before = self._messages(self.manager1)
        self.order.with_user(self.gm).with_context(lang="en_US").action_approval_approve()
        told = self._messages(self.manager1) - before
        self.assertEqual(len(told), 1)
        self.assertNotIn("Approved", told.subject + told.body)
        self.assertIn(self.order.name, told.subject)

    # === WHAT MAIL SAYS === #

    def test_subject_says_what(self):
        for decide, verb in (
            (lambda order: order.action_approval_approve(), "approved"),
            (lambda order: order.action_approval_reject("Too cheap"), "refused"),
        ):
            order = self._create_quotation(self.manager2)
            order.action_approval_submit()
            before = self._messages(self.manager2)
            decide(order.with_user(self.gm))
            told = self._messages(self.manager2) - before
            self.assertEqual(told.subject, f"Quotation {order.name} {verb}", "one message")

    def test_subject_of_several(self):
        orders = self._create_quotation(self.manager2) | self._create_quotation(self.manager2)
        orders.action_approval_submit()
        approvals = orders.sudo().approval_ids.with_user(self.gm)
        before = self._messages(self.manager2)
        approvals._decide("approved")
        self.assertEqual((self._messages(self.manager2) - before).subject, "2 approved")

    def test_list_says_what_is_overdue(self):
        orders = self._create_quotation(self.manager2) | self._create_quotation(self.manager2)
        orders.action_approval_submit()
        one, other = orders.sudo().approval_ids.task_ids
        digest_subject = self.env["sales.approval"]._digest_subject
        self.assertEqual(digest_subject(one, one.browse()), f"To sign: Quotation {one.approval_id.res_name}")
        self.assertEqual(digest_subject(one.browse(), one), f"Overdue: Quotation {one.approval_id.res_name}")
        self.assertEqual(digest_subject(one, other), "2 to sign, 1 overdue")

    def test_from_the_readers_company(self):
        """Not from that of the system's user; and of a document, from the document's."""
        other = self.env["res.company"].create({"name": "Elsewhere Ltd"})
        self.manager2.write({"company_ids": [Command.link(other.id)], "company_id": other.id})
        before = self.env["mail.mail"].search([])
        self.telling._notify(self.manager2 | self.gm, "x", "y", force_send=False)
        mails = self.env["mail.mail"].search([]) - before
        elsewhere = mails.filtered(lambda mail: self.manager2.partner_id in mail.recipient_ids)
        self.assertEqual(len(mails), 2)
        self.assertIn("Elsewhere Ltd", elsewhere.body_html)
        self.assertNotIn("Elsewhere Ltd", (mails - elsewhere).body_html)

    def test_signers_do_not_follow(self):
        """What the customer writes is none of theirs; who made the quotation follows it as ever."""
        order = self._create_quotation(self.manager2)
        order.action_approval_submit()
        todo = order.sudo().activity_ids.filtered(lambda activity: activity.user_id == self.gm)
        self.assertEqual(todo.summary, f"Waits for {self.gm.name} to sign")
        order.with_user(self.gm).action_approval_approve()
        self.assertNotIn(self.gm.partner_id, order.sudo().message_partner_ids)
        self.assertIn(self.manager2.partner_id, order.sudo().message_partner_ids)

    def test_nobody_who_left(self):
        self.manager1.active = False
        before = self.env["mail.message"].search_count([])
        self.telling._notify(self.manager1, "x", "y")
        self.assertEqual(self.env["mail.message"].search_count([]), before)

    # === ONCE === #

    def test_once_for_each_record_and_type(self):
        for note in ("First", "Second in other words", "Second in other words"):
            self.order._ask_responsible(HELD, note)
        activity = self._open(HELD)
        self.assertEqual(len(activity), 1)
        self.assertIn("Second", activity.note)
        self.assertEqual(activity.user_id, self.manager1)
        self.order._ask_responsible(CHANGED, "First")
        self.assertEqual(len(self._open(CHANGED)), 1, "another type is another thing to do")
        self.assertEqual(self._open(HELD), activity)

    def test_same_words_of_another_type(self):
        """It is not the words that make it one: a colleague's own note does not stand in its place."""
        self.order.activity_schedule("mail.mail_activity_data_todo", note="First", user_id=self.manager1.id)
        self.order._ask_responsible(HELD, "First")
        self.assertEqual(len(self._open(HELD)), 1)

    def test_follows_the_responsible(self):
        self.order._ask_responsible(HELD, "First")
        self.order.user_id = self.manager2
        self.order._ask_responsible(HELD, "First")
        self.assertEqual(self._open(HELD).user_id, self.manager2)

    def test_unchanged_is_not_touched(self):
        self.order._ask_responsible(HELD, "It's <held> & waits")
        activity = self._open(HELD)
        self.patch(self.registry["mail.activity"], "write", lambda self, vals: self.fail("written"))
        self.order._ask_responsible(HELD, "It's <held> & waits")
        self.assertEqual(self._open(HELD), activity)

    def test_done_is_asked_again(self):
        self.order._ask_responsible(HELD, "First")
        self._open(HELD).action_done()
        self.order._ask_responsible(HELD, "First")
        self.assertEqual(len(self._open(HELD)), 1)

    def test_one_for_each_person(self):
        readers = self.manager1 | self.manager2
        for _turn in range(2):
            self.telling._ask(HELD, [(self.order, user, {"note": "x"}) for user in readers], per_person=True)
        self.assertEqual(self._open(HELD).user_id, readers)
        self.assertEqual(len(self._open(HELD)), 2)

    def test_until_the_day_of_the_company(self):
        """Whose document it is; a document of none is done by the day it is where the user works."""
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        west = self.env["res.company"].create({"name": "West"})
        west.resource_calendar_id.tz = "America/Los_Angeles"
        of_west, of_none = self.env["res.partner"].create(
            [{"name": "Of West", "company_id": west.id}, {"name": "Of none", "company_id": False}]
        )
        documents = (of_west, of_none, self.env.ref("base.EUR"))
        self.assertNotIn("company_id", documents[-1]._fields)
        with freeze_time("2030-03-04 17:00:00"):
            days = [self.telling._today_of(document) for document in documents]
        east = date(2030, 3, 5)
        self.assertEqual(days, [date(2030, 3, 4), east, east])

    # === TEXT === #

    def test_what_was_typed_is_text(self):
        self.order._ask_responsible(HELD, "<img src=x onerror=alert(1)> & <b>bold</b>")
        self.assertIn("&lt;img", self._open(HELD).note)
        self.assertNotIn("<b>", self._open(HELD).note)
        self.telling._notify(self.manager2, "x", "<b>typed</b>")
        self.assertNotIn("<b>typed", self._messages(self.manager2)[0].body)

    def test_queries_do_not_grow(self):
        orders = self.env["sale.order"].concat(*(self._create_quotation() for _number in range(10)))

        def cost(some):
            wanted = [(order, self.manager2, {"note": "x"}) for order in some]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.telling._ask(CHANGED, wanted, quiet=True)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        cost(orders[:1])
        few, many = cost(orders[1:4]), cost(orders[4:10])
        # Each document has followers and a message log of its own in Odoo.
        self.assertLessEqual(many, 2 * few + 4)

    # === QUANTITIES === #

    def test_quantities_in_the_readers_figures(self):
        self.env["res.lang"]._activate_lang("de_DE")
        german = self.env["res.users"].with_context(lang="de_DE").env
        cases = [
            # quantity, in English, in German
            (4.0, "4", "4"),
            (0.0, "0", "0"),
            (100.0, "100", "100"),
            (2.5, "2.5", "2,5"),
            (0.1 + 0.2, "0.3", "0,3"),
            (1234567.0, "1,234,567", "1.234.567"),
            (1234567.25, "1,234,567.25", "1.234.567,25"),
        ]
        for quantity, english, in_german in cases:
            with self.subTest(quantity=quantity):
                self.assertEqual(quantity_text(self.env, quantity), english)
                self.assertEqual(quantity_text(german, quantity), in_german)
