from odoo import api, fields, models
from odoo.fields import Domain


class FreightFuelRate(models.Model):
    """A carrier's fuel surcharge: it holds from a month on, until the next one.

    It is no part of a rate card: the card says that fuel is charged, and carriers publish each month how much.
    """

    _name = "freight.fuel.rate"
    _description = "Fuel Surcharge by Month"
    _order = "carrier_id, mode, month desc, id"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    carrier_id = fields.Many2one(
        "delivery.carrier", required=True, index=True, ondelete="cascade", check_company=True
    )
    mode = fields.Selection(
        selection=lambda self: self.env["delivery.carrier"]._fields["transport_mode"]._description_selection(self.env),
        string="Transport",
        help="Empty: all that have none of their own.",
    )
    month = fields.Date(
        "From Month", required=True, default=lambda self: self.env.company._local_today().replace(day=1)
    )
    percent = fields.Float("Fuel (%)", digits=(6, 3), required=True, default=0)

    _month_unique = models.UniqueIndex(
        "(company_id, carrier_id, (COALESCE(mode, '')), month)", "That month's fuel surcharge is there already."
    )
    _percents = models.Constraint(
        "CHECK (percent >= 0 AND percent <= 1000)", "A fuel surcharge is between 0 and 1,000 %."
    )
    _whole_months = models.Constraint(
        "CHECK (date_part('day', month) = 1)", "A fuel surcharge holds from the first of a month on."
    )

    @api.onchange("month")
    def _onchange_month(self):
        self.month = self.month and self.month.replace(day=1)

    @api.depends("carrier_id", "month")
    def _compute_display_name(self):
        for rate in self:
            rate.display_name = f"{rate.carrier_id.sudo().name} · {rate.month or ''}"

    @api.model
    def _percent_of(self, company, carrier, mode, day):
        """The percentage that holds on `day`; that of the way of transport goes before that of all."""
        rates = self.search(
            Domain("company_id", "=", company.id)
            & Domain("carrier_id", "=", carrier.id)
            & Domain("month", "<=", day)
            & Domain("mode", "in", [mode, False])
        )
        return (rates.filtered("mode") or rates).sorted("month", reverse=True)[:1].percent
