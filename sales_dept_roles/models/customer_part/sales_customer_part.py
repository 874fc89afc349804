from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL


class SalesCustomerPart(models.Model):
    """How a customer calls a product: its part number, name and specification there (客户料号).

    Papers take it over when they are made, so that a later edit changes none of them. Where OCA's
    ``product_customerinfo`` is installed what it holds is found, too, after what is kept here.
    """

    _name = "sales.customer.part"
    _inherit = ["sales.dept.shared.mixin"]
    _description = "Customer's Part Number"
    _order = "partner_id, part_number, id"
    _rec_name = "part_number"
    _rec_names_search = ["part_number", "name"]
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
        domain="[('parent_id', '=', False)]",
    )
    product_tmpl_id = fields.Many2one(
        "product.template",
        "Product",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
        domain="[('sale_ok', '=', True)]",
    )
    product_id = fields.Many2one(
        "product.product",
        "Variant",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        domain="[('product_tmpl_id', '=', product_tmpl_id)]",
        help="Empty: for all variants that have no number of their own.",
    )
    part_number = fields.Char("Customer's Part No.", required=True, index="trigram")
    name = fields.Char("Customer's Name of It")
    specification = fields.Char("Customer's Specification")
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        default=lambda self: self.env["res.users"]._company_of_new_configuration(),
        help="Empty: for all companies.",
    )
    active = fields.Boolean(default=True)

    @api.constrains("partner_id", "product_tmpl_id", "product_id", "company_id", "active")
    def _check_once(self):
        # No constraint of the database: contacts that are merged bring theirs along.
        for part in self.filtered("active"):
            same = ("partner_id", "product_tmpl_id", "product_id", "company_id")
            others = self.sudo().search_count(
                Domain.AND([Domain(name, "=", part[name].id) for name in same] + [Domain("id", "!=", part.id)]), limit=1
            )
            if others:
                raise ValidationError(
                    self.env._(
                        "%(customer)s has a part number for %(product)s already: change the one that is there.",
                        customer=part.partner_id.display_name,
                        product=(part.product_id or part.product_tmpl_id).display_name,
                    )
                )

    @api.constrains("product_tmpl_id", "product_id")
    def _check_variant(self):
        for part in self:
            if part.product_id and part.product_id.product_tmpl_id != part.product_tmpl_id:
                raise ValidationError(
                    self.env._(
                        "%(variant)s is no variant of %(product)s: choose one of its own, or none.",
                        variant=part.product_id.display_name,
                        product=part.product_tmpl_id.display_name,
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create([self._of_customer(vals) for vals in vals_list])
        parts._signed_quotations()._follow_customer_parts()
        return parts

    def write(self, vals):
        before = self._signed_quotations()
        result = super().write(self._of_customer(vals))
        (before | self._signed_quotations())._follow_customer_parts()
        return result

    def unlink(self):
        orders = self._signed_quotations()
        result = super().unlink()
        orders._follow_customer_parts()
        return result

    @api.model
    def _of_customer(self, vals):
        """A number is the company's, whichever of its contacts was chosen."""
        if not vals.get("partner_id"):
            return vals
        return {**vals, "partner_id": self.env["res.partner"].browse(vals["partner_id"]).commercial_partner_id.id}

    def _signed_quotations(self):
        """Quotations under signature that may show one of `self`, the latest first."""
        return (
            self.env["sale.order"]
            .sudo()
            .search(
                Domain("state", "in", ("draft", "sent"))
                & Domain("approval_state", "in", ("pending", "approved", "stale"))
                & Domain("partner_id.commercial_partner_id", "in", self.partner_id.ids)
                & Domain("order_line.product_id.product_tmpl_id", "in", self.product_tmpl_id.ids),
                order="id desc",
            )
        )

    # === FOUND === #

    @api.model
    def _found_sql(self, customer, product, company):
        """How the customer calls the product: one row at most of ``(part_number, name, specification)``.

        What is kept here comes before what other addons keep, a variant's own number before that of all variants, a
        company's own before what all companies share. For a LATERAL join; whoever runs it has flushed.

        :param customer: SQL of the id of a commercial partner
        :param product: SQL of the id of a variant
        :param company: SQL of the id of a company
        """
        return SQL(
            """
            SELECT known.part_number, known.name, known.specification
              FROM (%s) known
              JOIN product_product variant ON variant.id = %s
             WHERE known.customer_id = %s AND known.product_tmpl_id = variant.product_tmpl_id
               AND COALESCE(known.product_id, variant.id) = variant.id
               AND (known.company_id IS NULL OR known.company_id = %s)
          ORDER BY known.origin, known.product_id IS NULL, known.company_id IS NULL, known.sequence, known.id
             LIMIT 1
            """,
            self._known_sql(),
            product,
            customer,
            company,
        )

    @api.model
    def _known_sql(self):
        """All numbers that are known, wherever they are kept."""
        ours = SQL(
            """
            SELECT partner_id AS customer_id, product_tmpl_id, product_id, company_id, part_number, name,
                   specification, 0 AS origin, 0 AS sequence, id
              FROM sales_customer_part WHERE active
            """
        )
        if "product.customerinfo" not in self.env:
            return ours
        return SQL(
            """
            %s
             UNION ALL
            SELECT partner.commercial_partner_id, info.product_tmpl_id, info.product_id, info.company_id,
                   info.product_code, info.product_name, NULL, 1, info.sequence, info.id
              FROM product_customerinfo info
              JOIN res_partner partner ON partner.id = info.partner_id
             WHERE info.product_code IS NOT NULL OR info.product_name IS NOT NULL
            """,
            ours,
        )

    @api.model
    def _flush_known(self):
        self.flush_model()
        self.env["product.product"].flush_model(["product_tmpl_id"])
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        if "product.customerinfo" in self.env:
            self.env["product.customerinfo"].flush_model()
