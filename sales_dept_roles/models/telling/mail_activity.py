from odoo import models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _write_changed(self, values):
        """Write those of `values` that differ: an activity that says the same already is not touched."""
        self.ensure_one()
        changed = {
            name: value
            for name, value in values.items()
            if self._fields[name].convert_to_write(self[name], self) != value
        }
        # Sanitized on writing, the note is compared as it would be kept.
        if changed.keys() == {"note"}:
            note = self._fields["note"].convert_to_column(changed["note"], self) or False
            if note == (self.note or False):
                return
        if changed:
            self.write(changed)
