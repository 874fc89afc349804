from datetime import date, timedelta

from odoo.fields import Command

from .kpi_common import KpiCommon

# The month that is reported on, and its figures: numerator, denominator, threshold, weight.
MONTH = date(2026, 9, 1)


class ReportCommon(KpiCommon):
    """A department at the beginning of October 2026, whose account managers, assistant and director write reports."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.company"].search([]).write({"sales_dept_monthly_report": False, "sales_dept_kpi": False})
        cls.company.sales_dept_monthly_report = True
        cls.Report = cls.env["sales.monthly.report"]
        cls.writers = cls.manager1 | cls.manager2 | cls.assistant | cls.director
        for user in cls.writers | cls.gm | cls.gm2 | cls.engineering | cls.finance | cls.outsider:
            user.name = user.login
        # Those of the template database hold the same posts.
        others = cls.company._monthly_report_writers() - cls.writers
        others.write({"active": False})
        cls.kpi = cls._create_kpi("Calls answered")
        # Locked, so that making a report computes no KPIs: results are given by the tests.
        for day in (date(2026, 7, 1), date(2026, 8, 1), MONTH, date(2026, 10, 1)):
            cls._month(day)

    # === FIGURES === #

    @classmethod
    def _create_kpi(cls, name, measure="share", **vals):
        """A KPI made on screen, of which no document is there: its results are given by the tests."""
        model = cls.env["ir.model"]._get("sale.order")
        fields = {field.name: field.id for field in model.field_id}
        return cls.env["sales.kpi"].create(
            {
                "name": name,
                "measure": measure,
                "model_id": model.id,
                "domain": "[('id', '=', 0)]",
                "part_domain": "[]",
                "date_field_id": fields["date_order"],
                "person_field_id": fields["user_id"],
                "company_id": False,
                **vals,
            }
        )

    @classmethod
    def _month(cls, day, state="locked"):
        """The sheet of the month's KPIs, in `state`."""
        month = cls.env["sales.kpi.month"]._of(cls.company, day).sudo()
        month._write_protected({"state": state})
        return month

    @classmethod
    def _measured(cls, user, numerator, denominator, day=MONTH, kpi=None, threshold=90.0, weight=1.0, locked=True):
        """A result of a KPI as the system computes it, in a month that is locked unless said otherwise."""
        kpi = kpi or cls.kpi
        month = cls._month(day, "locked" if locked else "open")
        Total = cls.env["sales.kpi.total"]
        Total._make(month, kpi)
        total = Total.search([("month_id", "=", month.id), ("kpi_id", "=", kpi.id)])
        value = numerator if kpi.measure == "total" else 100 * numerator / denominator if denominator else 0
        judged = bool(threshold) and (kpi.measure == "total" or bool(denominator))
        return cls.env["sales.kpi.result"].create(
            {
                "total_id": total.id,
                "month_id": month.id,
                "company_id": cls.company.id,
                "date": month.date_from,
                "kpi_id": kpi.id,
                "user_id": user.id,
                "numerator": numerator,
                "denominator": denominator,
                "measure": kpi.measure,
                "value": value,
                "has_value": kpi.measure == "total" or bool(denominator),
                "threshold": threshold,
                "weight": weight,
                "verdict": ("met" if value >= threshold else "missed") if judged else "none",
            }
        )

    # === REPORTS === #

    @classmethod
    def _make(cls, users=None, day=MONTH):
        """Make the reports of `users`, and the department's; return those of the users in their order."""
        users = cls.manager1 if users is None else users
        cls.Report._make(cls.company, day, users)
        reports = cls.Report.search([("date_from", "=", day), ("kind", "=", "person"), ("user_id", "in", users.ids)])
        return reports.sorted(lambda report: users.ids.index(report.user_id.id))

    @classmethod
    def _department(cls, day=MONTH):
        return cls.Report.search([("date_from", "=", day), ("kind", "=", "department")])

    @classmethod
    def _write(cls, report, **vals):
        """Write what a report wants, as its writer; the plan is of one item."""
        own = report.with_user(report.user_id)
        own.write(
            {
                "results": "Two new customers",
                "item_ids": [
                    Command.create(
                        {
                            "name": "Visit Ruifeng",
                            "measure": "Show the new line",
                            "date": report.date_to + timedelta(days=20),
                        }
                    )
                ],
                **vals,
            }
        )
        return own

    @classmethod
    def _submitted(cls, report, **vals):
        own = cls._write(report, **vals)
        own.action_approval_submit()
        return own

    @classmethod
    def _confirmed(cls, report, **vals):
        own = cls._submitted(report, **vals)
        boss = cls.gm if report.user_id == cls.director else cls.director
        own.with_user(boss).action_approval_approve()
        return own

    def _sections(self, report):
        """``{section: [(name, amount)]}`` of what a report lists."""
        found = {}
        for line in report.sudo().line_ids:
            found.setdefault(line.section, []).append((line.name, line.amount))
        return found
