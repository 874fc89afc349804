import random
from collections import defaultdict
from decimal import Decimal
from io import BytesIO

from openpyxl import load_workbook
from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.target.spreading import exact
from .target_common import TargetCommon

SEED, STEPS = 2027, 60


@tagged("post_install", "-at_install")
class TestTargetRandom(TargetCommon):
    """Whatever is done to a target, in whichever order: persons = teams = company, of the year and of each month."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chance = random.Random(SEED)
        cls._invoice("2025-03-10", 1234.56)
        cls._invoice("2025-07-10", 777, user=cls.manager2)
        cls._share(1001, cls.manager1)
        cls._share(503, cls.manager2)
        cls._share(77, team=cls.team)

    def _any(self, records):
        return records[self.chance.randrange(len(records))] if records else records

    def _sales(self):
        return self.target.share_ids.filtered(lambda share: share.measure == "sales" and not share.categ_id)

    # === WHAT PEOPLE DO === #

    def _step_year(self):
        self._any(self._sales()).amount = self.chance.choice([0, 1, 99.99, 1000000, self.chance.randrange(9999)])

    def _step_month(self):
        self._any(self._sales().line_ids).amount = self.chance.randrange(500) / self.chance.choice([1, 3, 7])

    def _step_days(self):
        people = self._sales().filtered("user_id")
        first, last = sorted(self.chance.sample(range(1, 13), 2))
        days = {"date_from": f"2026-{first:02}-10", "date_to": f"2026-{last:02}-20"}
        self._any(people).write(self.chance.choice([days, {"date_from": False, "date_to": False}]))

    def _step_hand_to_a_colleague(self):
        self._any(self._sales().filtered("user_id")).user_id = self.chance.choice([self.manager1, self.manager2])

    def _step_other_team(self):
        self._any(self._sales()).team_id = self.chance.choice([self.team, self.other_team])

    def _step_spread(self):
        self.target.spread = self.chance.choice(["season", "even", "days"])
        self.target.action_spread()

    def _step_share_a_total(self):
        wizard = self.env["sales.target.divide"].with_user(self.director)
        total, by = self.chance.randrange(1, 99999), self.chance.choice(["even", "current"])
        wizard.create({"target_id": self.target.id, "total": total, "by": by}).action_divide()

    def _step_propose(self):
        self.target.growth = self.chance.randrange(-20, 40)
        self.target.action_propose()

    def _step_add(self):
        present = {(share.user_id, share.team_id) for share in self._sales()}
        people = (self.manager1, self.manager2, self.env["res.users"])
        owners = [(user, team) for user in people for team in (self.team, self.other_team)]
        if missing := [owner for owner in owners if owner not in present]:
            self._share(self.chance.randrange(999), *self.chance.choice(missing), target=self.target)

    def _step_remove(self):
        if len(self._sales()) > 2:
            self._any(self._sales()).unlink()

    def _step_load(self):
        book = load_workbook(BytesIO(self.target._sheet_file()))
        rows = [row for row in book.active.iter_rows(min_row=7) if row[0].value]
        row = self.chance.choice(rows)
        row[5].value, row[6].value = None, self.chance.randrange(999)
        for other in rows:
            other[5].value = None
        content = BytesIO()
        book.save(content)
        self.target._load_sheet(content.getvalue())

    def _step_revise(self):
        self._approve(self.target)
        self.target = self.target._revise("Other figures")

    # === WHAT ALWAYS HOLDS === #

    def _check(self, step):
        self.env.flush_all()
        self.env.invalidate_all()
        months, people, teams = (defaultdict(Decimal) for _each in range(3))
        for share in self._sales():
            self.assertEqual(
                exact(share.amount), sum(map(exact, share.line_ids.mapped("amount"))), (step, share.display_name)
            )
            for line in share.line_ids:
                self.assertEqual((line.user_id, line.team_id), (share.user_id, share.team_id), step)
                for sums, key in ((months, line.date), (people, line.user_id), (teams, line.team_id)):
                    sums[key] += exact(line.amount)
        company = exact(self.target.sales_amount)
        for sums in (months, people, teams):
            self.assertEqual(sum(sums.values()), company, step)
        Line = self.env["sales.target.line"]
        domain = [("target_id", "=", self.target.id), ("measure", "=", "sales"), ("categ_id", "=", False)]
        for name, sums in (("user_id", people), ("team_id", teams), ("date:month", months)):
            rows = {key: exact(amount) for key, amount in Line._read_group(domain, [name], ["amount:sum"])}
            self.assertEqual(rows, dict(sums), (step, name))

    def test_they_are_the_same_sums(self):
        steps = {name: getattr(self, name) for name in dir(self) if name.startswith("_step_")}
        done = defaultdict(int)
        for _number in range(STEPS):
            name = self.chance.choice(sorted(steps))
            try:
                with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                    steps[name]()
                    self.env.flush_all()
                done[name] += 1
            except (UserError, IntegrityError):
                # Refused with a sentence, it changed nothing.
                self.env.invalidate_all()
            self._check(name)
        self.assertEqual(set(done), set(steps), "each was done")
        # What is in force is what is compared with: nothing gets lost on the way there.
        self._approve(self.target)
        planned = self._report()[()][0]
        self.assertEqual(exact(planned), exact(self.target.sales_amount))
