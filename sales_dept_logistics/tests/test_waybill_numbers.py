import doctest

from odoo.tests import BaseCase, tagged

from ..models.carrier import statement_month, waybill_number
from ..rating import quantity
from ..models.carrier.waybill_number import NumberRules, split_numbers
from ..models.waybill import freight_waybill_scan
from ..models.waybill.load import Load, Parcel, loads_by_number


@tagged("post_install", "-at_install")
class TestWaybillNumbers(BaseCase):
    """Numbers, loads and weights as plain arithmetic."""

    def test_examples(self):
        for module in (quantity, statement_month, waybill_number, freight_waybill_scan):
            result = doctest.testmod(module)
            self.assertTrue(result.attempted, module.__name__)
            self.assertFalse(result.failed, module.__name__)

    def test_key(self):
        plain, sf = NumberRules(), NumberRules("SF", digits=4)
        cases = [
            (plain, "ab 12", "AB12"),
            (plain, "ａｂ－１２", "AB12"),
            (plain, None, ""),
            (plain, "—", ""),
            (plain, "No: #12", "NO12"),
            (plain, "12\u200b34", "1234"),
            (sf, "1234", "SF1234"),
            (sf, "SF1234", "SF1234"),
            (sf, "X1234", "X1234"),
            (NumberRules("86"), "8612", "8612"),
            (NumberRules("sf-", keeps_case=True, keeps_dashes=True), "sf-12", "sf-12"),
            (NumberRules("sf-", keeps_case=True, keeps_dashes=True), "SF_12", "SF-12"),
        ]
        for rules, text, key in cases:
            with self.subTest(text=text):
                self.assertEqual(rules.key(text), key)
                # What is in that form already stays in it.
                self.assertEqual(rules.key(key), key)

    def test_fits(self):
        rules = NumberRules("SF", digits=4)
        fitting = {key: rules.fits(key) for key in ("SF1234", "SF123", "SF12345", "SF12A4", "1234", "XX1234")}
        self.assertEqual([key for key, fits in fitting.items() if fits], ["SF1234"])
        self.assertTrue(NumberRules().fits("whatever"))
        self.assertEqual((rules.padded("12"), rules.padded("12345"), rules.padded("A2")), ("0012", "12345", "A2"))

    def test_split(self):
        self.assertEqual(split_numbers("a,b，c；d;e、f|g\nh"), list("abcdefgh"))
        self.assertEqual(split_numbers(None), [])
        self.assertEqual(split_numbers(" 12 34 , "), ["12 34"])

    def test_loads(self):
        key_of = NumberRules().key
        one, two = Parcel("", 1.0, 0.1), Parcel("", 2.0, 0.2)
        own = Parcel("C", 4.0, 0.4)
        loose = Parcel("", 8.0, 0.8)

        def weights(numbers, parcels, loose=None):
            loads = loads_by_number(numbers, parcels, loose, key_of)
            return {key: (load.weight, load.pieces) if load.is_known else None for key, load in loads.items()}

        cases = [
            # One number has all of it.
            ((["A"], [one, two], loose), {"A": (11.0, 3)}),
            ((["A"], [], loose), {"A": (8.0, 1)}),
            ((["A", "a"], [], loose), {"A": (8.0, 1)}),
            # As many numbers as packages.
            ((["A", "B"], [one, two]), {"A": (1.0, 1), "B": (2.0, 1)}),
            # Not when there is something besides, or other numbers.
            ((["A", "B"], [one, two], loose), {"A": None, "B": None}),
            ((["A", "B", "D"], [one, two]), {"A": None, "B": None, "D": None}),
            # Packages with numbers of their own; what is left is the delivery's.
            (([], [one, own]), {"C": (4.0, 1)}),
            ((["A"], [one, own], loose), {"A": (9.0, 2), "C": (4.0, 1)}),
            ((["A", "c"], [one, own]), {"A": (1.0, 1), "C": (4.0, 1)}),
            ((["C"], [own, own]), {"C": (8.0, 2)}),
            # A number under which nothing is left is still one.
            ((["A"], [own]), {"A": None, "C": (4.0, 1)}),
            (([], [one], loose), {}),
        ]
        for arguments, expected in cases:
            with self.subTest(arguments=arguments):
                self.assertEqual(weights(*arguments), expected)
        self.assertEqual(loads_by_number([" a-1"], [], None, key_of), {"A1": Load(" a-1")})
