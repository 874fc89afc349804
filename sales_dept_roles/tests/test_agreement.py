import base64
from datetime import timedelta
from io import BytesIO
from unittest.mock import patch

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time
from openpyxl import load_workbook
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .common import SalesDeptCommon

SCAN = base64.b64encode(b"%PDF-1.4 signed by both")
OTHER_SCAN = base64.b64encode(b"%PDF-1.4 signed by both, page 2")
STATES = ("draft", "approval", "approved", "in_force", "expiring", "expired", "terminated")


class AgreementCommon(SalesDeptCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.sales_dept_quote_signoff = "off"
        cls.company.sales_dept_order_review = "off"
        cls.today = cls.company._local_today()
        cls.Agreement = cls.env["sales.agreement"]
        cls.carrier = cls.env["res.partner"].create({"name": "Fast Carrier Ltd", "is_company": True})

    @classmethod
    def _create_agreement(cls, user=None, **vals):
        """An agreement that began 100 days ago and ends in 200."""
        return cls.Agreement.with_user(user or cls.manager1).create(
            {
                "partner_id": cls.customer.id,
                "subject": "Supply of shafts",
                "terms": "<p>Prices hold for a year.</p>",
                "date_start": cls.today - timedelta(days=100),
                "date_end": cls.today + timedelta(days=200),
                **vals,
            }
        )

    @classmethod
    def _approve(cls, agreement):
        agreement.action_approval_submit()
        agreement.with_user(cls.director).action_approval_approve()
        agreement.with_user(cls.gm).action_approval_approve()
        return agreement

    @classmethod
    def _create_signed(cls, user=None, **vals):
        agreement = cls._approve(cls._create_agreement(user, **vals))
        agreement.write({"signed_scan": SCAN, "signed_scan_name": "signed.pdf"})
        return agreement

    @classmethod
    def _ending_in(cls, days, **vals):
        return cls._create_signed(date_end=cls.today + timedelta(days=days), **vals)

    def _reminders(self, agreements):
        kind = self.env.ref("sales_dept_roles.mail_activity_agreement_renewal")
        return agreements.sudo().activity_ids.filtered(lambda activity: activity.activity_type_id == kind)


@tagged("post_install", "-at_install")
class TestAgreement(AgreementCommon):
    def test_glance(self):
        agreement = self._create_agreement(date_end=False)
        agreement.action_approval_submit()
        shown = self.assertDialogSays(agreement, self.director, "Kind", "Subject", "Start", "End")
        self.assertIn("open-ended", shown)

    # === NUMBERS === #

    def test_numbers_per_kind_and_company(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        year = fields.Date.today().year
        first, second = self._create_agreement(), self._create_agreement()
        carrier = self._create_agreement(kind="logistics", partner_id=self.carrier.id)
        elsewhere = self.Agreement.create({"partner_id": self.carrier.id, "subject": "X", "company_id": other.id})
        self.assertEqual(first.name, f"FA-{year}-0001")
        self.assertEqual(second.name, f"FA-{year}-0002")
        self.assertEqual(carrier.name, f"LA-{year}-0001")
        self.assertEqual(elsewhere.name, f"FA-{year}-0001")

    def test_number_of_a_paper_of_a_colleague_s(self):
        """Numbers are given once in the company, also those that one may not see."""
        year = fields.Date.today().year
        theirs = self._create_agreement(self.manager2, name=f"FA-{year}-0001", user_id=self.manager2.id)
        self.assertFalse(theirs.with_user(self.manager1).has_access("read"))
        self.assertEqual(self._create_agreement().name, f"FA-{year}-0002")

    def test_own_number_of_a_paper(self):
        year = fields.Date.today().year
        paper = self._create_agreement(name=f"FA-{year}-0001")
        self.assertEqual(self._create_agreement().name, f"FA-{year}-0002", "the sequence steps over it")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._create_agreement(name=paper.name)
            self.env.flush_all()

    def test_kind_and_company_are_fixed(self):
        agreement = self._create_agreement()
        with self.assertRefused("fixed with its number"):
            agreement.kind = "channel"
        agreement.kind = "sales"
        with Form(self.Agreement.with_user(self.manager1).with_context(default_kind="channel")) as form:
            form.partner_id = self.customer
            form.subject = "Resale"
        self.assertTrue(form.record.name.startswith("CA-"))

    def test_contact_is_no_party(self):
        contact = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.customer.id})
        with self.assertRefused("is a contact of", ValidationError):
            self._create_agreement(partner_id=contact.id)
        with Form(self.Agreement.with_user(self.manager1)) as form:
            form.partner_id = contact
            self.assertEqual(form.partner_id, self.customer, "the form takes the company itself")
            form.subject = "Supply"

    def test_end_before_start(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._create_agreement(date_end=self.today - timedelta(days=101))

    # === APPROVAL AND STATE === #

    def test_main_flow(self):
        agreement = self._create_agreement()
        self.assertEqual(agreement.state, "draft")
        agreement.action_approval_submit()
        self.assertEqual(agreement.state, "approval")
        with self.assertRaises(AccessError):
            agreement.with_user(self.gm).action_approval_approve()
        agreement.with_user(self.director).action_approval_approve()
        self.assertEqual(agreement.state, "approval", "the general manager signs too")
        agreement.with_user(self.gm).action_approval_approve()
        self.assertEqual(agreement.state, "approved")
        agreement.write({"signed_scan": SCAN, "signed_scan_name": "signed.pdf"})
        self.assertEqual(agreement.state, "in_force")
        self.assertEqual(agreement.signed_date, self.today)
        self.assertIn("Signed scan added: signed.pdf", "".join(agreement.message_ids.mapped("body")))

    def test_scan_from_the_beginning_is_noted(self):
        agreement = self._create_agreement(signed_scan=SCAN, signed_scan_name="old.pdf")
        self.assertIn("Signed scan added: old.pdf", "".join(agreement.message_ids.mapped("body")))
        unsigned = self._create_agreement()
        self.assertNotIn("Signed scan", "".join(unsigned.message_ids.mapped("body")))

    def test_flow_per_kind(self):
        flows = {
            kind: self._create_agreement(kind=kind)._approval_flow()
            for kind in dict(self.Agreement._fields["kind"].selection)
        }
        self.assertEqual(flows["sales"], self.env.ref("sales_dept_roles.approval_flow_agreement_sales"))
        other = self.env.ref("sales_dept_roles.approval_flow_agreement_other")
        self.assertEqual(flows["logistics"] | flows["channel"], other)
        for flow in flows.values():
            self.assertEqual(
                flow.step_ids.group_id.mapped("full_name"),
                [self.director_group.full_name, self.gm_group.full_name],
            )

    @property
    def director_group(self):
        return self.env.ref("sales_dept_roles.group_director")

    @property
    def gm_group(self):
        return self.env.ref("sales_dept_roles.group_general_manager")

    def test_empty_terms_are_not_submitted(self):
        agreement = self._create_agreement(terms="<p><br></p>")
        with self.assertRefused("says nothing yet"):
            agreement.action_approval_submit()

    def test_refused_is_a_draft_again(self):
        agreement = self._create_agreement()
        agreement.action_approval_submit()
        agreement.with_user(self.director).action_approval_reject("Too long")
        self.assertEqual(agreement.state, "draft")
        self.assertEqual(agreement.approval_state, "rejected")

    def test_changed_terms_are_not_approved(self):
        agreement = self._approve(self._create_agreement())
        agreement.subject = "Something else"
        self.assertEqual(agreement.state, "draft")
        agreement.write({"signed_scan": SCAN})
        self.assertEqual(agreement.state, "draft", "a stale agreement is never in force")
        self.assertNotIn(agreement, self.Agreement.search([("state", "in", ("in_force", "expiring"))]))

    def test_signed_terms_stand(self):
        agreement = self._create_signed()
        other = self.env["res.partner"].create({"name": "Other"})
        for vals in (
            {"subject": "X"},
            {"terms": "<p>X</p>"},
            {"date_end": False},
            {"date_start": self.today},
            {"partner_id": other.id},
            {"payment_term_id": self.env.ref("account.account_payment_term_immediate").id},
            {"their_signatory": "X"},
            {"our_signatory_id": self.gm.id},
            {"name": "X"},
        ):
            for user in (self.manager1, self.director, self.env.ref("base.user_root")):
                with self.subTest(vals=vals, user=user.login), self.assertRefused("Make a renewal"):
                    agreement.with_user(user).write(vals)
        agreement.user_id = self.manager1
        with patch.object(self.registry["sales.agreement"], "_filter_signed", lambda self: self.browse()):
            agreement.subject = "Without the rule"
        self.assertEqual(agreement.state, "draft", "and then the signatures do not stand for it")

    def test_state_by_date_without_a_cron(self):
        start, end = self.today + timedelta(days=10), self.today + timedelta(days=110)
        agreement = self._create_signed(date_start=start, date_end=end)
        for day, state in (
            (start - timedelta(days=1), "approved"),
            (start, "in_force"),
            (end - timedelta(days=61), "in_force"),
            (end - timedelta(days=60), "expiring"),
            (end, "expiring"),
            (end + timedelta(days=1), "expired"),
        ):
            with self.subTest(day=day, state=state), freeze_time(f"{day} 12:00:00"):
                self.env.invalidate_all()
                self.assertEqual(agreement.state, state)
                self.assertIn(agreement, self.Agreement.search([("state", "=", state)]))
                self.assertNotIn(agreement, self.Agreement.search([("state", "!=", state)]))
                self.assertNotIn(agreement, self.Agreement.search([("state", "=", False)]), "each has a state")
                self.assertEqual("in force from" in (agreement.state_note or ""), state == "approved")

    def test_today_is_the_company_s(self):
        end = fields.Date.to_date("2027-03-31")
        agreement = self._create_signed(date_end=end)
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        with freeze_time("2027-03-31 15:59:00"):
            self.env.invalidate_all()
            self.assertEqual(agreement.state, "expiring")
            self.assertIn(agreement, self.Agreement.search([("state", "=", "expiring")]))
        with freeze_time("2027-03-31 16:01:00"):
            self.env.invalidate_all()
            self.assertEqual(agreement.state, "expired", "it is April in Shanghai")
            self.assertIn(agreement, self.Agreement.search([("state", "=", "expired")]))
            self.company.resource_calendar_id.tz = "UTC"
            self.env.invalidate_all()
            self.assertEqual(agreement.state, "expiring")
            self.assertIn(agreement, self.Agreement.search([("state", "=", "expiring")]))

    def test_companies_in_two_zones(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        other.resource_calendar_id.tz = "America/New_York"
        end = fields.Date.to_date("2027-03-31")
        here = self._create_signed(date_end=end)
        (self.manager1 | self.director | self.gm).company_ids |= other
        there = self._create_agreement(
            self.env["res.users"].browse(self.manager1.id), company_id=other.id, date_end=end, user_id=self.manager1.id
        ).with_context(allowed_company_ids=[other.id, self.company.id])
        self._approve(there)
        there.write({"signed_scan": SCAN})
        with freeze_time("2027-03-31 20:00:00"):
            self.env.invalidate_all()
            self.assertEqual(here.state, "expired")
            self.assertEqual(there.state, "expiring")
            self.assertEqual(self.Agreement.search([("state", "=", "expired")]) & (here | there), here)
            self.assertEqual(self.Agreement.search([("state", "=", "expiring")]) & (here | there), there)

    def _one_in_each_state(self):
        draft = self._create_agreement()
        approval = self._create_agreement()
        approval.action_approval_submit()
        approved = self._approve(self._create_agreement())
        expired = self._ending_in(-1)
        terminated = self._create_signed()
        terminated.with_user(self.director)._terminate(self.today, "No orders")
        return draft, approval, approved, self._create_signed(), self._ending_in(30), expired, terminated

    def test_search_and_groups_agree_with_the_field(self):
        agreements = self._one_in_each_state()
        self.assertEqual(tuple(agreement.state for agreement in agreements), STATES)
        everything = self.Agreement.browse().union(*agreements)
        mine = [("id", "in", everything.ids)]
        for agreement, state in zip(agreements, STATES, strict=True):
            with self.subTest(state=state):
                self.assertEqual(self.Agreement.search([*mine, ("state", "=", state)]), agreement)
                self.assertEqual(everything.filtered_domain([("state", "=", state)]), agreement)
                self.assertEqual(
                    self.Agreement.search([*mine, ("state", "not in", [state])]), everything.sorted() - agreement
                )
        groups = self.Agreement._read_group(mine, ["state"], ["__count"])
        self.assertEqual(dict(groups), dict.fromkeys(STATES, 1))
        self.assertEqual(
            self.Agreement.search(mine, order="state").mapped("state"), sorted(STATES), "sorted by the database"
        )
        web = self.Agreement.with_user(self.director).web_read_group(mine, ["state"], ["__count"])
        self.assertEqual(web["length"], 7)
        self.assertTrue(self.Agreement.fields_get(["state"])["state"]["groupable"])

    def test_open_ended(self):
        agreement = self._create_signed(date_end=False)
        with freeze_time("2090-01-01"):
            self.env.invalidate_all()
            self.assertEqual(agreement.state, "in_force")
            self.assertIn(agreement, self.Agreement.search([("state", "=", "in_force")]))

    def test_scan_removed_is_not_in_force(self):
        agreement = self._create_signed()
        with self.assertRefused("only the director", AccessError):
            agreement.write({"signed_scan": False})
        with self.assertRefused("only the director", AccessError):
            agreement.write({"signed_scan": OTHER_SCAN})
        agreement.with_user(self.director).write({"signed_scan": OTHER_SCAN, "signed_scan_name": "better.pdf"})
        self.assertEqual(agreement.state, "in_force")
        agreement.with_user(self.director).write({"signed_scan": False})
        self.assertEqual(agreement.state, "approved")
        self.assertFalse(agreement.signed_date)
        self.assertIn(agreement, self.Agreement.search([("state", "=", "approved")]))
        text = "".join(agreement.message_ids.mapped("body"))
        self.assertIn("Signed scan replaced: better.pdf", text)
        self.assertIn("Signed scan removed.", text)

    def test_scan_does_not_change_while_it_is_judged(self):
        agreement = self._create_agreement()
        agreement.action_approval_submit()
        with self.assertRefused("is in approval"):
            agreement.write({"signed_scan": SCAN})

    def test_signed_in_the_future(self):
        agreement = self._approve(self._create_agreement())
        with self.assertRefused("in the future", ValidationError):
            agreement.write({"signed_scan": SCAN, "signed_date": self.today + timedelta(days=1)})

    # === RIGHTS === #

    def test_account_managers_have_their_own(self):
        mine = self._create_agreement(self.manager1)
        self.assertFalse(self.Agreement.with_user(self.manager2).search([("id", "=", mine.id)]))
        for call in (
            lambda: mine.with_user(self.manager2).read(["subject"]),
            lambda: mine.with_user(self.manager2).write({"subject": "X"}),
            lambda: mine.with_user(self.manager2).unlink(),
            lambda: mine.with_user(self.manager2).action_renew(),
        ):
            with self.assertRaises(AccessError):
                call()
        # A department reads all of them; whoever is both still writes those of their own customers alone.
        self.manager2.group_ids |= self.env.ref("sales_dept_roles.group_review_quality")
        self.assertTrue(mine.with_user(self.manager2).has_access("read"))
        self.assertFalse(mine.with_user(self.manager2).has_access("write"))
        self.assertFalse(mine.with_user(self.manager2).has_access("unlink"))
        self.manager2.group_ids -= self.env.ref("sales_dept_roles.group_review_quality")
        self.customer.user_id = self.manager2
        with self.assertRaises(AccessError):
            self._create_agreement(self.manager1)
        with self.assertRaises(AccessError):
            mine.with_user(self.manager1).write({"subject": "X"})
        mine.with_user(self.manager2).write({"subject": "Mine now"})
        self._create_agreement(self.manager2)

    def test_roles_that_see_and_edit_all(self):
        agreement = self._create_agreement(self.manager1)
        for user in (self.assistant, self.director, self.gm):
            with self.subTest(user=user.login):
                agreement.with_user(user).write({"subject": user.login})
                self._create_agreement(user).with_user(user).unlink()
        for user in (self.finance, self.engineering):
            with self.subTest(user=user.login):
                self.assertTrue(agreement.with_user(user).read(["subject", "state"]))
                agreement.with_user(user).message_post(body="A question")
                for call in (
                    lambda user=user: agreement.with_user(user).write({"subject": "X"}),
                    lambda user=user: self._create_agreement(user),
                    lambda user=user: agreement.with_user(user).unlink(),
                    lambda user=user: agreement.with_user(user).action_approval_submit(),
                ):
                    with self.assertRaises(AccessError):
                        call()
        for user in (self.outsider, self.portal_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                agreement.with_user(user).read(["subject"])

    def test_results_are_not_written_by_anybody(self):
        agreement = self._create_agreement()
        results = {
            "state": "in_force",
            "approval_state": "approved",
            "approval_ids": [Command.create({"state": "approved"})],
            "recorded_date": "2020-01-01",
            "recorded_by_id": self.director.id,
            "termination_date": "2020-01-01",
            "termination_reason": "X",
            "terminated_by_id": self.director.id,
            "date_last": "2090-01-01",
            "renewal_reminded": 7,
        }
        for name, value in results.items():
            for user in (self.manager1, self.assistant, self.director, self.gm, self.env.ref("base.user_admin")):
                with self.subTest(field=name, user=user.login), self.assertRaises(AccessError):
                    agreement.with_user(user).write({name: value})
            with self.subTest(create=name), self.assertRaises(AccessError):
                self._create_agreement(**{name: value})
        context = {f"default_{name}": value for name, value in results.items()}
        made = (
            self.Agreement.with_user(self.director)
            .with_context(**context)
            .create({"partner_id": self.customer.id, "subject": "X", "signed_scan": SCAN})
        )
        self.assertEqual(made.state, "draft")
        self.assertFalse(made.recorded_date)
        loaded = self.Agreement.with_user(self.director).load(
            ["partner_id/.id", "subject", "recorded_date"], [[str(self.customer.id), "X", "2020-01-01"]]
        )
        self.assertFalse(loaded["ids"])

    def test_drafts_alone_are_deleted(self):
        draft, approval, approved, *rest = self._one_in_each_state()
        for agreement in (approval, approved, *rest):
            with self.subTest(state=agreement.state), self.assertRefused("Drafts alone"):
                agreement.with_user(self.director).unlink()
        draft.unlink()
        self.assertFalse(draft.exists())

    def test_companies(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        elsewhere = self.Agreement.create({"partner_id": self.carrier.id, "subject": "X", "company_id": other.id})
        with self.assertRaises(AccessError):
            elsewhere.with_user(self.director).read(["subject"])
        self.customer.company_id = self.company
        with self.assertRaises(UserError):
            elsewhere.partner_id = self.customer

    def test_scan_is_read_with_the_agreement(self):
        agreement = self._create_signed()
        scan = (
            self.env["ir.attachment"]
            .sudo()
            .search([("res_model", "=", "sales.agreement"), ("res_field", "=", "signed_scan")])
            .filtered(lambda attachment: attachment.res_id == agreement.id)
        )
        self.assertEqual(len(scan), 1)
        for user in (self.manager1, self.director, self.finance):
            self.assertEqual(scan.with_user(user).datas, SCAN)
        for user in (self.manager2, self.outsider, self.portal_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                scan.with_user(user).read(["datas"])

    def test_scan_changes_on_its_document_only(self):
        agreement = self._create_signed()
        Attachment = self.env["ir.attachment"]
        scan = Attachment.search([("res_model", "=", "sales.agreement"), ("res_field", "=", "signed_scan")])
        draft = self._create_agreement()
        place = {"res_model": "sales.agreement", "res_field": "signed_scan", "res_id": draft.id}
        for user in (self.manager1, self.director):
            loose = Attachment.with_user(user).create({"name": "x", "datas": SCAN})
            for call in (
                lambda user=user: scan.with_user(user).write({"datas": OTHER_SCAN}),
                lambda user=user: scan.with_user(user).unlink(),
                lambda user=user: Attachment.with_user(user).create({"name": "x", "datas": SCAN, **place}),
                lambda loose=loose: loose.write(place),
            ):
                with self.assertRaises(AccessError):
                    call()
        self.assertEqual(agreement.state, "in_force")
        # Any other file of the agreement is as ever.
        paper = Attachment.with_user(self.manager1).create(
            {"name": "x", "datas": SCAN, "res_model": "sales.agreement", "res_id": draft.id}
        )
        paper.name = "y"
        paper.unlink()

    # === PAPER THAT IS SIGNED ALREADY === #

    def test_recorded_as_signed(self):
        agreement = self._create_agreement(signed_scan=SCAN, signed_date=self.today - timedelta(days=90))
        with self.assertRefused("director or the general manager", AccessError):
            agreement.action_record_signed()
        with self.assertRefused("director or the general manager", AccessError):
            agreement.with_user(self.assistant).action_record_signed()
        agreement.with_user(self.director).action_record_signed()
        self.assertEqual(agreement.state, "in_force")
        self.assertEqual(agreement.recorded_by_id, self.director)
        self.assertEqual(agreement.approval_state, "none")
        with self.assertRefused("Make a renewal"):
            agreement.terms = "<p>X</p>"
        with self.assertRefused("needs no approval"):
            agreement.action_approval_submit()
        with self.assertRefused("is no draft"):
            agreement.with_user(self.director).action_record_signed()

    def test_recorded_stands_on_its_scan(self):
        agreement = self._create_agreement()
        with self.assertRefused("no signed scan"):
            agreement.with_user(self.director).action_record_signed()
        agreement.write({"signed_scan": SCAN, "signed_date": self.today - timedelta(days=90)})
        agreement.with_user(self.director).action_record_signed()
        with self.assertRefused("stands on its signed scan"):
            agreement.with_user(self.director).write({"signed_scan": False})
        with self.assertRefused("stands on its signed scan"):
            agreement.with_user(self.director).write({"signed_date": False})
        agreement.with_user(self.director).write({"signed_scan": OTHER_SCAN})
        self.assertEqual(agreement.state, "in_force")

    def test_once_the_rule_holds_agreements_are_approved(self):
        self.company.sales_dept_agreement = True
        self.assertEqual(self.company.sales_dept_agreement_date, self.today)
        before = self._create_agreement(signed_scan=SCAN, signed_date=self.today - timedelta(days=1))
        after = self._create_agreement(signed_scan=SCAN, signed_date=self.today)
        before.with_user(self.director).action_record_signed()
        with self.assertRefused("submit it for approval"):
            after.with_user(self.director).action_record_signed()
        self.company.sales_dept_agreement = False
        self.assertFalse(self.company.sales_dept_agreement_date)
        after.with_user(self.director).action_record_signed()
        self.assertEqual(after.state, "in_force")

    def test_import(self):
        result = self.Agreement.with_user(self.assistant).load(
            ["name", "kind", "partner_id", "subject", "date_start", "date_end", "user_id/.id"],
            [
                ["GX-2024-7", "sales", "Test Customer Ltd", "Supply", "2024-01-01", "2026-12-31", self.manager1.id],
                ["WL-2024-1", "logistics", "Fast Carrier Ltd", "Freight", "2024-01-01", "", self.manager1.id],
            ],
        )
        self.assertFalse(result["messages"])
        agreements = self.Agreement.browse(result["ids"])
        self.assertEqual(agreements.mapped("name"), ["GX-2024-7", "WL-2024-1"])
        self.assertEqual(agreements.mapped("state"), ["draft", "draft"])

    # === RENEWAL === #

    def test_renewal(self):
        agreement = self._create_signed(
            date_start="2026-01-01",
            date_end=self.today + timedelta(days=20),
            their_signatory="Mr. Buyer",
            our_signatory_id=self.gm.id,
        )
        action = agreement.action_renew()
        successor = self.Agreement.browse(action["res_id"])
        self.assertEqual(agreement.successor_id, successor)
        self.assertEqual(successor.predecessor_id, agreement)
        self.assertEqual(successor.date_start, agreement.date_end + timedelta(days=1))
        self.assertEqual(successor.terms, agreement.terms)
        self.assertEqual(successor.their_signatory, "Mr. Buyer")
        self.assertNotEqual(successor.name, agreement.name)
        self.assertEqual(successor.state, "draft", "it takes an approval of its own")
        self.assertFalse(successor.signed_scan)
        self.assertEqual(agreement.action_renew()["res_id"], successor.id, "the same click twice")
        self.assertEqual(agreement.state, "expiring")

    def test_renewal_lasts_as_long(self):
        for start, end, new_start, new_end in (
            ("2025-01-01", "2025-12-31", "2026-01-01", "2026-12-31"),
            ("2023-03-01", "2024-02-29", "2024-03-01", "2025-02-28"),
            ("2025-07-01", "2025-09-30", "2025-10-01", "2025-12-31"),
        ):
            values = self._create_agreement(date_start=start, date_end=end)._prepare_renewal_values()
            self.assertEqual(
                (values["date_start"], values["date_end"]),
                (fields.Date.to_date(new_start), fields.Date.to_date(new_end)),
            )

    def test_what_is_not_renewed(self):
        draft, approval, approved, in_force, expiring, expired, terminated = self._one_in_each_state()
        for agreement in (draft, approval, approved, terminated):
            with self.subTest(state=agreement.state), self.assertRefused("never in force, or is terminated"):
                agreement.action_renew()
        for agreement in (in_force, expiring, expired):
            self.assertTrue(agreement.action_renew()["res_id"])
        with self.assertRefused("of the same kind", ValidationError):
            self._create_agreement(kind="channel", predecessor_id=self._create_signed().id)

    def test_open_ended_is_renewed_from_tomorrow(self):
        agreement = self._create_signed(date_end=False)
        successor = self.Agreement.browse(agreement.action_renew()["res_id"])
        self.assertEqual(successor.date_start, self.today + timedelta(days=1))
        self.assertFalse(successor.date_end)

    def test_worklist(self):
        search = self.env.ref("sales_dept_roles.view_sales_agreement_search").arch
        self.assertIn("to_renew", search)
        domain = self._to_renew_domain()
        agreements = self._one_in_each_state()
        expiring, expired = agreements[4], agreements[5]
        long_ago = self._ending_in(-95, date_start=self.today - timedelta(days=200))
        everything = self.Agreement.browse().union(*agreements, long_ago)
        found = self.Agreement.search([("id", "in", everything.ids), *domain])
        self.assertEqual(found, (expiring | expired).sorted())
        successor = self.Agreement.browse(expiring.action_renew()["res_id"])
        self.assertIn(expiring, self.Agreement.search(domain), "until the renewal is approved")
        self._approve(successor.with_user(self.manager1))
        self.assertNotIn(expiring, self.Agreement.search(domain))

    def _to_renew_domain(self):
        from lxml import etree  # noqa: PLC0415

        arch = etree.fromstring(self.env.ref("sales_dept_roles.view_sales_agreement_search").arch)
        return self.env["sales.approval.flow"]._eval_condition(arch.xpath("//filter[@name='to_renew']/@domain")[0])

    # === TERMINATION === #

    def test_termination(self):
        agreement = self._create_signed()
        for user in (self.manager1, self.assistant):
            with self.assertRefused("director or the general manager", AccessError):
                agreement.with_user(user).action_open_terminate()
            with self.assertRaises(AccessError):
                self.env["sales.agreement.terminate"].with_user(user).create(
                    {"agreement_id": agreement.id, "reason": "X"}
                )
            with self.assertRaises(AccessError):
                agreement.with_user(user)._terminate(self.today, "X")
        action = agreement.with_user(self.director).action_open_terminate()
        wizard = Form(self.env["sales.agreement.terminate"].with_user(self.director).with_context(**action["context"]))
        wizard.date = self.today + timedelta(days=1)
        wizard.reason = "No orders"
        wizard.save().action_terminate()
        self.assertEqual(agreement.state, "expiring", "from tomorrow on")
        with freeze_time(f"{self.today + timedelta(days=1)} 12:00:00"):
            self.env.invalidate_all()
            self.assertEqual(agreement.state, "terminated")
            self.assertIn(agreement, self.Agreement.search([("state", "=", "terminated")]))

    def test_bad_terminations(self):
        agreement = self._create_signed().with_user(self.gm)
        with self.assertRefused("Say why"):
            agreement._terminate(self.today, "  ")
        with self.assertRefused("cannot end before"):
            agreement._terminate(agreement.date_start - timedelta(days=1), "X")
        with self.assertRefused("not in force"):
            self._create_agreement().with_user(self.gm)._terminate(self.today, "X")
        agreement._terminate(self.today, "X")
        with self.assertRefused("not in force"):
            agreement._terminate(self.today, "X")

    def test_ends_on_the_day_it_starts(self):
        agreement = self._create_signed().with_user(self.gm)
        agreement._terminate(agreement.date_start, "The other party withdrew")
        self.assertEqual(agreement.state, "terminated")

    # === REMINDERS === #

    def test_reminders_at_60_30_and_7_days(self):
        end = self.today + timedelta(days=100)
        agreement = self._create_signed(date_end=end)
        turns = ((61, 0), (60, 60), (59, 60), (31, 60), (30, 30), (8, 30), (7, 7), (1, 7), (0, 7))
        for left, threshold in turns:
            with self.subTest(left=left), freeze_time(f"{end - timedelta(days=left)} 12:00:00"):
                self.env.invalidate_all()
                self.Agreement._cron_remind_renewals()
                self.Agreement._cron_remind_renewals()
                self.assertEqual(agreement.renewal_reminded, threshold)
                reminder = self._reminders(agreement)
                self.assertEqual(len(reminder), bool(threshold), "they do not pile up")
                if threshold:
                    until = {60: 30, 30: 7, 7: 0}[threshold]
                    self.assertEqual(reminder.date_deadline, end - timedelta(days=until))
        self.assertEqual(self._reminders(agreement).user_id, self.manager1)

    def test_reminders_catch_up(self):
        agreement = self._ending_in(5)
        self.Agreement._cron_remind_renewals()
        self.assertEqual(len(self._reminders(agreement)), 1, "the nearest one")
        self.assertEqual(agreement.renewal_reminded, 7)

    def test_no_reminders_once_renewed_or_terminated(self):
        renewed, terminated, ends, goes_on = (
            self._ending_in(20),
            self._ending_in(20),
            self._create_signed(date_end=False),
            self._create_signed(date_end=False),
        )
        self.Agreement._cron_remind_renewals()
        self.assertEqual(len(self._reminders(renewed | terminated)), 2)
        renewed.action_renew()
        still_ends = self._ending_in(20)
        terminated.with_user(self.director)._terminate(self.today + timedelta(days=16), "X")
        ends.with_user(self.director)._terminate(self.today + timedelta(days=16), "X")
        self.assertFalse(self._reminders(renewed | terminated), "they are done")
        # A day on which all of them would be reminded: less than a week is left.
        with freeze_time(f"{self.today + timedelta(days=14)} 12:00:00"):
            self.env.invalidate_all()
            ending = renewed | terminated | ends
            self.assertEqual(set(ending.mapped("state")), {"expiring"})
            self.Agreement._cron_remind_renewals()
            self.assertFalse(self._reminders(ending | goes_on))
            self.assertEqual(len(self._reminders(still_ends)), 1, "one that just ends is reminded that day")

    def test_reminded_in_the_language_of_who_reads_it(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.manager1.lang = "zh_CN"
        agreement = self._ending_in(20)
        self.Agreement._cron_remind_renewals()
        reminder = self._reminders(agreement)
        self.assertEqual(len(reminder), 1)
        self.assertNotIn("Ends on", reminder.summary)

    def test_the_responsible_left(self):
        agreement = self._ending_in(20)
        self.manager1.active = False
        self.Agreement._cron_remind_renewals()
        self.assertTrue(self._reminders(agreement).user_id.has_group("sales_dept_roles.group_director"))

    def test_a_director_of_the_company_is_reminded(self):
        """Not one of another company, who may not open it; without a director whoever runs the reminders."""
        agreement = self._ending_in(20).with_env(self.env)
        self.manager1.active = False
        directors = self.env.ref("sales_dept_roles.group_director").all_user_ids
        other = self.env["res.company"].create({"name": "Other Company"})
        (directors - self.director).write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        foreign = self._create_role_user("a_director_elsewhere", "group_director")
        foreign.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        self.assertEqual(agreement._renewal_user(), self.director)
        self.director.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        self.assertEqual(agreement._renewal_user(), self.env.user)

    def test_queries_of_lists_and_reminders(self):
        def queries_of(call, number):
            agreements = self.Agreement.browse().union(
                *(self._ending_in(20, partner_id=self.customer.copy().id) for _number in range(number))
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            call(agreements)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        def read(agreements):
            agreements.with_user(self.director).web_read({"name": {}, "state": {}, "successor_id": {"fields": {}}})

        queries_of(read, 1)
        self.assertEqual(queries_of(read, 4), queries_of(read, 8))
        many = self.Agreement.browse().union(*(self._ending_in(20) for _number in range(8)))
        self.Agreement._cron_remind_renewals()
        self.assertEqual(len(self._reminders(many)), 8)

    # === PAPER AND REGISTER === #

    def test_cover_sheet(self):
        self.gm.sales_dept_signature = SIGNATURE
        agreement = self._create_signed(their_signatory="Mr. Buyer")
        for user in (self.manager1, self.director, self.finance):
            html = (
                self.env["ir.actions.report"]
                .with_user(user)
                ._render_qweb_html("sales_dept_roles.report_agreement_cover_sheet", agreement.ids)[0]
                .decode()
            )
            for text in (agreement.name, "Test Customer Ltd", "Mr. Buyer", "Prices hold for a year", "data:image/png"):
                self.assertIn(text, html)
            self.assertIn(agreement.sudo().approval_ids.digest, html)
        with self.assertRaises(AccessError):
            self.env["ir.actions.report"].with_user(self.manager2)._render_qweb_html(
                "sales_dept_roles.report_agreement_cover_sheet", agreement.ids
            )

    def test_cover_sheet_shows_no_signature_of_other_terms(self):
        agreement = self._approve(self._create_agreement())
        agreement.subject = "Something else"
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("sales_dept_roles.report_agreement_cover_sheet", agreement.ids)[0]
            .decode()
        )
        self.assertNotIn("gm_test", html)
        self.assertNotIn("SHA-256", html)

    def test_register(self):
        agreement = self._ending_in(20)
        open_ended = self._create_agreement(date_end=False)
        content = (agreement | open_ended).with_user(self.finance)._register_file().read()
        rows = list(load_workbook(BytesIO(content)).active.iter_rows(values_only=True))
        self.assertEqual(rows[0][:4], ("Number", "Kind", "Other Party", "Subject"))
        self.assertEqual(rows[1][0], agreement.name)
        self.assertEqual(rows[1][5].date(), agreement.date_end)
        self.assertEqual(rows[1][11], "Expiring")
        self.assertEqual(rows[2][5], "Open-ended")

    def test_smart_button_of_the_customer(self):
        contact = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.customer.id})
        self.assertEqual(self.customer.with_user(self.manager1).agreement_count, 0)
        agreement = self._create_agreement()
        self.env.invalidate_all()
        for partner in (self.customer, contact):
            self.assertEqual(partner.with_user(self.manager1).agreement_count, 1)
            action = partner.with_user(self.manager1).action_view_agreements()
            self.assertEqual(self.Agreement.search(action["domain"]), agreement)
        self.env.invalidate_all()
        self.assertEqual(self.customer.with_user(self.outsider).agreement_count, 0)

    def test_form_of_each_role(self):
        agreement = self._create_signed()
        for user in (self.manager1, self.assistant, self.director, self.gm, self.finance, self.engineering):
            with self.subTest(user=user.login):
                Form(agreement.with_user(user))
        with Form(self.Agreement.with_user(self.manager1)) as form:
            form.partner_id = self.customer
            form.subject = "Supply"
            self.assertEqual(form.date_start, self.today)
            self.assertEqual(form.state, "draft")

    def test_two_agreements_of_a_year(self):
        """Who renews may go on before the end: the two follow each other without a gap."""
        agreement = self._ending_in(20)
        successor = self.Agreement.browse(agreement.action_renew()["res_id"]).with_user(self.manager1)
        self._approve(successor).write({"signed_scan": SCAN})
        self.assertEqual(successor.state, "approved", "signed, and not begun")
        for days, states in ((20, ("expiring", "approved")), (21, ("expired", "in_force"))):
            with freeze_time(f"{self.today + relativedelta(days=days)} 12:00:00"):
                self.env.invalidate_all()
                self.assertEqual((agreement.state, successor.state), states)

    def test_new_user_of_another_role_sees_none(self):
        salesman = new_test_user(self.env, "salesman_test", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            self._create_agreement().with_user(salesman).read(["subject"])


SIGNATURE = b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
