from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class FreightWaybillScanBatch(models.TransientModel):
    """A pile of scans, filed by the numbers in their names."""

    _name = "freight.waybill.scan.batch"
    _description = "File Scans of Waybills"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    carrier_id = fields.Many2one(
        "delivery.carrier",
        check_company=True,
        help="Whose waybills they are; leave it empty for scans of several carriers.",
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Scans")

    def action_file(self):
        """File the scans; show those that are left, or the waybills where none is."""
        self.ensure_one()
        if not self.attachment_ids:
            raise UserError(self.env._("There are no scans yet: choose them first."))
        waybills, left = self.env["freight.waybill.scan"]._file(self.attachment_ids, self.company_id, self.carrier_id)
        if not left:
            return waybills._action_open(Domain("id", "in", waybills.ids))
        return self.env["ir.actions.act_window"]._for_xml_id("sales_dept_logistics.action_freight_waybill_scans")
