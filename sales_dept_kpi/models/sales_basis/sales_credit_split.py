from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import float_compare


class SalesCreditSplit(models.Model):
    """A colleague's share of an order in the figures of targets and KPIs.

    Revenue is parted: what these shares leave is the salesperson's, so that all shares are 100 % always. An order
    that is given to one of these colleagues is theirs but for the others' shares; their own sleeps until it is given
    to somebody else. Overlay is credit beside it, for somebody who helped: it counts for that person, and never for
    the company.
    """

    _name = "sales.credit.split"
    _description = "Credit Split"
    _order = "order_id desc, kind desc, id"
    _rec_name = "user_id"
    _check_company_auto = True

    order_id = fields.Many2one("sale.order", required=True, index=True, ondelete="cascade", check_company=True)
    company_id = fields.Many2one(related="order_id.company_id", store=True, index=True)
    user_id = fields.Many2one(
        "res.users",
        "Colleague",
        required=True,
        index=True,
        check_company=True,
        domain="[('share', '=', False), ('company_ids', '=', company_id)]",
    )
    kind = fields.Selection(
        [("revenue", "Share of the Revenue"), ("overlay", "Credit Beside It")],
        required=True,
        default="revenue",
        help="A share of the revenue is taken from the salesperson's. Credit beside it counts for the colleague's own "
        "figure, and not for the company's.",
    )
    share = fields.Float("Share (%)", digits=(5, 2), required=True)

    _share_bounds = models.Constraint(
        "CHECK (share > 0 AND share <= 100)", "A share of an order is more than 0 % and at most 100 %: correct it."
    )
    _once = models.UniqueIndex(
        "(order_id, user_id, kind)", "This colleague has such a share of the order already: change that one."
    )

    @api.constrains("share", "kind", "order_id")
    def _check_total(self):
        for order in self.order_id:
            if float_compare(order._credit_given(), 100, precision_digits=2) > 0:
                raise ValidationError(
                    self.env._(
                        "%(order)s: the shares of the revenue add up to %(total).2f %%. Lower them to 100 %% at most; "
                        "the rest is the salesperson's.",
                        order=order.name,
                        total=order._credit_given(),
                    )
                )

    @api.constrains("user_id", "kind", "order_id")
    def _check_user(self):
        for split in self.filtered(lambda split: split.kind == "revenue"):
            if split.user_id == split.order_id.user_id:
                raise ValidationError(
                    self.env._(
                        "%(person)s is the salesperson of %(order)s and has what the others' shares leave: name the "
                        "others only.",
                        person=split.user_id.name,
                        order=split.order_id.name,
                    )
                )
