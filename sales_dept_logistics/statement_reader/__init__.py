"""Reads the lists that partners send, as they come: spreadsheets and texts in any layout, damaged or made to harm.

Plain Python: nothing of the server is imported, and nothing here is about one kind of list. What to look for is given
as a :class:`Profile`; what cannot be read is told with its sheet, row and column; no row is lost.

>>> from statement_reader import FREIGHT, look_at, read_rows  # doctest: +SKIP
>>> book = look_at(content, FREIGHT)  # doctest: +SKIP
>>> readings = {sheet["name"]: sheet["reading"] for sheet in book["sheets"] if sheet["used"]}  # doctest: +SKIP
>>> for rows in read_rows(content, FREIGHT, readings, currency="CNY"):  # doctest: +SKIP
...     store(rows)
"""

from .freight import FREIGHT
from .limits import Limits
from .problems import FileError
from .profile import Field, Profile
from .reader import look_at, read_cells, read_rows
