from difflib import SequenceMatcher

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL, format_date
from odoo.tools.misc import formatLang

# So many waybills are looked at, and so many shown.
LOOKED_AT, SHOWN = 400, 8
# How much each likeness counts, of 100 in all.
NUMBER, PLACE, DAY, WEIGHT = 40, 20, 20, 20


class FreightStatementMatch(models.TransientModel):
    """The waybills that a line may be for, the likeliest first, and why."""

    _name = "freight.statement.match"
    _description = "Match a Line by Hand"

    line_id = fields.Many2one("freight.statement.line", required=True, readonly=True)
    company_id = fields.Many2one(related="line_id.company_id")
    carrier_id = fields.Many2one(related="line_id.carrier_id")
    reference = fields.Char(related="line_id.reference")
    ship_date = fields.Date(related="line_id.ship_date")
    destination = fields.Char(related="line_id.destination")
    weight = fields.Float(related="line_id.weight")
    amount = fields.Monetary(related="line_id.amount")
    currency_id = fields.Many2one(related="line_id.currency_id")
    candidate_ids = fields.One2many("freight.statement.match.candidate", "match_id", readonly=True)
    waybill_id = fields.Many2one(
        "freight.waybill",
        "Another Waybill",
        domain="[('company_id', '=', company_id), ('carrier_id', '=', carrier_id)]",
    )

    @api.model
    def _open_for(self, line):
        """The dialog for `line`, with its candidates."""
        match = self.create({"line_id": line.id})
        match.candidate_ids = [Command.create(values) for values in match._ranked()]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Which Waybill Is It?"),
            "res_model": self._name,
            "res_id": match.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_match(self):
        """Match the line with the waybill that was looked up."""
        self.ensure_one()
        if not self.waybill_id:
            raise UserError(self.env._("Choose a waybill first."))
        return self.line_id._match_by_hand(self.waybill_id)

    # === CANDIDATES === #

    def _ranked(self):
        """Return values of the likeliest candidates, the best first."""
        waybills = self._looked_at()
        ranked = sorted(((self._score(waybill), waybill) for waybill in waybills), key=lambda pair: -pair[0])
        return [
            {"waybill_id": waybill.id, "score": score, "reason": self._reason(waybill)}
            for score, waybill in ranked[:SHOWN]
            if score > 0
        ]

    def _looked_at(self):
        """The waybills of the carrier that anything speaks for: end of the number, place, day or weight."""
        line = self.line_id
        statement = line.statement_id
        key = self._key()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT waybill.id FROM freight_waybill waybill
                 WHERE waybill.company_id = %(company)s AND waybill.carrier_id = %(carrier)s
                   AND waybill.shipped_date BETWEEN %(begin)s::date - 45 AND %(end)s::date + 15
                   AND NOT EXISTS (
                        SELECT FROM freight_statement_line taken
                         WHERE taken.waybill_id = waybill.id AND taken.role = 'original'
                           AND taken.kind_id IS NOT DISTINCT FROM %(kind)s
                   )
              ORDER BY (right(waybill.number_key, 4) = right(%(key)s, 4))::int
                       + (left(waybill.number_key, 6) = left(%(key)s, 6))::int
                       + COALESCE((waybill.zone = %(place)s)::int, 0)
                       + COALESCE((abs(waybill.weight - %(weight)s) <= 0.1 * waybill.weight)::int, 0) DESC,
                       abs(waybill.shipped_date - %(day)s::date), waybill.id
                 LIMIT %(limit)s
                """,
                company=line.company_id.id,
                carrier=line.carrier_id.id,
                begin=statement.date_from,
                end=statement.date_to,
                kind=line.kind_id.id or None,
                key=key,
                place=line.destination or None,
                weight=line.weight or None,
                day=line.ship_date or statement.date_to,
                limit=LOOKED_AT,
            )
        )
        return self.env["freight.waybill"].browse(waybill_id for (waybill_id,) in rows)

    def _score(self, waybill):
        """How much speaks for `waybill`, of 100."""
        line = self.line_id
        score = 0
        if key := self._key():
            number = waybill.number_key if line.number_key else waybill.number_key[: len(key)]
            likeness = SequenceMatcher(None, key, number, autojunk=False).ratio()
            # Numbers of one carrier are alike anyway.
            score += NUMBER * max(likeness - 0.5, 0) * 2
        if line.destination and self._is_there(waybill):
            score += PLACE
        if line.ship_date:
            score += DAY * max(1 - abs((waybill.shipped_date - line.ship_date).days) / 7, 0)
        if line.weight > 0 and waybill.weight > 0:
            score += WEIGHT * max(1 - 5 * abs(line.weight - waybill.weight) / waybill.weight, 0)
        return round(score)

    def _key(self):
        """The number that is compared; of one that a spreadsheet rounded the digits that are certain, or ""."""
        return self.line_id.number_key or self.carrier_id._number_key(self.line_id._certain_digits())

    def _is_there(self, waybill):
        place = self.line_id.destination.strip().lower()
        partner = waybill.partner_id.sudo()
        names = filter(None, [waybill.zone, partner.city, partner.state_id.name])
        return any(name.lower() in place or place in name.lower() for name in names)

    def _reason(self, waybill):
        return self.env._(
            "%(date)s · %(place)s · %(weight)s kg",
            date=format_date(self.env, waybill.shipped_date),
            place=waybill.zone or "",
            weight=formatLang(self.env, waybill.weight, digits=1),
        )
