"""Where goods come from, and which milestones they pass on their way; in plain Python."""

from odoo.tools import SQL

# Milestones in their order.
KINDS = ("material", "production", "produced", "inspected", "stock", "shipped", "signed")
# Which of them goods pass, by where they come from.
PASSED = {
    "made": KINDS,
    "bought": ("material", "inspected", "stock", "shipped", "signed"),
    "stock": ("stock", "shipped", "signed"),
    "direct": ("shipped", "signed"),
}
# Goods that got further passed these too, whoever noted it. An inspection is passed when somebody says so, and what was
# shipped is told by moves alone.
IMPLIED = ("material", "production", "produced", "stock")


def sequence(kind):
    """The place of a milestone among those of its line.

    >>> [sequence(kind) for kind in ("material", "signed")]
    [10, 70]
    """
    return (KINDS.index(kind) + 1) * 10


def passed_sql():
    """:data:`PASSED` as rows of SQL: where goods come from, the milestone, its place, whether it is implied."""
    return SQL(", ").join(
        SQL("(%s, %s, %s, %s)", supply, kind, sequence(kind), kind in IMPLIED)
        for supply, kinds in PASSED.items()
        for kind in kinds
    )
