from odoo import fields, models


class SalesCollectionSettle(models.TransientModel):
    """The dialog in which it is said how a dispute was settled."""

    _name = "sales.collection.settle"
    _description = "Settle a Dispute"

    dispute_id = fields.Many2one("sales.collection.dispute", required=True, readonly=True)
    settlement = fields.Text("How It Was Settled", required=True)

    def action_settle(self):
        self.ensure_one()
        self.dispute_id._settle(self.settlement)
        return {"type": "ir.actions.act_window_close"}
