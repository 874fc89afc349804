from odoo import api, fields, models
from odoo.tools import SQL

# What the shipped classes say in words, by their external id.
SHIPPED = {"contact_class_a": 80, "contact_class_b": 95, "contact_class_c": 100}


class SalesContactClass(models.Model):
    _inherit = "sales.contact.class"

    sales_share = fields.Float(
        "Up to % of Sales",
        digits=(5, 2),
        help="Customers are proposed for this class as long as those with more sales have less than this share of the "
        "company's sales of the last twelve months. Empty: nobody is, and whoever has the class keeps it.",
    )

    _sales_share = models.Constraint(
        "CHECK (sales_share IS NULL OR sales_share BETWEEN 0 AND 100)",
        "A class takes customers up to a share of sales of 0 to 100 %.",
    )

    def _init_column(self, column_name):
        """The shipped classes that are there have their share from the beginning, installed or updated."""
        if column_name != "sales_share":
            return super()._init_column(column_name)
        for name, share in SHIPPED.items():
            contact_class = self.env.ref(f"sales_dept_roles.{name}", raise_if_not_found=False)
            if contact_class:
                self.env.cr.execute(
                    SQL("UPDATE sales_contact_class SET sales_share = %s WHERE id = %s", share, contact_class.id)
                )

    @api.model
    def _by_sales(self, company):
        """The classes for which customers of `company` are proposed, the one with the largest customers first.

        Its own ones, where it has any; else those of all companies.
        """
        classes = self.sudo().search(
            [("sales_share", ">", 0), ("company_id", "in", [False, company.id])], order="sales_share, sequence, id"
        )
        return classes.filtered("company_id") or classes
