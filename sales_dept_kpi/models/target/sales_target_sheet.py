from itertools import chain

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.sales_dept_logistics.models.waybill.waybill_sheet import SheetError, check_file
from odoo.addons.sales_dept_logistics.statement_reader import read_cells

from ..kpi.sales_figures_register_mixin import Span
from .sheet import OWNER, Problem, heading, read_rows, write_rows
from .years import is_within, months_from

MOST_PROBLEMS = 50


class SalesTarget(models.Model):
    """A target as XLSX: persons by months, to be worked on elsewhere and read back."""

    _inherit = "sales.target"

    def action_download(self):
        """Download the figures that the user may see."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": f"/sales_dept/target/{self.id}", "target": "download"}

    def action_load(self):
        """Ask for a spreadsheet with figures."""
        self.ensure_one()
        self._check_open()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Load Figures"),
            "res_model": "sales.target.load",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_target_id": self.id},
        }

    # === OUT === #

    @api.model
    def _sheet_labels(self):
        """``{column: heading in the reader's language}``."""
        share = self.env["sales.target.share"]._fields
        labels = {name: share[name]._description_string(self.env) for name in OWNER if name != "login"}
        login = self.env["res.users"]._fields["login"]._description_string(self.env)
        return {**labels, "login": login, "year": share["amount"]._description_string(self.env)}

    def _sheet_file(self):
        """The content of an XLSX file; without shares it is the form to fill in."""
        self.ensure_one()
        months = months_from(self.date_from)
        measures = dict(self.env["sales.target.share"]._fields["measure"]._description_selection(self.env))
        rows = []
        for share in self.share_ids:
            amounts = {line.date: line.amount for line in share.line_ids}
            names = share.sudo()
            texts = (
                measures[share.measure],
                names.categ_id.complete_name,
                names.team_id.name,
                names.user_id.name,
                names.user_id.login,
            )
            rows.append((texts, [amounts.get(month) for month in months]))
        labels = list(self._sheet_labels().values())
        return write_rows(self.display_name, self._sheet_head(), labels, [f"{month:%Y-%m}" for month in months], rows)

    def _sheet_head(self):
        """What stands above the figures: whose they are, of which year, as of when, and whether they are signed."""
        Register = self.env["sales.figures.register.mixin"]
        now = fields.Datetime.now()
        return [
            (self.env._("Company"), self.company_id.sudo().name),
            (self.env._("Period"), Register._register_days(self.date_from, self.date_to)),
            (self.env._("As Of"), Register._register_moment(Span(self.company_id, "", now, now))),
            (self.env._("Status"), self._state_text()),
        ]

    # === IN === #

    def _load_sheet(self, content):
        """Bring the shares of this target to the figures of the XLSX file `content`; rows that it lacks stay.

        :return: the sentences about what is wrong; where there are any nothing was changed
        """
        self.ensure_one()
        self._check_open()
        labels = self._sheet_labels()
        words = {name: {name, label.strip().lower()} for name, label in labels.items()}
        try:
            check_file(content)
            found = read_rows(chain.from_iterable(read_cells(content)), words)
        except SheetError as error:
            return [self.env["freight.waybill.import"]._file_sentence(error)]
        if not found or not (found[0] or found[1]):
            return [
                self.env._(
                    "There are no figures in the file. One of its first 30 rows has the headings “%(measure)s” and the "
                    "months, such as %(month)s. Download the figures to see the form.",
                    measure=labels["measure"],
                    month=f"{self.date_from:%Y-%m}",
                )
            ]
        rows, problems = found
        owners = self._sheet_owners(rows, problems)
        self._check_sheet_months(rows, owners, problems)
        if problems:
            return self._sheet_told(problems, labels)
        self._set_sheet(rows, owners)
        return []

    def _sheet_owners(self, rows, problems):
        """Return ``{row number: values of its share}``; what is unknown or named twice is added to `problems`."""
        known = self._sheet_names()
        owners, seen = {}, set()
        for row in rows:
            owner, texts = {}, dict(row.owner)
            # A login says who it is; a name is for people.
            if "login" in texts:
                texts.pop("user_id", None)
            for column, text in texts.items():
                field = "user_id" if column == "login" else column
                owner[field] = known[column].get(text.strip().lower(), False)
                if not owner[field]:
                    problems.append(Problem(row.sheet, row.number, column, "unknown", text))
            if "measure" not in owner:
                problems.append(Problem(row.sheet, row.number, "measure", "missing", ""))
            key = tuple(owner.get(name) for name in ("measure", "categ_id", "team_id", "user_id"))
            if key in seen:
                problems.append(Problem(row.sheet, row.number, "user_id", "twice", ""))
            seen.add(key)
            owners[row.number] = owner
        return owners

    def _sheet_names(self):
        """Return ``{column: {text in small letters: value}}`` of what a row may name; unclear names are left out."""
        users = self.env["res.users"].sudo().browse(self._people())
        categories = self.env["product.category"].search(Domain.TRUE)
        teams = self.env["crm.team"].search([("company_id", "in", [False, self.company_id.id])])
        measures = self.env["sales.target.share"]._fields["measure"]._description_selection(self.env)
        return {
            "measure": _by_name([(code, label) for code, label in measures] + [(code, code) for code, _l in measures]),
            "categ_id": _by_name([(categ.id, categ.name) for categ in categories])
            | _by_name([(categ.id, categ.complete_name) for categ in categories]),
            "team_id": _by_name([(team.id, team.name) for team in teams]),
            "user_id": _by_name([(user.id, user.name) for user in users]),
            "login": _by_name([(user.id, user.login) for user in users]),
        }

    def _check_sheet_months(self, rows, owners, problems):
        """Add to `problems` figures of months that the year, or the share, does not have, or that are locked."""
        months = {(month.year, month.month): month for month in months_from(self.date_from)}
        locked = self._locked_months()
        for row in rows:
            share = self._share_of(owners[row.number])
            present = {line.date: line.amount for line in share.line_ids}
            for key, amount in row.months.items():
                month = months.get(key)
                code = None
                if not month:
                    code = "other_year"
                elif amount and share and not is_within(month, share.date_from, share.date_to):
                    code = "not_there"
                elif month in locked and float(amount) != present.get(month, 0):
                    code = "locked"
                if code:
                    problems.append(Problem(row.sheet, row.number, heading(key), code, f"{amount:,}"))

    def _share_of(self, owner):
        """The share of whom `owner` names, or none."""
        return self.share_ids.filtered(
            lambda share: (
                share.measure == owner.get("measure")
                and all(share[name].id == owner.get(name, False) for name in ("categ_id", "team_id", "user_id"))
            )
        )

    def _set_sheet(self, rows, owners):
        for row in rows:
            owner = owners[row.number]
            share = self._share_of(owner)
            if not share:
                values = {"team_id": False, **owner, "target_id": self.id}
                share = self.env["sales.target.share"].create(values)
            if row.months:
                share._complete_months()
                lines = {(line.date.year, line.date.month): line for line in share.line_ids}
                for key, amount in row.months.items():
                    if key in lines and lines[key].amount != float(amount):
                        lines[key].amount = float(amount)
            elif row.year is not None:
                share.amount = float(row.year)

    @api.model
    def _sheet_sentence(self, problem, labels):
        env, text = self.env, problem.text
        what = {
            "no_amount": lambda: env._("“%(text)s” is no figure of 0 or more.", text=text),
            "year_differs": lambda: env._("the year is not the sum of its months (%(text)s).", text=text),
            "unknown": lambda: env._("there is no “%(text)s”, or more than one. Correct the name.", text=text),
            "missing": lambda: env._("the row does not say what is measured."),
            "twice": lambda: env._("the row is there twice. Leave one of them."),
            "other_year": lambda: env._("this month is not in the target's year."),
            "not_there": lambda: env._("the person is not there in this month (%(text)s).", text=text),
            "locked": lambda: env._("the month is locked, its figure stays. Do not change it."),
        }[problem.code]()
        return env._(
            "“%(sheet)s”, row %(row)s, column %(column)s: %(problem)s",
            sheet=problem.sheet,
            row=problem.row,
            column=labels.get(problem.column, problem.column),
            problem=what,
        )

    @api.model
    def _sheet_told(self, problems, labels):
        sentences = [self._sheet_sentence(problem, labels) for problem in problems]
        more = len(sentences) - MOST_PROBLEMS
        head = self.env._("Nothing was changed. Cells to correct: %(count)s.", count=len(sentences))
        last = [self.env._("… and %(count)s more.", count=more)] if more > 0 else []
        return [head, *sentences[:MOST_PROBLEMS], *last]


def _by_name(pairs):
    """Return ``{name in small letters: value}`` of those names that are of one value only."""
    found = {}
    for value, name in pairs:
        found.setdefault((name or "").strip().lower(), set()).add(value)
    return {name: next(iter(values)) for name, values in found.items() if len(values) == 1}
