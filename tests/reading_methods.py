"""The reading methods of an addon, found in its source: those that a replica may answer."""

import ast

from common import ROOT


def reading_methods(addon):
    """Yield ``(model, method, is_of_the_model, [its arguments without a default])`` for each ``@api.readonly``."""
    for path in sorted((ROOT / addon / "models").rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef):
                yield from _of_class(node)


def _of_class(node):
    for method in node.body:
        if isinstance(method, ast.FunctionDef):
            marks = {ast.unparse(decorator) for decorator in method.decorator_list}
            if "api.readonly" in marks:
                yield _model(node), method.name, "api.model" in marks, _wanted(method)


def _model(node):
    """The model of a class: its name, else the one that it extends."""
    values = {
        target.id: statement.value
        for statement in node.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
    return ast.literal_eval(values.get("_name") or values["_inherit"])


def _wanted(method):
    names = [argument.arg for argument in method.args.args[1:]]
    return names[: len(names) - len(method.args.defaults)]
