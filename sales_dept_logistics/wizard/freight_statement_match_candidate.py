from odoo import fields, models


class FreightStatementMatchCandidate(models.TransientModel):
    """One waybill that a line may be for."""

    _name = "freight.statement.match.candidate"
    _description = "Waybill That a Line May Be For"
    _order = "score desc, id"

    match_id = fields.Many2one("freight.statement.match", required=True, index=True, ondelete="cascade")
    waybill_id = fields.Many2one("freight.waybill", required=True, ondelete="cascade")
    partner_id = fields.Many2one(related="waybill_id.partner_id")
    score = fields.Integer("Likeness", help="Of 100: number, place, day and weight.")
    reason = fields.Char("What Speaks for It")

    def action_choose(self):
        self.ensure_one()
        return self.match_id.line_id._match_by_hand(self.waybill_id)
