from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.sales_dept_roles.models.clock.bounds import check_dates


class FreightStatement(models.Model):
    """What a carrier charges for a period (物流对账单), compared with the waybills and with what was agreed.

    Its rows are those of the carrier's own files, as they came. Each charge of a row is a line; each line belongs to
    a waybill, or is an exception that somebody settles. What is signed is billed.
    """

    _name = "freight.statement"
    _description = "Freight Statement"
    _inherit = ["mail.thread.main.attachment", "mail.activity.mixin", "sales.dept.protected.mixin"]
    _order = "date_to desc, id desc"
    _check_company_auto = True

    name = fields.Char("Number", required=True, readonly=True, copy=False, default=lambda self: self.env._("New"))
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    carrier_id = fields.Many2one(
        "delivery.carrier", required=True, index=True, ondelete="restrict", check_company=True, tracking=True
    )
    carrier_partner_id = fields.Many2one(related="carrier_id.partner_id", related_sudo=True)
    date_from = fields.Date("From", required=True, tracking=True)
    date_to = fields.Date("To", required=True, tracking=True, index=True)
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id, ondelete="restrict"
    )
    user_id = fields.Many2one(
        "res.users", "Responsible", default=lambda self: self.env.user, index="btree_not_null", check_company=True
    )
    read_date = fields.Datetime("Read On", readonly=True, copy=False)
    matched_date = fields.Datetime("Matched On", readonly=True, copy=False)
    cancelled_date = fields.Datetime("Cancelled On", readonly=True, copy=False)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("matching", "Being Matched"),
            ("open", "To Be Checked"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        compute="_compute_state",
        store=True,
        index=True,
        tracking=True,
    )
    row_ids = fields.One2many("freight.statement.row", "statement_id", string="Rows", readonly=True, copy=False)
    line_ids = fields.One2many("freight.statement.line", "statement_id", string="Lines", copy=False)
    note = fields.Text("Remark")

    _period = models.Constraint("CHECK (date_from <= date_to)", "A period begins before it ends: correct the two dates.")

    # === COMPUTES === #

    @api.depends("read_date", "matched_date", "cancelled_date")
    def _compute_state(self):
        for statement in self:
            statement.state = statement._state()

    def _state(self):
        if self.cancelled_date:
            return "cancelled"
        if self.matched_date:
            return "open"
        return "matching" if self.read_date else "draft"

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        check_dates(self, "date_from", "date_to")

    # === CRUD === #

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"name", "state", "read_date", "matched_date", "cancelled_date"}

    @api.model_create_multi
    def create(self, vals_list):
        statements = super().create(vals_list)
        for statement in statements:
            numbers = self.env["ir.sequence"].with_company(statement.company_id)
            number = numbers.next_by_code("freight.statement")
            statement._write_protected({"name": number or statement.name})
        return statements

    @api.ondelete(at_uninstall=False)
    def _unlink_if_draft(self):
        if kept := self.filtered(lambda statement: statement.state not in ("draft", "cancelled"))[:1]:
            raise UserError(
                self.env._("%(statement)s has been read already: cancel it instead.", statement=kept.display_name)
            )

    # === COURSE === #

    def _after_reading(self):
        """Match the lines of `self` in the background: all their files are read, as rows and lines.

        Called once more, after a file more, it matches anew.
        """
        self._write_protected({"read_date": fields.Datetime.now(), "matched_date": False})
