from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import SalesDeptCommon


@tagged("post_install", "-at_install")
class TestPolicy(SalesDeptCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.group_manager = cls.env.ref("sales_dept_roles.group_account_manager")
        cls.group_engineering = cls.env.ref("sales_dept_roles.group_review_engineering")
        cls.policy = cls._create_policy()

    @classmethod
    def _create_policy(cls, user=None, **vals):
        return (
            cls.env["sales.policy"]
            .with_user(user or cls.director)
            .create(
                {
                    "name": "Credit terms",
                    "number": "XS-07",
                    "body": "<p>No shipment beyond the limit.</p>",
                    "audience": "roles",
                    "group_ids": [Command.set((cls.group_manager | cls.group_engineering).ids)],
                    **vals,
                }
            )
        )

    def _asked(self, policy):
        return policy.sudo()._open_activities().user_id

    def _unread(self, policy):
        policy.env["sales.policy.reading"].invalidate_model()
        return policy.sudo()._unread()[policy]

    def _refresh(self):
        self.env.flush_all()
        self.env.invalidate_all()

    def test_files_do_not_change_after_publication(self):
        """What people confirmed to have read stays as it was, wherever the file lay before."""
        file = self.env["ir.attachment"].with_user(self.director).create({"name": "terms.txt", "raw": b"30 days"})
        self.policy.attachment_ids = file
        self.policy.action_publish()
        kept = self.policy.attachment_ids
        self.assertEqual((kept.res_model, kept.res_id), ("sales.policy", self.policy.id))
        file.with_user(self.director).raw = b"90 days"
        for user in (self.director, self.assistant, self.gm):
            with self.subTest(user=user.login), self.assertRefused("on record", AccessError):
                kept.with_user(user).write({"raw": b"90 days"})
            with self.subTest(user=user.login), self.assertRefused("on record", AccessError):
                kept.with_user(user).unlink()
        self.assertEqual(self.policy.attachment_ids.raw, b"30 days")
        # Files beside it, as in its chatter, are nobody's record.
        other = (
            self.env["ir.attachment"]
            .with_user(self.director)
            .create({"name": "note.txt", "raw": b"1", "res_model": "sales.policy", "res_id": self.policy.id})
        )
        other.raw = b"2"

    def test_publish_asks_the_addressees(self):
        self.policy.action_publish()
        readers = self.manager1 | self.manager2 | self.engineering
        self.assertEqual(self._unread(self.policy) & self._role_users(), readers)
        self.assertLessEqual(readers, self._asked(self.policy))
        self.assertNotIn(self.finance, self._asked(self.policy))
        mail = self.env["mail.message"].search(
            [
                ("model", "=", "sales.policy"),
                ("res_id", "=", self.policy.id),
                ("message_type", "=", "user_notification"),
            ]
        )
        self.assertEqual(len(mail), 1)
        self.assertLessEqual(readers.partner_id, mail.sudo().notified_partner_ids)

    def _role_users(self):
        return self.manager1 | self.manager2 | self.engineering | self.finance | self.assistant | self.outsider

    def test_confirm_once(self):
        self.policy.action_publish()
        self._refresh()
        mine = self.policy.with_user(self.manager1)
        self.assertTrue(mine.waits_for_me)
        self.assertIn(mine, mine.search([("waits_for_me", "=", True)]))
        mine.action_confirm_read()
        mine.action_confirm_read()
        receipts = self.env["sales.policy.receipt"].search([("policy_id", "=", self.policy.id)])
        self.assertEqual(receipts.user_id, self.manager1)
        self.assertEqual(len(receipts), 1)
        self._refresh()
        self.assertFalse(mine.waits_for_me)
        self.assertTrue(mine.my_receipt_date)
        self.assertNotIn(self.manager1, self._asked(self.policy))
        self.assertNotIn(self.manager1, self._unread(self.policy))

    def test_share_by_hand(self):
        readers = self.policy.sudo()._addressees()
        self.policy.action_publish()
        readers[0].with_user(readers[0]).env["sales.policy"].browse(self.policy.id).action_confirm_read()
        self._refresh()
        self.assertEqual(self.policy.addressee_count, len(readers))
        self.assertEqual(self.policy.read_count, 1)
        self.assertAlmostEqual(self.policy.read_share, 100.0 / len(readers), 1)
        for reader in readers[1:]:
            self.policy.with_user(reader).action_confirm_read()
        self._refresh()
        self.assertAlmostEqual(self.policy.read_share, 100.0)
        with self.assertRefused("nobody to remind"):
            self.policy.action_remind()

    def test_readings_of_this_policy(self):
        self.policy.action_publish()
        other = self._create_policy(number="XS-08", name="Other")
        other.action_publish()
        action = self.policy.action_open_readings()
        readings = self.env[action["res_model"]].search(action["domain"])
        self.assertTrue(readings)
        self.assertEqual(readings.policy_id, self.policy)

    def test_receipts_cannot_be_written(self):
        self.policy.action_publish()
        Receipt = self.env["sales.policy.receipt"]
        self.policy.with_user(self.manager1).action_confirm_read()
        receipt = Receipt.search([("policy_id", "=", self.policy.id)])
        for user in (self.manager1, self.assistant, self.director, self.gm):
            with self.assertRaises(AccessError):
                Receipt.with_user(user).create({"policy_id": self.policy.id, "user_id": self.manager2.id})
            with self.assertRaises(UserError):
                receipt.with_user(user).write({"user_id": self.manager2.id})
            with self.assertRaises(UserError):
                receipt.with_user(user).unlink()
            with self.assertRaises(UserError):
                self.policy.with_user(user).write({"receipt_ids": [Command.create({"user_id": self.manager2.id})]})
        with self.assertRefused("not deleted"):
            receipt.sudo().unlink()
        self.assertEqual(Receipt.search([("policy_id", "=", self.policy.id)]).user_id, self.manager1)

    def test_not_for_others(self):
        self.policy.action_publish()
        for user in (self.director, self.gm, self.assistant):
            with self.assertRefused("not addressed to you", AccessError):
                self.policy.with_user(user).action_confirm_read()
        for user in (self.finance, self.outsider):
            with self.assertRaises(AccessError):
                self.policy.with_user(user).action_confirm_read()
        self.assertFalse(self.policy.receipt_ids)

    def test_addressed_to_all(self):
        policy = self._create_policy(number="XS-08", audience="all", group_ids=False)
        policy.action_publish()
        unread = self._unread(policy)
        self.assertLessEqual(self._role_users() | self.director | self.gm, unread)
        self.assertNotIn(self.portal_user, unread)
        policy.with_user(self.outsider).action_confirm_read()
        self.assertEqual(policy.receipt_ids.user_id, self.outsider)

    def test_role_held_through_another_group(self):
        group = self.env["res.groups"].create(
            {"name": "Key accounts", "implied_ids": [Command.link(self.group_manager.id)]}
        )
        self.outsider.group_ids = [Command.link(group.id)]
        self.policy.action_publish()
        self.assertIn(self.outsider, self._unread(self.policy))
        self.assertIn(self.outsider, self.policy.sudo()._addressees())

    def test_new_version_asks_again(self):
        self.policy.action_publish()
        self.policy.with_user(self.manager1).action_confirm_read()
        with self.assertRefused("Start a new version"):
            self.policy.body = "<p>Something else</p>"
        action = self.policy.action_new_version()
        newer = self.policy.browse(action["res_id"])
        self.assertEqual((newer.version, newer.previous_id, newer.state), (2, self.policy, "draft"))
        self.assertEqual(self.policy.action_new_version()["res_id"], newer.id)
        newer.body = "<p>Stricter</p>"
        newer.action_publish()
        self.assertEqual((self.policy.state, newer.state), ("replaced", "published"))
        self.assertIn(self.manager1, self._unread(newer))
        self.assertIn(self.manager1, self._asked(newer))
        self.assertFalse(self._asked(self.policy))
        self.assertEqual(self.policy.receipt_ids.user_id, self.manager1)
        self.assertFalse(newer.receipt_ids)
        with self.assertRefused("not in force"):
            self.policy.with_user(self.manager2).action_confirm_read()
        newer.with_user(self.manager1).action_confirm_read()
        self.assertEqual(newer.receipt_ids.user_id, self.manager1)

    def test_withdrawn(self):
        self.policy.action_publish()
        self.policy.with_user(self.manager1).action_confirm_read()
        self.policy.action_withdraw()
        self.assertFalse(self._asked(self.policy))
        with self.assertRefused("not in force"):
            self.policy.with_user(self.manager2).action_confirm_read()
        with self.assertRefused("withdraw it instead"):
            self.policy.unlink()
        with self.assertRefused("is not published"):
            self.policy.action_remind()
        with self.assertRefused("is not published"):
            self.policy.action_withdraw()

    def test_rights(self):
        for number, user in enumerate((self.director, self.gm, self.assistant)):
            policy = self._create_policy(user, number=f"XS-1{number}")
            policy.action_publish()
            self.assertEqual(policy.publisher_id, user)
        for user in (self.manager1, self.finance, self.engineering, self.outsider):
            with self.assertRaises(AccessError):
                self._create_policy(user, number="XS-99")
        draft = self.policy
        for user in (self.manager1, self.engineering):
            with self.assertRaises(AccessError):
                draft.with_user(user).read(["name"])
        draft.action_publish()
        for user in (self.manager1, self.engineering):
            self.assertEqual(draft.with_user(user).name, "Credit terms")
            for method in ("action_publish", "action_withdraw", "action_new_version", "action_remind"):
                with self.assertRaises(AccessError):
                    getattr(draft.with_user(user), method)()
            with self.assertRaises(AccessError):
                draft.with_user(user).working_days = 9
        with self.assertRaises(AccessError):
            draft.with_user(self.finance).read(["name"])

    def test_who_sees_who_has_read(self):
        self.policy.action_publish()
        Reading = self.env["sales.policy.reading"]
        domain = [("policy_id", "=", self.policy.id)]
        everybody = Reading.with_user(self.assistant).search(domain)
        self.assertGreaterEqual(len(everybody), 3)
        self.assertEqual(Reading.with_user(self.manager1).search(domain).user_id, self.manager1)
        self.assertFalse(Reading.with_user(self.finance).search(domain))
        self.policy.with_user(self.manager1).action_confirm_read()
        self.assertFalse(self.env["sales.policy.receipt"].with_user(self.manager2).search(domain))

    def test_status_is_not_written(self):
        for user in (self.director, self.assistant):
            policy = self.policy.with_user(user)
            for vals in ({"state": "published"}, {"version": 9}, {"publish_date": "2020-01-01"}):
                with self.assertRefused("cannot be set by hand", AccessError):
                    policy.write(vals)
            with self.assertRefused("cannot be set by hand", AccessError):
                self._create_policy(user, number="XS-20", state="published")
        self.assertEqual(self.policy.state, "draft")

    def test_status_counterfactual(self):
        self.patch(self.registry["sales.policy"], "_protected_names", lambda self: frozenset())
        self.policy.state = "published"
        self.assertEqual(self.policy.state, "published")

    def test_bad_input(self):
        with self.assertRefused("neither a text nor"):
            self._create_policy(number="XS-30", body="<p><br></p>").action_publish()
        with self.assertRefused("Choose the roles", ValidationError):
            self._create_policy(number="XS-31", group_ids=False)
        with self.assertRefused("roles of the sales department", ValidationError):
            self._create_policy(number="XS-32", group_ids=[Command.set(self.env.ref("base.group_system").ids)])
        with self.assertRefused("not a draft any more"):
            self.policy.action_publish()
            self.policy.action_publish()
        lonely = self._create_policy(
            number="XS-33", group_ids=[Command.set(self.env.ref("sales_dept_roles.group_review_quality").ids)]
        )
        self.env.ref("sales_dept_roles.group_review_quality").sudo().user_ids = False
        with self.assertRefused("addressed to nobody"):
            lonely.action_publish()
        for vals in ({"number": "XS-34", "working_days": 0}, {}):
            with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
                self._create_policy(**vals)

    def test_audience_of_a_published_policy_is_not_narrowed(self):
        self.policy.action_publish()
        for vals in (
            {"group_ids": [Command.unlink(self.group_engineering.id)]},
            {"group_ids": [Command.set(self.env.ref("sales_dept_roles.group_director").ids)]},
        ):
            with self.assertRefused("engineering_test.* would not have to read it any more"):
                self.policy.write(vals)
        self.policy.write({"group_ids": [Command.link(self.env.ref("sales_dept_roles.group_director").id)]})
        self.policy.audience = "all"
        self.assertIn(self.outsider, self._unread(self.policy))
        with self.assertRefused("outsider_test.* would not|would not have to read it any more"):
            self.policy.audience = "roles"
        draft = self._create_policy(number="XS-99")
        draft.group_ids = [Command.unlink(self.group_engineering.id)]

    def _create_readers(self, count):
        return self.env["res.users"].browse(
            [
                self._create_role_user(f"reader_{self.id()}_{count}_{number}", "group_account_manager").id
                for number in range(count)
            ]
        )

    def test_queries_for_each_reader(self):
        """Asking readers costs what Odoo takes to keep and to tell one more, and no search besides."""

        def queries(number):
            policy = self._create_policy(number=number, group_ids=[Command.set(self.group_manager.ids)])
            self._refresh()
            before = self.env.cr.sql_log_count
            policy.action_publish()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before, len(self._asked(policy))

        queries("XS-80")
        few, readers = queries("XS-81")
        self._create_readers(8)
        # What the server remembers of each user.
        queries("XS-83")
        many, more = queries("XS-82")
        self.assertEqual(more, readers + 8)
        self.assertLessEqual(many - few, 8)

    def test_other_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.manager2.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        self.policy.action_publish()
        self.assertNotIn(self.manager2, self._unread(self.policy))
        with self.assertRaises(AccessError):
            self.policy.with_user(self.manager2).with_company(other).action_confirm_read()

    def test_cron_reminds_after_working_days(self):
        with freeze_time("2026-11-26 02:00:00"):  # a Thursday
            self.policy.working_days = 2
            self.policy.action_publish()
            self.policy.with_user(self.manager1).action_confirm_read()
            mails = self._notices()
        with freeze_time("2026-11-27 02:00:00"):
            self.env["sales.policy"]._cron_remind()
            self.assertEqual(self._notices(), mails, "one working day later: not yet")
        with freeze_time("2026-11-29 02:00:00"):
            self.env["sales.policy"]._cron_remind()
            self.assertEqual(self._notices(), mails, "a Sunday does not count")
        newcomer = self._create_role_user("newcomer_test", "group_account_manager")
        with freeze_time("2026-11-30 02:00:00"):
            self.env["sales.policy"]._cron_remind()
            fresh = self._notices() - mails
            self.assertEqual(len(fresh), 1)
            self.assertIn(self.manager2.partner_id, fresh.notified_partner_ids)
            self.assertNotIn(self.manager1.partner_id, fresh.notified_partner_ids)
            self.assertIn(newcomer, self._asked(self.policy))
            self.env["sales.policy"]._cron_remind()
            self.assertEqual(len(self._notices()), len(mails) + 1, "once")

    def _notices(self):
        return (
            self.env["mail.message"]
            .sudo()
            .search(
                [("model", "=", "sales.policy"), ("res_id", "=", self.policy.id), ("subject", "like", "Please read")]
            )
        )

    def test_remind_button(self):
        self.policy.action_publish()
        before = self._notices()
        self._open_activity(self.manager1).with_user(self.manager1).action_done()
        self.assertNotIn(self.manager1, self._asked(self.policy))
        self.policy.with_user(self.assistant).action_remind()
        self.assertEqual(len(self._notices() - before), 1)
        self.assertIn(self.manager1, self._asked(self.policy), "done without a receipt: asked again")

    def _open_activity(self, user):
        return self.policy.sudo()._open_activities(user)

    def test_print(self):
        self.policy.action_publish()
        self.policy.with_user(self.manager1).action_confirm_read()
        self._refresh()
        html = (
            self.env["ir.actions.report"]
            .with_user(self.assistant)
            ._render_qweb_html("sales_dept_roles.report_policy_receipts", self.policy.ids)[0]
            .decode()
        )
        self.assertIn("manager1_test", html)
        self.assertIn("Not yet read", html)
        self.assertIn("manager2_test", html)

    def test_list_queries(self):
        policies = self.policy
        for number in range(8):
            policies |= self._create_policy(number=f"XS-4{number}")
        policies.action_publish()

        def queries(number):
            self._refresh()
            before = self.env.cr.sql_log_count
            policies[:number].with_user(self.manager1).read(["read_share", "waits_for_me", "my_receipt_date"])
            return self.env.cr.sql_log_count - before

        queries(8)
        self.assertEqual(queries(8), queries(4))

    def test_deadline_of_the_activity(self):
        with freeze_time("2026-11-26 02:00:00"):
            self.policy.action_publish()
            activity = self._open_activity(self.manager1)
            today = self.company._local_today()
            self.assertEqual(activity.date_deadline, today + timedelta(days=5), "three working days over a weekend")
