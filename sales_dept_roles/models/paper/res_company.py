from decimal import Decimal

from odoo import models

from .capitals import amount_in_capitals


class ResCompany(models.Model):
    _inherit = "res.company"

    def _writes_capitals(self, currency):
        """Whether papers of the company write amounts in `currency` in capitals too, as Chinese ones do."""
        self.ensure_one()
        return currency.name == "CNY" and self.sudo().country_id.code == "CN"

    def _capitals_of(self, amount, currency):
        """Return the float `amount` in capitals; False where papers of the company write none."""
        # The digits of the currency are exact; a float's last ones are not.
        return self._writes_capitals(currency) and f"人民币{amount_in_capitals(Decimal(str(currency.round(amount))))}"
