from odoo import fields, models

EVENTS = [
    ("held", "Received"),
    ("endorsed", "Endorsed"),
    ("discounted", "Discounted"),
    ("paid", "Paid"),
    ("dishonoured", "Dishonoured"),
    ("returned", "Returned"),
]


class SalesAcceptanceDraftEvent(models.Model):
    """What happened to a draft, when, with whom and for how much: values, which nobody changes."""

    _name = "sales.acceptance.draft.event"
    _description = "Event of an Acceptance Draft"
    _order = "id"
    _check_company_auto = True

    draft_id = fields.Many2one(
        "sales.acceptance.draft", required=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(related="draft_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="draft_id.currency_id")
    kind = fields.Selection(EVENTS, "What", required=True)
    date = fields.Date(required=True)
    party = fields.Char("With Whom", help="Who gave it, took it, paid it or refused it, as they were called then.")
    partner_id = fields.Many2one("res.partner", ondelete="restrict")
    amount = fields.Monetary()
    interest = fields.Monetary()
    fee = fields.Monetary()
    net_amount = fields.Monetary("Net", help="The amount without interest and fees.")
    note = fields.Char()
    move_id = fields.Many2one("account.move", "Entry", index="btree_not_null", ondelete="restrict")
    entry_name = fields.Char("Booked As")
    # On which account its value lies from then on: a draft that comes back is taken from there.
    account_id = fields.Many2one("account.account", ondelete="restrict")
    user_id = fields.Many2one("res.users", "Noted By", required=True, ondelete="restrict")
