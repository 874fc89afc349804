from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .test_order_review import OrderReviewCommon


@tagged("post_install", "-at_install")
class TestOrderReviewRights(OrderReviewCommon):
    """What each role may do with a review, and what nobody may."""

    def setUp(self):
        super().setUp()
        self.order = self._create_order()
        self.review = self._ask(self.order)
        self.judging = self._ask(self._create_order())
        self.judging.with_user(self.gm).action_approval_approve()

    def test_course_is_not_written_by_anybody(self):
        values = {
            "state": "passed",
            "sign_date": "2026-01-01 00:00:00",
            "deadline": "2030-01-01 00:00:00",
            "close_date": "2026-01-01 00:00:00",
            "hand_out_date": "2026-01-01 00:00:00",
            "receive_date": "2026-01-01 00:00:00",
            "receive_uid": self.manager1.id,
            "working_days": 1,
            "timeliness": "on_time",
            "name": "ORV/1",
            "approval_state": "approved",
        }
        users = (self.manager1, self.assistant, self.director, self.gm, self.production, self.finance)
        for user in users:
            for name, value in values.items():
                with self.subTest(user=user.login, field=name), self.assertRaises(AccessError):
                    self.review.with_user(user).write({name: value})
        for name, value in values.items():
            with self.subTest(create=name), self.assertRaises(AccessError):
                self.env["sale.order.review"].with_user(self.manager1).create(
                    {"order_id": self._create_order().id, name: value}
                )
        fresh = self._create_order().with_user(self.manager1)
        review = (
            self.env["sale.order.review"]
            .with_user(self.manager1)
            .with_context(default_state="passed", default_receive_date="2026-01-01 00:00:00")
            .create({"order_id": fresh.id})
        )
        self.assertEqual(review.state, "draft")
        self.assertFalse(review.receive_date)
        result = review.load([".id", "state"], [[str(review.id), "passed"]])
        self.assertFalse(result["ids"])
        self.assertEqual(review.state, "draft")

    def test_opinions_are_given_not_written(self):
        opinion = self.judging.opinion_ids[0]
        for user in (*self.departments, self.manager1, self.gm):
            for operation in ("write", "create", "unlink"):
                self.assertFalse(opinion.with_user(user).has_access(operation))
        for user in (self.manager1, self.outsider, self.assistant, self.director):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.judging.with_user(user).action_approval_approve()
        # Whoever asked does not decide, whatever roles they hold.
        self.manager1.group_ids |= self.env.ref("sales_dept_roles.group_review_quality")
        with self.assertRefused("somebody else has to decide", AccessError):
            self.judging.with_user(self.manager1).action_approval_approve()

    def test_who_sees_reviews(self):
        for user in (self.manager1, self.assistant, self.director, self.gm, *self.departments):
            with self.subTest(user=user.login):
                self.assertTrue(self.review.with_user(user).has_access("read"))
                self.assertTrue(self.review.line_ids.with_user(user).has_access("read"))
        for user in (self.manager2, self.outsider, self.portal_user):
            with self.subTest(user=user.login):
                self.assertFalse(self.review.with_user(user).has_access("read"))
                self.assertFalse(self.review.line_ids.with_user(user).has_access("read"))
                self.assertFalse(self.judging.opinion_ids[0].with_user(user).has_access("read"))

    def test_departments_change_promises_only(self):
        line = self.judging.line_ids
        for user in (self.engineering, self.quality, self.finance, self.purchasing):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                line.with_user(user).promised_date = "2030-05-01"
        with self.assertRaises(AccessError):
            self.judging.with_user(self.production).note = "Mine"
        for name, value in {"wanted_date": "2030-01-01", "sequence": 1}.items():
            with self.subTest(field=name), self.assertRaises(AccessError):
                line.with_user(self.production).write({name: value})
        with self.assertRaises(AccessError):
            line.with_user(self.manager1).promised_date = "2030-05-01"
        line.with_user(self.production).promised_date = "2030-05-01"
        self.assertEqual(str(line.promised_date), "2030-05-01")

    def test_promised_date_of_the_order_is_protected(self):
        line = self.order.order_line.with_user(self.gm)
        with self.assertRefused("cannot be set by hand", AccessError):
            line.promised_date = "2030-01-01"
        with self.assertRefused("cannot be set by hand", AccessError):
            line.copy({"promised_date": "2030-01-01", "order_id": self.order.id})

    def test_margin_is_for_finance(self):
        self.product.standard_price = 60
        review = self.review
        for user in (self.finance, self.gm):
            self.assertEqual(review.with_user(user).margin, 80.0)
            self.assertEqual(review.with_user(user).margin_percent, 0.4)
        for user in (self.manager1, self.production, self.engineering):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                review.with_user(user).read(["margin"])
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                review.line_ids.with_user(user).read(["margin"])
        with self.assertRaises(AccessError):
            review.line_ids.with_user(self.engineering).read(["price_subtotal"])

    def test_files_are_seen_by_those_who_judge(self):
        order = self._create_order()
        file = (
            self.env["ir.attachment"]
            .with_user(self.manager1)
            .create({"name": "drawing.pdf", "raw": b"%PDF", "res_model": "sale.order", "res_id": order.id})
        )
        review = self._ask(order)
        copy = review.attachment_ids
        self.assertEqual(copy.name, "drawing.pdf")
        self.assertNotEqual(copy, file)
        self.assertEqual(copy.with_user(self.engineering).raw, b"%PDF")
        with self.assertRaises(AccessError):
            file.with_user(self.engineering).read(["datas"])
        for user in (self.outsider, self.portal_user, self.manager2):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                copy.with_user(user).read(["datas"])

    def test_what_they_judge_by_stays(self):
        order = self._create_order()
        review = order.with_user(self.manager1)._order_review()
        files = self.env["ir.attachment"].with_user(self.manager1)
        drawing = files.create({"name": "A.pdf", "raw": b"A", "res_model": review._name, "res_id": review.id})
        elsewhere = files.create({"name": "B.pdf", "raw": b"B"})
        review.write({"note": "Wooden cases", "attachment_ids": [Command.set((drawing | elsewhere).ids)]})
        review.action_approval_submit()
        kept = review.attachment_ids
        self.assertEqual(kept.mapped("name"), ["A.pdf", "B.pdf"])
        self.assertNotIn(elsewhere, kept, "of a file that lies elsewhere it keeps a copy")
        self.assertEqual(set(kept.mapped("res_id")), {review.id})
        review.with_user(self.gm).action_approval_approve()
        for values in ({"note": "No cases"}, {"attachment_ids": [Command.clear()]}):
            with self.subTest(values=values), self.assertRefused("stay as they are"):
                review.write(values)
        for file in kept.with_user(self.manager1):
            with self.subTest(file=file.name), self.assertRefused("on record", AccessError):
                file.write({"raw": b"C"})
            with self.subTest(file=file.name), self.assertRefused("on record", AccessError):
                file.unlink()
        more = files.create({"name": "D.pdf", "raw": b"D", "res_model": review._name, "res_id": review.id})
        review.write({"note": "Wooden cases", "attachment_ids": [Command.link(more.id)]})
        self.assertIn("D.pdf", review.message_ids[0].body)
        self._agree(review)
        self.assertEqual(review.state, "passed")
        late = files.create({"name": "E.pdf", "raw": b"E", "res_model": review._name, "res_id": review.id})
        with self.assertRefused("stay as they are"):
            review.write({"attachment_ids": [Command.link(late.id)]})
        # The order changed: it is put together anew.
        order.order_line.with_user(self.manager1).price_unit = 77
        again = order.with_user(self.manager1)._order_review()
        again.write({"note": "No cases"})
        self.assertEqual(again.note, "No cases")

    def test_two_roles_are_no_more_than_both(self):
        """A department reads all reviews; that is no right to write those of colleagues."""
        draft = self._create_order().with_user(self.manager1)._order_review()
        self.manager2.group_ids |= self.env.ref("sales_dept_roles.group_review_quality")
        theirs = draft.with_user(self.manager2)
        self.assertTrue(theirs.has_access("read"))
        self.assertFalse(theirs.has_access("write"))
        self.assertFalse(theirs.has_access("unlink"))

    def test_kept_once_asked(self):
        with self.assertRefused("are kept"):
            self.review.with_user(self.manager1).unlink()
        draft = self._create_order().with_user(self.manager1)._order_review()
        draft.unlink()
        self.assertFalse(draft.exists())

    def test_stays_with_its_order(self):
        with self.assertRefused("stays with its order"):
            self.review.with_user(self.manager1).order_id = self._create_order()

    def test_other_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self._create_role_user("stranger_test", "group_director", "group_review_production")
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        self.assertFalse(self.review.with_user(stranger).has_access("read"))
        with self.assertRaises(AccessError):
            self.judging.with_user(stranger).action_approval_approve()
        with self.assertRaises(AccessError):
            self.review.with_user(stranger).action_hand_out()
