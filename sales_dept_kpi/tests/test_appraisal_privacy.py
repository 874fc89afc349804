from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .test_appraisal import AppraisalCommon

TABLES = ("sales.appraisal", "sales.appraisal.figure", "sales.appraisal.rating")
SECRET = "Comes late to meetings"


@tagged("post_install", "-at_install")
@freeze_time("2026-10-02 04:00:00")
class TestAppraisalPrivacy(AppraisalCommon, HttpCase):
    """An appraisal is between the person, the director and the general manager; the person sees it once released."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._measured(cls.manager1, 90, 100)
        cls.appraisal = cls._rate(cls._appraise(), assessment=SECRET).with_env(cls.env)
        cls.file = cls.env["ir.attachment"].create(
            {"name": "talk.txt", "raw": b"x", "res_model": "sales.appraisal", "res_id": cls.appraisal.id}
        )
        (cls.manager1 | cls.manager2 | cls.assistant | cls.finance | cls.engineering | cls.outsider).write(
            {"group_ids": [Command.link(cls.env.ref("base.group_allow_export").id)]}
        )
        cls.strangers = (cls.manager2, cls.assistant, cls.finance, cls.engineering, cls.outsider)

    def _release(self):
        own = self.appraisal.with_user(self.director)
        own.action_approval_submit()
        own.with_user(self.gm).action_approval_approve(SECRET)
        own.message_post(body=SECRET)
        own.action_release()

    def assertUnseen(self, user):
        """`user` finds nothing of it, on any path."""
        appraisals = self.env["sales.appraisal"].with_user(user)
        domain = [("user_id", "=", self.manager1.id)]
        for model in TABLES:
            records = self.env[model].sudo().search([])
            self.assertTrue(records)
            theirs = self.env[model].with_user(user)
            self.assertFalse(theirs.search([]), model)
            self.assertFalse(theirs.search_count([]), model)
            self.assertFalse(theirs._read_group([], [], ["__count"])[0][0], model)
            self.assertFalse(records.with_user(user)._filtered_access("read"), model)
        self.assertFalse(appraisals._read_group(domain, ["user_id"], ["score:avg"]))
        self.assertFalse(appraisals.name_search("Appraisal"))
        self.assertFalse(appraisals.search([("assessment", "ilike", "late")]))
        self.assertFalse(appraisals.search([("rating_ids.rating", ">", 0)]))
        # Nor by what points to it.
        self.assertFalse(self.env["mail.message"].with_user(user).search([("model", "=", "sales.appraisal")]))
        self.assertFalse(self.env["mail.activity"].with_user(user).search([("res_model", "=", "sales.appraisal")]))
        self.assertFalse(self.env["sales.approval"].with_user(user).search([("res_model", "=", "sales.appraisal")]))
        for access in (
            lambda: self.appraisal.with_user(user).read(["score"]),
            lambda: self.appraisal.with_user(user).export_data(["score"]),
            lambda: self.appraisal.with_user(user).web_read({"score": {}}),
            lambda: self.file.with_user(user).read(["datas"]),
            lambda: self.env["ir.attachment"].with_user(user).browse(self.file.id).raw,
            lambda: self.appraisal.message_ids.with_user(user).read(["body"]),
            lambda: (
                self.appraisal.with_user(user).action_open_comment() and self.appraisal.with_user(user)._comment("x")
            ),
            lambda: self.appraisal.with_user(user).message_post(body="x"),
        ):
            with self.assertRaises(AccessError):
                access()

    def test_colleagues_see_nothing(self):
        for user in (*self.strangers, self.manager1):
            with self.subTest(user=user.login):
                self.assertUnseen(user)

    def test_colleagues_see_nothing_of_what_was_released(self):
        self._release()
        for user in self.strangers:
            with self.subTest(user=user.login):
                self.assertUnseen(user)

    def test_whoever_stands_in_for_the_general_manager(self):
        """Neither sees colleagues' appraisals nor decides on them, least of all on their own."""
        for stand_in in (self.manager1, self.manager2):
            self.env["sales.approval.delegation"].with_user(self.gm).create(
                {
                    "user_id": self.gm.id,
                    "delegate_id": stand_in.id,
                    "date_from": "2026-10-01",
                    "date_to": "2026-10-10",
                    "reason": "Away",
                }
            )
        self.appraisal.with_user(self.director).action_approval_submit()
        approval = self.appraisal.approval_in_force_id
        for stand_in in (self.manager1, self.manager2):
            with self.subTest(user=stand_in.login):
                self.assertUnseen(stand_in)
                self.assertFalse(approval.with_user(stand_in).can_decide)
                self.assertFalse(self.env["sales.approval"].with_user(stand_in).search([("can_decide", "=", True)]))
                with self.assertRaises(AccessError):
                    approval.with_user(stand_in).action_approve()
                self.assertNotIn(stand_in, approval.task_ids._approvers()[approval.task_ids])
        self.assertFalse(
            self.appraisal.activity_ids.filtered(lambda todo: todo.user_id in self.manager1 | self.manager2)
        )
        # The counterfactual: other documents they sign.
        approval.sudo().holders_only = False
        self.assertTrue(approval.with_user(self.manager2).can_decide)

    def test_criteria_are_not_told(self):
        with self.assertRaises(AccessError):
            self.env["sales.appraisal.criterion"].with_user(self.manager1).search([])

    def test_no_html(self):
        self._release()
        path = f"/report/html/sales_dept_kpi.report_appraisal/{self.appraisal.id}"
        for user, is_seen in ((self.manager2, False), (self.assistant, False), (self.manager1, True)):
            self.authenticate(user.login, user.login)
            response = self.url_open(path)
            self.assertEqual(SECRET in response.text, is_seen, user.login)

    def test_person_sees_the_result_and_not_the_talk(self):
        self._release()
        own = self.appraisal.with_user(self.manager1)
        self.assertEqual(
            (own.assessment, own.rating_ids.mapped("rating"), own.figure_ids.points), (SECRET, [80, 60], 100)
        )
        self.assertEqual(self.file.with_user(self.manager1).raw, b"x")
        messages = self.appraisal.message_ids.filtered(lambda message: SECRET in (message.body or ""))
        self.assertTrue(messages, "it was said")
        for access in (
            lambda: messages.with_user(self.manager1).read(["body"]),
            lambda: own.read(["approval_summary"]),
            lambda: own.read(["approval_ids"]),
            lambda: own.message_post(body="And?"),
            lambda: own.check_access("write"),
            lambda: own.rating_ids.check_access("write"),
            lambda: own.unlink(),
        ):
            with self.assertRaises(AccessError):
                access()
        self.assertFalse(self.env["sales.approval"].with_user(self.manager1).search([("res_model", "=", own._name)]))

    def test_mail(self):
        """Neither followers nor those who are named get mail of it, unless they may read it."""
        self.assertFalse(self.appraisal.message_partner_ids & self.manager1.partner_id, "nobody made the person follow")
        everybody = self.manager1 | self.manager2 | self.assistant | self.gm
        self.appraisal.message_subscribe(everybody.partner_id.ids)
        message = self.appraisal.with_user(self.director).message_post(
            body="Let us talk", partner_ids=everybody.partner_id.ids, subtype_xmlid="mail.mt_comment"
        )
        self.assertEqual(message.sudo().notification_ids.res_partner_id, self.gm.partner_id)
        self._release()
        told = self.env["mail.message"].search([("subject", "like", "Your appraisal is there")])
        self.assertEqual(told.partner_ids, self.manager1.partner_id)
        self.assertEqual(told.notification_ids.res_partner_id, self.manager1.partner_id)
        self.assertNotIn("80", told.body)

    def test_who_leads_sees_it(self):
        for user in (self.director, self.gm):
            self.assertEqual(self.appraisal.with_user(user).read(["assessment"])[0]["assessment"], SECRET)
            self.assertTrue(self.appraisal.with_user(user).message_ids.read(["body"]))
            self.assertTrue(self.file.with_user(user).raw)
        with self.assertRaises(AccessError):
            self.appraisal.with_user(self.gm).write({"reward_amount": 5})

    def test_another_director(self):
        """A second director sees the department's, and neither their own nor the other director's."""
        second = self._create_role_user("director2_test", "group_director")
        theirs = self._appraise(self.director | second)
        self.assertFalse(theirs.with_user(second)._filtered_access("read"))
        self.assertTrue(self.appraisal.with_user(second).score)

    def test_another_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        for user in (self.director, self.gm):
            user.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
            with self.subTest(user=user.login):
                self.assertFalse(self.env["sales.appraisal"].with_user(user).search([]))
