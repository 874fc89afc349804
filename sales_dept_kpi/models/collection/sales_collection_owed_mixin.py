from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class SalesCollectionOwedMixin(models.AbstractModel):
    """What is said about money that a customer owes: a promise, a talk, a dispute.

    It belongs to whose items it is about, else to whoever answers for the customer; that is worked out, since rights
    go by it. What was said is not rewritten: a model names in :attr:`_owed_open` what may still change.
    """

    _name = "sales.collection.owed.mixin"
    _description = "About Money That Is Owed"
    _inherit = ["mail.thread", "mail.activity.mixin", "sales.dept.protected.mixin"]
    _mail_post_access = "read"

    # Fields that may be written once it is made.
    _owed_open = frozenset()

    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, ondelete="restrict", check_company=True
    )
    user_id = fields.Many2one(
        "res.users",
        "Account Manager",
        compute="_compute_user_id",
        compute_sudo=True,
        store=True,
        precompute=True,
        index=True,
        ondelete="restrict",
    )

    def _owed_items(self):
        """The journal items that it is about."""
        return self.env["account.move.line"]

    @api.depends("partner_id")
    def _compute_user_id(self):
        for record in self:
            record.user_id = (
                record._owed_items().move_id.invoice_user_id[:1] or record.partner_id.user_id or self.env.user
            )

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"user_id"}

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if partner := self.env["res.partner"].browse(vals.get("partner_id")):
                vals["partner_id"] = partner.commercial_partner_id.id
        return super().create(vals_list)

    def write(self, vals):
        self._check_protected(vals)
        said = {name for name in vals.keys() - self._owed_open if name in self._owed_said()}
        if said and self:
            raise UserError(
                self.env._(
                    "%(record)s: what was written down stays as it is. Write down what is new as another one.",
                    record=self[:1].display_name,
                )
            )
        return super().write(vals)

    @api.model
    def _owed_said(self):
        """Fields of this feature's own: those of the mail thread go on."""
        inherited = set(self.env["mail.thread"]._fields) | set(self.env["mail.activity.mixin"]._fields)
        return set(self._fields) - inherited - set(models.MAGIC_COLUMNS)

    def _check_owed_items(self):
        """:raises ValidationError: when items are not open, not the customer's, or not the user's to speak of"""
        items = self.sudo()._owed_items()
        seen = self.env["sales.receivable.item"].search([("id", "in", items.ids)])
        owed = {item.id: (item.partner_id.id, item.company_id.id) for item in seen}
        for record in self:
            whose = (record.partner_id.id, record.company_id.id)
            foreign = record.sudo()._owed_items().filtered(lambda item, whose=whose: owed.get(item.id) != whose)
            if foreign:
                raise ValidationError(
                    self.env._(
                        "%(item)s is no open item of %(customer)s in %(company)s: choose among those.",
                        item=foreign[0].move_id.name,
                        customer=record.partner_id.display_name,
                        company=record.company_id.name,
                    )
                )
