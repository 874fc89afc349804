from odoo import api, fields, models
from odoo.exceptions import UserError


class SalesPolicyReceipt(models.Model):
    """That a person has read one version of a policy: written by :meth:`sales.policy.action_confirm_read` only."""

    _name = "sales.policy.receipt"
    _description = "Read Receipt"
    _order = "date desc, id desc"
    _rec_name = "user_id"

    policy_id = fields.Many2one("sales.policy", required=True, readonly=True, ondelete="restrict", index=True)
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    user_id = fields.Many2one("res.users", "Reader", required=True, readonly=True, ondelete="restrict", index=True)
    date = fields.Datetime("Read On", required=True, readonly=True, default=fields.Datetime.now)

    _once = models.UniqueIndex("(policy_id, user_id)", "This version was confirmed as read already.")

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Read receipts are a record of who read what and when: they are not deleted."))
