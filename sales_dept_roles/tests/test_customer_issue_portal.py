from datetime import timedelta

from freezegun import freeze_time

from odoo.http import Request
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .customer_issue_common import CustomerIssueCommon

LOGIN = "portal_test"


@tagged("post_install", "-at_install")
class TestCustomerIssuePortal(CustomerIssueCommon, HttpCase):
    """The customer enters issues on the portal, sees its own, and says whether they are solved."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.sales_dept_quote_signoff = "off"
        cls.portal_user.company_id = cls.company
        cls.portal_user.password = LOGIN

    def _form(self, **values):
        page = self.url_open("/my/issues/new").text
        key = page.split('name="submission_key" value="')[1].split('"')[0]
        return {
            "csrf_token": page.split('name="csrf_token" value="')[1].split('"')[0],
            "submission_key": key,
            "title": "Shafts are scratched",
            "kind": "quality",
            "description": "Twelve <b>of</b> them",
            **values,
        }

    def _mine(self):
        return self.Issue.search([("partner_id", "child_of", self.customer.id)])

    def _token(self):
        return self.url_open("/my/issues/new").text.split('name="csrf_token" value="')[1].split('"')[0]

    def test_enter(self):
        self.authenticate(LOGIN, LOGIN)
        order = self._create_quotation()
        order.state = "sale"
        files = [("attachments", ("photo.txt", b"picture", "text/plain"))]
        self.url_open("/my/issues/new", data=self._form(sale_order_id=order.id), files=files)
        issue = self._mine()
        self.assertEqual((issue.channel, issue.kind, issue.sale_order_id), ("portal", "quality", order))
        self.assertEqual(issue.partner_id, self.portal_user.partner_id)
        self.assertIn("&lt;b&gt;of&lt;/b&gt;", issue.description, "What was typed is text")
        self.assertEqual(issue.message_ids.attachment_ids.mapped("name"), ["photo.txt"])
        self.assertEqual(issue.state, "new")
        self.assertEqual(issue.user_id, self.manager1)
        self.assertIn(issue.name, self.url_open("/my/issues").text)

    def test_sent_twice_is_one(self):
        self.authenticate(LOGIN, LOGIN)
        form = self._form()
        for _turn in range(2):
            page = self.url_open("/my/issues/new", data=form)
            self.assertIn("It has reached us", page.text)
        self.assertEqual(len(self._mine()), 1)
        with self.assertRaises(Exception), mute_logger("odoo.sql_db"):  # noqa: B017 # the database refuses the second
            self._issue()._write_protected({"submission_key": form["submission_key"]})
            self.env.flush_all()

    def test_bad_forms(self):
        self.authenticate(LOGIN, LOGIN)
        strangers = self._create_quotation(partner_id=self.env["res.partner"].create({"name": "Another"}).id)
        strangers.state = "sale"
        for wrong in ({"title": "  "}, {"kind": "gossip"}, {"sale_order_id": strangers.id}):
            with self.subTest(wrong):
                page = self.url_open("/my/issues/new", data=self._form(**wrong))
                self.assertIn("alert-danger", page.text)
                self.assertIn("Twelve &lt;b&gt;of", page.text, "What was typed is still there")
        files = [("attachments", (f"{number}.txt", b"x", "text/plain")) for number in range(11)]
        self.assertIn("up to 10 files", self.url_open("/my/issues/new", data=self._form(), files=files).text)
        self.assertFalse(self._mine())

    def test_off(self):
        self.company.sales_dept_issue_portal = False
        self.authenticate(LOGIN, LOGIN)
        self.assertNotIn("o_new_issue", self.url_open("/my/issues").text)
        self.assertNotIn("o_issue_form", self.url_open("/my/issues/new").text)

    def test_own_only_or_by_token(self):
        theirs = self._issue(user=self.director, partner_id=self.env["res.partner"].create({"name": "Another"}).id)
        self.authenticate(LOGIN, LOGIN)
        token = theirs.sudo()._portal_ensure_token()
        url = f"/my/issues/{theirs.id}"
        self.assertNotIn(theirs.title, self.url_open(url).text)
        self.assertNotIn(theirs.title, self.url_open(f"{url}?access_token={'x' * 36}").text)
        self.assertIn(theirs.title, self.url_open(f"{url}?access_token={token}").text)
        self._say(theirs, "solution", by="call", user=self.director)
        self.url_open(f"{url}/not-solved", data={"csrf_token": self._token(), "text": "No"})
        theirs.invalidate_recordset()
        self.assertEqual(theirs.state, "solved")

    def test_not_solved_and_solved(self):
        issue = self._issue()
        self.authenticate(LOGIN, LOGIN)
        csrf = self._token()
        url = f"/my/issues/{issue.id}"

        def say(path, **data):
            page = self.url_open(f"{url}/{path}", data={"csrf_token": csrf, **data}).text
            issue.invalidate_recordset()
            return page

        say("not-solved", text="No")
        self.assertEqual((issue.state, issue.reopen_count), ("new", 0), "It is not solved yet")
        self._say(issue, "solution", "They have left.")
        self.assertIn("They have left.", self.url_open(url).text)
        self.assertIn("Say in a few words", say("not-solved", text=" "))
        self.assertIn("taken it up again", say("not-solved", text="Nothing <came>"))
        self.assertEqual((issue.state, issue.reopen_count), ("in_progress", 1))
        self.assertIn("Nothing &lt;came&gt;", issue.entry_ids.sorted("id")[-1:].text)
        say("not-solved", text="Nothing came")
        self.assertEqual(issue.reopen_count, 1, "Sent twice, it is one")
        self._say(issue, "solution", "Now they have.")
        self.assertIn("glad that it is solved", say("solved"))
        self.assertEqual(issue.state, "closed")
        self.assertEqual(issue.entry_ids.sorted("id")[-1:].author_id, self.portal_user.partner_id)

    # === THE LINK OF THE MAILS === #

    def _ended(self, **vals):
        """An issue whose link ended yesterday; return it with the link's secret."""
        issue = self._issue(**vals)
        token = issue.sudo()._portal_ensure_token()
        issue.sudo()._write_protected({"link_until": self.company._local_today() - timedelta(days=1)})
        self.env.flush_all()
        return issue.sudo(), token

    def _ask_for_link(self, issue, token):
        data = {"csrf_token": Request.csrf_token(self), "access_token": token}
        return self.url_open(f"/my/link/customer.issue/{issue.id}", data=data).text

    def _link_mails(self, issue):
        return self.env["mail.mail"].search(
            [("model", "=", "customer.issue"), ("res_id", "=", issue.id), ("subject", "like", "New link")]
        )

    def test_links_from_before_links_ended(self):
        """They hold for 60 days from the day at their company, which need not be that of UTC."""
        companies = self.company | self.env["res.company"].create({"name": "Westwards Ltd"})
        for company, zone in zip(companies, ("Asia/Shanghai", "America/New_York"), strict=True):
            company.resource_calendar_id.tz = zone
        issues = self.Issue.browse()
        for company in companies:
            issues |= self.Issue.with_company(company).create(
                {"title": "Where are they?", "kind": "delivery", "partner_id": self.customer.id}
            )
        never_mailed = self._issue().sudo()
        never_mailed._write_protected({"access_token": False, "link_until": False})
        for issue in issues:
            issue._portal_ensure_token()
        self.env.flush_all()
        for moment, expected in (
            ("2026-05-08 20:00:00", ["2026-07-08", "2026-07-07"]),
            ("2026-05-09 02:00:00", ["2026-07-08", "2026-07-07"]),
            ("2026-05-09 12:00:00", ["2026-07-08", "2026-07-08"]),
        ):
            with self.subTest(moment), freeze_time(moment):
                self.Issue._init_column("link_until")
                self.env.invalidate_all()
                self.assertEqual([str(issue.link_until) for issue in issues], expected)
                self.assertFalse(never_mailed.link_until)

    def test_link_that_ended_opens_nothing(self):
        self.authenticate(None, None)
        issue, token = self._ended()
        url = f"/my/issues/{issue.id}"
        page = self.url_open(f"{url}?access_token={token}").text
        self.assertIn("This link holds no longer", page)
        self.assertNotIn(issue.title, page)
        self.assertNotIn("holds no longer", self.url_open(f"{url}?access_token={'x' * 36}").text)
        self._say(issue, "solution", by="call")
        for path, text in (("not-solved", "No"), ("solved", "")):
            data = {"csrf_token": Request.csrf_token(self), "access_token": token, "text": text}
            self.url_open(f"{url}/{path}", data=data)
            issue.invalidate_recordset()
            self.assertEqual(issue.state, "solved", path)
        self.authenticate(LOGIN, LOGIN)
        self.assertIn(issue.title, self.url_open(url).text, "who logs in needs none")

    def test_link_asked_for_anew(self):
        """Also whoever is not known gets it where they wrote from."""
        self.authenticate(None, None)
        for vals in ({}, {"partner_id": False, "email_from": "who@nowhere.example"}):
            with self.subTest(vals):
                issue, token = self._ended(**vals)
                self.assertIn("on its way", self._ask_for_link(issue, token))
                self.env.invalidate_all()
                [mail] = self._link_mails(issue)
                self.assertEqual(mail.email_to or mail.recipient_ids.email, issue.email_from)
                self.assertNotEqual(issue.access_token, token)
                new = f"/my/issues/{issue.id}?access_token={issue.access_token}"
                self.assertIn(new, mail.body_html)
                self.assertIn(issue.title, self.url_open(new).text)

    def test_link_to_what_the_customer_was_not_told(self):
        self.authenticate(None, None)
        issue, token = self._ended(channel="exception")
        self._ask_for_link(issue, token)
        self.assertFalse(self._link_mails(issue))

    def test_link_begins_anew_with_an_answer(self):
        issue, token = self._ended()
        self._say(issue)
        self.assertTrue(issue._link_holds())
        self.assertNotEqual(issue.access_token, token)

    def test_from_the_portal_to_solved(self):
        self.start_tour("/my/issues", "sales_dept_issue_enter", login=LOGIN)
        issue = self._mine()
        self.assertEqual(issue.title, "Shafts are scratched")
        self.start_tour("/odoo/customer-issues", "sales_dept_issue_ask", login="manager1_test")
        self.start_tour("/odoo/customer-issue-questions", "sales_dept_issue_department", login="quality_test")
        self.assertEqual(issue.question_ids.answer, "Scratched by the packing")
        self.start_tour(f"/odoo/customer-issues/{issue.id}", "sales_dept_issue_solve", login="manager1_test")
        self.assertEqual(issue.state, "solved")
        self.start_tour(f"/my/issues/{issue.id}", "sales_dept_issue_not_solved", login=LOGIN)
        self.assertEqual((issue.state, issue.reopen_count), ("in_progress", 1))
