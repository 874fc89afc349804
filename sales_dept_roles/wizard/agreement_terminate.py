from odoo import fields, models


class SalesAgreementTerminate(models.TransientModel):
    _name = "sales.agreement.terminate"
    _description = "Terminate an Agreement"

    agreement_id = fields.Many2one("sales.agreement", required=True, readonly=True, ondelete="cascade")
    date = fields.Date(
        "Ends On",
        required=True,
        default=lambda self: self.env.company._local_today(),
        help="From this day on the agreement is not in force.",
    )
    reason = fields.Text(required=True)

    def action_terminate(self):
        for wizard in self:
            wizard.agreement_id._terminate(wizard.date, wizard.reason)
        return {"type": "ir.actions.act_window_close"}
