from odoo.fields import Domain
from odoo.http import content_disposition, request


def wanted_domain(ids):
    """Return the domain of `ids`, comma-separated in an address; of all where there are none."""
    wanted = [int(number) for number in ids.split(",") if number.isdigit()]
    return Domain("id", "in", wanted) if wanted else Domain.TRUE


def xlsx_response(title, content):
    """The download of a register."""
    return request.make_response(
        content,
        headers=[
            ("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            ("Content-Disposition", content_disposition(f"{title}.xlsx")),
        ],
    )
