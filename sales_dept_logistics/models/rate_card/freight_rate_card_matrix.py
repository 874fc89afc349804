from odoo import api, models
from odoo.fields import Command

from ..waybill.waybill_sheet import SheetError
from .rate_matrix import PARTS, Words, read_matrix, write_matrix

MOST_PROBLEMS = 50


class FreightRateCard(models.Model):
    """The prices of a card as a spreadsheet: zones down, quantities across."""

    _inherit = "freight.rate.card"

    def action_download_matrix(self):
        """Download the prices of this card as XLSX; without any it is the form to fill in."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": f"/sales_dept/rate_matrix/{self.id}", "target": "download"}

    def action_open_matrix(self):
        """Ask for a spreadsheet with the prices of this card."""
        self.ensure_one()
        self._check_open()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Load Prices"),
            "res_model": "freight.rate.matrix",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_card_id": self.id},
        }

    @api.model
    def _matrix_words(self):
        """The headings in the reader's language."""
        labels = {
            name: self.env["freight.rate.tier"]._fields[name]._description_string(self.env)
            for name in ("zone_id", *PARTS)
        }
        zone = labels.pop("zone_id")
        return Words(zone, self.env._("All zones"), labels)

    def _matrix_file(self):
        """The prices as the content of an XLSX file; a card without any has a row for each zone of its carrier."""
        self.ensure_one()
        rows = {}
        for tier in self.tier_ids.sorted(lambda tier: (tier.zone_id.sequence, tier.zone_id.name or "", tier.zone_id.id)):
            parts = {part: tier[part] for part in PARTS}
            rows.setdefault(tier.zone_id.name or None, {})[tier.start_quantity] = parts
        if not rows:
            zones = self.env["freight.zone"].search([("carrier_id", "=", self.carrier_id.id)])
            rows = {zone.name: {} for zone in zones} or {None: {}}
        return write_matrix(self.env._("Prices"), self._matrix_words(), rows)

    def _load_matrix(self, content, makes_zones=False):
        """Replace the tiers by those of the XLSX file `content`.

        :param bool makes_zones: zones that the carrier does not have yet are made, without areas
        :return: the sentences about what is wrong; where there are any nothing was changed
        """
        self.ensure_one()
        default_part = "fixed_amount" if self.basis == "shipment" else "price"
        try:
            matrix = read_matrix(content, self._matrix_words(), default_part)
        except SheetError as error:
            return [self.env["freight.waybill.import"]._file_sentence(error)]
        if not matrix or not (matrix.problems or any(matrix.tiers.values())):
            return [
                self.env._(
                    "There is no price in the file. One of its first 30 rows begins with “%(zone)s”, and names the "
                    "quantities from which prices hold. Download the prices to see the form.",
                    zone=self._matrix_words().zone,
                )
            ]
        zones, missing = self._matrix_zones(matrix, makes_zones)
        problems = [self._matrix_sentence(problem) for problem in matrix.problems] + missing
        if problems:
            return self._matrix_told(problems)
        commands = [
            Command.create({"zone_id": zones[name], "start_quantity": float(start), **_floats(parts)})
            for name, of_zone in matrix.tiers.items()
            for start, parts in of_zone.items()
        ]
        self.tier_ids = [Command.clear(), *commands]
        return []

    def _matrix_zones(self, matrix, makes_zones):
        """Return ``{name in the file: zone id}``, and a sentence for each that the carrier does not have."""
        carriers_zones = self.env["freight.zone"].search(
            [("carrier_id", "=", self.carrier_id.id), ("company_id", "=", self.company_id.id)]
        )
        there = {}
        for zone in carriers_zones:
            for name in filter(None, (zone.code, zone.name)):
                there[name.strip().lower()] = zone.id
        unknown = [name for name in matrix.tiers if name is not None and name.lower() not in there]
        if makes_zones and not matrix.problems:
            values = {"carrier_id": self.carrier_id.id, "company_id": self.company_id.id}
            made = self.env["freight.zone"].create([{"name": name, **values} for name in unknown])
            there |= {zone.name.lower(): zone.id for zone in made}
            unknown = []
        sentences = [
            self.env._(
                "“%(sheet)s”, row %(row)s, column %(column)s: there is no zone “%(zone)s” of %(carrier)s. Correct the "
                "name, or make the zone first.",
                sheet=matrix.places[name][0],
                row=matrix.places[name][1],
                column=matrix.places[name][2],
                zone=name,
                carrier=self.carrier_id.name,
            )
            for name in unknown
        ]
        return {name: name is not None and there.get(name.lower(), False) for name in matrix.tiers}, sentences

    def _matrix_sentence(self, problem):
        env, text = self.env, problem.text
        what = {
            "no_start": lambda: env._("“%(text)s” names no quantity.", text=text),
            "no_zone": lambda: env._("“%(text)s” stands in a row without a zone.", text=text),
            "twice": lambda: env._("zone “%(text)s” has a row already.", text=text),
            "no_amount": lambda: env._("“%(text)s” is no price.", text=text),
            "two_columns": lambda: env._("“%(text)s”: another column says the same of this quantity.", text=text),
        }[problem.code]()
        return env._(
            "“%(sheet)s”, row %(row)s, column %(column)s: %(problem)s",
            sheet=problem.sheet,
            row=problem.row,
            column=problem.column,
            problem=what,
        )

    @api.model
    def _matrix_told(self, problems):
        more = len(problems) - MOST_PROBLEMS
        head = self.env._("Nothing was changed. Cells to correct: %(count)s.", count=len(problems))
        last = [self.env._("… and %(count)s more.", count=more)] if more > 0 else []
        return [head, *problems[:MOST_PROBLEMS], *last]


def _floats(parts):
    return {part: float(amount) for part, amount in parts.items()}
