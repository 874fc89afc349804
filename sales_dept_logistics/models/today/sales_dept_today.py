from odoo import api, fields, models
from odoo.fields import Domain

# As many are named on the card itself.
FIRST = 3


class SalesDeptToday(models.Model):
    """A card of the morning screen: how many wait for something, which are the first, one click to all of them.

    Other addons add theirs in their data files.
    """

    _name = "sales.dept.today"
    _description = "What Waits Today"
    _inherit = ["sales.dept.work.link.mixin", "sales.dept.job.card.mixin"]
    _order = "sequence, id"

    hint = fields.Char(translate=True, help="What is to be done about it.")
    is_usable = fields.Boolean(
        compute="_compute_is_usable",
        search="_search_is_usable",
        help="The person who looks may see what it counts.",
    )
    first_names = fields.Text("The First", compute="_compute_first_names", help="Those that come first, by name.")

    @api.depends("action_id", "action_xmlid")
    @api.depends_context("uid")
    def _compute_is_usable(self):
        usable = self._filter_usable()
        for card in self:
            card.is_usable = card in usable

    def _search_is_usable(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("id", "in", self.search(Domain.TRUE)._filter_usable().ids)

    @api.depends("action_id", "action_xmlid", "domain")
    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_first_names(self):
        # Of which nothing waits there is nothing to read.
        waiting = self.filtered("waiting_count")
        for card in waiting:
            first = self.env[card.res_model].search(card._waiting_domain(), limit=FIRST)
            card.first_names = "\n".join(map(self._first_name, first))
        (self - waiting).first_names = False

    @api.model
    def _first_name(self, record):
        """How people know `record`: a number says little without its customer."""
        customer = record.partner_id.commercial_partner_id if "partner_id" in record._fields else None
        return f"{record.display_name} · {customer.display_name}" if customer else record.display_name
