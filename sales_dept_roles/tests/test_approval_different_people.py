from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_approval_engine import ApprovalCommon


@tagged("post_install", "-at_install")
class TestApprovalDifferentPeople(ApprovalCommon):
    """A flow may ask that nobody signs two of its steps, whatever roles they hold."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.doc_flow.different_people = True
        # Director in the first step, finance in the second: engineering signs besides.
        cls.both = cls._create_role_user("both_test", "group_director", "group_finance_verifier")

    def _can_decide(self, document, user):
        """What the search, the flag on the record and the list of those asked say; they say the same."""
        approval = self._in_force(document)
        found = approval in self.env["sales.approval"].with_user(user).search([("can_decide", "=", True)])
        asked = any(user in users for users in approval.task_ids._approvers().values())
        self.assertEqual(found, approval.with_user(user).can_decide)
        self.assertEqual(found, asked)
        return found

    def _delegate(self, principal, delegate):
        today = fields.Date.today()
        return self.env["sales.approval.delegation"].create(
            {
                "user_id": principal.id,
                "delegate_id": delegate.id,
                "date_from": today - timedelta(days=1),
                "date_to": today + timedelta(days=1),
                "reason": "Away",
            }
        )

    def test_two_roles_sign_one_step(self):
        document = self._submitted()
        self.assertTrue(self._can_decide(document, self.both))
        document.with_user(self.both).action_approval_approve()
        self.assertFalse(self._can_decide(document, self.both))
        with self.assertRefused("another person: it waits for somebody else of: Finance Verifier", AccessError):
            document.with_user(self.both).action_approval_approve()
        self.assertTrue(self._can_decide(document, self.finance))
        document.with_user(self.finance).action_approval_approve()
        document.with_user(self.engineering).action_approval_approve()
        self.assertEqual(document.approval_state, "approved")

    def test_counterfactual(self):
        """By default the roles alone decide: one person may hold two."""
        self.doc_flow.different_people = False
        document = self._submitted()
        document.with_user(self.both).action_approval_approve()
        self.assertTrue(self._can_decide(document, self.both))
        document.with_user(self.both).action_approval_approve()
        document.with_user(self.engineering).action_approval_approve()
        self.assertEqual(len(self._in_force(document).decision_ids.user_id), 2)

    def test_steps_at_the_same_time(self):
        """Who holds the roles of two open steps signs the first of them."""
        parallel = self._create_role_user("parallel_test", "group_finance_verifier", "group_review_engineering")
        document = self._submitted()
        document.with_user(self.director).action_approval_approve()
        document.with_user(parallel).action_approval_approve()
        approval = self._in_force(document)
        self.assertEqual(approval.task_ids.filtered(lambda task: task.state == "done").mapped("name")[1:], ["Finance"])
        self.assertFalse(self._can_decide(document, parallel))
        with self.assertRefused("another person", AccessError):
            document.with_user(parallel).action_approval_approve()
        self.assertEqual(document.approval_state, "pending")
        document.with_user(self.engineering).action_approval_approve()
        self.assertEqual(document.approval_state, "approved")

    def test_who_acts_for_another(self):
        """A delegate counts as both: neither the one who acted nor the one acted for signs again."""
        helper = self._create_role_user("helper_test", "group_finance_verifier")
        self._delegate(self.both, helper)
        document = self._submitted()
        document.with_user(helper).action_approval_approve()
        self.assertEqual(self._in_force(document).decision_ids.on_behalf_id, self.both)
        for user in (helper, self.both):
            self.assertFalse(self._can_decide(document, user))
            with self.assertRefused("yourself or by a delegate", AccessError):
                document.with_user(user).action_approval_approve()
        self.assertTrue(self._can_decide(document, self.finance))

    def test_who_signed_is_not_acted_for(self):
        """The authority that was used once is not lent out for the next step."""
        self._delegate(self.both, self.outsider)
        document = self._submitted()
        document.with_user(self.both).action_approval_approve()
        self.assertFalse(self._can_decide(document, self.outsider))
        with self.assertRaises(AccessError):
            document.with_user(self.outsider).action_approval_approve()
        self.doc_flow.different_people = False
        other = self._submitted()
        other.with_user(self.both).action_approval_approve()
        self.assertTrue(self._can_decide(other, self.outsider))

    def test_the_flow_as_it_was_when_asked(self):
        document = self._submitted()
        self.doc_flow.different_people = False
        document.with_user(self.both).action_approval_approve()
        self.assertFalse(self._can_decide(document, self.both))

    def test_the_requester_signs_nothing(self):
        document = self._create_document(self.both)
        document.action_approval_submit()
        self.assertFalse(self._can_decide(document, self.both))
        with self.assertRefused("somebody else has to decide", AccessError):
            document.with_user(self.both).action_approval_approve()
