import doctest
from datetime import date
from decimal import Decimal

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.target import spreading, years
from .target_common import TargetCommon

CASES = [
    # amount, weights, step, parts
    ("1000000", [1] * 12, 1, [83334] * 4 + [83333] * 8),
    ("100", [1, 1, 1], 1, [34, 33, 33]),
    ("0", [1, 2], 1, [0, 0]),
    ("5", [0, 0], 1, [3, 2]),
    ("10", [0, 3, 1], 1, [0, 8, 2]),
    ("2", [1] * 12, 1, [1, 1] + [0] * 10),
    ("0.10", [1, 1, 1], "0.01", ["0.04", "0.03", "0.03"]),
    ("99.99", [2.5, 2.5, 5], "0.01", ["25.00", "25.00", "49.99"]),
    ("7", [1, 1, 1000000], 1, [0, 0, 7]),
    ("3", [], 1, []),
]


@tagged("post_install", "-at_install")
class TestTargetSpreading(TargetCommon):
    """Exact parts, and the months of a year: by themselves, then on a target."""

    def test_cases(self):
        """B4, and others worked out by hand; whatever the weights, the parts add up."""
        for amount, weights, step, expected in CASES:
            parts = spreading.spread(Decimal(amount), weights, Decimal(step))
            self.assertEqual(parts, [Decimal(part) for part in expected], (amount, weights))
            self.assertEqual(sum(parts), Decimal(amount) if weights else 0)
        for module in (spreading, years):
            failed, tried = doctest.testmod(module)
            self.assertTrue(tried and not failed)

    def test_year_is_spread_exactly(self):
        """B4 on a target; the year is the sum of its months, whichever of them is changed."""
        share = self._share(1000000, self.manager1)
        self.assertEqual(self._months(share), [83334] * 4 + [83333] * 8)
        share.line_ids.sorted("date")[0].amount = 80000
        self.assertEqual(share.amount, 996666)
        share.amount = 0.10
        self.assertEqual(self._months(share)[:3], [0.01, 0.01, 0.01])
        self.assertEqual(sum(map(Decimal, map(repr, self._months(share)))), Decimal("0.10"))

    def test_by_working_days(self):
        """February 2026 has 20 weekdays, March 22: as its schedule has it, with a make-up day one more."""
        self.target.spread = "days"
        weights = {weight.date.month: weight.weight for weight in self.target.weight_ids}
        self.assertEqual((weights[2], weights[3], weights[4]), (20, 22, 22))
        self.env["resource.calendar.workday"].create(
            {"name": "Make-up", "date": "2026-02-28", "company_id": self.company.id}
        )
        self.target.spread = "even"
        self.target.spread = "days"
        self.assertEqual(self.target.weight_ids.filtered(lambda weight: weight.date.month == 2).weight, 21)

    def test_by_season(self):
        """As last year's sales, month by month of the year; without any, evenly."""
        self._invoice("2025-03-10", 300)
        self._invoice("2025-04-10", 100)
        target = self._target(spread="season")
        share = self._share(1000, self.manager1, target=target)
        self.assertEqual(self._months(share), [0, 0, 750, 250] + [0] * 8)
        empty = self._target("2024-01-01", spread="season")
        self.assertEqual(self._months(self._share(12, self.manager1, target=empty)), [1] * 12)

    def test_by_hand(self):
        self.target.spread = "hand"
        self.target.weight_ids.weight = 0
        self.target.weight_ids[5].weight = 3
        share = self._share(50, self.manager1)
        self.assertEqual(self._months(share), [0] * 5 + [50] + [0] * 6)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.target.weight_ids[0].weight = -1
            self.env.flush_all()

    def test_bounds(self):
        with self.assertRefused("0 or more"):
            self._share(-1, self.manager1)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._target("2026-01-15")
            self.env.flush_all()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._share(1, self.manager1, measure="new_customers", categ=self.parts)
            self.env.flush_all()


