from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..approval.proof import check_drawings

CONTENT = {
    "issue_id",
    "date_from",
    "date_until",
    "technician_id",
    "work_done",
    "place",
    "part_ids",
    "customer_name",
    "signature",
}


class CustomerIssueService(models.Model):
    """Field service record: who was there, from when until when, what was done with which parts; the customer signs.

    Once it is signed it stays as it is.
    """

    _name = "customer.issue.service"
    _description = "Field Service Record"
    _inherit = ["mail.thread", "sales.dept.protected.mixin"]
    _order = "date_from desc, id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char("Number", readonly=True, copy=False)
    issue_id = fields.Many2one(
        "customer.issue",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('state', 'not in', ('closed', 'cancelled'))]",
    )
    company_id = fields.Many2one(related="issue_id.company_id", store=True, index=True, precompute=True)
    partner_id = fields.Many2one(related="issue_id.partner_id", store=True, index="btree_not_null", string="Customer")
    product_id = fields.Many2one(related="issue_id.product_id", string="Product")
    lot_id = fields.Many2one(related="issue_id.lot_id", string="Lot or Serial No.")
    place = fields.Char("Where", compute="_compute_place", store=True, readonly=False)
    date_from = fields.Datetime("Begun At", required=True, default=fields.Datetime.now)
    date_until = fields.Datetime("Ended At")
    hours = fields.Float("Hours on Site", compute="_compute_hours", store=True, digits=(8, 2))
    technician_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        check_company=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', '=', company_id)]",
    )
    work_done = fields.Text()
    part_ids = fields.One2many("customer.issue.service.part", "service_id", "Parts Used", copy=True)
    customer_name = fields.Char("Signed By", copy=False)
    signature = fields.Binary(copy=False, attachment=True)
    signed_at = fields.Datetime("Signed On", readonly=True, copy=False)
    state = fields.Selection(
        [("draft", "To Be Signed"), ("signed", "Signed by the Customer")],
        string="Status",
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
    )

    _forward = models.Constraint(
        "CHECK (date_until >= date_from)", "A visit ends after it began: look at the two times."
    )
    _signed_with_name = models.Constraint(
        "CHECK (state != 'signed' OR COALESCE(customer_name, '') != '')", "Who signed is named."
    )

    @api.depends("partner_id")
    def _compute_place(self):
        for service in self:
            service.place = service.place or service.partner_id.contact_address_inline

    @api.depends("date_from", "date_until")
    def _compute_hours(self):
        for service in self:
            begin, end = service.date_from, service.date_until
            service.hours = (end - begin).total_seconds() / 3600 if begin and end else 0

    @api.depends("name", "issue_id.name")
    def _compute_display_name(self):
        for service in self:
            service.display_name = " · ".join(filter(None, [service.name, service.issue_id.name])) or self.env._(
                "New Service Record"
            )

    @api.constrains("signature")
    def _check_signature(self):
        check_drawings(self, "signature")

    @api.constrains("date_from", "date_until")
    def _check_length(self):
        for service in self:
            if service.hours > 24 * 31:
                raise ValidationError(
                    self.env._(
                        "A visit of %(hours)s hours cannot be meant: look at the two times.", hours=service.hours
                    )
                )

    # === CRUD === #

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"name", "state", "signed_at", "hours", "partner_id"}

    @api.model
    def _proof_fields(self):
        return super()._proof_fields() | {"signature"}

    @api.model_create_multi
    def create(self, vals_list):
        services = super().create(vals_list)
        for service in services:
            service.issue_id.check_access("read")
            if service.issue_id.state in ("closed", "cancelled"):
                raise UserError(
                    self.env._(
                        "%(issue)s has ended: reopen it first, or enter a new one.",
                        issue=service.issue_id.display_name,
                    )
                )
            service._write_protected({"name": service._next_number()})
        return services

    def write(self, vals):
        if vals.keys() & CONTENT:
            self._check_unsigned()
        if "issue_id" in vals and any(service.issue_id.id != vals["issue_id"] for service in self):
            raise UserError(self.env._("A service record stays with its issue."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed(self):
        self._check_unsigned()

    def _check_unsigned(self):
        """:raises UserError: when one of `self` is signed"""
        if signed := self.filtered(lambda service: service.state == "signed"):
            raise UserError(
                self.env._(
                    "%(service)s was signed by %(customer)s and stays as it is. Make another one for another visit.",
                    service=signed[0].display_name,
                    customer=signed[0].customer_name,
                )
            )

    def _next_number(self):
        sequence = self.env["ir.sequence"].with_company(self.company_id)
        return sequence.next_by_code("customer.issue.service", sequence_date=self.company_id._local_today())

    # === SIGNING === #

    def action_sign(self):
        """The customer has signed for what is written on `self`."""
        self.check_access("write")
        self._check_unsigned()
        for service in self:
            if message := service._sign_error_message():
                raise UserError(message)
            service._write_protected({"state": "signed", "signed_at": fields.Datetime.now()})
            service.issue_id._message_log(
                body=self.env._(
                    "%(service)s was signed by %(customer)s.", service=service.name, customer=service.customer_name
                ),
                author_id=self.env.user.partner_id.id,
            )
        return True

    def _sign_error_message(self):
        """Return what is missing before the customer signs, or False."""
        self.ensure_one()
        if not (self.work_done or "").strip() or not self.date_until:
            return self.env._(
                "%(service)s: write what was done, and until when, before the customer signs.",
                service=self.display_name,
            )
        if not (self.customer_name or "").strip() or not self.signature:
            return self.env._(
                "%(service)s: the customer writes their name and signs in the box.", service=self.display_name
            )
        return False
