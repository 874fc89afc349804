from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..kpi.month_name import month_name
from ..kpi.sales_kpi_month import LEADERS

MONTH = relativedelta(months=1)
DEPARTMENT, NOBODY = "department", 0


class SalesKpiMatrix(models.AbstractModel):
    """The figures of all people side by side, for whoever leads the department: those of a month, a KPI a column;
    or a KPI's, a month a column.

    It reads what is stored: as many queries for two people as for two hundred, whatever lies behind.
    """

    _name = "sales.kpi.matrix"
    _description = "KPI Matrix"

    # === READING === #

    @api.model
    @api.readonly
    def read_month(self, day=False):
        """The month that holds `day`, by default the running one.

        :return: ``{"columns": [{"id", "name"}], "rows": […], "period": {…}}``; a row is of the department, of a team
            (a heading), of a person or of nobody, and has a cell or None for each column
        """
        self._check_leader()
        month = self._first_of_month(day)
        figures = self._figures(month - MONTH, month)
        shown = {key: figure for key, figure in figures.items() if key[2] == month}
        kpis = self.env["sales.kpi"].union(*(figure.kpi_id for key, figure in shown.items() if key[0] == DEPARTMENT))
        columns = [(kpi.id, kpi.name) for kpi in kpis.sorted(lambda kpi: (kpi.sequence, kpi.id))]
        return {
            "columns": [{"id": kpi, "name": name} for kpi, name in columns],
            "rows": self._rows(shown, [(kpi, month) for kpi, _name in columns], figures),
            "period": self._period_values(month),
        }

    @api.model
    @api.readonly
    def read_year(self, day, kpi_id):
        """As :meth:`read_month`, of one KPI in the year that holds `day`: a month a column."""
        self._check_leader()
        month = self._first_of_month(day)
        months = [month.replace(month=number) for number in range(1, 13)]
        figures = self._figures(months[0] - MONTH, months[-1], Domain("kpi_id", "=", kpi_id))
        shown = {key: figure for key, figure in figures.items() if key[2] >= months[0]}
        return {
            "columns": [{"id": str(each), "name": month_name(self.env, each, "MMM")} for each in months],
            "rows": self._rows(shown, [(kpi_id, each) for each in months], figures),
            "period": self._period_values(month),
            "kpi": {"id": kpi_id, "name": self.env["sales.kpi"].browse(kpi_id).name},
        }

    def _check_leader(self):
        if not any(self.env.user.has_group(group) for group in LEADERS):
            raise AccessError(
                self.env._(
                    "The figures of all people are for the sales director and the general manager. Yours are under "
                    "“My Figures”."
                )
            )

    @api.model
    def _first_of_month(self, day):
        day = fields.Date.to_date(day) if day else self.env.company._local_today()
        return day.replace(day=1)

    @api.model
    def _figures(self, first, last, domain=Domain.TRUE):
        """``{(row, KPI's id, month): figure}`` of the months from `first` to `last`; two queries."""
        domain &= Domain("company_id", "=", self.env.company.id)
        domain &= Domain("date", ">=", first) & Domain("date", "<=", last)
        totals = self.env["sales.kpi.total"]._search_shown(domain)
        results = self.env["sales.kpi.result"]._search_shown(domain)
        return {
            **{(DEPARTMENT, total.kpi_id.id, total.date): total for total in totals},
            **{(result.user_id.id or NOBODY, result.kpi_id.id, result.date): result for result in results},
        }

    # === ROWS === #

    @api.model
    def _rows(self, shown, columns, figures):
        rows = []
        for row in self._row_values(shown):
            key = row.pop("key")
            cells = [self._cell_values(figures, key, *column) for column in columns] if key is not None else []
            rows.append({**row, "cells": cells})
        return rows

    @api.model
    def _row_values(self, shown):
        """The heads of the rows: the department, its people by team, and what is nobody's."""
        if not shown:
            return
        yield {"key": DEPARTMENT, "kind": "department", "id": False, "name": self.env._("Department")}
        # Names are no secret: whoever was moved to another company since stays in the figures.
        people = self.env["res.users"].sudo().browse({key[0] for key in shown if key[0] not in (DEPARTMENT, NOBODY)})
        teams = self._teams(shown)
        without = self.env["crm.team"]
        heading = None
        for person in people.sorted(
            lambda person: (not teams.get(person.id), *self._team_order(teams.get(person.id, without)), person.name)
        ):
            team = teams.get(person.id, without)
            if teams and team != heading:
                yield {"key": None, "kind": "team", "id": team.id, "name": team.name or self.env._("Without a Team")}
                heading = team
            yield {"key": person.id, "kind": "person", "id": person.id, "name": person.name}
        if any(key[0] == NOBODY for key in shown):
            yield {"key": NOBODY, "kind": "nobody", "id": False, "name": self.env._("Nobody's")}

    @api.model
    def _teams(self, shown):
        """``{person's id: team}``, of several in the time that is shown the latest."""
        teams = {}
        for (person, _kpi, _month), figure in sorted(shown.items(), key=lambda item: item[0][2]):
            if person not in (DEPARTMENT, NOBODY) and figure.team_id:
                teams[person] = figure.sudo().team_id
        return teams

    @api.model
    def _team_order(self, team):
        return team.sequence, team.name or "", team.id

    # === CELLS === #

    @api.model
    def _cell_values(self, figures, row, kpi, month):
        figure = figures.get((row, kpi, month))
        if not figure or not (figure.has_value or figure.pending):
            return None
        values = figure._card_values()
        before = figures.get((row, kpi, month - MONTH))
        known = before and before.has_value and figure.has_value
        return {**values, "trend": self._trend(before.value, figure.value) if known else False}

    @api.model
    def _trend(self, before, now):
        return "same" if now == before else "up" if now > before else "down"

    # === PERIODS === #

    @api.model
    def _period_values(self, month):
        """What the picker shows: the month, how it stands, and those of its year."""
        running = self.env.company._local_today().replace(day=1)
        sheets = self._sheets(month)
        sheet = sheets.get(month, self.env["sales.kpi.month"])
        return {
            "id": sheet.id,
            "date": str(month),
            "name": month_name(self.env, month),
            "year": month_name(self.env, month, "y"),
            "state": sheet.state or "open",
            "computed": fields.Datetime.to_string(sheet.computed_date) if sheet.computed_date else False,
            "is_over": month < running,
            "has_begun": month <= running,
            "previous": str(month - MONTH),
            "next": str(month + MONTH) if month < running else False,
            "months": [
                {
                    "date": str(each),
                    "name": month_name(self.env, each, "MMM"),
                    "state": sheets[each].state if each in sheets else False,
                    "has_begun": each <= running,
                }
                for each in (month.replace(month=number) for number in range(1, 13))
            ],
        }

    @api.model
    def _sheets(self, month):
        """``{first of month: sheet}`` of the year that holds `month`."""
        sheets = self.env["sales.kpi.month"].search(
            Domain("company_id", "=", self.env.company.id)
            & Domain("date_from", ">=", month.replace(month=1))
            & Domain("date_from", "<=", month.replace(month=12))
        )
        return {sheet.date_from: sheet for sheet in sheets}

    # === DOING === #

    @api.model
    def compute_month(self, day):
        """Compute the month that holds `day` now, also one that has no figures yet.

        :raises UserError: when it has not begun, or is locked
        """
        self._check_leader()
        month = self._first_of_month(day)
        if month > self.env.company._local_today():
            raise UserError(
                self.env._("%(month)s has not begun: there is nothing to compute.", month=month_name(self.env, month))
            )
        return self.env["sales.kpi.month"]._of(self.env.company, month).action_compute()
