from odoo.tests import BaseCase, tagged

from ..models.approval.terms import (
    ORDER,
    SHOWN,
    changed_names,
    counted,
    difference,
    digest,
    in_order_of,
    paths,
    record_text,
    six_decimals,
)

SPEC = {
    "partner": {"name": None, "street": None},
    "term": {"name": None, "lines": {"days": None}},
    "user": None,
    "amount": None,
    "days": SHOWN,
    "lines": {"sequence": ORDER, "name": None, "price": None, "taxes": {"name": None, "rate": None}},
}


def line(line_id, name, price="100.000000", taxes=()):
    return {"id": line_id, "name": name, "price": price, "taxes": list(taxes)}


def tax(rate="13.000000", tax_id=1, name="VAT"):
    return {"id": tax_id, "text": name, "name": name, "rate": rate}


def terms(**values):
    return {
        "partner": {"id": 7, "text": "Acme", "name": "Acme", "street": "Main Street 1"},
        "term": {"id": 3, "text": "30 Days", "name": "30 Days", "lines": [{"id": 5, "text": None, "days": 30}]},
        "user": {"id": 2, "text": "Ann"},
        "amount": "200.000000",
        "days": "2.000000",
        "lines": [line(1, "A", taxes=[tax()]), line(2, "B")],
        **values,
    }


def renamed(record, **values):
    return {**record, **values}


