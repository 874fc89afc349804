from datetime import date, datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from ..models.monthly_report import sales_monthly_report_sections
from .report_common import MONTH, ReportCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-02 04:00:00")
class TestMonthlyReportSections(ReportCommon):
    """What the system puts into a report: KPIs, and the documents that are open, each in its own person's report."""

    def _listed(self, user=None, day=MONTH):
        """``{section: [(name, amount)]}`` of a report made now."""
        return self._sections(self._make(user or self.manager1, day))

    # === COLLECTIONS === #

    def test_collections(self):
        """B10, B14: overdue instalments of one's customers, open credit taken off; due today is not overdue."""
        self._keep_books()
        late = self._invoice(self.manager1, 1000, "2026-08-01", due="2026-09-30")
        credit = self._invoice(self.manager1, 200, "2026-09-20", kind="out_refund")
        self._invoice(self.manager1, 70, "2026-09-20", due="2026-10-01")
        self._invoice(self.manager2, 60, "2026-08-01")
        paid = self._invoice(self.manager1, 50, "2026-08-01")
        self._pay(self._due(paid), 50, "2026-09-01")
        part = self._invoice(self.manager1, 40, "2026-08-01")
        self._pay(self._due(part), 15, "2026-09-01")
        report = self._make()
        self.assertEqual(
            self._sections(report),
            {"collection": [(part.name, 25), (credit.name, -200), (late.name, 1000)]},
        )
        self.assertEqual((report.collection_count, report.collection_amount), (3, 825))
        line = report.line_ids.filtered(lambda line: line.name == late.name)
        self.assertEqual((line.days, line.date, line.partner_name), (1, date(2026, 9, 30), "Test Customer Ltd"))
        self.assertEqual(line.with_user(self.manager1).action_open_document()["res_id"], late.id)

    def test_collections_as_at_the_months_end(self):
        """What was paid, credited or charged on 1 October was open on 30 September, whenever the figures are taken."""
        self._keep_books()
        late = self._invoice(self.manager1, 1000, "2026-08-01", due="2026-09-30")
        self._pay(self._due(late), 300, "2026-09-30")
        self._pay(self._due(late), 700, "2026-10-01")
        credited = self._invoice(self.manager1, 50, "2026-08-01", due="2026-08-31")
        refund = self._invoice(self.manager1, 50, "2026-10-01", kind="out_refund")
        (self._due(credited) | self._due(refund)).reconcile()
        credit = self._invoice(self.manager1, 200, "2026-09-20", kind="out_refund")
        later = self._invoice(self.manager1, 200, "2026-10-01")
        (self._due(credit) | self._due(later)).reconcile()
        paid = self._invoice(self.manager1, 9, "2026-08-01")
        self._pay(self._due(paid), 9, "2026-09-30")
        since = self._invoice(self.manager1, 7, "2026-10-01", due="2026-09-01")
        self.assertFalse(self._due(late, credited, credit).filtered("amount_residual"), "all is settled by now")
        report = self._make()
        self.assertEqual(
            sorted(self._sections(report)["collection"]),
            sorted([(late.name, 700), (credited.name, 50), (credit.name, -200)]),
        )
        self.assertEqual(report.collection_amount, 550)
        october = self._make(self.manager1, date(2026, 10, 1))
        self.assertEqual(self._sections(october), {"collection": [(since.name, 7)]}, "as it is now")

    def test_in_another_currency_as_at_the_months_end(self):
        """What an exchange difference settled after the month's end was open too."""
        self._keep_books()
        dollar = self.env["res.currency"].create({"name": "KUS", "symbol": "K$", "rounding": 0.01})
        for day, rate in (("2026-01-01", 7.0), ("2026-09-01", 6.5)):
            self.env["res.currency.rate"].create(
                {"name": day, "rate": 1 / rate, "currency_id": dollar.id, "company_id": self.company.id}
            )
        invoice = self._invoice(self.manager1, 100, "2026-08-01", due="2026-08-31", currency=dollar)
        self._pay(self._due(invoice), 100, "2026-10-01", currency=dollar)
        self.assertFalse(self._due(invoice).amount_residual)
        self.assertEqual(self._listed(), {"collection": [(invoice.name, 700)]})

    def test_which_day_it_is_as_of(self):
        report, running = self._make(), self._make(self.manager1, date(2026, 10, 1))
        self.assertEqual(
            report.as_of_text.replace("\u202f", " "),
            "As at the end of 09/30/2026; exceptions, causes, measures and remarks as they stood on "
            "10/02/2026 12:00:00 PM.",
        )
        self.assertEqual(running.as_of_text.replace("\u202f", " "), "As of 10/02/2026 12:00:00 PM.")

    def test_collections_of_the_running_month(self):
        """In a month that is not over, what is due today or later is not overdue yet."""
        self._keep_books()
        due = self._invoice(self.manager1, 10, "2026-09-01", due="2026-10-01")
        self._invoice(self.manager1, 20, "2026-09-01", due="2026-10-02")
        self.assertEqual(self._listed(day=date(2026, 10, 1)), {"collection": [(due.name, 10)]})

    def test_collections_by_instalments(self):
        """Each instalment by its own day, and of an invoice without salesperson by the customer's account manager."""
        self._keep_books()
        self.customer.user_id = self.manager1
        terms = self._terms((30, 0), (70, 60))
        invoice = self._invoice(None, 100, "2026-08-15", invoice_payment_term_id=terms.id, invoice_user_id=False)
        invoice.invoice_user_id = False
        self.assertEqual(self._listed(), {"collection": [(invoice.name, 30)]})

    # === OTHER DOCUMENTS === #

    def test_overdue_reviews(self):
        deadline = datetime(2026, 9, 25, 9)
        review = self._review(self.manager1, deadline, commitment_date="2026-12-01 09:00:00")
        self._review(self.manager1, deadline, received=datetime(2026, 9, 26, 9))
        self._review(self.manager2, deadline)
        self._review(self.manager1, datetime(2026, 10, 1, 9))
        report = self._make()
        self.assertEqual(self._sections(report), {"review": [(review.name, 200)]})
        self.assertEqual((report.review_count, report.review_amount, report.line_ids.days), (1, 200, 6))

    def test_reviews_as_at_the_months_end(self):
        """Received in October it was overdue in September; at midnight at the company October begins."""
        late = self._review(self.manager1, datetime(2026, 9, 25, 9), received=datetime(2026, 9, 30, 16))
        self._review(self.manager1, datetime(2026, 9, 25, 9), received=datetime(2026, 9, 30, 15, 59))
        self.assertEqual(self._sections(self._make()), {"review": [(late.name, 200)]})
        october = self._make(self.manager1, date(2026, 10, 1))
        self.assertFalse(self._sections(october))

    def test_overstock(self):
        """Lines of the month's last sheet, at their value over the limit."""
        sheet = self.env["stock.ageing.sheet"].create({"date": "2026-09-30"})
        sheet._write_protected({"computed_date": "2026-10-01 02:00:00"})
        for user, value, is_over in ((self.manager1, 300, True), (self.manager1, 5, False), (self.manager2, 9, True)):
            self.env.cr.execute(
                SQL(
                    "INSERT INTO stock_ageing_line (sheet_id, company_id, date, product_id, user_id, is_over,"
                    " over_value, cause, measure) VALUES (%s, %s, %s, %s, %s, %s, %s, 'Put off', 'ship')",
                    *(sheet.id, self.company.id, sheet.date, self.product.id, user.id, is_over, value),
                )
            )
        report = self._make()
        self.assertEqual(self._sections(report), {"overstock": [("Precision Shaft", 300)]})
        self.assertEqual(report.line_ids.detail, "Put off – Ship to the customer")
        self.assertEqual(report.overstock_amount, 300)

    def test_exceptions(self):
        """Those of the month, and earlier ones that are still open; none of the next month, none that was none."""
        order = self._create_quotation(self.manager1, user_id=self.manager1.id)
        order.sudo().action_confirm()
        rows = {
            "old and open": ("2026-07-01 02:00:00", "open"),
            "old and closed": ("2026-07-01 02:00:00", "closed"),
            "closed in the month": ("2026-09-10 02:00:00", "closed"),
            "no exception": ("2026-09-10 02:00:00", "cancelled"),
            "last minute": ("2026-09-30 15:59:00", "open"),
            "of October": ("2026-09-30 16:30:00", "open"),
        }
        kept = {}
        causes = ("plan", "inspection", "picking", "purchase", "production", "other")
        for cause, (what, (opened, state)) in zip(causes, rows.items(), strict=True):
            kept[what] = self.env["sale.order.exception"].create({"order_id": order.id, "cause": cause})
            kept[what]._write_protected({"date_opened": opened, "state": state, "cancel_reason": "None"})
        report = self._make()
        wanted = [kept[what].name for what in ("old and open", "closed in the month", "last minute")]
        self.assertEqual([line.name.split()[0] for line in report.line_ids], wanted)
        self.assertEqual(report.exception_count, 3)

    def test_follow_ups(self):
        """With other departments: in the report of whoever gave it, open or due in the month."""
        give = self.env["sales.assignment.give"].with_user(self.manager1)
        rows = (("Due in September", "2026-09-20"), ("Due in October", "2026-10-20"))
        for name, deadline in rows:
            with freeze_time("2026-09-10 04:00:00"):
                wizard = give.create(
                    {
                        "kind": "follow_up",
                        "name": name,
                        "user_ids": [Command.set(self.engineering.ids)],
                        "date_deadline": deadline,
                    }
                )
                wizard.action_give()
        report = self._make()
        self.assertEqual(report.line_ids.mapped("name"), [name for name, _deadline in rows])
        self.assertEqual(report.line_ids.mapped("partner_name"), ["engineering_test"] * 2)
        self.assertEqual(report.follow_up_count, 2)
        self.assertFalse(self._make(self.manager2).line_ids)

    def test_follow_ups_as_at_the_months_end(self):
        """Done in October it was overdue in September, and nothing had been said of it; what fell due since was not."""
        give = self.env["sales.assignment.give"].with_user(self.manager1)
        rows = (("Late", "2026-09-20"), ("In time", "2026-09-20"), ("Due since", "2026-10-01"))
        with freeze_time("2026-09-10 04:00:00"):
            activities = [
                give.create(
                    {
                        "kind": "follow_up",
                        "name": name,
                        "user_ids": [Command.set(self.engineering.ids)],
                        "date_deadline": deadline,
                    }
                )._give()
                for name, deadline in rows
            ]
        for activity, moment in zip(activities, ("2026-10-01 04:00:00", "2026-09-19 04:00:00"), strict=False):
            with freeze_time(moment):
                activity.with_user(self.engineering).action_feedback(feedback="Solved")
                self.env.flush_all()
        lines = self._make().line_ids
        self.assertEqual(
            {line.name: (line.detail, line.days) for line in lines},
            {"Late": ("Overdue", 11), "In time": ("Done on Time – Solved", 0), "Due since": ("Under Way", 0)},
        )

    def test_most_lines(self):
        """All are counted and summed, so many are listed."""
        self._keep_books()
        for _number in range(3):
            self._invoice(self.manager1, 10, "2026-08-01")
        with patch.object(sales_monthly_report_sections, "MOST_LINES", 2):
            report = self._make()
        self.assertEqual((len(report.line_ids), report.collection_count, report.collection_amount), (2, 3, 30))

    # === KPIS === #

    def test_figures(self):
        total = self._create_kpi("New customers", "total")
        self._measured(self.manager1, 89.999, 100)
        self._measured(self.manager1, 3, 0, kpi=total, threshold=2)
        self._measured(self.manager2, 50, 100)
        self._measured(self.manager1, 1, 0, kpi=self._create_kpi("Nothing due"))
        report = self._make()
        figures = report.figure_ids
        self.assertEqual(
            [(figure.name, figure.result_text, figure.threshold_text, figure.verdict) for figure in figures],
            [
                ("Calls answered", "89.9 %", "90.0 %", "missed"),
                ("New customers", "3", "2", "met"),
                ("Nothing due", "–", "90.0 %", "none"),
            ],
        )
        self.assertEqual((report.kpi_count, report.kpi_met_count), (2, 1), "one without a verdict does not count")

    def test_figures_stay(self):
        """A figure keeps its value and its name, in each language, when the KPI is renamed or computed anew."""
        self.env["res.lang"]._activate_lang("zh_CN")
        self.kpi.with_context(lang="zh_CN").name = "电话应答"
        result = self._measured(self.manager1, 95, 100)
        figure = self._make().figure_ids
        result.write({"value": 10, "numerator": 10, "verdict": "missed"})
        self.kpi.name = "Renamed"
        self.env.invalidate_all()
        self.assertEqual((figure.name, figure.value, figure.verdict), ("Calls answered", 95, "met"))
        self.assertEqual(figure.with_context(lang="zh_CN").name, "电话应答")

    def test_open_month_is_computed_when_it_is_over(self):
        """Figures that were taken before the month was over are not those of the month."""
        month = self._month(MONTH, "open")
        computed = []
        Month = type(month)
        with patch.object(Month, "_compute_open", lambda month: computed.append(month.date_from)):
            report = self._make()
            for moment, is_computed in (
                (False, True),
                ("2026-09-30 15:59:00", True),
                ("2026-09-30 16:00:00", False),
                ("2026-10-01 02:00:00", False),
            ):
                computed.clear()
                month.sudo()._totals().computed_date = moment
                report._take_figures()
                self.assertEqual(bool(computed), is_computed, moment)
