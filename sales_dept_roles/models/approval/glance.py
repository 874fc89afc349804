"""What somebody has to see before they sign, as values without records."""

from typing import NamedTuple


class Fact(NamedTuple):
    """One fact about a document, in the reader's language.

    :param str label: what it is about
    :param str text: what it says
    :param str before: what it was, where that is to be seen struck through before the text
    :param str tone: ``warning`` or ``danger`` where it is out of the ordinary
    :param bool is_short: it is said in lists and mails, too, where there is room for little
    """

    label: str
    text: str
    before: str = ""
    tone: str = ""
    is_short: bool = False


def short_text(facts):
    """Return the short ones of `facts` as one line."""
    return " · ".join(f"{fact.label}: {fact.text}" for fact in facts if fact.is_short)


def share_text(share):
    """Return a share, 0.042 for 4.2 %, as it is written with a sign; nothing where it is less than can be written.

    >>> share_text(-0.0421), share_text(0.1), share_text(0.0004)
    ('−4.2 %', '+10 %', '')
    """
    percent = round(100 * share, 1)
    return f"{'+' if percent > 0 else '−'}{percent_text(abs(share))}" if percent else ""


def percent_text(share):
    """Return a share, 0.38 for 38 %, as it is written without a sign where it is not negative.

    >>> percent_text(0.38), percent_text(-0.042), percent_text(0)
    ('38 %', '−4.2 %', '0 %')
    """
    return f"{round(100 * share, 1) or 0:g} %".replace("-", "−")
