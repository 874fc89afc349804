from odoo import fields, models


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
