from odoo import api, models
from odoo.fields import Domain


class SalesMonthlyReport(models.Model):
    """The department's report: the company's figures, a row for each person, and what all of them list."""

    _inherit = "sales.monthly.report"

    @api.model
    def _department_writer(self, company):
        """Who writes the department's report: the director, the first of several; or nobody."""
        directors = self.env.ref("sales_dept_roles.group_director")._role_holders(company)
        return directors.filtered("active").sorted("id")[:1]

    def _people_domain(self):
        """The domain of the reports that the department's report `self` is made of."""
        self.ensure_one()
        return [
            ("company_id", "=", self.company_id.id),
            ("date_from", "=", self.date_from),
            ("kind", "=", "person"),
        ]

    def _roll_up(self):
        """Make the departments' reports `self` anew of those of their people, as superuser."""
        for report in self:
            people = self.search(report._people_domain())
            report.member_ids.unlink()
            report._fill_figures()
            report._copy_lines(people)
            report.env["sales.monthly.report.member"].create(
                [report._prepare_member_values(person) for person in people]
            )

    def _copy_lines(self, people):
        self.line_ids.unlink()
        lines = people.line_ids
        self.env["sales.monthly.report.line"].create([{**values, "report_id": self.id} for values in lines.copy_data()])
        names = self._summed_fields()
        (sums,) = people._read_group([("id", "in", people.ids)], [], [f"{name}:sum" for name in names])
        self._write_protected({name: value or 0 for name, value in zip(names, sums, strict=True)})

    @api.model
    def _summed_fields(self):
        """The sums of documents, which the department's report adds up."""
        return sorted(
            name for name in self._protected_names() if name.endswith(("_count", "_amount")) and "kpi" not in name
        )

    def _prepare_member_values(self, person):
        Member = self.env["sales.monthly.report.member"]
        return {
            "report_id": self.id,
            "source_id": person.id,
            "user_id": person.user_id.id,
            **{name: person[name] for name in Member._copied_fields()},
        }

    def _refresh_members(self):
        """Bring the rows of the people's reports `self` up to date in the department's reports that are open."""
        members = (
            self.env["sales.monthly.report.member"]
            .sudo()
            .search(Domain("source_id", "in", self.ids) & Domain("report_id.state", "in", ("draft", "sent_back")))
        )
        for member in members:
            member.write({name: member.source_id[name] for name in member._copied_fields()})
