"""What the checklist knows of a policy, in plain Python: the documents it is about, and the rule it goes by."""

from collections.abc import Callable
from typing import NamedTuple

from odoo.fields import Domain


class Rule(NamedTuple):
    """How a policy is tried on documents that are there already.

    :param model: the documents' model
    :param supposing: function ``(documents, policy)`` that returns those that would need what the policy asks for were
        it `policy`, and those of them that lack it as they are now: by the very rules of the gate
    :param open: documents that are on their way
    :param passed: documents that went their way
    :param passed_on: field with the moment at which they did
    :param flows: model of the flows by which what it asks for is signed
    """

    model: str
    supposing: Callable
    open: Domain
    passed: Domain
    passed_on: str
    flows: str = ""


def gate_rule(name, model, entered, **parts):
    """The rule of a gate of `model`, through which documents pass into one of the states `entered`."""
    return Rule(
        model=model,
        supposing=lambda documents, policy: documents._gate_supposing(name, policy),
        passed=Domain("state", "in", entered),
        **parts,
    )
