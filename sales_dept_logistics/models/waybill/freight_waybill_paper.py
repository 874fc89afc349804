from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class FreightWaybill(models.Model):
    """The scans of a waybill: the files that lie on it, however they came there."""

    _inherit = "freight.waybill"

    paper_count = fields.Integer("Papers", compute="_compute_papers", compute_sudo=True)
    paper_state = fields.Selection(
        [("there", "Paper there"), ("missing", "Paper missing"), ("none", "No paper needed")],
        "Paper",
        compute="_compute_papers",
        compute_sudo=True,
        search="_search_paper_state",
    )

    @api.depends("message_attachment_count", "carrier_id.waybill_paper_required")
    def _compute_papers(self):
        files = self.env["ir.attachment"]._read_group(
            Domain("res_model", "=", self._name) & Domain("res_id", "in", self.ids) & Domain("res_field", "=", False),
            ["res_id"],
            ["__count"],
        )
        counts = dict(files)
        for waybill in self:
            waybill.paper_count = counts.get(waybill._origin.id, 0)
            if waybill.paper_count:
                waybill.paper_state = "there"
            else:
                waybill.paper_state = "missing" if waybill.carrier_id.waybill_paper_required else "none"

    def _search_paper_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        there = Domain("id", "in", self._with_paper_sql())
        required = Domain("carrier_id.waybill_paper_required", "=", True)
        states = {"there": there, "missing": ~there & required, "none": ~there & ~required}
        return Domain.OR(states[state] for state in value if state in states)

    @api.model
    def _with_paper_sql(self):
        """The ids of the waybills on which there are files.

        Read past the rights to files, which are those to the waybill: Odoo would look at every file of every waybill.
        """
        self.env["ir.attachment"].flush_model(["res_model", "res_id", "res_field"])
        return SQL(
            "SELECT res_id FROM ir_attachment WHERE res_model = %s AND res_field IS NULL AND res_id IS NOT NULL",
            self._name,
        )

    def _file_papers(self, files):
        """Move `files` to the waybill; one that lies there already is not kept twice.

        :param files: attachments, which the user may change
        """
        self.ensure_one()
        self.check_access("write")
        files.check_access("write")
        there = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                Domain("res_model", "=", self._name)
                & Domain("res_id", "=", self.id)
                & Domain("checksum", "in", files.mapped("checksum"))
            )
        )
        known = set(there.mapped("checksum"))
        new = files.browse()
        for file in files.sudo() - there:
            if file.checksum not in known:
                known.add(file.checksum)
                new |= file
        new.write({"res_model": self._name, "res_id": self.id})
        (files.sudo() - there - new).unlink()
        self.sudo()._message_set_main_attachment_id(new, force=False)
        self.invalidate_recordset(["paper_count", "paper_state"])
        return new
