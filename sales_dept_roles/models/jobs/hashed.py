"""Queries about rows of which the database's planner knows nothing yet."""

from contextlib import contextmanager


@contextmanager
def hashed(cr, is_many=True):
    """Let `cr` join by hashing: of what was made just now the planner knows nothing, and would compare each with each.

    :param bool is_many: whether there is more than a few to join; few rows are looked up by their keys
    """
    if not is_many:
        yield
        return
    cr.execute("SHOW enable_nestloop")
    (setting,) = cr.fetchone()
    cr.execute("SET LOCAL enable_nestloop = off")
    yield
    # Where it fails the transaction, or its savepoint, takes the setting along.
    cr.execute("SELECT set_config('enable_nestloop', %s, TRUE)", [setting])
