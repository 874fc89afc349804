from odoo import fields, models


class SalesKpi(models.Model):
    _inherit = "sales.kpi"

    duty_ids = fields.Many2many(
        "sales.dept.duty",
        string="Proves the Duties",
        help="On My Duties the figure stands on their cards, for whoever holds the post.",
    )

    def _indicator_of_post(self, role):
        """The KPI and how much is enough for whoever holds the post, or False where nothing is asked."""
        line = self._threshold_of_post(role)
        return line and f"{line.display_name}{' %' if self.measure == 'share' else ''}"

    def _threshold_of_post(self, role):
        """The threshold that holds today at the company for whoever holds the post, or an empty one."""
        self.ensure_one()
        company = self.env.company
        lines = self.threshold_ids.filtered(
            lambda line: (
                line.date_from <= company._local_today()
                and not line.user_id
                and line.role_id in (role, line.role_id.browse())
                and line.company_id in (company, company.browse())
            )
        )
        # As the figures are judged: the most particular, and of several the latest.
        return lines.sorted(lambda line: (bool(line.role_id), line.date_from, bool(line.company_id)))[-1:]
