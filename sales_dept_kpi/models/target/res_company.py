from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _target_year_of(self, day):
        """The first day of the company's fiscal year that holds `day`, as the first of a month."""
        self.ensure_one()
        return self.compute_fiscalyear_dates(day)["date_from"].replace(day=1)
