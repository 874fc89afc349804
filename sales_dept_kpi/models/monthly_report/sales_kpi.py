from odoo import models


class SalesKpi(models.Model):
    _inherit = "sales.kpi"

    def _copy_name_to(self, records):
        """Keep the name of this KPI with `records`, in all languages, for every reader, whatever it becomes."""
        self.ensure_one()
        for lang, _name in self.env["res.lang"].get_installed():
            records.with_context(lang=lang).name = self.with_context(lang=lang).name
