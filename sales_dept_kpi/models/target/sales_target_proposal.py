from decimal import Decimal

from odoo import models
from odoo.exceptions import UserError

from .spreading import exact, grown


class SalesTarget(models.Model):
    """Figures that the system proposes, and the sharing of a total."""

    _inherit = "sales.target"

    def action_propose(self):
        """Propose each person's figures from last year's, and so much more; also of rows that are there."""
        self.ensure_one()
        self.check_access("write")
        self._check_open()
        growth = exact(self.growth)
        figures = self._reached_last_year()
        for owner in self._members():
            figures["sales"].setdefault(owner, Decimal(0))
        if not any(any(reached.values()) for reached in figures.values()):
            raise UserError(
                self.env._(
                    "Nothing was sold from %(first)s until before %(last)s, so nothing can be proposed. Enter the "
                    "figures by hand.",
                    first=self._reference()[0],
                    last=self._reference()[1],
                )
            )
        self._set_proposal(
            {
                (measure, team_id, user_id): (reached, grown(reached, growth))
                for measure, of_measure in figures.items()
                for (team_id, user_id), reached in of_measure.items()
            }
        )
        return True

    def _members(self):
        """The members of the company's sales teams, as ``(team id, user id)``."""
        members = self.env["crm.team.member"].sudo().search([("user_id.company_ids", "in", self.company_id.ids)])
        return [
            (member.crm_team_id.id, member.user_id.id)
            for member in members
            if member.user_id.active
            and member.user_id.sale_team_id == member.crm_team_id
            and member.crm_team_id.company_id in (self.company_id, self.env["res.company"])
        ]

    def _set_proposal(self, figures):
        """Write ``{(measure, team id, user id): (reached, proposed)}``, without categories."""
        present = {
            (share.measure, share.team_id.id, share.user_id.id): share for share in self.share_ids if not share.categ_id
        }
        # Whoever changed teams since keeps the row.
        of_person = {(share.measure, share.user_id.id): share for share in present.values() if share.user_id}
        missing = []
        for (measure, team_id, user_id), (reached, amount) in figures.items():
            share = present.get((measure, team_id, user_id)) or of_person.get((measure, user_id))
            if not share:
                missing.append((measure, team_id, user_id, reached, amount))
                continue
            share.amount = float(amount)
            share._write_protected({"last_amount": float(reached)})
        made = self.env["sales.target.share"].create(
            [
                {
                    "target_id": self.id,
                    "measure": measure,
                    "team_id": team_id,
                    "user_id": user_id,
                    "amount": float(amount),
                }
                for measure, team_id, user_id, _reached, amount in missing
            ]
        )
        for share, (*_owner, reached, _amount) in zip(made, missing, strict=True):
            share._write_protected({"last_amount": float(reached)})

    def action_spread(self):
        """Spread each share's year to its months anew, by the weights as they are now."""
        self.ensure_one()
        self.check_access("write")
        self._check_open()
        for share in self.share_ids:
            share._spread_to_months(exact(share.amount))
        self._refresh_confirmations()
        return True

    def action_divide(self):
        """Ask for a total, and by what to share it."""
        self.ensure_one()
        self._check_open()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Share a Total"),
            "res_model": "sales.target.divide",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_target_id": self.id},
        }
