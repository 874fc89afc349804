from odoo.fields import Command

from .sales_basis_common import SalesBasisCommon


class TargetCommon(SalesBasisCommon):
    """A company with two teams of one account manager each, and a target for 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.target = cls._target()

    @classmethod
    def _target(cls, date_from="2026-01-01", shares=(), **vals):
        return (
            cls.env["sales.target"]
            .with_user(cls.director)
            .create(
                {
                    "company_id": cls.company.id,
                    "date_from": date_from,
                    "spread": "even",
                    "share_ids": [Command.create(share) for share in shares],
                    **vals,
                }
            )
        )

    @classmethod
    def _share(cls, amount, user=None, team=None, target=None, measure="sales", categ=None, **vals):
        target = target or cls.target
        return (
            cls.env["sales.target.share"]
            .with_user(cls.director)
            .create(
                {
                    "target_id": target.id,
                    "measure": measure,
                    "categ_id": categ and categ.id,
                    "team_id": team.id if team else user.sale_team_id.id if user else False,
                    "user_id": user and user.id,
                    "amount": amount,
                    **vals,
                }
            )
        )

    @classmethod
    def _confirm(cls, target):
        for user in target.sudo().share_ids.user_id:
            target.with_user(user).action_confirm_mine()

    @classmethod
    def _approve(cls, target=None):
        """Confirmed by each person, submitted by the director, signed by the general manager."""
        target = target or cls.target
        cls._confirm(target)
        target.with_user(cls.director).action_approval_submit()
        target.with_user(cls.gm).action_approval_approve()
        cls.env.flush_all()
        return target

    @classmethod
    def _months(cls, share):
        return [line.amount for line in share.line_ids.sorted("date")]

    def _report(self, *groupby, user=None, domain=(), measure="sales"):
        """Return ``{group: (planned, actual, difference, attainment)}`` of plan against actual."""
        self.env.flush_all()
        rows = (
            self.env["sales.target.report"]
            .with_user(user or self.director)
            .with_context(allowed_company_ids=self.company.ids)
            ._read_group(
                [("measure", "=", measure), *domain],
                groupby,
                ["planned:sum", "actual:sum", "difference:sum", "attainment:sum"],
            )
        )
        return {row[0] if len(groupby) == 1 else row[: len(groupby)]: row[len(groupby) :] for row in rows}
