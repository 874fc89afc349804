from odoo import api, fields, models
from odoo.exceptions import UserError


class FreightChargeKind(models.Model):
    """What a carrier charges for (运费项目): freight, fuel, delivery upstairs.

    Rate cards say what each costs, and statements are compared kind by kind.
    """

    _name = "freight.charge.kind"
    _description = "Kind of Freight Charge"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="The kind's short name, the same in every language.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index="btree_not_null", help="Empty: all companies use it.")

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "There is a kind of charge with this code already: use that one."
    )

    @api.model
    def _freight(self):
        """The kind of charge that tiers of rate cards are prices of."""
        return self.env.ref("sales_dept_logistics.charge_freight")

    @api.model
    def _fuel(self):
        return self.env.ref("sales_dept_logistics.charge_fuel")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if kept := self & (self._freight() | self._fuel()):
            raise UserError(
                self.env._(
                    "%(kind)s stays: rate cards say what it costs. Give it another name if you call it otherwise.",
                    kind=kept[0].name,
                )
            )
