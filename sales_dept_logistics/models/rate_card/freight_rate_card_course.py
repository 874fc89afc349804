from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.sales_dept_roles.models.protected_results.client_context import without_client_context


class FreightRateCard(models.Model):
    """When a rate card counts: once its agreement is signed, and then as it stands.

    The cards that an agreement has when it is signed are among its terms, and come into use with it. What is put
    under an agreement that is signed already (a supplement) the director or the general manager brings into use.
    """

    _inherit = "freight.rate.card"

    state = fields.Selection(
        [("draft", "Draft"), ("in_use", "In Use")],
        "Status",
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
        help="In use: waybills are priced by it, and nothing of it changes any more.",
    )
    is_supplement = fields.Boolean(
        readonly=True, copy=False, help="It came after its agreement was signed, and is not among what was signed."
    )
    followed_date = fields.Date(
        "Followed on", readonly=True, copy=False, help="The first day of the card that took the place of this one."
    )
    date_last = fields.Date("Last Day", compute="_compute_date_last", store=True)
    state_note = fields.Char("Note", compute="_compute_state_note")

    # An integer and a text are compared for equality as ranges of one value: that takes no extension of the database.
    _no_overlap = models.Constraint(
        """
        EXCLUDE USING gist (
            int4range(company_id, company_id, '[]') WITH &&,
            int4range(carrier_id, carrier_id, '[]') WITH &&,
            int4range(hashtext(COALESCE(mode, '')), hashtext(COALESCE(mode, '')), '[]') WITH &&,
            daterange(date_from, date_last, '[]') WITH &&
        ) WHERE (state = 'in_use')
        """,
        "Two rate cards of a carrier cannot be in use on the same day for the same transport: let the one end before "
        "the other begins.",
    )

    @api.depends("date_to", "followed_date")
    def _compute_date_last(self):
        # The day that was agreed stays as it was signed.
        for card in self:
            before = card.followed_date and fields.Date.subtract(card.followed_date, days=1)
            card.date_last = min(filter(None, (card.date_to, before)), default=False)

    @api.depends("state", "is_supplement", "agreement_id.state")
    def _compute_state_note(self):
        for card in self:
            agreement = card.agreement_id.sudo()
            if card.state == "in_use" or not agreement:
                card.state_note = False
            elif not agreement._filter_signed():
                card.state_note = self.env._(
                    "It comes into use when agreement %(number)s is approved and signed.", number=agreement.name
                )
            else:
                card.state_note = self.env._(
                    "Agreement %(number)s is signed already: the director or the general manager brings this card "
                    "into use.",
                    number=agreement.name,
                )

    # === FROZEN === #

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"state", "is_supplement", "followed_date", "date_last"}

    @api.model
    def _open_fields(self):
        """Fields of a card that is in use which may still be written: what was agreed is not among them."""
        return {"note", "message_follower_ids", "activity_ids", "message_main_attachment_id"}

    @api.model_create_multi
    def create(self, vals_list):
        cards = super().create(vals_list)
        cards.filtered(lambda card: card.agreement_id.sudo()._filter_signed())._write_protected(
            {"is_supplement": True}
        )
        return cards

    def write(self, vals):
        self._check_protected(vals)
        if vals.keys() - self._open_fields():
            self._check_open()
        result = super().write(vals)
        if "agreement_id" in vals:
            for card in self:
                card._write_protected({"is_supplement": bool(card.agreement_id.sudo()._filter_signed())})
        return result

    def _check_open(self):
        """:raises UserError: where a card of `self` was signed with its agreement, or waits to be"""
        for card in self.sudo():
            if card.state == "in_use":
                raise UserError(
                    self.env._(
                        "Rate card %(card)s is in use: it stays as it was signed. Make a new version of it, with the "
                        "day from which it holds.",
                        card=card.name,
                    )
                )
            if not card.is_supplement and card.agreement_id.approval_state == "pending":
                raise UserError(
                    self.env._(
                        "Agreement %(number)s is in approval, with the prices of %(card)s. Take it back before you "
                        "change them.",
                        number=card.agreement_id.name,
                        card=card.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_frozen(self):
        self._check_open()

    # === INTO USE === #

    def action_bring_into_use(self):
        """Bring supplements of signed agreements into use."""
        if not self.env["sales.agreement"]._agreement_user_leads():
            raise AccessError(
                self.env._("Only the sales director or the general manager may do this: ask one of them.")
            )
        self.check_access("read")
        for card in self.sudo():
            if card.state == "draft" and not card.agreement_id._filter_signed():
                raise UserError(
                    self.env._(
                        "Agreement %(number)s is not signed: the rate card comes into use with it.",
                        number=card.agreement_id.name,
                    )
                )
        self._into_use()

    def _into_use(self):
        """Bring those of `self` that are drafts into use, each after the other; waybills are priced by them."""
        drafts = self.sudo().filtered(lambda card: card.state == "draft").sorted("date_from")
        for card in drafts:
            if not card.tier_ids:
                raise UserError(
                    self.env._(
                        "Rate card %(card)s has no price yet: write its tiers, or load them from a spreadsheet.",
                        card=card.name,
                    )
                )
            card._end_before()
            card._write_protected({"state": "in_use"})
            # The database speaks up here, and not somewhere later.
            card.flush_recordset()
        drafts._rate_again()

    def _end_before(self):
        """Let the card without an end that this one follows end the day before; others in its way are told."""
        overlapping = self.search(self._overlap_domain())
        for card in overlapping:
            if card.date_last or self.date_to or card.date_from >= self.date_from:
                raise UserError(
                    self.env._(
                        "%(card)s: %(other)s is in use on some of its days, for the same carrier and transport. Choose "
                        "dates that do not overlap.",
                        card=self.name,
                        other=card.name,
                    )
                )
            card._write_protected({"followed_date": self.date_from})
        # The database looks at each row as it is written.
        overlapping.flush_recordset()

    def _overlap_domain(self):
        domain = (
            Domain("state", "=", "in_use")
            & Domain("company_id", "=", self.company_id.id)
            & Domain("carrier_id", "=", self.carrier_id.id)
            & Domain("mode", "=", self.mode)
            & (Domain("date_last", "=", False) | Domain("date_last", ">=", self.date_from))
        )
        return domain & Domain("date_from", "<=", self.date_to) if self.date_to else domain

    def _rate_again(self):
        """Price the waybills that these cards are for."""
        waybills = self.env["freight.waybill"].sudo()
        for card in self:
            waybills |= waybills.search(
                Domain("company_id", "=", card.company_id.id)
                & Domain("carrier_id", "=", card.carrier_id.id)
                & Domain("shipped_date", ">=", card.date_from)
                & (Domain("shipped_date", "<=", card.date_last) if card.date_last else Domain.TRUE)
            )
        waybills._rate()

    # === VERSIONS === #

    def action_new_version(self):
        """Make the card that follows this one, a draft with the same prices, and open it."""
        self.ensure_one()
        start = fields.Date.add(max(self.date_last or self.date_from, self.company_id._local_today()), days=1)
        version = without_client_context(self).copy({"date_from": start, "name": self._version_name(start)})
        return version._action_open()

    def _version_name(self, start):
        return self.env._("%(card)s from %(date)s", card=self.name.split(" · ")[0] + " ·", date=start)

    def _action_open(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_dept_logistics.action_freight_rate_cards")
        return {**action, "views": [(False, "form")], "res_id": self.id}

    def action_open_what_if(self):
        """Compare this card with what waybills of the last months should cost."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What If: %(card)s", card=self.name),
            "res_model": "freight.rate.what.if",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_card_id": self.id},
        }
