"""What people may type as a date or a limit. Beyond it lies no plan, only a slip of the keys."""

from datetime import date

from odoo.exceptions import ValidationError
from odoo.tools import format_date

FIRST_DATE, LAST_DATE = date(1900, 1, 1), date(2199, 12, 31)
# About four years.
MOST_WORKING_DAYS = 1000


def check_dates(records, *names):
    """Refuse dates that nobody can mean. For ``@api.constrains`` on the fields `names` of `records`.

    :raises ValidationError: for the first of them that lies outside the bounds
    """
    for record in records:
        for name in names:
            day = record[name]
            if day and not FIRST_DATE <= day <= LAST_DATE:
                raise ValidationError(
                    records.env._(
                        "%(field)s: %(date)s cannot be meant. Enter a date between the years %(first)s and %(last)s, "
                        "or leave the field empty where there is no date.",
                        field=record._fields[name]._description_string(records.env),
                        date=format_date(records.env, day),
                        first=FIRST_DATE.year,
                        last=LAST_DATE.year,
                    )
                )
