from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    sales_dept_daily_mail = fields.Boolean(
        "Daily Progress by Mail",
        default=True,
        help="Where the company sends it to sales directors and general managers, after work.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return super().SELF_READABLE_FIELDS + ["sales_dept_daily_mail"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return super().SELF_WRITEABLE_FIELDS + ["sales_dept_daily_mail"]
