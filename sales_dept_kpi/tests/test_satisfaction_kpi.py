import random
from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from odoo.tests import tagged

from .satisfaction_common import SUBJECTS, SatisfactionCommon

SEED = 7


@tagged("post_install", "-at_install")
class TestSatisfactionKpi(SatisfactionCommon):
    """The KPI is the mean of the month's answered surveys of each person."""

    def _measured(self, day, *people):
        month = self._compute(day)
        return [self._result(month, "satisfaction", person) for person in people]

    def test_mean_of_surveys(self):
        """Of surveys, not of answers: 100 from five answers and 50 from one are 75."""
        self._answered(5, 5, 5, 5, 5, moment="2026-03-10 04:00:00")
        self._answered(3, moment="2026-03-11 04:00:00", contact=self.inspector)
        (result,) = self._measured("2026-03-01", self.manager1)
        self.assertEqual((result.numerator, result.denominator, result.value), (150, 2, 75))
        self.assertEqual(result.verdict, "missed")
        self.assertEqual(sum(result.evidence_ids.mapped("numerator")), result.numerator)
        self.assertEqual(sorted(result.evidence_ids.mapped("numerator")), [50, 100])
        action = result.evidence_ids[0].with_user(self.manager1).action_open_document()
        self.assertEqual(action["res_model"], "sales.satisfaction.answer")

    def test_threshold_is_inclusive(self):
        """80 of 100 is enough."""
        self._answered(5, 4, 4, 4, 4, moment="2026-03-10 04:00:00")
        (result,) = self._measured("2026-03-01", self.manager1)
        self.assertEqual((result.value, result.verdict), (80, "met"))

    def test_threshold_of_thirds(self):
        """80 of 100 is enough, also where people reach it together with ninths, which are no decimals."""
        for subject in SUBJECTS:
            self._question(subject).write({"scale_min": 0, "scale_max": 3})
        contacts = [self.buyer, self.inspector, self.customer, self.portal_user.partner_id, self.buyer]
        # 8/9 + 2/3 + 7/9 + 8/9 + 7/9 = 4, of 5.
        answers = [(2, 3, 3), (2, 2), (3, 1, 3), (2, 3, 3), (3, 2, 2)]
        for contact, values in zip(contacts, answers, strict=True):
            self._answered(*values, moment="2026-04-10 04:00:00", contact=contact)
        (result,) = self._measured("2026-04-01", self.manager1)
        self.assertEqual((result.denominator, result.verdict), (5, "met"))

    def test_no_answers_no_verdict(self):
        """Asked and not answered, or remarks alone: no verdict, and not nought."""
        self._invite()
        self._answered(remarks={"quality": "Later"}, moment="2026-03-10 04:00:00", contact=self.inspector)
        (result,) = self._measured("2026-03-01", self.manager1)
        self.assertFalse(result)

    def test_one_who_is_unhappy(self):
        """The counterpart: an answer of nothing but the worst is nought, and a verdict."""
        self._answered(1, 1, 1, 1, 1, moment="2026-03-10 04:00:00")
        (result,) = self._measured("2026-03-01", self.manager1)
        self.assertEqual((result.value, result.verdict, result.has_value), (0, "missed", True))

    def test_whose_it_was(self):
        """It counts for who was responsible when she was asked, in the month of the company in which she answered."""
        invited = self._invite()
        self.customer.user_id = self.manager2
        self._finish(self._fill(invited, 4), "2026-03-31 16:30:00")
        march = self._measured("2026-03-01", self.manager1, self.manager2)
        april = self._measured("2026-04-01", self.manager1, self.manager2)
        self.assertEqual([bool(result) for result in march + april], [False, False, True, False])

    def test_duties(self):
        kpi = self.env["sales.kpi"].search([("source", "=", "satisfaction")])
        self.assertIn(self.env.ref("sales_dept_roles.duty_manager_3_2_4"), kpi.duty_ids)
        self.assertEqual(kpi.threshold_ids.mapped("threshold"), [80])

    def test_random(self):
        """A random history against a walk from answer to answer in exact fractions."""
        chance = random.Random(SEED)
        people = [self.manager1, self.manager2, self.env["res.users"]]
        contacts = self.env["res.partner"].create(
            [{"name": f"C{number}", "email": f"c{number}@example.com"} for number in range(6)]
        )
        told = []
        for _number in range(60):
            contact, person = chance.choice(contacts), chance.choice(people)
            invited = self._invite(contact, user=person) if person else self._invite(contact)
            values = [chance.choice((None, 1, 2, 3, 4, 5)) for _subject in SUBJECTS]
            self._fill(invited, *values)
            moment = datetime(2026, 2, 12) + timedelta(minutes=chance.randrange(70 * 24 * 60))
            kind = chance.choice(("done", "done", "done", "open", "test"))
            if kind != "open":
                self._finish(invited, moment.isoformat())
            if kind == "test":
                self.env.flush_all()
                self.env.cr.execute("UPDATE survey_user_input SET test_entry = TRUE WHERE id = %s", [invited.id])
            scores = [Fraction(100 * (value - 1), 4) for value in values if value is not None]
            if kind == "done" and scores:
                told.append((person, self.company._local_day(moment).replace(day=1), sum(scores) / len(scores)))
        compared = 0
        for day in ("2026-02-01", "2026-03-01", "2026-04-01"):
            expected = defaultdict(list)
            for person, month, score in told:
                if month.isoformat() == day:
                    expected[person].append(score)
            found = self._sums("satisfaction", day)
            self.assertEqual(found.keys(), expected.keys(), day)
            for person, scores in expected.items():
                numerator, denominator, _pending = found[person]
                self.assertEqual(denominator, len(scores))
                self.assertAlmostEqual(numerator, Decimal(sum(scores).numerator) / sum(scores).denominator, places=6)
                self.assertEqual(numerator >= 80 * denominator, sum(scores) >= 80 * len(scores))
                compared += 1
        self.assertGreater(compared, 5)
