"""What stands on the rail of an order, in plain Python: the features say their steps, the rail shows them."""

from typing import NamedTuple

# What a step is, from the point of view of the whole house. These count as done:
DONE = ("passed", "conditional", "not_needed")


class GateAction(NamedTuple):
    """What the reader can do about a step, by a method that is there without the rail, too.

    :param str name: the method; of an `action`, its xml id
    :param str label: what stands on the button, in the reader's language
    :param str model: of another document than the order: its model …
    :param int res_id: … and its id
    :param str type: ``object`` or ``action``
    :param bool is_in_header: the same button stands in the order's header
    """

    name: str
    label: str
    model: str = ""
    res_id: int = 0
    type: str = "object"
    is_in_header: bool = False


class GateStep(NamedTuple):
    """A step of an order's way, for one reader and in their language.

    :param str key: its name, and its place: a value of `gate_stage`
    :param str state: ``not_needed``, ``later`` (its turn has not come), ``open`` (to be done), ``waiting`` (for an
        answer), ``held`` (what was given stands no more, or was refused), ``conditional`` or ``passed``
    :param bool holds: the order cannot be confirmed before it is done
    :param str sentence: what there is to say about it
    :param str turn: whose turn it is
    :param str due: until when
    :param str left: the working time until then
    :param bool is_late: that moment has passed
    :param tuple actions: what the reader can do about it: the first is the next thing to do
    :param str word: how it stands, where the state's own name says too little
    :param bool has_details: there is something to unfold; it is read when the reader asks for it
    """

    key: str
    state: str
    holds: bool = False
    sentence: str = ""
    turn: str = ""
    due: str = ""
    left: str = ""
    is_late: bool = False
    actions: tuple = ()
    word: str = ""
    has_details: bool = False

    def is_done(self):
        return self.state in DONE