@tagged("post_install", "-at_install")
class TestTerms(BaseCase):
    """The pure part of what is signed: no record is needed to know what counts and what differs."""

    def test_digest(self):
        signed = terms()
        # What changes, the new terms, and whether the signature still stands.
        cases = [
            ("nothing", terms(), True),
            ("figure", terms(amount="201.000000"), False),
            ("what is only shown", terms(days="3.000000"), True),
            ("content", terms(partner=renamed(signed["partner"], street="Side Street 2")), False),
            ("the same content of another record", terms(partner=renamed(signed["partner"], id=8)), True),
            ("text that does not count", terms(partner=renamed(signed["partner"], text="Acme, Berlin")), True),
            ("no record", terms(partner=None), False),
            ("another record where only that counts", terms(user={"id": 9, "text": "Ann"}), False),
            ("its name where only that counts", terms(user={"id": 2, "text": "Ann Other"}), True),
            ("content of content", terms(term=renamed(signed["term"], lines=[{"id": 5, "days": 120}])), False),
            ("ids in content", terms(term=renamed(signed["term"], lines=[{"id": 6, "days": 30}])), True),
            ("line", terms(lines=[line(1, "A", "90.000000", [tax()]), line(2, "B")]), False),
            ("rate of a tax", terms(lines=[line(1, "A", taxes=[tax("50.000000")]), line(2, "B")]), False),
            ("line replaced by its equal", terms(lines=[line(9, "A", taxes=[tax()]), line(2, "B")]), True),
            ("order of lines", terms(lines=[line(2, "B"), line(1, "A", taxes=[tax()])]), False),
            ("line added", terms(lines=[line(1, "A", taxes=[tax()]), line(2, "B"), line(3, "C")]), False),
            ("line removed", terms(lines=[line(1, "A", taxes=[tax()])]), False),
        ]
        for name, now, is_same in cases:
            with self.subTest(change=name):
                self.assertEqual(digest(now, SPEC) == digest(signed, SPEC), is_same)
                self.assertEqual(not difference(signed, now, SPEC), is_same)
                self.assertEqual(not changed_names(signed, now, SPEC), is_same)

    def test_order_counts_only_where_it_is_said_to(self):
        spec = {"lines": {"name": None}}
        one, other = ({"lines": [line(1, "A"), line(2, "B")]}, {"lines": [line(2, "B"), line(1, "A")]})
        self.assertEqual(digest(one, spec), digest(other, spec))
        self.assertFalse(difference(one, other, spec))
        ordered = {"lines": {"name": None, "sequence": ORDER}}
        self.assertNotEqual(digest(one, ordered), digest(other, ordered))
        self.assertEqual([change.kind for change in difference(one, other, ordered)], ["moved"])
        self.assertEqual(changed_names(one, other, ordered), {"lines", "sequence"})

    def test_ids_count_where_they_are_asked_for(self):
        spec = {"product": {"id": None, "unit": {"name": None}}}
        shaft = {"product": {"id": 1, "text": "Shaft", "unit": {"id": 4, "text": None, "name": "m"}}}
        other = {"product": {**shaft["product"], "id": 2}}
        self.assertNotEqual(digest(shaft, spec), digest(other, spec))
        self.assertEqual(counted(shaft, spec), {"product": {"id": 1, "unit": {"name": "m"}}})
        renamed_shaft = {"product": {**shaft["product"], "text": "Precision Shaft"}}
        self.assertEqual(digest(shaft, spec), digest(renamed_shaft, spec))

    def test_numbers(self):
        for value, text in (
            (0.1 + 0.2, "0.300000"),
            (-0.0000001, "0.000000"),
            (False, "0.000000"),
            (None, "0.000000"),
            (100, "100.000000"),
            (1e9, "1000000000.000000"),
        ):
            self.assertEqual(six_decimals(value), text)

    def test_difference_leads_to_what_changed(self):
        signed = terms()
        now = terms(
            partner=renamed(signed["partner"], street="Side Street 2"),
            term=renamed(signed["term"], lines=[{"id": 5, "text": None, "days": 120}]),
            user={"id": 9, "text": "Bob"},
            lines=[line(1, "A", taxes=[tax("50.000000")]), line(3, "C")],
        )
        changes = difference(signed, now, SPEC)
        self.assertEqual(
            [(change.kind, change.names, change.line and change.line["id"]) for change in changes],
            [
                ("changed", ("partner", "street"), None),
                ("changed", ("term", "lines", "days"), None),
                ("changed", ("user",), None),
                ("changed", ("lines", "taxes", "rate"), 1),
                ("removed", ("lines",), 2),
                ("added", ("lines",), 3),
            ],
        )
        self.assertEqual((changes[0].before, changes[0].after), ("Main Street 1", "Side Street 2"))
        self.assertEqual((changes[3].before, changes[3].after), ("13.000000", "50.000000"))
        self.assertEqual(
            changed_names(signed, now, SPEC), {"partner", "term", "user", "lines", "sequence", "name", "price", "taxes"}
        )

    def test_another_record_is_one_change(self):
        signed = terms()
        other = {"id": 8, "text": "Bolt & Co.", "name": "Bolt & Co.", "street": "Side Street 2"}
        (change,) = difference(signed, terms(partner=other), SPEC)
        self.assertEqual((record_text(change.before), record_text(change.after)), ("Acme", "Bolt & Co."))
        # Of one with the same name it is said what differs.
        (change,) = difference(signed, terms(partner={**other, "text": "Acme", "name": "Acme"}), SPEC)
        self.assertEqual(change.names, ("partner", "street"))

    def test_equal_lines_are_paired_once(self):
        spec = {"lines": {"name": None}}
        signed = {"lines": [line(1, "A"), line(2, "A")]}
        now = {"lines": [line(3, "A")]}
        self.assertEqual([change.kind for change in difference(signed, now, spec)], ["removed"])
        self.assertNotEqual(digest(signed, spec), digest(now, spec))

    def test_form_1(self):
        """Before, terms held ids: what people are called now, and how lines stand, does not matter to their digest."""
        spec = {"partner": None, "amount": None, "lines": {"name": None, "taxes": None}}
        signed = {
            "partner": {"id": 7, "text": "Acme"},
            "amount": "200.000000",
            "lines": [{"id": 1, "name": "A", "taxes": [tax(), tax(tax_id=12)]}, {"id": 2, "name": "B", "taxes": []}],
        }
        # Made by version 19.0.1.0.0 of {"partner": 7, "amount": …, "lines": [{"id": 1, "taxes": [1, 12]}, …]}.
        self.assertEqual(
            digest(signed, spec, form=1), "fe1e75cb9bd56629c67e89ec7717d977eb266776ecb8abbc7f2c5e5f53cfabc6"
        )
        self.assertEqual(
            digest({**signed, "partner": {"id": 7, "text": "Another"}, "lines": signed["lines"][::-1]}, spec, form=1),
            digest(signed, spec, form=1),
        )
        self.assertNotEqual(
            digest({**signed, "partner": {"id": 8, "text": "Acme"}}, spec, form=1), digest(signed, spec, form=1)
        )

    def test_paths_and_order(self):
        self.assertEqual(
            paths(SPEC) - {("lines", "sequence")},
            {
                ("partner", "name"),
                ("partner", "street"),
                ("term", "name"),
                ("term", "lines", "days"),
                ("user",),
                ("amount",),
                ("lines", "name"),
                ("lines", "price"),
                ("lines", "taxes", "name"),
                ("lines", "taxes", "rate"),
            },
        )
        shuffled = {"gone": None, "lines": {"price": None, "name": None}, "partner": {"street": None, "name": None}}
        ordered = in_order_of(shuffled, SPEC)
        self.assertEqual(ordered, shuffled)
        self.assertEqual(list(ordered), ["partner", "lines", "gone"])
        self.assertEqual(list(ordered["lines"]), ["name", "price"])
