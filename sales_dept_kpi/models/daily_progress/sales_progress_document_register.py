from odoo import api, models
from odoo.fields import Domain

from odoo.addons.sales_dept_roles.models.register.register_column import RegisterColumn


class SalesProgressDocument(models.Model):
    """What a figure is made of, as XLSX."""

    _name = "sales.progress.document"
    _inherit = ["sales.progress.document", "sales.figures.register.mixin"]

    @api.model
    def _register_title(self):
        return self.env._("Documents behind the Progress")

    @api.model
    def _register_domain(self):
        """Those of the month; an older one is chosen in the list."""
        return Domain("date", ">=", self.env.company._local_today().replace(day=1))

    @api.model
    def _register_columns(self):
        return ["date", "figure", RegisterColumn("name", width=20), "partner_id", "team_id", "user_id", "amount"]
