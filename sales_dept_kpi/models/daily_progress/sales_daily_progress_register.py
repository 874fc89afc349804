from odoo import api, models
from odoo.fields import Domain

from odoo.addons.sales_dept_roles.models.register.register_column import RegisterColumn

from .sales_progress_document import FIGURES


class SalesDailyProgress(models.Model):
    """The sheet as XLSX: of the chosen rows, else of today."""

    _name = "sales.daily.progress"
    _inherit = ["sales.daily.progress", "sales.figures.register.mixin"]

    def action_export_register(self):
        """Of the day that the screen shows, where no rows are chosen."""
        day = self.env.context.get("progress_day")
        return super(
            SalesDailyProgress, self or (self.search(Domain("date", "=", day)) if day else self)
        ).action_export_register()

    @api.model
    def _register_title(self):
        return self.env._("Daily Progress")

    @api.model
    def _register_columns(self):
        figures = [f"{figure}_{span}" for figure, _label in FIGURES for span in ("day", "month")]
        return [
            "date",
            RegisterColumn("team_id", width=20),
            "user_id",
            *figures,
            "plan_month",
            "plan_day",
            "reached",
            RegisterColumn("share", value=lambda row: row.share if row.plan_day else None),
            RegisterColumn("company_id", width=30),
        ]
