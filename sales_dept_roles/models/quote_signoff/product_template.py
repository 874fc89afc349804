from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    quote_document_ids = fields.One2many(
        "product.document",
        "res_id",
        string="Documents for Customers",
        domain=lambda self: [
            ("res_model", "=", self._name),
            ("attached_on_sale", "in", ("quotation", "sale_order")),
        ],
        readonly=True,
        groups="base.group_user",
        help="Documents that the customer finds beside the quotation or the order.",
    )
