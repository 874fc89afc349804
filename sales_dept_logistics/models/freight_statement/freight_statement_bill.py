from odoo import api, fields, models


class FreightStatementBill(models.Model):
    """A vendor bill of a statement: that of what is not disputed, or that of what was settled afterwards.

    The link is a record of its own, so that the database lets each be made once, whoever presses the button twice.
    """

    _name = "freight.statement.bill"
    _description = "Bill of a Freight Statement"
    _order = "statement_id, part"
    _rec_name = "move_id"
    _check_company_auto = True

    statement_id = fields.Many2one(
        "freight.statement", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one(related="statement_id.company_id", store=True, index=True)
    part = fields.Selection(
        [("undisputed", "Not disputed"), ("settled", "Settled afterwards")], required=True, readonly=True
    )
    move_id = fields.Many2one(
        "account.move", "Bill", required=True, readonly=True, index=True, ondelete="cascade", check_company=True
    )

    date = fields.Date("Date of the Bill", related="move_id.date", store=True)
    is_in_force = fields.Boolean("In Force", compute="_compute_is_in_force", store=True, help="It was not cancelled.")

    _part_once = models.Constraint("UNIQUE (statement_id, part)", "This part of the statement is billed already.")
    _move_once = models.Constraint("UNIQUE (move_id)", "A bill is of one statement.")

    @api.depends("move_id.state")
    def _compute_is_in_force(self):
        for bill in self:
            bill.is_in_force = bill.move_id.state != "cancel"
