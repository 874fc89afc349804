from datetime import time

from odoo import api, models
from odoo.tools import formatLang


class SalesApproval(models.Model):
    """The approver's desk: what is left, and what was done today."""

    _inherit = "sales.approval"

    @api.model
    def _left_sentences(self):
        """What still waits for the user, after a decision: one sentence, or none."""
        left = self.search_count([("can_decide", "=", True)])
        if not left:
            return []
        if left == 1:
            return [self.env._("One more document waits for you.")]
        return [self.env._("%(count)s more documents wait for you.", count=left)]

    @api.model
    @api.readonly
    def decided_today(self):
        """Return what the user decided today, by the company's day: a sentence for each outcome, none for none."""
        company = self.env.company
        begin = company._moment_of(company._local_today(), time.min)
        decisions = self.env["sales.approval.decision"].search(
            [("user_id", "=", self.env.uid), ("date", ">=", begin)], order="date"
        )
        signed = decisions.filtered(lambda decision: decision.outcome != "rejected").approval_id
        refused = decisions.approval_id - signed
        sentences = []
        if signed:
            sentences.append(self.env._("Signed off today: %(documents)s", documents=signed._sum_text()))
        if refused:
            sentences.append(self.env._("Refused today: %(documents)s", documents=refused._sum_text()))
        return sentences

    def _sums(self):
        """Return ``{currency: what the documents of `self` come to in it}``."""
        by_currency = self.grouped("currency_id").items()
        return {currency: sum(approvals.mapped("amount")) for currency, approvals in by_currency if currency}

    def _sum_text(self):
        """How many documents `self` are of, and what they come to in each currency."""
        count = self.env._("1 document") if len(self) == 1 else self.env._("%(count)s documents", count=len(self))
        sums = [formatLang(self.env, amount, currency_obj=currency) for currency, amount in self._sums().items()]
        return " · ".join([count, *sums])
