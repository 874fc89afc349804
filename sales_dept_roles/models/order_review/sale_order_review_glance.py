from odoo import models
from odoo.tools import format_date, formatLang

from ..approval.glance import Fact, percent_text


class SaleOrderReview(models.Model):
    """What is seen at a glance of a review: what the order earns, and by when its goods are wanted."""

    _inherit = "sale.order.review"

    def _approval_glance(self, is_short=False):
        glance = super()._approval_glance(is_short)
        sees_margin = self.env["sale.order"]._glance_sees_margin()
        for review in self:
            glance[review.id] += review._glance_facts(sees_margin)
        return glance

    def _glance_facts(self, sees_margin):
        facts = []
        if sees_margin:
            amount = formatLang(self.env, self.margin, currency_obj=self.currency_id)
            tone = "danger" if self.currency_id and self.currency_id.compare_amounts(self.margin, 0) < 0 else ""
            share = percent_text(self.margin_percent)
            facts.append(Fact(self.env._("Margin"), f"{amount} ({share})", tone=tone))
        facts.append(Fact(self.env._("Lines"), str(len(self.line_ids))))
        if wanted := self.line_ids.filtered("wanted_date").mapped("wanted_date"):
            facts.append(Fact(self.env._("Wanted On"), format_date(self.env, min(wanted)), is_short=True))
        facts.append(Fact(self.env._("Payment Terms"), self.payment_term_id.display_name or self.env._("none")))
        if self.previous_id:
            facts.append(Fact(self.env._("Supplements"), self.previous_id.name, tone="warning", is_short=True))
        if self.note:
            facts.append(Fact(self.env._("Remarks"), self.note))
        return facts
