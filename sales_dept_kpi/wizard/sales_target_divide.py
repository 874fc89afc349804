from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.target.sales_target import MEASURES
from ..models.target.spreading import exact, spread, step_of


class SalesTargetDivide(models.TransientModel):
    """A total of the company, or of a team, that is shared to the rows that there are."""

    _name = "sales.target.divide"
    _description = "Share a Total"

    target_id = fields.Many2one("sales.target", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="target_id.company_id")
    measure = fields.Selection(MEASURES, required=True, default="sales")
    categ_id = fields.Many2one("product.category", "Product Category")
    team_id = fields.Many2one(
        "crm.team", "Sales Team", domain="[('company_id', 'in', [False, company_id])]", help="Empty: all teams."
    )
    total = fields.Float("Year's Total", digits=(16, 2), required=True)
    present = fields.Float("Until Now", digits=(16, 2), compute="_compute_present")
    by = fields.Selection(
        [("current", "As the Figures Are Now"), ("last", "As Last Year's Sales"), ("even", "Evenly")],
        string="Share",
        required=True,
        default="current",
    )

    @api.depends("measure", "categ_id", "team_id")
    def _compute_present(self):
        for wizard in self:
            wizard.present = sum(wizard._shares().mapped("amount"))

    def _shares(self):
        self.ensure_one()
        return self.target_id.share_ids.filtered(
            lambda share: (
                share.measure == self.measure
                and share.categ_id == self.categ_id
                and (not self.team_id or share.team_id == self.team_id)
            )
        )

    def action_divide(self):
        """Share the total exactly: whole figures, what is left to the largest remainders."""
        self.ensure_one()
        self.target_id._check_open()
        shares = self._shares()
        if not shares:
            raise UserError(
                self.env._("There is nobody to share it to: add the people or teams first, or propose the figures.")
            )
        total = exact(self.total)
        if total < 0:
            raise UserError(self.env._("A total is 0 or more: correct the figure."))
        weights = [Decimal(1) if self.by == "even" else exact(share[self._weight_field()]) for share in shares]
        for share, amount in zip(shares, spread(total, weights, step_of(total, shares[0]._unit())), strict=True):
            share.amount = float(amount)
        return self.target_id._open_form()

    def _weight_field(self):
        return "last_amount" if self.by == "last" else "amount"
