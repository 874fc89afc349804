from odoo import models

from ..approval.glance import Fact


class ResPartner(models.Model):
    """What is seen at a glance of a customer file."""

    _inherit = "res.partner"

    def _approval_glance(self, is_short=False):
        glance = super()._approval_glance(is_short)
        for partner in self:
            glance[partner.id] += partner.with_company(partner._customer_file_company())._glance_facts()
        return glance

    def _glance_facts(self):
        kinds = dict(self.env["res.partner.paper"]._fields["kind"]._description_selection(self.env))
        papers = ", ".join(dict.fromkeys(kinds[paper.kind] for paper in self.customer_file_paper_ids))
        return [
            Fact(self.env._("Tax ID"), self.vat or "–", is_short=True),
            Fact(self.env._("Payment Terms"), self.property_payment_term_id.display_name or self.env._("none")),
            Fact(self.env._("Papers"), papers or self.env._("none"), tone="" if papers else "warning"),
        ]
