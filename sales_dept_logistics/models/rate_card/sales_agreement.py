from odoo import api, fields, models
from odoo.fields import Command

# What is signed of a card; its rows as their digest, since there may be thousands.
CARD_TERMS = [
    "name",
    "carrier_id",
    "mode",
    "currency_id",
    "date_from",
    "date_to",
    "basis",
    "tier_kind",
    "tier_start",
    "break_weight",
    "volumetric_divisor",
    "minimum_amount",
    "fee_step",
    "fee_rule",
    "has_fuel",
    "discount_basis",
    "discount_month",
    "content_digest",
]


class SalesAgreement(models.Model):
    """A logistics agreement is signed with its prices: its rate cards are among its terms."""

    _inherit = "sales.agreement"

    rate_card_ids = fields.One2many(
        "freight.rate.card", "agreement_id", "Rate Cards", copy=False, groups="base.group_user"
    )
    rate_card_count = fields.Integer(compute="_compute_rate_card_count", compute_sudo=True)

    @api.depends("rate_card_ids")
    def _compute_rate_card_count(self):
        for agreement in self:
            agreement.rate_card_count = len(agreement.rate_card_ids)

    # === SIGNED WITH IT === #

    @api.model
    def _approval_terms_spec(self):
        return {**super()._approval_terms_spec(), "rate_card_ids": dict.fromkeys(CARD_TERMS)}

    def _approval_term_lines(self, name):
        lines = super()._approval_term_lines(name)
        return lines.filtered(lambda card: not card.is_supplement) if name == "rate_card_ids" else lines

    @api.model
    def _approval_terms_depends(self):
        return [*super()._approval_terms_depends(), "rate_card_ids.is_supplement"]

    def write(self, vals):
        result = super().write(vals)
        if {"signed_scan", "signed_date"} & vals.keys():
            self._rate_cards_into_use()
        return result

    def _on_approval_granted(self, approval):
        result = super()._on_approval_granted(approval)
        self._rate_cards_into_use()
        return result

    def action_record_signed(self):
        result = super().action_record_signed()
        self._rate_cards_into_use()
        return result

    def _prepare_renewal_values(self):
        """A renewal begins with the prices that hold at the end."""
        values = super()._prepare_renewal_values()
        last = self.rate_card_ids.filtered(
            lambda card: card.state == "in_use" and (not card.date_last or card.date_last == self.date_last)
        )
        cards = last.copy_data({"date_from": values["date_start"]})
        return {**values, "rate_card_ids": [Command.create(_without_agreement(vals)) for vals in cards]}

    def _rate_cards_into_use(self):
        """Bring the cards that were signed with the agreements of `self` into use."""
        signed = self.sudo()._filter_signed()
        signed.rate_card_ids.filtered(lambda card: not card.is_supplement)._into_use()

    def action_view_rate_cards(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_dept_logistics.action_freight_rate_cards")
        action["domain"] = [("agreement_id", "=", self.id)]
        action["context"] = {"default_agreement_id": self.id, "default_company_id": self.company_id.id}
        return action


def _without_agreement(vals):
    return {name: value for name, value in vals.items() if name != "agreement_id"}
