import logging
from collections import Counter
from random import Random

from odoo.fields import Command
from odoo.tests import tagged

from .freight_statement_common import FreightStatementCommon
from .rate_card_common import RateCardCommon
from .statement_corpus import FIRST, LAYOUTS

_logger = logging.getLogger(__name__)

SEED = 19
LEAST_MATCHED = 95
FEBRUARY = (FIRST.replace(month=2), FIRST.replace(month=2, day=28))


@tagged("post_install", "-at_install")
class TestFreightStatementCorpus(FreightStatementCommon, RateCardCommon):
    """Ten carriers' statements, from the file to the differences, without a hand.

    The log has the figures of each, as they stand in docs/freight-statements.md.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.currency_id = cls.env.ref("base.CNY")
        cls.company.currency_id.active = True
        cls.other = cls._carrier("Other Carrier")
        cls.country = cls.env.ref("base.de")
        cls.kinds = {kind.code: kind for kind in cls.env["freight.charge.kind"].search([("company_id", "=", False)])}
        cls.tax_of = {}

    def test_corpus(self):
        figures = [self._run(layout()) for layout in LAYOUTS]
        for line in _table(figures):
            _logger.info("%s", line)
        for name, lines, matched, planted, found, accused in figures:
            with self.subTest(layout=name):
                self.assertGreater(lines, 100)
                self.assertGreaterEqual(matched, LEAST_MATCHED)
                self.assertGreater(planted, 5)
                self.assertEqual((found, accused), (planted, 0))

    def _run(self, layout):
        """``(name, lines, % matched, planted, found, falsely accused)`` of a layout."""
        carrier = self._agree_with(layout)
        plan = layout.plan(Random(SEED))
        self._ship(layout, carrier, plan)
        self._before(layout, carrier)
        statement = self._statement(
            carrier=carrier, matched=False, currency_id=self.env.ref(f"base.{layout.currency}").id
        )
        self._read(statement, layout.file(plan.rows))
        found = Counter(
            (line.reference if line.role != "missing" else line.waybill_id.name, line.kind_id.code, kind)
            for line in statement.line_ids
            if (kind := line.difference_kind) and (line.is_exception or kind == "missing")
        )
        # A carrier may write in small letters, and quote: that is read, and compared here as it is meant.
        found = Counter({(str(name).upper().strip("'"), *rest): count for (name, *rest), count in found.items()})
        lines = len(statement.line_ids.filtered(lambda line: line.role != "missing"))
        wrong, overlooked = found - plan.planted, plan.planted - found
        if wrong or overlooked:
            _logger.warning("%s: falsely accused %s, overlooked %s", layout.name, dict(wrong), dict(overlooked))
        planted = plan.planted.total()
        accused = wrong.total()
        return layout.name, lines, statement.matched_percent, planted, planted - overlooked.total(), accused

    # === WHAT WAS AGREED === #

    def _agree_with(self, layout):
        """A carrier with a signed agreement and its card in use."""
        partner = self.env["res.partner"].create({"name": layout.name, "is_company": True})
        carrier = self._carrier(
            layout.name,
            partner_id=partner.id,
            number_prefix=layout.prefix,
            number_digits=layout.digits,
            volumetric_divisor=layout.divisor,
            freight_tax_id=self._tax(layout.tax_rate).id,
        )
        currency = self.env.ref(f"base.{layout.currency}")
        currency.active = True
        agreement = self._agreement(partner_id=partner.id)
        zones = self._zones(carrier, layout)
        tiers = [{**values, "zone_id": zones[zone].id} for zone, values in layout.tiers()]
        card = dict(layout.card)
        surcharges = [
            {**{name: value for name, value in surcharge.items() if name != "kind"}, "kind_id": kind.id}
            for surcharge in card.pop("surcharges", ())
            for kind in (self.kinds[surcharge["kind"]],)
        ]
        card = self._card(
            carrier,
            tiers=tiers,
            surcharges=surcharges,
            agreement_id=agreement.id,
            currency_id=currency.id,
            **card,
        )
        if layout.fuel:
            self.env["freight.fuel.rate"].create(
                {"carrier_id": carrier.id, "month": card.date_from, "percent": layout.fuel}
            )
        self._sign_agreement(agreement)
        self.assertEqual(card.state, "in_use")
        return carrier

    def _zones(self, carrier, layout):
        cities = {}
        for city, zone in layout.cities.items():
            cities.setdefault(zone, []).append(city)
        return {
            zone: self._zone(
                zone, carrier, areas=[{"country_id": self.country.id, "city": city} for city in cities_of_zone]
            )
            for zone, cities_of_zone in cities.items()
        }

    def _tax(self, rate):
        if rate and rate not in self.tax_of:
            self.tax_of[rate] = self.env["account.tax"].create(
                {"name": f"VAT {rate}", "amount": rate, "type_tax_use": "purchase"}
            )
        return self.tax_of.get(rate, self.env["account.tax"])

    # === WHAT LEFT === #

    def _ship(self, layout, carrier, plan):
        receivers = self.env["res.partner"].create(
            [{"name": city, "city": city, "country_id": self.country.id} for city in layout.cities]
        )
        receiver_of = {partner.city: partner for partner in receivers}
        parcels = [(parcel, day, carrier) for parcel, day in plan.shipped]
        parcels += [(parcel, parcel.day, self.other) for parcel in plan.foreign]
        self.env["freight.waybill"].create(
            [
                {
                    "name": parcel.number,
                    "carrier_id": carrier.id,
                    "partner_id": receiver_of[parcel.city].id,
                    "shipped_date": day,
                    "weight": float(parcel.weight),
                    "volume": float(parcel.volume),
                    "pieces": parcel.pieces,
                    "declared_value": parcel.declared,
                    "service_ids": [Command.set([self.kinds[code].id for code in parcel.services])],
                }
                for parcel, day, carrier in parcels
            ]
        )

    def _before(self, layout, carrier):
        """The statement of February, where the layout goes on from one; it was paid as charged."""
        if rows := getattr(layout, "before", None):
            statement = self._statement(carrier=carrier, matched=False, period=FEBRUARY)
            self._read(statement, layout.file(rows))
            statement.line_ids.filtered("is_exception").with_user(self.assistant).action_accept()

    def _read(self, statement, files):
        """Drop the files as the assistant does; nothing is answered, and nothing chosen."""
        statement = statement.with_user(self.assistant)
        attachments = (
            self.env["ir.attachment"]
            .with_user(self.assistant)
            .create([{"name": name, "raw": content} for name, content in files])
        )
        statement.action_add_files(attachments.ids)
        for file in statement.file_ids:
            self.assertIn(file.state, ("confirm", "waiting"), file.problems)
            if file.state == "confirm":
                file.action_read()
        self.env["freight.statement.file"]._cron_read()
        self.env.invalidate_all()
        self.assertEqual(set(statement.file_ids.mapped("state")), {"read"}, statement.file_ids.mapped("problems"))
        statement.sudo()._match()


def _table(figures):
    """The table of the documentation."""
    yield "| statement | lines | matched without a hand | planted | found | accused falsely |"
    yield "|---|---|---|---|---|---|"
    for name, lines, matched, planted, found, accused in figures:
        yield f"| {name} | {lines} | {matched:.1f} % | {planted} | {found} | {accused} |"
    lines, planted, found, accused = (sum(figure[at] for figure in figures) for at in (1, 3, 4, 5))
    matched = sum(figure[1] * figure[2] for figure in figures) / lines
    yield f"| all | {lines} | {matched:.1f} % | {planted} | {found} | {accused} |"
