from odoo import models

MENUS = ("menu_acceptance_drafts", "menu_acceptance_drafts_account")


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    def _load_menus_blacklist(self):
        """Drafts are shown to those of whose companies one has them."""
        blacklist = super()._load_menus_blacklist()
        if not any(self.env.user.company_ids.sudo().mapped("sales_dept_drafts")):
            menus = [self.env.ref(f"sales_dept_kpi.{name}", raise_if_not_found=False) for name in MENUS]
            blacklist.extend(menu.id for menu in menus if menu)
        return blacklist
