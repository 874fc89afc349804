import base64
from io import BytesIO
from random import Random

from openpyxl import Workbook, load_workbook

from odoo.tests import tagged

from .rate_card_common import RateCardCommon


@tagged("post_install", "-at_install")
class TestRateMatrix(RateCardCommon):
    """Prices by zone and weight, from and to a spreadsheet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.near, cls.far = cls._zone("Near", code="A"), cls._zone("Far")
        cls.card = cls._card(tiers=[(0, 9)])

    def _file(self, *rows, title="Prices"):
        book = Workbook()
        book.active.title = title
        for row in rows:
            book.active.append(row)
        output = BytesIO()
        book.save(output)
        return output.getvalue()

    def _load(self, *rows, **values):
        """Load by the dialog, as the assistant does; return what it says is wrong."""
        wizard = (
            self.env["freight.rate.matrix"]
            .with_user(self.assistant)
            .create({"card_id": self.card.id, "file": base64.b64encode(self._file(*rows)), **values})
        )
        wizard.action_load()
        return wizard.problems or ""

    def _tiers(self):
        return {
            (tier.zone_id.name or None, tier.start_quantity): (
                tier.fixed_amount,
                tier.included_quantity,
                tier.price,
                tier.minimum_amount,
            )
            for tier in self.card.tier_ids
        }

    def test_plain(self):
        """A title above, ranges as headings, zones by name or code, an empty cell that is nothing."""
        wrong = self._load(
            ["Price list 2031"],
            [],
            ["Zone", "0-100", "100 kg", "≥500"],
            ["Near", 2, 1.5, "1.25"],
            ["far", "￥3.1", None, 2],
        )
        self.assertFalse(wrong)
        self.assertEqual(
            self._tiers(),
            {
                ("Near", 0): (0, 0, 2, 0),
                ("Near", 100): (0, 0, 1.5, 0),
                ("Near", 500): (0, 0, 1.25, 0),
                ("Far", 0): (0, 0, 3.1, 0),
                ("Far", 500): (0, 0, 2, 0),
            },
        )

    def test_no_attachment(self):
        """Nobody but the reader opens the file: an attachment's content is read for Odoo's index when it is made."""
        readers = ("freight.rate.matrix", "freight.dispute.answer", "freight.waybill.import")
        self.assertEqual([self.env[model]._fields["file"].attachment for model in readers], [False] * len(readers))
        self._load(["Zone", 0], ["Near", 2])
        found = self.env["ir.attachment"].search([("res_model", "in", readers), ("res_field", "!=", False)])
        self.assertFalse(found)

    def test_parts(self):
        """A second heading says what a column holds; a merged heading counts for all its columns."""
        wrong = self._load(
            ["区域", 0, None, None, 100, None],
            [None, "首重", "Included", "续重", "单价", "最低收费"],
            ["A", 5, 1, 2, 1.5, 160],
            ["全部区域", 8, 1, 3, None, None],
        )
        self.assertFalse(wrong)
        self.assertEqual(
            self._tiers(), {("Near", 0): (5, 1, 2, 0), ("Near", 100): (0, 0, 1.5, 160), (None, 0): (8, 1, 3, 0)}
        )

    def test_full_trucks(self):
        """Of a card by the shipment a price is what the truck costs."""
        self.card.basis = "shipment"
        self.assertFalse(self._load(["Destination", 0], ["Near", 900], ["Far", 2600]))
        self.assertEqual(self._tiers(), {("Near", 0): (900, 0, 0, 0), ("Far", 0): (2600, 0, 0, 0)})

    def test_bad_cells(self):
        """Each is told with sheet, row and column, and nothing is half done."""
        before = self._tiers()
        cases = [
            ([["Zone", 0, 100], ["Near", "n/a", 2]], "“Prices”, row 2, column B: “n/a” is no price."),
            ([["Zone", 0, 100], ["Near", 1, -2]], "“Prices”, row 2, column C: “-2” is no price."),
            ([["Zone", 0], ["Near", True]], "column B: “TRUE” is no price."),
            ([["Zone", 0, "heavy"], ["Near", 1, 2]], "“Prices”, row 1, column C: “heavy” names no quantity."),
            ([["Zone", 0], ["Near", 1], ["Nowhere", 2]], "row 3, column A: there is no zone “Nowhere” of SF Test"),
            ([["Zone", 0], ["Near", 1], ["Near", 2]], "row 3, column A: zone “Near” has a row already."),
            ([["Zone", 0], [None, 1], ["Near", 2]], "row 2, column B: “1” stands in a row without a zone."),
            ([["Zone", 0, 0], ["Near", 1, 2]], "column C: “2”: another column says the same"),
            ([["Something"], ["Near", 1]], "There is no price in the file."),
            ([["Zone", 0, 100]], "There is no price in the file."),
        ]
        for rows, sentence in cases:
            with self.subTest(sentence):
                self.assertIn(sentence, self._load(*rows))
                self.assertEqual(self._tiers(), before)

    def test_no_spreadsheet(self):
        self.assertIn("no XLSX file", " ".join(self.card._load_matrix(b"Zone,0\nNear,1\n")))

    def test_missing_zones(self):
        rows = [["Zone", 0], ["Near", 1], ["New One", 2]]
        self.assertIn("there is no zone “New One”", self._load(*rows))
        self.assertFalse(self._load(*rows, makes_zones=True))
        self.assertEqual(self.card.tier_ids.zone_id.mapped("name"), ["Near", "New One"])
        self.assertEqual(self.card.tier_ids.zone_id.carrier_id, self.sf)

    def test_there_and_back(self):
        """What is written is read as the same, in English and in Chinese."""
        self.env["res.lang"]._activate_lang("zh_CN")
        random = Random(11)
        for lang in ("en_US", "zh_CN"):
            rows = [
                {
                    "zone_id": zone,
                    "start_quantity": start,
                    "price": round(random.uniform(0, 9), 4),
                    "fixed_amount": random.choice([0, 5.5]),
                    "included_quantity": random.choice([0, 1]),
                    "minimum_amount": random.choice([0, 12.25]),
                }
                for zone in (False, self.near.id, self.far.id)
                for start in random.sample([0, 0.5, 10, 100, 1000], 3)
            ]
            self.card.tier_ids.unlink()
            self.card.tier_ids = [(0, 0, row) for row in rows]
            before = self._tiers()
            card = self.card.with_context(lang=lang)
            self.assertEqual(card._load_matrix(card._matrix_file()), [])
            self.assertEqual(self._tiers(), before)

    def test_form_of_an_empty_card(self):
        self.card.tier_ids.unlink()
        book = load_workbook(BytesIO(self.card._matrix_file()))
        first = [cell.value for cell in book.active["A"]]
        self.assertEqual(first, ["Zone", None, "Far", "Near"])

    def test_in_use(self):
        self._in_use(self.card)
        with self.assertRefused("is in use"):
            self.card.with_user(self.assistant).action_open_matrix()
        with self.assertRefused("is in use"):
            self._load(["Zone", 0], ["Near", 1])
