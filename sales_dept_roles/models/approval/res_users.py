from odoo import api, fields, models

from .proof import check_drawings


class ResUsers(models.Model):
    _inherit = "res.users"

    sales_dept_signature = fields.Image(
        string="Drawn Signature",
        max_width=1024,
        max_height=512,
        copy=False,
        # Only its owner and administrators: with it one could sign in another's name.
        groups="base.group_system",
        help="Drawn once, it is put on what you sign off.",
    )

    @api.constrains("sales_dept_signature")
    def _check_sales_dept_signature(self):
        check_drawings(self, "sales_dept_signature")

    @property
    def SELF_READABLE_FIELDS(self):
        return super().SELF_READABLE_FIELDS + ["sales_dept_signature"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return super().SELF_WRITEABLE_FIELDS + ["sales_dept_signature"]
