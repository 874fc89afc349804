from odoo import api, fields, models


class SalesCustomerFileItem(models.Model):
    """One point of the checklist of customer files; which points are required is up to each company."""

    _name = "sales.customer.file.item"
    _inherit = ["sales.dept.shared.mixin"]
    _description = "Customer File Checklist Item"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    domain = fields.Char(
        "Given When",
        required=True,
        default="[]",
        help="The item is ticked off for customers that meet this condition.",
    )
    is_default = fields.Boolean(
        "Required for New Companies", help="New companies require this item until they say otherwise in Settings."
    )

    @api.constrains("domain")
    def _check_domain(self):
        for item in self:
            self.env["sales.approval.flow"]._check_condition(item.domain, "res.partner", item.name)

    def _given(self, partners):
        """Return ``{item: those of `partners` that have it}``; payment terms and such are those of the current company.

        A condition may speak of a field that is gone with its module: such an item is given to nobody.
        """
        Flow = self.env["sales.approval.flow"]
        partners = partners.sudo()
        given = {}
        for item in self.sudo():
            try:
                given[item] = partners.filtered_domain(Flow._eval_condition(item.domain))
            except (KeyError, TypeError, ValueError):
                given[item] = partners.browse()
        return given
