import doctest
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from odoo.addons.sales_dept_roles.models.paper.capitals import amount_in_capitals

from ..models.delivery_notice import entered_quantity
from ..models.delivery_notice.price import agreed_price, line_amount, price_places


@tagged("post_install", "-at_install")
class TestDeliveryNoticeCapitals(BaseCase):
    """Amounts in words and prices as plain arithmetic."""

    def test_examples(self):
        result = doctest.testmod(entered_quantity)
        self.assertTrue(result.attempted)
        self.assertFalse(result.failed)

    def test_capitals(self):
        for amount, words in (
            ("1409.50", "壹仟肆佰零玖元伍角"),
            ("6007.14", "陆仟零柒元壹角肆分"),
            ("325.04", "叁佰贰拾伍元零肆分"),
            ("100000", "壹拾万元整"),
            ("200000000", "贰亿元整"),
            ("0.01", "壹分"),
            ("-0.09", "负玖分"),
            ("0", "零元整"),
            ("0.5", "伍角"),
            ("0.05", "伍分"),
            ("10.05", "壹拾元零伍分"),
            ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
            ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
            ("107000.53", "壹拾万柒仟元伍角叁分"),
            ("1001", "壹仟零壹元整"),
            ("1010", "壹仟零壹拾元整"),
            ("10010", "壹万零壹拾元整"),
            ("100010", "壹拾万零壹拾元整"),
            ("20000010", "贰仟万零壹拾元整"),
            ("100000001", "壹亿零壹元整"),
            ("100010000", "壹亿零壹万元整"),
            ("1234567890.12", "壹拾贰亿叁仟肆佰伍拾陆万柒仟捌佰玖拾元壹角贰分"),
            ("1000000000000", "壹万亿元整"),
            ("1000000010000", "壹万亿零壹万元整"),
            ("-1409.50", "负壹仟肆佰零玖元伍角"),
            # Rounded half up, in exact decimals.
            ("0.005", "壹分"),
            ("1.005", "壹元零壹分"),
            ("2.675", "贰元陆角捌分"),
            ("0.995", "壹元整"),
            ("-0.005", "负壹分"),
            ("-0.004", "零元整"),
        ):
            with self.subTest(amount=amount):
                self.assertEqual(amount_in_capitals(amount), words)
                self.assertEqual(amount_in_capitals(Decimal(amount)), words)
        self.assertEqual(amount_in_capitals(7), "柒元整")
        with self.assertRaises(TypeError):
            amount_in_capitals(0.1)

    def test_every_amount_reads_differently(self):
        words = {amount_in_capitals(Decimal(fen) / 100) for fen in range(20_000)}
        words |= {amount_in_capitals(yuan) for yuan in range(200, 200_000, 7)}
        self.assertEqual(len(words), 20_000 + len(range(200, 200_000, 7)))

    def test_agreed_price(self):
        for price, discount, expected in (
            (10.0, 0.0, "10"),
            (9.99, 33.33, "6.660333"),
            (0.1, 10.0, "0.09"),
            (100.0, 100.0, "0"),
            (1.23456789, 0.0, "1.23456789"),
        ):
            self.assertEqual(agreed_price(price, discount), Decimal(expected))

    def test_line_amount(self):
        for quantity, price, rounding, expected in (
            (3.0, 0.335, 0.01, "1.01"),
            # A binary product is a hair below.
            (1.0, 1.005, 0.01, "1.01"),
            (7.0, 33.3, 1.0, "233"),
            (3.0, 0.11, 0.05, "0.35"),
        ):
            self.assertEqual(line_amount(quantity, price, rounding), Decimal(expected))

    def test_price_places(self):
        for price, places in (("10", 2), ("6.660333", 6), ("1200000", 2), ("0.5", 2)):
            self.assertEqual(price_places(Decimal(price), 2), places)
