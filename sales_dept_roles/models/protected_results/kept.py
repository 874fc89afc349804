from odoo import fields


class Kept(fields.Json):
    """A stored JSON value that is written once: whoever reads it gets it itself, and changes nothing of it.

    Odoo hands out a copy with each reading, made in Python, which takes as long as the value is large.
    """

    def convert_to_record(self, value, record):
        return False if value is None else value
