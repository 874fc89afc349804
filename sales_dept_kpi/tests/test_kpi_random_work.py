from collections import defaultdict
from datetime import datetime, time, timedelta

from odoo.tests import freeze_time, tagged

from .kpi_random_common import KpiRandomCommon, first, last

# Before anything of the histories, so that it was given and taken in time.
BEGIN = "2026-01-02 04:00:00"
# 17:00 in Shanghai, when work ends.
WORK_ENDS = time(9)


@tagged("post_install", "-at_install")
class TestKpiRandomWork(KpiRandomCommon):
    """As :class:`TestKpiRandom`: overstock that is explained, freight that is reconciled, assignments that are done."""

    def _add(self, sums, user, standing):
        """Count one document for `user` as its `standing` says: met, missed or not decided yet."""
        for position, met in enumerate((standing == "met", standing != "pending", standing == "pending")):
            sums[user][position] += met

    def _walk(self, documents, judge):
        """``(month, now) -> sums`` of `documents`; `judge` returns ``(user, day, standing)``, or nothing to count."""

        def reference(month, now):
            sums = defaultdict(lambda: [0, 0, 0])
            for document in documents:
                user, day, standing = judge(document, now) or (None, None, None)
                if day and first(day) == month:
                    self._add(sums, user, standing)
            return {user: tuple(values) for user, values in sums.items()}

        return reference

    # === OVERSTOCK === #

    def _sheets(self):
        """Sheets of months' ends and of other days; some were replaced, one has no figures yet."""
        days = ("2026-01-31", "2026-02-14", "2026-02-28", "2026-03-31")
        sheets = self.env["stock.ageing.sheet"]
        with freeze_time("2026-04-02 04:00:00"):
            for day in days:
                replaced = sheets.create({"date": day})
                replaced._write_protected({"computed_date": BEGIN, "superseded_date": BEGIN})
                replaced.flush_recordset()
                sheet = sheets.create({"date": day})
                sheet._write_protected({"computed_date": BEGIN})
                sheets |= replaced | sheet
            sheets |= sheets.create({"date": "2025-12-31"})
        return sheets

    def _lines(self, sheet):
        """Lines of a sheet as the database writes them: over the limit or not, explained around the deadline."""
        products = self.env["product.product"].create([{"name": f"Gear {number}"} for number in range(12)])
        self.env.flush_all()
        for product in products:
            self.env.cr.execute(
                "INSERT INTO stock_ageing_line (sheet_id, product_id, user_id, is_over, company_id, is_explained)"
                " VALUES (%s, %s, %s, %s, %s, FALSE)",
                [
                    sheet.id,
                    product.id,
                    self.chance.choice(self.people).id or None,
                    self.chance.random() < 0.8,
                    self.company.id,
                ],
            )
        lines = self.env["stock.ageing.line"].search([("sheet_id", "=", sheet.id)])
        ends = datetime.combine(last(sheet.date + timedelta(days=1)), time(16))
        for line in lines.filtered(lambda line: self.chance.random() < 0.7):
            # The minute before midnight in Shanghai, midnight, and other times.
            moment = ends + timedelta(minutes=self.chance.choice((-1, -1, 0, 0, -9000, 3000)))
            line._write_protected({"is_explained": True, "explained_date": moment})
        return lines

    def test_overstock(self):
        lines = self.env["stock.ageing.line"]
        for sheet in self._sheets():
            lines |= self._lines(sheet)

        def judge(line, now):
            sheet = line.sheet_id
            worked_on = sheet.date + timedelta(days=1)
            if not line.is_over or sheet.superseded_date or not sheet.computed_date or worked_on.day != 1:
                return None
            deadline = last(worked_on)
            if line.is_explained:
                met = self.company._local_day(line.explained_date) <= deadline
                return line.user_id, deadline, "met" if met else "missed"
            return line.user_id, deadline, "missed" if deadline < self.company._local_day(now) else "pending"

        self._compare("overstock", self._walk(lines, judge))

    # === FREIGHT === #

    def _carriers(self):
        delivery = self.env["product.product"].create({"name": "Freight", "type": "service"})
        partner = self.env["res.partner"].create({"name": "Carriers Ltd", "is_company": True})
        return self.env["delivery.carrier"].create(
            [
                {"name": f"Closes {day}", "product_id": delivery.id, "partner_id": partner.id, "closing_day": day}
                for day in (0, 5, 10, 20, 25, 28)
            ]
        )

    def _spans(self, carrier):
        """``[(first day, last day)]`` of the months of a carrier's statements, January to April."""
        for month in (datetime(2026, number, 1).date() for number in range(1, 5)):
            if not carrier.closing_day:
                yield month, last(month)
                continue
            before = first(month - timedelta(days=1))
            yield before.replace(day=carrier.closing_day) + timedelta(days=1), month.replace(day=carrier.closing_day)

    def _due(self, closed):
        """When a statement has to be signed: at the end of the tenth working day after it was closed."""
        day, left = closed, self.company.sales_dept_freight_days
        while left:
            day += timedelta(days=1)
            left -= day.weekday() < 5
        return datetime.combine(day, WORK_ENDS)

    def _statements(self, carrier, begin, end, due):
        """No statement of these days, one, one that was cancelled, or two of a part each."""
        halves = [(begin, end - timedelta(days=5))]
        parts = self.chance.choice(([], [(begin, end)], halves, halves))
        if parts and parts[0][1] != end:
            parts = [*parts, (end - timedelta(days=4), end)]
        statements = self.env["freight.statement"]
        for number, (since, until) in enumerate(parts):
            statement = statements.create(
                {
                    "carrier_id": carrier.id,
                    "date_from": since,
                    "date_to": until,
                    "user_id": self.chance.choice((self.assistant, self.manager1)).id,
                }
            )
            # One of several is signed for sure: which of two open ones is named nobody has to say.
            if number or self.chance.random() < 0.5:
                minutes = self.chance.choice((-3000, 0, 1, 4000)) + number
                statement._write_protected({"signed_date": due + timedelta(minutes=minutes)})
            elif self.chance.random() < 0.4:
                statement._write_protected({"cancelled_date": BEGIN})
            statements |= statement
        return statements

    def test_freight(self):
        months = []
        for carrier in self._carriers():
            for number, (begin, end) in enumerate(self._spans(carrier)):
                shipped = self.chance.random() < 0.8
                if shipped:
                    day = self.chance.choice((begin, end, begin + timedelta(days=9)))
                    self.env["freight.waybill"].create(
                        {"carrier_id": carrier.id, "name": f"W{carrier.id}-{number}", "shipped_date": day}
                    )
                due = self._due(end)
                months.append((shipped, due, self._statements(carrier, begin, end, due)))

        def judge(month, now):
            shipped, due, statements = month
            if not shipped:
                return None
            held = statements.filtered(lambda statement: not statement.cancelled_date)
            unsigned = held.filtered(lambda statement: not statement.signed_date)
            statement = unsigned or held.sorted("signed_date")[-1:]
            if statement.signed_date:
                standing = "met" if statement.signed_date <= due else "missed"
            else:
                standing = "pending" if due >= now else "missed"
            return statement.user_id, self.company._local_day(due), standing

        self._compare("freight", self._walk(months, judge))

    # === ASSIGNMENTS === #

    def _assignments(self):
        kind = self.env.ref("sales_dept_roles.mail_activity_assignment")
        with freeze_time(BEGIN):
            return (
                self.env["mail.activity"]
                .with_user(self.director)
                .create(
                    [
                        {
                            "activity_type_id": kind.id,
                            "user_id": self.chance.choice((self.manager1, self.manager2, self.director)).id,
                            "summary": f"Call {number}",
                            "date_deadline": self._day(),
                            "res_model_id": self.env["ir.model"]._get_id("res.partner"),
                            "res_id": self.customer.id,
                        }
                        for number in range(40)
                    ]
                )
                .sudo()
            )

    def test_assignments(self):
        activities = self._assignments()
        for activity in activities:
            event = self.chance.choice(("open", "done", "done", "done", "cancelled", "given up"))
            if event == "done":
                activity.active = False
                activity.flush_recordset()
                activity.date_done = activity.date_deadline + timedelta(days=self.chance.choice((-5, 0, 0, 1, 9)))
            elif event != "open":
                # By whoever gave it, or by whoever had to do it.
                by = self.director if event == "cancelled" else activity.user_id
                activity.with_user(by).action_assignment_cancel("Not wanted")
        self.env.flush_all()

        def judge(activity, now):
            deadline, today = activity.date_deadline, self.company._local_day(now)
            if activity.user_id == self.director:
                return None
            if activity.assignment_cancelled_by_id:
                given_up = activity.assignment_cancelled_by_id == activity.user_id and deadline < today
                return (activity.user_id, deadline, "missed") if given_up else None
            if activity.active:
                return activity.user_id, deadline, "missed" if deadline < today else "pending"
            return activity.user_id, deadline, "met" if activity.date_done <= deadline else "missed"

        self._compare("assignment", self._walk(activities, judge))
