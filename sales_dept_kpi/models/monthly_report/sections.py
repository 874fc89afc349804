"""The sections of a monthly report that the system fills with documents, in their order, in plain Python."""

from typing import NamedTuple


class Section(NamedTuple):
    """One kind of document that a report lists.

    :param str label: in English, as the field's selection has it
    :param bool has_amount: whether its documents are worth something, so that there is a sum
    """

    label: str
    has_amount: bool = False


SECTIONS = {
    "collection": Section("Open collections", has_amount=True),
    "review": Section("Overdue order reviews", has_amount=True),
    "overstock": Section("Overstock", has_amount=True),
    "exception": Section("Order exceptions"),
    "follow_up": Section("Follow-ups with other departments"),
}
