import doctest
from decimal import Decimal as D
from random import Random

from odoo.tests import BaseCase, tagged

from .. import rating
from ..rating import quantity, rounding, shares, zones


def tier(start=0, fixed=0, included=0, price=0, minimum=0, zone=None):
    return rating.Tier(*(D(str(number)) for number in (start, fixed, included, price, minimum)), zone)


def band(start, step, rule="up"):
    return rating.Band(D(str(start)), D(str(step)), rule)


def shipment(weight="0", volume="0", pieces=1, **values):
    return rating.Shipment(D(str(weight)), D(str(volume)), pieces, **values)


def freight(card, *args, **values):
    return rating.rate(card, shipment(*args, **values)).charges["freight"]


# Tiers 2 / 1.5 / 1 at 100 / 500 kg.
THREE = (tier(0, price=2), tier(100, price="1.5"), tier(500, price=1))


@tagged("post_install", "-at_install")
class TestRating(BaseCase):
    """The arithmetic of rate cards, without records."""

    def test_examples(self):
        for module in (quantity, rounding, shares, zones):
            result = doctest.testmod(module)
            self.assertTrue(result.attempted, module.__name__)
            self.assertFalse(result.failed, module.__name__)

    def test_express(self):
        """A12: first kg 5, each further kg 2; the step is data. Hand-checked, with volume and a fuel surcharge."""
        first = (tier(fixed=5, included=1, price=2),)
        half = rating.Card(tiers=first, bands=(band(0, "0.5"),), divisor=D(6000))
        whole = half._replace(bands=(band(0, 1),))
        self.assertEqual((freight(half, "1.5"), freight(whole, "1.5")), (6, 7))
        self.assertEqual(freight(whole, "0.3"), 5)
        # 0.024 m³ at 6000 are 4 kg: 5 + 3 × 2.
        self.assertEqual(freight(half, "1.5", "0.024"), 11)
        fuel = rating.rate(half._replace(fuel=True), shipment("1.5", fuel_percent=D("12.5")))
        self.assertEqual(fuel.charges, {"freight": 6, "fuel": D("0.75")})

    def test_tiers(self):
        """A13: 150 kg are 275 by slices and 225 at the price of their tier, 600 kg 900 and 600."""
        slab, cumulative = rating.Card(tiers=THREE), rating.Card(tiers=THREE, tier_kind="cumulative")
        self.assertEqual((freight(cumulative, 150), freight(slab, 150)), (275, 225))
        self.assertEqual((freight(cumulative, 600), freight(slab, 600)), (900, 600))

    def test_tier_start(self):
        """“From 100 kg” has 100 kg in it, “over 100 kg” has not."""
        self.assertEqual(freight(rating.Card(tiers=THREE), 100), 150)
        self.assertEqual(freight(rating.Card(tiers=THREE, tier_start="over"), 100), 200)

    def test_part_load(self):
        """LTL per kg with a minimum of the zone: 20 kg at 1.2 are 24, and 38 is due; 118 kg are 141.60."""
        zhejiang = (tier(price="1.2", minimum=38, zone="zj"), tier(100, price="1.2", minimum=60, zone="zj"))
        card = rating.Card(tiers=zhejiang, bands=(band(0, 1),))
        self.assertEqual(freight(card, 20, zone="zj"), 38)
        self.assertEqual(freight(card, "117.2", zone="zj"), D("141.6"))
        self.assertEqual(freight(card, 20, zone="zj", month_volume=D(10**6)), 38)

    def test_cubic_metres(self):
        """Per m³, in steps of 0.1, at least 1 m³: 0.62 m³ are 180, 3.14 m³ are 3.2 × 180."""
        card = rating.Card("volume", tiers=(tier(price=180, minimum=180),), bands=(band(0, "0.1"),))
        self.assertEqual((freight(card, volume="0.62"), freight(card, volume="3.14")), (180, 576))

    def test_pieces(self):
        """Per piece: 12 for each up to 10, 10 for each from 11 on: 7 are 84, 12 are 120."""
        card = rating.Card("pieces", tiers=(tier(price=12), tier(11, price=10)))
        self.assertEqual((freight(card, pieces=7), freight(card, pieces=12)), (84, 120))

    def test_full_truck(self):
        """By the truck and the zone, whatever it weighs."""
        card = rating.Card("shipment", tiers=(tier(fixed=900, zone="sz"), tier(fixed=2600, zone="bj")))
        self.assertEqual((freight(card, 860, zone="sz"), freight(card, 1, zone="bj")), (900, 2600))

    def test_month_volume(self):
        """10 % off from 1,000 kg in the month, 15 % from 5,000: 100 kg at 2 are 200, 180 and 170."""
        steps = (rating.Discount(D(1000), D(10)), rating.Discount(D(5000), D(15)))
        card = rating.Card(tiers=(tier(price=2),), discounts=steps)
        paid = [freight(card, 100, month_volume=D(volume)) for volume in (999, 1000, 5000)]
        self.assertEqual(paid, [200, 180, 170])

    def test_bands(self):
        """Below 100 kg up to the next 0.5 kg, from 100 kg to the nearest kg; the fee to whole yuan."""
        bands = (band(0, "0.5"), band(100, 1, "nearest"))
        card = rating.Card(tiers=(tier(price="1.3"),), bands=bands, fee_step=D(1))
        for weight, charged, fee in (
            ("20.1", "20.5", 27),
            ("99.6", 100, 130),
            ("100.4", 100, 130),
            ("100.5", 101, 131),
        ):
            result = rating.rate(card, shipment(weight))
            self.assertEqual((result.weight, result.charges["freight"]), (D(charged), fee), weight)

    def test_break_weight(self):
        """90 kg at 2 are 180, the least of the next tier is 100 × 1.5: where it was agreed 150 is due."""
        card = rating.Card(tiers=THREE)
        self.assertEqual(freight(card, 90), 180)
        self.assertEqual(freight(card._replace(break_weight=True), 90), 150)
        self.assertEqual(freight(card._replace(break_weight=True), 70), 140)
        # The cheapest is not always the next one.
        far = rating.Card(tiers=(tier(0, price=3), tier(100, price="2.8"), tier(200, price=1)), break_weight=True)
        steps = rating.rate(far, shipment(80)).steps
        self.assertEqual(freight(far, 80), 200)
        self.assertEqual([step.values["start"] for step in steps if step.code == "break"], [200])

    def test_surcharges(self):
        """Each method and condition, with bounds."""
        of = rating.Surcharge
        extra = (
            of("remote", "weight", D("0.5"), "remote", minimum=D(10)),
            of("upstairs", "piece", D(8), "request"),
            of("insurance", "value", D("0.3"), most=D(50)),
            of("cod", "cash", D(2), minimum=D(5)),
            of("other", "freight", D(10), "zones", frozenset(["a"])),
            of("handling", "fixed", D(20), above=D(30)),
        )
        card = rating.Card(tiers=(tier(price=2),), surcharges=extra)
        plain = rating.rate(card, shipment(30, pieces=3, zone="b"))
        self.assertEqual(plain.charges, {"freight": 60})
        every = shipment(
            31, pieces=3, zone="a", remote=True, declared=D(10000), cash=D(400), services=frozenset(["upstairs"])
        )
        expected = {"freight": 62, "remote": D("15.5"), "upstairs": 24, "insurance": 30, "cod": 8, "other": D("6.2")}
        self.assertEqual(rating.rate(card, every).charges, expected | {"handling": 20})
        bounded = rating.rate(card, every._replace(weight=D(10), declared=D(30000), cash=D(100))).charges
        self.assertEqual((bounded["remote"], bounded["insurance"], bounded["cod"]), (10, 50, 5))

    def test_no_price(self):
        zoned = rating.Card(tiers=(tier(10, price=1, zone="a"),))
        cases = [
            ("no_quantity", shipment(0, zone="a")),
            ("no_zone", shipment(20)),
            ("no_tier", shipment(20, zone="b")),
            ("no_tier", shipment(5, zone="a")),
        ]
        for code, of in cases:
            with self.subTest(code), self.assertRaises(rating.NoPrice) as caught:
                rating.rate(zoned, of)
            self.assertEqual(caught.exception.code, code)

    def test_own_tiers_of_a_zone(self):
        """A zone with prices of its own has those alone; the others have the prices of all."""
        card = rating.Card(tiers=(tier(price=1), tier(50, price="0.5"), tier(price=3, zone="far")))
        self.assertEqual(
            (freight(card, 60, zone="near"), freight(card, 60, zone="far"), freight(card, 60)), (30, 180, 30)
        )

    # === PROPERTIES === #

    def _random_tiers(self, random, falling):
        starts = sorted(random.sample(range(1, 900), random.randint(0, 4)))
        prices = [D(random.randint(1, 900)) / 100 for _start in range(len(starts) + 1)]
        prices = sorted(prices, reverse=True) if falling else prices
        return tuple(tier(start, price=price) for start, price in zip([0, *starts], prices, strict=True))

    def test_monotone(self):
        """More never costs less: of slices always, at the price of a tier within it."""
        random = Random(1913)
        for _case in range(300):
            tiers = self._random_tiers(random, falling=False)
            one, other = sorted(D(random.randint(1, 1_200_000)) / 1000 for _weight in range(2))
            cumulative = rating.Card(tiers=tiers, tier_kind="cumulative", minimum=D(random.randint(0, 50)))
            self.assertLessEqual(freight(cumulative, one), freight(cumulative, other))
            same = [part for part in tiers if part.start <= one] == [part for part in tiers if part.start <= other]
            if same:
                slab = rating.Card(tiers=tiers)
                self.assertLessEqual(freight(slab, one), freight(slab, other))

    def test_break_weight_never_dearer(self):
        random = Random(2006)
        cheaper = 0
        for _case in range(300):
            card = rating.Card(tiers=self._random_tiers(random, falling=True))
            weight = D(random.randint(1, 1_000_000)) / 1000
            plain, least = freight(card, weight), freight(card._replace(break_weight=True), weight)
            self.assertLessEqual(least, plain)
            cheaper += least < plain
        self.assertGreater(cheaper, 20)

    def test_minimum_and_rounding(self):
        """Whatever the card: freight is at least the minimum, and a multiple of the step where that is not due."""
        random = Random(77)
        for _case in range(300):
            step = random.choice([D("0.01"), D("0.1"), D("0.5"), D(1), D(5)])
            card = rating.Card(
                tiers=self._random_tiers(random, falling=True),
                tier_kind=random.choice(["slab", "cumulative"]),
                minimum=D(random.randint(0, 3000)) / 100,
                fee_step=step,
                fee_rule=random.choice(["up", "nearest", "down"]),
                discounts=(rating.Discount(D(0), D(random.randint(0, 40))),),
            )
            due = freight(card, D(random.randint(1, 500_000)) / 1000)
            self.assertGreaterEqual(due, card.minimum)
            self.assertTrue(due == card.minimum or due % step == 0)

    def test_cumulative_is_the_sum_of_its_slices(self):
        random = Random(4)
        for _case in range(300):
            tiers = self._random_tiers(random, falling=False)
            weight = D(random.randint(1, 1_200_000)) / 1000
            bounds = [*(part.start for part in tiers), D(10**9)]
            by_hand = sum(
                (min(weight, bounds[at + 1]) - part.start) * part.price
                for at, part in enumerate(tiers)
                if weight > part.start
            )
            exact = rating.to_step(by_hand, D("0.01"), "nearest")
            self.assertEqual(freight(rating.Card(tiers=tiers, tier_kind="cumulative"), weight), exact)

    def test_shares_add_up(self):
        random = Random(31)
        for _case in range(200):
            amount, count = D(random.randint(0, 10**6)) / 100, random.randint(1, 9)
            parts = [rating.share(amount, at, count) for at in range(count)]
            self.assertEqual(sum(parts), amount)
            self.assertLessEqual(max(parts) - min(parts), D("0.01"))