@tagged("post_install", "-at_install")
class TestTarget(TargetCommon):
    """A year's target from its proposal to its revisions."""

    # === PROPOSAL === #

    def test_proposed_from_last_year(self):
        self._invoice("2025-02-10", 1000, user=self.manager1)
        self._invoice("2025-06-10", 500, user=self.manager2, partner_id=self._make_customer("Customer B").id)
        gone = self._create_role_user("gone_test", "group_account_manager")
        gone.write({"company_ids": [Command.link(self.company.id)], "company_id": self.company.id})
        self.team.member_ids |= gone
        self._invoice("2025-06-11", 70, user=gone)
        gone.active = False
        self.target.growth = 10
        self.target.action_propose()
        shares = {
            (share.measure, share.team_id, share.user_id): (share.last_amount, share.amount)
            for share in self.target.share_ids
        }
        self.assertEqual(shares["sales", self.team, self.manager1], (1000, 1100))
        self.assertEqual(shares["sales", self.other_team, self.manager2], (500, 550))
        self.assertEqual(shares["sales", self.team, self.env["res.users"]], (70, 77))
        self.assertEqual(shares["new_customers", self.team, self.manager1], (1, 1))
        self.assertEqual(self.target.sales_amount, 1727)
        self.assertEqual(self.target.unassigned_amount, 77)
        # Again: what is there is brought up to date, and nobody has it twice.
        self.target.growth = 20
        self.target.action_propose()
        self.assertEqual(self.target.sales_amount, 1884)

    def test_nothing_to_propose_from(self):
        self.team.member_ids = self.other_team.member_ids = False
        with self.assertRefused("Nothing was sold"):
            self.target.action_propose()

    def test_total_is_shared(self):
        """The company's total by the figures as they are, a team's among its people; exact to the last."""
        first, second = self._share(300, self.manager1), self._share(100, self.manager2)
        divide = self.env["sales.target.divide"].with_user(self.director)
        wizard = divide.create({"target_id": self.target.id, "total": 1001})
        self.assertEqual(wizard.present, 400)
        wizard.action_divide()
        self.assertEqual((first.amount, second.amount), (751, 250))
        divide.create({"target_id": self.target.id, "total": 600, "team_id": self.team.id}).action_divide()
        self.assertEqual((first.amount, second.amount, self.target.sales_amount), (600, 250, 850))
        divide.create({"target_id": self.target.id, "total": 7, "by": "even"}).action_divide()
        self.assertEqual({first.amount, second.amount}, {4, 3})
        with self.assertRefused("nobody to share it to"):
            divide.create({"target_id": self.target.id, "total": 7, "measure": "promotion"}).action_divide()

    def test_persons_teams_and_company_reconcile(self):
        """Whatever is changed in whichever way: persons = teams = company, by month too."""
        shares = [self._share(amount, user) for amount, user in ((1001, self.manager1), (503, self.manager2))]
        self._share(77, team=self.team)
        shares[0].line_ids[4].amount = 3
        shares[1].date_to = "2026-08-20"
        Line = self.env["sales.target.line"]
        for group in (["user_id"], ["team_id"], ["date:month"], []):
            rows = Line._read_group([("target_id", "=", self.target.id)], group, ["amount:sum"])
            self.assertEqual(sum(row[-1] for row in rows), self.target.sales_amount, group)

    def test_joiner_and_leaver(self):
        """Months that a person is not there are the team's own; the sums stay."""
        share = self._share(1200, self.manager1)
        share.date_to = "2026-06-15"
        unassigned = self.target.share_ids.filtered(lambda share: not share.user_id)
        self.assertEqual(self._months(share), [100] * 6)
        self.assertEqual(self._months(unassigned), [0] * 6 + [100] * 6)
        self.assertEqual((unassigned.team_id, self.target.sales_amount), (self.team, 1200))
        joiner = self._share(600, self.manager2, self.team, date_from="2026-07-01")
        self.assertEqual(self._months(joiner), [100] * 6)
        with self.assertRefused("nobody's yet"):
            unassigned.date_to = "2026-03-01"
        with self.assertRefused("no month of"):
            joiner.write({"date_from": "2027-03-01"})

    # === CONFIRMED AND SIGNED === #

    def test_from_confirmation_to_approval(self):
        share = self._share(1200, self.manager1)
        with self.assertRefused("Not confirmed yet: manager1_test"):
            self.target.action_approval_submit()
        self.target.action_ask()
        activities = self.target.activity_ids.filtered(lambda activity: activity.user_id == self.manager1)
        self.assertEqual(len(activities), 1)
        self.target.with_user(self.manager1).action_confirm_mine()
        self.assertFalse(activities.exists())
        self.assertEqual((share.confirmation, share.confirmed_by_id), ("confirmed", self.manager1))
        # Other figures are not those that were confirmed.
        share.line_ids[0].amount = 1
        self.assertEqual(share.confirmation, "stale")
        self.assertTrue(self.target.activity_ids.filtered(lambda activity: activity.user_id == self.manager1))
        # Who has no figures any more is not asked any more.
        self._share(5, self.manager2).unlink()
        self.assertFalse(self.target.activity_ids.filtered(lambda activity: activity.user_id == self.manager2))
        with self.assertRefused("Not confirmed yet"):
            self.target.action_approval_submit()
        self.target.with_user(self.manager1).action_confirm_mine()
        self.target.action_approval_submit()
        self.assertEqual(self.target.state, "waiting")
        with self.assertRefused("withdraw the request"):
            share.amount = 5
        with self.assertRaises(UserError):
            self.target.action_approval_approve()
        self.target.with_user(self.gm).action_approval_approve()
        self.assertEqual(self.target.state, "approved")
        self.assertTrue(all(self.target.line_ids.mapped("in_force")))
        for change in (
            lambda: share.write({"amount": 5}),
            lambda: share.line_ids[0].write({"amount": 5}),
            lambda: share.unlink(),
            lambda: self._share(5, self.manager2),
            lambda: self.target.write({"spread": "days"}),
            lambda: self.target.weight_ids[0].write({"weight": 5}),
            lambda: self.target.unlink(),
            lambda: self.target.with_user(self.manager1).action_confirm_mine(),
        ):
            with self.assertRefused("Revise|stays on record"):
                change()

    def test_nobody_writes_a_signature(self):
        share = self._share(1200, self.manager1)
        for values in (
            {"confirmed_figures": "x"},
            {"confirmed_by_id": self.manager1.id},
            {"confirmation": "confirmed"},
        ):
            with self.assertRaises(AccessError):
                share.write(values)
        for values in ({"approved_date": "2026-01-01"}, {"state": "approved"}, {"version": 9}):
            with self.assertRaises(AccessError):
                self.target.write(values)

    def test_categories_beside_the_whole(self):
        self._share(100, self.manager1, categ=self.parts)
        self.target.with_user(self.manager1).action_confirm_mine()
        with self.assertRefused("none for all sales"):
            self.target.action_approval_submit()

    def test_one_target_a_month(self):
        self._share(1, self.manager1)
        self._approve()
        fiscal = self._target("2026-04-01")
        self._share(1, self.manager1, target=fiscal)
        self._confirm(fiscal)
        with self.assertRefused("in force for some of the same months"):
            fiscal.action_approval_submit()

    # === REVISIONS === #

    def _revision(self, reason="The plant starts later"):
        wizard = self.env["sales.target.revise"].with_user(self.director)
        action = wizard.create({"target_id": self.target.id, "reason": reason}).action_revise()
        return self.env["sales.target"].with_user(self.director).browse(action["res_id"])

    def test_revised_as_a_version(self):
        """The new version counts once it is signed; the old one stays to be read as it was."""
        share, other = self._share(1200, self.manager1), self._share(600, self.manager2)
        share.line_ids.sorted("date")[0].amount = 111
        self._approve()
        revision = self._revision()
        self.assertEqual((revision.version, revision.previous_id, revision.state), (2, self.target, "draft"))
        self.assertEqual(revision.sales_amount, self.target.sales_amount)
        # Confirmed figures stay confirmed as long as they stay.
        self.assertEqual(revision.unconfirmed_count, 0)
        mine = revision.share_ids.filtered(lambda row: row.user_id == self.manager1)
        self.assertEqual(self._months(mine), self._months(share))
        mine.amount = 2400
        self.assertEqual(revision.unconfirmed_count, 1)
        self.assertEqual(
            revision.share_ids.filtered(lambda row: row.user_id == self.manager2).confirmation, "confirmed"
        )
        with self.assertRefused("is begun already"):
            self._revision()
        self.assertTrue(self.target.line_ids[0].in_force)
        self._approve(revision)
        self.assertEqual((self.target.state, revision.state), ("superseded", "approved"))
        self.assertEqual((self.target.successor_id, share.amount, other.amount), (revision, 1211, 600))
        self.assertFalse(self.target.line_ids[0].in_force)
        with self.assertRefused("not in force"):
            self._revision()

    def test_locked_months_stay(self):
        share = self._share(1200, self.manager1)
        self._approve()
        month = self.env["sales.kpi.month"]._of(self.company, date(2026, 1, 15))
        month.sudo()._write_protected({"state": "locked"})
        revision = self._revision()
        mine = revision.share_ids
        with self.assertRefused("is locked"):
            mine.line_ids.sorted("date")[0].amount = 5
        mine.amount = 2300
        self.assertEqual(self._months(mine), [100] + [200] * 11)
        with self.assertRefused("locked months have"):
            mine.amount = 50
        with self.assertRefused("months that are locked"):
            mine.unlink()
        # The counterfactual: open again, it is spread as any other.
        month.sudo()._write_protected({"state": "open"})
        mine.amount = 1200
        self.assertEqual(self._months(mine), [100] * 12)
        self.assertEqual(self._months(share), [100] * 12)

    # === RIGHTS === #

    def test_own_figures_only(self):
        self._share(1200, self.manager1)
        self._share(600, self.manager2)
        self._approve()
        self.env.invalidate_all()
        seen = self.target.with_user(self.manager1)
        self.assertEqual(seen.share_ids.mapped("amount"), [1200])
        self.assertEqual(seen.line_ids.user_id, self.manager1)
        self.assertEqual(self._report("user_id", user=self.manager1), {self.manager1: (1200, 0, -1200, 0)})
        self.assertEqual(len(self._report("user_id", user=self.gm)), 2)
        with self.assertRaises(AccessError):
            seen.read(["sales_amount"])
        share = self.target.sudo().share_ids.filtered(lambda share: share.user_id == self.manager1)
        for user in (self.manager1, self.gm, self.finance):
            with self.assertRaises(AccessError):
                share.with_user(user).write({"amount": 5})
        for user in (self.assistant, self.outsider):
            with self.assertRaises(AccessError):
                self.target.with_user(user).read(["date_from"])
        approval = self.target.sudo().approval_in_force_id
        self.assertFalse(approval.with_user(self.assistant).has_access("read"))
        self.assertTrue(approval.with_user(self.gm).has_access("read"))

    def test_printed(self):
        self._share(1200, self.manager1)
        self._share(600, self.manager2, self.team)
        html = (
            self.env["ir.actions.report"]
            .with_user(self.director)
            ._render_qweb_html("sales_dept_kpi.report_target", self.target.ids)[0]
        )
        text = html.decode()
        for words in ("Annual Sales Target", "1,200", "East in all", "In all", "1,800", "Prepared By"):
            self.assertIn(words, text)

    def test_once_each(self):
        self._share(1, self.manager1)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._share(1, self.manager1)
            self.env.flush_all()
