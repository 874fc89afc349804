from odoo import fields


class Key(fields.Char):
    """A stored text by which programs compare, such as a digest: grouped by it, a list says nothing to its reader."""

    def _description_groupable(self, env):
        return False
