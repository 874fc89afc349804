from odoo import api, fields, models

from .. import rating
from ..models.rate_card.explanation import sentences


class FreightRateCalculator(models.TransientModel):
    """What a shipment would cost with a carrier, step by step, before it is one."""

    _name = "freight.rate.calculator"
    _description = "Freight Calculator"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    carrier_id = fields.Many2one("delivery.carrier", check_company=True)
    mode = fields.Selection(
        selection=lambda self: self.env["delivery.carrier"]._fields["transport_mode"]._description_selection(self.env),
        string="Transport",
        compute="_compute_mode",
        store=True,
        readonly=False,
    )
    day = fields.Date("Leaves on", required=True, default=lambda self: self.env.company._local_today())
    card_id = fields.Many2one(
        "freight.rate.card",
        "Rate Card",
        compute="_compute_card_id",
        store=True,
        readonly=False,
        check_company=True,
        domain="[('carrier_id', '=', carrier_id), ('company_id', '=', company_id)]",
        help="That which is in use on the day; choose a draft to try it.",
    )
    partner_id = fields.Many2one("res.partner", "Delivered To", check_company=True)
    zone_id = fields.Many2one(
        "freight.zone",
        compute="_compute_zone_id",
        store=True,
        readonly=False,
        check_company=True,
        domain="[('carrier_id', '=', carrier_id), ('company_id', '=', company_id)]",
    )
    weight = fields.Float("Weight (kg)", digits=(16, 3))
    volume = fields.Float("Volume (m³)", digits=(16, 6))
    pieces = fields.Integer(default=1)
    declared_value = fields.Monetary()
    cash_amount = fields.Monetary("Cash on Delivery")
    service_ids = fields.Many2many("freight.charge.kind", string="Services Ordered", check_company=True)
    result = fields.Html(compute="_compute_result", sanitize=False)

    @api.depends("carrier_id")
    def _compute_mode(self):
        for calculator in self:
            calculator.mode = calculator.carrier_id.transport_mode

    @api.depends("company_id", "carrier_id", "mode", "day")
    def _compute_card_id(self):
        cards = self.env["freight.rate.card"]
        for calculator in self:
            asked = calculator.carrier_id and calculator.day
            calculator.card_id = (
                cards._in_use_on(calculator.company_id, calculator.carrier_id, calculator.mode, calculator.day)
                if asked
                else cards
            )

    @api.depends("company_id", "carrier_id", "partner_id")
    def _compute_zone_id(self):
        for calculator in self:
            zone = calculator.zone_id if calculator.zone_id.carrier_id == calculator.carrier_id else False
            found = calculator.partner_id and self.env["freight.zone"]._of_address(
                calculator.company_id, calculator.carrier_id, calculator.partner_id
            )
            calculator.zone_id = found or (not calculator.partner_id and zone)

    @api.depends(
        "card_id",
        "zone_id",
        "mode",
        "day",
        "weight",
        "volume",
        "pieces",
        "declared_value",
        "cash_amount",
        "service_ids",
    )
    @api.depends_context("lang")
    def _compute_result(self):
        for calculator in self:
            calculator.result = calculator._render_result()

    def _render_result(self):
        values = {"problem": self._problem(), "charges": []}
        if not values["problem"]:
            try:
                priced = rating.rate(self.card_id._values(self.zone_id), self._shipment())
            except rating.NoPrice as error:
                values["problem"] = self._no_price_sentence(error.code)
            else:
                values |= self._priced_values(priced)
        return self.env["ir.qweb"]._render("sales_dept_logistics.rate_calculator_result", values)

    def _problem(self):
        if not self.carrier_id:
            return self.env._("Choose a carrier.")
        if not self.card_id:
            return self.env._("%(carrier)s has no rate card in use on that day.", carrier=self.carrier_id.name)
        return ""

    def _no_price_sentence(self, code):
        return {
            "no_quantity": self.env._("Say what it weighs, how large it is, or how many pieces it is."),
            "no_zone": self.env._("Say where it goes: choose an address or a zone."),
            "no_tier": self.env._("The rate card has no price for this zone and quantity."),
        }[code]

    def _priced_values(self, priced):
        currency = self.card_id.sudo().currency_id
        kinds = self.env["freight.charge.kind"].sudo().browse(priced.charges).sorted()
        charges = [
            {
                "name": kind.name,
                "amount": float(priced.charges[kind.id]),
                "steps": sentences(self.env, [step for step in priced.steps if step.kind == kind.id], currency),
            }
            for kind in kinds
        ]
        return {"charges": charges, "total": float(sum(priced.charges.values())), "currency": currency}

    def _shipment(self):
        exact, card = rating.exact, self.card_id.sudo()
        fuel = self.env["freight.fuel.rate"].sudo()._percent_of(self.company_id, self.carrier_id, self.mode, self.day)
        return rating.Shipment(
            weight=exact(max(self.weight, 0), 3),
            volume=exact(max(self.volume, 0), 6),
            pieces=max(self.pieces, 0),
            zone=self.zone_id._origin.id or None,
            remote=self.zone_id.is_remote,
            declared=exact(max(self.declared_value, 0), 6),
            cash=exact(max(self.cash_amount, 0), 6),
            services=frozenset(self.service_ids._origin.ids),
            month_volume=card._month_volume(self.day),
            fuel_percent=exact(fuel, 3),
        )
