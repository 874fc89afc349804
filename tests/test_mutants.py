"""What puts mistakes in: each goes where it belongs, alone, and the function that is loaded makes it."""

import ast
import importlib
import sys
import textwrap

import mutants
import pytest

SOURCE = '''
class Order:
    """Beside it."""

    @property
    def is_late(self):
        "Whether it is."
        return self.day < self.today and not self.done

    def rows(self):
        return SQL(
            """
            SELECT id FROM line
             WHERE day >= %s AND day < %s AND state = 'done'
            """,
            self.first, self.last,
        )

    def parent(self):
        return super().parent()
'''


@pytest.fixture
def found(tmp_path, monkeypatch):
    """The mistakes in `SOURCE`, by what they are said to be."""
    monkeypatch.setattr(mutants, "ROOT", tmp_path)
    (tmp_path / "order.py").write_text(SOURCE, encoding="utf-8")
    mutants_found = list(mutants.python_mutants("order.py", "order"))
    said = {str(mutant).partition(": ")[2]: mutant for mutant in mutants_found}
    assert len(said) == len({mutant.key for mutant in mutants_found}) == len(mutants_found), "two are called the same"
    return said


@pytest.fixture
def server(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["mutants_server.py", str(tmp_path)])
    return importlib.reload(importlib.import_module("mutants_server"))


def changed(mutant):
    source = SOURCE.encode()
    first, last = mutant.span
    return (source[:first] + mutant.after.encode() + source[last:]).decode()


def test_mistakes_in_python(found):
    texts = [changed(mutant) for mutant in found.values() if mutant.name == "is_late"]
    assert any("self.day <= self.today" in text for text in texts)
    assert any("return (self.day < self.today)" in text for text in texts)
    assert any("and bool(self.done)" in text for text in texts)
    assert len(texts) == len(set(texts)), "each once"


def test_mistakes_in_sql(found):
    said = {what for what in found if what.startswith("rows: ")}
    texts = [changed(found[what]) for what in said]
    for part in (
        "day > %s AND day < %s AND state = 'done'",
        "day >= %s OR day < %s AND state = 'done'",
        "day >= %s AND day <= %s AND state = 'done'",
        "day >= %s AND day < %s OR state = 'done'",
        "day >= %s AND day < %s AND state != 'done'",
    ):
        assert sum(part in text for text in texts) == 1, part
    assert len(texts) == 5
    for text in texts:
        ast.parse(text)


def test_features_and_files_of_their_tests():
    """Each feature in which a mistake may be made has tests to be run."""
    assert {name: mutants.test_files(name) for name in mutants.features()}


def loaded(server, path):
    names = {}
    exec(compile(SOURCE, str(path), "exec"), names)  # noqa: S102
    return names["Order"], server.loaded_functions()


def job_of(mutant):
    return {"path": "order.py", "span": mutant.span, "after": mutant.after, "function": mutant.function[1]}


def test_a_loaded_function_makes_the_mistake(found, server, tmp_path):
    order_class, functions = loaded(server, tmp_path / "order.py")
    order = order_class()
    order.day, order.today, order.done = 1, 1, False
    assert not order.is_late
    mutant = next(mutant for mutant in found.values() if "self.day <= self.today" in changed(mutant))
    assert server.put_in(job_of(mutant), functions) is None
    assert order.is_late


def test_what_cannot_be_swapped_is_said(found, server, tmp_path):
    _order, functions = loaded(server, tmp_path / "order.py")
    mutant = next(iter(found.values()))
    assert server.put_in({**job_of(mutant), "function": 1}, functions) == "it is not there any more"
    line = 1 + SOURCE[: SOURCE.index("def parent")].count("\n")
    first = SOURCE.index("super().parent()")
    job = {"path": "order.py", "span": (first, first + len("super().parent()")), "after": "None", "function": line}
    assert server.put_in(job, functions) == "it sees other variables"


def test_who_comes_by_is_noted(server, tmp_path):
    (tmp_path / "order.py").write_text(SOURCE, encoding="utf-8")
    order_class, functions = loaded(server, tmp_path / "order.py")
    reach = server.Reach(functions)
    order = order_class()
    order.day, order.today, order.done = 1, 2, False
    assert order.is_late, "it does what it did"
    assert not reach.places, "nobody is at work"
    reach.current = "*/addon:TestOrder.test_late"
    assert order.is_late
    line = 1 + SOURCE[: SOURCE.index("@property")].count("\n")
    assert dict(reach.places) == {f"order.py:{line}": {"*/addon:TestOrder.test_late"}}
    assert order_class.is_late.fget.__doc__ == "Whether it is."


def test_docstrings_stay_first(server):
    for body in ('"Said."\nreturn 1', "return 1"):
        tree = ast.parse(f"def one():\n{textwrap.indent(body, '    ')}")
        server.add_note(tree.body[0], "order.py")
        assert ast.unparse(tree).count("_sales_dept_note('order.py:1')") == 1
        assert bool(ast.get_docstring(tree.body[0])) == body.startswith('"')
        assert isinstance(tree.body[0].body[-1], ast.Return)
