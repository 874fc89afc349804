from odoo import api, fields, models
from odoo.tools import format_date

from odoo.addons.sales_dept_roles.models.register.register_column import RegisterColumn

NEXT = "sales_dept_kpi.mail_activity_collection_next"
LEVELS = [("1", "Friendly Reminder"), ("2", "Firm Reminder"), ("3", "Final Letter")]


class SalesCollectionContact(models.Model):
    """The chasing log: who asked whom for money, how, and what was answered. It is not rewritten."""

    _name = "sales.collection.contact"
    _description = "Chasing Log"
    _inherit = ["sales.collection.owed.mixin", "sales.dept.register.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    kind = fields.Selection(
        [
            ("call", "Call"),
            ("mail", "Mail"),
            ("visit", "Visit"),
            ("letter", "Letter"),
            ("message", "Message"),
            ("escalation", "Told to the Director"),
        ],
        required=True,
        default="call",
        index=True,
    )
    date = fields.Datetime("When", required=True, default=fields.Datetime.now)
    author_id = fields.Many2one(
        "res.users", "Who", required=True, readonly=True, default=lambda self: self.env.user, ondelete="restrict"
    )
    person_id = fields.Many2one(
        "res.partner",
        "Whom",
        ondelete="restrict",
        index="btree_not_null",
        domain="[('commercial_partner_id', '=', partner_id)]",
    )
    result = fields.Text(help="What the customer said, in their words.")
    next_date = fields.Date("Next On", help="On that day it is asked again: an activity reminds of it.")
    move_line_ids = fields.Many2many(
        "account.move.line",
        "sales_collection_contact_item_rel",
        "contact_id",
        "move_line_id",
        string="Items",
        domain="[('partner_id', 'child_of', partner_id), ('account_id.account_type', '=', 'asset_receivable'),"
        " ('parent_state', '=', 'posted'), ('amount_residual', '>', 0), ('company_id', '=', company_id)]",
    )
    items_text = fields.Char("Which Items", compute="_compute_items_text", compute_sudo=True)
    level = fields.Selection(LEVELS, string="Reminder", readonly=True, copy=False)
    sent_day = fields.Date("Reminder's Day", readonly=True, copy=False)

    _once_a_day = models.UniqueIndex(
        "(company_id, partner_id, sent_day) WHERE sent_day IS NOT NULL",
        "This customer was sent a reminder today already.",
    )

    def _owed_items(self):
        return self.move_line_ids

    @api.depends("partner_id", "move_line_ids")
    def _compute_user_id(self):
        return super()._compute_user_id()

    @api.depends("move_line_ids")
    def _compute_items_text(self):
        for contact in self:
            contact.items_text = ", ".join(dict.fromkeys(contact.move_line_ids.mapped("move_id.name")))

    @api.depends("partner_id", "kind", "date", "company_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for contact in self:
            day = contact.company_id._local_day(contact.date)
            contact.display_name = self.env._(
                "%(kind)s, %(customer)s, %(date)s",
                kind=kinds.get(contact.kind, ""),
                customer=contact.partner_id.name or "",
                date=day and format_date(self.env, day) or "",
            )

    # === CRUD === #

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"author_id", "level", "sent_day"}

    @api.model_create_multi
    def create(self, vals_list):
        contacts = super().create(vals_list)
        contacts._ask_next()
        return contacts

    @api.constrains("move_line_ids", "partner_id", "company_id")
    def _check_items(self):
        self._check_owed_items()

    def _ask_next(self):
        """Remind whoever talked of the day on which it is asked again."""
        self.env["sales.dept.telling"]._ask(
            NEXT,
            [
                (contact, contact.author_id, {"note": contact.result, "date_deadline": contact.next_date})
                for contact in self
                if contact.next_date
            ],
            quiet=True,
        )

    # === REGISTER === #

    @api.model
    def _register_title(self):
        return self.env._("Chasing Log")

    @api.model
    def _register_columns(self):
        return [
            "date", "kind", "level", "partner_id", "person_id", "author_id", RegisterColumn("result", width=50),
            RegisterColumn("items_text", width=30), "next_date", "user_id", RegisterColumn("company_id", width=30),
        ]  # fmt: skip
