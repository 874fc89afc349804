"""What a gate is, in plain Python: the features declare theirs, the document's door asks them."""

from typing import NamedTuple


class Gate(NamedTuple):
    """A condition on the way of a document into a state, declared on the model's class as a constraint is.

    Its parts are names of set-based methods of the document.

    :param name: what the gate is called among the others
    :param policy: field of the company that switches it on
    :param states: the states whose entering asks it
    :param required: method ``(policy=None)`` that returns those of the records which need it by their company's policy,
        or by the value `policy` supposed in its place, given or not
    :param missing: method ``(required, lacking)`` that returns those of `required` which lack it as they are now
    :param messages: method that returns ``{id: sentence}`` for records that lack it: what is missing, who can give it
    :param parties: method that returns, for one record, the set of those whom the gate is about; it is asked again when
        a document that is in such a state comes to concern others
    :param documents: method that returns the documents whose approvals the gate goes by. Those of all gates are looked
        at together, and `missing` is told as `lacking` which of them have none that stands; of a gate without such
        documents it is None
    """

    name: str
    policy: str
    states: tuple
    required: str
    missing: str
    messages: str
    parties: str
    documents: str = ""
