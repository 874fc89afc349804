from odoo import fields, models


class SalesDeptDutyLink(models.Model):
    """The way from a duty to its documents. Other addons add theirs in their data files."""

    _name = "sales.dept.duty.link"
    _description = "Where the Work of a Duty Is"
    _inherit = ["sales.dept.work.link.mixin", "sales.dept.job.card.mixin", "sales.dept.shared.mixin"]
    _order = "duty_id, sequence, id"

    duty_id = fields.Many2one("sales.dept.duty", required=True, ondelete="cascade", index=True)

    def _filter_shared(self):
        return self.filtered(lambda link: not link.duty_id.company_id)
