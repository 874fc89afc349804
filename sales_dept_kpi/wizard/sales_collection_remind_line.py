from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.collection.sales_collection_contact import LEVELS


class SalesCollectionRemindLine(models.TransientModel):
    """A letter, before it is sent."""

    _name = "sales.collection.remind.line"
    _description = "Reminder to a Customer"

    remind_id = fields.Many2one("sales.collection.remind", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="remind_id.company_id")
    partner_id = fields.Many2one("res.partner", "Customer", required=True, readonly=True)
    is_sent = fields.Boolean("Send", default=True)
    recipient_id = fields.Many2one(
        "res.partner",
        compute="_compute_recipient_id",
        store=True,
        readonly=False,
        domain="[('commercial_partner_id', '=', partner_id)]",
    )
    email = fields.Char(related="recipient_id.email")
    level = fields.Selection(LEVELS, required=True, default="1")
    subject = fields.Char("Mail Subject", compute="_compute_body", store=True, readonly=False)
    body = fields.Html(compute="_compute_body", store=True, readonly=False, sanitize=True)
    amounts = fields.Char(compute="_compute_statement", help="Overdue, less what is disputed or credited.")
    statement = fields.Html(compute="_compute_statement", sanitize=False)

    @api.depends("partner_id")
    def _compute_recipient_id(self):
        for line in self:
            people = line.partner_id | line.partner_id.child_ids.filtered(
                lambda person: person.customer_file_function == "finance"
            )
            line.recipient_id = people.filtered("email")[-1:] or line.partner_id

    @api.depends("level", "partner_id", "recipient_id")
    def _compute_body(self):
        for line in self:
            reader = line._in_their_language()
            line.subject = reader._subject()
            line.body = reader.env["ir.qweb"]._render(
                "sales_dept_kpi.collection_letter_mail", {"line": reader, "company": line.company_id}
            )

    @api.depends("partner_id", "remind_id.company_id")
    def _compute_statement(self):
        for line in self:
            reader = line._in_their_language()
            parts = reader._parts()
            line.amounts = " + ".join(part["currency"].format(part["net"]) for part in parts)
            line.statement = reader.env["ir.qweb"]._render("sales_dept_kpi.collection_statement", {"parts": parts})

    def _in_their_language(self):
        self.ensure_one()
        return self.with_context(lang=self.partner_id.lang or self.env.lang)

    def _subject(self):
        names = {"company": self.company_id.name}
        return {
            "1": self.env._("Reminder: invoices that are due at %(company)s", **names),
            "2": self.env._("Second reminder: overdue invoices at %(company)s", **names),
            "3": self.env._("Final reminder before further steps: overdue invoices at %(company)s", **names),
        }[self.level]

    def _parts(self):
        letters = self.env["sales.collection.letter"]._letters(self.partner_id, self.company_id)
        return letters.get(self.partner_id, [])

    # === SENDING === #

    def _send(self):
        """Mail the letter with the statement as it is now, and write it into the chasing log."""
        self.ensure_one()
        reader = self._in_their_language()
        parts = reader._parts()
        if not parts:
            raise UserError(
                self.env._("%(customer)s has paid by now: untick it.", customer=self.partner_id.display_name)
            )
        contact = reader.env["sales.collection.contact"].create(self._prepare_contact_values(parts))
        contact._write_protected({"level": self.level, "sent_day": self.company_id._local_today()})
        # The second of two who send at the same time is refused here, before anything leaves the house.
        contact.flush_recordset()
        contact.message_post(
            body=Markup(self.body or ""),
            subject=self.subject,
            partner_ids=self.recipient_id.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            email_layout_xmlid="mail.mail_notification_light",
            attachments=[(contact._statement_file_name(), contact._statement_pdf())],
        )

    def _prepare_contact_values(self, parts):
        return {
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "person_id": self.recipient_id.id,
            "kind": "mail",
            "result": self.subject,
            "move_line_ids": [Command.set([row["item"].id for part in parts for row in part["rows"]])],
        }
