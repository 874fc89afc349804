from odoo import models
from odoo.tools import formatLang

from .sales_target import MONEY
from .years import months_from


class SalesTarget(models.Model):
    """The printed sheet: people by months, teams summed, what the reader may see."""

    _inherit = "sales.target"

    def _printed_tables(self):
        """Return a table for each measure and category: ``{"title", "months", "rows"}`` with texts."""
        self.ensure_one()
        months = months_from(self.date_from)
        measures = dict(self.env["sales.target.share"]._fields["measure"]._description_selection(self.env))
        tables = []
        for (measure, category), shares in self.share_ids.grouped(
            lambda share: (share.measure, share.categ_id)
        ).items():
            tables.append(
                {
                    "title": " · ".join(filter(None, [measures[measure], category.sudo().complete_name])),
                    "months": [f"{month:%Y-%m}" for month in months],
                    "rows": self._printed_rows(measure, shares, months),
                }
            )
        return tables

    def _printed_rows(self, measure, shares, months):
        """Each team's people, then the team; the sum of all in the end."""
        rows = []
        for team, of_team in shares.grouped("team_id").items():
            rows += [self._printed_row(measure, share._owner_name(), share, months) for share in of_team]
            if team and len(of_team) > 1:
                name = self.env._("%(team)s in all", team=team.sudo().name)
                rows.append(self._printed_row(measure, name, of_team, months))
        if len(shares) > 1:
            rows.append(self._printed_row(measure, self.env._("In all"), shares, months))
        return rows

    def _printed_row(self, measure, name, shares, months):
        by_month = dict.fromkeys(months, 0)
        for line in shares.line_ids:
            by_month[line.date] += line.amount
        digits = 2 if measure in MONEY and any(amount % 1 for amount in by_month.values()) else 0
        is_one = len(shares) == 1 and shares.user_id
        confirmed = is_one and shares.confirmation == "confirmed" and shares.confirmed_date
        return {
            "name": name,
            "amounts": [formatLang(self.env, amount, digits=digits) for amount in by_month.values()],
            "year": formatLang(self.env, sum(by_month.values()), digits=digits),
            "confirmed": confirmed and self.company_id._local_day(confirmed),
            "is_sum": len(shares) > 1,
        }
