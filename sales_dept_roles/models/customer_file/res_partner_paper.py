import hashlib

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..approval.proof import check_papers
from ..clock.bounds import check_dates
from ..protected_results.key import Key


class ResPartnerPaper(models.Model):
    """A licence or other paper of a customer, with the day on which it expires."""

    _name = "res.partner.paper"
    _description = "Customer Paper"
    _inherit = ["sales.dept.protected.mixin"]
    _order = "partner_id, expiry_date, id"
    _rec_names_search = ["number", "partner_id"]

    partner_id = fields.Many2one("res.partner", "Customer", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="partner_id.company_id", store=True, index="btree_not_null")
    responsible_id = fields.Many2one(related="partner_id.user_id", string="Account Manager")
    kind = fields.Selection(
        [
            ("licence", "Business Licence"),
            ("tax", "Tax Registration"),
            ("bank", "Account Opening Permit"),
            ("permit", "Production or Trade Permit"),
            ("quality", "Quality Certificate"),
            ("authorisation", "Letter of Authorisation"),
            ("other", "Other"),
        ],
        required=True,
        default="licence",
    )
    number = fields.Char()
    issue_date = fields.Date("Issued")
    expiry_date = fields.Date("Expires", index="btree_not_null", help="Leave empty for a paper without a term.")
    file = fields.Binary("Scan", attachment=True)
    file_name = fields.Char("Scan: File Name")
    file_checksum = Key(
        "Scan: Checksum",
        compute="_compute_file_checksum",
        store=True,
        help="First digits of the scan's SHA-256, so that the filed one tells whether the scan was exchanged.",
    )
    is_expired = fields.Boolean("Expired", compute="_compute_is_expired", search="_search_is_expired")

    _dates_in_order = models.Constraint(
        "CHECK (expiry_date >= issue_date)", "A paper expires after it was issued: look at its two dates."
    )

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"file_checksum"}

    @api.model
    def _proof_fields(self):
        return super()._proof_fields() | {"file"}

    @api.depends("file")
    def _compute_file_checksum(self):
        for paper in self.with_context(bin_size=False):
            paper.file_checksum = hashlib.sha256(paper.file).hexdigest()[:16] if paper.file else False

    @api.depends("expiry_date")
    def _compute_is_expired(self):
        for paper in self:
            today = (paper.company_id or self.env.company)._local_today()
            paper.is_expired = bool(paper.expiry_date and paper.expiry_date < today)

    def _search_is_expired(self, operator, value):
        if operator != "in":
            return NotImplemented
        companies = self.env["res.company"].sudo().search(Domain.TRUE)
        days = companies.grouped(lambda company: company._local_today())
        own = [Domain("company_id", "in", there.ids) & Domain("expiry_date", "<", day) for day, there in days.items()]
        shared = Domain("company_id", "=", False) & Domain("expiry_date", "<", self.env.company._local_today())
        return Domain.OR([shared, *own])

    @api.depends("kind", "number")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for paper in self:
            paper.display_name = " ".join(filter(None, [kinds.get(paper.kind), paper.number]))

    @api.constrains("file")
    def _check_file(self):
        check_papers(self, "file")

    @api.constrains("issue_date", "expiry_date")
    def _check_dates(self):
        check_dates(self, "issue_date", "expiry_date")

    @api.constrains("partner_id")
    def _check_partner(self):
        for paper in self:
            if paper.partner_id.commercial_partner_id != paper.partner_id:
                raise ValidationError(
                    self.env._(
                        "Papers belong to the customer itself: add them to %(customer)s, not to %(contact)s.",
                        customer=paper.partner_id.commercial_partner_id.display_name,
                        contact=paper.partner_id.name or paper.partner_id.display_name,
                    )
                )
